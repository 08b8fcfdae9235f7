"""The calendar: what is planned, and where nothing is yet."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions import calendar, special_days
from bot.actions.views import CalendarEntry
from bot.rules.calendar import wall_time
from bot.rules.posts import STATUS_WORDS
from bot.rules.special_days import SpecialDate
from bot.texts import Texts
from handlers.slack.blocks import IN_MESSAGE, Block, context, header, said, section
from handlers.slack.cards import SIGNS, Message
from handlers.slack.incoming import Incoming
from handlers.slack.words import first_words

GAP = "▫️"
SKIPPED = "🚫"
MOST_BLOCKS = IN_MESSAGE - 2
"""A heading, and a line that says how many more there are."""


async def show(incoming: Incoming) -> None:
    desk, t = incoming.desk, incoming.t
    today = wall_time(desk.clock(), desk.zone).local.date()
    entries, special = await asyncio.gather(
        calendar.planned(desk), special_days.between(desk, t.language, today)
    )
    message = overview(entries, t, desk.zone, special)
    await incoming.ack(text=message.text, blocks=message.blocks)


def overview(
    entries: Sequence[CalendarEntry],
    t: Texts,
    zone: ZoneInfo,
    special: Sequence[SpecialDate] = (),
) -> Message:
    """The coming weeks, a section for each day; special days stand beside their date."""
    title = t("The coming weeks")
    if not entries and not special:
        nothing = t("Nothing is planned yet. Propose a post with /social propose")
        return Message(nothing, [header(title), section(nothing)])
    days = list(_days(entries, t, zone, special))
    shown = days[: MOST_BLOCKS // 2]
    blocks = [block for day in shown for block in day]
    if len(days) > len(shown):
        blocks.append(context(_more(len(days) - len(shown), t)))
    return Message(title, [header(title), *blocks])


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


def _days(
    entries: Sequence[CalendarEntry], t: Texts, zone: ZoneInfo, special: Sequence[SpecialDate]
) -> Iterator[list[Block]]:
    """Days on which something is planned, or on which a special day begins."""
    lines: dict[date, list[str]] = {each.first: [] for each in special}
    for entry in sorted(entries, key=lambda entry: entry.at):
        lines.setdefault(entry.at.astimezone(zone).date(), []).append(entry_line(entry, t, zone))
    for day in sorted(lines):
        names = [f"🎉 {each.name}" for each in special if each.first <= day <= each.last]
        yield [section(f"*{t.day(day)}*"), *said("\n".join([*names, *lines[day]]))[:1]]


def _more(days: int, t: Texts) -> str:
    return t.n("And one more day.", "And {n} more days.", days)
