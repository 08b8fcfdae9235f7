"""What a colleague tries: done, or refused with an entry in the audit that says so."""

from collections.abc import Awaitable
from typing import TypeVar

from bot.actions.transaction import Desk, Transaction, action
from bot.rules.refusals import NotThere, Refusal

T = TypeVar("T")


async def attempt(
    desk: Desk, by: str, what: str, entity: str, entity_id: int, work: Awaitable[T]
) -> T:
    """The outcome of `work`. A Refusal is audited ("approve refused") and raised again."""
    try:
        return await work
    except NotThere:
        raise
    except Refusal as refusal:
        await _note_refusal(desk, by, what, entity, entity_id, refusal.sentence)
        raise


@action
def _note_refusal(
    tx: Transaction, by: str, what: str, entity: str, entity_id: int, why: str
) -> None:
    tx.audit(f"slack:{by}", f"{what} refused", entity, entity_id, why=why)
