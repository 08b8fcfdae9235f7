"""From a payload to its handler: our table with few and with many routes, against Bolt's listeners.

In one process and without a network. Bolt works here as the bot has it work
(process_before_response), so that nothing but the way to the handler is measured.
"""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from pydantic import SecretStr
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.actions import colleagues
from bot.settings import Settings
from handlers.slack.app import build_slack
from handlers.slack.incoming import Incoming
from handlers.slack.routes import ROUTES, Kind
from tests.benchmarks.desks import desk_in
from tests.benchmarks.figures import Figure, figure
from tests.factories import OWNER

FEW, MANY = 5, 500


async def measure(presses: int, runs: int) -> list[Figure]:
    """presses: how many in each run; a run's figure is the milliseconds that one took."""
    spent: dict[tuple[str, int], list[float]] = {}
    with TemporaryDirectory() as name:
        async with desk_in(Path(name)) as desk:
            await colleagues.remember(desk, OWNER, "Olga Jansen", "en", "Europe/Amsterdam")
            ours = build_slack(_settings(), desk).app
            for _ in range(runs):
                for routes in (FEW, MANY):
                    bolt = await _spent(_stock(routes), routes, presses)
                    spent.setdefault(("bolt", routes), []).append(bolt)
                    table = {(Kind.PRESS, _name(n)): _acknowledge_ours for n in range(routes)}
                    with patch.dict(ROUTES, table, clear=True):
                        time_of_ours = await _spent(ours, routes, presses)
                    spent.setdefault(("ours", routes), []).append(time_of_ours)
    few = figure(f"Bolt, {FEW} listeners: a dispatch", "ms", spent["bolt", FEW])
    ours_few = figure(f"Samenspraak, {FEW} routes: a dispatch", "ms", spent["ours", FEW], few)
    return [
        few,
        figure(f"Bolt, {MANY} listeners: a dispatch", "ms", spent["bolt", MANY], few),
        ours_few,
        figure(f"Samenspraak, {MANY} routes: a dispatch", "ms", spent["ours", MANY], ours_few),
    ]


async def _spent(app: AsyncApp, routes: int, presses: int) -> float:
    """Milliseconds for one press on the button of the last route."""
    spent = []
    for _ in range(presses):
        request = AsyncBoltRequest(body=_press(_name(routes - 1)), mode="socket_mode")
        began = time.perf_counter()
        response = await app.async_dispatch(request)
        spent.append((time.perf_counter() - began) * 1000)
        assert response.status == 200
    return median(spent)


def _stock(routes: int) -> AsyncApp:
    """A listener for each button."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench")

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app = AsyncApp(
        authorize=authorize, process_before_response=True, request_verification_enabled=False
    )
    for number in range(routes):
        app.action(_name(number))(acknowledge)
    return app


async def _acknowledge_ours(incoming: Incoming) -> None:
    await incoming.ack()


def _name(number: int) -> str:
    return f"bench.button_{number}"


def _settings() -> Settings:
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr("xoxb-bench"),
        slack_app_token=SecretStr("xapp-bench"),
    )


def _press(action_id: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "library"},
        "user": {"id": OWNER, "team_id": "T1"},
        "channel": {"id": "C01REVIEW"},
        "trigger_id": "1.T1.bench",
        "actions": [{"type": "button", "block_id": "b", "action_id": action_id, "value": "1:1"}],
    }
