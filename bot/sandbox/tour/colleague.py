"""A colleague in Slack as the tour plays them: they look, press, wait, and press once more."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

from bot.sandbox import slack
from bot.sandbox.slack import Message, NoSuchButton, NotAcknowledged, View
from bot.sandbox.slack.forms import same_label
from bot.sandbox.tour.scene import SECOND_LOOK, Scene, StepFailed
from bot.sandbox.world import REVIEW_CHANNEL
from bot.texts import language_from, texts_in

T = TypeVar("T")


class Colleague:
    """One step's view of a person: what they hear counts from when this was made."""

    def __init__(self, scene: Scene, person: slack.Person) -> None:
        self.scene = scene
        self.person = person
        self.t = texts_in(language_from(person.locale, scene.t.language))
        self.name = person.name.split()[0]
        self._heard = len(person.direct_messages())
        self._told = len(person.ephemerals)

    # Looking

    def card(self, *words: str) -> Message | None:
        """The newest message in the review channel that has all these words."""
        return self._newest(self.scene.world.slack.channel_messages(REVIEW_CHANNEL), words)

    def message(self, *words: str) -> Message | None:
        """The newest direct message from the bot with these words, of this step."""
        return self._newest(self.person.direct_messages()[self._heard :], words)

    def earlier_message(self, *words: str) -> Message | None:
        """The same, of this step or of one before."""
        return self._newest(self.person.direct_messages(), words)

    def shows(self, message: Message | None, *words: str) -> bool:
        """Whether it is there and has all these words."""
        return message is not None and _has(message.seen_by(self.person), words)

    def can_press(self, message: Message | None, label: str) -> bool:
        return message is not None and any(same_label(b, label) for b in message.buttons())

    # Waiting

    async def sees_card(
        self, *words: str, when: Callable[[Message], bool] = lambda _: True
    ) -> Message:
        """The card, as soon as it is there and as awaited."""

        def found() -> Message | None:
            card = self.card(*words)
            return card if card and when(card) else None

        card = await self.until(found, f"a card with {_listed(words)}")
        self._show(self.t("{name} sees in the channel:", name=self.name), card)
        return card

    async def hears(self, *words: str) -> Message:
        """A direct message from the bot with these words."""
        message = await self.until(
            lambda: self.message(*words), f"a direct message with {_listed(words)}"
        )
        self._show(self.t("{name} hears from the bot:", name=self.name), message)
        return message

    async def is_told(self, done: Callable[[], Awaitable[None]]) -> Message:
        """What only they see, after `done`: it may get lost, and then they do it once more."""
        deadline = monotonic() + self.scene.patience
        while True:
            await done()
            try:
                told = await self._until(self._whispered, SECOND_LOOK)
            except TimeoutError:
                if monotonic() < deadline:
                    continue
                raise self.failed("a message that only they see") from None
            self._show(self.t("Only {name} sees:", name=self.name), told)
            return told

    async def until(self, predicate: Callable[[], T | None], what: str) -> T:
        """Raises StepFailed with what stands there instead."""
        try:
            return await self._until(predicate, self.scene.patience)
        except TimeoutError:
            raise self.failed(what) from None

    # Acting

    async def asks(self, line: str) -> Message:
        """Types a command that is answered with something to read."""
        self._tell(self.t("{name} types: {text}", name=self.name, text=line))
        told = len(self.person.ephemerals)

        def answer() -> bool:
            return len(self.person.ephemerals) > told

        await self._insist(lambda: self.person.command(line), answer)
        await self.until(answer, f"an answer to {line}")
        message = self.person.ephemerals[-1]
        self._show(self.t("{name} reads:", name=self.name), message)
        return message

    async def reads_home(self) -> str:
        """Opens the Home tab; what stands there."""
        self._tell(self.t("{name} opens the Home tab", name=self.name))
        home = await self._open_home()
        self._show(self.t("{name} reads:", name=self.name), home)
        return home.seen_by(self.person)

    async def opens(self, line: str) -> View:
        """Types a command that opens a form."""
        self._tell(self.t("{name} types: {text}", name=self.name, text=line))
        await self._insist(lambda: self.person.command(line), self._has_modal)
        return await self._form()

    async def opens_with(self, label: str, on: Callable[[], Message | View | None]) -> View:
        """Presses a button that opens a form."""
        await self.presses(label, on, self._has_modal)
        return await self._form()

    async def presses(
        self, label: str, on: Callable[[], Message | View | None], done: Callable[[], object]
    ) -> None:
        """Presses a button until it turns out to have worked; gone because it had worked is fine.

        on: the message, form or Home tab as it stands at that moment.
        """
        place: Message | View = await self.until(on, f"something with [{label}]")
        self._tell(self.t("{name} presses [{label}]", name=self.name, label=label))

        async def press() -> None:
            try:
                await self.person.press(on() or place, label)
            except NoSuchButton as error:
                if not await self.turns_out(done):
                    raise self.failed(str(error)) from None

        await self._insist(press, done)

    async def fills(self, fields: Mapping[str, Any]) -> View:
        """Fills in the open form, by label, and does not send it yet."""
        view = self.person.modal
        if view is None:
            raise self.failed("an open form")
        # What is chosen in a live field goes to the bot at once; if that fails, it stays chosen.
        await self._insist(lambda: self.person.fill(fields, view), lambda: False)
        self._show(self.t("{name} fills in:", name=self.name), view)
        return view

    async def closes(self) -> None:
        """The open form, without sending it."""
        self._tell(self.t("{name} closes the form", name=self.name))
        await self._insist(self.person.close, lambda: self.person.modal is None)

    async def submits(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Fills in the open form and sends it; the errors under its fields, by label."""
        view = await self.fills(fields)
        errors: dict[str, str] = {}

        async def submit() -> None:
            errors.clear()
            errors.update(await self.person.submit(view=view) or {})

        await self._insist(submit, lambda: self.person.modal is not view)
        return errors

    async def sends(self, fields: Mapping[str, Any]) -> None:
        """Fills in the open form, which is taken."""
        if errors := await self.submits(fields):
            raise self.failed(f"a form without errors; there is {errors}")

    def goes_on(self) -> None:
        """Closes a form that said no because what it asks was done already."""
        self.scene.world.slack.space.modals[self.person.id] = []

    # How a person copes

    async def _open_home(self) -> View:
        """As it is now: while the bot is away Slack shows what was there before."""
        deadline = monotonic() + self.scene.patience
        before = self.person.home.times_shown if self.person.home else 0
        while True:
            with suppress(TimeoutError):
                home = await self.person.open_home()
                if home.times_shown > before:
                    return home
            if monotonic() > deadline:
                raise self.failed("the Home tab, shown anew")

    async def _insist(self, act: Callable[[], Awaitable[Any]], done: Callable[[], object]) -> None:
        """When Slack says that it did not work, people look, and do it once more."""
        deadline = monotonic() + self.scene.patience
        while True:
            try:
                await act()
                return
            except NotAcknowledged as error:
                if monotonic() > deadline:
                    raise self.failed(str(error)) from None
            self.scene.transcript.remark(
                self.t("Slack says that it did not work. {name} looks again.", name=self.name)
            )
            try:
                await self.scene.world.slack.wait_connected(self.scene.patience)
            except TimeoutError:
                raise self.failed("the bot in Slack") from None
            if await self.turns_out(done):
                return

    async def turns_out(self, done: Callable[[], object]) -> bool:
        """Whether it is so, at a second look."""
        try:
            await self._until(done, SECOND_LOOK)
        except TimeoutError:
            return False
        return True

    async def _until(self, predicate: Callable[[], T | None], seconds: float) -> T:
        return await self.scene.world.until(predicate, seconds)

    async def _form(self) -> View:
        return await self.until(lambda: self.person.modal, "a form that opens")

    def _has_modal(self) -> bool:
        return self.person.modal is not None

    def _whispered(self) -> Message | None:
        told = self.person.ephemerals[self._told :]
        return told[-1] if told else None

    def _newest(self, messages: list[Message], words: tuple[str, ...]) -> Message | None:
        return next((m for m in reversed(messages) if self.shows(m, *words)), None)

    def _tell(self, sentence: str) -> None:
        self.scene.transcript.does(sentence)

    def _show(self, sentence: str, shown: Message | View) -> None:
        self.scene.transcript.sees(sentence, shown.seen_by(self.person))

    def failed(self, expected: str) -> StepFailed:
        """Says what they see instead."""
        channel = self.scene.world.slack.channel_messages(REVIEW_CHANNEL)
        shown: list[Message | View] = [
            *channel[-2:],
            *self.person.direct_messages()[-2:],
            *self.person.ephemerals[-1:],
        ]
        if self.person.modal:
            shown.append(self.person.modal)
        seen = "\n---\n".join(message.seen_by(self.person) for message in shown)
        return StepFailed(f"{self.name} expected {expected}, and saw:", seen)


def _has(seen: str, words: tuple[str, ...]) -> bool:
    return all(word in seen for word in words)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)
