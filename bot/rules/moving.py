"""Moving: to which moment something can go, and what on a crowded day is the easiest to move."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.calendar import UNDECIDED
from bot.rules.posts import PlacementStatus, PostAction, can
from bot.rules.refusals import InvalidForm, Refusal

LONGEST = timedelta(days=366)


def check_moment(at: datetime, now: datetime) -> None:
    """Raises InvalidForm for when."""
    if not now < at <= now + LONGEST:
        raise InvalidForm({"when": Refusal("Choose a time that is still to come, within a year.")})


@dataclass(frozen=True)
class Placed:
    """A placement on a crowded day. by_hand: a person posts it, who can as well do that later."""

    placement_id: int
    at: datetime
    status: PlacementStatus
    by_hand: bool
    has_special_day: bool
    fills_slot: bool  # it stands at a fixed moment


def easiest(placed: Iterable[Placed], now: datetime) -> Placed | None:
    """What moves with the least trouble: what is tied to no special day, and to no fixed moment;
    then what nobody approved yet, or what is posted by hand; the latest of these.

    None where nothing can be moved any more.
    """
    movable = [each for each in placed if each.at > now and can(each.status, PostAction.MOVE)]
    return min(movable, key=_trouble, default=None)


def _trouble(placed: Placed) -> tuple[bool, bool, bool, float, int]:
    is_loose = placed.status in UNDECIDED or placed.by_hand
    return (
        placed.has_special_day,
        placed.fills_slot,
        not is_loose,
        -placed.at.timestamp(),
        placed.placement_id,
    )


def nearest(moments: Collection[datetime], at: datetime) -> datetime | None:
    """The one that is closest, the earlier of two."""
    return min(moments, key=lambda each: (abs(each - at), each), default=None)
