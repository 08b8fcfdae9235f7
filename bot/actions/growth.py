"""How many there are who read us on Telegram, counted once a day for the reports."""

from datetime import date

from bot.actions.transaction import Transaction, action
from bot.rules.calendar import wall_time
from storage.models import AudienceCount
from storage.queries.followers import count_followers, count_subscribers


@action
def count_audience(tx: Transaction) -> bool:
    """Today's row, where there is none yet; Telegram is asked for the channel. Whether it was."""
    day = wall_time(tx.now, tx.desk.zone).local.date()
    if tx.session.get(AudienceCount, day) is not None:
        return False
    tx.session.add(
        AudienceCount(
            day=day,
            subscribers=count_subscribers(tx.session),
            followers=count_followers(tx.session),
        )
    )
    if tx.desk.telegram_channel:
        tx.notify_telegram(
            tx.desk.telegram_channel, "channel.count", f"channel:{day}:count", day=day.isoformat()
        )
    return True


def counted(tx: Transaction, day: str, members: int) -> None:
    """What Telegram says of the channel, for that day."""
    row = tx.session.get(AudienceCount, date.fromisoformat(day))
    if row is not None:
        row.channel_members = members
        tx.session.add(row)
