"""The page of the sandbox, used as a browser uses it: links and forms, no script."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.sandbox.page import Page
from bot.sandbox.page.markup import Markup, join, tag
from bot.sandbox.telegram.samples import picture
from bot.sandbox.tour import BEGINS
from bot.sandbox.world import World

TEXT = 'Tea & <b>books</b> "for all"'
Fields = dict[str, list[str]]


@dataclass
class Form:
    action: str
    fields: Fields = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Reader(HTMLParser):
    """The forms of a page, with what stands in them, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.pictures: list[str] = []
        self.text = ""
        self._area = ""
        self.feed(html)

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if name == "form":
            self.forms.append(Form(given["action"]))
        elif name == "img":
            self.pictures.append(given["src"])
        elif name == "textarea":
            self._area = given["name"]
        elif name == "button" and self.forms:
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", "")))
        elif name == "input" and given.get("type") != "file":
            is_choice = given.get("type") in {"radio", "checkbox"}
            if not is_choice or "checked" in given:
                self.forms[-1].fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, name: str) -> None:
        if name == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] = [data]
        self.text += data

    def form(self, ending: str, label: str = "") -> Form:
        """The last form to this address that has such a button."""
        found = [f for f in self.forms if f.action.endswith(ending) and _has(f, label)]
        return found[-1]


def _has(form: Form, label: str) -> bool:
    return not label or any(value.endswith(label) for _, value in form.buttons)


class Browser:
    def __init__(self, page: Page, session: aiohttp.ClientSession) -> None:
        self._page = page
        self._session = session

    async def look(self, path: str) -> Reader:
        async with self._session.get(self._page.address + path.lstrip("/")) as answer:
            assert answer.status == 200
            return Reader(await answer.text())

    async def send(
        self, form: Form, label: str = "", files: dict[str, bytes] | None = None, **fields: str
    ) -> Reader:
        """Submit the form by the button that reads `label`, and read the page that follows."""
        given = form.fields | {name.replace("_", " "): [value] for name, value in fields.items()}
        data = aiohttp.FormData()
        for name, values in given.items():
            for value in values:
                data.add_field(name, value)
        if label:
            name, value = next(b for b in form.buttons if b[1].endswith(label))
            data.add_field(name, value)
        for name, content in (files or {}).items():
            data.add_field(name, content, filename="tea.jpg", content_type="image/jpeg")
        address = self._page.address.rstrip("/") + form.action
        async with self._session.post(address, data=data) as answer:
            assert answer.status == 200
            said = parse_qs(urlsplit(str(answer.url)).query).get("said", [""])[0]
            reader = Reader(await answer.text())
            assert said in reader.text
            return reader

    async def status(self, path: str) -> int:
        async with self._session.get(self._page.address + path.lstrip("/")) as answer:
            return answer.status

    async def fetch(self, path: str) -> bytes:
        async with self._session.get(self._page.address + path.lstrip("/")) as answer:
            return await answer.read()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with World(tmp_path, "en", BEGINS) as world:
        yield world


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    page = Page(world)
    await page.start()
    async with aiohttp.ClientSession() as session:
        yield Browser(page, session)
    await page.stop()


async def test_a_post_by_hand_from_proposal_to_channel(world: World, browser: Browser) -> None:
    anna, joris = "/slack/U03ANNA", "/slack/U01OWNER"
    page = await browser.look(anna)
    page = await browser.send(page.form("/command"), "/social propose")
    form = page.form("/submit")
    when = BEGINS - timedelta(days=1)
    page = await browser.send(
        form,
        Text=TEXT,
        Platforms="Telegram",
        Date_and_time=f"{when:%Y-%m-%dT%H:%M}",
        files={"Images": picture(5)},
    )
    assert "This moment is over" in page.text
    form = page.form("/submit")
    assert form.fields["Text"] == [TEXT]
    assert form.fields["Platforms"] == ["Telegram"]
    when = BEGINS + timedelta(hours=2)
    page = await browser.send(form, Date_and_time=f"{when:%Y-%m-%dT%H:%M}")
    assert not any(form.action.endswith("/submit") for form in page.forms)
    await world.until(lambda: world.slack.channel_messages("C01REVIEW"), 5)

    page = await browser.look(joris)
    assert TEXT in page.text
    assert picture(5) in [await browser.fetch(src) for src in page.pictures]
    card = world.slack.channel_messages("C01REVIEW")[-1]
    await browser.send(page.form("/press", "Approve"), "Approve")
    await world.until(lambda: "Approve" not in card.buttons(), 5)

    page = await browser.look("/")
    await browser.send(page.form("/clock"), "24")
    await world.until(lambda: world.channel.messages, 5)
    page = await browser.look("/telegram/1001")
    assert TEXT in page.text


async def test_words_of_people_read_as_they_wrote_them(world: World, browser: Browser) -> None:
    anna = world.colleagues.anna
    await anna.command("/social propose")
    written = "Tea &lt; coffee & <b>bold</b>"
    await anna.submit({"Text": written, "Platforms": ["Telegram"]}, await anna.sees_modal())
    await anna.press(await anna.sees("proposes a post"), "Edit")
    assert written in (await browser.look("/slack/U03ANNA")).text
    await anna.submit({"Text": "Tea and coffee"}, await anna.sees_modal())
    await anna.sees("Your change is saved")
    page = await browser.look("/slack/U03ANNA")
    assert "Tea " in page.text
    assert "rich_text" not in page.text
    await anna.sees("edited it: version 2")
    page = await browser.look("/slack/U03ANNA")
    assert "&lt; coffee & <b>bold</b>" in page.text  # struck through, in the thread


async def test_a_button_in_a_form_keeps_what_was_typed(browser: Browser) -> None:
    page = await browser.look("/slack/U03ANNA")
    page = await browser.send(page.form("/command"), "/social propose")
    own_texts = "A text of its own for each platform"
    page = await browser.send(page.form("/submit"), own_texts, Text=TEXT, Platforms="Instagram")
    form = page.form("/submit")
    assert form.fields["Text"] == [TEXT]
    assert form.fields["Platforms"] == ["Instagram"]
    assert "Text for Instagram" in page.text
    page = await browser.send(form, "Check", Text_for_Instagram="#games", Pillar="Information")
    form = page.form("/submit")
    assert form.fields["Text for Instagram"] == ["#games"]
    assert "Information: the first post in" in page.text
    await browser.send(page.form("/close"))


async def test_a_draft_by_hand(world: World, browser: Browser) -> None:
    page = await browser.look("/slack/U03ANNA")
    page = await browser.send(page.form("/command"), "/social propose")
    page = await browser.send(page.form("/submit"), "Save as draft", Text=TEXT)
    assert "Saved as a draft" in page.text
    assert page.form("/submit").fields["Text"] == [TEXT]
    assert world.slack.channel_messages("C01REVIEW") == []
    page = await browser.send(page.form("/close"))
    page = await browser.send(page.form("/home"))
    page = await browser.send(page.form("/press", "Continue"), "Continue")
    assert page.form("/submit").fields["Text"] == [TEXT]


async def test_home_and_what_only_one_person_sees(world: World, browser: Browser) -> None:
    page = await browser.look("/slack/U04TOM")
    page = await browser.send(page.form("/home"))
    assert "Your proposals" in page.text
    page = await browser.send(page.form("/command"), "/social calendar")
    assert "Book tip" in page.text
    assert "Book tip" not in (await browser.look("/slack/U03ANNA")).text
    page = await browser.send(page.form("/say"), text="A colleague's idea: board games")
    page = await browser.send(page.form("/press", "1"), "1")
    assert page.form("/submit").fields["Text"] == ["A colleague's idea: board games"]
    page = await browser.send(page.form("/close"))
    assert not any(form.action.endswith("/submit") for form in page.forms)


async def test_any_command_can_be_typed(browser: Browser) -> None:
    page = await browser.look("/slack/U03ANNA")
    form = next(form for form in page.forms if "line" in form.fields)
    await browser.send(form, line="/social find unicorns")
    page = await browser.look("/slack/U03ANNA")
    assert "I found no post." in page.text


async def test_settings_by_hand(world: World, browser: Browser) -> None:
    """Modals on modals, people to choose from, and a button that asks first."""
    tom = world.colleagues.tom
    page = await browser.look("/slack/U04TOM")
    page = await browser.send(page.form("/home"))
    page = await browser.send(page.form("/press", "Settings"), "Settings")
    page = await browser.send(page.form("/submit", "Platforms"), "Platforms")
    assert "Nobody can choose it any more" in page.text
    page = await browser.send(page.form("/submit", "Change"), "Change")
    form = page.form("/submit")
    assert form.fields["Owners"] == ["U01OWNER"]
    assert "Meral Yılmaz" in page.text
    page = await browser.send(form, Owners="U03ANNA", Posts_a_week="2.5")
    assert tom.modal is not None
    await world.until(lambda: "@Anna" in tom.modal.seen_by(tom) if tom.modal else None, 5)
    page = await browser.look("/slack/U04TOM")
    page = await browser.send(page.form("/submit", "Stop using it"), "Stop using it")
    assert "Not used any more" in page.text


async def test_a_follower_by_hand(world: World, browser: Browser) -> None:
    bram = world.followers.bram
    page = await browser.look("/telegram/1002")
    await browser.send(page.form("/send"), "/start")
    await bram.hears("Keep me posted")
    page = await browser.look("/telegram/1002")
    await browser.send(page.form("/press", "Keep me posted"), "Keep me posted")
    page = await browser.send(page.form("/send"), "/story")
    await bram.hears("Done")
    await browser.send(page.form("/send"), text=TEXT, files={"photos": picture(6)})
    await bram.hears("1 part")
    page = await browser.look("/telegram/1002")
    assert TEXT in page.text
    assert picture(6) in [await browser.fetch(src) for src in page.pictures]


async def test_what_is_not_there_is_not_found(browser: Browser) -> None:
    for path in ("/slack/U99", "/telegram/9", "/slack/file/F9", "/telegram/file/9"):
        assert await browser.status(path) == 404
    page = await browser.look("/telegram/1003")
    gone = Form("/telegram/1003/press", {"message": ["77"], "press": ["Done"]})
    page = await browser.send(gone)
    assert "not there any more" in page.text


def test_markup_escapes_what_is_no_markup() -> None:
    link = tag("a", "<i>&", ["x", Markup("<br>")], href='"/?a=1&b', class_="c", hidden=False)
    assert link == '<a href="&quot;/?a=1&amp;b" class="c">&lt;i&gt;&amp;x<br></a>'
    assert join("<", tag("input", checked=True)) == "&lt;<input checked>"
