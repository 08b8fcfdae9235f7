"""Figures from a platform's own export: CSV as Meta Business Suite, Instagram and LinkedIn give
it, in English or Dutch. Pure.

Such a file tells of every post of the page, and of much that we do not keep: columns that are
not known are passed over.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from itertools import islice
from urllib.parse import parse_qs, urlsplit

from bot.rules.figures import Metric, figure_in_file
from bot.rules.refusals import Refusal
from bot.rules.strategy_file import Mistake
from bot.rules.tables import MOST_ROWS, RowMistakes, lines_of, mistake_in, text_of

LINK = ("permalink", "post link", "link", "url", "bijdragelink", "link naar bijdrage")
TIME = ("publish time", "publicatietijd", "publicatietijdstip", "tijdstip van publicatie")
COLUMNS: Mapping[str, Sequence[str]] = {
    Metric.REACH: ("reach", "bereik", "unique impressions", "unieke weergaven",
                   "impressions", "views", "weergaven"),
    Metric.LIKES: ("reactions", "likes", "vind-ik-leuks", "likes en reacties", "reacties"),
    Metric.COMMENTS: ("comments", "opmerkingen", "commentaren"),
    Metric.SHARES: ("shares", "reposts", "keren gedeeld", "keer gedeeld", "deelacties"),
    Metric.CLICKS: ("total clicks", "clicks", "link clicks",
                    "totaal aantal klikken", "klikken", "klikken op links"),
    Metric.SAVES: ("saves", "saved", "keren opgeslagen", "keer bewaard", "opgeslagen"),
}  # fmt: skip
"""Metric → the headings under which exports have it; of several that are there, the first."""

LOOK = 10
"""Lines in which the headings are looked for: LinkedIn begins with some words."""

_SLASHED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})[ ,]+(\d{1,2}):(\d{2})(?::\d{2})?( ?[ap]m)?"
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})")
_LINKEDIN = re.compile(r"(activity|share|ugcpost)[:-](\d{10,})", re.IGNORECASE)
_INSTAGRAM = re.compile(r"/(?:p|reel|reels|tv)/([^/?#]+)")
_KEPT_IN_QUERY = ("fbid", "id", "story_fbid", "v")


@dataclass(frozen=True)
class Told:
    """One row: a post by its link or its time (naive: wall time), and its figures."""

    row: int
    link: str
    at: datetime | None
    figures: Mapping[Metric, int]


def read(content: bytes, most: int) -> tuple[Told, ...]:
    """Raises RowMistakes with everything that is wrong."""
    try:
        text = text_of(content, most)
    except Refusal as refusal:
        raise RowMistakes([mistake_in(0, refusal)]) from None
    separator, first, places = _headings(text)
    lines = lines_of(text, separator)
    if len(lines) > MOST_ROWS + LOOK:
        raise RowMistakes([Mistake(0, "A file has {limit} rows at most.", {"limit": MOST_ROWS})])
    days_first = _days_first(lines[first:], places, is_dutch=_is_dutch(lines[first - 1]))
    told: list[Told] = []
    mistakes: list[Mistake] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[first:], start=first + 1):
        cells = {name: line[n].strip() for name, n in places.items() if n < len(line)}
        if not any(cells.values()):
            continue
        try:
            each = _told(number, cells, days_first=days_first)
        except Refusal as refusal:
            mistakes.append(mistake_in(number, refusal))
            continue
        link = normal(each.link)
        if link and link in seen:
            earlier = {"first": seen[link]}
            mistakes.append(Mistake(number, "This is the same post as row {first}.", earlier))
        seen.setdefault(link, number)
        told.append(each)
    if not told and not mistakes:
        mistakes.append(Mistake(0, "There is no post in this file.", {}))
    if mistakes:
        raise RowMistakes(mistakes)
    return tuple(told)


def normal(link: str) -> str:
    """The same for every address of one post, as far as an address tells."""
    link = link.strip()
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return link
    host = re.sub(r"^(www|m|web|mobile|nl-nl|[a-z]{2})\.(?=[^.]+\.)", "", parts.netloc.lower())
    if host == "linkedin.com" and (found := _LINKEDIN.search(link)):
        return f"{host}/{found[1].lower()}/{found[2]}"
    if host == "instagram.com" and (found := _INSTAGRAM.search(parts.path)):
        return f"{host}/{found[1]}"
    asked = parse_qs(parts.query) if host == "facebook.com" else {}
    query = "&".join(f"{name}={asked[name][0]}" for name in _KEPT_IN_QUERY if name in asked)
    return host + parts.path.rstrip("/") + (f"?{query}" if query else "")


def site(link: str) -> str:
    """'instagram' of an address there."""
    host = normal(link).partition("/")[0]
    return host.split(".")[-2] if host.count(".") else ""


def _headings(text: str) -> tuple[str, int, dict[str, int]]:
    """The separator, how many lines come before the rows, and column → its place."""
    found: list[tuple[int, str, int, dict[str, int]]] = []
    for separator in ",;\t":
        lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
        for number, line in enumerate(islice(lines, LOOK), start=1):
            places = _places([cell.strip().casefold() for cell in line])
            if ("link" in places or "time" in places) and set(places) & set(Metric):
                found.append((len(places), separator, number, places))
    if not found:
        raise RowMistakes(
            [
                Mistake(
                    0,
                    "I find no headings that I know: a link or a time of each post, and figures. "
                    "Bring in the file as the platform exports it, saved as CSV.",
                    {},
                )
            ]
        )
    _, separator, number, places = max(found, key=lambda each: each[0])
    return separator, number, places


def _places(headings: Sequence[str]) -> dict[str, int]:
    known: dict[str, Sequence[str]] = {"link": LINK, "time": TIME, **COLUMNS}
    return {
        name: headings.index(first)
        for name, names in known.items()
        if (first := next((each for each in names if each in headings), None))
    }


def _told(number: int, cells: Mapping[str, str], *, days_first: bool) -> Told:
    figures = {
        metric: figure
        for metric in Metric
        if (figure := figure_in_file(cells.get(metric, ""))) is not None
    }
    link, when = cells.get("link", ""), cells.get("time", "")
    at = None
    try:
        at = _moment(when, days_first) if when else None
    except Refusal:
        if not link:  # by which it is found just as well
            raise
    return Told(number, link, at, figures)


def _is_dutch(headings: Sequence[str]) -> bool:
    return any(heading.strip().casefold() in ("bereik", "weergaven") for heading in headings)


def _days_first(
    lines: Sequence[Sequence[str]], places: Mapping[str, int], *, is_dutch: bool
) -> bool:
    """Whether 3/2 is a day in February. The file shows it where a day is after the 12th."""
    place = places.get("time")
    cells = [line[place] for line in lines if place is not None and place < len(line)]
    dates = [found for cell in cells if (found := _SLASHED.fullmatch(cell.strip().casefold()))]
    if any(int(found[1]) > 12 for found in dates):
        return True
    if any(int(found[3]) > 12 for found in dates):
        return False
    return is_dutch or any(found[2] != "/" for found in dates)


def _moment(cell: str, days_first: bool) -> datetime:
    try:
        if found := _ISO.match(cell):
            return datetime.fromisoformat(f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}")
        if found := _SLASHED.fullmatch(cell.casefold()):
            one, other, year = int(found[1]), int(found[3]), int(found[4])
            day, month = (one, other) if days_first else (other, one)
            half = (found[7] or "").strip()
            hour = int(found[5]) % 12 + 12 * (half == "pm") if half else int(found[5])
            return datetime.combine(date(year, month, day), time(hour, int(found[6])))
    except ValueError:
        pass
    raise Refusal(
        "“{cell}” is no date with a time. Write it as {example}.",
        cell=cell[:40],
        example="2026-04-26 10:00",
    )
