"""The calendar: what is planned, and where nothing is yet."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.actions import calendar
from bot.actions.views import CalendarEntry
from bot.rules.posts import STATUS_WORDS
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
    entries = await calendar.planned(incoming.desk)
    message = overview(entries, incoming.t, incoming.desk.zone)
    await incoming.ack(text=message.text, blocks=message.blocks)


def overview(entries: Sequence[CalendarEntry], t: Texts, zone: ZoneInfo) -> Message:
    """The coming weeks, a section for each day."""
    title = t("The coming weeks")
    if not entries:
        nothing = t("Nothing is planned yet. Propose a post with /social propose")
        return Message(nothing, [header(title), section(nothing)])
    days = list(_days(entries, t, zone))
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


def _days(entries: Sequence[CalendarEntry], t: Texts, zone: ZoneInfo) -> Iterator[list[Block]]:
    in_order = sorted(entries, key=lambda entry: entry.at)
    for day, group in groupby(in_order, key=lambda entry: entry.at.astimezone(zone).date()):
        lines = "\n".join(entry_line(entry, t, zone) for entry in group)
        yield [section(f"*{t.day(day)}*"), *said(lines)[:1]]


def _more(days: int, t: Texts) -> str:
    return t.n("And one more day.", "And {n} more days.", days)
