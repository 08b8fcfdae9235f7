"""A press in Slack, acknowledged after its commit, against Bolt's default app that does nothing.

One press at a time, over Socket Mode, from the sandbox's Slack, which runs beside.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func
from sqlmodel import select

from bot.actions import posts
from bot.actions.transaction import Desk
from bot.outbox import Outbox, Pace
from bot.settings import Settings
from handlers.slack.app import Connection, SlackSide, build_slack
from storage.models import Decision
from tests.benchmarks.beside import Beside, beside
from tests.benchmarks.desks import REVIEW, desk_in, now
from tests.benchmarks.figures import Figure, figure
from tests.factories import PROPOSER

AT_ONCE = Pace(per_recipient=0, overall=0, burst=1, in_flight=10)

STOCK = "Bolt's default app, no-op: a press acknowledged"
COMMITTED = "Approve: a press committed and acknowledged"

Address = dict[str, str]


async def measure(presses: int, runs: int) -> list[Figure]:
    """presses: how many in each run; a run's figure is their median."""
    bolt: list[float] = []
    ours: list[float] = []
    async with beside("tests.benchmarks.slack_beside") as slack:
        address: Address = await slack.ask("address")
        with TemporaryDirectory() as name:
            async with desk_in(Path(name)) as desk:
                await _propose(desk, slack, address, presses * runs)
                for run in range(runs):
                    cards = {"first": run * presses, "count": presses}
                    async with _stock(address):
                        bolt.append(median(await slack.ask("press", **cards)))
                    await slack.ask("left")
                    async with _ours(address, desk):
                        ours.append(median(await slack.ask("press", **cards)))
                    await slack.ask("left")
                decided = await desk.database.read(
                    lambda session: session.exec(select(func.count()).select_from(Decision)).one()
                )
                assert decided == presses * runs
    base = figure(STOCK, "ms", bolt)
    return [base, figure(COMMITTED, "ms", ours, base)]


async def _propose(desk: Desk, slack: Beside, address: Address, count: int) -> None:
    """So many proposals, and their cards in the review channel."""
    for number in range(count):
        draft = posts.Proposal(
            text=f"New in the library: {number} board games",
            platform_keys=("telegram",),
            pillar_key=None,
            target_group_key=None,
            planned_at=now() + timedelta(days=1),
            why="",
            images=(),
        )
        await posts.propose(desk, PROPOSER, f"bench-{number}", draft)
    async with _ours(address, desk) as side:
        outbox = Outbox("slack", desk, side.sender, AT_ONCE)
        sending = asyncio.create_task(outbox.run())
        await slack.ask("cards", count=count)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    await slack.ask("left")


@asynccontextmanager
async def _ours(address: Address, desk: Desk) -> AsyncIterator[SlackSide]:
    """The bot's Slack side, without the outbox, which sends later what the press led to."""
    settings = Settings(
        _env_file=None,
        slack_bot_token=SecretStr(address["bot_token"]),
        slack_app_token=SecretStr(address["app_token"]),
        slack_api_url=address["api_url"],
        slack_review_channel=REVIEW,
    )
    side = build_slack(settings, desk)
    gc.collect()
    await side.start()
    try:
        yield side
    finally:
        await side.stop()


@asynccontextmanager
async def _stock(address: Address) -> AsyncIterator[None]:
    """As Bolt's own guide has it: everything by default, but where Slack is."""
    client = AsyncWebClient(token=address["bot_token"], base_url=address["api_url"])
    app = AsyncApp(client=client)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.action("post.approve")(acknowledge)
    connection: Connection = AsyncSocketModeHandler(
        app, address["app_token"], web_client=client
    ).client
    gc.collect()
    await connection.connect()
    try:
        yield
    finally:
        await connection.close()
