"""What every page has: whose eyes one looks through, the clock, and what was just answered."""

from bot.sandbox.page.markup import Inside, Markup, join, tag
from bot.sandbox.world import ZONE, World
from bot.texts import Texts

REFRESH = 3
"""Seconds."""


def whole(
    world: World, t: Texts, title: str, *content: Inside, said: str = "", live: str = ""
) -> str:
    """A page. said: what was just answered; live: its own address, where it refreshes itself."""
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("meta", http_equiv="refresh", content=REFRESH) if live else "",
        tag("title", title),
        tag("link", rel="stylesheet", href="/page.css"),
    )
    body = join(
        tag("header", _people(world, t), _clock(world, t)),
        tag("p", said, class_="said", role="status") if said else "",
        tag("main", *content),
    )
    language = t.language
    return "<!DOCTYPE html>" + tag("html", tag("head", head), tag("body", body), lang=language)


def post(address: str, *inside: Inside, **attributes: object) -> Markup:
    """A form that is sent to this address."""
    return tag("form", *inside, method="post", action=address, **attributes)


def button(label: str, **attributes: object) -> Markup:
    return tag("button", label, **attributes)


def hidden(**values: object) -> Markup:
    return join([tag("input", type="hidden", name=key, value=v) for key, v in values.items()])


def _people(world: World, t: Texts) -> Markup:
    slack = [
        tag("a", person.name, href=f"/slack/{person.id}") for person in world.colleagues.everybody()
    ]
    telegram = [
        tag("a", person.name, href=f"/telegram/{person.id}")
        for person in world.followers.everybody()
    ]
    return tag(
        "nav",
        tag("b", t("In Slack:")), " ", *_spaced(slack),
        tag("b", t("In Telegram:")), " ", *_spaced(telegram),
    )  # fmt: skip


def _clock(world: World, t: Texts) -> Markup:
    moves = [
        button(t("An hour later"), name="hours", value=1),
        button(t("A day later"), name="hours", value=24),
    ]
    return post("/clock", tag("b", t.moment(world.clock(), ZONE)), " ", *moves, class_="clock")


def _spaced(parts: list[Markup]) -> list[str]:
    return [piece for part in parts for piece in (part, " ")]
