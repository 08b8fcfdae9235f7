"""The calendar: what is planned, where nothing is yet, how evenly; and its picture."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.actions import calendar_views, pictures, special_days
from bot.actions.calendar_views import CalendarView, Mix, PlatformSpread
from bot.actions.views import CalendarEntry
from bot.rules.effect import Standing
from bot.rules.periods import Part, Unit
from bot.rules.posts import STATUS_WORDS, PlacementStatus
from bot.rules.special_days import SpecialDate
from bot.rules.spread import Period
from bot.texts import Texts
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    fitting,
    header,
    plain,
    said,
    section,
)
from handlers.slack.calendar_offers import GAP, choose, offers
from handlers.slack.cards import SIGNS, Message
from handlers.slack.find import words_after
from handlers.slack.incoming import Incoming
from handlers.slack.words import first_words

if TYPE_CHECKING:
    from handlers.pictures.canvas import Picture

SKIPPED = "🚫"
SURE = frozenset(
    {
        PlacementStatus.APPROVED,
        PlacementStatus.PUBLISHING,
        PlacementStatus.HANDED,
        PlacementStatus.PUBLISHED,
    }
)
"""What stands here goes out, or is."""

DAYS = 15
"""So many days with something in them on a page; two blocks each."""

MOST_PLATFORMS = 12
MOST_GAPS = 3
LONGEST = 300
"""Characters of what was typed; a button carries them from page to page."""


async def show(incoming: Incoming) -> None:
    typed = words_after(incoming)[:LONGEST]
    found = await calendar_views.show(incoming.desk, typed)
    special = await _special(incoming, found)
    message = overview(found, incoming.t, incoming.desk.zone, special, typed=typed)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def leaf(incoming: Incoming) -> None:
    """The answer shows an earlier or later part, or more days of this one."""
    await show_anew(incoming, incoming.value)
    await incoming.ack()


async def show_anew(incoming: Incoming, place: str) -> None:
    """The answer in which they pressed becomes this place in the calendar, as it is now."""
    moved, page, typed = _place_of(place)
    found = await calendar_views.show(incoming.desk, typed, moved)
    special = await _special(incoming, found)
    message = overview(
        found, incoming.t, incoming.desk.zone, special, typed=typed, moved=moved, page=page
    )
    await incoming.replace(message.text, message.blocks)


async def ask_picture(incoming: Incoming) -> None:
    """To whoever asks for it; it takes a moment to draw."""
    moved, _, typed = _place_of(incoming.value)
    await pictures.ask_for_month(incoming.desk, incoming.by.id, typed, moved)
    await incoming.ack()
    await incoming.tell(incoming.t("I am drawing the month. You get it as a direct message."))


async def _special(incoming: Incoming, view: CalendarView) -> tuple[SpecialDate, ...]:
    period = view.part.period
    return await special_days.between(incoming.desk, incoming.t.language, period.first, period.last)


def overview(
    view: CalendarView,
    t: Texts,
    zone: ZoneInfo,
    special: Sequence[SpecialDate] = (),
    *,
    typed: str = "",
    moved: int = 0,
    page: int = 0,
) -> Message:
    """A page of days, then how evenly and in which mix; special days stand beside their date.
    Pure. Pages count from 0."""
    title = title_of(view.part, t)
    found: dict[date, list[CalendarEntry]] = {
        max(each.first, view.part.period.first): [] for each in special
    }
    for entry in view.entries:
        found.setdefault(_day(entry, zone), []).append(entry)
    days = sorted(found.items())
    last = max(0, (len(days) - 1) // DAYS)
    page = min(page, last)
    shown = days[page * DAYS : (page + 1) * DAYS]
    nothing = t("Nothing is planned. Propose a post with /social propose")
    return Message(
        title,
        [
            header(title),
            *([] if days else [section(nothing)]),
            *(
                block
                for day, entries in shown
                for block in _one_day(day, entries, special, t, zone)
            ),
            *choose(_entries_of(shown), t, zone),
            *offers(
                view, _days_of(shown, page, last, view.part), f"{moved}:{page}:{typed}", t, zone
            ),
            *_spreads(view.spreads, t),
            *_mixes(view, t),
            *_buttons(typed, moved, page, t, has_more=page < last),
        ],
    )


def _entries_of(days: Sequence[tuple[date, list[CalendarEntry]]]) -> list[CalendarEntry]:
    return [entry for _, entries in days for entry in entries]


def _days_of(
    days: Sequence[tuple[date, list[CalendarEntry]]], page: int, last: int, part: Part
) -> Period:
    """What the page covers, with the empty days around and between."""
    first = days[0][0] if page else part.period.first
    return Period(first, part.period.last if page == last else days[-1][0])


def title_of(part: Part, t: Texts) -> str:
    if part.unit is Unit.COMING:
        return t("The coming weeks")
    if part.unit is Unit.MONTH:
        return t.full_month(part.period.first)
    return t(
        "The week of {first} till {last}",
        first=t.day(part.period.first),
        last=t.day(part.period.last),
    )


def entry_line(entry: CalendarEntry, t: Texts, zone: ZoneInfo) -> str:
    """Plain text: '✅ 10:00 Instagram: Our new books · approved'."""
    time = f"{entry.at.astimezone(zone):%H:%M}"
    title = first_words(entry.title, 100)
    if entry.is_skipped:
        words, sign = t("skipped this time"), SKIPPED
    elif entry.status is None:
        words, sign = t("nothing planned yet"), GAP
    else:
        words, sign = t(STATUS_WORDS[entry.status]), SIGNS[entry.status]
    if entry.moved_from:
        words += " · " + t("moved from {when}", when=t.moment(entry.moved_from, zone))
    return f"{sign} {time} {entry.platform}: {title} · {words}"


def _day(entry: CalendarEntry, zone: ZoneInfo) -> date:
    return entry.at.astimezone(zone).date()


def _one_day(
    day: date,
    entries: Sequence[CalendarEntry],
    special: Sequence[SpecialDate],
    t: Texts,
    zone: ZoneInfo,
) -> list[Block]:
    """Its name, and what is in it."""
    names = [f"🎉 {each.name}" for each in special if each.first <= day <= each.last]
    lines = "\n".join([*names, *(entry_line(entry, t, zone) for entry in entries)])
    name = section(f"*{t.day(day)}*")
    return [name, *said(lines)[:1]]


def _spreads(spreads: Sequence[PlatformSpread], t: Texts) -> list[Block]:
    """A line for each platform, and what the figure means."""
    lines = [_spread(each, t) for each in spreads[:MOST_PLATFORMS]]
    if not lines:
        return []
    explained = t(
        "Evenness goes from 0 to 100: 100 means equally many days between all posts, "
        "0 that all are on one day."
    )
    title = t("How evenly")
    return [
        section(f"*{title}*"),
        {"type": "section", "text": plain(fitting("\n", lines))},
        context(explained),
    ]


def _spread(each: PlatformSpread, t: Texts) -> str:
    """'Telegram: 8 of the 12 posts that we promise · evenness 82 · nothing from 5 till 19 March'"""
    found = each.spread
    parts = [_promise(each, t)]
    if found.evenness is not None:
        parts.append(t("evenness {figure}", figure=found.evenness))
    for gap in found.gaps[:MOST_GAPS]:
        parts.append(_gap(gap, t))
    for day, count in found.crowded[:MOST_GAPS]:
        parts.append(t("{n} posts on {day}", n=count, day=t.short_day(day)))
    return " · ".join(parts)


def _promise(each: PlatformSpread, t: Texts) -> str:
    posts, name = each.spread.posts, each.platform
    if not each.spread.promised:
        return t.n("{platform}: one post", "{platform}: {n} posts", posts, platform=name)
    return t.n(
        "{platform}: one post of the {promised} that we promise",
        "{platform}: {n} posts of the {promised} that we promise",
        posts,
        platform=name,
        promised=t.number(round(each.spread.promised, 1)),
    )


def _gap(gap: Period, t: Texts) -> str:
    first, last = t.short_day(gap.first), t.short_day(gap.last)
    if gap.days == 1:
        return t("nothing on {day}", day=first)
    return t("nothing from {first} till {last}", first=first, last=last)


def _mixes(view: CalendarView, t: Texts) -> list[Block]:
    found: list[Block] = []
    for name, mixes in ((t("Pillars"), view.pillars), (t("Target groups"), view.target_groups)):
        if mixes:
            lines = fitting("\n", [_mix(mix, t) for mix in mixes[:MOST_PLATFORMS]])
            found += [section(f"*{name}*"), {"type": "section", "text": plain(lines)}]
    return found


def _mix(mix: Mix, t: Texts) -> str:
    """'Information: 4 of 9 (44%), we want 40%'"""
    share = mix.share
    line = t("{name}: {count} of {of}", name=mix.name, count=share.count, of=share.of)
    if share.fraction is not None:
        line += f" ({t.percent(share.fraction)})"
    if share.target is None:
        return line
    sign = {Standing.MORE: "▲ ", Standing.LESS: "▼ "}.get(share.standing or Standing.AS_MEANT, "")
    return f"{sign}{line}, " + t("we want {target}", target=t.percent(share.target))


def _buttons(typed: str, moved: int, page: int, t: Texts, *, has_more: bool) -> list[Block]:
    """Values: how far from what was typed, the page, and what was typed."""
    here = f"{moved}:0:{typed}"
    buttons = [
        button(t("‹ Earlier"), "calendar.earlier", f"{moved - 1}:0:{typed}"),
        button(t("Later ›"), "calendar.later", f"{moved + 1}:0:{typed}"),
        button(t("Picture of the month"), "calendar.picture", here),
    ]
    if has_more:
        more = f"{moved}:{page + 1}:{typed}"
        buttons.insert(0, button(t("Show more"), "calendar.page.more", more))
    if page:
        back = f"{moved}:{page - 1}:{typed}"
        buttons.insert(0, button(t("Show the previous"), "calendar.page.back", back))
    return actions(buttons)


def _place_of(value: str) -> tuple[int, int, str]:
    moved, page, typed = value.split(":", 2)
    return int(moved), int(page), typed


def month_picture(view: CalendarView, t: Texts, zone: ZoneInfo) -> "Picture":
    """Of a month. Slow: to be drawn in a thread of its own."""
    # Matplotlib is large: who never asks for a picture does not wait for it.
    from handlers.pictures.month import Chip, Look, Month, draw  # noqa: PLC0415

    def look(status: PlacementStatus | None) -> Look:
        if status is None:
            return Look.FREE
        return Look.SURE if status in SURE else Look.OPEN

    places = {key: place for place, (key, _) in enumerate(view.platforms)}
    chips = [
        Chip(
            entry.at.astimezone(zone).replace(tzinfo=None),
            places[entry.platform_key],
            look(entry.status),
        )
        for entry in view.entries
        if not entry.is_skipped
    ]
    return draw(Month(view.part.period, chips, [name for _, name in view.platforms]), t)
