"""Proposing a post in Slack, and what becomes of it, through the real Bolt and sockets."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions.transaction import Desk
from bot.sandbox.slack import payloads
from tests.actions.audience import PIXEL
from tests.handlers.slack_kit import FRIDAY, REVIEW, House, a_proposal, house

LAST_WEEK = FRIDAY - timedelta(days=7)


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def test_a_proposal_becomes_a_card_and_its_proposer_is_thanked(slack: House) -> None:
    card = await slack.proposed()
    seen = card.seen_by(slack.olga)
    for words in (
        "@Anna de Vries proposes a post for Telegram",
        "New in the library: 40 board games",
        "Parents of young children",
        "People ask for them",
        "waiting for a decision",
    ):
        assert words in seen
    buttons = ["Approve", "Request changes", "Reject", "Edit", "Move", "Withdraw"]
    assert card.buttons() == ["History", *buttons, "Approve with an edit", "Hold"]
    assert "Thank you!" in slack.anna.direct_messages()[0].seen_by(slack.anna)


async def test_an_owner_approves_and_everybody_sees_it(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Approve")
    card = await slack.card("@Olga Jansen approved this for Telegram")
    assert card.buttons() == ["History", "Edit", "Move", "Withdraw"]
    told = await slack.anna.sees("@Olga Jansen approved your proposal")
    assert "New in the library" in told.seen_by(slack.anna)


async def test_both_shortcuts_and_home_open_the_same_form(slack: House) -> None:
    await slack.anna.shortcut("propose_post")
    labels = (await slack.anna.sees_modal()).labels()
    assert labels == [
        "Text",
        "Platforms",
        "Pillar",
        "Target group",
        "Date and time",
        "Backlog",
        "Why",
        "Images",
        "House rules",
    ]
    await slack.anna.close()
    home = await slack.anna.open_home()
    await slack.anna.press(home, "Propose a post")
    assert (await slack.anna.sees_modal()).labels() == labels


async def test_a_message_becomes_a_proposal_with_its_words_pictures_and_place(
    slack: House,
) -> None:
    picture = slack.nora.upload("shelf.png", PIXEL, "image/png")
    message = slack.nora.say(
        REVIEW, "Ask <@U01OWNER> & see https://example.org/a?b=1&c", files=[picture]
    )
    await slack.anna.message_shortcut("propose_from_message", message)
    form = await slack.anna.sees_modal()
    assert "Ask olga & see https://example.org/a?b=1&c" in form.seen_by(slack.anna)
    assert form.options("Keep these pictures") == ["1. shelf.png"]
    assert await slack.anna.submit({"Platforms": ["Telegram"]}) is None
    seen = (await slack.card("olga & see")).seen_by(slack.olga)
    assert "[picture: shelf.png]" in seen
    assert "The message that it comes from" in seen


async def test_what_stands_after_the_command_is_the_beginning_of_the_text(slack: House) -> None:
    await slack.anna.command("/social propose Ask <@U01OWNER> for <b> & more :tada:")
    form = await slack.anna.sees_modal()
    assert "Text: Ask olga for <b> & more 🎉\n" in form.seen_by(slack.anna)
    assert await slack.anna.submit({"Platforms": ["Telegram"]}) is None
    await slack.card("Ask olga for <b> & more 🎉")


async def test_what_was_typed_stays_when_something_is_wrong(slack: House) -> None:
    await slack.anna.command("/social propose")
    errors = await slack.anna.submit(
        a_proposal(Text="x" * 2201, Platforms=["Instagram"], Date_and_time=LAST_WEEK)
    )
    assert errors == {
        "Text": "This is 2,201 characters; Instagram takes 2,200. Make it 1 shorter.",
        "Date and time": "This moment is over. Choose one that is still to come.",
    }
    form = await slack.anna.sees_modal()
    assert "x" * 2201 in form.seen_by(slack.anna)
    assert await slack.anna.submit({"Text": "Shorter", "Date and time": FRIDAY}) is None
    assert (await slack.card("Shorter")).buttons()


async def test_empty_text_is_refused_at_its_field(slack: House) -> None:
    await slack.anna.command("/social propose")
    assert await slack.anna.submit(a_proposal(Text="  \n ")) == {
        "Text": "Write the text of the post here."
    }


async def test_pictures_are_kept_shown_and_can_be_left_out(slack: House) -> None:
    files = [slack.anna.upload(f"{n}.png", PIXEL + bytes([n]), "image/png") for n in (1, 2)]
    card = await slack.proposed(Images=files)
    assert "[picture: 1.png]" in card.seen_by(slack.olga)
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    assert form.options("Keep these pictures") == ["1. 1.png", "2. 2.png"]
    await slack.anna.submit({"Keep these pictures": ["2. 2.png"], "Text": "Edited"})
    seen = (await slack.card("Edited")).seen_by(slack.olga)
    assert "[picture: 2.png]" in seen
    assert "[picture: 1.png]" not in seen
    uploads = [call for call in slack.slack.calls if call.method == "files.getUploadURLExternal"]
    assert len(uploads) == 2  # each once, however often the card is written


async def test_a_file_that_is_no_picture_is_refused_kindly(slack: House) -> None:
    """Nor is one that is only called a picture: no card could show it, no platform takes it."""
    await slack.anna.command("/social propose")
    for file_type in ("text/plain", "image/png"):
        file = slack.anna.upload("notes.png", b"text", file_type)
        errors = await slack.anna.submit(a_proposal(Images=[file]))
        assert errors is not None
        assert errors["Images"].startswith("notes.png is no picture")


async def test_reasons_are_asked_and_reach_the_proposer(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Request changes")
    assert (await slack.olga.sees_modal()).labels() == ["Reason", "What is it about?"]
    answers = {"Reason": "Which *games*? <!channel>", "What is it about?": "the facts"}
    assert await slack.olga.submit(answers) is None
    told = await slack.anna.sees("@Olga Jansen asks you to change something")
    assert "the facts" in told.seen_by(slack.anna)
    assert "Which *games*? <!channel>" in told.seen_by(slack.anna)
    await slack.anna.press(told, "Edit")
    await slack.anna.submit({"Text": "Catan and Dixit"})
    card = await slack.card("Catan and Dixit")
    assert "about version 1" in card.seen_by(slack.olga)
    await slack.olga.press(card, "Reject")
    await slack.olga.submit({"Reason": "We had this last week"})
    card = await slack.card("@Olga Jansen rejected this for Telegram")
    assert "We had this last week" in card.seen_by(slack.olga)
    assert card.buttons() == ["History"]


async def test_the_proposer_withdraws_and_nobody_else_does(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Withdraw")
    assert slack.olga.ephemerals[-1].seen_by(slack.olga) == (
        "Only @Anna de Vries can withdraw this. Write in the thread why you would."
    )
    await slack.anna.press(card, "Withdraw")
    assert (await slack.card("withdrawn")).buttons() == ["History", "Reopen"]


async def test_who_owns_nothing_is_refused_in_her_language_and_it_is_audited(
    slack: House,
) -> None:
    card = await slack.proposed()
    for label in ("Approve", "Reject"):
        await slack.nora.press(card, label)
    assert slack.nora.modal is None
    assert len(slack.nora.ephemerals) == 2
    assert {"approve refused", "reject refused"} <= set(await slack.audited())
    assert "waiting for a decision" in (await slack.card()).seen_by(slack.olga)


async def test_nobody_decides_on_their_own_proposal(slack: House) -> None:
    await slack.olga.command("/social propose")
    await slack.olga.submit(a_proposal())
    card = await slack.card("@Olga Jansen proposes")
    await slack.olga.press(card, "Approve")
    assert "You proposed this yourself" in slack.olga.ephemerals[-1].seen_by(slack.olga)
    await slack.otto.press(card, "Approve")  # the deputy stands in
    await slack.card("@Otto Smit approved this")


async def test_two_owners_at_once_make_one_decision(slack: House) -> None:
    make_second_owner = 'UPDATE platforms SET owners = \'["U01OWNER", "U02OWNER"]\''
    await slack.desk.database.write(lambda s: s.connection().exec_driver_sql(make_second_owner))
    card = await slack.proposed()
    await asyncio.gather(
        slack.olga.press(card, "Approve"),
        slack.otto.press(card, "Approve"),
    )
    told = slack.olga.ephemerals + slack.otto.ephemerals
    assert len(told) == 1
    assert "already approved this" in told[0].seen_by(slack.olga)
    assert (await slack.audited()).count("approve") == 1


async def test_a_decision_is_about_what_was_seen(slack: House) -> None:
    card = await slack.proposed()
    old = dataclasses.replace(card, blocks=list(card.blocks))
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "Something else"})
    await slack.card("Something else")
    await slack.olga.press(old, "Approve")
    assert "This post was changed" in slack.olga.ephemerals[-1].seen_by(slack.olga)


async def test_a_reason_written_too_late_is_answered_at_its_field(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Reject")
    await slack.anna.press(card, "Withdraw")
    errors = await slack.olga.submit({"Reason": "Too late"})
    assert errors is not None
    assert "withdrawn" in errors["Reason"]


NASTY = "A & B <b> &lt; <!channel> <@U03COLLEAGUE> *bold* _it_ ~s~ `c` :leestafel: 🎉 שלום @here #x"


async def test_every_character_arrives_and_mentions_nobody(slack: House) -> None:
    card = await slack.proposed(Text=NASTY, Why=NASTY)
    assert card.seen_by(slack.olga).count(NASTY) == 2
    assert "<!channel>" not in card.text
    await slack.olga.press(card, "Approve")
    told = await slack.anna.sees("approved your proposal")
    assert NASTY in told.seen_by(slack.anna)


async def test_the_same_window_twice_is_one_proposal(slack: House) -> None:
    await slack.anna.command("/social propose")
    form = await slack.anna.sees_modal()
    await slack.anna.fill(a_proposal(), form)
    payload = payloads.submission(slack.slack.space, slack.anna.user, form)
    await asyncio.gather(
        *(slack.slack.socket_mode.deliver("interactive", payload) for _ in range(2))
    )
    await slack.card("New in the library")
    assert len(slack.slack.channel_messages(REVIEW)) == 1
    assert (await slack.audited()).count("propose") == 1


async def test_emoji_by_their_names_become_emoji_wherever_they_were_typed(slack: House) -> None:
    named = "Play with us :tada: :+1::skin-tone-3: :flag-nl: at 10:30:45 :leestafel:"
    drawn = "Play with us 🎉 👍🏼 🇳🇱 at 10:30:45 :leestafel:"
    await slack.anna.command("/social propose")
    form = await slack.anna.sees_modal()
    assert await slack.anna.submit(a_proposal(Text=named, Why=named), form) is None
    assert (await slack.card(drawn)).seen_by(slack.olga).count(drawn) == 2
    message = slack.nora.say(REVIEW, named)
    await slack.anna.message_shortcut("propose_from_message", message)
    assert drawn in (await slack.anna.sees_modal()).seen_by(slack.anna)


async def test_an_emoji_counts_as_the_platform_counts_it(slack: House) -> None:
    """Not as the six characters of its name."""
    await slack.anna.command("/social propose")
    text, form = "x" * 2199 + ":tada:", await slack.anna.sees_modal()
    assert await slack.anna.submit(a_proposal(Text=text, Platforms=["Instagram"]), form) is None


async def test_who_edits_hears_that_it_is_saved(slack: House) -> None:
    card = await slack.proposed()
    await slack.anna.press(card, "Edit")
    assert await slack.anna.submit({"Text": "New words <3"}, await slack.anna.sees_modal()) is None
    told = await slack.anna.sees("Your change is saved: “New words <3”")
    assert "asked to read it again" in told.seen_by(slack.anna)
    await slack.anna.press(await slack.card("New words"), "Edit")
    assert await slack.anna.submit({}, await slack.anna.sees_modal()) is None
    await slack.anna.sees("You changed nothing")
    assert (await slack.audited()).count("edit") == 1


async def test_reopening_is_called_so_and_tells_of_no_new_time(slack: House) -> None:
    card = await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.anna.press(card, "Withdraw")
    card = await slack.card("withdrawn")
    await slack.anna.press(card, "Reopen")
    form = await slack.anna.sees_modal()
    assert form.title == "Reopen the post"
    assert "[Reopen] [Cancel]" in form.seen_by(slack.anna)
    assert await slack.anna.submit({"Platforms": ["Telegram"]}, form) is None
    told = await slack.anna.sees("Thank you! Your proposal for Telegram is with")
    assert "Instagram" not in told.seen_by(slack.anna)
    reopened = (await slack.anna.sees("opened it again")).seen_by(slack.anna)
    assert "Now for Telegram" in reopened
    assert "New time" not in reopened


async def test_an_owner_who_edits_is_not_asked_to_read_it_again(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Edit")
    assert await slack.olga.submit({"Text": "Olga's"}, await slack.olga.sees_modal()) is None
    reply = (await slack.anna.sees("Waits for the decision of @Olga Jansen")).seen_by(slack.anna)
    assert "read it again" not in reply


async def test_a_proposal_without_a_date_is_thanked_for_as_such(slack: House) -> None:
    await slack.anna.command("/social propose")
    undated = {"Backlog": ["No date yet: keep it in the backlog"]}
    await slack.anna.submit({**a_proposal(), **undated}, await slack.anna.sees_modal())
    await slack.anna.sees("It has no date yet: whoever approves it chooses one")


async def test_the_form_names_the_limits_of_what_is_chosen(slack: House) -> None:
    await slack.anna.command("/social propose")
    form = await slack.anna.sees_modal()
    hint = "Telegram: at most 4,096 characters and 10 pictures."
    assert f"{hint} Instagram: at most" in form.seen_by(slack.anna)
    await slack.anna.fill({"Platforms": ["Telegram"]}, form)
    assert hint in form.seen_by(slack.anna)
    assert "Instagram: at most" not in form.seen_by(slack.anna)


async def test_an_edit_that_comes_too_late_says_how_far_the_post_came(slack: House) -> None:
    """Withdrawn, and rejected for one platform before: it is the withdrawal that one hears."""
    card = await slack.proposed(Platforms=["Telegram", "Instagram"])
    await slack.otto.press(card, "Reject")
    await slack.otto.submit({"Reason": "Not here"}, await slack.otto.sees_modal())
    await slack.card("Instagram: rejected")
    await slack.anna.press(card, "Edit")
    form = await slack.anna.sees_modal()
    await slack.anna.press(card, "Withdraw")
    assert await slack.anna.submit({"Text": "Too late"}, form) == {
        "Text": "That is not possible any more. Where this post stands now: withdrawn."
    }
