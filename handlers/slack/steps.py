"""One step of a post in words: for its history, and for its card's thread. Pure."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.actions.history import StepView
from bot.rules.changes import Kept, Piece, surroundings
from bot.rules.figures import METRIC_WORDS
from bot.rules.posts import LABEL_WORDS, ReasonLabel
from bot.texts import N_, Texts
from handlers.slack.blocks import Block, context, said, section
from handlers.slack.words import escape, mention, moment

_OF_A_COLLEAGUE: Mapping[str, str] = {
    "propose": N_("📝 {who} proposed it"),
    "edit": N_("✏️ {who} edited it: version {n}"),
    "approve": N_("✅ {who} approved it for {about}"),
    "request_changes": N_("✏️ {who} asked for changes for {about}"),
    "reject": N_("⛔ {who} rejected it for {about}"),
    "hold": N_("⏸️ {who} waits with a decision for {about}"),
    "approve_edited": N_("✅ {who} approved it for {about}, with an edit: version {n}"),
    "plan": N_("🗓️ {who} chose a date for {about}"),
    "move": N_("🗓️ {who} moved it for {about}"),
    "move_anew": N_("🗓️ {who} moved it for {about}: version {n}"),
    "replan": N_("🗓️ {who} chose a new time: version {n}"),
    "withdraw": N_("↩️ {who} withdrew it"),
    "reopen": N_("🔁 {who} opened it again: version {n}"),
}
_OF_A_FOLLOWER: Mapping[str, str] = {
    "agree": N_("💚 The follower said yes to version {n}"),
    "request_changes": N_("✏️ The follower asked for a change"),
    "withdraw": N_("↩️ The follower withdrew the story"),
}
_ON_A_PLATFORM: Mapping[str, str] = {
    "approve": N_("✅ Every approval for {about} is there"),
    "expire": N_("⌛ The time came for {about}, and not everybody had said yes: it did not go out"),
    "publish": N_("📤 The time came for {about}: it was sent"),
    "hand_over": N_("✋ The time came for {about}: it was handed over, to be posted by hand"),
    "confirm": N_("📣 It is published on {about}"),
    "doubt": N_("❓ The connection broke while it was sent to {about}"),
    "fail": N_("⚠️ {about} did not take it"),
    "retry": N_("📤 It was sent to {about} again"),
    "resume": N_("▶️ {about}: the time to wait is over, it can be decided again"),
    "escalate": N_("⏫ {about}: nobody decided in time, so the deputies decide, too"),
    "snooze": N_("⏰ Posting it on {about} was put off"),
    "figures": N_("📊 Figures of {about}"),
    "no_figures": N_("➖ There are no figures of {about}"),
}


def step_line(step: StepView, t: Texts) -> str:
    """'✅ @Olga approved it for Telegram': mrkdwn."""
    words = _sentences(step).get(step.what, "")
    about = t.listing(escape(name) for name in (*step.platforms, *step.topics))
    who = mention(step.by) if step.by else ""
    line = t(words).format(who=who, about=about, n=step.revision)
    if step.of_placement and step.by:
        line += f" · {who}"
    return line


def step_details(step: StepView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """Why, and what an edit changed."""
    found: list[Block] = []
    if step.figures:
        found.append(section(_figures(step, t)))
    if step.label:
        about = t(LABEL_WORDS[ReasonLabel(step.label)])
        found.append(context(t("It is about {label}", label=about)))
    if step.reason:
        found += said(f"“{step.reason}”")
    found += changes(step.changes)
    for platform, pieces in step.own_changes:
        found += [context(t("On {platform}:", platform=escape(platform))), *changes(pieces)]
    if also := _what_else(step, t, zone):
        found.append(context(" · ".join(also)))
    if step.taken_back:
        people = t.listing(mention(person) for person in step.taken_back)
        found.append(context(t("↩️ This takes back the approval of {people}.", people=people)))
    return found


def _figures(step: StepView, t: Texts) -> str:
    """'Reach 812 (was 800)'."""
    parts = []
    for figure in step.figures:
        part = f"{t(METRIC_WORDS[figure.metric])} {t.number(figure.value)}"
        if figure.before is not None:
            part += " " + t("(was {before})", before=t.number(figure.before))
        parts.append(part)
    if step.from_file:
        parts.append(t("from a file"))
    return " · ".join(parts)


def changes(pieces: Sequence[Piece]) -> list[Block]:
    """What went is struck through, what came is bold. Text in it is text: it mentions nobody."""
    if not pieces:
        return []
    elements = [_STYLED[piece.kept](piece.text) for piece in surroundings(pieces)]
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_quote", "elements": elements}],
        }
    ]


def _what_else(step: StepView, t: Texts, zone: ZoneInfo) -> list[str]:
    found = []
    if step.what in ("edit", "move_anew") and not step.changes and not step.own_changes:
        found.append(t("The text stayed the same"))
    if step.until:
        found.append(t("Until {until}", until=moment(step.until, t, zone)))
    if step.planned_at and step.was:
        was, when = moment(step.was, t, zone), moment(step.planned_at, t, zone)
        found.append(t("From {was} to {when}", was=was, when=when))
    elif step.planned_at:
        found.append(t("New time: {when}", when=moment(step.planned_at, t, zone)))
    if step.undated:
        found.append(t("No date yet: it waits in the backlog"))
    if step.other_platforms:
        platforms = t.listing(escape(name) for name in step.other_platforms)
        found.append(t("Now for {platforms}", platforms=platforms))
    if step.images is not None:
        pictures = t.n("one picture", "{n} pictures", step.images)
        found.append(t("Other pictures: now {pictures}", pictures=pictures))
    if step.described:
        found.append(t("The descriptions of the pictures are new"))
    return found


def _sentences(step: StepView) -> Mapping[str, str]:
    if step.of_placement:
        return _ON_A_PLATFORM
    return _OF_A_FOLLOWER if step.by_follower else _OF_A_COLLEAGUE


def _same(text: str) -> Block:
    return {"type": "text", "text": text}


def _gone(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"strike": True}}


def _new(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


_STYLED: Mapping[Kept, Callable[[str], Block]] = {
    Kept.SAME: _same,
    Kept.GONE: _gone,
    Kept.NEW: _new,
}
