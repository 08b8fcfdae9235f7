"""Logging: to the console or as JSON lines; never a token, never a person's words."""

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

TALKATIVE = (
    "httpx",  # logs every address, and so Telegram's token, at INFO
    "httpcore",
    "aiohttp",
    "apscheduler",
    "slack_bolt",
    "slack_sdk",
    "telegram",
    "alembic",
    "sqlalchemy",
)


def set_up_logging(
    level: str, format: Literal["console", "json"], secrets: Iterable[str] = ()
) -> None:
    """secrets: what is blotted out wherever it turns up, in a library's message too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Blotting(_JsonLines() if format == "json" else _console(), tuple(filter(None, secrets)))
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _console() -> logging.Formatter:
    return logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _Blotting(logging.Formatter):
    """Writes a line as another formatter does, with the secrets blotted out."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line
