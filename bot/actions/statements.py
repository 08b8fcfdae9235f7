"""Prepared statements: to look up and copy."""

from dataclasses import dataclass
from datetime import date

from bot.actions.transaction import Transaction, query
from bot.rules.calendar import wall_time
from bot.rules.topics import folded, words_of
from storage.models import Statement
from storage.queries.strategy import all_of


@dataclass(frozen=True)
class StatementView:
    title: str
    text: str
    maintainer: str  # Slack user id
    valid_until: date | None
    has_expired: bool


@query
def look_up(tx: Transaction, typed: str = "") -> tuple[StatementView, ...]:
    """Those with all of these words in title or text, in the order of the strategy."""
    today = wall_time(tx.now, tx.desk.zone).local.date()
    words = words_of(typed)
    rows = sorted(all_of(tx.session, Statement), key=lambda row: row.position)
    return tuple(
        StatementView(
            title=row.title,
            text=row.text,
            maintainer=row.maintainer,
            valid_until=row.valid_until,
            has_expired=row.valid_until is not None and row.valid_until < today,
        )
        for row in rows
        if row.active and all(word in folded(f"{row.title} {row.text}") for word in words)
    )
