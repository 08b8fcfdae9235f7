"""Pictures: asked for here, drawn when they are sent, from the calendar as it is then."""

from datetime import date

from bot.actions.calendar_views import part_for
from bot.actions.transaction import Transaction, action
from bot.rules.delivery import Priority


@action
def ask_for_month(tx: Transaction, by: str, typed: str, moved: int) -> None:
    """The month in which that part of the calendar begins, to whoever asks.

    Asked twice within a minute is asked once. Raises Refusal for a month that is not there.
    """
    month = part_for(tx, typed, moved).period.first
    of_month(tx, by, month, f"{by}:{tx.now:%Y-%m-%dT%H:%M}")


def of_month(tx: Transaction, recipient: str, day: date, occasion: str) -> None:
    """The picture of that day's month; once for each occasion."""
    month = f"{day:%Y-%m}"
    tx.notify_slack(
        recipient,
        "calendar.month",
        f"month:{month}:{occasion}",
        priority=Priority.BROADCAST,  # whatever is said besides comes first
        month=month,
    )
