"""Files: what people and the bot sent, under file_ids; sizes of pictures; getFile."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.sandbox.telegram import samples
from bot.sandbox.telegram.arguments import Upload
from bot.sandbox.telegram.errors import ApiError, bad_request

MEGABYTE = 1024 * 1024
PHOTO_LIMIT = 10 * MEGABYTE
UPLOAD_LIMIT = 50 * MEGABYTE
DOWNLOAD_LIMIT = 20 * MEGABYTE

_FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "document": "documents"}
_ENDINGS = {"photo": ".jpg", "voice": ".oga", "video": ".mp4", "document": ""}
_MIMES = {"photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4"}


@dataclass(frozen=True)
class StoredFile:
    """One file as one message holds it. `kind`: photo, voice, video or document."""

    file_id: str
    unique_id: str
    kind: str
    content: bytes
    path: str
    name: str
    mime: str
    width: int = 0
    height: int = 0
    duration: int = 0
    thumbnail: "StoredFile | None" = None

    def reference(self) -> dict[str, Any]:
        """The part that PhotoSize, Voice, Video, Document and File have in common."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class Files:
    """All files by file_id and by download path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = count(1)

    def keep(
        self, kind: str, content: bytes, *, name: str = "", mime: str = "", duration: int = 0
    ) -> StoredFile:
        """A new file_id for the content; its unique id is the same wherever the content is."""
        number = next(self._numbers)
        width, height = picture_size(content) or (320, 240)
        small = kind == "photo" and content != samples.THUMBNAIL
        ending = _ENDINGS[kind] or "." + name.rpartition(".")[2]
        file = StoredFile(
            file_id=_opaque(f"{kind}:{number}".encode(), content, 48),
            unique_id=_opaque(kind.encode(), content, 16),
            kind=kind,
            content=content,
            path=f"{_FOLDERS[kind]}/file_{number}{ending}",
            name=name,
            mime=mime or _MIMES.get(kind, "application/octet-stream"),
            width=width,
            height=height,
            duration=duration,
            thumbnail=self.keep("photo", samples.THUMBNAIL) if small else None,
        )
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file
        return file

    def take(self, given: Upload | str | None, kind: str, duration: int = 0) -> StoredFile:
        """What the bot wants to send: an upload, or the file_id of a file of the same kind."""
        if not given:
            raise bad_request(f"there is no {kind} in the request")
        if isinstance(given, Upload):
            _check_upload(given, kind)
            return self.keep(
                kind, given.content, name=given.name, mime=given.mime, duration=duration
            )
        if given.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")  # the sandbox never goes outside
        if (file := self._by_id.get(given)) is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file

    def describe(self, file_id: str) -> dict[str, Any]:
        """getFile: a File with the path to download it from."""
        if (file := self._by_id.get(file_id)) is None:
            raise bad_request("invalid file_id")
        if len(file.content) > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return {**file.reference(), "file_path": file.path}

    def at(self, path: str) -> StoredFile | None:
        """The file behind a download path."""
        return self._by_path.get(path)


def _check_upload(upload: Upload, kind: str) -> None:
    size = len(upload.content)
    if not size:
        raise bad_request("file must be non-empty")
    if kind == "photo" and size > PHOTO_LIMIT:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_LIMIT} bytes"
        )
    if size > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and picture_size(upload.content) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG or PNG; None when it is neither."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (SOF), which holds the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        at += 2 + length
    return None


def _opaque(salt: bytes, content: bytes, length: int) -> str:
    digest = hashlib.sha512(salt + b"\0" + content).digest()
    return urlsafe_b64encode(digest).decode()[:length]
