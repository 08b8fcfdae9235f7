"""A card is written anew: a notice that shows its entity as it is when it is sent."""

from typing import Any

from bot.actions.transaction import Transaction
from bot.rules.delivery import NoticeStatus
from storage.queries.notices import count_notices


def refresh(tx: Transaction, recipient: str, kind: str, entity_id: int) -> None:
    """Writes a notice that shows the entity's present state; one that still waits will do.

    kind: the entity's word, a dot, and the card's name.
    """
    prefix = f"{kind}:{entity_id}:{recipient}:"
    if count_notices(tx.session, prefix, NoticeStatus.PENDING) == 0:
        so_far = count_notices(tx.session, prefix)
        payload: dict[str, Any] = {f"{kind.split('.', maxsplit=1)[0]}_id": entity_id}
        tx.notify_slack(recipient, kind, f"{prefix}{so_far + 1}", **payload)
