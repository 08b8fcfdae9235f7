"""Colleagues: what Slack says of them."""

from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.actions.transaction import Transaction, action, query
from bot.actions.views import ColleagueView
from bot.rules.refusals import NotThere
from storage.models import Colleague

FRESH = timedelta(days=1)
"""So long what Slack said is believed: a changed language counts the next day at the latest."""


@query
def show(tx: Transaction, slack_id: str) -> ColleagueView | None:
    """None: not known, or not looked at for a day."""
    row = tx.session.get(Colleague, slack_id)
    if row is None or row.seen_at + FRESH < tx.now:
        return None
    return _view(row)


@action
def remember(
    tx: Transaction, slack_id: str, name: str, language: str, timezone: str
) -> ColleagueView:
    row = tx.session.get(Colleague, slack_id)
    if row is None:
        row = Colleague(
            slack_id=slack_id, name=name, language=language, timezone=timezone, seen_at=tx.now
        )
    row.name, row.language, row.timezone, row.seen_at = name, language, timezone, tx.now
    tx.session.add(row)
    return _view(row)


@action
def choose_language(tx: Transaction, slack_id: str, language: str) -> None:
    """A choice of their own goes before what Slack says: Slack itself speaks no Dutch."""
    row = tx.session.get(Colleague, slack_id)
    if row is None:
        raise NotThere("I do not know you yet. Open the Home tab once more and try again.")
    row.chosen_language = language
    tx.session.add(row)


def zone_of(tx: Transaction, slack_id: str) -> ZoneInfo:
    """Theirs, as far as Slack said; else the desk's."""
    row = tx.session.get(Colleague, slack_id)
    try:
        return ZoneInfo(row.timezone) if row else tx.desk.zone
    except (ZoneInfoNotFoundError, ValueError):  # Slack can know one that this machine does not
        return tx.desk.zone


def _view(row: Colleague) -> ColleagueView:
    return ColleagueView(
        slack_id=row.slack_id,
        name=row.name,
        language=row.chosen_language or row.language,
        timezone=row.timezone,
    )
