"""Figures: what a platform counts of a post that is out there. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.rules.calendar import WallTime
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.working_hours import Hours, day_of, next_moment
from bot.texts import N_

LARGEST_FIGURE = 1_000_000_000
"""More is a slip."""

ASK_AFTER = timedelta(days=3)
"""After a post was published: by then most people who will see it have seen it."""

ASK_AGAIN_AFTER = timedelta(days=3)
MOST_TIMES_LATER = 2
"""So often somebody may say "not now"."""


class Metric(StrEnum):
    """What is counted, each as a whole number."""

    REACH = "reach"  # how many people saw it
    LIKES = "likes"
    COMMENTS = "comments"
    SHARES = "shares"
    CLICKS = "clicks"
    SAVES = "saves"


METRIC_WORDS: Mapping[str, str] = {
    Metric.REACH: N_("Reach"),
    Metric.LIKES: N_("Likes"),
    Metric.COMMENTS: N_("Comments"),
    Metric.SHARES: N_("Times shared"),
    Metric.CLICKS: N_("Clicks"),
    Metric.SAVES: N_("Saves"),
}

IN_OUR_CHANNEL: Mapping[str, str] = {
    Metric.REACH: N_("The number beside the eye: the views."),
    Metric.LIKES: N_("All reactions together."),
    Metric.SHARES: N_("How often it was forwarded."),
}
"""What Telegram shows below a post in a channel."""

_SEPARATORS = r"[.,'’ \u00a0\u202f]"
_WHOLE = re.compile(r"\d{1,15}")
_IN_THOUSANDS = re.compile(rf"\d{{1,3}}({_SEPARATORS})\d{{3}}(?:\1\d{{3}})*")
_NO_FRACTION = re.compile(r"[.,]0{1,2}$")


def metrics_of(chosen: Collection[str], *, by_hand: bool) -> tuple[Metric, ...]:
    """Those that a platform has; where none was chosen, the usual ones."""
    usual = METRIC_WORDS if by_hand else IN_OUR_CHANNEL
    return tuple(metric for metric in Metric if metric in (chosen or usual))


def ask_at(after: datetime, days: timedelta, hours: Hours) -> datetime:
    """So many days later, when they begin to work: so what went out on one day is asked at once."""
    day = day_of(after + days, hours)
    return next_moment(WallTime(datetime.combine(day, time()), hours.zone.key).at, hours)


def figure_in(typed: str) -> int:
    """'1234', or with what is put between thousands: '1,234', '1.234', '1 234'. Raises Refusal."""
    plain = typed.strip()
    if not _WHOLE.fullmatch(plain) and not _IN_THOUSANDS.fullmatch(plain):
        raise Refusal(
            "“{typed}” is no whole number. Write it in digits: {example}.",
            typed=plain[:40],
            example="1234",
        )
    figure = int(re.sub(_SEPARATORS, "", plain))
    if figure > LARGEST_FIGURE:
        raise Refusal("{n} cannot be right: it is more than a billion.", n=figure)
    return figure


def figure_in_file(cell: str) -> int | None:
    """As a platform or a spreadsheet writes it: '812.0', too. None: none. Raises Refusal."""
    if cell.strip().casefold() in {"", "-", "–", "—", "--", "n/a", "n.v.t."}:
        return None
    return figure_in(_NO_FRACTION.sub("", cell.strip()))


def read_figures(typed: Mapping[str, str]) -> dict[str, int]:
    """What was filled in; an empty field is left out.

    Raises InvalidForm, with the metrics as fields.
    """
    figures: dict[str, int] = {}
    errors: dict[str, Refusal] = {}
    for metric, words in typed.items():
        try:
            if words.strip():
                figures[metric] = figure_in(words)
        except Refusal as refusal:
            errors[metric] = refusal
    if not figures and not errors:
        first = next(iter(typed))
        errors[first] = Refusal("Fill in one figure at least. A 0 is a figure, too.")
    if errors:
        raise InvalidForm(errors)
    return figures
