"""Who writes to the bot, and how it answers: shared by everything that followers do."""

import secrets
from dataclasses import dataclass

from bot.actions.transaction import Transaction
from bot.rules.abuse import Blocked
from bot.rules.delivery import Priority
from bot.rules.refusals import Refusal
from bot.texts import language_from
from storage.models import Follower
from storage.queries.notices import revive

STILL_MATTERS = (
    "story.confirm",
    "story.question",
    "story.declined",
    "story.published",
    "story.taken_down",
)
"""Kinds of notices to a follower that do not grow old."""


@dataclass(frozen=True)
class Sender:
    """A Telegram user, as the update says who they are."""

    id: int
    first_name: str
    last_name: str | None = None
    language_code: str | None = None


def arrive(tx: Transaction, who: Sender, *, even_blocked: bool = False) -> Follower:
    """The follower's row, made at the first contact and kept in step with Telegram.

    Whoever writes can be reached again. The language follows Telegram's setting until the
    follower chose one.

    Raises Blocked, so that nothing is kept, unless it is about the follower's rights.
    """
    follower = tx.session.get(Follower, who.id)
    if follower is not None and follower.blocked_at and not even_blocked:
        raise Blocked
    if follower is None:
        follower = Follower(
            id=who.id,
            first_name=who.first_name,
            language=language_from(who.language_code, tx.desk.language),
            created_at=tx.now,
        )
    elif who.language_code and not follower.language_chosen:
        follower.language = language_from(who.language_code, tx.desk.language)
    follower.first_name, follower.last_name = who.first_name, who.last_name
    back(tx, follower)
    tx.session.flush()
    return follower


def back(tx: Transaction, follower: Follower) -> None:
    """The follower can be reached. What they could not be told while they had blocked the bot,
    and what still matters, is told now."""
    if not follower.reachable:
        tx.has_notices |= revive(tx.session, str(follower.id), STILL_MATTERS, tx.now) > 0
    follower.reachable, follower.unreachable_since = True, None
    tx.session.add(follower)


def answer(
    tx: Transaction, follower_id: int, kind: str, *, about: int = 0, **payload: object
) -> None:
    """The answer to what the follower does now. Its key is the update's (an album's, where it is
    one), so that it is answered once; `about` tells several answers of one kind apart."""
    occasion = tx.desk.album or tx.desk.update_id or secrets.token_hex(8)
    tx.notify_telegram(
        follower_id,
        kind,
        f"{kind}:{follower_id}:{occasion}:{about}",
        priority=Priority.ANSWER,
        **payload,
    )


def say(tx: Transaction, follower_id: int, sentence: str, **values: str | int) -> None:
    """One sentence as an answer: a gettext key, and what fills it."""
    answer(tx, follower_id, "sorry", sentence=sentence, values=values)


def refuse(tx: Transaction, follower_id: int, refusal: Refusal) -> None:
    """A refusal as an answer. Its values are text and numbers only."""
    answer(tx, follower_id, "sorry", sentence=refusal.sentence, values=refusal.values)
