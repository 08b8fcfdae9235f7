"""The tour itself: chapter after chapter, step after step, and what came of it."""

import time

from bot.sandbox.tour import desk, drafts, planned, polls, proposals, stories
from bot.sandbox.tour.outcome import Outcome, look
from bot.sandbox.tour.scene import PATIENCE, Chapter, Scene, Step, StepFailed
from bot.sandbox.transcript import Transcript
from bot.sandbox.world import World
from bot.texts import texts_in

CHAPTERS: tuple[Chapter, ...] = (
    *proposals.CHAPTERS,
    *polls.CHAPTERS,
    *stories.CHAPTERS,
    *drafts.CHAPTERS,
    *planned.TIME,
    *polls.LAST,
    *desk.CHAPTERS,
    *planned.OVERVIEW,
)
STEPS = sum(len(chapter.steps) for chapter in CHAPTERS)


class Tour:
    """Plays the whole loop in a world that begins at `BEGINS`.

    transcript: None prints to the terminal. patience: seconds that people wait for anything;
    give them more where the bot is killed meanwhile.
    """

    def __init__(
        self, world: World, transcript: Transcript | None = None, patience: float = PATIENCE
    ) -> None:
        t = texts_in(world.language)
        self._transcript = transcript or Transcript()
        self._scene = Scene(world, self._transcript, t, patience)

    async def run(self) -> Outcome:
        """Every step stands on those before it: the first that fails is the last."""
        started = time.monotonic()
        failed: list[str] = []
        number = 0
        for chapter in CHAPTERS:
            if not failed:
                self._transcript.chapter(self._scene.t(chapter.title))
            for step in chapter.steps:
                number += 1
                if failed or not await self._passed(number, step):
                    failed.append(step.title)
        return look(self._scene, STEPS, tuple(failed), time.monotonic() - started)

    async def _passed(self, number: int, step: Step) -> bool:
        self._transcript.step(number, STEPS, self._scene.t(step.title))
        try:
            await step.play(self._scene)
        except StepFailed as failure:
            self._transcript.failed(str(failure))
            return False
        return True
