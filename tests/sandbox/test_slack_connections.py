"""Socket Mode and HTTP when things go wrong: lost connections, lost answers, faults."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import NotAcknowledged
from tests.sandbox.slack_app import Sandbox, actions, button, client_of, running, section


async def test_an_event_comes_again_until_it_is_acknowledged() -> None:
    event_ids: list[str] = []

    def set_up(app: AsyncApp) -> None:
        @app.event("app_home_opened")
        async def opened(body: Any, client: Any) -> None:
            event_ids.append(body["event_id"])
            if len(event_ids) < 3:
                raise RuntimeError("not yet")
            view = {"type": "home", "blocks": [section("Here")]}
            await client.views_publish(user_id=body["event"]["user"], view=view)

    async with running(set_up) as sandbox:
        sandbox.slack.socket_mode.ack_seconds = 0.05
        sandbox.slack.socket_mode.event_retries = (0.0, 0.01, 0.02)
        home = await sandbox.anna.open_home()
        assert home.seen_by(sandbox.anna) == "Here"
    assert len(event_ids) == 3
    assert len(set(event_ids)) == 1


async def test_a_press_does_not_come_again() -> None:
    presses: list[str] = []

    def set_up(app: AsyncApp) -> None:
        @app.action("press")
        async def pressed(body: Any) -> None:
            presses.append(body["user"]["id"])
            raise RuntimeError("broken")

    async with running(set_up) as sandbox:
        sandbox.slack.socket_mode.ack_seconds = 0.05
        sandbox.slack.socket_mode.event_retries = (0.0, 0.0, 0.0)
        message = await _posted(sandbox)
        with pytest.raises(NotAcknowledged):
            await sandbox.anna.press(message, "Go")
        assert presses == ["U01ANNA"]


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_the_app_connects_anew_when_slack_asks_for_it(reason: Any) -> None:
    async with running(_answers) as sandbox:
        socket_mode = sandbox.slack.socket_mode
        (old,) = socket_mode.open
        await sandbox.slack.disconnect(reason)
        assert await sandbox.slack.wait_connected() == 1
        assert socket_mode.open[0] is not old
        assert await sandbox.anna.command("/social") == "Yes"


async def test_an_app_that_dies_leaves_the_person_without_an_answer_at_once() -> None:
    waiting = asyncio.Event()

    def set_up(app: AsyncApp) -> None:
        @app.command("/social")
        async def hangs() -> None:
            waiting.set()
            await asyncio.Event().wait()

    async with running(set_up) as sandbox:
        command = asyncio.ensure_future(sandbox.anna.command("/social"))
        await waiting.wait()
        client: SocketModeClient = sandbox.handler.client
        await client.aiohttp_client_session.close()  # without a word of farewell
        with pytest.raises(NotAcknowledged, match="the connection was lost"):
            await asyncio.wait_for(command, 1)


async def test_several_connections_take_turns() -> None:
    async with running(_answers) as sandbox:
        heard: list[str] = []
        second = AsyncApp(client=client_of(sandbox.slack), process_before_response=True)

        @second.command("/social")
        async def command(ack: Any) -> None:
            heard.append("second")
            await ack("Second")

        handler: Any = AsyncSocketModeHandler(second, sandbox.slack.app_token)
        await handler.connect_async()
        await sandbox.slack.until(lambda: len(sandbox.slack.socket_mode.open) == 2)
        replies = {await sandbox.anna.command("/social") for _ in range(2)}
        await handler.close_async()
    assert replies == {"Yes", "Second"}
    assert heard == ["second"]


async def test_a_connection_needs_a_ticket_of_its_own() -> None:
    async with running() as sandbox, aiohttp.ClientSession() as session:
        answer = await sandbox.client.apps_connections_open(app_token=sandbox.slack.app_token)
        async with session.ws_connect(str(answer["url"])) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(str(answer["url"]))


async def test_faults_refuse_delay_and_cut() -> None:
    async with running() as sandbox:
        post, faults = sandbox.client.chat_postMessage, sandbox.slack.faults
        given: Any = {"channel": "C01REVIEW", "text": "Hi"}

        faults.add("chat.postMessage", error="fatal_error", times=2)
        for _ in range(2):
            with pytest.raises(SlackApiError, match="fatal_error"):
                await post(**given)
        faults.add("chat.postMessage", retry_after=7)
        with pytest.raises(SlackApiError) as caught:
            await post(**given)
        assert caught.value.response.headers["Retry-After"] == "7"
        faults.add("chat.postMessage", status=503)
        with pytest.raises(SlackApiError) as caught:
            await post(**given)
        assert caught.value.response.status_code == 503
        assert sandbox.slack.channel_messages("C01REVIEW") == []

        faults.add("chat.postMessage", cut="before")
        with pytest.raises(aiohttp.ClientError):
            await post(**given)
        assert sandbox.slack.channel_messages("C01REVIEW") == []
        faults.add("chat.postMessage", cut="after")
        with pytest.raises(aiohttp.ClientError):
            await post(**given)
        assert len(sandbox.slack.channel_messages("C01REVIEW")) == 1

        faults.add("chat.postMessage", delay=0.01)
        await post(**given)
        assert len(sandbox.slack.channel_messages("C01REVIEW")) == 2
        ended = [call.error for call in sandbox.slack.calls if call.method == "chat.postMessage"]
        refused = ["fatal_error", "fatal_error", "ratelimited", "internal_error"]
        assert ended == [*refused, "cut before", None, None]


async def test_a_response_url_serves_five_times_in_half_an_hour() -> None:
    urls: list[str] = []

    def set_up(app: AsyncApp) -> None:
        @app.action("press")
        async def pressed(ack: Any, body: Any) -> None:
            urls.append(body["response_url"])
            await ack()

    async with running(set_up) as sandbox:
        message = await _posted(sandbox)
        await sandbox.anna.press(message, "Go")
        hook = AsyncWebhookClient(urls[0])
        assert (await hook.send(text="Only you see this")).status_code == 200
        assert sandbox.anna.ephemerals[0].text == "Only you see this"
        await hook.send(text="For all", response_type="in_channel")
        assert sandbox.slack.channel_messages("C01REVIEW")[-1].text == "For all"
        await hook.send(text="Decided", replace_original=True)
        assert message.seen_by(sandbox.anna) == "Decided"
        refused = await hook.send(blocks=[{"type": "poem"}])
        assert refused.status_code == 400
        await hook.send(delete_original=True)
        assert message.deleted
        assert message not in sandbox.slack.channel_messages("C01REVIEW")
        sixth = await hook.send(text="x")
        assert (sixth.status_code, "used_url" in sixth.body) == (404, True)

        other = await _posted(sandbox)
        await sandbox.anna.press(other, "Go")
        sandbox.clock.move(timedelta(minutes=31))
        late = await AsyncWebhookClient(urls[1]).send(text="x")
        assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_files_go_up_in_three_steps_and_come_down_with_the_token() -> None:
    async with running() as sandbox, aiohttp.ClientSession() as session:
        client, content = sandbox.client, b"\x89PNG picture"
        answer = await client.files_upload_v2(
            filename="tree.png",
            content=content,
            title="A tree",
            alt_txt="A big tree",
            channel="C01REVIEW",
            initial_comment="Look",
        )
        file: Any = answer["file"]
        (message,) = sandbox.slack.channel_messages("C01REVIEW")
        assert message.seen_by(sandbox.anna) == "Look\n[picture: A big tree]"
        info: Any = (await client.files_info(file=file["id"]))["file"]
        assert (info["mimetype"], info["size"]) == ("image/png", len(content))
        async with session.get(info["url_private"]) as locked:
            assert locked.content_type == "text/html"
        headers = {"Authorization": f"Bearer {sandbox.slack.bot_token}"}
        async with session.get(info["url_private"], headers=headers) as found:
            assert (await found.read(), found.content_type) == (content, "image/png")
        await client.chat_postMessage(
            channel="C01REVIEW",
            text="A picture",
            blocks=[{"type": "image", "alt_text": "Tree", "slack_file": {"id": file["id"]}}],
        )
        assert sandbox.slack.channel_messages("C01REVIEW")[-1].seen_by(sandbox.bob) == (
            "[picture: Tree]"
        )


async def test_a_file_is_there_only_once_its_upload_is_completed() -> None:
    async with running() as sandbox, aiohttp.ClientSession() as session:
        client = sandbox.client
        begun = await client.files_getUploadURLExternal(filename="a.png", length=3)
        block = {"type": "image", "alt_text": "a", "slack_file": {"id": begun["file_id"]}}
        async with session.post(str(begun["upload_url"]), data=b"four") as wrong:
            assert wrong.status == 400
        async with session.post(str(begun["upload_url"]), data=b"abc") as taken:
            assert await taken.text() == "OK - 3"
        with pytest.raises(SlackApiError, match="invalid slack file"):
            await client.chat_postMessage(channel="C01REVIEW", text="x", blocks=[block])
        file_id = str(begun["file_id"])
        await client.files_completeUploadExternal(files=[{"id": file_id, "title": "A"}])
        await client.chat_postMessage(channel="C01REVIEW", text="x", blocks=[block])


async def test_history_has_the_metadata_when_it_is_asked_for() -> None:
    async with running() as sandbox:
        client, slack = sandbox.client, sandbox.slack
        noted = {"event_type": "notice", "event_payload": {"id": 7}}
        first = await client.chat_postMessage(channel="U01ANNA", text="1", metadata=noted)
        channel = str(first["channel"])
        assert channel == "D01ANNA"
        await client.chat_postMessage(channel=channel, text="1a", thread_ts=str(first["ts"]))
        for text in ("2", "3"):
            await client.chat_postMessage(channel=channel, text=text)
        page: Any = await client.conversations_history(
            channel=channel, limit=2, include_all_metadata=True
        )
        assert [message["text"] for message in page["messages"]] == ["3", "2"]
        assert page["has_more"]
        cursor = page["response_metadata"]["next_cursor"]
        rest: Any = await client.conversations_history(
            channel=channel, cursor=cursor, limit=2, include_all_metadata=True
        )
        assert [message["metadata"] for message in rest["messages"]] == [noted]
        bare: Any = await client.conversations_history(channel=channel, oldest=str(first["ts"]))
        assert [message["text"] for message in bare["messages"]] == ["3", "2"]
        own: Any = await client.conversations_history(
            channel=channel, oldest=str(first["ts"]), latest=str(first["ts"]), inclusive=True
        )
        assert "metadata" not in own["messages"][0]
        thread: Any = await client.conversations_replies(channel=channel, ts=str(first["ts"]))
        assert [message["text"] for message in thread["messages"]] == ["1", "1a"]
        (message, *_) = sandbox.anna.direct_messages()
        assert [reply.text for reply in message.thread] == ["1a"]
        moments = [m.ts for m in slack.space.messages[channel]]
        assert moments == sorted(set(moments))


async def test_people_and_places_can_be_looked_up() -> None:
    async with running() as sandbox:
        client = sandbox.client
        user: Any = (await client.users_info(user="U02BOB", include_locale=True))["user"]
        assert (user["locale"], user["tz"], user["tz_offset"]) == (
            "en-US",
            "America/New_York",
            -18000,
        )
        everybody: Any = await client.users_list()
        assert {member["id"] for member in everybody["members"]} == {
            "U01SOCIAL",
            "U01ANNA",
            "U02BOB",
        }
        here: Any = await client.conversations_members(channel="C01REVIEW")
        assert here["members"] == ["U01ANNA", "U02BOB", "U01SOCIAL"]
        opened: Any = await client.conversations_open(users="U02BOB")
        assert opened["channel"]["id"] == "D02BOB"
        posted: Any = await client.chat_postMessage(channel="C01REVIEW", text="x")
        link: Any = await client.chat_getPermalink(channel="C01REVIEW", message_ts=posted["ts"])
        assert link["permalink"].endswith(f"/C01REVIEW/p{posted['ts'].replace('.', '')}")
        await client.reactions_add(channel="C01REVIEW", name="tada", timestamp=posted["ts"])
        with pytest.raises(SlackApiError, match="already_reacted"):
            await client.reactions_add(channel="C01REVIEW", name="tada", timestamp=posted["ts"])


async def test_an_ephemeral_message_reaches_only_who_is_there() -> None:
    async with running() as sandbox:
        given: Any = {"channel": "C01REVIEW", "user": "U01ANNA"}
        await sandbox.client.chat_postEphemeral(**given, text="now")
        sandbox.anna.user.active = False
        await sandbox.client.chat_postEphemeral(**given, text="away")
        assert [message.text for message in sandbox.anna.ephemerals] == ["now"]
        assert sandbox.slack.channel_messages("C01REVIEW") == []


def _answers(app: AsyncApp) -> None:
    @app.command("/social")
    async def command(ack: Any) -> None:
        await ack("Yes")


async def _posted(sandbox: Sandbox) -> Any:
    """A message with the button "Go" in the channel."""
    await sandbox.client.chat_postMessage(
        channel="C01REVIEW", text="A card", blocks=[section("A card"), actions(button("Go"))]
    )
    return sandbox.slack.channel_messages("C01REVIEW")[-1]
