"""A follower who does harm: a colleague blocks them, and can take that back."""

from bot.actions.approvals import people_of
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_story
from bot.actions.story_talk import discard
from bot.actions.story_views import story_rows, story_view
from bot.actions.transaction import Desk, Transaction, action
from bot.actions.views import StoryView
from bot.rules.people import may_handle
from bot.rules.refusals import NotThere, Refusal
from storage.models import FORGOTTEN, Follower
from storage.queries.posts import active_platforms
from storage.queries.stories import draft_of


async def block(desk: Desk, by: str, story_id: int) -> StoryView:
    """The teller of this story: from now on nothing of theirs is kept. A Refusal is audited."""
    return await attempt(desk, by, "block", "story", story_id, _block(desk, by, story_id))


async def unblock(desk: Desk, by: str, story_id: int) -> StoryView:
    return await attempt(desk, by, "unblock", "story", story_id, _unblock(desk, by, story_id))


@action
def _block(tx: Transaction, by: str, story_id: int) -> StoryView:
    follower = _teller(tx, by, story_id)
    if follower.blocked_at is not None:
        raise Refusal("Somebody was before you: this follower is blocked already.")
    follower.blocked_at, follower.blocked_told, follower.subscribed = tx.now, False, False
    tx.session.add(follower)
    if draft := draft_of(tx.session, follower.id):
        discard(tx, draft)
    return _done(tx, by, "block", follower, story_id)


@action
def _unblock(tx: Transaction, by: str, story_id: int) -> StoryView:
    follower = _teller(tx, by, story_id)
    if follower.blocked_at is None:
        raise Refusal("Somebody was before you: this follower is not blocked any more.")
    follower.blocked_at, follower.blocked_told = None, False
    tx.session.add(follower)
    return _done(tx, by, "unblock", follower, story_id)


def _teller(tx: Transaction, by: str, story_id: int) -> Follower:
    follower = story_rows(tx, story_id).follower
    may_handle(by, [people_of(tx, platform) for platform in active_platforms(tx.session)])
    if follower.id == FORGOTTEN:
        raise NotThere("This follower asked us to forget them, so there is nobody to block.")
    return follower


def _done(tx: Transaction, by: str, what: str, follower: Follower, story_id: int) -> StoryView:
    tx.audit(f"slack:{by}", what, "follower", follower.id, story=story_id)
    card_of_story(tx, story_id)
    return story_view(tx, story_id)
