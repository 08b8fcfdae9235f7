"""Everything of one follower goes. What stays is what says nothing of them: how many voted, that
there was a story and a post, and the consent rows without name and words, as the law asks."""

from typing import Any

from bot.actions import takedowns
from bot.actions.cards import card_of_post, card_of_story
from bot.actions.drafts import forget_story
from bot.actions.media import erase_on_slack, forget_media
from bot.actions.story_consent import withdraw_post
from bot.actions.story_views import id_of
from bot.actions.transaction import Transaction
from bot.rules.delivery import NoticeStatus
from bot.rules.stories import DRAFT, StoryStatus
from bot.rules.topics import folded
from bot.texts import N_, texts_in
from storage.models import FORGOTTEN, Follower, Story
from storage.queries import erasing as queries
from storage.queries import stories as story_queries

ERASED = N_("(erased, because the follower took it back)")
"""What stands where the text of a post was."""


def erase(tx: Transaction, follower: Follower) -> None:
    """In one transaction, whatever the follower is in the middle of."""
    stories = queries.all_stories_of(tx.session, follower.id)
    story_ids = [id_of(story) for story in stories]
    for story in stories:
        empty_story(tx, story)
    if stories:
        _nobody(tx)
    for story in stories:
        _leave_shell(tx, story)
    for consent in queries.consents_of_follower(tx.session, follower.id):
        consent.withdrawn_at = consent.withdrawn_at or tx.now
        consent.follower_id, consent.text = FORGOTTEN, ""
        tx.session.add(consent)
    queries.forget_voter(tx.session, follower.id)
    queries.delete_notices_to(tx.session, follower.id)
    queries.delete_parked(tx.session, follower.id)
    queries.nameless_audit(tx.session, follower.id, story_ids)
    tx.session.flush()
    tx.session.delete(follower)
    tx.audit(f"telegram:{FORGOTTEN}", "forget", "follower", FORGOTTEN)


def empty_story(tx: Transaction, story: Story) -> None:
    """Its words and files, here and in what was made of it; what is out has to come down."""
    story_id = id_of(story)
    posts = story_queries.posts_of(tx.session, story_id)
    post_ids = [post.id or 0 for post in posts]
    _empty_slack(tx, story_id, post_ids)
    forget_media(tx, queries.media_of_story(tx.session, story_id))
    for post in posts:
        withdraw_post(tx, post, f"telegram:{FORGOTTEN}")
    instead = texts_in(tx.desk.language)(ERASED)
    queries.empty_posts(tx.session, post_ids, instead, folded(instead))
    for post_id in post_ids:
        card_of_post(tx, post_id)
    takedowns.forget_words(tx, story_id)
    forget_story(tx, story_id)
    story_queries.delete_parts(tx.session, story_id)


def forget_words(tx: Transaction, story: Story) -> None:
    """What was sent in for it, words and files, was kept long enough. Its number and its end stay,
    and so does the post that was made of it."""
    story_id = id_of(story)
    _empty_slack(tx, story_id, [])
    forget_media(tx, queries.media_of_parts(tx.session, story_id))
    forget_story(tx, story_id)
    story_queries.delete_parts(tx.session, story_id)
    story.emptied_at = tx.now
    if story.status != StoryStatus.PUBLISHED:
        story.credit = None
    tx.session.add(story)
    if story.submitted_at is not None:
        card_of_story(tx, story_id)


def _leave_shell(tx: Transaction, story: Story) -> None:
    """A draft that nobody agreed to anything for goes; else its number stays, and nothing more."""
    story_id = id_of(story)
    if story.status in DRAFT and not story_queries.consents_of(tx.session, story_id):
        tx.session.delete(story)
        return
    was_sent_in = story.submitted_at is not None
    story.status, story.follower_id = StoryStatus.WITHDRAWN, FORGOTTEN
    story.credit = story.named_as = story.receipt = story.wish_for_revision = None
    tx.session.add(story)
    if was_sent_in:
        card_of_story(tx, story_id)


def _empty_slack(tx: Transaction, story_id: int, post_ids: list[int]) -> None:
    """The messages that quoted it go; its cards are written anew, with nothing of it."""
    places = []
    for notice in queries.slack_messages_about(tx.session, [story_id], post_ids):
        receipt: dict[str, Any] = notice.receipt or {}
        if "ts" in receipt:
            places.append([receipt["channel"], receipt["ts"]])
        _empty_notice(tx, notice)
    if places:
        erase_on_slack(tx, f"story:{story_id}", places=places)


def _empty_notice(tx: Transaction, notice: Any) -> None:
    """What waits still is told no more, and no words of it stay."""
    if notice.status in (NoticeStatus.PENDING, NoticeStatus.SENDING):
        notice.status = NoticeStatus.OVERTAKEN
    words = {"text": "", "reason": "", "question": ""}
    notice.payload = {key: words.get(key, value) for key, value in notice.payload.items()}
    tx.session.add(notice)


def _nobody(tx: Transaction) -> None:
    """Whose the stories are from now on."""
    if tx.session.get(Follower, FORGOTTEN) is None:
        tx.session.add(
            Follower(
                id=FORGOTTEN,
                first_name="",
                language=tx.desk.language,
                reachable=False,
                created_at=tx.now,
            )
        )
        tx.session.flush()
