"""SIGKILL between Telegram's taking a public post and the bot's writing that down."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Literal

from bot.sandbox.telegram.faults import Fault, Faults
from bot.sandbox.tour import BEGINS
from bot.sandbox.world import CHANNEL, World

TEXT = "Tonight we read aloud until midnight"
PATIENCE = 20.0


async def approved(world: World) -> None:
    """A post for the channel, an hour from now."""
    anna, joris = world.colleagues.anna, world.colleagues.joris
    await anna.command("/social propose")
    await anna.sees_modal()
    fields = {"Text": TEXT, "Platforms": ["Telegram"], "Date and time": BEGINS + timedelta(hours=1)}
    assert await anna.submit(fields) is None
    await joris.press(await joris.sees("Anna de Vries proposes a post", PATIENCE), "Approve")
    await anna.sees("approved your proposal", PATIENCE)


class Held(Faults):
    """Says when the first call met its trouble."""

    def __init__(self) -> None:
        super().__init__()
        self.met = asyncio.Event()

    def next(self, method: str) -> Fault | None:
        fault = super().next(method)
        if fault:
            self.met.set()
        return fault


async def killed_while_sending(world: World, cut: Literal["before"] | None) -> None:
    """The call is out, and Telegram takes its time; the bot is gone before the answer."""
    world.telegram.faults = held = Held()
    held.add("sendMessage", delay=0.5, cut=cut)
    world.clock.move_to(BEGINS + timedelta(hours=1, seconds=1))
    async with asyncio.timeout(PATIENCE):
        await held.met.wait()
    await world.bot.kill()


async def killed_and_asked(directory: Path, arrived: bool) -> None:
    directory.mkdir()
    async with World(directory, "en", BEGINS) as world:
        joris = world.colleagues.joris
        await approved(world)
        await killed_while_sending(world, None if arrived else "before")
        if arrived:
            await world.telegram.until(lambda: world.channel.messages, PATIENCE)
        await world.bot.start()
        asked = await joris.sees("Please look whether it is there", PATIENCE)
        if arrived:
            await joris.press(asked, "It is there")
            link = f"https://t.me/{CHANNEL}/{world.channel.messages[0].id}"
            assert await joris.submit({"Link": link}) is None
        else:
            await joris.press(asked, "Post it again")
        await world.colleagues.anna.sees("Your post is published", PATIENCE)
        assert [m.text for m in world.channel.messages] == [TEXT]


async def test_the_owner_is_asked_and_the_post_stands_there_once(tmp_path: Path) -> None:
    """Whether it arrived or not, two bots side by side."""
    await asyncio.gather(
        killed_and_asked(tmp_path / "arrived", True), killed_and_asked(tmp_path / "lost", False)
    )
