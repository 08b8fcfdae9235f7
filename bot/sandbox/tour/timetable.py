"""When the tour plays. A fixed week, so that every tour meets the same calendar.

It begins on a Friday after the last fixed moment of the example strategy's week, and on no day
before a first Saturday: so no reminder is due before anybody did anything.
"""

from datetime import datetime, timedelta

from bot.sandbox.world import ZONE


def _on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=ZONE)


BEGINS = _on(15, 14)
IN_THE_PAST = BEGINS - timedelta(days=1)

POST = _on(18, 10)
"""Monday, the book tip: Anna's post."""

BEFORE_EMPTY_SLOT = _on(15, 16)
"""On the last working day two days before "Behind the shelves" on Instagram, for which nobody
made a post."""

BEFORE_POST = POST - timedelta(hours=1)
SNOOZED = timedelta(hours=1)

STORY = _on(22, 12)
"""Friday, a reader's story: Fatima's."""

POLL_CLOSES = _on(22, 20)

HELD_UNTIL = _on(23, 9)
"""Saturday: nothing else is due then."""

LATER_POST = _on(28, 17)
"""Thursday after the tour, when Anna's last post is planned."""
