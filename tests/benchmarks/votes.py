"""Votes a second: the real intake, durable, against stock polling that does nothing with them.

Both get the very same presses over HTTP from the sandbox's Telegram, which runs beside them.
"""

import asyncio
import gc
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func
from sqlmodel import Session, col, select
from telegram import Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ContextTypes,
    PollAnswerHandler,
)

from bot.actions.transaction import Desk
from bot.settings import Settings
from handlers.telegram.app import build_telegram
from storage.models import PollOption, Press, Vote
from tests.benchmarks.beside import Beside, beside
from tests.benchmarks.desks import desk_in, open_ballot
from tests.benchmarks.figures import Figure, figure

STOCK = "python-telegram-bot, stock polling, no-op: presses"
STOCK_ANSWERS = "python-telegram-bot, stock polling, no-op: poll answers"

COMMITTED = "Votes, until all are committed"
ANSWERED = "Votes, until all are answered"


async def measure(votes: int, runs: int) -> list[Figure]:
    """votes: how many people press, each once."""
    presses: list[float] = []
    poll_answers: list[float] = []
    committed: list[float] = []
    answered: list[float] = []
    with TemporaryDirectory() as name:
        directory = Path(name)
        async with beside("tests.benchmarks.telegram_beside") as telegram:
            ballots = directory / "ballots.db"
            options = await _prepare(ballots, votes)
            await telegram.ask("gather", people=votes, options=options)
            for _ in range(runs):
                presses.append(await _stock(telegram, "callback_query", votes))
                poll_answers.append(await _stock(telegram, "poll_answer", votes))
                until_committed, until_answered = await _ours(telegram, ballots, votes)
                committed.append(until_committed)
                answered.append(until_answered)
    stock = figure(STOCK, "a second", presses)
    stock_answers = figure(STOCK_ANSWERS, "a second", poll_answers)
    return [
        stock,
        stock_answers,
        figure(COMMITTED, "a second", committed, stock),
        figure(COMMITTED, "a second", committed, stock_answers),
        figure(ANSWERED, "a second", answered, stock),
    ]


async def _prepare(path: Path, votes: int) -> list[int]:
    with TemporaryDirectory(dir=path.parent) as name:
        directory = Path(name)
        async with desk_in(directory) as desk:
            options = await open_ballot(desk, votes)
        (directory / "bench.db").rename(path)
    return options


async def _stock(telegram: Beside, kind: str, votes: int) -> float:
    """Updates a second through Updater and Application, until the handler saw the last."""
    address = await telegram.ask("address")
    seen = 0
    done = asyncio.Event()

    async def count(_update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        nonlocal seen
        seen += 1
        if seen == votes:
            done.set()

    app = Application.builder().token(address["token"]).base_url(address["api_url"]).build()
    handlers: dict[str, BaseHandler[Any, Any, Any]] = {
        "callback_query": CallbackQueryHandler(count),
        "poll_answer": PollAnswerHandler(count),
    }
    app.add_handler(handlers[kind])
    gc.collect()
    async with app:
        assert app.updater is not None
        await app.updater.start_polling(allowed_updates=[kind])
        await app.start()
        began: float = await telegram.ask("press", kind=kind)
        await done.wait()
        ended = time.monotonic()
        await app.updater.stop()
        await app.stop()
    assert seen == votes
    return votes / (ended - began)


async def _ours(telegram: Beside, ballots: Path, votes: int) -> tuple[float, float]:
    """Votes a second, until all are committed and until all are answered."""
    address = await telegram.ask("address")
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(address["token"]),
        telegram_api_url=address["api_url"],
        telegram_file_url=address["file_url"],
        telegram_channel="@leestafel",
    )
    gc.collect()
    with TemporaryDirectory(dir=ballots.parent) as name:
        async with desk_in(Path(name), like=ballots) as desk:
            side = build_telegram(settings, desk)
            await side.start()
            began = await telegram.ask("press", kind="callback_query")
            committed = await telegram.ask("confirmed")
            answered = await telegram.ask("answered")
            await side.stop()
            await _check(desk, votes)
    return votes / (committed - began), votes / (answered - began)


async def _check(desk: Desk, votes: int) -> None:
    """Every vote is there, once."""

    def counts(session: Session) -> tuple[int, int, int]:
        chosen = select(func.count()).select_from(Vote).where(col(Vote.option_id).is_not(None))
        return (
            session.exec(chosen).one(),
            session.exec(select(func.count()).select_from(Press)).one(),
            session.exec(select(func.sum(PollOption.private_votes))).one(),
        )

    assert await desk.database.read(counts) == (votes, votes, votes)
