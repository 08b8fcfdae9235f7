"""The form that moves a post to another moment, and the words about a move. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.move_warnings import Crowded, Near, TakesBack, Warned
from bot.actions.moving import MoveForm, Outcome
from bot.actions.views import Choice, PostView
from bot.texts import N_, Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block, actions, context, fitting, plain, said, section
from handlers.slack.cards import Message
from handlers.slack.forms import (
    LONGEST_REASON,
    modal,
    moment_input,
    several,
    text_field,
)
from handlers.slack.post_buttons import post_buttons
from handlers.slack.words import escape, first_words, link, listed, mention, moment

OTHER = "other"
MOST_LINES = 6
MOST_NAMES = 10
FIRST_WORDS = 150

_HEADLINES: Mapping[str, str] = {
    "plan": N_("🗓️ {who} chose a date for the post on {platforms}: {when}."),
    "move": N_("🗓️ {who} moved the post on {platforms} from {was} to {when}."),
    "move_anew": N_(
        "🗓️ {who} moved the post on {platforms} from {was} to {when}. It is decided on anew."
    ),
}


@dataclass(frozen=True)
class Chosen:
    """What stands in the form. free: the free moment that is chosen; when: what stands below it.

    platform_keys: empty for all of them. asks: what has to be read first is shown, and asked.
    """

    when: datetime
    free: datetime | None = None
    platform_keys: tuple[str, ...] = ()
    reason: str = ""
    asks: bool = False


def at_first(found: MoveForm, free: datetime | None, platform_keys: tuple[str, ...]) -> Chosen:
    """free: the moment that is offered."""
    return Chosen(found.post.planned_at or found.free[0], free, platform_keys)


def move_form(
    found: MoveForm, chosen: Chosen, t: Texts, zone: ZoneInfo, meta: Mapping[str, object]
) -> Block:
    is_planned = found.post.planned_at is not None
    submit = t("Move") if is_planned else t("Plan")
    return modal(
        "post.move",
        t("Move") if is_planned else t("Choose a date"),
        t("Yes, all the same") if chosen.asks else submit,
        t,
        {
            **meta,
            "post": found.post.id,
            "revision": found.post.revision,
            "seen": {
                str(p.id): int(p.planned_at.timestamp()) if p.planned_at else None
                for p in found.movable
            },
            "when": int(chosen.when.timestamp()),
            "told": [each.key for each in found.warnings],
        },
        [
            *_about(found, t, zone),
            *_warnings(found.warnings, t, zone, asks=chosen.asks),
            *_platforms(found, chosen, t),
            _free_moments(found, chosen, t, zone),
            blocks.field("when", t("Date and time"), moment_input(chosen.when)),
            text_field(
                "reason",
                t("Reason"),
                chosen.reason,
                multiline=True,
                optional=True,
                most=LONGEST_REASON,
                hint=t("Whom it concerns reads this."),
            ),
        ],
    )


def outcome_words(
    outcome: Outcome, at: datetime, t: Texts, zone: ZoneInfo, *, is_first: bool
) -> str:
    """To whoever moved it to this moment. is_first: it had no date before."""
    platforms = listed((p.platform for p in outcome.placements), t)
    when = moment(at, t, zone)
    if is_first:
        return t(
            "🗓️ The post for {platforms} is planned for {when} now. Whoever decides on it knows.",
            platforms=platforms,
            when=when,
        )
    return t(
        "🗓️ The post for {platforms} is moved to {when}. Whom it concerns hears from me.",
        platforms=platforms,
        when=when,
    )


def moved(
    post: PostView, payload: dict[str, Any], reader: str, t: Texts, zone: ZoneInfo, card: str | None
) -> Message:
    """To whom it concerns. reader: their Slack id; card: where the card is."""
    moved_ones = [p for p in post.placements if p.id in payload["placement_ids"]]
    sentence = _HEADLINES[payload["what"]]
    headline = t(
        sentence,
        who=mention(payload["by"]),
        platforms=listed((p.platform for p in moved_ones), t),
        was=_when(payload["before"], t, zone),
        when=_when(payload["at"], t, zone),
    )
    decides = any(reader in p.deciders for p in post.placements)
    posts_it = any(reader in p.owners and p.by_hand for p in moved_ones)
    notes = [
        *([t("You post it by hand then: you get the text and the pictures.")] if posts_it else []),
        *([t("It waits for your decision.")] if decides else []),
        *_fixed_moments(payload, t),
        *([link(card, t("see the card"))] if card else []),
    ]
    return Message(
        headline,
        [
            section(headline),
            *(said(post.text) if decides else said(first_words(post.text, FIRST_WORDS))),
            *_reason(payload["reason"], t),
            *([context(fitting(" · ", notes))] if notes else []),
            *actions(post_buttons(post, t) if decides else []),
        ],
    )


def _when(at: str, t: Texts, zone: ZoneInfo) -> str:
    return moment(datetime.fromisoformat(at), t, zone) if at else ""


def _reason(reason: str, t: Texts) -> list[Block]:
    title = t("Reason")
    return [section(f"*{title}*"), *said(reason)] if reason else []


def _fixed_moments(payload: dict[str, Any], t: Texts) -> list[str]:
    lines = []
    if payload["left"]:
        names = t.listing(map(escape, payload["left"][:MOST_NAMES]))
        lines.append(t("This fixed moment is free again: {names}", names=names))
    if payload["taken"]:
        names = t.listing(map(escape, payload["taken"][:MOST_NAMES]))
        lines.append(t("It fills this fixed moment: {names}", names=names))
    return lines


def _about(found: MoveForm, t: Texts, zone: ZoneInfo) -> list[Block]:
    """The post, and where it stands now."""
    lines = [f"“{first_words(found.post.text, FIRST_WORDS)}”"]
    if found.post.planned_at is None:
        lines.append(t("Now: no date yet"))
    else:
        lines += [
            f"{p.platform}: {t.moment(p.planned_at, zone)}" for p in found.movable if p.planned_at
        ]
    return [{"type": "context", "elements": [plain(_first(lines, t))]}]


def _warnings(warnings: Sequence[Warned], t: Texts, zone: ZoneInfo, *, asks: bool) -> list[Block]:
    if not warnings:
        return []
    lines = [f"⚠️ {warning_words(each, t, zone)}" for each in warnings]
    question = [t("Do you want this all the same? Or choose another moment.")] if asks else []
    words = _first(lines, t)
    return [
        {"type": "section", "text": plain(words)},
        *(section(each) for each in question),
    ]


def warning_words(warned: Warned, t: Texts, zone: ZoneInfo) -> str:
    """Plain text."""
    match warned:
        case Near(platform, title, at):
            return t(
                "{platform} has another post within the hour, at {time}: “{title}”",
                platform=platform,
                time=f"{at.astimezone(zone):%H:%M}",
                title=title,
            )
        case Crowded(platform, day, posts):
            return t.n(
                "{platform} has another post on {day}",
                "{platform} has {n} other posts on {day}",
                posts,
                platform=platform,
                day=t.day(day),
            )
        case TakesBack():
            return t(
                "It was approved already. If you move it, the people who decide are asked again."
            )


def _first(lines: Sequence[str], t: Texts) -> str:
    more = len(lines) - MOST_LINES
    shown = [
        *lines[:MOST_LINES],
        *([t.n("And one more.", "And {n} more.", more)] if more > 0 else []),
    ]
    return blocks.shortened("\n".join(shown), blocks.ROOM)


def _platforms(found: MoveForm, chosen: Chosen, t: Texts) -> list[Block]:
    """Where it can be moved on its own. What has no date yet gets one for all of them."""
    if len(found.movable) == 1 or found.post.planned_at is None:
        return []
    choices = [Choice(p.platform_key, p.platform) for p in found.movable]
    keys = chosen.platform_keys or [choice.key for choice in choices]
    return [
        blocks.field(
            "platforms",
            t("Platforms"),
            several(choices, keys),
            hint=t("What you leave out here stays where it is."),
        )
    ]


def _free_moments(found: MoveForm, chosen: Chosen, t: Texts, zone: ZoneInfo) -> Block:
    """The next ones, the offered one among them, or another one: that below."""
    moments = sorted({*found.free, *([chosen.free] if chosen.free else [])})
    options = [
        *(blocks.option(t.moment(at, zone), str(int(at.timestamp()))) for at in moments),
        blocks.option(t("Another moment: the one below"), OTHER),
    ]
    ticked = str(int(chosen.free.timestamp())) if chosen.free else OTHER
    return blocks.field(
        "free",
        t("Free moments"),
        {
            "type": "radio_buttons",
            "options": options,
            "initial_option": next(each for each in options if each["value"] == ticked),
        },
    )
