"""Stories: what followers sent in, and what a colleague does with it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions import stories
from bot.actions.views import StoryView
from bot.rules.stories import DECLINE_WORDS, STORY_WORDS, DeclineReason, StoryStatus
from bot.texts import Texts
from handlers.slack import forms
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    confirmed,
    context,
    header,
    pictures,
    said,
    section,
)
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.proposal_form import from_story
from handlers.slack.proposing import form, form_choices
from handlers.slack.words import escape, first_words, link, mention, moment

MOST_LISTED = 12
"""Stories in one answer; each takes up to four of its fifty blocks."""


async def show_waiting(incoming: Incoming) -> None:
    waiting = await stories.waiting(incoming.desk)
    message = overview(waiting, incoming.t, incoming.desk.zone)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def accept(incoming: Incoming) -> None:
    """Opens the proposal, prefilled; the story counts as accepted when that is sent."""
    story = await _to_handle(incoming, "accept")
    choices = await form_choices(incoming)
    await incoming.open(await form(incoming, choices, from_story(story, choices.proposed_time)))
    await incoming.ack()


async def ask_what(incoming: Incoming) -> None:
    story = await _to_handle(incoming, "ask")
    await incoming.open(forms.ask(incoming.t, {"story": story.id}))
    await incoming.ack()


async def ask(incoming: Incoming) -> None:
    await stories.ask(
        incoming.desk, incoming.by.id, incoming.meta["story"], incoming.answers.text("question")
    )
    await incoming.ack()
    await incoming.tell(incoming.t("Your question is on its way. The answer comes below the card."))


async def ask_why_declined(incoming: Incoming) -> None:
    story = await _to_handle(incoming, "decline")
    await incoming.open(forms.decline(incoming.t, {"story": story.id}))
    await incoming.ack()


async def decline(incoming: Incoming) -> None:
    reason = DeclineReason(incoming.answers.choice("reason") or "")
    await stories.decline(incoming.desk, incoming.by.id, incoming.meta["story"], reason)
    await incoming.ack()


async def block(incoming: Incoming) -> None:
    await stories.block(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()


async def unblock(incoming: Incoming) -> None:
    await stories.unblock(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()


async def _to_handle(incoming: Incoming, attempt: str) -> StoryView:
    return await stories.check_may_handle(
        incoming.desk, incoming.by.id, int(incoming.value), attempt
    )


def overview(waiting: Sequence[StoryView], t: Texts, zone: ZoneInfo) -> Message:
    """What waits, with what can be done at once."""
    if not waiting:
        nothing = t("No story is waiting for you at this moment.")
        return Message(nothing, [section(nothing)])
    title = t("Stories that wait for you")
    rows = [block for story in waiting[:MOST_LISTED] for block in _row(story, t, zone)]
    if len(waiting) > MOST_LISTED:
        more = len(waiting) - MOST_LISTED
        rows.append(context(t.n("And one more.", "And {n} more.", more)))
    return Message(title, [header(title), *rows])


def story_card(story: StoryView, t: Texts, zone: ZoneInfo) -> Message:
    """The whole story, with its pictures, and who did what with it."""
    headline = t("💌 A follower sent in a story")
    if story.status is StoryStatus.WITHDRAWN:  # then nobody needs to read it any more
        shown = [section(f"*{headline}*"), section(_state(story, t, zone)), *_links(story, t)]
        return Message(headline, [*shown, *actions(_buttons(story, t))])
    return Message(
        text=headline,
        blocks=[
            section(f"*{headline}*"),
            *_warnings(story, t),
            *_call(story),
            *said(story.text),
            *pictures(story.images[:10]),
            *_about_parts(story, t),
            context(_whose(story, t, zone)),
            *_edited(story, t, zone),
            section(_state(story, t, zone)),
            *_links(story, t),
            *actions(_buttons(story, t)),
        ],
    )


def _warnings(story: StoryView, t: Texts) -> list[Block]:
    lines = []
    if story.held and story.status is StoryStatus.SUBMITTED:
        lines.append(
            t(
                "🔗 This story has links, and its teller is new here. Look where they lead "
                "before you open them."
            )
        )
    if story.same_as:
        words = t(
            "👯 Word for word the same as an earlier story of this follower: {number}.",
            number=escape(story.same_as),
        )
        lines.append(words)
    if story.blocked:
        lines.append(t("🚫 This follower is blocked: I keep nothing new of what they send."))
    return [context(line) for line in lines]


def _row(story: StoryView, t: Texts, zone: ZoneInfo) -> list[Block]:
    words = first_words(story.text, 200) or t("A story without words")
    return [*said(words), context(_whose(story, t, zone)), *actions(_buttons(story, t))]


def _call(story: StoryView) -> list[Block]:
    return said(f"“{story.call.question}”") if story.call else []


def _whose(story: StoryView, t: Texts, zone: ZoneInfo) -> str:
    named = (
        t("The follower is named as: {name}", name=escape(story.credit))
        if story.credit
        else t("The follower wants to stay anonymous: name nobody.")
    )
    if story.submitted_at is None:
        return named
    return f"{named} · {moment(story.submitted_at, t, zone)}"


def _about_parts(story: StoryView, t: Texts) -> list[Block]:
    voices = sum(1 for part in story.parts if part.media and not part.media.is_image)
    lost = sum(1 for part in story.parts if part.lost)
    coming = sum(1 for part in story.parts if part.missing)
    blocks: list[Block] = []
    if coming:
        words = t.n(
            "⏳ One file is still on its way. It comes here by itself.",
            "⏳ {n} files are still on their way. They come here by themselves.",
            coming,
        )
        blocks.append(context(words))
    if voices:
        words = t.n(
            "🎤 One recording: it is in the thread below.",
            "🎤 {n} recordings: they are in the thread below.",
            voices,
        )
        blocks.append(context(words))
    if lost:
        words = t.n(
            "⚠️ One file could not be fetched. Press Ask, and ask for it again.",
            "⚠️ {n} files could not be fetched. Press Ask, and ask for them again.",
            lost,
        )
        blocks.append(context(words))
    return blocks


def _edited(story: StoryView, t: Texts, zone: ZoneInfo) -> list[Block]:
    if story.edited_at is None:
        return []
    when = moment(story.edited_at, t, zone)
    words = t("✏️ The follower changed this after sending it in, {when}.", when=when)
    if story.status is StoryStatus.SUBMITTED and story.asked:
        words += " " + t(
            "I asked whether we may use the new text. Until they say yes, it cannot be accepted."
        )
    return [context(words)]


def _state(story: StoryView, t: Texts, zone: ZoneInfo) -> str:
    line = f"*{t(STORY_WORDS[story.status])}*"
    if story.handled_by and story.handled_at:
        line += f" · {mention(story.handled_by)}, {moment(story.handled_at, t, zone)}"
    if story.decline_reason:
        line += f"\n{t(DECLINE_WORDS[story.decline_reason])}"
    return line


def _links(story: StoryView, t: Texts) -> list[Block]:
    open_ones = [place for place in story.places if place.gone_by and not place.gone_at]
    platforms = t.listing(escape(place.platform) for place in open_ones)
    waits = t("🧹 Still to be taken away from {platforms}.", platforms=platforms)
    return [
        *(context(link(address, t("see the post"))) for address in story.links[:5]),
        *([context(waits)] if open_ones else []),
    ]


def _buttons(story: StoryView, t: Texts) -> list[Block]:
    value = str(story.id)
    if story.status is not StoryStatus.SUBMITTED:
        return [_unblock(value, t)] if story.blocked else []
    accept = button(t("Accept"), "story.accept", value, "primary")
    return [
        *([] if story.asked else [_looked_first(accept, t) if story.held else accept]),
        button(t("Ask"), "story.ask", value),
        button(t("Decline"), "story.decline", value, "danger"),
        _unblock(value, t) if story.blocked else _block(value, t),
    ]


def _looked_first(accept: Block, t: Texts) -> Block:
    return confirmed(
        accept,
        t("Did you look at the links?"),
        t("This story has links, and its teller is new here. Look where they lead first."),
        t("The links are fine"),
        t("Cancel"),
    )


def _block(value: str, t: Texts) -> Block:
    return confirmed(
        button(t("Block"), "story.block", value),
        t("Block this follower?"),
        t(
            "From now on I keep nothing of what this follower sends, and tell them so once, "
            "kindly. This story stays here for you to decide about."
        ),
        t("Block"),
        t("Cancel"),
    )


def _unblock(value: str, t: Texts) -> Block:
    return button(t("Unblock"), "story.unblock", value)
