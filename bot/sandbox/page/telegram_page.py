"""Telegram by hand: the chat with the bot, and the channel."""

from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.web import FileField

from bot.sandbox.page import layout
from bot.sandbox.page.answers import back_to, shown
from bot.sandbox.page.markup import Markup, lines, tag
from bot.sandbox.telegram import CannotVote, Message, NoSuchButton, NotAnswered, Person
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.model import Poll
from bot.sandbox.world import World
from bot.texts import Texts

COMMANDS = ("/start", "/polls", "/story", "/mystories", "/help")
NEWEST = 40
"""Messages of a chat that are shown."""


class TelegramPage:
    def __init__(self, world: World, t: Texts, settle: Callable[[], Any]) -> None:
        self._world = world
        self.t = t
        self._settle = settle

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/telegram/file/{file}", self.file),
            web.get("/telegram/{user}", self.show),
            web.post("/telegram/{user}/send", self.send),
            web.post("/telegram/{user}/press", self.press),
            web.post("/telegram/{user}/vote", self.vote),
        ]

    # What one sees

    async def show(self, request: web.Request) -> web.Response:
        person, t = self._person(request), self.t
        live = request.path if "live" in request.query else ""
        refresh = (
            tag("a", t("Stop refreshing"), href=request.path)
            if live
            else tag("a", t("Refresh by itself"), href=f"{request.path}?live=1")
        )
        return shown(
            layout.whole(
                self._world, t, person.name,
                tag("h1", t("Telegram, as {name}", name=person.name)),
                tag("p", refresh),
                tag("div", self._chat(person), self._channel(person), class_="columns"),
                said=request.query.get("said", ""),
                live=live,
            )
        )  # fmt: skip

    async def file(self, request: web.Request) -> web.Response:
        everywhere = [*self._world.channel.messages]
        for person in self._world.followers.everybody():
            everywhere += person.chat
        for message in everywhere:
            if message.media and message.media.file_id == request.match_info["file"]:
                return web.Response(body=message.media.content, content_type=message.media.mime)
        raise web.HTTPNotFound

    def _chat(self, person: Person) -> Markup:
        t = self.t
        known = [layout.button(line, name="command", value=line) for line in COMMANDS]
        return tag(
            "section",
            tag("h2", t("With the bot")),
            [self._message(person, message) for message in person.chat[-NEWEST:]],
            layout.post(
                f"/telegram/{person.id}/send",
                tag("textarea", name="text", rows=3, maxlength=4096),
                tag(
                    "label",
                    t("Photos"),
                    tag("input", type="file", name="photos", accept="image/*", multiple=True),
                ),
                layout.button(t("Send"), class_="primary"),
                tag("p", known),
                enctype="multipart/form-data",
                id="write",
            ),
        )

    def _channel(self, person: Person) -> Markup:
        channel = self._world.channel
        return tag(
            "section",
            tag("h2", f"{channel.title} (@{channel.username})"),
            [self._message(person, message) for message in channel.messages[-NEWEST:]],
        )

    def _message(self, person: Person, message: Message) -> Markup:
        rows = [
            tag("p", [layout.button(b["text"], name="press", value=b["text"]) for b in row])
            for row in message.keyboard
        ]
        text = message.text or message.caption
        return tag(
            "article",
            self._media(message.media) if message.media else "",
            tag("p", lines(text)) if text else "",
            self._poll(person, message, message.poll) if message.poll else "",
            layout.post(f"/telegram/{person.id}/press", layout.hidden(message=message.id), *rows)
            if rows
            else "",
            class_="mine" if message.sender is person.user else None,
        )

    def _media(self, media: StoredFile) -> Markup:
        address = f"/telegram/file/{media.file_id}"
        if media.kind == "photo":
            return tag("img", src=address, alt="")
        return tag("p", tag("a", f"[{media.kind}]", href=address))

    def _poll(self, person: Person, message: Message, poll: Poll) -> Markup:
        t, chosen = self.t, poll.votes.get(person.id, [])
        options = [
            tag(
                "p",
                layout.button(option.text, name="option", value=option.text),
                ("" if poll.hides_results and not poll.closed else f" {poll.count(option)}")
                + (" ✓" if option.persistent_id in chosen else ""),
            )
            for option in poll.options
        ]
        over = tag("p", t("This poll is closed."), class_="small")
        back = layout.button(t("Take my vote back"), name="option", value="")
        ending = over if poll.closed else back if chosen else ""
        return layout.post(
            f"/telegram/{person.id}/vote",
            layout.hidden(message=message.id),
            tag("b", poll.question), *options, ending,
        )  # fmt: skip

    # What one does

    async def send(self, request: web.Request) -> web.Response:
        """Text, photos (several are an album, with the text under the first), or a command."""
        person, given = self._person(request), await request.post()
        text = str(given.get("command") or given.get("text") or "").strip()
        files = [f for f in given.getall("photos", []) if isinstance(f, FileField) and f.filename]
        photos = [file.file.read() for file in files]
        try:
            _send(person, text, photos)
        except (ValueError, RuntimeError):
            return self._back(person, self.t("Telegram does not take that."))
        await self._settle()
        return self._back(person)

    async def press(self, request: web.Request) -> web.Response:
        person, given = self._person(request), await request.post()
        message = _find(person.chat, str(given["message"]))
        if message is None:
            return self._back(person, self.t("That is not there any more."))
        try:
            answer = await person.press(message, str(given.get("press", "")))
        except NoSuchButton:
            return self._back(person, self.t("That is not there any more."))
        except NotAnswered:
            return self._back(person, self.t("That did not work. Please try again."))
        await self._settle()
        return self._back(person, answer or "")

    async def vote(self, request: web.Request) -> web.Response:
        person, given = self._person(request), await request.post()
        message, option = (
            _find(self._world.channel.messages, str(given["message"])),
            given["option"],
        )
        if message is None:
            return self._back(person, self.t("That is not there any more."))
        person.join(self._world.channel)
        try:
            person.vote(message, _chosen(person, message.poll, str(option)))
        except CannotVote:
            is_closed = message.poll is None or message.poll.closed
            words = "This poll is closed." if is_closed else "Telegram does not take that."
            return self._back(person, self.t(words))
        return self._back(person)

    def _back(self, person: Person, said: str = "") -> web.Response:
        return back_to(f"/telegram/{person.id}", said)

    def _person(self, request: web.Request) -> Person:
        for person in self._world.followers.everybody():
            if str(person.id) == request.match_info["user"]:
                return person
        raise web.HTTPNotFound


def _send(person: Person, text: str, photos: list[bytes]) -> None:
    """Raises ValueError for what is too long or too much, RuntimeError for who blocked the bot."""
    if len(photos) > 1:
        person.send_album(photos, [text or None])
    elif photos:
        person.send_photo(photos[0], text or None)
    elif text:
        person.send(text)


def _chosen(person: Person, poll: Poll | None, pressed: str) -> list[str]:
    """The words of the options that are chosen after this press; empty: it is all taken back."""
    if not pressed or poll is None or not poll.multiple:
        return [pressed] if pressed else []
    ids = poll.votes.get(person.id, [])
    before = {option.text for option in poll.options if option.persistent_id in ids}
    return sorted(before ^ {pressed})


def _find(messages: list[Message], number: str) -> Message | None:
    return next((message for message in messages if str(message.id) == number), None)
