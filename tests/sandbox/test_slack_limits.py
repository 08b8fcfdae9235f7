"""Slack's limits and its own error answers, asked for with the real SDK."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackServer
from bot.sandbox.slack.arguments import read_arguments
from bot.sandbox.slack.web_api import METHODS
from tests.sandbox.slack_app import (
    Clock,
    actions,
    button,
    client_of,
    field_of,
    modal,
    options,
    plain,
    section,
)

Json = dict[str, Any]
INPUT = {"type": "plain_text_input"}


class Desk:
    """A server without an app, and a client with the app's token."""

    def __init__(self, slack: SlackServer) -> None:
        self.slack = slack
        self.client: AsyncWebClient = client_of(slack)
        self.anna: Person = slack.add_person("U01ANNA", "Anna de Vries", locale="nl-NL")
        self.bob: Person = slack.add_person("U02BOB", "Bob Smith")
        slack.add_channel("C01REVIEW", "social-media", members=[self.anna])
        slack.add_channel("C02CLOSED", "elsewhere", with_bot=False)
        slack.post_rate = None

    async def post(self, **arguments: Any) -> Json:
        given = {"channel": "C01REVIEW", "text": "Hi", **arguments}
        answer = await self.client.chat_postMessage(**given)
        assert isinstance(answer.data, dict)
        return answer.data

    async def open(self, view: Json) -> Any:
        trigger_id = self.slack.space.new_trigger(self.anna.id)
        return await self.client.views_open(trigger_id=trigger_id, view=view)


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    slack = SlackServer(Clock())
    await slack.start()
    yield Desk(slack)
    await slack.stop()


async def refusal(call: Any) -> tuple[str, list[str]]:
    """Slack's error code and its messages, for a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response.data
    messages = answer.get("response_metadata", {}).get("messages", [])
    return answer["error"], messages


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options("A", "B"), **more}


MESSAGE_LIMITS: list[tuple[Json | list[Json], str]] = [
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (section("x", colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
    ({"type": "section"}, "must define at least one of: text, fields [json-pointer:/blocks/0]"),
    ({"type": "poem"}, "unsupported type: poem [json-pointer:/blocks/0/type]"),
    ([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        {"type": "section", "fields": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        {"type": "context", "elements": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "context", "elements": [button("x")]},
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        actions(*[button("x", f"a{n}") for n in range(26)]),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        actions(button("x", "same"), button("y", "same")),
        "`action_id` same already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    (
        actions(button("x" * 76)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        actions(button("x", value="v" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        actions(button("x", "a" * 256)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        actions(button("x", style="green")),
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        actions({"type": "button", "action_id": "a"}),
        "missing required field: text [json-pointer:/blocks/0/elements/0]",
    ),
    (
        section("x", block_id="b" * 256),
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    (
        [section("x", block_id="b"), section("y", block_id="b")],
        "`block_id` b already exists [json-pointer:/blocks/1/block_id]",
    ),
    (
        actions(select(options=options(*[f"o{n}" for n in range(101)]))),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions(select(options=options("x" * 76))),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        actions(select(options=[{"text": plain("x"), "value": "v" * 151}])),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        actions(select(initial_option=options("C")[0])),
        "must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        actions({"type": "overflow", "options": options(*"abcdef")}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        {"type": "image", "image_url": "https://example.org/a.png"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        {"type": "image", "alt_text": "x" * 2001, "image_url": "https://example.org/a.png"},
        "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]",
    ),
    (
        {"type": "image", "alt_text": "a"},
        "must define exactly one of: image_url, slack_file [json-pointer:/blocks/0]",
    ),
    (
        {"type": "image", "alt_text": "a", "slack_file": {"id": "F0NOTHERE"}},
        "invalid slack file [json-pointer:/blocks/0/slack_file]",
    ),
    (
        field_of("Images", {"type": "file_input"}),
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
]


@pytest.mark.parametrize(("blocks", "message"), MESSAGE_LIMITS, ids=lambda value: str(value)[-60:])
async def test_a_message_beyond_a_limit_is_refused(
    desk: Desk, blocks: Json | list[Json], message: str
) -> None:
    given = blocks if isinstance(blocks, list) else [blocks]
    error, messages = await refusal(desk.post(blocks=given))
    assert error == "invalid_blocks"
    assert f"[ERROR] {message}" in messages
    assert desk.slack.channel_messages("C01REVIEW") == []


async def test_a_message_at_its_limits_is_taken(desk: Desk) -> None:
    photo = desk.anna.upload("a.png", b"png")
    blocks = [
        section("x" * 3000, accessory=button("b" * 75, "a" * 255, value="v" * 2000)),
        {"type": "section", "fields": [plain("x" * 2000)] * 10},
        {"type": "header", "text": plain("x" * 150)},
        {"type": "context", "elements": [plain("x")] * 10},
        {"type": "image", "alt_text": "a" * 2000, "slack_file": {"id": photo.id}},
        actions(select(options=options(*[f"{n:075}" for n in range(100)]))),
        actions({"type": "overflow", "options": options(*"abcde")}),
        actions(*[button("x", f"a{n}") for n in range(25)]),
        *[{"type": "divider"}] * 42,
    ]
    assert len(blocks) == 50
    answer = await desk.post(blocks=blocks, text="x" * 40_000)
    assert all(block["block_id"] for block in answer["message"]["blocks"])


VIEW_LIMITS: list[tuple[Json, str]] = [
    (
        modal(title=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    (
        modal(submit=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/view/submit/text]",
    ),
    (
        modal(close=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/view/close/text]",
    ),
    (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (
        modal(callback_id="x" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    (
        modal(*[section("x")] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    (
        modal(field_of("L" * 2001, INPUT, block_id="b")),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]",
    ),
    (
        modal(field_of("Text", {**INPUT, "max_length": 3001})),
        "must be less than 3001 [json-pointer:/view/blocks/0/element/max_length]",
    ),
    (
        modal(field_of("Text", {**INPUT, "initial_value": "x" * 3001})),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    (
        modal(field_of("Text", {**INPUT, "max_length": 5, "initial_value": "x" * 6})),
        "must be less than 6 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    (
        modal(field_of("Images", {"type": "file_input", "max_files": 11})),
        "must be less than 11 [json-pointer:/view/blocks/0/element/max_files]",
    ),
    (
        modal(field_of("Images", {"type": "file_input"}, dispatch_action=True)),
        "file_input does not support dispatch_action [json-pointer:/view/blocks/0/dispatch_action]",
    ),
    (
        modal(field_of("When", {"type": "datetimepicker", "initial_date_time": 1700000000000})),
        "must be less than 10000000000 [json-pointer:/view/blocks/0/element/initial_date_time]",
    ),
    (
        modal(
            field_of(
                "Where",
                {
                    "type": "multi_static_select",
                    "options": options("A"),
                    "initial_options": options("B"),
                },
            )
        ),
        "must be one of the options [json-pointer:/view/blocks/0/element/initial_options/0]",
    ),
    ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
]


@pytest.mark.parametrize(("view", "message"), VIEW_LIMITS, ids=lambda value: str(value)[-60:])
async def test_a_view_beyond_a_limit_is_refused(desk: Desk, view: Json, message: str) -> None:
    error, messages = await refusal(desk.open(view))
    assert error == "invalid_arguments"
    assert f"[ERROR] {message}" in messages
    assert desk.anna.modal is None


async def test_a_form_needs_a_submit_button(desk: Desk) -> None:
    form = modal(field_of("Text", INPUT))
    del form["submit"]
    _, messages = await refusal(desk.open(form))
    assert messages == ["[ERROR] missing required field: submit [json-pointer:/view]"]


async def test_a_trigger_serves_once_and_lives_three_seconds(desk: Desk) -> None:
    trigger_id = desk.slack.space.new_trigger(desk.anna.id)
    await desk.client.views_open(trigger_id=trigger_id, view=modal(section("x")))
    again = desk.client.views_open(trigger_id=trigger_id, view=modal(section("x")))
    assert (await refusal(again))[0] == "exchanged_trigger_id"

    late = desk.slack.space.new_trigger(desk.anna.id)
    desk.slack.space.triggers[late].given -= 3.1
    too_late = desk.client.views_open(trigger_id=late, view=modal(section("x")))
    assert (await refusal(too_late))[0] == "expired_trigger_id"

    unknown = desk.client.views_open(trigger_id="1.2.3", view=modal(section("x")))
    assert (await refusal(unknown))[0] == "invalid_trigger_id"


async def test_views_are_updated_by_id_or_external_id_and_hash(desk: Desk) -> None:
    opened = (await desk.open(modal(section("x"), external_id="mine")))["view"]
    update = desk.client.views_update
    changed = await update(external_id="mine", view=modal(section("y"), external_id="mine"))
    assert changed["view"]["id"] == opened["id"]
    stale = update(view_id=opened["id"], hash=opened["hash"], view=modal(section("z")))
    assert (await refusal(stale))[0] == "hash_conflict"
    elsewhere = update(view_id="V0GONE", view=modal(section("z")))
    assert (await refusal(elsewhere))[0] == "not_found"
    trigger_id = desk.slack.space.new_trigger(desk.bob.id)
    second = desk.client.views_open(
        trigger_id=trigger_id, view=modal(section("x"), external_id="mine")
    )
    assert (await refusal(second))[0] == "duplicate_external_id"


async def test_an_update_keeps_what_was_typed_where_the_ids_stay(desk: Desk) -> None:
    form = modal(field_of("Text", INPUT), field_of("Why", INPUT))
    view_id = (await desk.open(form))["view"]["id"]
    await desk.anna.fill({"Text": "typed", "Why": "typed too"})
    other = modal(field_of("Text", {**INPUT, "initial_value": "new"}), field_of("Link", INPUT))
    changed = await desk.client.views_update(view_id=view_id, view=other)
    values = changed["view"]["state"]["values"]
    assert values["text"]["text"]["value"] == "typed"
    assert values["link"]["link"]["value"] is None


REFUSED_CALLS = [
    ("chat.postMessage", {"channel": "C01REVIEW"}, "no_text"),
    ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C02CLOSED", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C01REVIEW", "text": "x" * 40_001}, "msg_too_long"),
    (
        "chat.postMessage",
        {"channel": "C01REVIEW", "text": "x", "metadata": {"event_type": "x"}},
        "invalid_metadata_format",
    ),
    (
        "chat.postMessage",
        {"channel": "C01REVIEW", "text": "x", "thread_ts": "1.2"},
        "thread_not_found",
    ),
    (
        "chat.postMessage",
        {"channel": "C01REVIEW", "text": "x", "colour": "red"},
        "invalid_arguments",
    ),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    (
        "chat.postEphemeral",
        {"channel": "C01REVIEW", "user": "U02BOB", "text": "x"},
        "user_not_in_channel",
    ),
    ("chat.update", {"channel": "C01REVIEW", "ts": "1.2", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C01REVIEW", "ts": "1.2"}, "message_not_found"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("conversations.history", {"channel": "C01REVIEW", "limit": 1000}, "invalid_limit"),
    ("files.info", {"file": "F0NOTHERE"}, "file_not_found"),
    ("views.publish", {"user_id": "U0NOBODY", "view": {}}, "user_not_found"),
    ("chat.shout", {}, "unknown_method"),
]


@pytest.mark.parametrize(("method", "arguments", "error"), REFUSED_CALLS)
async def test_a_wrong_call_gets_slacks_own_answer(
    desk: Desk, method: str, arguments: Json, error: str
) -> None:
    assert (await refusal(desk.client.api_call(method, json=arguments)))[0] == error
    call = desk.slack.calls[-1]
    assert (call.method, call.ok, call.error) == (method, False, error)


async def test_tokens_are_checked(desk: Desk) -> None:
    for token, error in [
        ("xoxb-wrong", "invalid_auth"),
        ("", "not_authed"),
        (desk.slack.app_token, "not_allowed_token_type"),
    ]:
        client = AsyncWebClient(token, base_url=desk.slack.api_url)
        assert (await refusal(client.auth_test()))[0] == error
    answer = await desk.client.auth_test()
    assert answer["user_id"] == "U01SOCIAL"
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_more_than_one_message_a_second_is_too_many(desk: Desk) -> None:
    desk.slack.post_rate = 1.0
    for _ in range(5):
        await desk.post()
    with pytest.raises(SlackApiError) as caught:
        await desk.post()
    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    await desk.post(channel="U01ANNA")  # each channel has a limit of its own
    desk.slack.post_rate = None
    await desk.post()


async def test_an_edit_without_blocks_takes_them_away_and_shows(desk: Desk) -> None:
    posted = await desk.post(text="Card", blocks=[section("Card")])
    (message,) = desk.slack.channel_messages("C01REVIEW")
    place = {"channel": "C01REVIEW", "ts": posted["ts"]}
    await desk.client.chat_update(**place, text="Card", blocks=[section("New")])
    assert message.edited is None
    assert message.seen_by(desk.anna) == "New"
    await desk.client.chat_update(**place, text="Done")
    assert message.edited is not None
    assert message.blocks == []
    too_long = desk.client.chat_update(**place, text="x" * 4001)
    assert (await refusal(too_long))[0] == "msg_too_long"


async def test_only_the_bots_own_messages_can_be_changed(desk: Desk) -> None:
    said = desk.anna.say("C01REVIEW", "mine")
    change = desk.client.chat_update(channel="C01REVIEW", ts=said.ts, text="x")
    assert (await refusal(change))[0] == "cant_update_message"
    remove = desk.client.chat_delete(channel="C01REVIEW", ts=said.ts)
    assert (await refusal(remove))[0] == "cant_delete_message"


def test_forms_can_come_as_json_text() -> None:
    """The SDK sends nested values inside forms as JSON text."""
    given = {"channel": "C1", "blocks": json.dumps([section("x")]), "mrkdwn": "0"}
    read = read_arguments(METHODS["chat.postMessage"], given)
    assert read == {"channel": "C1", "blocks": [section("x")], "mrkdwn": False}
