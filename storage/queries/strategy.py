"""What the strategy file says, as it is kept."""

from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from storage.models import AuditEntry, Organisation

M = TypeVar("M", bound=SQLModel)


def organisation_name(session: Session) -> str:
    """Empty while no strategy was loaded."""
    organisation = session.get(Organisation, 1)
    return organisation.name if organisation else ""


def all_of(session: Session, model: type[M]) -> list[M]:
    """Every row, the retired ones too."""
    return list(session.exec(select(model)))


def changes_since_load(session: Session) -> list[AuditEntry]:
    """What was changed in Slack since a strategy file was loaded, the earliest first."""
    found: list[AuditEntry] = []
    for entry in _changes(session):
        found = [] if entry.action == "load" else [*found, entry]
    return found


def went_along(session: Session, kind: str, key: str) -> list[tuple[str, str]]:
    """(kind, key) of what went out of use together with this part, the last time in Slack."""
    for entry in reversed(_changes(session)):
        details = entry.details
        if entry.action == "retire" and details["kind"] == kind and key in details["keys"]:
            return [(also, its_key) for also, its_key in details["along"] if its_key != key]
    return []


def _changes(session: Session) -> list[AuditEntry]:
    """Of the strategy, the earliest first."""
    about = select(AuditEntry).where(AuditEntry.entity == "strategy", AuditEntry.entity_id == 1)
    rows = session.exec(about.order_by(col(AuditEntry.id)))
    return [entry for entry in rows if entry.action != "refused"]
