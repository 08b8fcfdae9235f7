"""The colleagues' side of stories: accept, decline, ask; and keeping what was sent in."""

import hashlib

from bot.actions import story_ledger
from bot.actions.approvals import people_of
from bot.actions.arrivals import say
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_story
from bot.actions.media import forget_media
from bot.actions.story_views import story_rows, story_view, story_views
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import StoryView
from bot.rules import stories as rules
from bot.rules.people import may_handle
from bot.rules.posts import PostStatus
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.stories import DeclineReason, StoryStatus
from storage.models import Post, Story, StoryPart
from storage.queries import stories as queries
from storage.queries.posts import active_platforms


@query
def waiting(tx: Transaction) -> tuple[StoryView, ...]:
    """What was submitted and not dealt with, oldest first."""
    return story_views(tx, queries.waiting_stories(tx.session))


async def check_may_handle(desk: Desk, by: str, story_id: int, what: str) -> StoryView:
    """Before a form is opened for it; what: accept, ask or decline. Raises Refusal, which is
    audited."""
    return await attempt(desk, by, what, "story", story_id, _look(desk, by, story_id, what))


async def decline(desk: Desk, by: str, story_id: int, reason: DeclineReason) -> StoryView:
    """The follower reads the reason, and no names. Raises Refusal, which is audited."""
    work = _decline(desk, by, story_id, reason)
    return await attempt(desk, by, "decline", "story", story_id, work)


async def ask(desk: Desk, by: str, story_id: int, question: str) -> StoryView:
    """The question goes to the follower; their next text comes back as the answer.

    Raises InvalidForm for question, and Refusal, which is audited.
    """
    return await attempt(desk, by, "ask", "story", story_id, _ask(desk, by, story_id, question))


def accepted(tx: Transaction, story_id: int, by: str) -> None:
    """A proposal was made of it. Raises Refusal."""
    story = _to_handle(tx, by, story_id)
    rules.check_agreed(story_ledger.missing(tx, story))
    looked = {"looked_at_links": True} if story.held else {}
    story.status, story.held = StoryStatus.ACCEPTED, False
    story.handled_by, story.handled_at = by, tx.now
    tx.session.add(story)
    tx.audit(f"slack:{by}", "accept", "story", story_id, **looked)
    card_of_story(tx, story_id)


def back_to_desk(tx: Transaction, post: Post) -> None:
    """Where the post that was made of it is off altogether, a story waits again."""
    if post.story_id is None or post.status not in (PostStatus.REJECTED, PostStatus.WITHDRAWN):
        return
    story = tx.session.get_one(Story, post.story_id)
    if story.status != StoryStatus.ACCEPTED:
        return
    story.status = StoryStatus.SUBMITTED
    story.handled_by = story.handled_at = story.wish_for_revision = None
    tx.session.add(story)
    tx.audit("the time", "return", "story", post.story_id, post=post.id)
    card_of_story(tx, post.story_id)


@action
def fetched(tx: Transaction, part_id: int, sha256: str) -> None:
    """The file is kept. A part that was deleted meanwhile stays deleted."""
    if part := tx.session.get(StoryPart, part_id):
        part.media_sha256 = sha256
        _part_settled(tx, part)
    else:
        forget_media(tx, [sha256])


@action
def fetch_failed(tx: Transaction, part_id: int, error: str, told: str = "") -> None:
    """The file cannot be had: the card says so. told: a sentence for who sent it."""
    if part := tx.session.get(StoryPart, part_id):
        part.fetch_error = error
        _part_settled(tx, part)
        if told:
            say(tx, tx.session.get_one(Story, part.story_id).follower_id, told)


def _part_settled(tx: Transaction, part: StoryPart) -> None:
    """With the last of its files, the card of a story is complete."""
    tx.session.add(part)
    tx.session.flush()
    story = tx.session.get_one(Story, part.story_id)
    if StoryStatus(story.status) in rules.DRAFT:
        return
    if not any(map(queries.is_to_fetch, queries.parts_of(tx.session, part.story_id))):
        card_of_story(tx, part.story_id)


@query
def _look(tx: Transaction, by: str, story_id: int, what: str) -> StoryView:
    story = _to_handle(tx, by, story_id)
    if what == "accept":
        rules.check_agreed(story_ledger.missing(tx, story))
    return story_view(tx, story_id)


@action
def _decline(tx: Transaction, by: str, story_id: int, reason: DeclineReason) -> StoryView:
    story = _to_handle(tx, by, story_id)
    story.status, story.decline_reason = StoryStatus.DECLINED, reason
    story.handled_by, story.handled_at = by, tx.now
    tx.session.add(story)
    tx.audit(f"slack:{by}", "decline", "story", story_id, reason=reason)
    tx.notify_telegram(
        story.follower_id, "story.declined", f"story:{story_id}:declined", story_id=story_id
    )
    card_of_story(tx, story_id)
    return story_view(tx, story_id)


@action
def _ask(tx: Transaction, by: str, story_id: int, question: str) -> StoryView:
    story = _to_handle(tx, by, story_id)
    question = question.strip()
    if not question:
        raise InvalidForm({"question": Refusal("Write your question here.")})
    tx.audit(f"slack:{by}", queries.ASKED, "story", story_id, question=question)
    which = hashlib.sha256(question.encode()).hexdigest()[:16]
    tx.notify_telegram(
        story.follower_id,
        "story.question",
        f"story:{story_id}:question:{which}",  # the same question twice is asked once
        story_id=story_id,
        question=question,
    )
    tx.notify_slack(
        tx.desk.review_channel,
        "story.asked",
        f"story:{story_id}:asked:{which}",
        story_id=story_id,
        text=question,
        by=by,
    )
    return story_view(tx, story_id)


def _to_handle(tx: Transaction, by: str, story_id: int) -> Story:
    story = story_rows(tx, story_id).story
    may_handle(by, [people_of(tx, platform) for platform in active_platforms(tx.session)])
    rules.check_handled(StoryStatus(story.status))
    return story
