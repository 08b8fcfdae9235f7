"""Sending: how often, how long to wait, when to give up."""

from datetime import timedelta
from enum import IntEnum, StrEnum

LEASE = timedelta(seconds=60)
"""How long a send may take before another may claim it."""

MAX_ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=30)


class Priority(IntEnum):
    """The order in which what is due goes out."""

    ANSWER = 0  # somebody is waiting for it
    NORMAL = 1
    BROADCAST = 2


class NoticeStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    OVERTAKEN = "overtaken"  # a newer notice says it all
    FAILED = "failed"
    IN_DOUBT = "in_doubt"  # public, and perhaps out: a person looks


def wait_after(attempts: int) -> timedelta:
    """Doubles with every attempt: 2 s, 4 s, 8 s … half an hour at most."""
    doublings = min(attempts - 1, 10)  # ten of them are beyond the longest wait
    return min(FIRST_WAIT * float(2**doublings), LONGEST_WAIT)
