"""`python -m bot sandbox`: the world, the tour in it, and then the page, until Ctrl-C."""

import asyncio
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bot.sandbox.page import Page
from bot.sandbox.tour import BEGINS, Tour, summary
from bot.sandbox.world import BotEnded, World
from bot.texts import Texts, language_from, texts_in

FAILED = 1
INTERRUPTED = 130
"""As a shell counts it: 128 and the number of the signal."""


class PortTaken(Exception):
    """Another program listens on the port that was asked for."""


async def play(language: str, port: int, tour: bool, leave: bool) -> int:
    """Exit status: 0 when all went well, 1 when a step failed or the bot ended by itself.

    port: of the page (0: a free one). leave: end after the tour, instead of showing the page.
    """
    t = texts_in(language_from(language, "en"))
    playing = asyncio.create_task(_play(t, port, tour, leave))
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, playing.cancel)
    try:
        return await playing
    except asyncio.CancelledError:
        return INTERRUPTED if leave else 0
    except BotEnded as ended:
        print(t("The bot did not start, or ended by itself. This is what it said:"))
        print(ended)
        return FAILED
    except PortTaken:
        print(t("Port {port} is in use. Leave --port out, and I take a free one.", port=port))
        return FAILED


async def _play(t: Texts, port: int, tour: bool, leave: bool) -> int:
    with ExitStack() as ending:
        directory = _directory(t, ending, leave)
        print(t("The bot starts, and connects to a Slack and a Telegram on this computer …"))
        async with World(directory, t.language, BEGINS if tour else None) as world:
            outcome = await _tour(world, t) if tour else 0
            if not leave:
                await _show_page(world, t, port)
            if world.bot.ended_by_itself:
                raise BotEnded(world.bot.errors)
        return outcome


async def _tour(world: World, t: Texts) -> int:
    outcome = await Tour(world).run()
    print()
    for line in summary(outcome, t):
        print(line)
    if not outcome.passed and world.bot.alive and world.bot.errors:
        print(t("What the bot wrote meanwhile:"))
        print(world.bot.errors)
    return 0 if outcome.passed else FAILED


async def _show_page(world: World, t: Texts, port: int) -> None:
    """Until it is cancelled, or the bot ends. Raises PortTaken."""
    page = Page(world, port)
    try:
        await page.start()
    except OSError as error:
        raise PortTaken(str(port)) from error
    try:
        print(t("Use both chats yourself: {address}", address=page.address))
        print(t("Press Ctrl-C to stop."), flush=True)
        await world.bot.wait()
    finally:
        await page.stop()


def _directory(t: Texts, ending: ExitStack, leave: bool) -> Path:
    """For the database and the files. Kept for whoever wants to look into it afterwards."""
    if leave:
        return Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="samenspraak-")))
    directory = Path(tempfile.mkdtemp(prefix="samenspraak-"))
    print(t("The database and the pictures are in {directory}", directory=directory))
    return directory
