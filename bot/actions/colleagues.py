"""Colleagues: what Slack says of them."""

from datetime import timedelta

from bot.actions.transaction import Transaction, action, query
from bot.actions.views import ColleagueView
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
    row = tx.session.merge(
        Colleague(
            slack_id=slack_id, name=name, language=language, timezone=timezone, seen_at=tx.now
        )
    )
    return _view(row)


def _view(row: Colleague) -> ColleagueView:
    return ColleagueView(
        slack_id=row.slack_id, name=row.name, language=row.language, timezone=row.timezone
    )
