"""Messages that remind: what is missing, what can be done about it, what became of it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.reminder_messages import MomentView, RemindersView, ReminderView
from bot.actions.views import PlacementTask, PlacementView, PostView
from bot.rules.calendar import ReminderKind
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.reminding import Stage
from bot.texts import N_, Texts
from handlers.slack import day_views
from handlers.slack.blocks import (
    IN_MESSAGE,
    Block,
    actions,
    button,
    context,
    said,
    section,
)
from handlers.slack.cards import Message, last_request, waiting_lines
from handlers.slack.contents import text_for
from handlers.slack.post_buttons import buttons_for
from handlers.slack.reminders_over import people, what_became_of, words_of
from handlers.slack.slot_dates import date_menu
from handlers.slack.words import escape, first_words, link, listed, mention, moment, planned

MOST_OPEN = 8
"""In one message, each of five blocks at most; the others come up as these are done."""

MOST_LINES = 3
WORDS = 150

_K = ReminderKind


def reminder_message(
    view: RemindersView, t: Texts, zone: ZoneInfo, today: date, card: str | None = None
) -> Message:
    """What somebody is reminded of; card: the address of the text and pictures of a single task."""
    still, shown = view.open, view.open[:MOST_OPEN]
    if len(still) == 1:
        blocks, headline = _alone(shown[0], t, zone, today, card)
    elif still:
        headline = t.n("⏰ One thing waits for you.", "⏰ {n} things wait for you.", len(still))
        rows = [block for each in shown for block in _row(each, t, zone, today)]
        blocks = [section(f"*{headline}*"), *rows]
    else:
        headline = t("✅ Nothing is left to do here.")
        blocks = [section(headline)]
    more = len(still) - len(shown)
    if more:
        words = t.n(
            "And one more: it comes up here as you go.",
            "And {n} more: they come up here as you go.",
            more,
        )
        blocks.append(context(words))
    lines = [what_became_of(each, t, zone) for each in view.closed]
    if not still and len(lines) == 1:
        headline = str(lines[0]["elements"][0]["text"])
        blocks = []
    return Message(headline, [*blocks, *lines[: IN_MESSAGE - len(blocks)]])


def resumed(post: PostView, reader: str, t: Texts, zone: ZoneInfo) -> Message | None:
    """The time that somebody wanted to wait is over. None: it waits for the reader no more."""
    waits = [
        placement
        for placement in post.placements
        if placement.status is PlacementStatus.PROPOSED and reader in placement.deciders
    ]
    if not waits:
        return None
    headline = t(
        "▶️ The time to wait is over: this post for {platforms}, {when}, asks for a decision.",
        platforms=_names(waits, t),
        when=planned(post.planned_at, t, zone),
    )
    words, buttons = said(text_for(post, reader)), actions(buttons_for(post, reader, t))
    return Message(headline, [section(headline), *words, *buttons])


def _alone(
    reminder: ReminderView, t: Texts, zone: ZoneInfo, today: date, card: str | None
) -> tuple[list[Block], str]:
    """With its whole text, for who has to read it."""
    headline = _what_is_missing(reminder, t, zone, today)
    return [
        section(headline),
        *_whole(reminder, t, zone, card),
        *_beside(reminder, t, zone),
        *_buttons(reminder, t),
    ], headline


def _row(reminder: ReminderView, t: Texts, zone: ZoneInfo, today: date) -> list[Block]:
    return [
        section(_what_is_missing(reminder, t, zone, today)),
        *said(first_words(words_of(reminder), WORDS) or "-"),
        *_beside(reminder, t, zone),
        *_buttons(reminder, t),
    ]


def _what_is_missing(reminder: ReminderView, t: Texts, zone: ZoneInfo, today: date) -> str:
    if reminder.moment:
        return _no_post(reminder, reminder.moment, t, zone)
    if reminder.day:
        return day_views.to_prepare(reminder.day.first, t, today)
    assert reminder.task is not None
    return _SENTENCES[reminder.kind](reminder, reminder.task, t).format(
        platform=escape(reminder.task.placement.platform),
        when=planned(reminder.task.placement.planned_at, t, zone),
        who=people(_who_can(reminder.task), t),
        topics=listed((topic.name for topic in reminder.task.post.topics), t),
    )


def _no_post(reminder: ReminderView, found: MomentView, t: Texts, zone: ZoneInfo) -> str:
    sentence = (
        t("🆘 There is no post yet for {platform}, {when}. {who} was asked; please help them.")
        if reminder.stage is Stage.ADMIN
        else t("🗓️ There is no post yet for {platform}, {when}.")
    )
    return sentence.format(
        platform=escape(found.platform),
        when=moment(found.at, t, zone),
        who=people(found.answerable, t),
    )


def _to_decide(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    if reminder.stage is Stage.ADMIN:
        return t(
            "🆘 Nobody decided yet on this post for {platform}, planned for {when}. It waits for "
            "{who}: please ask one of them."
        )
    return t("⏰ This post for {platform} is planned for {when}, and waits for your decision.")


def _nobody(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    if task.placement.missing and not task.placement.waits_for:
        return t(
            "🆘 Nobody is left to decide on this post for {platform}, planned for {when}. Name one "
            "more owner or deputy in the settings."
        )
    return t(
        "🆘 This post for {platform}, planned for {when}, is about {topics}, and nobody is left to "
        "decide on that. Name one more deputy for it in the settings."
    )


def _image(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    return t(
        "🖼️ {platform} asks for a picture, and this post for {when} has none yet. Press Edit and "
        "add one."
    )


def _changes(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    return t(
        "✏️ Changes were asked for this post for {platform}, planned for {when}, and they are not "
        "made yet. Press Edit."
    )


def _comes_near(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    if task.post.status is PostStatus.AWAITING_FOLLOWER:
        return t("⏰ This is planned for {platform}, {when}. The follower has not said yes yet.")
    if task.placement.by_hand:
        return t("⏰ You post this on {platform}, {when}. You get the text and the pictures then.")
    return t("⏰ This is published on {platform}, {when}.")


def _by_hand(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    if reminder.stage is Stage.ADMIN:
        return t(
            "🆘 This was planned for {platform}, {when}, and nobody said yet that it is posted. "
            "{who} can do that: please ask one of them."
        )
    return t(
        "✋ This was planned for {platform}, {when}. Is it there? Then press Posted; else it is "
        "time to post it."
    )


def _no_link(reminder: ReminderView, task: PlacementTask, t: Texts) -> str:
    return t(
        "🔗 You posted this on {platform}. Where can it be seen? With its address everybody finds "
        "it."
    )


_SENTENCES: Mapping[ReminderKind, Callable[[ReminderView, PlacementTask, Texts], str]] = {
    _K.DECIDE: _to_decide,
    _K.NOBODY: _nobody,
    _K.IMAGE: _image,
    _K.CHANGES: _changes,
    _K.PLACEMENT: _comes_near,
    _K.BY_HAND: _by_hand,
    _K.LINK: _no_link,
}
"""Of each step that can be missing for a placement. A new step has its sentence here."""


def _buttons(reminder: ReminderView, t: Texts) -> list[Block]:
    """What does it; and below that, what can be done with the reminder."""
    value = str(reminder.id)
    own = [
        button(t("Done"), "reminder.done", value),
        button(t("Snooze"), "reminder.snooze", value),
        button(t("Hand over"), "reminder.hand_over", value),
    ]
    return [*actions(_deeds(reminder, t)), *actions(own)]


def _deeds(reminder: ReminderView, t: Texts) -> list[Block]:
    if reminder.moment:
        propose = button(t("Propose a post"), "home.propose", "new", "primary")
        return [propose, date_menu(reminder.moment.slot_id, reminder.moment.day, t)]
    if reminder.day and reminder.day.day:
        return day_views.preparation_buttons(reminder.day.day, reminder.day.first, t)
    if reminder.task is None:
        return []
    if reminder.kind is _K.DECIDE and reminder.stage is not Stage.ADMIN:
        return buttons_for(reminder.task.post, reminder.recipient, t)
    label, name = _DEEDS.get((reminder.kind, reminder.stage is Stage.ADMIN), ("", ""))
    post, placement = reminder.task.post, reminder.task.placement
    value = f"{post.id}:{post.revision}" if name == "post.edit" else str(placement.id)
    return [button(t(label), name, value, "primary")] if name else []


_DEEDS = {
    (_K.IMAGE, False): (N_("Edit"), "post.edit"),
    (_K.CHANGES, False): (N_("Edit"), "post.edit"),
    (_K.NOBODY, True): (N_("Settings"), "settings.open"),
    (_K.NOBODY, False): (N_("Settings"), "settings.open"),
    (_K.BY_HAND, False): (N_("Posted"), "placement.posted"),
    (_K.LINK, False): (N_("Add the link"), "placement.link"),
}
"""The button that does what is missing, and its name; for an admin (True), who asks others."""


def _beside(reminder: ReminderView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """By whom it was handed over; and for who decides, that deputies do, too."""
    lines = []
    if reminder.given_by:
        lines.append(t("🤝 {who} hands this over to you.", who=mention(reminder.given_by)))
    if reminder.task and reminder.kind is _K.DECIDE:
        lines += waiting_lines(reminder.task.post, t, zone)
    return [context("\n".join(lines[:MOST_LINES]))] if lines else []


def _whole(reminder: ReminderView, t: Texts, zone: ZoneInfo, card: str | None) -> list[Block]:
    if reminder.day and reminder.day.day:
        return day_views.day_lines(reminder.day, t)
    words = words_of(reminder)
    match reminder.kind:
        case _K.DECIDE:
            return said(words)
        case _K.BY_HAND:
            here = link(card, t("the text and the pictures")) if card else ""
            return [*said(words), *([context(here)] if here else [])]
        case _K.CHANGES if reminder.task:
            asked = last_request(reminder.task.post, t, zone)
            return [*said(first_words(words, WORDS) or "-"), *asked]
        case _K.OCCURRENCE:
            return said(words)
    return said(f"“{first_words(words, 200)}”")


def _who_can(task: PlacementTask) -> tuple[str, ...]:
    return task.placement.deciders or task.placement.owners


def _names(placements: Sequence[PlacementView], t: Texts) -> str:
    return listed((placement.platform for placement in placements), t)
