"""A follower changes a message that they sent before: what becomes of it, and what they hear."""

from bot.actions import story_ledger
from bot.actions.arrivals import Sender, answer, arrive, say
from bot.actions.cards import card_of_story
from bot.actions.story_views import id_of
from bot.actions.transaction import Transaction, action
from bot.rules import stories as rules
from bot.rules.abuse import has_link, is_new
from bot.rules.stories import Purpose, StoryStatus
from bot.texts import N_
from storage.models import Follower, Story, StoryPart
from storage.queries import stories as queries

NO_PART = N_(
    "I saw that you changed a message. I go on with the words that you sent first. "
    "Does the change matter? Then send it once more, as a new message."
)


@action
def edited(
    tx: Transaction,
    who: Sender,
    message_id: int,
    text: str,
    file_id: str | None = None,
    content_type: str | None = None,
) -> None:
    """A message is not what it was. While the story is told, it follows; once it was sent in, a
    new yes is asked for; after that it stays, and the follower hears what they can do.

    Raises Refusal.
    """
    follower = arrive(tx, who)
    part = queries.part_of(tx.session, follower.id, message_id)
    if part is None:
        say(tx, follower.id, NO_PART)
        return
    if (part.text, part.file_id) == (text, file_id):
        return  # Telegram says so of other changes, too: a preview of a link, for instance
    story = tx.session.get_one(Story, part.story_id)
    rules.check_editable(StoryStatus(story.status))
    _check_length(tx, part, text)
    other_file = part.file_id != file_id
    _change(tx, part, text, file_id, content_type)
    if story.status == StoryStatus.SUBMITTED:
        _ask_anew(tx, story, part, other_file)
    else:
        say(tx, follower.id, N_("I changed it in your story, too."))
        if story.status == StoryStatus.PREVIEW:  # so that they see what they send in
            answer(tx, follower.id, "story.step", story_id=id_of(story), status=str(story.status))


def _check_length(tx: Transaction, part: StoryPart, text: str) -> None:
    others = queries.parts_of(tx.session, part.story_id)
    whole = rules.text_of(text if other.id == part.id else other.text for other in others)
    rules.check_edited_length(len(whole))


def _change(
    tx: Transaction, part: StoryPart, text: str, file_id: str | None, content_type: str | None
) -> None:
    if part.file_id != file_id:
        part.file_id, part.content_type = file_id, content_type
        part.media_sha256 = part.fetch_error = part.unique_id = None
    part.text = text
    tx.session.add(part)
    tx.session.flush()


def _ask_anew(tx: Transaction, story: Story, part: StoryPart, other_file: bool) -> None:
    """The yes was for the words before: they are asked again, and until then nobody uses it."""
    part.edited_at = tx.now
    story.held = has_links_of_somebody_new(tx, story)
    changed = (Purpose.PUBLISH, Purpose.PEOPLE) if other_file else (Purpose.PUBLISH,)
    story_ledger.take_back(tx, id_of(story), changed)
    tx.audit(f"telegram:{story.follower_id}", "edit", "story", id_of(story))
    card_of_story(tx, id_of(story))
    ask_again(tx, story)


def ask_again(tx: Transaction, story: Story) -> None:
    """For what was changed after it was sent in; or, with every yes there, a thank-you."""
    purpose = story_ledger.missing(tx, story)
    if purpose is None:
        card_of_story(tx, id_of(story))
        say(tx, story.follower_id, N_("Thank you! Our team works with your new text."))
    else:
        answer(tx, story.follower_id, "story.again", story_id=id_of(story), purpose=purpose)


def has_links_of_somebody_new(tx: Transaction, story: Story) -> bool:
    follower = tx.session.get_one(Follower, story.follower_id)
    trusted = queries.has_accepted(tx.session, follower.id)
    texts = [part.text for part in queries.parts_of(tx.session, id_of(story))]
    return is_new(follower.created_at, tx.now) and not trusted and any(map(has_link, texts))
