"""Media: kept once, under the hash of their content."""

import asyncio
import hashlib
import os
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlmodel import col, select

from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import MediaView
from storage.models import Media
from storage.queries.media import unused_media

KEPT_UNUSED = timedelta(hours=1)
"""Longer than it takes from keeping a file to writing down whose it is."""


AT_ONCE = datetime.fromtimestamp(0, UTC)
"""When what somebody asked to be erased counts as kept: so long ago that it goes right away, also
from Slack."""


async def keep(desk: Desk, content: bytes, content_type: str, name: str) -> MediaView:
    """Writes the file, then the row: a row always has its file."""
    sha256 = hashlib.sha256(content).hexdigest()
    while True:
        await asyncio.to_thread(_write, path_in(desk.media_dir, sha256), content)
        kept = await _remember(desk, sha256, content_type, len(content), name)
        if kept.path.exists():  # else it was thrown away between the two
            return kept


async def drop_unused(desk: Desk) -> None:
    """What no story, post or draft has any more: of a story that was cancelled, nothing stays."""
    if await _unused(desk):
        await _drop_unused(desk)


@query
def show(tx: Transaction, sha256s: Sequence[str]) -> tuple[MediaView, ...]:
    """In the order asked for; what is not there is left out."""
    return shown_media(tx, sha256s)


def shown_media(tx: Transaction, sha256s: Sequence[str]) -> tuple[MediaView, ...]:
    """In the order asked for; what is not there is left out."""
    rows = tx.session.exec(select(Media).where(col(Media.sha256).in_(sha256s)))
    found = {media.sha256: media_view(tx, media) for media in rows}
    return tuple(found[sha256] for sha256 in sha256s if sha256 in found)


@action
def on_slack(tx: Transaction, sha256: str, slack_file_id: str) -> None:
    """It was uploaded to Slack: messages can show it by this id."""
    media = tx.session.get(Media, sha256)
    if media is None:  # erased while it was on its way
        erase_on_slack(tx, f"media:{sha256}", files=[slack_file_id])
        return
    media.slack_file_id = slack_file_id
    tx.session.add(media)


@action
def gone_from_slack(tx: Transaction, slack_file_ids: Sequence[str]) -> None:
    """Somebody deleted them there: the next message that shows them uploads them anew."""
    wanted = col(Media.slack_file_id).in_(slack_file_ids)
    for media in tx.session.exec(select(Media).where(wanted)):
        media.slack_file_id = None
        tx.session.add(media)


def media_view(tx: Transaction, media: Media) -> MediaView:
    return MediaView(
        sha256=media.sha256,
        content_type=media.content_type,
        name=media.name,
        path=path_in(tx.desk.media_dir, media.sha256),
        slack_file_id=media.slack_file_id,
    )


def path_in(media_dir: Path, sha256: str) -> Path:
    """Folders of their first two characters, so that none grows too full."""
    return media_dir / sha256[:2] / sha256


def forget_media(tx: Transaction, sha256s: Collection[str]) -> None:
    """What nobody else has of them goes at the next look."""
    for media in tx.session.exec(select(Media).where(col(Media.sha256).in_(sha256s))):
        media.created_at = AT_ONCE
        tx.session.add(media)


def erase_on_slack(
    tx: Transaction, about: str, places: Sequence[Sequence[str]] = (), files: Sequence[str] = ()
) -> None:
    """places: messages, each as channel and timestamp; files: Slack's ids."""
    key = f"{about}:erase:{tx.now.timestamp():.6f}"
    tx.notify_slack("", "slack.erase", key, places=list(places), files=list(files))


@action
def _remember(tx: Transaction, sha256: str, content_type: str, size: int, name: str) -> MediaView:
    media = tx.session.get(Media, sha256)
    if media is None:
        media = Media(
            sha256=sha256, content_type=content_type, size=size, name=name, created_at=tx.now
        )
    media.created_at = tx.now
    tx.session.add(media)
    return media_view(tx, media)


@query
def _unused(tx: Transaction) -> int:
    return len(unused_media(tx.session, tx.now - KEPT_UNUSED))


@action
def _drop_unused(tx: Transaction) -> None:
    """The file first: a row without one that nobody uses does no harm."""
    for media in unused_media(tx.session, tx.now - KEPT_UNUSED):
        path_in(tx.desk.media_dir, media.sha256).unlink(missing_ok=True)
        if media.slack_file_id and media.created_at == AT_ONCE:
            erase_on_slack(tx, f"media:{media.sha256}", files=[media.slack_file_id])
        tx.session.delete(media)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: beside its place first, on disk, then moved there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink()
            raise
