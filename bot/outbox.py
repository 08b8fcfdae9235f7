"""The outbox: claims notices, hands them to their platform's sender, retries, gives up visibly.

Each platform has an outbox of its own. A notice goes pending → sending (leased) → sent. A send is
at least once: after a crash in the middle of it the notice is claimed again, marked as doubtful.
Then a Slack sender looks whether the message is there; a private Telegram message is sent again;
and for a public Telegram message an owner is asked, because nobody can look.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Protocol

from bot.actions import notices
from bot.actions.notices import Outgoing
from bot.actions.transaction import Desk
from bot.rules.delivery import wait_after
from bot.rules.refusals import SamenspraakError

log = logging.getLogger(__name__)

Receipt = dict[str, Any]
"""What the platform says of a message that arrived; each kind of notice has its own."""

IDLE = 1.0
"""Seconds between two looks when nobody wakes the outbox: retries come due by themselves."""


class Sender(Protocol):
    """Renders a notice and sends it. The platform's manners are its affair."""

    async def send(self, notice: Outgoing) -> Receipt | None:
        """None: overtaken, there is nothing to say any more.

        Raises SendLater, SendRefused or SendDoubtful.
        """


class SendLater(SamenspraakError):
    """Not now, and surely not sent: the platform is busy, or something is not ready yet."""

    def __init__(self, after: timedelta | None = None) -> None:
        super().__init__("later")
        self.after = after


class SendRefused(SamenspraakError):
    """Never, as it is. unreachable: the person wants to hear nothing from us."""

    def __init__(self, reason: str, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unreachable = unreachable


class SendDoubtful(SamenspraakError):
    """It may have arrived: the connection broke after the request was out."""


@dataclass(frozen=True)
class Pace:
    """What a platform bears: seconds between two messages, to one recipient and overall.

    burst: so many may follow each other at once, before the pace to one recipient counts.
    """

    per_recipient: float
    overall: float
    burst: int
    in_flight: int


class Outbox:
    """Sends the notices of one platform, in order for each recipient, at the platform's pace."""

    def __init__(self, platform: str, desk: Desk, sender: Sender, pace: Pace) -> None:
        self._platform = platform
        self._desk = desk
        self._sender = sender
        self._pace = pace
        self._woken = asyncio.Event()
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._paid_until: dict[str, float] = {}  # by recipient: when its pace is made up for
        self._next_start = 0.0

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled; what is being sent then is finished first."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self._send_what_is_due()
                except Exception:  # a database that refuses must not end the sending for ever
                    log.exception("The outbox for %s could not look", self._platform)
                await self._rest()
        finally:
            if self._sending:
                await asyncio.wait(self._sending.values(), timeout=5)

    async def _rest(self) -> None:
        """Until woken, or until somebody's pause is over, or a retry may be due."""
        ends = [until - self._credit - monotonic() for until in self._paid_until.values()]
        pause = max(0.005, min([IDLE, *(end for end in ends if end > 0)]))
        # Not wait_for: on Python 3.11 that swallows a cancel that comes together with a wake-up.
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._woken.wait()

    async def _send_what_is_due(self) -> None:
        while room := self._room():
            claimed = await notices.claim(self._desk, self._platform, self._busy(), room)
            for notice in claimed:
                await self._keep_pace()
                self._start(notice)
            if len(claimed) < room:
                return

    def _room(self) -> int:
        return self._pace.in_flight - len(self._sending)

    def _busy(self) -> set[str]:
        """Who is being sent to, or has had a burst and now rests."""
        now = monotonic()
        self._paid_until = {r: until for r, until in self._paid_until.items() if until > now}
        resting = {r for r, until in self._paid_until.items() if until - self._credit > now}
        return self._sending.keys() | resting

    @property
    def _credit(self) -> float:
        return (self._pace.burst - 1) * self._pace.per_recipient

    async def _keep_pace(self) -> None:
        now = monotonic()
        self._next_start = max(self._next_start, now) + self._pace.overall
        if (wait := self._next_start - self._pace.overall - now) > 0:
            await asyncio.sleep(wait)

    def _start(self, notice: Outgoing) -> None:
        task = asyncio.create_task(self._send(notice), name=f"send {notice.kind}")
        self._sending[notice.recipient] = task
        task.add_done_callback(lambda _: self._finished(notice.recipient))

    def _finished(self, recipient: str) -> None:
        del self._sending[recipient]
        self._woken.set()

    async def _send(self, notice: Outgoing) -> None:
        try:
            await self._attempt(notice)
        except Exception:  # its lease runs out and it is claimed again; the others go on
            log.exception("A notice of kind %s could not be settled", notice.kind)

    async def _attempt(self, notice: Outgoing) -> None:
        if notice.doubtful and notice.is_public:
            await notices.doubted(self._desk, notice.id)
            return
        try:
            receipt = await self._sender.send(notice)
        except SendLater as later:
            await self._put_off(notice, later.after, doubtful=notice.doubtful)
        except SendDoubtful as doubt:
            log.warning("A %s may or may not have arrived: %s", notice.kind, doubt)
            await self._doubt(notice)
        except SendRefused as refusal:
            log.warning("A %s was refused: %s", notice.kind, refusal.reason)
            await notices.refused(
                self._desk, notice.id, refusal.reason, unreachable=refusal.unreachable
            )
        except Exception:  # a mistake of ours: counted, so that it does not come back for ever
            log.exception("A %s could not be sent", notice.kind)
            await self._doubt(notice)
        else:
            if receipt is not None:
                self._count(notice.recipient)
            await notices.arrived(self._desk, notice.id, receipt)

    async def _doubt(self, notice: Outgoing) -> None:
        if notice.is_public:
            await notices.doubted(self._desk, notice.id)
        else:
            await self._put_off(notice, None, doubtful=True)

    def _count(self, recipient: str) -> None:
        """A message was sent: it takes its share of the pace."""
        paid_until = max(self._paid_until.get(recipient, 0.0), monotonic())
        self._paid_until[recipient] = paid_until + self._pace.per_recipient

    async def _put_off(self, notice: Outgoing, after: timedelta | None, *, doubtful: bool) -> None:
        """After a Retry-After as long as it says, which is no failure; else longer each time."""
        again_at = self._desk.clock() + (wait_after(notice.attempts) if after is None else after)
        await notices.put_off(
            self._desk, notice.id, again_at, doubtful=doubtful, is_failure=after is None
        )
