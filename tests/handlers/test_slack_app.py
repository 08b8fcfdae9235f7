"""How the Slack side stands in the world: acknowledgement, connections, logs, languages."""

import dataclasses
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from sqlmodel import select

from bot.actions import posts
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message, SlackServer
from handlers.slack import routes
from handlers.slack.app import build_slack
from handlers.slack.incoming import Incoming
from handlers.slack.routes import ROUTES, Kind
from storage.models import Post
from tests.handlers.slack_kit import A_TEXT, FRIDAY, House, a_proposal, house, settings_for


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


def first_button(card: Message) -> dict[str, Any]:
    row = next(block for block in card.blocks if block["type"] == "actions")
    button: dict[str, Any] = row["elements"][0]
    return button


async def test_a_press_costs_no_call_of_the_web_api(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.open_home()  # who she is, is known now
    before = len(slack.slack.calls)
    await slack.olga.press(card, "Approve")
    await slack.anna.sees("approved your proposal")
    await slack.card("approved this")
    methods = [call.method for call in slack.slack.calls[before:]]
    # All of these are the outbox's: the card, and the proposer's message.
    assert set(methods) == {"chat.update", "chat.getPermalink", "chat.postMessage"}
    assert [call.method for call in slack.slack.calls].count("auth.test") == 1


async def test_it_is_acknowledged_after_the_commit(slack: House) -> None:
    card = await slack.proposed()
    await slack.anna.press(card, "Withdraw")
    (post,) = await slack.read(lambda session: list(session.exec(select(Post))))
    assert post.status == "withdrawn"


async def test_what_nobody_foresaw_is_said_and_logged_without_words(
    slack: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError(A_TEXT)

    monkeypatch.setattr(posts, "propose", broken)
    await slack.anna.command("/social propose")
    errors = await slack.anna.submit(a_proposal())
    assert errors == {
        "Text": "Something went wrong, through no fault of yours. "
        "Look whether it was done after all; if not, try again."
    }
    assert "ValueError" in caplog.text
    assert A_TEXT not in caplog.text


async def test_a_failed_event_comes_again_and_a_failed_press_is_answered(
    slack: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def fails_once(incoming: Incoming) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError
        await opened(incoming)

    opened = ROUTES[Kind.EVENT, "app_home_opened"]
    monkeypatch.setitem(ROUTES, (Kind.EVENT, "app_home_opened"), fails_once)
    slack.slack.socket_mode.event_retries = (0.0, 0.01, 0.01)
    slack.slack.socket_mode.ack_seconds = 0.5
    await slack.anna.open_home()
    assert tries == 2
    slack.slack.socket_mode.ack_seconds = 3


async def test_no_token_and_no_words_reach_the_log(
    slack: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    slack.slack.faults.add("chat.postMessage", cut="after")
    slack.slack.faults.add("views.open", error="internal_error")
    await slack.anna.command("/social propose")
    await slack.proposed()
    for secret in (slack.slack.bot_token, slack.slack.app_token, A_TEXT, "board games"):
        assert secret not in caplog.text


async def test_a_new_connection_takes_over(slack: House) -> None:
    await slack.slack.disconnect()
    await slack.slack.wait_connected()
    await slack.proposed()


async def test_an_old_button_says_so(slack: House) -> None:
    card = await slack.proposed()
    first_button(card)["action_id"] = "old"
    await slack.olga.press(card, "Approve")
    told = slack.olga.ephemerals[-1].seen_by(slack.olga)
    assert told.startswith("This does not work any more.")


async def test_wrong_tokens_are_refused_at_the_start(desk: Desk) -> None:
    server = SlackServer(now=desk.clock)
    await server.start()
    settings = settings_for(server).model_copy(update={"slack_app_token": SecretStr("xapp-no")})
    side = build_slack(settings, desk)
    with pytest.raises(SlackApiError):
        await side.start()
    await side.stop()
    await server.stop()


async def test_a_route_costs_the_same_among_500(
    slack: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handler is found by its name: none of the others is looked at."""
    for n in range(500):
        monkeypatch.setitem(ROUTES, (Kind.PRESS, f"other.{n}"), routes.help_)
    reached: list[str] = []

    async def remember(incoming: Incoming) -> None:
        reached.append(incoming.by.id)
        await incoming.ack()

    monkeypatch.setitem(ROUTES, (Kind.PRESS, "the.one"), remember)
    card = await slack.proposed()
    first_button(card)["action_id"] = "the.one"
    await slack.anna.press(card, "Approve")
    assert reached == [slack.anna.id]
    assert len(slack.side.app._async_listeners) == len(Kind)


DUTCH_FIELDS = [
    "Tekst",
    "Platforms",
    "Rubriek",
    "Doelgroep",
    "Datum en tijd",
    "Voorraadlijst",
    "Waarom",
    "Afbeeldingen",
    "Huisregels",
]


async def test_everything_by_its_dutch_label(desk: Desk) -> None:
    async with house(dataclasses.replace(desk, language="nl"), "nl-NL") as slack:
        await slack.anna.command("/social propose")
        form = await slack.anna.sees_modal()
        assert form.title == "Bericht voorstellen"
        assert form.labels() == DUTCH_FIELDS
        fields = {"Tekst": A_TEXT, "Platforms": ["Telegram"], "Datum en tijd": FRIDAY}
        assert await slack.anna.submit(fields) is None
        card = await slack.card(A_TEXT)
        assert card.buttons() == [
            "Geschiedenis",
            "Goedkeuren",
            "Wijzigingen vragen",
            "Afwijzen",
            "Bewerken",
            "Verplaatsen",
            "Intrekken",
            "Goedkeuren met aanpassing",
            "Aanhouden",
        ]
        await slack.olga.press(card, "Wijzigingen vragen")
        assert (await slack.olga.sees_modal()).labels() == ["Reden", "Waar gaat het over?"]
        await slack.olga.submit({"Reden": "Graag korter"})
        await slack.anna.command("/social poll")
        labels = (await slack.anna.sees_modal()).labels()
        assert labels[:4] == ["Vraag", "Antwoorden", "Waar", "Sluit"]


async def test_who_is_not_known_to_slack_is_answered_all_the_same(slack: House) -> None:
    slack.slack.faults.add("users.info", error="user_not_found", times=5)
    answer = await slack.nora.command("/social help")
    assert answer
    assert "/social propose" in answer
