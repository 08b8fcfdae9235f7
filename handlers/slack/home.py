"""App Home: opened, leafed through, and shown anew after every press on it."""

import json
from collections.abc import Mapping

from bot.actions import home
from handlers.slack.blocks import Block
from handlers.slack.home_parts import render
from handlers.slack.incoming import Incoming, Workspace
from handlers.slack.pages import page_of
from handlers.slack.people import Person


async def opened(incoming: Incoming) -> None:
    if incoming.body["event"].get("tab", "home") == "home":
        await publish(incoming.workspace, incoming.by)
    await incoming.ack()


async def choose_language(incoming: Incoming) -> None:
    """Home itself is shown anew after every press on it."""
    await incoming.workspace.people.choose_language(incoming.by.id, incoming.value)
    await incoming.ack()


async def turn_page(incoming: Incoming) -> None:
    """Another page of one list; the others stay where they are."""
    part, page = page_of(incoming.value)
    pages = {**_pages_of(incoming.view), part: page}
    await publish(incoming.workspace, incoming.by, pages)
    await incoming.ack()


async def show_anew(incoming: Incoming, person: Person) -> None:
    """After a press on it, or in a form that has it behind it: where they were leafing."""
    space = incoming.workspace
    behind = space.leafing.get(person.id, home.FIRST_PAGES)
    await publish(space, person, _pages_of(incoming.view) if incoming.on_home else behind)


def _pages_of(view: Block | None) -> Mapping[str, int]:
    """Where this person was leafing, as their Home carries it along."""
    assert view is not None
    found: Mapping[str, int] = json.loads(view.get("private_metadata") or "{}")
    return found


async def publish(
    workspace: Workspace, person: Person, pages: Mapping[str, int] = home.FIRST_PAGES
) -> None:
    """One at a time for one person, so that what is shown last is what was read last."""
    desk = workspace.desk
    async with workspace.home_of(person.id):
        found = await home.show(desk, person.id, pages)
        view = render(found, person.t, desk.zone)
        await workspace.client.views_publish(user_id=person.id, view=view)
        workspace.leafing[person.id] = _pages_of(view)
