"""files.*: the three steps of an upload, and what can be read back."""

import mimetypes
import re

from aiohttp import web

from bot.sandbox.slack.arguments import Method
from bot.sandbox.slack.chat import checked_blocks
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import Json, SlackFile
from bot.sandbox.slack.workspace import Workspace

SIGN_IN = "<!DOCTYPE html><title>Sign in</title><p>Sign in to see this file.</p>"


def new_file(space: Workspace, name: str, user: str) -> SlackFile:
    """A file without content yet. `name` tells its kind."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file_id, created = space.new_id("F"), int(space.now().timestamp())
    space.files[file_id] = SlackFile(file_id, name, user, created, mimetype=kind)
    return space.files[file_id]


def get_upload_url(space: Workspace, given: Json) -> Json:
    if given["length"] < 1:
        raise SlackError("invalid_arguments", ["must be greater than 0 [json-pointer:/length]"])
    file = new_file(space, given["filename"], space.bot.id)
    file.expected = given["length"]
    file.alt_text = given.get("alt_txt", "")
    return {"upload_url": f"{space.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(space: Workspace, given: Json) -> Json:
    files = []
    for one in given["files"]:
        file = space.files.get(one.get("id", ""))
        if file is None or not file.uploaded:
            raise SlackError("file_not_found")
        files.append((file, one.get("title", file.name)))
    channels = given.get("channels", [])
    if "channel_id" in given:
        channels = [given["channel_id"], *channels]
    found = [space.channel(channel) for channel in channels]
    blocks = checked_blocks(space, given.get("blocks", []))
    for file, title in files:
        file.shared, file.title = True, title
    for channel in found:
        space.post(
            Message(
                space,
                channel.id,
                space.new_ts(),
                space.bot.id,
                given.get("initial_comment", ""),
                blocks,
                thread_ts=given.get("thread_ts"),
                files=[file.id for file, _ in files],
            )
        )
    return {"files": [space.file_wire(file) for file, _ in files]}


def file_info(space: Workspace, given: Json) -> Json:
    file = space.file(given["file"])
    return {"file": space.file_wire(file), "comments": [], "response_metadata": {}}


def delete(space: Workspace, given: Json) -> Json:
    """With it go the messages that had nothing but this file."""
    file = space.file(given["file"])
    if file.user != space.bot.id:
        raise SlackError("cant_delete_file")
    del space.files[file.id]
    said = [message for messages in space.messages.values() for message in messages]
    for message in [message for message in said if file.id in message.files]:
        message.files.remove(file.id)
        if not message.files and not message.text and not message.blocks:
            space.remove(message)
    return {}


async def receive(space: Workspace, request: web.Request) -> web.Response:
    """The upload URL: the bytes as they are, or as the part "file" of a form. Not yet shared."""
    file = space.files.get(request.match_info["file"])
    if file is None or file.uploaded:
        return web.Response(status=404, text="file_not_found")
    content = await _content(request)
    if len(content) != file.expected:
        return web.Response(status=400, text="the length is not the one that was announced")
    file.content, file.uploaded = content, True
    return web.Response(text=f"OK - {len(content)}")


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    part = (await request.post()).get("file")
    return part.file.read() if isinstance(part, web.FileField) else b""


async def serve(space: Workspace, request: web.Request) -> web.Response:
    """`url_private`: the content for who has the token, for others a page to sign in."""
    if request.headers.get("Authorization") != f"Bearer {space.bot_token}":
        return web.Response(text=SIGN_IN, content_type="text/html")
    named = re.search(r"-(F[A-Z0-9]+)$", request.match_info["key"])
    file = space.files.get(named[1]) if named else None
    if file is None or not file.shared:
        return web.Response(status=404, text="file_not_found")
    return web.Response(body=file.content, content_type=file.mimetype)


METHODS = {
    "files.getUploadURLExternal": Method(
        get_upload_url,
        {"filename": "str", "length": "int"},
        {"alt_txt": "str", "snippet_type": "str"},
    ),
    "files.delete": Method(delete, {"file": "str"}),
    "files.completeUploadExternal": Method(
        complete_upload,
        {"files": "json"},
        {
            "channel_id": "str",
            "channels": "ids",
            "initial_comment": "str",
            "thread_ts": "str",
            "blocks": "json",
        },
    ),
    "files.info": Method(
        file_info, {"file": "str"}, {"cursor": "str", "limit": "int", "count": "int", "page": "int"}
    ),
}
