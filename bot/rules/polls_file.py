"""Polls as a table, out: a line for each answer. Pure.

It holds counts only: nobody can see in it who voted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from bot.rules.tables import write_table

COLUMNS: Mapping[str, Sequence[str]] = {
    "poll": ("poll", "peiling"),
    "question": ("question", "vraag"),
    "opened": ("opened", "geopend"),
    "closed": ("closed", "gesloten"),
    "answer": ("answer", "antwoord"),
    "right": ("right answer", "juiste antwoord"),
    "channel": ("votes in the channel", "stemmen in het kanaal"),
    "private": ("votes in private", "stemmen privé"),
    "votes": ("votes", "stemmen"),
    "share": ("share of the people", "deel van de mensen"),
    "channel_people": ("people in the channel", "mensen in het kanaal"),
    "private_people": ("people in private", "mensen privé"),
    "members": ("members of the channel", "leden van het kanaal"),
    "followers": ("followers of the bot", "volgers van de bot"),
    "target_group": ("target group", "doelgroep"),
    "goal": ("goal", "doel"),
}
"""Column → its headings: the English one, the Dutch one. In the order of a Line's fields."""


@dataclass(frozen=True)
class Line:
    """One answer of a poll. opened, closed: wall time; None: not yet, or not known."""

    poll: int
    question: str
    opened: datetime | None
    closed: datetime | None
    answer: str
    right: bool
    channel: int
    private: int
    votes: int
    share: float  # 0 to 1
    channel_people: int
    private_people: int
    members: int | None
    followers: int | None
    target_group: str = ""
    goal: str = ""


def write(lines: Sequence[Line], language: str) -> bytes:
    """With the headings of this language, and what its spreadsheets take for a separator."""
    is_dutch = language == "nl"
    return write_table(
        [headings[is_dutch] for headings in COLUMNS.values()],
        [[_cell(value, is_dutch=is_dutch) for value in astuple(line)] for line in lines],
        separator=";" if is_dutch else ",",
    )


def _cell(value: object, *, is_dutch: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return ("ja" if is_dutch else "yes") if value else ""
        case float():
            return f"{value:.0%}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
    return str(value)
