"""The arguments of one call, however they came: query, form, multipart or JSON.

Telegram ignores an argument that the method does not have; here it is an error, so that a slip of
the pen in the bot is found.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.telegram.errors import bad_request

_TRUE = {"true", "True", "1"}
_FALSE = {"false", "False", "0", ""}


@dataclass(frozen=True)
class Upload:
    """A file inside a multipart request."""

    name: str
    mime: str
    content: bytes


class Arguments:
    """The arguments of one call; each reader gives the asked type or refuses with 400."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def check_names(self, method: str, known: Iterable[str]) -> None:
        """Refuse what the method does not have. Uploads for attach:// choose their own names."""
        attached = {name for name, value in self.values.items() if isinstance(value, Upload)}
        for name in self.values.keys() - set(known) - attached:
            raise bad_request(f'{method} has no parameter "{name}"')

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        if isinstance(value, Upload) or not isinstance(value, str | int | float):
            raise bad_request(f'parameter "{name}" must be a string')
        if re.search("[\ud800-\udfff]", str(value)):
            raise bad_request("strings must be encoded in UTF-8")
        return str(value)

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number; required when there is no default."""
        value = self.values.get(name, default)
        if value is None:
            raise bad_request(f'parameter "{name}" is required')
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = str(self.values.get(name, default))
        if value not in _TRUE | _FALSE:
            raise bad_request(f'parameter "{name}" must be a boolean')
        return value in _TRUE

    def json(self, name: str) -> Any:
        """An object or list, parsed when it came as text; None when it was left out."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def file(self, name: str) -> Upload | str | None:
        """An upload (also by attach://), or a file_id, or None."""
        return self.attached(self.values.get(name))

    def attached(self, value: Any) -> Upload | str | None:
        """Follow an attach:// reference to the upload that it names."""
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.values.get(value.removeprefix("attach://"))
            if not isinstance(value, Upload):
                raise bad_request("attached file not found")
        if value is None or isinstance(value, Upload | str):
            return value
        raise bad_request("wrong file identifier/HTTP URL specified")


async def read_arguments(request: web.Request) -> Arguments:
    """Everything that came with the request; the body wins over the query."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values.update(await _json_body(request))
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            values[name] = value if isinstance(value, str) else _upload(value)
    return Arguments(values)


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("object expected as the JSON body")
    return body


def _upload(field: Any) -> Upload:
    if isinstance(field, web.FileField):
        return Upload(field.filename, field.content_type, field.file.read())
    return Upload("file", "application/octet-stream", bytes(field))
