"""The picture of a month: every day with what is planned, a colour for each platform. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.rules.calendar import monday_of
from bot.rules.spread import Period
from bot.texts import Texts
from handlers.pictures.canvas import FAINT, INK, LINE, Box, Picture, Sheet, colour_of

WIDTH = 1080
MARGIN = 24
TITLE = 100
WEEKDAYS = 44
CHIP = 34
BETWEEN = 6
CHIPS_A_DAY = 5
"""More of them on one day are counted: '+3'."""

LEGEND_LINE = 48
SPECIAL_LINE = 36
MOST_SPECIAL = 8


class Look(StrEnum):
    """How sure an entry is: full, a border, a dashed border."""

    SURE = "sure"  # approved, or out
    OPEN = "open"  # waits for a decision
    FREE = "free"  # a fixed moment without a post


@dataclass(frozen=True)
class Chip:
    """One entry of a day, on the wall. platform: its place in the strategy."""

    at: datetime
    platform: int
    look: Look


@dataclass(frozen=True)
class Month:
    """What the picture shows. platforms: names, in the order of the strategy."""

    period: Period
    chips: Sequence[Chip]
    platforms: Sequence[str]
    special_days: Sequence[tuple[Period, str]] = ()


@dataclass(frozen=True)
class Placed:
    """Where an entry stands in the picture."""

    chip: Chip
    box: Box


@dataclass(frozen=True)
class Plan:
    """Where everything stands."""

    height: int
    days: dict[date, Box]
    chips: tuple[Placed, ...]
    more: dict[date, int]  # so many of a day have no room
    legend_top: float


def draw(month: Month, t: Texts) -> Picture:
    """For a phone: 1,080 pixels wide, large letters, few words."""
    plan = lay_out(month)
    sheet = Sheet(WIDTH, plan.height)
    name = t.full_month(month.period.first)
    sheet.write(MARGIN, TITLE / 2, name[0].upper() + name[1:], 44, bold=True)
    _weekdays(sheet, plan, t)
    special = {day for period, _ in month.special_days for day in plan.days if day in period}
    for day, box in plan.days.items():
        _day(sheet, day, box, plan.more.get(day, 0), is_special=day in special)
    for placed in plan.chips:
        _chip(sheet, placed)
    _legend(sheet, plan, month, t)
    return Picture(sheet.png(), in_words(month, t))


def lay_out(month: Month) -> Plan:
    """Weeks below each other, Monday first; a week is as high as its fullest day."""
    of_day: dict[date, list[Chip]] = defaultdict(list)
    for chip in sorted(month.chips, key=lambda each: (each.at, each.platform)):
        of_day[chip.at.date()].append(chip)
    days: dict[date, Box] = {}
    chips: list[Placed] = []
    top = float(TITLE + WEEKDAYS)
    width = (WIDTH - 2 * MARGIN) / 7
    monday = monday_of(month.period.first)
    while monday <= month.period.last:
        week = [monday + timedelta(days=n) for n in range(7)]
        fullest = max(min(len(of_day[day]), CHIPS_A_DAY) for day in week)
        height = 2 * BETWEEN + CHIP + max(2, fullest) * (CHIP + BETWEEN)
        for column, day in enumerate(week):
            if day in month.period:
                box = Box(MARGIN + column * width, top, width, height)
                days[day] = box
                chips += _stacked(of_day[day][:CHIPS_A_DAY], box)
        top += height
        monday += timedelta(days=7)
    more = {
        day: len(found) - CHIPS_A_DAY
        for day, found in of_day.items()
        if day in days and len(found) > CHIPS_A_DAY
    }
    below = LEGEND_LINE * (len(month.platforms) + 2)
    below += SPECIAL_LINE * min(len(month.special_days), MOST_SPECIAL)
    return Plan(int(top + below + MARGIN), days, tuple(chips), more, top + MARGIN)


def in_words(month: Month, t: Texts) -> str:
    """For whoever does not see the picture."""
    counts = [
        t.n("{platform}: one entry", "{platform}: {n} entries", n, platform=name)
        for position, name in enumerate(month.platforms)
        if (n := sum(chip.platform == position for chip in month.chips))
    ]
    if not counts:
        return t(
            "The calendar of {month}: nothing is planned.", month=t.full_month(month.period.first)
        )
    waiting = sum(chip.look is Look.OPEN for chip in month.chips)
    free = sum(chip.look is Look.FREE for chip in month.chips)
    return t(
        "The calendar of {month}. {counts}. Not approved yet: {waiting}. "
        "Fixed moments without a post: {free}.",
        month=t.full_month(month.period.first),
        counts=t.listing(counts),
        waiting=waiting,
        free=free,
    )


def _stacked(chips: Sequence[Chip], day: Box) -> list[Placed]:
    """Below each other, under the day's number."""
    first = day.top + BETWEEN + CHIP + BETWEEN
    return [
        Placed(
            chip,
            Box(day.left + BETWEEN, first + n * (CHIP + BETWEEN), day.width - 2 * BETWEEN, CHIP),
        )
        for n, chip in enumerate(chips)
    ]


def _weekdays(sheet: Sheet, plan: Plan, t: Texts) -> None:
    width = (WIDTH - 2 * MARGIN) / 7
    for column, name in enumerate(t.weekdays()):
        x = MARGIN + (column + 0.5) * width
        sheet.write(x, TITLE + WEEKDAYS / 2, name, 24, colour=FAINT, side="center")


def _day(sheet: Sheet, day: date, box: Box, more: int, *, is_special: bool) -> None:
    fill = "#fff3cd" if is_special else ("#f5f5f7" if day.isoweekday() > 5 else None)
    sheet.box(box, fill=fill, line=LINE)
    y = box.top + BETWEEN + CHIP / 2
    sheet.write(box.left + 12, y, str(day.day), 26, bold=True)
    if more:
        sheet.write(box.left + box.width - 52, y, f"+{more}", 24, colour=FAINT, bold=True)


def _chip(sheet: Sheet, placed: Placed) -> None:
    colour = colour_of(placed.chip.platform)
    sure = placed.chip.look is Look.SURE
    sheet.box(
        placed.box,
        fill=colour if sure else "#ffffff",
        line=colour,
        dashed=placed.chip.look is Look.FREE,
    )
    x, y = placed.box.centre
    words = f"{placed.chip.at:%H:%M}"
    sheet.write(x, y, words, 24, colour="#ffffff" if sure else colour, bold=True, side="center")


def _legend(sheet: Sheet, plan: Plan, month: Month, t: Texts) -> None:
    """Which colour is which platform, what the borders mean, which days are special."""
    y = plan.legend_top + LEGEND_LINE / 2
    for position, name in enumerate(month.platforms):
        count = sum(chip.platform == position for chip in month.chips)
        sheet.box(Box(MARGIN, y - 14, 44, 28), fill=colour_of(position))
        sheet.write(MARGIN + 60, y, str(count), 28, bold=True)
        sheet.write(MARGIN + 130, y, name, 28, most=WIDTH - 2 * MARGIN - 130)
        y += LEGEND_LINE
    x = float(MARGIN)
    for look, words, width in (
        (Look.SURE, t("approved"), 290),
        (Look.OPEN, t("not approved yet"), 470),
        (Look.FREE, t("still empty"), 0),
    ):
        fill = INK if look is Look.SURE else None
        sheet.box(Box(x, y - 14, 44, 28), fill=fill, line=INK, dashed=look is Look.FREE)
        sheet.write(x + 60, y, words, 26, colour=INK)
        x += width
    y += LEGEND_LINE
    for period, name in month.special_days[:MOST_SPECIAL]:
        first = max(period.first, month.period.first).day
        last = min(period.last, month.period.last).day
        days = f"{first}" if first == last else f"{first}–{last}"
        sheet.write(MARGIN, y, f"{days}  {name}", 26, colour=FAINT, most=WIDTH - 2 * MARGIN)
        y += SPECIAL_LINE
