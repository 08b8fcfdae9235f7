"""Escalation: when time runs out, the deputies decide beside the owners."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.approvals import Say
from bot.actions.deciding import recount
from bot.actions.history import tell_in_thread
from bot.actions.reminder_subjects import OfPlacement
from bot.actions.transaction import Transaction
from bot.rules.posts import PostAction
from storage.models import Placement


def escalate_for(tx: Transaction, deputy: str, subject: OfPlacement) -> bool:
    """Whether it makes a difference that this deputy counts from now on, and did not before."""
    if subject.placement.escalated_at is not None or not _once_escalated(deputy, subject.open):
        return False
    _escalate(tx, subject.placement)
    return True


def _once_escalated(deputy: str, says: Sequence[Say]) -> bool:
    """Whether, as soon as deputies count, this one can approve, or what they approved is enough."""
    theirs = [say for say in says if deputy in say.people.deputies and say.standing.missing]
    later = [replace(say, people=replace(say.people, escalated=True)).standing for say in theirs]
    return any(not standing.missing or deputy in standing.awaited for standing in later)


def _escalate(tx: Transaction, placement: Placement) -> None:
    """What deputies approved before can be enough now."""
    assert placement.id is not None
    placement.escalated_at = tx.now
    tx.session.add(placement)
    entry = tx.audit("the time", PostAction.ESCALATE, "placement", placement.id)
    recount(tx, placement.post_id)  # and the card, which says so
    tell_in_thread(tx, placement.post_id, entry)
