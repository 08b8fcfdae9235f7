"""The form for one's own reminders, and the note in the morning, as people see them in Slack."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from bot.actions import calendar, morning, my_reminders, reminders
from bot.actions.colleagues import FRESH
from bot.actions.transaction import Desk
from handlers.slack.people import People
from storage.models import Reminder
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.slack_kit import FRIDAY, House, house

TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def wants_a_note(slack: House, **fields: object) -> dict[str, str] | None:
    home = await slack.olga.open_home()
    await slack.olga.press(home, "Your reminders")
    note = {"A note every morning": ["Yes, when my working day begins"]}
    return await slack.olga.submit(note | fields)


async def test_working_days_and_hours_are_kept_and_said_back(slack: House) -> None:
    days = {"Working days": ["Tuesday", "Thursday"], "From": time(8, 30), "Till": time(12)}
    assert await wants_a_note(slack, **days) is None
    await slack.olga.sees(
        "✅ I remind you on Tuesday and Thursday, from 08:30 till 12:00. At other times it is "
        "quiet. At 08:30 you get a note about your day."
    )
    kept = await my_reminders.show(slack.desk, OWNER)
    assert (kept.hours.days, kept.hours.begin, kept.hours.end) == (
        frozenset({1, 3}),
        time(8, 30),
        time(12),
    )
    home = await slack.olga.open_home()
    await slack.olga.press(home, "Your reminders")
    assert (await slack.olga.sees_modal()).title == "Your reminders"
    assert await slack.olga.submit({"A note every morning": []}) is None
    await slack.olga.sees("from 08:30 till 12:00. At other times it is quiet.")
    kept = await my_reminders.show(slack.desk, OWNER)
    assert (kept.hours.days, kept.morning_note) == (frozenset({1, 3}), False)


async def test_bad_hours_are_refused_in_the_form(slack: House) -> None:
    refused = await wants_a_note(slack, From=time(17), Till=time(9))
    assert "at least an hour later" in str(refused)
    assert not (await my_reminders.show(slack.desk, OWNER)).morning_note


async def test_the_note_in_the_morning_and_what_can_be_done_from_it(
    slack: House, clock: StandingClock
) -> None:
    await wants_a_note(slack)
    await calendar.make_occurrences(slack.desk)
    await slack.proposed(Text="*For* <today>", Date_and_time=TUESDAY + timedelta(hours=4))
    await slack.proposed(Text="For tomorrow", Date_and_time=TUESDAY + timedelta(days=1))
    clock.now = TUESDAY
    await reminders.send_due(slack.desk)
    assert await reminders.send_due(slack.desk) == 0
    note = await slack.olga.sees("Your day: Tuesday 3 March")
    seen = note.seen_by(slack.olga)
    assert "13:00 Telegram: *For* <today> · waiting for a decision" in seen
    assert seen.index("Today") < seen.index("Waiting for you") < seen.index("Tomorrow")
    assert "Book tip" not in seen
    await slack.olga.press(note, "Approve")
    await slack.card("approved this", place=-2)


async def test_in_their_language_with_the_days_till_the_next_working_day(
    slack: House, clock: StandingClock
) -> None:
    home = await slack.olga.open_home()
    await slack.olga.press(home, "Nederlands")
    home_words = await slack.olga.sees_on_home("Je herinneringen")
    assert "Bericht voorstellen" in home_words
    await slack.olga.press(home, "Je herinneringen")
    note = {"Elke ochtend een bericht": ["Ja, als mijn werkdag begint"]}
    assert await slack.olga.submit(note) is None
    await slack.olga.sees("maandag, dinsdag, woensdag, donderdag en vrijdag, van 09:00 tot 17:00")
    await slack.proposed(Date_and_time=FRIDAY + timedelta(days=1))
    clock.now = datetime(2026, 3, 6, 7, 59, tzinfo=UTC)
    await morning.plan_notes(slack.desk)
    await reminders.send_due(slack.desk)
    clock.now = datetime(2026, 3, 6, 8, tzinfo=UTC)
    await morning.plan_notes(slack.desk)
    await reminders.send_due(slack.desk)
    seen = (await slack.olga.sees("Je dag: vrijdag 6 maart")).seen_by(slack.olga)
    assert "Vandaag gaat er niets uit op jouw platforms." in seen
    assert "Tot en met maandag 9 maart" in seen
    assert "zaterdag 7 maart · " in seen


async def test_nothing_to_tell_no_note(slack: House, clock: StandingClock) -> None:
    await wants_a_note(slack)
    clock.now = TUESDAY
    await reminders.send_due(slack.desk)
    await slack.overtaken("morning.note")
    assert not any("Your day" in m.seen_by(slack.olga) for m in slack.olga.direct_messages())


async def test_a_hold_is_proposed_till_they_work_again(slack: House) -> None:
    fields = {"Working days": ["Tuesday", "Thursday"], "From": time(13), "Till": time(17)}
    await wants_a_note(slack, **fields)
    card = await slack.proposed()
    await slack.olga.press(card, "Hold")
    until = (await slack.olga.sees_modal()).values()["until"]["value"]["selected_date_time"]
    assert datetime.fromtimestamp(until, UTC) == datetime(2026, 3, 3, 12, tzinfo=UTC)


async def test_the_same_form_twice_is_one_and_plans_one_note(slack: House) -> None:
    home = await slack.olga.open_home()
    await slack.olga.press(home, "Your reminders")
    await slack.olga.press(home, "Your reminders")  # a double tap: two windows
    note = {"A note every morning": ["Yes, when my working day begins"]}
    assert await slack.olga.submit(note) is None
    if slack.olga.modal is not None:
        assert await slack.olga.submit(note) is None
    assert await morning.plan_notes(slack.desk) == 0
    planned = await slack.read(
        lambda s: list(s.exec(select(Reminder).where(Reminder.kind == "morning_note")))
    )
    assert [reminder.due_at for reminder in planned] == [TUESDAY]


async def test_who_moves_to_another_time_zone_is_reminded_by_its_clock(
    slack: House, clock: StandingClock
) -> None:
    await slack.proposed(Date_and_time=datetime(2026, 3, 5, 11, tzinfo=UTC))
    slack.olga.user.tz = "America/New_York"
    clock.move(FRESH + timedelta(minutes=1))
    await People(slack.desk, slack.side.client).find(OWNER)
    planned = await slack.read(
        lambda s: list(
            s.exec(
                select(Reminder.due_at).where(
                    Reminder.recipient == OWNER,
                    Reminder.kind == "decide",
                    col(Reminder.done_at).is_(None),
                )
            )
        )
    )
    # Thursday 6:00 in New York: four working hours before is Wednesday, 13:00; eight, 9:00.
    assert sorted(planned) == [
        datetime(2026, 3, 4, 14, tzinfo=UTC),
        datetime(2026, 3, 4, 18, tzinfo=UTC),
    ]
