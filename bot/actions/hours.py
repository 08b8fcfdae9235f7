"""When each colleague works, and so may be reminded."""

from functools import partial

from bot.actions.colleagues import zone_of
from bot.actions.special_days import country_of
from bot.actions.transaction import Transaction, query
from bot.rules.special_days import is_public_holiday
from bot.rules.working_hours import Hours
from storage.models import Colleague


@query
def show(tx: Transaction, person: str) -> Hours:
    return hours_of(tx, person)


def hours_of(tx: Transaction, person: str) -> Hours:
    """Their own days and hours, on their own wall, without our country's public holidays."""
    zone, is_free = zone_of(tx, person), partial(is_public_holiday, country_of(tx))
    row = tx.session.get(Colleague, person)
    if row is None:
        return Hours(zone, is_free=is_free)
    return Hours(zone, frozenset(row.working_days), row.begins, row.ends, is_free)
