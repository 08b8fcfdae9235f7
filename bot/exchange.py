"""`python -m bot export WHAT FILE` and `import WHAT FILE`: data out and in."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from bot.actions import figures_file as figure_rows
from bot.actions import poll_results
from bot.actions import posts_file as post_rows
from bot.actions import slots_file as slot_rows
from bot.actions import special_days_file as special_days
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.app import desk_of, open_database
from bot.clock import clock_from
from bot.rules import figures_file, polls_file, posts_file, slots_file, special_days_file
from bot.rules.posts_file import LARGEST
from bot.rules.refusals import Refusal
from bot.rules.tables import RowMistakes
from bot.settings import Settings
from bot.terminal import complain, write_new
from bot.texts import Texts, texts_in

T = TypeVar("T")


async def _posts_out(desk: Desk) -> bytes:
    return posts_file.write(await post_rows.rows(desk), desk.language)


async def _posts_in(desk: Desk, content: bytes, by: str | None) -> LoadReport:
    if by is None or not re.fullmatch("[UW][A-Z0-9]+", by):
        raise Refusal(
            "Posts are proposed by somebody. Name them: {example}.", example="--as U0123ABCD"
        )
    return await post_rows.bring_in(desk, by, posts_file.read(content))


async def _special_days_in(desk: Desk, content: bytes, _: str | None) -> LoadReport:
    return await special_days.bring_in(desk, None, special_days_file.read(content, desk.zone))


async def _slots_out(desk: Desk) -> bytes:
    return slots_file.write(await slot_rows.rows(desk), texts_in(desk.language))


async def _slots_in(desk: Desk, content: bytes, _: str | None) -> LoadReport:
    return await slot_rows.bring_in(desk, slots_file.read(content))


async def _polls_out(desk: Desk) -> bytes:
    return polls_file.write(await poll_results.lines(desk), desk.language)


async def _figures_in(desk: Desk, content: bytes, _: str | None) -> LoadReport:
    digest = sha256(content).hexdigest()
    return await figure_rows.bring_in(desk, None, figures_file.read(content, LARGEST), digest)


EXPORTS: Mapping[str, Callable[[Desk], Awaitable[bytes]]] = {
    "posts": _posts_out,
    "slots": _slots_out,
    "polls": _polls_out,
}
IMPORTS: Mapping[str, Callable[[Desk, bytes, str | None], Awaitable[LoadReport]]] = {
    "posts": _posts_in,
    "slots": _slots_in,
    "figures": _figures_in,
    "special-days": _special_days_in,
}


async def export(settings: Settings, t: Texts, what: str, file: Path) -> int:
    """Exit status: 0 written, 1 not. A file that is there is never overwritten."""
    content = await _at_the_desk(settings, EXPORTS[what])
    return await write_new(file, content, t)


async def bring_in(settings: Settings, t: Texts, what: str, file: Path, by: str | None) -> int:
    """All of the file, or nothing: then every row that is wrong is named.

    by: the Slack id of who proposes it. Exit status: 0 brought in, 1 not.
    """
    try:
        content = await asyncio.to_thread(_read, file)
        report = await _at_the_desk(settings, lambda desk: IMPORTS[what](desk, content, by))
    except OSError as error:
        complain(t("{file} cannot be read: {why}", file=file, why=error))
        return 1
    except RowMistakes as told:
        for mistake in told.mistakes:
            where = f"{file}:{mistake.line}" if mistake.line else file
            complain(f"{where}: {t(mistake.sentence, **mistake.values)}")
        complain(t("Nothing was changed. Mend this and bring in the file again."))
        return 1
    except Refusal as refusal:
        complain(t(refusal.sentence, **refusal.values))
        return 1
    print(
        t(
            "Brought in: {added} new, {changed} changed, {unchanged} as before.",
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
        )
    )
    for left in report.left_out:
        print(f"{file}:{left.line}: {t(left.sentence, **left.values)}")
    return 0


async def _at_the_desk(settings: Settings, run: Callable[[Desk], Awaitable[T]]) -> T:
    database = open_database(settings.database_url)
    try:
        return await run(desk_of(settings, database, clock_from(settings.clock_offset_file)))
    finally:
        database.close()


def _read(file: Path) -> bytes:
    """No more of it than shows that it is too large."""
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)
