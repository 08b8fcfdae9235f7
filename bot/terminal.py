"""What the commands share: complaints, and files that are written once."""

import asyncio
import sys
from pathlib import Path

from bot.texts import Texts


def complain(line: str) -> None:
    print(line, file=sys.stderr)


async def write_new(file: Path, content: bytes, t: Texts) -> int:
    """Exit status: 0 written, 1 not. A file that is there is never overwritten."""
    try:
        await asyncio.to_thread(_write, file, content)
    except FileExistsError:
        complain(t("{file} is there already. Choose another name, or move it away.", file=file))
        return 1
    except OSError as error:
        complain(t("{file} cannot be written: {why}", file=file, why=error))
        return 1
    print(t("Written: {file}", file=file))
    return 0


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as new:
        new.write(content)
