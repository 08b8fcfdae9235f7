"""What was kept long enough goes, by the time, as the strategy file and /privacy say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.actions import media
from bot.actions.erasing import forget_words
from bot.actions.forgetting import forget_by_itself
from bot.actions.story_talk import discard
from bot.actions.story_views import story_views
from bot.actions.strategy import retention_kept
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import StoryView
from bot.rules.retention import Retention
from bot.rules.stories import DeclineReason, StoryStatus
from storage.models import Story
from storage.queries import erasing
from storage.queries import retention as queries

FEW, MANY = 5, 500
"""So much shares a transaction: of what takes its time, and of plain rows."""


@dataclass(frozen=True)
class _Kind:
    """What has been kept long enough, by this moment; and what becomes of it."""

    look: Callable[[Transaction, Retention, int], Sequence[Any]]
    settle: Callable[[Transaction, Sequence[Any]], None]
    most: int = FEW


async def forget_due(desk: Desk) -> int:
    """Everything that was kept long enough, in portions; how much. Where there is nothing, it only
    reads."""
    done = 0
    for name in _KINDS:
        while await _is_due(desk, name) and (settled := await _settle(desk, name)):
            done += settled
    for follower_id in await _unreachable(desk):
        await forget_by_itself(desk, follower_id)
        done += 1
    if done:
        await media.drop_unused(desk)
    return done


@action
def tell_of_waiting(tx: Transaction) -> int:
    """The team hears which stories will be forgotten soon, while it can still decide; how many."""
    retention = retention_kept(tx)
    soon = retention.before("waiting", tx.now) + timedelta(days=retention.warn)
    stories = queries.to_tell_of(tx.session, soon)
    for story in stories:
        story.told_to_decide_at = tx.now
        tx.session.add(story)
    if stories:
        ids = [story.id or 0 for story in stories]
        tx.notify_slack(
            tx.desk.review_channel,
            "stories.soon_forgotten",
            f"stories:soon:{min(ids)}:{tx.now:%Y-%m-%d}",
            story_ids=ids,
        )
    return len(stories)


@query
def soon_forgotten(
    tx: Transaction, story_ids: Sequence[int]
) -> tuple[tuple[StoryView, datetime], ...]:
    """Those that still wait, each with the moment from which it is forgotten."""
    until = timedelta(days=retention_kept(tx).waiting)
    return tuple(
        (story, story.submitted_at + until)
        for story in story_views(tx, story_ids)
        if story.status is StoryStatus.SUBMITTED and story.submitted_at
    )


@query
def _is_due(tx: Transaction, name: str) -> bool:
    return bool(_KINDS[name].look(tx, retention_kept(tx), 1))


@action
def _settle(tx: Transaction, name: str) -> int:
    kind = _KINDS[name]
    due = kind.look(tx, retention_kept(tx), kind.most)
    kind.settle(tx, due)
    return len(due)


@query
def _unreachable(tx: Transaction) -> Sequence[int]:
    before = retention_kept(tx).before("unreachable", tx.now)
    return queries.unreachable(tx.session, before, MANY)


def _discard_drafts(tx: Transaction, ids: Sequence[int]) -> None:
    for story in _stories(tx, ids):
        media.forget_media(tx, erasing.media_of_story(tx.session, story.id or 0))
        discard(tx, story)


def _give_up_waiting(tx: Transaction, ids: Sequence[int]) -> None:
    """Nobody decided in time: the follower hears it, and nothing of it stays."""
    for story in _stories(tx, ids):
        story.status, story.decline_reason = StoryStatus.DECLINED, DeclineReason.TOO_MANY
        story.handled_at = tx.now
        tx.audit("the time", "give up", "story", story.id or 0)
        tx.notify_telegram(
            story.follower_id, "story.given_up", f"story:{story.id}:given up", story_id=story.id
        )
        forget_words(tx, story)


def _empty(tx: Transaction, ids: Sequence[int]) -> None:
    for story in _stories(tx, ids):
        tx.audit("the time", "forget", "story", story.id or 0)
        forget_words(tx, story)


def _stories(tx: Transaction, ids: Sequence[int]) -> list[Story]:
    return [tx.session.get_one(Story, story_id) for story_id in ids]


_S = StoryStatus

_KINDS: Mapping[str, _Kind] = {
    "drafts": _Kind(
        lambda tx, kept, most: queries.drafts(tx.session, kept.before("drafts", tx.now), most),
        _discard_drafts,
    ),
    "waiting": _Kind(
        lambda tx, kept, most: queries.waiting(
            tx.session, kept.before("waiting", tx.now), most, told=kept.before("warn", tx.now)
        ),
        _give_up_waiting,
    ),
    "declined": _Kind(
        lambda tx, kept, most: queries.handled(
            tx.session, _S.DECLINED, kept.before("declined", tx.now), most
        ),
        _empty,
    ),
    "published": _Kind(
        lambda tx, kept, most: queries.handled(
            tx.session, _S.PUBLISHED, kept.before("published", tx.now), most
        ),
        _empty,
    ),
    "withdrawn": _Kind(
        lambda tx, kept, most: queries.withdrawn(
            tx.session, kept.before("withdrawn", tx.now), most
        ),
        _empty,
    ),
    "votes": _Kind(
        lambda tx, kept, most: queries.votes(tx.session, kept.before("votes", tx.now), most),
        lambda tx, votes: erasing.make_anonymous(tx.session, votes),
        MANY,
    ),
    "messages": _Kind(
        lambda tx, kept, most: queries.messages(tx.session, kept.before("messages", tx.now), most),
        lambda tx, ids: queries.delete_messages(tx.session, ids),
        MANY,
    ),
    "parked": _Kind(
        lambda tx, kept, most: queries.parked(tx.session, kept.before("parked", tx.now), most),
        lambda tx, ids: queries.delete_parked(tx.session, ids),
        MANY,
    ),
}
