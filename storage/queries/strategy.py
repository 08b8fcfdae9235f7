"""What the strategy file says, as it is kept."""

from typing import TypeVar

from sqlmodel import Session, SQLModel, select

from storage.models import Organisation

M = TypeVar("M", bound=SQLModel)


def organisation_name(session: Session) -> str:
    """Empty while no strategy was loaded."""
    organisation = session.get(Organisation, 1)
    return organisation.name if organisation else ""


def all_of(session: Session, model: type[M]) -> list[M]:
    """Every row, the retired ones too."""
    return list(session.exec(select(model)))
