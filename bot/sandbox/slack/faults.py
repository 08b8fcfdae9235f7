"""Trouble on purpose: errors, refusals, delays and cut connections, per Web API method."""

from dataclasses import dataclass, field
from typing import Literal

Cut = Literal["before", "after"]


@dataclass
class Fault:
    """What happens to the next `times` calls of `method`."""

    method: str
    status: int | None = None
    error: str | None = None
    cut: Cut | None = None
    retry_after: int | None = None
    delay: float = 0.0
    times: int = 1


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def add(
        self,
        method: str,
        *,
        status: int | None = None,
        error: str | None = None,
        cut: Cut | None = None,
        retry_after: int | None = None,
        times: int = 1,
        delay: float = 0.0,
    ) -> None:
        """Let the next `times` calls of `method` go wrong.

        `error` is Slack's error code; `status` an HTTP status; `cut` drops the connection
        "before" the call does anything or "after" it was carried out; `retry_after` answers
        429 with so many seconds; `delay` waits so many seconds before the call is carried out.
        """
        self.waiting.append(Fault(method, status, error, cut, retry_after, delay, times))

    def clear(self) -> None:
        self.waiting.clear()

    def next_for(self, method: str) -> Fault | None:
        """The fault that this call meets, counted down."""
        for fault in self.waiting:
            if fault.method == method:
                fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
                return fault
        return None
