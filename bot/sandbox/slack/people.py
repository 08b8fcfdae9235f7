"""The people in the workspace: they read, type, press and choose by what they see."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.sandbox.slack import forms, payloads, response_urls, submissions
from bot.sandbox.slack.errors import BadAnswer, NoSuchModal, SlackError
from bot.sandbox.slack.files import new_file
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.state import Json, SlackFile, User
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import ResponseUrl, Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """Somebody with Slack open before them. Two of them can act at the same time."""

    space: Workspace = field(repr=False)
    socket_mode: SocketMode = field(repr=False)
    user: User

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def locale(self) -> str:
        return self.user.locale

    @property
    def tz(self) -> str:
        return self.user.tz

    # What they see

    @property
    def modal(self) -> View | None:
        """The open modal: the top of the stack."""
        stack = self.space.modals.get(self.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The Home tab as the bot last published it."""
        return self.space.homes.get(self.id)

    @property
    def ephemerals(self) -> list[Message]:
        """What only they saw, oldest first."""
        return list(self.space.ephemerals.get(self.id, ()))

    def direct_messages(self) -> list[Message]:
        """Their conversation with the bot, newest last."""
        channel = self.space.direct_message(self.id)
        return list(self.space.messages.get(channel.id, ()))

    def sees_modal(self, timeout: float = 3) -> Awaitable[View]:
        """The open modal, as soon as there is one. Raises TimeoutError."""
        return self._until(lambda: self.modal, timeout, "no modal opened")

    def sees(self, text: str, timeout: float = 5) -> Awaitable[Message]:
        """The newest message before them that contains `text`, as soon as there is one.

        Looked for among their direct messages, their channels, and what only they see.
        Raises TimeoutError.
        """
        return self._until(lambda: self._find(text), timeout, f"there is no “{text}”")

    def sees_on_home(self, *texts: str, timeout: float = 5) -> Awaitable[str]:
        """What the Home tab shows, as soon as all of these texts are there. Raises TimeoutError."""
        return self._until(lambda: self._home_with(texts), timeout, f"no Home with {texts}")

    def _home_with(self, texts: Iterable[str]) -> str | None:
        seen = self.home.seen_by(self) if self.home else ""
        return seen if all(text in seen for text in texts) else None

    def _find(self, text: str) -> Message | None:
        channels = [c.id for c in self.space.channels.values() if self.id in c.members]
        shown = [m for channel in channels for m in self.space.messages.get(channel, ())]
        newest_first = sorted([*shown, *self.ephemerals], key=lambda m: m.ts, reverse=True)
        return next((m for m in newest_first if text in m.seen_by(self)), None)

    async def _until(self, predicate: Callable[[], T | None], seconds: float, sorry: str) -> T:
        try:
            return await self.space.changes.until(predicate, seconds)
        except TimeoutError:
            raise TimeoutError(f"{self.name}: {sorry} within {seconds} s") from None

    # What they do

    async def command(self, line: str, channel: str | None = None) -> str | None:
        """Type "/social propose"; the text that came back at once, if any.

        In their conversation with the bot, unless a channel is named. Raises NotAcknowledged.
        """
        place = self.space.channel(channel or self.id)
        command, _, text = line.partition(" ")
        payload = payloads.slash_command(self.space, self.user, place, command, text.strip())
        answer = await self.socket_mode.deliver("slash_commands", payload)
        if not answer:
            return None
        url = ResponseUrl(self.id, place.id, self.space.now())
        try:
            response_urls.answer(self.space, url, answer)
        except SlackError as error:
            raise BadAnswer(f"{command}: {error}") from error
        return str(answer.get("text", ""))

    async def shortcut(self, callback_id: str) -> None:
        """Choose a global shortcut. Raises NotAcknowledged."""
        payload = payloads.global_shortcut(self.space, self.user, callback_id)
        await self.socket_mode.deliver("interactive", payload)

    async def message_shortcut(self, callback_id: str, message: Message) -> None:
        """Choose a shortcut from the menu of a message. Raises NotAcknowledged."""
        payload = payloads.message_shortcut(self.space, self.user, callback_id, message)
        await self.socket_mode.deliver("interactive", payload)

    async def press(self, place: Message | View, label: str) -> None:
        """Press the button that reads `label`, and confirm when asked.

        Raises NoSuchButton, NotAcknowledged, and NoSuchModal where it is not open any more.
        """
        if isinstance(place, View) and place is not self.home:
            self._form(place)
        block, element = forms.find_button(place.blocks, label)
        state = forms.state_values(place.blocks, place.typed)
        payload = payloads.press(self.space, self.user, place, block, element, state)
        await self.socket_mode.deliver("interactive", payload)

    async def fill(self, fields: Mapping[str, Any], view: View | None = None) -> None:
        """Type and choose in the form, by label; see `forms.state_for` for the values.

        A field that the app wants to hear of at once (`dispatch_action`) is reported to it when
        it holds something else than before. Raises NoSuchField, NoSuchOption, NotAcknowledged.
        """
        form = self._form(view)
        for label, value in fields.items():
            block = forms.find_field(form.blocks, label)
            element = block["element"]
            state = forms.state_for(element, value, self, self._files())
            before = form.values()[block["block_id"]][element["action_id"]]
            form.typed[block["block_id"], element["action_id"]] = state
            form.errors.pop(block["block_id"], None)
            if block.get("dispatch_action") and state != before:
                chosen = {**element, **state}
                payload = payloads.press(self.space, self.user, form, block, chosen, form.values())
                await self.socket_mode.deliver("interactive", payload)

    async def submit(
        self, fields: Mapping[str, Any] | None = None, view: View | None = None
    ) -> dict[str, str] | None:
        """Fill in the fields by label and press the modal's submit button.

        None when it was taken (the modal closed, or shows the next step), or the errors that
        stand under the fields, by label; what was typed is kept.
        Raises NoSuchField, NoSuchOption, NotAcknowledged, BadAnswer.
        """
        form = self._form(view)
        await self.fill(fields or {}, form)
        return await submissions.submit(self.space, self.socket_mode, self.user, form)

    async def close(self, view: View | None = None, *, all_of_them: bool = False) -> None:
        """Close the modal (or with `all_of_them` the whole stack) without submitting."""
        form = self._form(view)
        stack = self.space.modals[self.id]
        self.space.modals[self.id] = [] if all_of_them else stack[: stack.index(form)]
        self.space.changes.tell()
        if form.definition.get("notify_on_close"):
            payload = payloads.closed(self.space, self.user, form, all_of_them=all_of_them)
            await self.socket_mode.deliver("interactive", payload)

    async def open_home(self) -> View:
        """Open the Home tab; what the bot publishes for it. Raises TimeoutError.

        A bot that publishes nothing anew leaves what was there.
        """
        before = self.home.times_shown if self.home else 0
        fields: Json = {
            "user": self.id,
            "channel": self.space.direct_message(self.id).id,
            "tab": "home",
        }
        if self.home:
            fields["view"] = self.home.wire()
        await self.socket_mode.deliver_event(payloads.event(self.space, "app_home_opened", fields))
        try:
            return await self._until(lambda: self._home_after(before), 3, "no Home tab")
        except TimeoutError:
            if self.home is None:
                raise
            return self.home

    def _home_after(self, times_shown: int) -> View | None:
        return self.home if self.home and self.home.times_shown > times_shown else None

    def upload(self, name: str, content: bytes, mimetype: str | None = None) -> SlackFile:
        """A file of theirs in the workspace, to put in a form or a message."""
        file = new_file(self.space, name, self.id)
        file.content, file.uploaded, file.shared = content, True, True
        file.mimetype = mimetype or file.mimetype
        return file

    def leave(self) -> None:
        """The workspace: their account is deactivated."""
        self.user.deleted = True

    def say(
        self,
        channel: str,
        text: str,
        *,
        files: Iterable[SlackFile] = (),
        thread: Message | None = None,
    ) -> Message:
        """Write in a channel or (by its id) in the conversation with the bot."""
        return self.space.post(
            Message(
                self.space,
                self.space.channel(channel).id,
                self.space.new_ts(),
                self.id,
                payloads.as_typed(self.space, text),
                thread_ts=thread.ts if thread else None,
                files=[file.id for file in files],
            )
        )

    def _form(self, view: View | None) -> View:
        form = view or self.modal
        if form is None or form not in self.space.modals.get(self.id, ()):
            raise NoSuchModal(form.title if form else "")
        return form

    def _files(self) -> dict[str, Json]:
        return {
            file.id: self.space.file_wire(file) for file in self.space.files.values() if file.shared
        }
