"""What the command line does, besides running: checks, and the strategy file."""

import asyncio
from pathlib import Path

from bot.actions.strategy import current, load
from bot.app import desk_of, open_database
from bot.clock import clock_from
from bot.rules.strategy import StrategyMistakes, read
from bot.rules.strategy_text import write
from bot.settings import Settings
from bot.terminal import complain, write_new
from bot.texts import Texts
from handlers.slack import doctor as slack_doctor
from handlers.telegram import doctor as telegram_doctor


async def complaints(settings: Settings, t: Texts) -> list[str]:
    """What keeps the bot from running: what is missing or wrong, and where to get it."""
    found = _not_yet(settings, t)
    for doctor in (slack_doctor, telegram_doctor):
        found += doctor.missing(settings, t) or await doctor.wrong(settings, t)
    return found


async def advice(settings: Settings, t: Texts) -> list[str]:
    """What will not work although the bot can run."""
    return [
        *await slack_doctor.advice(settings, t),
        *await telegram_doctor.advice(settings, t),
    ]


def _not_yet(settings: Settings, t: Texts) -> list[str]:
    found = []
    if not settings.database_url.startswith("sqlite:///"):
        found.append(t("DATABASE_URL: it has to begin with sqlite:///"))
    if settings.telegram_webhook_url:
        found.append(t("TELEGRAM_WEBHOOK_URL: leave it empty; the bot fetches its messages itself"))
    return found


async def load_strategy(settings: Settings, t: Texts, file: Path) -> int:
    """Loads the strategy file; every mistake is said with its line, and then nothing changes.

    Exit status: 0 loaded, 1 not.
    """
    try:
        strategy = read(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        complain(t("{file} cannot be read: {why}", file=file, why=error))
        return 1
    except StrategyMistakes as found:
        for mistake in found.mistakes:
            complain(f"{file}:{mistake.line}: {t(mistake.sentence, **mistake.values)}")
        complain(t("Nothing was changed. Mend this and load the file again."))
        return 1
    database = open_database(settings.database_url)
    try:
        clock = clock_from(settings.clock_offset_file)
        report = await load(desk_of(settings, database, clock), strategy)
    finally:
        database.close()
    print(
        t(
            "Loaded: {added} new, {changed} changed, {retired} taken out, {unchanged} as before.",
            added=report.added,
            changed=report.changed,
            retired=report.retired,
            unchanged=report.unchanged,
        )
    )
    if report.overruled:
        print(
            t(
                "Changed in Slack before, and now as in the file: {names}. To keep what is changed "
                "in Slack, write it to a file first: python -m bot strategy export FILE",
                names=t.listing(report.overruled),
            )
        )
    return 0


async def export_strategy(settings: Settings, t: Texts, file: Path | None) -> int:
    """Writes the strategy that is kept as a strategy file; without a file, to the screen.

    Exit status: 0 written, 1 not. A file that is there is never overwritten.
    """
    database = open_database(settings.database_url)
    try:
        desk = desk_of(settings, database, clock_from(settings.clock_offset_file))
        strategy = await current(desk)
    finally:
        database.close()
    if strategy is None:
        complain(t("There is no strategy yet. Load one: python -m bot strategy load FILE"))
        return 1
    if file is None:
        print(write(strategy), end="")
        return 0
    return await write_new(file, write(strategy).encode(), t)
