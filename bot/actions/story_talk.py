"""The conversation in which a follower tells a story. Its state is the story's row, so that a
restart in the middle loses nothing and repeats nothing."""

import secrets

from bot.actions import story_ledger
from bot.actions.arrivals import Sender, answer, arrive, refuse, say
from bot.actions.cards import card_of_story
from bot.actions.story_edits import ask_again, has_links_of_somebody_new
from bot.actions.story_views import id_of, story_of
from bot.actions.transaction import Transaction, action
from bot.rules import stories as rules
from bot.rules.abuse import HOUR, MOST_STORIES_AN_HOUR
from bot.rules.refusals import Refusal
from bot.rules.stories import NamedAs, Purpose, StoryStatus, StoryStep
from bot.texts import N_
from storage.models import Call, Follower, Story, StoryPart
from storage.queries import stories as queries

LATER = N_("You have done this step already. Go on with my newest message.")

TOO_LATE = N_(
    "I did not add this: you pressed Done already. Do you want to change your story? Then press "
    "Cancel and start again. Or go on here:"
)

SENT_ALREADY = N_("You sent me this already, so I keep it once. Send more, or press Done.")

LONG_TEXT = 60  # characters

RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else
RECEIPT_LENGTH = 6


@action
def begin(tx: Transaction, who: Sender, call_key: str | None = None) -> None:
    """A new story, or the one that the follower is telling already."""
    follower = arrive(tx, who)
    begin_for(tx, follower, queries.open_call(tx.session, call_key) if call_key else None)


@action
def add_part(
    tx: Transaction,
    who: Sender,
    message_id: int,
    kind: str,
    text: str = "",
    file_id: str | None = None,
    content_type: str | None = None,
    unique_id: str | None = None,
) -> None:
    """One message of the story: kind is text, photo, video or voice; a file is fetched later."""
    follower = arrive(tx, who)
    draft = queries.draft_of(tx.session, follower.id)
    if draft is None:
        _no_draft(tx, follower)
        return
    part = StoryPart(
        story_id=id_of(draft),
        message_id=message_id,
        kind=kind,
        text=text,
        file_id=file_id,
        content_type=content_type,
        unique_id=unique_id,
    )
    add_to(tx, draft, part)


@action
def step(
    tx: Transaction,
    who: Sender,
    story_id: int,
    step: StoryStep,
    named_as: NamedAs | None = None,
    shown_consent: str | None = None,
    purpose: Purpose | None = None,
) -> None:
    """One press on the way to submitting. named_as: with NAME.

    With AGREE: the purpose (None: what is asked now), and shown_consent, the text as it stood in
    the follower's chat (None: as it would be shown now; empty: Telegram does not say it any more,
    so it is shown again).

    Raises Refusal for a press that does not fit the story's state.
    """
    follower = arrive(tx, who)
    story = story_of(tx, story_id, follower.id)
    if step is StoryStep.AGREE:
        _agree(tx, story, follower, purpose, shown_consent)
        return
    story.status = rules.after_step(StoryStatus(story.status), step)
    tx.session.add(story)
    if step is StoryStep.DONE:
        _check_told(tx, story_id)
        if queries.to_describe(tx.session, story_id):
            story.status = StoryStatus.DESCRIBING
    elif step is StoryStep.DESCRIBED:
        _rather_not(tx, story_id)
    elif step is StoryStep.NAME:
        _name(story, follower, named_as or NamedAs.ANONYMOUS)
    if step is StoryStep.SUBMIT:
        _submit(tx, story)
    else:
        _ask_next(tx, story)


@action
def remove_last(tx: Transaction, who: Sender, story_id: int, part_id: int) -> None:
    """Takes back the part that was the last one when the button was shown. Raises Refusal."""
    follower = arrive(tx, who)
    story = story_of(tx, story_id, follower.id)
    parts = queries.parts_of(tx.session, story_id)
    if story.status != StoryStatus.COLLECTING or not parts or parts[-1].id != part_id:
        raise Refusal("That is not the last part any more. Go on with my newest message.")
    tx.session.delete(parts[-1])
    tx.session.flush()
    _ask_next(tx, story)


@action
def leave_out(tx: Transaction, who: Sender, story_id: int) -> None:
    """Not everybody in the pictures agrees: the words go on without them. Raises Refusal."""
    follower = arrive(tx, who)
    story = story_of(tx, story_id, follower.id)
    if story.status != StoryStatus.CONSENT:
        raise Refusal(LATER)
    for part in queries.parts_of(tx.session, story_id):
        if part.file_id and part.text.strip():
            part.kind, part.file_id, part.content_type = "text", None, None
            tx.session.add(part)
        elif part.file_id:
            tx.session.delete(part)
    tx.session.flush()
    say(tx, follower.id, N_("All right: your pictures and recordings are out, your words stay."))
    if not queries.parts_of(tx.session, story_id):
        story.status = StoryStatus.COLLECTING
    elif story_ledger.missing(tx, story) is None:
        story.status = StoryStatus.PREVIEW
    tx.session.add(story)
    _ask_next(tx, story)


@action
def too_young(tx: Transaction, who: Sender, story_id: int) -> None:
    """Under 16: nothing of it is kept, also where the follower says so on second thoughts.

    Raises Refusal for a story that was sent in already.
    """
    follower = arrive(tx, who)
    story = story_of(tx, story_id, follower.id)
    rules.check_draft(StoryStatus(story.status))
    queries.delete_consents(tx.session, story_id)
    discard(tx, story)
    answer(tx, follower.id, "story.too_young")


@action
def cancel(tx: Transaction, who: Sender, story_id: int | None = None) -> None:
    """Whatever the follower was in the middle of; with a button, the story that it belongs to.

    Raises Refusal for a button of a story that is not being told any more.
    """
    follower = arrive(tx, who)
    if story_id is not None:
        _cancel_draft(tx, story_of(tx, story_id, follower.id))
    elif drop_wish(tx, follower.id):
        say(tx, follower.id, N_("All right, we forget about that. Nothing was changed."))
    elif draft := queries.draft_of(tx.session, follower.id):
        _cancel_draft(tx, draft)
    else:
        say(tx, follower.id, N_("There is nothing to cancel at this moment."))


def begin_for(tx: Transaction, follower: Follower, call: Call | None) -> None:
    """Continues the follower's draft where there is one."""
    drop_wish(tx, follower.id)  # what is typed next belongs to the story
    draft = queries.draft_of(tx.session, follower.id)
    if draft is None:
        _check_not_too_many(tx, follower)
        draft = Story(follower_id=follower.id, status=StoryStatus.COLLECTING, created_at=tx.now)
    if call is not None and draft.call_id is None:
        draft.call_id = call.id
    tx.session.add(draft)
    tx.session.flush()
    _ask_next(tx, draft)


def add_to(tx: Transaction, draft: Story, part: StoryPart) -> None:
    """Adds the message, or answers why not. A message that comes again is not added again."""
    so_far = queries.parts_of(tx.session, id_of(draft))
    if any(other.message_id == part.message_id for other in so_far):
        return
    if any(_is_same(other, part) for other in so_far):
        say(tx, draft.follower_id, SENT_ALREADY)
        return
    if draft.status == StoryStatus.COLLECTING:
        text = rules.text_of(told.text for told in (*so_far, part))
        photos = sum(told.kind == "photo" for told in (*so_far, part))
        try:
            rules.check_part(len(so_far), len(text), photos if part.kind == "photo" else 0)
        except Refusal as refusal:
            refuse(tx, draft.follower_id, refusal)
            return
        tx.session.add(part)
        tx.session.flush()
    elif draft.status == StoryStatus.DESCRIBING and part.kind == "text":
        _describe(tx, draft, part.text)
    else:
        say(tx, draft.follower_id, TOO_LATE)
    _ask_next(tx, draft)


def _is_same(one: StoryPart, other: StoryPart) -> bool:
    """The same file, or the same long text, sent again. Short words may well come twice."""
    if one.kind != other.kind or one.text != other.text:
        return False
    if other.file_id:
        return other.unique_id is not None and one.unique_id == other.unique_id
    return len(other.text) >= LONG_TEXT


def discard(tx: Transaction, draft: Story) -> None:
    """Its words and pictures are deleted. Where the follower agreed already, the ledger keeps
    the row, as withdrawn."""
    story_id = id_of(draft)
    queries.delete_parts(tx.session, story_id)
    if story_ledger.take_back(tx, story_id):
        draft.status = StoryStatus.WITHDRAWN
        tx.session.add(draft)
    else:
        tx.session.delete(draft)


def drop_wish(tx: Transaction, follower_id: int) -> bool:
    """The follower does something else than typing what should be changed."""
    story = queries.awaiting_wish(tx.session, follower_id)
    if story is None:
        return False
    story.wish_for_revision = None
    tx.session.add(story)
    return True


def _cancel_draft(tx: Transaction, story: Story) -> None:
    rules.check_draft(StoryStatus(story.status))
    discard(tx, story)
    answer(tx, story.follower_id, "story.cancelled")


def _ask_next(tx: Transaction, story: Story) -> None:
    story_id = id_of(story)
    if story.status == StoryStatus.COLLECTING:
        parts = len(queries.parts_of(tx.session, story_id))
        answer(tx, story.follower_id, "story.prompt", about=parts, story_id=story_id, parts=parts)
    else:
        about = queries.to_describe(tx.session, story_id)
        answer(
            tx,
            story.follower_id,
            "story.step",
            about=about[0].id or 0 if about else 0,
            story_id=story_id,
            status=str(story.status),
            part_id=about[0].id if about else None,
            purpose=story_ledger.missing(tx, story),
        )


def _no_draft(tx: Transaction, follower: Follower) -> None:
    """A picture or recording that belongs to no story."""
    if queries.awaiting_wish(tx.session, follower.id):
        say(tx, follower.id, N_("Please write what we shall change; I can only pass on words."))
    elif queries.awaiting_answer(tx.session, follower.id):
        say(tx, follower.id, N_("Please answer our team in words; I can only pass on those here."))
    else:
        answer(tx, follower.id, "hint")


def _describe(tx: Transaction, draft: Story, text: str) -> None:
    """Of the photo that is asked about now."""
    try:
        rules.check_alt(len(text))
    except Refusal as refusal:
        refuse(tx, draft.follower_id, refusal)
        return
    photo, *others = queries.to_describe(tx.session, id_of(draft))
    photo.alt = text.strip()
    tx.session.add(photo)
    tx.session.flush()
    if not others:
        draft.status = StoryStatus.NAMING
        tx.session.add(draft)


def _rather_not(tx: Transaction, story_id: int) -> None:
    for photo in queries.to_describe(tx.session, story_id):
        photo.alt = ""
        tx.session.add(photo)
    tx.session.flush()


def _agree(
    tx: Transaction,
    story: Story,
    follower: Follower,
    purpose: Purpose | None,
    shown: str | None,
) -> None:
    """The yes for one purpose; then the next is asked, and after the last the story goes on."""
    asked = story_ledger.missing(tx, story)
    is_draft = story.status == StoryStatus.CONSENT
    if asked is None or purpose not in (None, asked):
        raise Refusal(LATER)
    if not is_draft and story.status != StoryStatus.SUBMITTED:
        raise Refusal(LATER)
    if shown != "":
        story_ledger.keep(tx, story, follower, asked, shown)
    if not is_draft:
        ask_again(tx, story)
        return
    if story_ledger.missing(tx, story) is None:
        story.status = StoryStatus.PREVIEW
        tx.session.add(story)
    _ask_next(tx, story)


def _check_told(tx: Transaction, story_id: int) -> None:
    parts = queries.parts_of(tx.session, story_id)
    files = sum(part.file_id is not None for part in parts)
    rules.check_told(rules.text_of(part.text for part in parts), files)


def _check_not_too_many(tx: Transaction, follower: Follower) -> None:
    """Raises Refusal."""
    sent_in = queries.sent_in_by(tx.session, follower.id)
    lately = [s for s in sent_in if s.submitted_at and s.submitted_at > tx.now - HOUR]
    if len(lately) >= MOST_STORIES_AN_HOUR:
        raise Refusal(
            "You have sent in {most} stories within an hour. Our team reads all of them, so "
            "please give it some time: in an hour you can tell the next one.",
            most=MOST_STORIES_AN_HOUR,
        )


def _name(story: Story, follower: Follower, named_as: NamedAs) -> None:
    story.named_as = named_as
    story.credit = rules.credit_for(named_as, follower.first_name, follower.last_name)


def _submit(tx: Transaction, story: Story) -> None:
    story_id = id_of(story)
    story.submitted_at = tx.now
    story.receipt = _receipt(tx)
    story.held = has_links_of_somebody_new(tx, story)
    tx.audit(f"telegram:{story.follower_id}", "submit", "story", story_id)
    answer(tx, story.follower_id, "story.received", story_id=story_id)
    card_of_story(tx, story_id)


def _receipt(tx: Transaction) -> str:
    """A number that can be read aloud, and that says nothing of how many there are."""
    while True:
        receipt = "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))
        if not queries.is_receipt_taken(tx.session, receipt):
            return receipt
