"""Stories as the handlers see them, and the parts that the actions on stories share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.actions import story_ledger
from bot.actions.media import media_view
from bot.actions.transaction import Transaction, query
from bot.actions.views import CallView, PartView, PlaceView, StoryView
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.refusals import NotThere
from bot.rules.stories import DeclineReason, Purpose, StoryStatus, text_of
from storage.models import (
    Call,
    Media,
    Placement,
    Platform,
    Story,
    StoryPart,
    Takedown,
)
from storage.queries import stories as queries
from storage.queries.stories import StoryRows


@dataclass(frozen=True)
class Fetch:
    """A file of a story that is still with Telegram."""

    part_id: int
    file_id: str
    kind: str  # photo, voice
    content_type: str | None  # as Telegram says; None: it does not


@query
def show(tx: Transaction, story_id: int) -> StoryView:
    """Raises NotThere."""
    return story_view(tx, story_id)


@query
def draft_of(tx: Transaction, follower_id: int) -> StoryView | None:
    """The story that the follower is telling."""
    draft = queries.draft_of(tx.session, follower_id)
    return story_view(tx, id_of(draft)) if draft else None


@query
def of_follower(tx: Transaction, follower_id: int) -> tuple[StoryView, ...]:
    """What the follower told, newest first, with the draft."""
    return story_views(tx, queries.stories_of(tx.session, follower_id))


@query
def consent_text(tx: Transaction, story_id: int, purpose: Purpose = Purpose.PUBLISH) -> str:
    """What the follower is asked to agree to, in their language. Raises NotThere."""
    rows = story_rows(tx, story_id)
    return story_ledger.wording(tx, rows.story, purpose, rows.follower.language)


@query
def to_fetch(tx: Transaction, after: int = 0, limit: int = 20) -> list[Fetch]:
    """Files to be fetched, oldest first; of the parts after that one."""
    return [
        Fetch(
            part_id=part.id or 0,
            file_id=part.file_id or "",
            kind=part.kind,
            content_type=part.content_type,
        )
        for part in queries.parts_to_fetch(tx.session, after, limit)
    ]


def story_of(tx: Transaction, story_id: int, follower_id: int) -> Story:
    """The follower's own. Raises NotThere."""
    story = tx.session.get(Story, story_id)
    if story is None or story.follower_id != follower_id:
        raise NotThere("This story is not there any more. With /story you begin a new one.")
    return story


def story_rows(tx: Transaction, story_id: int) -> StoryRows:
    """Raises NotThere."""
    found = queries.load_stories(tx.session, [story_id])
    if not found:
        raise NotThere("This story is not there any more: the follower took it back.")
    return found[0]


def story_view(tx: Transaction, story_id: int) -> StoryView:
    """Raises NotThere."""
    return _view(tx, story_rows(tx, story_id))


def story_views(tx: Transaction, ids: Sequence[int | None]) -> tuple[StoryView, ...]:
    known = [id for id in ids if id is not None]
    return tuple(_view(tx, rows) for rows in queries.load_stories(tx.session, known))


def id_of(story: Story) -> int:
    assert story.id is not None
    return story.id


def _view(tx: Transaction, rows: StoryRows) -> StoryView:
    story = rows.story
    return StoryView(
        id=id_of(story),
        status=StoryStatus(story.status),
        text=text_of(part.text for part, _ in rows.parts),
        parts=tuple(_part(tx, part, media) for part, media in rows.parts),
        credit=story.credit,
        call=_call(rows.call) if rows.call else None,
        receipt=story.receipt,
        submitted_at=story.submitted_at,
        handled_by=story.handled_by,
        handled_at=story.handled_at,
        decline_reason=DeclineReason(story.decline_reason) if story.decline_reason else None,
        post_id=rows.post.id if rows.post else None,
        language=rows.follower.language,
        held=story.held,
        same_as=_same_as(tx, rows),
        blocked=rows.follower.blocked_at is not None,
        places=tuple(_place(*place) for place in rows.places),
        edited_at=max((p.edited_at for p, _ in rows.parts if p.edited_at), default=None),
        asked=story_ledger.missing(tx, story),
        awaits_yes=rows.post is not None and rows.post.status == PostStatus.AWAITING_FOLLOWER,
    )


def _place(placement: Placement, platform: Platform, takedown: Takedown | None) -> PlaceView:
    return PlaceView(
        platform=platform.name,
        status=PlacementStatus(placement.status),
        planned_at=placement.planned_at,
        link=placement.link,
        gone_by=takedown.due_at if takedown else None,
        gone_at=takedown.done_at if takedown else None,
    )


def _part(tx: Transaction, part: StoryPart, media: Media | None) -> PartView:
    return PartView(
        kind=part.kind,
        text=part.text,
        media=replace(media_view(tx, media), alt=part.alt or "") if media else None,
        missing=part.file_id is not None and media is None and part.fetch_error is None,
        lost=part.fetch_error is not None,
        id=part.id or 0,
        message_id=part.message_id,
        alt=part.alt,
    )


def _same_as(tx: Transaction, rows: StoryRows) -> str | None:
    """Only while it is to be decided: then it helps to know."""
    if rows.story.status != StoryStatus.SUBMITTED:
        return None
    told = text_of(part.text for part, _ in rows.parts)
    for earlier in queries.sent_in_by(tx.session, rows.story.follower_id):
        before = id_of(earlier) < id_of(rows.story)
        if before and told and told == _text(tx, id_of(earlier)):
            return earlier.receipt
    return None


def _text(tx: Transaction, story_id: int) -> str:
    return text_of(part.text for part in queries.parts_of(tx.session, story_id))


def _call(call: Call) -> CallView:
    return CallView(
        key=call.key,
        question=call.question,
        explanation=call.explanation,
        closes_at=call.closes_at,
    )
