"""Home, the calendar, and placements in the hands of their owner."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions import calendar, posts, publishing, reminders
from bot.actions.transaction import Desk
from bot.sandbox.slack import Message
from tests.actions.audience import PIXEL
from tests.actions.test_posts import draft
from tests.conftest import StandingClock
from tests.factories import PROPOSER, with_posts
from tests.handlers.slack_kit import FRIDAY, REVIEW, House, house

LINK = "https://instagram.com/p/123"


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def handed_over(slack: House, clock: StandingClock) -> Message:
    """A post for Instagram, approved, at its time: what its owner gets."""
    picture = slack.anna.upload("games.png", PIXEL, "image/png")
    card = await slack.proposed(Platforms=["Instagram"], Images=[picture])
    await slack.otto.press(card, "Approve")
    clock.now = FRIDAY
    await publishing.publish_due(slack.desk)
    return await slack.otto.sees("Time to post this on Instagram")


async def test_home_and_the_card_stay_in_step(slack: House) -> None:
    await slack.proposed()
    home = await slack.olga.open_home()
    seen = home.seen_by(slack.olga)
    assert "Waiting for you" in seen
    assert "New in the library: 40 board games" in seen
    assert home.buttons()[2:6] == ["Approve", "Request changes", "Reject", "Edit"]
    await slack.olga.press(home, "Approve")
    await slack.olga.sees_on_home("Nothing waits for you")
    assert "Approve" not in (await slack.card("approved this")).buttons()
    hers = await slack.anna.open_home()
    assert "Your proposals" in hers.seen_by(slack.anna)
    assert "Telegram: approved" in hers.seen_by(slack.anna)
    await slack.anna.press(await slack.card(), "Withdraw")
    hers = await slack.anna.open_home()
    assert "Telegram: withdrawn" in hers.seen_by(slack.anna)


async def test_a_press_on_a_home_of_before_is_refused_and_home_shown_anew(slack: House) -> None:
    await slack.proposed()
    home = await slack.olga.open_home()
    await slack.anna.press(await slack.card(), "Withdraw")
    await slack.olga.press(home, "Approve")
    await slack.olga.sees("That is not possible any more. Where this post stands now: withdrawn.")
    await slack.olga.sees_on_home("Nothing waits for you")


async def test_a_press_after_an_edit_is_refused_and_home_shows_the_new_text(slack: House) -> None:
    card = await slack.proposed()
    home = await slack.olga.open_home()
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "All new"})
    await slack.olga.press(home, "Approve")
    await slack.olga.sees("This post was changed meanwhile")
    await slack.olga.sees_on_home("All new")
    await slack.olga.press(home, "Approve")
    await slack.olga.sees_on_home("Nothing waits for you")


async def test_a_form_opened_from_home_shows_it_anew(slack: House) -> None:
    await slack.proposed()
    home = await slack.olga.open_home()
    await slack.olga.press(home, "Reject")
    await slack.olga.submit({"Reason": "Not now"})
    await slack.olga.sees_on_home("Nothing waits for you")


async def test_what_was_read_last_is_shown_last(slack: House) -> None:
    """However long Slack takes for the Home of the press before."""
    await slack.proposed()
    home = await slack.olga.open_home()
    slack.slack.faults.add("views.publish", delay=0.2)
    await slack.olga.press(home, "Reject")
    await slack.olga.submit({"Reason": "Not now"})
    await slack.slack.until(lambda: home.times_shown == 3)
    assert "Nothing waits for you" in home.seen_by(slack.olga)


async def test_changes_asked_of_you_with_why_and_a_way_to_make_them(slack: House) -> None:
    card = await slack.proposed()
    await slack.olga.press(card, "Request changes")
    await slack.olga.submit({"Reason": "Which <!here> games?", "What is it about?": "the facts"})
    home = await slack.anna.open_home()
    seen = home.seen_by(slack.anna)
    assert seen.index("Changes asked of you") < seen.index("Your proposals")
    assert "✏️ @Olga Jansen asks for changes for Telegram" in seen
    assert "the facts" in seen
    assert "“Which <!here> games?”" in seen
    await slack.anna.press(home, "Edit")
    await slack.anna.submit({"Text": "Catan and Azul"})
    assert "Changes asked of you" not in await slack.anna.sees_on_home("waiting for a decision")
    await slack.card("Catan and Azul")


async def test_the_backlog_is_for_all_and_its_buttons_for_whom_they_are(slack: House) -> None:
    proposal = draft(text="Perhaps: a knitting evening", planned_at=None)
    await posts.propose(slack.desk, PROPOSER, "idea", proposal)
    decide = ["Approve", "Request changes", "Reject", "Edit"]
    for person, buttons in ((slack.olga, decide), (slack.anna, ["Edit", "Withdraw"])):
        home = await person.open_home()
        seen = home.seen_by(person)
        backlog = seen[seen.index("The backlog: no date yet") :]
        assert f"Perhaps: a knitting evening\n[{'] ['.join(buttons)}]" in backlog
    nora = await slack.nora.open_home()
    seen = nora.seen_by(slack.nora)
    assert "De voorraadlijst: nog geen datum" in seen
    assert "Perhaps: a knitting evening" in seen
    assert nora.buttons() == ["Bericht voorstellen", "⏰ Je herinneringen", "🌐 English"]
    assert "Wacht op jou" not in seen
    await slack.olga.press(await slack.olga.open_home(), "Reject")
    await slack.olga.submit({"Reason": "We knit too much"})
    assert "knitting" not in await slack.olga.sees_on_home("Nothing waits for you")


async def test_home_has_pages_and_stays_on_them(slack: House) -> None:
    await with_posts(slack.desk, 20, 20)
    home = await slack.olga.open_home()
    assert "And 14 more." in home.seen_by(slack.olga)
    await slack.olga.press(home, "Show more")
    seen = home.seen_by(slack.olga)
    assert "Post 6\n" in seen
    assert "And 8 more." in seen
    await slack.olga.press(home, "Approve")
    await slack.olga.sees_on_home("And 7 more.")
    await slack.olga.press(home, "Show the previous")
    assert "And 13 more." in home.seen_by(slack.olga)


async def test_a_form_from_a_later_page_leaves_home_on_that_page(slack: House) -> None:
    await with_posts(slack.desk, 20, 20)
    home = await slack.olga.open_home()
    await slack.olga.press(home, "Show more")
    await slack.olga.press(home, "Reject")
    await slack.olga.submit({"Reason": "Not now"})
    seen = await slack.olga.sees_on_home("And 7 more.")
    assert "Show the previous" in seen
    await slack.olga.press(home, "I am away")
    await slack.olga.submit({})
    assert "Show the previous" in await slack.olga.sees_on_home("You are away from")
    assert "Show the previous" not in (await slack.olga.open_home()).seen_by(slack.olga)


async def test_the_calendar_shows_what_is_planned_and_the_gaps(slack: House) -> None:
    await calendar.make_occurrences(slack.desk)
    await slack.proposed(Text="*Books* & <!here>\nsecond line")
    assert await slack.anna.command("/social calendar", REVIEW) == "The coming weeks"
    seen = slack.anna.ephemerals[-1].seen_by(slack.anna)
    assert "Friday 6 March" in seen
    assert "⏳ 15:00 Telegram: *Books* & <!here> · waiting for a decision" in seen
    assert "10:00 Telegram: Book tip · nothing planned yet" in seen


async def test_help_comes_for_help_for_no_word_and_for_an_unknown_one(slack: House) -> None:
    answers = [await slack.anna.command(f"/social {word}") for word in ("help", "", "dance")]
    assert answers[0]
    assert "/social propose" in answers[0]
    assert len(set(answers)) == 1


async def test_an_owner_posts_by_hand_and_says_where(slack: House, clock: StandingClock) -> None:
    task = await handed_over(slack, clock)
    assert "New in the library: 40 board games" in task.seen_by(slack.otto)
    assert "[picture: games.png]" in task.seen_by(slack.otto)
    await slack.otto.press(task, "Posted")
    assert "Link" in (await slack.otto.submit({"Link": "somewhere"}) or {})
    assert await slack.otto.submit({"Link": LINK}) is None
    await slack.slack.until(lambda: task.buttons() == [] or None)
    assert "published" in (await slack.card("published")).seen_by(slack.olga)
    await slack.anna.sees("Your post is published on Instagram")


async def test_later_brings_it_back_as_a_new_message(slack: House, clock: StandingClock) -> None:
    task = await handed_over(slack, clock)
    await slack.otto.press(task, "Snooze")
    await slack.otto.sees("I remind you again")
    clock.move(timedelta(hours=1))
    await reminders.send_due(slack.desk)

    def again() -> Message | None:
        newest = slack.otto.direct_messages()[-1]
        return newest if newest.buttons() == ["Posted", "Snooze"] else None

    assert (await slack.slack.until(again)).ts != task.ts


async def test_reminders_say_what_is_to_come(slack: House, clock: StandingClock) -> None:
    await calendar.make_occurrences(slack.desk)
    await slack.proposed(Date_and_time=FRIDAY)
    clock.now = FRIDAY - timedelta(minutes=50)
    await reminders.send_due(slack.desk)
    told = await slack.olga.sees("still waits for a decision")
    assert "Approve" in told.buttons()
    clock.move(timedelta(days=1, hours=20))
    await reminders.send_due(slack.desk)
    told = await slack.olga.sees("There is no approved post yet for Telegram")
    assert "Book tip" in told.seen_by(slack.olga)
    await slack.olga.press(told, "Propose a post")
    assert (await slack.olga.sees_modal()).title == "Propose a post"


async def test_a_colleague_can_read_the_other_language(slack: House) -> None:
    """Whatever Slack says of them, and it lasts."""
    home = await slack.anna.open_home()
    await slack.anna.press(home, "Nederlands")
    await slack.anna.sees_on_home("Bericht voorstellen")
    await slack.anna.command("/social propose")
    assert "Tekst" in (await slack.anna.sees_modal()).labels()
    await slack.anna.press(home, "English")
    await slack.anna.sees_on_home("Propose a post")
