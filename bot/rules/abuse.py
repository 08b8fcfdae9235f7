"""What keeps somebody from drowning the others: how much in an hour, how large, with links."""

import re
from collections import defaultdict, deque
from datetime import datetime, timedelta
from enum import Enum

from bot.rules.refusals import Refusal
from bot.texts import N_

MOST_AN_HOUR = 120
"""Messages of one person: several stories with all that a story can have."""

MOST_STORIES_AN_HOUR = 5

HOUR = timedelta(hours=1)
NEW_FOR = timedelta(days=7)
"""So long a follower is new; links in what they send in are looked at first."""

LARGEST_DOWNLOAD = 20 * 1024 * 1024  # bytes that Telegram lets a bot fetch

_ENDINGS = "com|net|org|nl|be|de|eu|info|io|ru|shop|xyz|link|site|online|top|me"
_LINK = re.compile(rf"(?i)\b(?:https?://|www\.)\S|\b[a-z0-9-]+\.(?:{_ENDINGS})\b")

TOO_MUCH = N_(
    "You have sent me {most} messages within an hour, and that is the most I can take. What you "
    "send now I do not keep. Please go on in an hour; what you sent before is safe."
)


BLOCKED = N_(
    "Our team does not take messages from you any more, so I keep nothing of what you send. Do "
    "you think that is a mistake? Talk to our staff. What we have of you stays yours: /mydata and "
    "/forgetme still work."
)


class Blocked(Refusal):
    """A colleague blocked this follower: nothing that they send is kept."""

    def __init__(self) -> None:
        super().__init__(BLOCKED)


class Room(Enum):
    """Whether there is room for one more message."""

    YES = "yes"
    NO = "no"  # and it is to be said
    STILL_NO = "still no"  # it was said already


class Hour:
    """How much everybody sent in the last hour. In memory only: a limit is no promise, and a
    restart may forget it."""

    def __init__(self, most: int = MOST_AN_HOUR) -> None:
        self.most = most
        self._moments: dict[int, deque[datetime]] = defaultdict(deque)
        self._told: dict[int, datetime] = {}
        self._cleared_at: datetime | None = None

    def one_more(self, person: int, now: datetime) -> Room:
        self._clear(now)
        moments = self._moments[person]
        while moments and moments[0] <= now - HOUR:
            moments.popleft()
        if len(moments) < self.most:
            moments.append(now)
            return Room.YES
        if self._told.get(person, now - HOUR) > now - HOUR:
            return Room.STILL_NO
        self._told[person] = now
        return Room.NO

    def _clear(self, now: datetime) -> None:
        """Whoever sent nothing for an hour takes no room, either."""
        if self._cleared_at is not None and self._cleared_at > now - HOUR:
            return
        self._cleared_at = now
        gone = [who for who, sent in self._moments.items() if not sent or sent[-1] <= now - HOUR]
        for who in gone:
            del self._moments[who]
            self._told.pop(who, None)


def has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def is_new(created_at: datetime, now: datetime) -> bool:
    return now - created_at < NEW_FOR


def check_size(size: int) -> None:
    """size: bytes. Raises Refusal for what Telegram would not hand over."""
    if size > LARGEST_DOWNLOAD:
        raise Refusal(
            "This file has {size} MB. Telegram lets me fetch files of {limit} MB at most. Can you "
            "make it shorter or smaller, and send it again?",
            size=-(-size // (1024 * 1024)),
            limit=LARGEST_DOWNLOAD // (1024 * 1024),
        )
