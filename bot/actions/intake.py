"""What the intake of updates remembers besides their effects."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from bot.actions.transaction import Transaction, action
from storage.models import HandledUpdate, ParkedUpdate, Press


@action
def park(tx: Transaction, update_id: int, raw: str, error: str) -> None:
    """An update that cannot be handled is kept with its error, and the intake goes on."""
    tx.session.execute(
        insert(ParkedUpdate)
        .values(update_id=update_id, raw=raw, error=error, parked_at=tx.now)
        .on_conflict_do_nothing()
    )


@action
def forget_handled(tx: Transaction, before: datetime) -> None:
    """Telegram keeps updates for a day: what is older cannot come again."""
    tx.session.execute(delete(HandledUpdate).where(col(HandledUpdate.handled_at) < before))
    tx.session.execute(delete(Press).where(col(Press.pressed_at) < before))
