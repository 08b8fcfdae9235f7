"""Files between Slack and MEDIA_DIR: fetched once, uploaded once."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import media
from bot.actions.transaction import Desk
from bot.actions.views import MediaView
from bot.rules.posts import PICTURE_IS_GONE
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.tables import too_large

IMAGE_TYPES = ("jpg", "jpeg", "png", "gif")
"""Pictures that Slack's messages can show, so that whoever decides sees what they decide on."""

_BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
"""How the content of such a picture begins, whatever it is called."""

LARGEST = 10 * 1024 * 1024
"""Bytes of a picture, as Telegram takes it."""

PATIENCE = 1.5
"""Seconds that a form waits for its pictures; Slack takes it back after 3."""


@dataclass(frozen=True)
class Files:
    """The files of one workspace."""

    desk: Desk
    client: AsyncWebClient
    _fetching: dict[str, asyncio.Task[str]] = field(default_factory=dict)
    """By Slack's id of the file: the sha256, or what was wrong with it."""

    async def fetch(self, slack_file_ids: Sequence[str]) -> tuple[str, ...]:
        """Downloads them side by side; the sha256 of each.

        Raises InvalidForm for images; also where they take too long: the form stays as it is,
        the downloads go on, and the next time that the form is sent they are there.
        """
        wanted = {each: self._start(each) for each in slack_file_ids}
        if wanted:
            _, late = await asyncio.wait(wanted.values(), timeout=PATIENCE)
            if late:
                raise InvalidForm(
                    {
                        "images": Refusal(
                            "The pictures are large and still on their way to me. Nothing is "
                            "lost: wait a moment, then send this form again."
                        )
                    }
                )
        for each in wanted:
            self._fetching.pop(each, None)
        return tuple(await asyncio.gather(*(wanted[each] for each in slack_file_ids)))

    async def content(self, slack_file_id: str, most: int, name: str) -> bytes:
        """A file's content; most: bytes that it may have.

        Raises InvalidForm for `name`, the field that it stands in.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                file = (await self.client.files_info(file=slack_file_id))["file"]
                if file.get("size", 0) <= most:
                    return await self._download(file["url_private"])
        except TimeoutError:
            raise InvalidForm(
                {name: Refusal("Slack is slow at this moment. Nothing is lost: try once more.")}
            ) from None
        raise InvalidForm({name: too_large(most)})

    def _start(self, slack_file_id: str) -> asyncio.Task[str]:
        """The download that goes on already, or a new one."""
        if slack_file_id not in self._fetching:
            self._fetching[slack_file_id] = asyncio.create_task(self._fetch(slack_file_id))
        return self._fetching[slack_file_id]

    async def on_slack(self, wanted: Iterable[MediaView]) -> tuple[MediaView, ...]:
        """The same media, each with its place on Slack; uploaded where it was not yet."""
        return tuple([await self._upload_once(item) for item in wanted])

    async def share(self, item: MediaView, channel: str, thread_ts: str) -> None:
        """Puts a recording into a thread, where it can be played; once.

        Its file name says which recording it is, so that one that arrived is found again even
        where this was not written down any more.
        """
        if item.slack_file_id is not None:
            return
        name = f"{item.sha256[:16]}-{item.name}"
        found = await self._find_in_thread(name, channel, thread_ts)
        if found is not None:
            await media.on_slack(self.desk, item.sha256, found)
        else:
            await self._upload(item, name, channel, thread_ts)

    async def _find_in_thread(self, name: str, channel: str, thread_ts: str) -> str | None:
        replies = await self.client.conversations_replies(channel=channel, ts=thread_ts, limit=200)
        for message in replies["messages"]:
            for file in message.get("files", ()):
                if file.get("name") == name:
                    return str(file["id"])
        return None

    async def _fetch(self, slack_file_id: str) -> str:
        file = await self._info(slack_file_id)
        content_type = file.get("mimetype", "")
        if content_type.removeprefix("image/") not in IMAGE_TYPES:
            raise _no_picture(file["name"])
        if file.get("size", 0) > LARGEST:
            raise InvalidForm(
                {
                    "images": Refusal(
                        "{name} is too large: a picture has 10 MB at most.", name=file["name"]
                    )
                }
            )
        content = await self._download(file["url_private"])
        if not content.startswith(_BEGINS):
            raise _no_picture(file["name"])
        return (await media.keep(self.desk, content, content_type, file["name"])).sha256

    async def _info(self, slack_file_id: str) -> dict[str, Any]:
        """Raises InvalidForm where it was deleted on Slack, while a draft waited for instance."""
        try:
            found: dict[str, Any] = (await self.client.files_info(file=slack_file_id))["file"]
        except SlackApiError as error:
            if error.response.get("error") not in ("file_not_found", "file_deleted"):
                raise
            raise InvalidForm({"images": Refusal(PICTURE_IS_GONE)}) from error
        return found

    async def _download(self, address: str) -> bytes:
        session = self.client.session
        assert session is not None, "the side has started"
        authorization = {"Authorization": f"Bearer {self.client.token}"}
        async with session.get(address, headers=authorization) as answer:
            answer.raise_for_status()
            if answer.content_type == "text/html":  # a sign-in page: the scope is missing
                raise aiohttp.ClientPayloadError("Slack sent a page instead of the file")
            return await answer.read()

    async def _upload_once(self, item: MediaView) -> MediaView:
        if item.slack_file_id is not None:
            return item
        name = item.name or item.sha256
        return replace(item, slack_file_id=await self._upload(item, name))

    async def _upload(
        self,
        item: MediaView,
        name: str,
        channel_id: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        content = await asyncio.to_thread(item.path.read_bytes)
        place = await self.client.files_getUploadURLExternal(filename=name, length=len(content))
        session = self.client.session
        assert session is not None, "the side has started"
        async with session.post(place["upload_url"], data=content) as answer:
            answer.raise_for_status()
        slack_file_id = str(place["file_id"])
        await self.client.files_completeUploadExternal(
            files=[{"id": slack_file_id, "title": item.name or item.sha256}],
            channel_id=channel_id,
            thread_ts=thread_ts,
        )
        await media.on_slack(self.desk, item.sha256, slack_file_id)
        return slack_file_id


def _no_picture(name: str) -> InvalidForm:
    return InvalidForm(
        {
            "images": Refusal(
                "{name} is no picture of a kind that works everywhere. Choose a JPG, PNG or GIF.",
                name=name,
            )
        }
    )
