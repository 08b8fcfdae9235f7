"""Special days in Slack: the list, posts and ideas for them, changing them, files, the reminder."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.actions import drafts, preparations, reminders, special_days
from bot.actions.special_days import DayForm
from bot.actions.transaction import Desk
from bot.rules.special_days import Repeats
from bot.sandbox.slack import Message
from storage.models import Post
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.slack_kit import REVIEW, House, house

BOEKENWEEK = DayForm(
    "Boekenweek <!channel>",
    date(2026, 3, 11),
    date(2026, 3, 22),
    Repeats.NEVER,
    6,
    ("Which book do *you* give away?",),
    pillar_key="information",
)


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def days(slack: House, person: str = "anna", words: str = "days") -> Message:
    """The list, as this person sees it."""
    who = getattr(slack, person)
    await who.command(f"/social {words}", REVIEW)
    found: Message = who.ephemerals[-1]
    return found


async def test_what_is_coming_and_a_post_for_it(slack: House) -> None:
    await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    shown = await days(slack)
    seen = shown.seen_by(slack.anna)
    assert "Boekenweek <!channel>" in seen
    assert "Wednesday 11 March till Sunday 22 March 2026" in seen
    assert "• Which book do *you* give away?" in seen
    assert "Easter Monday" in seen
    assert "public holiday" in seen
    await slack.anna.press(shown, "Propose a post for this")
    form = await slack.anna.sees_modal()
    assert await slack.anna.submit({"Platforms": ["Telegram"]}, form) is None
    await slack.card("Which book do *you* give away?")
    (post,) = await slack.read(lambda s: list(s.exec(select(Post))))
    assert (post.special_day_key, post.pillar_key) == ("boekenweek-channel-2026", "information")
    planned = datetime(2026, 3, 11, 9, tzinfo=UTC)
    assert f"<!date^{int(planned.timestamp())}^" in str((await slack.card()).blocks)


async def test_a_draft_that_was_begun_from_a_day_stays_a_post_for_it(slack: House) -> None:
    await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    await slack.anna.press(await days(slack), "Propose a post for this")
    form = await slack.anna.sees_modal()
    await slack.anna.fill({"Platforms": ["Telegram"], "Text": "Give a book"}, form)
    await slack.anna.press(form, "Save as draft")
    (draft,) = await drafts.of(slack.desk, slack.anna.id)
    assert draft.proposal.special_day_key == "boekenweek-channel-2026"
    await slack.anna.close()
    for text in ("Give two books", "Give three books"):  # twice, and the second is proposed
        home = await slack.anna.open_home()
        await slack.anna.press(home, "Continue")
        form = await slack.anna.sees_modal()
        await slack.anna.fill({"Text": text}, form)
        await slack.anna.press(form, "Save as draft")
        if text == "Give two books":
            await slack.anna.close()
    assert await slack.anna.submit({}, form) is None
    card = await slack.card("Give three books")
    await slack.anna.press(card, "Edit")
    await slack.anna.submit({"Text": "Give four"})
    await slack.card("Give four")
    (post,) = await slack.read(lambda s: list(s.exec(select(Post))))
    assert post.special_day_key == "boekenweek-channel-2026"


async def test_a_draft_for_a_day_that_was_stopped_meanwhile_is_still_a_post(slack: House) -> None:
    await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    await slack.anna.press(await days(slack), "Propose a post for this")
    form = await slack.anna.sees_modal()
    await slack.anna.press(form, "Save as draft")
    await slack.anna.close()
    await special_days.stop(slack.desk, OWNER, "boekenweek-channel-2026")
    home = await slack.anna.open_home()
    await slack.anna.press(home, "Continue")
    fields = {"Platforms": ["Telegram"], "Text": "All the same"}
    assert await slack.anna.submit(fields, await slack.anna.sees_modal()) is None
    await slack.card("All the same")


async def test_a_holiday_has_a_post_too(slack: House) -> None:
    shown = await days(slack, "nora", "dagen")
    assert "Goede vrijdag" in shown.seen_by(slack.nora)
    await slack.nora.press(shown, "Hiervoor een bericht voorstellen")
    fields = {"Tekst": "Wij zijn dicht", "Platforms": ["Telegram"]}
    assert await slack.nora.submit(fields) is None
    await slack.card("Wij zijn dicht")


async def test_the_list_has_pages(slack: House) -> None:
    for n in range(9):
        form = DayForm(f"Day {n}", date(2026, 3, 3 + n), None, Repeats.NEVER, 0, ())
        await special_days.add(slack.desk, OWNER, form)
    shown = await days(slack)
    assert "Day 8" not in shown.seen_by(slack.anna)
    await slack.anna.press(shown, "Show more")
    assert "Day 8" in shown.seen_by(slack.anna)
    assert "Day 7" not in shown.seen_by(slack.anna)


async def test_an_owner_adds_changes_and_stops_a_day(slack: House) -> None:
    await slack.olga.press(await days(slack, "olga"), "Add a day")
    fields = {
        "Name": "Book fair",
        "First day": date(2026, 3, 14),
        "Does it come back?": "Every year on the same weekday of the month",
        "Remind the owners": "2 weeks before",
        "Ideas": "Stalls\nA map",
    }
    assert await slack.olga.submit(fields) is None
    await slack.olga.sees("It is in the calendar: Book fair.")
    shown = await days(slack, "olga")
    assert "Book fair" in shown.seen_by(slack.olga)
    await slack.olga.press(shown, "Change")
    wrong = await slack.olga.submit({"Last day": date(2026, 3, 15)})
    assert wrong is not None
    assert "each year" in wrong["Last day"]
    assert await slack.olga.submit({"Last day": None, "Name": "Book market"}) is None
    (day,) = (await special_days.coming(slack.desk, OWNER, "en")).dates[:1]
    assert day.day is not None
    assert (day.name, day.day.rule) == ("Book market", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SA")
    assert (day.day.prepare, day.day.ideas) == (2, ("Stalls", "A map"))
    await slack.olga.press(await days(slack, "olga"), "Change")
    assert await slack.olga.submit({"Stop": ["Take this day out of the calendar"]}) is None
    await slack.olga.sees("This day comes no more.")
    assert "Book market" not in (await days(slack)).seen_by(slack.anna)


async def test_somebody_else_changed_it_meanwhile(slack: House) -> None:
    await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    await slack.olga.press(await days(slack, "olga"), "Change")
    mine = await slack.olga.sees_modal()
    await slack.otto.press(await days(slack, "otto"), "Change")
    assert await slack.otto.submit({"Name": "Otto's"}) is None
    told = await slack.olga.submit({"Name": "Olga's"}, mine)
    assert told is not None
    assert "Somebody changed this day" in told["Name"]


async def test_a_colleague_adds_ideas_and_changes_nothing(slack: House) -> None:
    await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    for_owner = await days(slack, "olga")
    shown = await days(slack)
    assert not {"Add a day", "Change", "Bring in a file"} & set(shown.buttons())
    await slack.anna.press(for_owner, "Bring in a file")  # however they came by it
    await slack.anna.sees("Only people who are responsible for a platform")
    assert slack.anna.modal is None
    await slack.anna.press(shown, "Add an idea")
    assert await slack.anna.submit({"Idea": "A quiz <!channel>"}) is None
    await slack.anna.sees("Your idea stands with Boekenweek")
    assert "• A quiz <!channel>" in (await days(slack)).seen_by(slack.anna)


async def test_a_file_is_brought_in_or_every_bad_row_is_named(slack: House) -> None:
    await slack.olga.press(await days(slack, "olga"), "Bring in a file")
    bad = slack.olga.upload("days.csv", b"naam;datum\nA;31-2-2026\n;1-5-2026\nB;2-5-2026")
    told = await slack.olga.submit({"File": bad})
    assert told == {
        "File": "Row 2: There is no day 31-2-2026.\nRow 3: There is no name here.\n"
        "Nothing was changed."
    }
    assert "B" not in [
        each.name for each in (await special_days.coming(slack.desk, OWNER, "en")).dates
    ]
    good = slack.olga.upload("no-name-at-all", "naam;datum\nIdeeëndag;2-5-2026".encode("cp1252"))
    assert await slack.olga.submit({"File": good}) is None
    await slack.olga.sees("1 new, 0 changed, 0 as before")
    assert "Ideeëndag" in (await days(slack)).seen_by(slack.anna)
    await slack.olga.press(await days(slack, "olga"), "Bring in a file")
    large = slack.olga.upload("large.csv", b"naam;datum\n" + b"x" * 1_000_000)
    too_large = await slack.olga.submit({"File": large})
    assert too_large is not None
    assert "larger than 1 MB" in too_large["File"]
    assert await slack.olga.submit({"File": good}) is None
    await slack.olga.sees("0 new, 0 changed, 1 as before")


async def test_the_reminder_comes_with_ideas_and_a_way_to_a_post(
    slack: House, clock: StandingClock
) -> None:
    day = await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    await preparations.plan_preparations(slack.desk)
    clock.move(timedelta(days=1))
    await reminders.send_due(slack.desk)
    slack.outbox.wake()
    told = await slack.olga.sees("One week to go")
    seen = told.seen_by(slack.olga)
    assert "Boekenweek <!channel> · Wednesday 11 March till Sunday 22 March 2026" in seen
    assert "Which book do *you* give away?" in seen
    await slack.otto.sees("One week to go")
    await slack.olga.press(told, "Propose a post for this")
    assert (await slack.olga.sees_modal()).title == "Propose a post"
    await special_days.stop(slack.desk, OWNER, day.key)
    await slack.olga.close()
    await slack.olga.press(told, "Add an idea")
    await slack.olga.sees("This day is not in the calendar any more.")


async def test_a_reminder_of_a_day_that_was_stopped_meanwhile_says_nothing(
    slack: House, clock: StandingClock
) -> None:
    day = await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    await preparations.plan_preparations(slack.desk)
    clock.move(timedelta(days=1))
    slack.slack.faults.add("chat.postMessage", cut="before", times=2)
    await reminders.send_due(slack.desk)
    await slack.put_off("reminder.special_day")
    await special_days.stop(slack.desk, OWNER, day.key)
    clock.move(timedelta(minutes=5))
    slack.outbox.wake()
    await slack.overtaken("reminder.special_day")
    assert not any("to go" in m.seen_by(slack.olga) for m in slack.olga.direct_messages())


async def test_the_calendar_shows_special_days(slack: House) -> None:
    await special_days.add(slack.desk, OWNER, BOEKENWEEK)
    await slack.anna.command("/social calendar", REVIEW)
    seen = slack.anna.ephemerals[-1].seen_by(slack.anna)
    assert "Wednesday 11 March\n🎉 Boekenweek <!channel>" in seen
