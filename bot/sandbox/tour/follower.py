"""A follower in Telegram as the tour plays them."""

from collections.abc import Callable
from typing import TypeVar

from bot.sandbox import telegram
from bot.sandbox.telegram import Message, NoSuchButton, NotAnswered
from bot.sandbox.telegram.people import find_button
from bot.sandbox.tour.scene import SECOND_LOOK, Scene, StepFailed
from bot.texts import language_from, texts_in

T = TypeVar("T")


class Follower:
    """What they hear counts from their last message, or from when this was made."""

    def __init__(self, scene: Scene, person: telegram.Person) -> None:
        self.scene = scene
        self.person = person
        self.t = texts_in(language_from(person.user.language, scene.t.language))
        self.name = person.user.first_name
        self._heard = len(person.chat)

    # Looking and waiting

    def message(self, *words: str, button: str = "") -> Message | None:
        """The newest message from the bot that fits, of those that count."""
        said = [m for m in self.person.chat[self._heard :] if m.sender is not self.person.user]
        return next((m for m in reversed(said) if _fits(m, words, button)), None)

    def newest(self, button: str) -> Message | None:
        """The newest message that has this button, however old."""
        return next((m for m in reversed(self.person.chat) if _fits(m, (), button)), None)

    async def hears(self, *words: str, button: str = "") -> Message:
        what = ", ".join([*(f"“{word}”" for word in words), *([f"[{button}]"] if button else [])])
        message = await self.until(lambda: self.message(*words, button=button), what)
        self.scene.transcript.sees(self.t("{name} sees:", name=self.name), message.seen())
        return message

    async def is_answered(self) -> Message:
        """A message with nothing to press."""
        message = await self.until(self._plain, "an answer")
        self.scene.transcript.sees(self.t("{name} sees:", name=self.name), message.seen())
        return message

    async def until(self, predicate: Callable[[], T | None], what: str) -> T:
        """Raises StepFailed with what stands there instead."""
        try:
            return await self.scene.world.until(predicate, self.scene.patience)
        except TimeoutError:
            raise self._failed(what) from None

    async def turns_out(self, done: Callable[[], object]) -> bool:
        """Whether it is so, at a second look."""
        try:
            await self.scene.world.until(done, SECOND_LOOK)
        except TimeoutError:
            return False
        return True

    # Acting

    def says(self, text: str) -> None:
        self._tell(self.t("{name} writes: {text}", name=self.name, text=text))
        self._heard = len(self.person.chat)
        self.person.send(text)

    def follows(self, link: str) -> None:
        """A deep link to the bot."""
        self._tell(self.t("{name} follows the link {link}", name=self.name, link=link))
        self._heard = len(self.person.chat)
        self.person.open_link(link)

    def sends(self, what: str, send: Callable[[], object]) -> None:
        """Something else than text; `what` says it."""
        self._tell(self.t("{name} sends {what}", name=self.name, what=what))
        self._heard = len(self.person.chat)
        send()

    async def presses(self, label: str) -> str:
        """What the bot answers above the chat, perhaps nothing.

        An answer that does not come is waited for: Telegram brings the press once more.
        """
        message = await self.until(lambda: self.newest(label), f"a message with [{label}]")
        self._tell(self.t("{name} presses [{label}]", name=self.name, label=label))
        self._heard = len(self.person.chat)
        try:
            answer = await self.person.press(message, label, self.scene.patience)
        except (NotAnswered, NoSuchButton) as error:
            raise self._failed(str(error)) from None
        if answer:
            self.scene.transcript.sees(self.t("{name} sees:", name=self.name), answer)
        return answer or ""

    def _plain(self) -> Message | None:
        message = self.message()
        return message if message and not message.buttons() else None

    def _tell(self, sentence: str) -> None:
        self.scene.transcript.does(sentence)

    def _failed(self, expected: str) -> StepFailed:
        seen = "\n---\n".join(message.seen() for message in self.person.chat[-3:])
        return StepFailed(f"{self.name} expected {expected}, and saw:", seen)


def _fits(message: Message, words: tuple[str, ...], button: str) -> bool:
    return all(word in message.seen() for word in words) and (
        not button or _has_button(message, button)
    )


def _has_button(message: Message, label: str) -> bool:
    try:
        find_button(message, label)
    except NoSuchButton:
        return False
    return True
