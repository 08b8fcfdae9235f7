"""Slack by hand: the channel, the conversation with the bot, Home, and forms."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.web import FileField

from bot.sandbox.page import layout
from bot.sandbox.page.answers import back_to, shown
from bot.sandbox.page.markup import Markup, tag
from bot.sandbox.page.slack_blocks import Blocks
from bot.sandbox.slack import (
    BadAnswer,
    Message,
    NoSuchButton,
    NotAcknowledged,
    NotThere,
    Person,
    SlackFile,
    View,
    forms,
    payloads,
)
from bot.sandbox.world import REVIEW_CHANNEL, World
from bot.texts import Texts

COMMANDS = (
    "/social propose",
    "/social poll",
    "/social calendar",
    "/social stories",
    "/social statements",
    "/social settings",
    "/social help",
)
NEWEST = 30
"""Messages of a channel that are shown."""


class SlackPage:
    def __init__(self, world: World, t: Texts, settle: Callable[[], Any]) -> None:
        self._world = world
        self.t = t
        self._settle = settle
        self._space = world.slack.space

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/slack/file/{file}", self.file),
            web.get("/slack/{user}", self.show),
            web.post("/slack/{user}/command", self.command),
            web.post("/slack/{user}/say", self.say),
            web.post("/slack/{user}/press", self.press),
            web.post("/slack/{user}/submit", self.submit),
            web.post("/slack/{user}/close", self.close),
            web.post("/slack/{user}/home", self.home),
        ]

    # What one sees

    async def show(self, request: web.Request) -> web.Response:
        person = self._person(request)
        live = request.path if "live" in request.query and not person.modal else ""
        return shown(
            layout.whole(
                self._world, self.t, person.name,
                self._modal(person) if person.modal else "",
                self._commands(person, live=bool(live)),
                tag("div", self._channel(person), self._direct(person), class_="columns"),
                said=request.query.get("said", ""),
                live=live,
            )
        )  # fmt: skip

    async def file(self, request: web.Request) -> web.Response:
        file = self._space.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    def _modal(self, person: Person) -> Markup:
        view = person.modal
        assert view is not None
        submit = view.definition.get("submit", {}).get("text")
        return tag(
            "section",
            tag("h2", view.title),
            layout.post(
                f"/slack/{person.id}/submit",
                Blocks(person, self._space).form(view),
                layout.button(submit, class_="primary") if submit else "",
                enctype="multipart/form-data",
            ),
            layout.post(f"/slack/{person.id}/close", layout.button(self.t("Close"))),
            class_="modal",
        )

    def _commands(self, person: Person, *, live: bool) -> Markup:
        t, here = self.t, f"/slack/{person.id}"
        known = [layout.button(line, name="line", value=line) for line in COMMANDS]
        refresh = (
            tag("a", t("Stop refreshing"), href=here)
            if live
            else tag("a", t("Refresh by itself"), href=f"{here}?live=1")
        )
        return tag(
            "div",
            tag("h1", t("Slack, as {name}", name=person.name)),
            layout.post(
                f"{here}/command",
                tag("input", name="line", value="/social find ", required=True, maxlength=500),
                layout.button(t("Send")),
                class_="command",
            ),
            layout.post(f"{here}/command", known),
            tag("p", refresh),
        )

    def _channel(self, person: Person) -> Markup:
        messages = self._world.slack.channel_messages(REVIEW_CHANNEL)[-NEWEST:]
        name = self._space.channels[REVIEW_CHANNEL].name
        return tag(
            "section",
            tag("h2", f"#{name}"),
            [self._message(person, message) for message in reversed(messages)],
            self._say(person),
        )

    def _direct(self, person: Person) -> Markup:
        t = self.t
        home = person.home
        told = sorted([*person.direct_messages(), *person.ephemerals], key=lambda m: m.ts)
        return tag(
            "section",
            tag("h2", t("Only for you")),
            [self._message(person, message) for message in reversed(told[-NEWEST:])],
            tag("h2", t("Home")),
            layout.post(f"/slack/{person.id}/home", layout.button(t("Open Home"))),
            self._blocks(person, home.blocks, f"view|{home.id}") if home else "",
        )

    def _say(self, person: Person) -> Markup:
        return layout.post(
            f"/slack/{person.id}/say",
            tag("input", name="text", required=True, maxlength=4000),
            layout.button(self.t("Write in the channel")),
        )

    def _message(self, person: Person, message: Message) -> Markup:
        author = self._space.users[message.user].name
        content = (
            self._blocks(person, message.blocks, f"{message.channel}|{message.ts}")
            if message.blocks
            else tag("p", Blocks(person, self._space).text(message.text))
        )
        replies = [self._message(person, reply) for reply in message.thread]
        mine = message.user != self._space.bot.id
        return tag(
            "article",
            tag("b", author),
            content,
            [self._file(self._space.files[file]) for file in message.files],
            self._shortcut(person, message) if mine else "",
            tag("div", replies, class_="thread") if replies else "",
            class_="mine" if message.user == person.id else None,
        )

    def _shortcut(self, person: Person, message: Message) -> Markup:
        return layout.post(
            f"/slack/{person.id}/press",
            layout.hidden(place=f"{message.channel}|{message.ts}"),
            layout.button(self.t("Propose this as a post"), name="shortcut", value="1"),
        )

    def _file(self, file: SlackFile) -> Markup:
        address = f"/slack/file/{file.id}"
        if file.mimetype.startswith("image/"):
            return tag("img", src=address, alt=file.name)
        return tag("p", tag("a", file.name, href=address))

    def _blocks(self, person: Person, blocks: list[dict[str, Any]], place: str) -> Markup:
        content = Blocks(person, self._space).message(blocks)
        return layout.post(f"/slack/{person.id}/press", layout.hidden(place=place), content)

    # What one does

    async def command(self, request: web.Request) -> web.Response:
        person, line = self._person(request), str((await request.post())["line"])
        return await self._done(person, lambda: person.command(line))

    async def home(self, request: web.Request) -> web.Response:
        person = self._person(request)
        return await self._done(person, person.open_home)

    async def say(self, request: web.Request) -> web.Response:
        person, text = self._person(request), str((await request.post())["text"]).strip()
        if text:
            person.say(REVIEW_CHANNEL, text)
        return _back(person)

    async def press(self, request: web.Request) -> web.Response:
        person, given = self._person(request), await request.post()
        place = self._place(person, str(given["place"]))
        if place is None:
            return _back(person, self.t("That is not there any more."))
        if "shortcut" in given and isinstance(place, Message):
            return await self._done(
                person, lambda: person.message_shortcut("propose_from_message", place)
            )
        which = str(given.get("press", ""))
        return await self._done(person, lambda: self._press(person, place, which))

    async def submit(self, request: web.Request) -> web.Response:
        person, given = self._person(request), await request.post()
        view = person.modal
        if view is None:
            return _back(person, self.t("That is not there any more."))
        fields = _typed(person, view, lambda label: given.getall(label, []))
        if which := str(given.get("press", "")):  # a button between the fields
            return await self._done(person, lambda: self._press_in(person, view, fields, which))
        return await self._done(person, lambda: person.submit(fields, view))

    async def close(self, request: web.Request) -> web.Response:
        person = self._person(request)
        if person.modal is None:
            return _back(person)
        return await self._done(person, person.close)

    async def _press_in(
        self, person: Person, view: View, fields: dict[str, Any], which: str
    ) -> None:
        await person.fill(fields, view)
        await self._press(person, view, which)

    async def _press(self, person: Person, place: Message | View, which: str) -> None:
        """By block and action: two buttons on Home may read the same."""
        for block, element, label in forms.buttons_in(place.blocks):
            if which == f"{block['block_id']}|{element['action_id']}|{label}":
                state = forms.state_values(place.blocks, place.typed)
                payload = payloads.press(self._space, person.user, place, block, element, state)
                await self._world.slack.socket_mode.deliver("interactive", payload)
                return
        raise NoSuchButton(which.rpartition("|")[2], ())

    async def _done(self, person: Person, act: Callable[[], Any]) -> web.Response:
        """After something was done: what Slack says when it did not work."""
        try:
            await act()
        except (NotAcknowledged, BadAnswer, TimeoutError):
            return _back(person, self.t("That did not work. Please try again."))
        except NotThere:
            return _back(person, self.t("That is not there any more."))
        await self._settle()
        return _back(person)

    def _place(self, person: Person, place: str) -> Message | View | None:
        where, _, which = place.partition("|")
        if where == "view":
            return next((v for v in self._space.all_views() if v.id == which), None)
        seen = [*self._space.messages.get(where, ()), *person.ephemerals]
        return next((m for m in seen if m.ts == which and m.channel == where), None)

    def _person(self, request: web.Request) -> Person:
        for person in self._world.colleagues.everybody():
            if person.id == request.match_info["user"]:
                return person
        raise web.HTTPNotFound


def _typed(person: Person, view: View, sent_in: Callable[[str], list[Any]]) -> dict[str, Any]:
    """What the page's form holds, by label, as a person puts it into Slack's.

    A browser cannot fill in a file beforehand: no file means that those sent before stay.
    """
    fields = {}
    for label in view.labels():
        kind = forms.find_field(view.blocks, label)["element"]["type"]
        sent = sent_in(label)
        if kind != "file_input":
            fields[label] = _value(kind, [str(one) for one in sent if str(one)])
        elif files := [one for one in sent if isinstance(one, FileField) and one.filename]:
            fields[label] = [_upload(person, file) for file in files]
    return fields


def _value(kind: str, texts: list[str]) -> Any:
    if kind in {"multi_static_select", "multi_users_select", "checkboxes"}:
        return texts
    if not texts:
        return None
    return datetime.fromisoformat(texts[0]) if kind == "datetimepicker" else texts[0]


def _upload(person: Person, file: FileField) -> SlackFile:
    return person.upload(file.filename, file.file.read(), file.content_type)


def _back(person: Person, said: str = "") -> web.Response:
    return back_to(f"/slack/{person.id}", said)
