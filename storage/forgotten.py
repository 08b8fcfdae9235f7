"""Who asked to be forgotten: a file outside of the backups, so that none brings somebody back.

The first line has the salt. Each further line has the digest of an account number and the moment,
and says nothing to who reads it. A digest is made slow on purpose: account numbers have few
digits, and nobody should get at them by trying them all.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HEADING = "forgotten"
COST = 2**13  # of scrypt: some 20 milliseconds and 8 megabytes for each digest


@dataclass(frozen=True)
class Entry:
    """Somebody was forgotten at that moment."""

    digest: str
    at: datetime


class ForgottenFile:
    """Only ever grows. Its methods take their time: call them beside the event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, follower_id: int, at: datetime) -> Entry:
        """On disk when it returns."""
        entry = Entry(digest_of(follower_id, self._salt()), at)
        _append(self._path, f"{entry.digest} {entry.at.isoformat()}\n")
        return entry

    def entries(self) -> tuple[Entry, ...]:
        """A line that was cut off in a crash is left out: then nothing was erased yet."""
        if not self._path.exists():
            return ()
        _, *lines = self._path.read_text().splitlines() or [""]
        return tuple(entry for line in lines if (entry := _read(line)))

    def digest(self, follower_id: int) -> str:
        return digest_of(follower_id, self._salt())

    def _salt(self) -> bytes:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _append(self._path, f"{HEADING} {secrets.token_hex(16)}\n")
        words = self._path.read_text().split(maxsplit=2)
        if len(words) < 2 or words[0] != HEADING:
            raise ValueError(f"{self._path} is not the file of who was forgotten")
        return bytes.fromhex(words[1])


def digest_of(follower_id: int, salt: bytes) -> str:
    made = hashlib.scrypt(str(follower_id).encode(), salt=salt, n=COST, r=8, p=1, dklen=24)
    return made.hex()


def _read(line: str) -> Entry | None:
    try:
        digest, at = line.split()
        return Entry(digest, datetime.fromisoformat(at))
    except ValueError:
        return None


def _append(path: Path, line: str) -> None:
    """Begins with a new line where a crash cut the last one off."""
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
