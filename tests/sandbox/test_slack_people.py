"""What people do in the sandbox's Slack, answered by a real Bolt app over Socket Mode."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox.slack import (
    BadAnswer,
    NoSuchButton,
    NoSuchField,
    NoSuchOption,
    NotAcknowledged,
    NotThere,
    View,
)
from bot.sandbox.slack.forms import find_button
from tests.sandbox.slack_app import (
    actions,
    button,
    field_of,
    modal,
    options,
    plain,
    running,
    section,
)

FORM = modal(
    field_of("Text", {"type": "plain_text_input", "multiline": True, "max_length": 20}),
    field_of("Platforms", {"type": "multi_static_select", "options": options("Telegram", "Krant")}),
    field_of("Pillar", {"type": "static_select", "options": options("Information", "Fun")}),
    field_of("When", {"type": "datetimepicker"}, optional=True),
    field_of("Images", {"type": "file_input", "filetypes": ["jpg", "png"]}, optional=True),
)


async def test_a_command_opens_a_form_and_its_fields_arrive_by_label() -> None:
    got: list[dict[str, Any]] = []

    def set_up(app: AsyncApp) -> None:
        @app.command("/social")
        async def propose(ack: Any, body: Any, client: Any) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)
            await ack()

        @app.view("form")
        async def submitted(ack: Any, body: Any) -> None:
            got.append(body)
            await ack()

    async with running(set_up) as sandbox:
        anna = sandbox.anna
        assert await anna.command("/social propose") is None
        form = await anna.sees_modal()
        assert form.labels() == ["Text", "Platforms", "Pillar", "When", "Images"]
        assert form.options("Platforms") == ["Telegram", "Krant"]
        photo = anna.upload("photo.jpg", b"jpeg", "image/jpeg")
        errors = await anna.submit(
            {
                "Text": "Hello & <hi>",
                "Platforms": ["Krant", "Telegram"],
                "Pillar": "Fun",
                "When": datetime.fromisoformat("2026-03-09T10:00"),
                "Images": [photo],
            }
        )
    assert errors is None
    assert anna.modal is None
    values = got[0]["view"]["state"]["values"]
    assert values["text"]["text"] == {"type": "plain_text_input", "value": "Hello & <hi>"}
    chosen = [one["value"] for one in values["platforms"]["platforms"]["selected_options"]]
    assert chosen == ["telegram", "krant"]
    assert values["pillar"]["pillar"]["selected_option"]["value"] == "fun"
    assert values["when"]["when"]["selected_date_time"] == 1773046800  # 10:00 in Amsterdam
    assert values["images"]["images"]["files"][0]["id"] == photo.id
    assert got[0]["user"]["id"] == "U01ANNA"
    assert got[0]["view"]["callback_id"] == "form"


async def test_errors_stand_under_their_fields_and_keep_what_was_typed() -> None:
    answers: list[Any] = [{"response_action": "errors", "errors": {"text": "Too dull."}}, ""]

    def set_up(app: AsyncApp) -> None:
        _opens(app, modal(*FORM["blocks"][:1]))

        @app.view("form")
        async def submitted(ack: Any) -> None:
            await ack(answers.pop(0))

    async with running(set_up) as sandbox:
        anna = sandbox.anna
        await anna.shortcut("open")
        assert await anna.submit({"Text": "Meh"}) == {"Text": "Too dull."}
        form = await anna.sees_modal()
        assert "Text: Meh" in form.seen_by(anna)
        assert "! Too dull." in form.seen_by(anna)
        assert await anna.submit() is None
        assert anna.modal is None


async def test_slack_itself_refuses_empty_and_overlong_fields() -> None:
    async with running(lambda app: _opens(app, modal(*FORM["blocks"][:1]))) as sandbox:
        anna = sandbox.anna
        await anna.shortcut("open")
        assert await anna.submit({"Text": ""}) == {"Text": "Please complete this required field."}
        assert await anna.submit({"Text": "x" * 21}) == {
            "Text": "Please shorten this text to 20 characters or less."
        }


async def test_slack_itself_refuses_what_is_no_such_number() -> None:
    def field(name: str, **limits: Any) -> dict[str, Any]:
        element = {"type": "number_input", "is_decimal_allowed": False, **limits}
        return {"type": "input", "label": {"type": "plain_text", "text": name}, "element": element}

    blocks = [field("Whole"), field("Any", is_decimal_allowed=True), field("Ten", max_value="10")]
    async with running(lambda app: _opens(app, modal(*blocks))) as sandbox:
        anna = sandbox.anna
        await anna.shortcut("open")
        assert await anna.submit({"Whole": "1.5", "Any": "many", "Ten": "11"}) == {
            "Whole": "Please enter a whole number.",
            "Any": "Please enter a number.",
            "Ten": "Please enter a number of at most 10.",
        }
        assert await anna.submit({"Whole": "-1", "Ten": "10"}) == {"Any": "Please enter a number."}


async def test_an_error_for_an_unknown_field_shows_as_a_failure() -> None:
    def set_up(app: AsyncApp) -> None:
        _opens(app, modal(*FORM["blocks"][:1]))

        @app.view("form")
        async def submitted(ack: Any) -> None:
            await ack(response_action="errors", errors={"elsewhere": "No."})

    async with running(set_up) as sandbox:
        await sandbox.anna.shortcut("open")
        with pytest.raises(BadAnswer, match="elsewhere"):
            await sandbox.anna.submit({"Text": "Hi"})
        assert "Text: Hi" in (await sandbox.anna.sees_modal()).seen_by(sandbox.anna)


async def test_modals_stack_three_high_and_close_one_by_one() -> None:
    refused: list[str] = []

    def set_up(app: AsyncApp) -> None:
        step = modal({**actions(button("Deeper")), "block_id": "go"}, notify_on_close=True)
        _opens(app, step)

        @app.action("press")
        async def deeper(ack: Any, body: Any, client: Any) -> None:
            await ack()
            try:
                await client.views_push(trigger_id=body["trigger_id"], view=step)
            except Exception as error:  # its text is what is looked at
                refused.append(str(error))

        @app.view("form")
        async def submitted(ack: Any) -> None:
            await ack()

        @app.view_closed("form")
        async def closed(ack: Any, body: Any) -> None:
            refused.append(f"closed, all: {body['is_cleared']}")
            await ack()

    async with running(set_up) as sandbox:
        anna, views = sandbox.anna, list[View]()
        await anna.shortcut("open")
        for depth in (1, 2, 3):
            views.append(await anna.sees_modal())
            await anna.press(views[-1], "Deeper")
            if depth < 3:
                await sandbox.slack.until(lambda: anna.modal is not views[-1])
        await sandbox.slack.until(lambda: refused)
        assert "push_limit_reached" in refused[0]
        assert await anna.submit() is None
        assert anna.modal is views[1]
        await anna.close()
        assert refused[1] == "closed, all: False"
        assert anna.modal is views[0]
        await anna.close(all_of_them=True)
        assert refused[2] == "closed, all: True"
        assert anna.modal is None


@pytest.mark.parametrize("action", ["update", "push"])
async def test_a_submission_can_lead_to_the_next_step(action: str) -> None:
    def set_up(app: AsyncApp) -> None:
        _opens(app, modal(*FORM["blocks"][:1]))

        @app.view("form")
        async def submitted(ack: Any) -> None:
            thanks = modal(section("Thank you"), callback_id="done")
            await ack(response_action=action, view=thanks)

        @app.view("done")
        async def done(ack: Any) -> None:
            await ack(response_action="clear")

    async with running(set_up) as sandbox:
        anna = sandbox.anna
        await anna.shortcut("open")
        assert await anna.submit({"Text": "Hi"}) is None
        assert "Thank you" in (await anna.sees_modal()).seen_by(anna)
        assert await anna.submit() is None
        assert anna.modal is None


async def test_two_people_press_at_the_same_moment() -> None:
    pressed: list[str] = []

    def set_up(app: AsyncApp) -> None:
        @app.action("approve")
        async def approve(ack: Any, body: Any, client: Any) -> None:
            pressed.append(body["user"]["id"])
            assert body["actions"][0]["value"] == "42"
            assert body["container"]["message_ts"] == body["message"]["ts"]
            await client.chat_update(
                channel=body["channel"]["id"], ts=body["message"]["ts"], text="Approved"
            )
            await ack()

    async with running(set_up) as sandbox:
        card = actions(button(":tada: Approve", "approve", value="42"), button("✅ Reject"))
        await sandbox.client.chat_postMessage(
            channel="C01REVIEW", text="A card", blocks=[section("*A card*"), card]
        )
        (message,) = sandbox.slack.channel_messages("C01REVIEW")
        assert message.buttons() == [":tada: Approve", "✅ Reject"]
        stale = message.snapshot()
        await asyncio.gather(
            sandbox.anna.press(message, "Approve"), sandbox.bob.press(message, "Approve")
        )
        assert sorted(pressed) == ["U01ANNA", "U02BOB"]
        assert message.seen_by(sandbox.anna) == "Approved"
        with pytest.raises(NoSuchButton, match="there is nothing"):
            await sandbox.anna.press(message, "Approve")
        with pytest.raises(NoSuchButton, match=r"Approve.*Reject"):
            await sandbox.anna.press(stale, "Withdraw")
        await sandbox.anna.press(stale, "Approve")
        assert len(pressed) == 3


async def test_a_field_or_option_that_is_not_there_is_named_with_what_is() -> None:
    async with running(lambda app: _opens(app, FORM)) as sandbox:
        await sandbox.anna.shortcut("open")
        with pytest.raises(NoSuchField, match=r"Reason.*Platforms"):
            await sandbox.anna.submit({"Reason": "x"})
        with pytest.raises(NoSuchOption, match=r"Radio.*Krant"):
            await sandbox.anna.submit({"Platforms": ["Radio"]})


async def test_the_home_tab_is_published_when_it_is_opened() -> None:
    def set_up(app: AsyncApp) -> None:
        @app.event("app_home_opened")
        async def opened(event: Any, client: Any) -> None:
            assert event["tab"] == "home"
            blocks = [section("Waiting for you: 2"), actions(button("Propose a post"))]
            await client.views_publish(
                user_id=event["user"], view={"type": "home", "blocks": blocks}
            )

    async with running(set_up) as sandbox:
        home = await sandbox.anna.open_home()
        assert home.seen_by(sandbox.anna) == "Waiting for you: 2\n[Propose a post]"
        assert home.buttons() == ["Propose a post"]
        assert await sandbox.anna.open_home() is home
        assert home.times_shown == 2


async def test_an_answer_in_the_acknowledgement_is_for_the_person_alone() -> None:
    def set_up(app: AsyncApp) -> None:
        @app.command("/social")
        async def command(ack: Any, body: Any) -> None:
            await ack(f"You said {body['text']}")

    async with running(set_up) as sandbox:
        reply = await sandbox.bob.command("/social a & b <!channel> <@U01ANNA>")
        assert reply == "You said a &amp; b &lt;!channel&gt; <@U01ANNA>"
        (seen,) = sandbox.bob.ephemerals
        assert seen.seen_by(sandbox.bob) == "You said a & b <!channel> @Anna de Vries"
        assert sandbox.anna.ephemerals == []
        assert sandbox.bob.direct_messages() == []


async def test_a_message_shortcut_brings_the_message_along() -> None:
    got: list[dict[str, Any]] = []

    def set_up(app: AsyncApp) -> None:
        @app.shortcut("propose_from_message")
        async def propose(ack: Any, body: Any) -> None:
            got.append(body)
            await ack()

    async with running(set_up) as sandbox:
        said = sandbox.bob.say("C01REVIEW", "An idea of <@U01ANNA> & me")
        await sandbox.anna.message_shortcut("propose_from_message", said)
    assert got[0]["message"]["text"] == "An idea of <@U01ANNA> &amp; me"
    assert got[0]["message"]["user"] == "U02BOB"
    assert got[0]["channel"]["id"] == "C01REVIEW"
    assert got[0]["message_ts"] == said.ts


async def test_without_an_acknowledgement_the_person_is_told() -> None:
    def set_up(app: AsyncApp) -> None:
        @app.command("/social")
        async def silent() -> None:
            raise RuntimeError("the app broke down")

    async with running(set_up) as sandbox:
        sandbox.slack.socket_mode.ack_seconds = 0.1
        with pytest.raises(NotAcknowledged):
            await sandbox.anna.command("/social help")
        await sandbox.handler.disconnect_async()
        await sandbox.slack.until(lambda: not sandbox.slack.socket_mode.open)
        with pytest.raises(NotAcknowledged, match="not connected"):
            await sandbox.anna.command("/social help")


async def test_waiting_for_a_message_by_what_it_says() -> None:
    async with running() as sandbox:
        waiting = asyncio.ensure_future(sandbox.anna.sees("your post"))
        await sandbox.client.chat_postMessage(channel="U01ANNA", text="About *your* post & so")
        message = await waiting
        assert message is sandbox.anna.direct_messages()[-1]
        with pytest.raises(TimeoutError, match="your post"):
            await sandbox.bob.sees("your post", timeout=0.01)


async def test_a_choice_outside_a_form_or_with_dispatch_acts_at_once() -> None:
    chosen: list[Any] = []

    def set_up(app: AsyncApp) -> None:
        where = {"type": "static_select", "options": options("Telegram", "Krant")}
        menu = {"type": "overflow", "action_id": "menu", "options": options("Withdraw", "Edit")}
        blocks = [
            field_of("Where", where, dispatch_action=True),
            section("A card", accessory=menu, block_id="card"),
        ]
        _opens(app, modal(*blocks))

        @app.action("where")
        async def place(ack: Any, body: Any) -> None:
            chosen.append(body["view"]["state"]["values"]["where"]["where"]["selected_option"])
            await ack()

        @app.action("menu")
        async def entry(ack: Any, body: Any) -> None:
            chosen.append(body["actions"][0]["selected_option"])
            await ack()

    async with running(set_up) as sandbox:
        anna = sandbox.anna
        await anna.shortcut("open")
        form = await anna.sees_modal()
        await anna.fill({"Where": "Krant"})
        await anna.fill({"Where": "Krant"})  # nothing else was chosen: nothing to tell
        await anna.press(form, "Edit")
        assert [option["value"] for option in chosen] == ["krant", "edit"]
        await anna.close()
        with pytest.raises(NotThere):
            await anna.press(form, "Edit")


def _opens(app: AsyncApp, view: dict[str, Any]) -> None:
    """The shortcut "open" opens this view."""

    @app.shortcut("open")
    async def opened(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def test_labels_are_found_with_an_emoji_before_them() -> None:
    blocks = [actions(button("🟢 ✍️ Propose a post"), button(":x: Reject"))]
    view_like = [{**block, "block_id": "a"} for block in blocks]
    assert find_button(view_like, "Propose a post")[1]["text"] == plain("🟢 ✍️ Propose a post")
    assert find_button(view_like, "Reject")[1]["text"] == plain(":x: Reject")
