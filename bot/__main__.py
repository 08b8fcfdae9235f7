"""The command line: `python -m bot`. Each command imports what it needs, when it needs it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.texts import Texts

WRONG_SETTINGS = 2
EXPORTS = ("posts", "slots", "polls")
IMPORTS = ("posts", "slots", "special-days", "figures")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 it failed, 2 wrong settings or words on the command line."""
    words = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = words.command
    return command(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Samenspraak: social media made together, in Slack and in Telegram.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("run", help="run the bot").set_defaults(command=_run)
    _add_sandbox(commands.add_parser("sandbox", help="try it out, without any account"))
    strategy = commands.add_parser("strategy", help="the strategy file").add_subparsers(
        required=True, metavar="COMMAND"
    )
    load = strategy.add_parser("load", help="load platforms, owners, slots and more from TOML")
    load.add_argument("file", type=Path, metavar="FILE")
    load.set_defaults(command=_load_strategy)
    export = strategy.add_parser("export", help="write what is loaded as TOML")
    export.add_argument("file", type=Path, metavar="FILE", nargs="?", help="else to the screen")
    export.set_defaults(command=_export_strategy)
    _add_exchange(commands.add_parser("export", help="write data to a file"), "export")
    _add_exchange(commands.add_parser("import", help="bring in data from a file"), "import")
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(
        command=_migrate
    )
    commands.add_parser("doctor", help="check the settings and the tokens").set_defaults(
        command=_doctor
    )
    return parser


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tour", action="store_true", help="play the whole story")
    parser.add_argument("--exit", action="store_true", help="end after the tour")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port of the page")
    parser.add_argument("--language", choices=("en", "nl"), help="of everybody in it")
    parser.set_defaults(command=_sandbox)


def _add_exchange(parser: argparse.ArgumentParser, way: str) -> None:
    """export WHAT FILE, import WHAT FILE."""
    kinds = EXPORTS if way == "export" else IMPORTS
    parser.add_argument("what", choices=kinds, metavar="WHAT", help=", ".join(kinds))
    parser.add_argument("file", type=Path, metavar="FILE")
    if way == "import":
        parser.add_argument(
            "--as", dest="by", metavar="SLACK_ID", help="who proposes them; posts need it"
        )
    parser.set_defaults(command=_export if way == "export" else _import)


def _run(_: argparse.Namespace) -> int:
    return _with_settings(_run_with)


async def _run_with(settings: "Settings", t: "Texts") -> int:
    from bot import app, commands

    if found := await commands.complaints(settings, t):
        return _complain(found)
    for line in await commands.advice(settings, t):
        print(line, file=sys.stderr)
    await app.run(settings)
    return 0


def _doctor(_: argparse.Namespace) -> int:
    return _with_settings(_doctor_with)


async def _doctor_with(settings: "Settings", t: "Texts") -> int:
    from bot import commands

    if found := await commands.complaints(settings, t) or await commands.advice(settings, t):
        return _complain(found)
    print(t("Everything is there, and both chats accept it."))
    return 0


def _migrate(_: argparse.Namespace) -> int:
    return _with_settings(_migrate_with)


async def _migrate_with(settings: "Settings", t: "Texts") -> int:
    from bot.app import open_database

    open_database(settings.database_url).close()
    print(t("The database is up to date."))
    return 0


def _load_strategy(words: argparse.Namespace) -> int:
    async def load(settings: "Settings", t: "Texts") -> int:
        from bot.commands import load_strategy

        return await load_strategy(settings, t, words.file)

    return _with_settings(load)


def _export_strategy(words: argparse.Namespace) -> int:
    async def export(settings: "Settings", t: "Texts") -> int:
        from bot.commands import export_strategy

        return await export_strategy(settings, t, words.file)

    return _with_settings(export)


def _export(words: argparse.Namespace) -> int:
    async def export(settings: "Settings", t: "Texts") -> int:
        from bot.exchange import export as run

        return await run(settings, t, words.what, words.file)

    return _with_settings(export)


def _import(words: argparse.Namespace) -> int:
    async def bring_in(settings: "Settings", t: "Texts") -> int:
        from bot.exchange import bring_in as run

        return await run(settings, t, words.what, words.file, words.by)

    return _with_settings(bring_in)


def _sandbox(words: argparse.Namespace) -> int:
    from bot.sandbox.play import play

    language = words.language or os.environ.get("LANGUAGE") or "en"
    return asyncio.run(play(language=language, port=words.port, tour=words.tour, leave=words.exit))


def _with_settings(
    command: Callable[["Settings", "Texts"], Coroutine[Any, Any, int]],
) -> int:
    """Runs the command with checked settings; says in one line each what is wrong with them."""
    from pydantic import ValidationError

    from bot.logs import set_up_logging
    from bot.settings import Settings
    from bot.texts import texts_in

    try:
        settings = Settings()
    except ValidationError as error:
        return _complain(
            f"{'.'.join(map(str, mistake['loc'])).upper()}: {mistake['msg']}"
            for mistake in error.errors()
        )
    set_up_logging(settings.log_level, settings.log_format, settings.secrets())
    return asyncio.run(command(settings, texts_in(settings.language)))


def _complain(lines: Iterable[str]) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return WRONG_SETTINGS


if __name__ == "__main__":
    sys.exit(main())
