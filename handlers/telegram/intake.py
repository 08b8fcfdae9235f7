"""The intake: updates come in, each is committed or parked, and only then confirmed.

Telegram forgets an update when a later offset is asked for. So the offset moves on when every
update of a batch is on disk: killed in the middle, the same batch comes again, and what was
committed is recognised by its id.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from secrets import SystemRandom
from typing import Any

from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.actions import followers, intake
from bot.actions.transaction import AlreadyHandled, Desk, Unavailable
from bot.rules.abuse import Hour
from bot.texts import N_
from handlers.telegram import polls
from handlers.telegram.answers import Answers
from handlers.telegram.errors import wait_of, where
from handlers.telegram.payloads import Update, follower_in, is_step, is_vote, order_of
from handlers.telegram.routes import route

log = logging.getLogger(__name__)

ALLOWED = ("message", "edited_message", "callback_query", "poll", "my_chat_member")
BATCH = 100  # the most that Telegram gives at once
LONG_POLL = 25  # seconds that Telegram holds the request while there is nothing
SIDE_BY_SIDE = 32  # chats at a time
FURTHER_TRIES = 2
LONGEST_GOODBYE = 5  # seconds that a stop waits for the batch in hand
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds

MALFORMED = (LookupError, TypeError, ValueError, AttributeError)
"""What an update raises that does not become better by waiting."""

SORRY = N_(
    "Sorry, something went wrong on our side with what you just sent. "
    "Please send it again. If it keeps happening, tell a member of our staff."
)


class Intake:
    """Asks for updates and has them handled, for as long as the bot runs."""

    def __init__(self, bot: Bot, desk: Desk, answers: Answers, on_step: Callable[[], None]) -> None:
        """on_step: called when a story came further, so that its files may have to be fetched."""
        self._bot = bot
        self._desk = desk
        self._answers = answers
        self._on_step = on_step
        self._hour = Hour()
        self._offset = 0  # 0: what Telegram has not seen confirmed
        self._more_waits = False  # the last batch was full
        self._failures = 0  # of anything, in a row
        self._refusals = 0  # of one batch to be kept
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(self) -> None:
        """Never ends by itself: whatever goes wrong is logged, waited out and tried again."""
        while True:
            try:
                batch = await self._ask()
                self._more_waits = len(batch) == BATCH
                self._answers.hold(self._more_waits)
                await _to_its_end(self.take(batch))
            except Exception as error:  # one bad moment must not end the intake
                self._failures += 1
                self._answers.hold(False)
                await asyncio.sleep(self._wait_after(error))
            else:
                self._failures = 0

    async def take(self, batch: Sequence[Update]) -> None:
        """Returns when every update of the batch is committed or parked.

        Raises what the database raises when it refuses; then nothing is confirmed.
        """
        by_order: dict[str, list[Update]] = defaultdict(list)
        for update in batch:
            by_order[_order_of(update)].append(update)
        in_turn: list[list[Update]] = []
        votes: list[Update] = []
        for updates in by_order.values():
            if all(map(is_vote, updates)):
                votes.extend(updates)
            else:
                in_turn.append(updates)
        work = [self._handle_in_turn(updates) for updates in in_turn]
        if votes:
            work.append(self._vote(votes))
        # All of it comes to its end, also beside what fails.
        for outcome in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(outcome, BaseException):
                self._refusals += 1
                raise outcome
        self._refusals = 0
        if batch:
            self._offset = max(update["update_id"] for update in batch) + 1

    async def _ask(self) -> list[Update]:
        arguments: dict[str, Any] = {
            "limit": BATCH,
            "timeout": 0 if self._more_waits else LONG_POLL,
            "allowed_updates": list(ALLOWED),
        }
        if self._offset:
            arguments["offset"] = self._offset
        batch: list[Update] = await self._bot.do_api_request(
            "getUpdates", api_kwargs=arguments, read_timeout=LONG_POLL + 10
        )
        return batch

    async def _vote(self, updates: Sequence[Update]) -> None:
        """All votes in one transaction; where that fails, each for itself."""
        try:
            await polls.vote(self._desk, self._answers, updates)
        except Exception as error:  # one of them spoils it for the others: find out which
            self._raise_what_may_pass(error)
            log.warning("A batch of votes failed (%s); taking them one by one", where(error))
            await self._handle_in_turn(updates)

    async def _handle_in_turn(self, updates: Sequence[Update]) -> None:
        async with self._room:
            for update in updates:
                await self._handle(update)

    async def _handle(self, update: Update) -> None:
        desk = self._desk.handling(update["update_id"])
        try:
            await route(desk, self._answers, self._hour, update)
        except AlreadyHandled:
            log.debug("Update %s was handled before", update["update_id"])
        except Exception as error:  # parked, whatever it is: the others must not wait for it
            self._raise_what_may_pass(error)
            log.error("An update cannot be handled; it is parked: %s", where(error))
            log.debug("Update %s", update["update_id"], exc_info=error)
            await self._park(update, error)
        else:
            if is_step(update):
                self._on_step()

    def _raise_what_may_pass(self, error: Exception) -> None:
        """A database that is busy or full: the batch is not confirmed and comes again."""
        if isinstance(error, Unavailable):
            raise error
        if not isinstance(error, MALFORMED) and self._refusals < FURTHER_TRIES:
            raise error

    async def _park(self, update: Update, error: Exception) -> None:
        await intake.park(
            self._desk, update["update_id"], json.dumps(update), f"{type(error).__name__}: {error}"
        )
        if who := follower_in(update):
            await followers.say(self._desk, who, SORRY)
        query = update.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            self._answers.give(query["id"])

    def _wait_after(self, error: Exception) -> float:
        """Seconds until the next try; says in the log what is the matter."""
        match error:
            case RetryAfter():
                log.warning("Telegram asks us to ask for updates later")
                return wait_of(error).total_seconds()
            case Conflict():
                log.error(
                    "Somebody else fetches this bot's updates: another copy of the bot, "
                    "or a webhook. Stop the other one; we keep trying."
                )
            case TelegramError():
                log.warning("Telegram cannot be reached (%s); trying again", type(error).__name__)
            case _:
                log.error("Updates could not be kept; trying again: %s", where(error))
        longest = min(FIRST_WAIT * 2.0 ** min(self._failures - 1, 10), LONGEST_WAIT)
        return longest * SystemRandom().uniform(0.5, 1.0)  # so that copies do not march in step


async def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Who stops the bot waits for what is being handled, so that nobody's press goes
    unanswered. After a crash it comes again all the same."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LONGEST_GOODBYE)
        raise


def _order_of(update: Update) -> str:
    try:
        return order_of(update)
    except (KeyError, TypeError):  # it will be parked when it is its turn
        return f"update {update['update_id']}"
