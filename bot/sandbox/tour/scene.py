"""What every step of the tour has at hand, and what a step is."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.tour.words import Words
from bot.sandbox.transcript import Transcript
from bot.sandbox.world import ZONE, World
from bot.texts import Texts

PATIENCE = 10.0
"""Seconds that a person waits for something to appear before they give up."""

SECOND_LOOK = 2.0
"""Seconds in which something that was not confirmed can still turn out to have worked."""


class StepFailed(Exception):
    """What was expected, and what was seen instead."""

    def __init__(self, expected: str, seen: str = "") -> None:
        super().__init__(expected + (f"\n{seen}" if seen else ""))


@dataclass
class Scene:
    world: World
    transcript: Transcript
    t: Texts
    patience: float = PATIENCE
    words: Words = field(init=False)
    receipts: list[str] = field(default_factory=list)
    """The numbers that followers got for their stories."""
    done: Counter[str] = field(default_factory=Counter)
    """What was done and seen to be done: proposals, decisions, votes, stories, posts."""

    def __post_init__(self) -> None:
        self.words = Words(self.t)

    def check(self, holds: object, what: str, seen: str = "") -> None:
        """Raises StepFailed where it does not hold."""
        if not holds:
            raise StepFailed(what, seen)
        self.transcript.checked(what)

    def moves_to(self, at: datetime) -> None:
        """Time goes by."""
        self.world.clock.move_to(at)
        moment = self.t.moment(self.world.clock(), ZONE)
        self.transcript.does(self.t("Time goes by. It is {moment}.", moment=moment))

    def platform(self, key: str) -> str:
        return self.world.named("platform", key)


@dataclass(frozen=True)
class Step:
    """title: a sentence of the catalogue. play raises StepFailed."""

    title: str
    play: Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Chapter:
    title: str
    steps: tuple[Step, ...]
