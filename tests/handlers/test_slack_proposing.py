"""The proposal's form in depth: own texts, no date, goals, house rules, descriptions, live."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.actions import posts, publishing
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.sandbox.slack import SlackFile, View, forms, payloads
from storage.models import Goal, HouseRule
from tests.actions.audience import PIXEL
from tests.conftest import StandingClock
from tests.handlers.slack_kit import A_TEXT, FRIDAY, REVIEW, House, a_proposal, house

BOTH = ["Telegram", "Instagram"]
OWN_TEXTS = "A text of its own for each platform"
FOR_INSTAGRAM = "Text for Instagram"
UNDATED = {"Backlog": ["No date yet: keep it in the backlog"]}
NASTY = "A & B <b> &lt; <!channel> <@U03COLLEAGUE> *bold* :leestafel: 🎉 שלום @here"
SHORT_RULE = "People in a picture agreed to it"
TWO_LINES = "We write for everybody: short sentences, and every word that is hard is explained"
LONG_RULE = "We name our sources. " * 12


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    def add(session: Session) -> None:
        session.add(
            Goal(
                key="reach",
                name="Half as much reach again",
                metric="reach",
                baseline=1,
                target=2,
                deadline=date(2026, 12, 31),
            )
        )
        for n, text in enumerate([TWO_LINES, LONG_RULE, *(f"Rule {n}" for n in range(4, 13))]):
            session.add(HouseRule(text=text, position=n + 1))

    await desk.database.write(add)
    async with house(desk) as made:
        yield made


async def opened(slack: House) -> View:
    await slack.anna.command("/social propose")
    return await slack.anna.sees_modal()


async def a_post(slack: House) -> PostView:
    return await posts.show(slack.desk, 1)


def a_picture(slack: House, name: str = "shelf.png", n: int = 1) -> SlackFile:
    return slack.anna.upload(name, PIXEL + bytes([n]), "image/png")


async def test_each_platform_says_it_in_its_own_words(slack: House) -> None:
    form = await opened(slack)
    await slack.anna.fill(a_proposal(Platforms=BOTH, Text="The usual text"), form)
    assert FOR_INSTAGRAM not in form.labels()
    await slack.anna.press(form, OWN_TEXTS)
    assert form.labels()[2:4] == ["Text for Telegram", FOR_INSTAGRAM]
    assert "At most 2,200 characters" in form.seen_by(slack.anna)
    assert OWN_TEXTS not in form.buttons()
    assert "Characters: Telegram 14 of 4,096" in form.seen_by(slack.anna)
    assert await slack.anna.submit({"Text for Telegram": NASTY, FOR_INSTAGRAM: ""}) is None
    card = await slack.card("On Telegram it reads:")
    seen = card.seen_by(slack.olga)
    assert NASTY in seen
    assert "On Instagram it reads:\nThe usual text\nOn Telegram it reads:" in seen
    await slack.olga.press(card, "Approve")
    await slack.otto.press(card, "Approve")
    await slack.card("@Otto Smit approved this for Instagram")
    by_key = {p.platform_key: p.text for p in (await a_post(slack)).placements}
    assert by_key == {"telegram": NASTY, "instagram": "The usual text"}


async def test_what_is_posted_by_hand_is_the_own_text_with_its_descriptions(
    slack: House, clock: StandingClock
) -> None:
    form = await opened(slack)
    await slack.anna.fill(a_proposal(Platforms=BOTH, Images=[a_picture(slack)]), form)
    await slack.anna.press(form, OWN_TEXTS)
    answers = {FOR_INSTAGRAM: "#games", "What can be seen in picture 1?": NASTY}
    assert await slack.anna.submit(answers) is None
    assert slack.anna.modal is None
    card = await slack.card("#games")
    assert f"[picture: {NASTY}]" in card.seen_by(slack.olga)
    assert "no description" not in card.seen_by(slack.olga)
    await slack.otto.press(card, "Approve")
    await slack.card("@Otto Smit approved")
    clock.move(FRIDAY - clock())
    await publishing.publish_due(slack.desk)
    handed = await slack.otto.sees("Time to post this on Instagram")
    seen = handed.seen_by(slack.otto)
    assert "#games" in seen
    assert A_TEXT not in seen
    assert seen.count(NASTY) == 2  # as the picture's own alt text, and to be copied
    assert "copy it along" in seen


async def test_limits_stand_in_the_form_and_errors_at_the_right_field(slack: House) -> None:
    form = await opened(slack)
    hint = "Telegram: at most 4,096 characters and 10 pictures. Instagram: at most 2,200"
    assert hint in form.seen_by(slack.anna)
    await slack.anna.fill(a_proposal(Platforms=BOTH, Text="x" * 2300), form)
    await slack.anna.press(form, OWN_TEXTS)
    assert await slack.anna.submit({FOR_INSTAGRAM: "y" * 2201}) == {
        FOR_INSTAGRAM: "This is 2,201 characters; Instagram takes 2,200. Make it 1 shorter."
    }
    assert await slack.anna.submit({FOR_INSTAGRAM: None}) == {
        "Text": "This is 2,300 characters; Instagram takes 2,200. Make it 100 shorter."
    }
    assert await slack.anna.submit({FOR_INSTAGRAM: "y" * 2200}) is None


async def test_a_post_without_a_date_waits_in_the_backlog(slack: House) -> None:
    form = await opened(slack)
    chosen = form.values()["when"]
    assert await slack.anna.submit(a_proposal(**UNDATED)) is None
    card = await slack.card("no date yet: in the backlog")
    assert (await a_post(slack)).planned_at is None
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert "No date yet: keep it in the backlog" in form.seen_by(slack.anna)
    assert form.values()["when"] == chosen  # the next free moment stands ready
    assert await slack.anna.submit({"Backlog": [], "Date and time": FRIDAY}) is None
    await slack.slack.until(lambda: "no date yet" not in card.seen_by(slack.olga))
    assert (await a_post(slack)).planned_at == FRIDAY
    await slack.anna.press(card, "Edit")
    await slack.anna.sees_modal()
    assert await slack.anna.submit(UNDATED) is None
    assert (await a_post(slack)).planned_at is None


async def test_a_tick_makes_a_moment_that_is_over_no_mistake(slack: House) -> None:
    await opened(slack)
    over = a_proposal(Date_and_time=FRIDAY - timedelta(days=30))
    assert "Date and time" in (await slack.anna.submit(over) or {})
    assert await slack.anna.submit(UNDATED) is None


async def test_a_goal_is_chosen_shown_and_kept(slack: House) -> None:
    await opened(slack)
    goal = "Half as much reach again"
    assert await slack.anna.submit(a_proposal(Goal=goal)) is None
    card = await slack.card(goal)
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert f"Goal: {goal}" in form.seen_by(slack.anna)
    assert await slack.anna.submit({"Goal": None}) is None
    assert (await a_post(slack)).goal is None


async def test_house_rules_are_ticked_and_the_card_says_which_were_not(slack: House) -> None:
    form = await opened(slack)
    assert form.options("House rules 1 to 10")[0] == SHORT_RULE
    assert form.options("House rules 11 to 12") == ["Rule 11", "Rule 12"]
    assert LONG_RULE.strip() in form.seen_by(slack.anna)
    field = forms.find_field(form.blocks, "House rules 1 to 10")
    described = field["element"]["options"][1]
    assert f"{described['text']['text']} {described['description']['text']}" == TWO_LINES
    ticked = {
        "House rules 1 to 10": form.options("House rules 1 to 10"),
        "House rules 11 to 12": ["Rule 12"],
    }
    assert await slack.anna.submit({**a_proposal(), **ticked}) is None
    card = await slack.card("⚠️ Not ticked: “Rule 11”")
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert len(form.values()["house_rules:0"]["value"]["selected_options"]) == 10
    assert await slack.anna.submit({"House rules 11 to 12": ["Rule 11", "Rule 12"]}) is None
    await slack.slack.until(lambda: "Not ticked" not in card.seen_by(slack.olga))


async def test_who_ticked_nothing_gets_no_list_on_the_card(slack: House) -> None:
    card = await slack.proposed()
    seen = card.seen_by(slack.olga)
    assert "⚠️ None of the house rules is ticked." in seen
    assert SHORT_RULE not in seen


async def test_pictures_are_described_after_the_proposal_is_in(slack: House) -> None:
    await opened(slack)
    files = [a_picture(slack), a_picture(slack, "door.png", 2)]
    assert await slack.anna.submit(a_proposal(Images=files)) is None
    form = await slack.anna.sees_modal()
    assert form.title == "Describe your pictures"
    assert "your proposal is in" in form.seen_by(slack.anna)
    labels = ["What can be seen in picture 1?", "What can be seen in picture 2?"]
    assert form.labels() == labels
    await slack.card("2 pictures have no description yet")
    await slack.anna.fill({labels[1]: NASTY}, form)
    payload = payloads.submission(slack.slack.space, slack.anna.user, form)
    await asyncio.gather(
        *(slack.slack.socket_mode.deliver("interactive", payload) for _ in range(2))
    )
    card = await slack.card("One picture has no description yet")
    assert f"[picture: {NASTY}]" in card.seen_by(slack.olga)
    post = await a_post(slack)
    assert post.revision == 2  # two submissions are one edit
    assert [image.alt for image in post.images] == ["", NASTY]
    await slack.slack.until(
        lambda: any(
            "descriptions of the pictures are new" in reply.seen_by(slack.olga)
            for reply in card.thread
        )
    )


async def test_an_edit_that_brings_a_picture_is_followed_by_the_same_question(
    slack: House,
) -> None:
    card = await slack.proposed()
    await slack.anna.press(card, "Edit")
    await slack.anna.sees_modal()
    assert await slack.anna.submit({"Images": [a_picture(slack)]}) is None
    form = await slack.anna.sees_modal()
    assert "Your post is saved." in form.seen_by(slack.anna)
    assert await slack.anna.submit({"What can be seen in picture 1?": "A shelf"}) is None
    assert slack.anna.modal is None
    await slack.card("[picture: A shelf]")


async def test_closing_that_form_leaves_the_proposal_as_it_is(slack: House) -> None:
    await opened(slack)
    assert await slack.anna.submit(a_proposal(Images=[a_picture(slack)])) is None
    form = await slack.anna.sees_modal()
    await slack.anna.close(form)
    assert (await a_post(slack)).revision == 1
    await opened(slack)
    await slack.anna.close()


async def test_an_empty_description_changes_nothing(slack: House) -> None:
    await opened(slack)
    assert await slack.anna.submit(a_proposal(Images=[a_picture(slack)])) is None
    await slack.anna.sees_modal()
    assert await slack.anna.submit({"What can be seen in picture 1?": "  "}) is None
    assert (await a_post(slack)).revision == 1


@pytest.mark.parametrize("meanwhile", ["changed", "decided"])
async def test_a_description_that_comes_too_late_is_refused_and_kept(
    slack: House, meanwhile: str
) -> None:
    await opened(slack)
    assert await slack.anna.submit(a_proposal(Images=[a_picture(slack)])) is None
    form = await slack.anna.sees_modal()
    card = await slack.card("no description yet")
    if meanwhile == "decided":
        await slack.olga.press(card, "Approve")
    else:
        await slack.olga.press(card, "Edit")
        await slack.olga.submit({"Text": "Olga's words"})
    label = "What can be seen in picture 1?"
    errors = await slack.anna.submit({label: "A shelf"}, form)
    expected = {
        "decided": "olga decided on this post meanwhile",
        "changed": "Somebody changed this post meanwhile",
    }[meanwhile]
    assert errors is not None
    assert errors[label].startswith(expected)
    assert "A shelf" in form.seen_by(slack.anna)
    assert [image.alt for image in (await a_post(slack)).images] == [""]


async def test_descriptions_stay_with_pictures_that_are_kept(slack: House) -> None:
    picture = slack.nora.upload("shelf.png", PIXEL, "image/png")
    message = slack.nora.say(REVIEW, "Look at our shelf", files=[picture])
    await slack.anna.message_shortcut("propose_from_message", message)
    await slack.anna.sees_modal()
    label = "What can be seen in picture 1?"
    assert await slack.anna.submit({"Platforms": ["Telegram"], label: "A shelf"}) is None
    assert slack.anna.modal is None  # it was asked already
    card = await slack.card("[picture: A shelf]")
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert f"{label}: A shelf" in form.seen_by(slack.anna)
    assert await slack.anna.submit({label: "A shelf with games"}) is None
    await slack.card("[picture: A shelf with games]")


async def test_the_form_follows_and_what_was_typed_stays(slack: House) -> None:
    await slack.proposed(Text="We have 40 board games, come and play with us on Friday evening")
    form = await opened(slack)
    await slack.anna.fill({"Text": NASTY, "Why": NASTY, "House rules 11 to 12": ["Rule 11"]}, form)
    shown = form.times_shown
    await slack.anna.fill({"Platforms": BOTH, "Pillar": "Information"}, form)
    assert form.times_shown == shown + 2
    seen = form.seen_by(slack.anna)
    assert seen.count(NASTY) == 2
    assert "Information: 2 of 2 posts in March" in seen
    await slack.anna.fill({"Images": [a_picture(slack)], "Date and time": FRIDAY}, form)
    assert "⚠️ Telegram has another post at 15:00" in form.seen_by(slack.anna)
    await slack.anna.fill({"What can be seen in picture 1?": NASTY}, form)
    text = "We have 40 board games: come and play with us on Friday evening!"
    await slack.anna.fill({"Text": text}, form)
    await slack.anna.press(form, "Check")
    seen = form.seen_by(slack.anna)
    assert "⚠️ Another post says nearly the same" in seen
    assert f"What can be seen in picture 1?: {NASTY}" in seen
    assert not [call for call in slack.slack.calls if call.method == "files.info"]
    assert await slack.anna.submit() is None
    card = await slack.card("says nearly the same", place=-1)
    assert f"[picture: {NASTY}]" in card.seen_by(slack.olga)


async def test_a_text_in_two_parts_keeps_every_character_through_it_all(slack: House) -> None:
    text = ("word " * 800 + "end").replace("word word", "wo\nrd", 300)[:4000]
    message = slack.nora.say(REVIEW, text)
    await slack.anna.message_shortcut("propose_from_message", message)
    form = await slack.anna.sees_modal()
    await slack.anna.fill({"Platforms": ["Telegram"]}, form)
    first = form.values()["text"]["value"]["value"]
    await slack.anna.fill({"Text": "x" + first[:-1]}, form)
    await slack.anna.press(form, "Check")
    await slack.anna.press(form, OWN_TEXTS)
    assert await slack.anna.submit({"Text": first}) is None
    await slack.card("wo")
    assert (await a_post(slack)).text == text


async def test_an_emptied_moment_breaks_nothing(slack: House) -> None:
    form = await opened(slack)
    await slack.anna.fill(a_proposal(Date_and_time=None), form)
    await slack.anna.press(form, "Check")
    assert "Date and time" in (await slack.anna.submit() or {})
    assert slack.anna.direct_messages() == []
    assert await slack.anna.submit({"Date and time": FRIDAY}) is None


async def test_a_form_that_was_overtaken_or_closed_troubles_nobody(slack: House) -> None:
    form = await opened(slack)
    await slack.anna.fill(a_proposal(), form)
    block, element = forms.find_button(form.blocks, "Check")
    payload = payloads.press(
        slack.slack.space, slack.anna.user, form, block, element, form.values()
    )
    await asyncio.gather(
        *(slack.slack.socket_mode.deliver("interactive", payload) for _ in range(3))
    )
    await slack.anna.close(form)
    await slack.slack.socket_mode.deliver("interactive", payload)
    (told,) = slack.anna.direct_messages()
    assert "You closed the form" in told.seen_by(slack.anna)  # where the draft is, and no error
    assert slack.anna.ephemerals == []


async def test_an_edit_of_an_own_text_alone_shows_its_words_in_the_thread(slack: House) -> None:
    form = await opened(slack)
    await slack.anna.fill(a_proposal(Platforms=BOTH), form)
    await slack.anna.press(form, OWN_TEXTS)
    assert await slack.anna.submit({FOR_INSTAGRAM: "Forty games to play"}) is None
    card = await slack.card("Forty games to play")
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert f"{FOR_INSTAGRAM}: Forty games to play" in form.seen_by(slack.anna)
    assert await slack.anna.submit({FOR_INSTAGRAM: "Fifty games to play"}) is None
    await slack.card("Fifty games")

    def told() -> str:
        return "\n".join(reply.seen_by(slack.olga) for reply in card.thread)

    await slack.slack.until(lambda: "On Instagram:" in told())
    assert "Forty" in told()
    assert "Fifty" in told()


async def test_the_same_form_in_dutch(slack: House) -> None:
    await slack.nora.command("/social propose")
    form = await slack.nora.sees_modal()
    await slack.nora.fill({"Platforms": BOTH}, form)
    await slack.nora.press(form, "Een eigen tekst voor elk platform")
    labels = form.labels()
    assert "Tekst voor Instagram" in labels
    assert "Doel" in labels
    assert form.options("Voorraadlijst") == ["Nog geen datum: op de voorraadlijst"]
    assert "Nakijken" in form.buttons()
