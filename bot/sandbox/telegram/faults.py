"""Trouble on the line, ordered beforehand: refusals, cut connections, delays."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from bot.sandbox.telegram.errors import ApiError


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of one method. `delay` in seconds."""

    status: int | None
    description: str
    retry_after: int | None
    cut: Literal["before", "after"] | None
    delay: float
    times: int

    def refuse(self) -> None:
        """Raise the refusal, when that is what was ordered."""
        if self.status:
            raise ApiError(self.status, self.description, self.retry_after)


class Faults:
    """The faults that wait for their method to be called."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(
        self,
        method: str,
        *,
        status: int | None = None,
        description: str = "",
        retry_after: int | None = None,
        cut: Literal["before", "after"] | None = None,
        delay: float = 0,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of `method` go wrong; several orders are served in turn.

        `cut`: the connection breaks without an answer, "before" anything happened or "after" the
        effect. `retry_after` without a status is a 429. `delay`: seconds before anything else.
        """
        if retry_after is not None:
            status = status or HTTPStatus.TOO_MANY_REQUESTS
            description = description or f"Too Many Requests: retry after {retry_after}"
        if status and not description:
            description = HTTPStatus(status).phrase
        fault = Fault(status, description, retry_after, cut, delay, times)
        self._waiting.setdefault(method, []).append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def next(self, method: str) -> Fault | None:
        """The fault for this call, if one was ordered; it is used up."""
        waiting = self._waiting.get(method)
        if not waiting:
            return None
        fault = waiting[0]
        fault.times -= 1
        if fault.times <= 0:
            waiting.pop(0)
        return fault
