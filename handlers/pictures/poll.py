"""The chart of a closed poll: a bar for each answer, the channel and private told apart. Pure."""

from dataclasses import dataclass

from bot.actions.views import OptionView, PollView
from bot.rules.polls import PollPlace
from bot.texts import N_, Texts
from handlers.pictures.canvas import FAINT, LINE, Box, Picture, Sheet, colour_of, wrapped

WIDTH = 1080
MARGIN = 36
TITLE, TITLE_LINE, TITLE_LINES = 44, 56, 8
TEXT, TEXT_LINE, TEXT_LINES = 30, 40, 4
COUNT = 300
"""Pixels for '1.000.000 (100%)' beside an answer."""

BAR, BETWEEN = 34, 34
THINNEST = 4
"""Pixels: a single vote among a million can be seen, too."""

LEGEND = 48
CHANNEL, PRIVATE = colour_of(0), colour_of(1)
IN_CHANNEL, IN_PRIVATE = N_("In the channel"), N_("In private")


@dataclass(frozen=True)
class Row:
    """Where an answer stands: its lines of text, the full width, and the two parts of its bar."""

    lines: tuple[str, ...]
    top: float
    track: Box
    channel: Box | None
    private: Box | None


@dataclass(frozen=True)
class Plan:
    title: tuple[str, ...]
    rows: tuple[Row, ...]
    legend_top: float
    height: int


def draw(poll: PollView, t: Texts) -> Picture:
    """For a phone: 1,080 pixels wide, large letters, few words."""
    plan = lay_out(poll)
    sheet = Sheet(WIDTH, plan.height)
    for n, line in enumerate(plan.title):
        sheet.write(MARGIN, MARGIN + (n + 0.5) * TITLE_LINE, line, TITLE, bold=True)
    for position, row in enumerate(plan.rows):
        _row(sheet, row, poll, position, t)
    _legend(sheet, plan, poll, t)
    return Picture(sheet.png(), in_words(poll, t))


def lay_out(poll: PollView) -> Plan:
    """A full bar is everybody who took part."""
    full = WIDTH - 2 * MARGIN
    title = wrapped(poll.question, TITLE, full, TITLE_LINES, bold=True)
    top = float(MARGIN + len(title) * TITLE_LINE + BETWEEN)
    rows = []
    for position, option in enumerate(poll.options):
        bold = option in poll.winners
        words = f"✓ {option.text}" if position == poll.right else option.text
        lines = wrapped(words, TEXT, full - COUNT, TEXT_LINES, bold=bold)
        track = Box(MARGIN, top + len(lines) * TEXT_LINE, full, BAR)
        rows.append(Row(tuple(lines), top, track, *_parts(option, poll, track)))
        top = track.top + BAR + BETWEEN
    below = LEGEND * len(_places(poll)) + LEGEND
    return Plan(tuple(title), tuple(rows), top, int(top + below + MARGIN))


def in_words(poll: PollView, t: Texts) -> str:
    """For whoever does not see the picture."""
    if not poll.votes:
        return t("A bar chart of the poll “{question}”: nobody voted.", question=poll.question)
    counts = [
        t.n(
            "{option}: one vote ({share})",
            "{option}: {n} votes ({share})",
            option.votes,
            option=option.text,
            share=t.percent(poll.share(option)),
        )
        for option in poll.options
    ]
    return t(
        "A bar chart of the poll “{question}”. {counts}. {people}.",
        question=poll.question,
        counts="; ".join(counts),
        people=_people(poll, t),
    )


def _parts(option: OptionView, poll: PollView, track: Box) -> tuple[Box | None, Box | None]:
    """The channel's first, private behind it."""
    parts: list[Box | None] = []
    left = track.left
    for votes in (option.channel_votes, option.private_votes):
        if not votes:
            parts.append(None)
            continue
        width = max(THINNEST, track.width * votes / max(poll.people, option.votes))
        width = min(width, track.left + track.width - left)
        parts.append(Box(left, track.top, width, track.height))
        left += width
    return parts[0], parts[1]


def _row(sheet: Sheet, row: Row, poll: PollView, position: int, t: Texts) -> None:
    option = poll.options[position]
    bold = option in poll.winners
    for n, line in enumerate(row.lines):
        sheet.write(MARGIN, row.top + (n + 0.5) * TEXT_LINE, line, TEXT, bold=bold)
    count = f"{t.number(option.votes)} ({t.percent(poll.share(option))})"
    last = row.track.top - TEXT_LINE / 2
    sheet.write(WIDTH - MARGIN, last, count, TEXT, bold=bold, side="right")
    sheet.bar(row.track, LINE)
    for box, colour in ((row.channel, CHANNEL), (row.private, PRIVATE)):
        if box:
            sheet.bar(box, colour)


def _legend(sheet: Sheet, plan: Plan, poll: PollView, t: Texts) -> None:
    """What the colours are, where there are two; how many took part."""
    y = plan.legend_top + LEGEND / 2
    for words, colour in _places(poll):
        sheet.bar(Box(MARGIN, y - 14, 44, 28), colour)
        sheet.write(MARGIN + 60, y, t(words), 28)
        y += LEGEND
    note = _people(poll, t)
    if poll.turnout is not None:
        note += " · " + t("turnout {share}", share=t.percent(poll.turnout))
    sheet.write(MARGIN, y, note, 28, colour=FAINT, most=WIDTH - 2 * MARGIN)


def _places(poll: PollView) -> list[tuple[str, str]]:
    """Sentence and colour; nothing where there is only one place."""
    if poll.place is not PollPlace.BOTH:
        return []
    return [(IN_CHANNEL, CHANNEL), (IN_PRIVATE, PRIVATE)]


def _people(poll: PollView, t: Texts) -> str:
    if not poll.people:
        return t("Nobody took part")
    return t.n("One person took part", "{n} people took part", poll.people)
