"""When somebody is reminded is theirs to say; and the note at the begin of their working day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.actions import (
    absences,
    calendar,
    colleagues,
    decisions,
    morning,
    morning_view,
    my_reminders,
    posts,
    publishing,
    reminders,
)
from bot.actions.morning_view import MorningView
from bot.actions.transaction import Desk
from bot.actions.views import PostView
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import InvalidForm, NotThere
from bot.rules.working_hours import MONDAY_TO_FRIDAY
from storage.models import Notice, Organisation, Reminder
from tests.actions.test_posts import approve, draft, rows
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

NINE, FIVE = time(9), time(17)
WEEK = sorted(MONDAY_TO_FRIDAY)
# The clock of the tests stands on Monday 2 March 2026, 9:00 in Amsterdam.
TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 8, tzinfo=UTC)


async def known(desk: Desk, person: str = OWNER, timezone: str = "Europe/Amsterdam") -> None:
    await colleagues.remember(desk, person, "Olga", "en", timezone)


async def wants(
    desk: Desk,
    person: str = OWNER,
    days: Sequence[int] = WEEK,
    begin: time = NINE,
    end: time = FIVE,
    *,
    note: bool = True,
) -> None:
    await my_reminders.keep(desk, person, days, begin, end, morning_note=note)


@pytest.fixture
async def olga(desk: Desk) -> str:
    await known(desk)
    await wants(desk)
    return OWNER


async def proposed(desk: Desk, key: str = "form", **changes: Any) -> PostView:
    return await posts.propose(desk, PROPOSER, key, draft(**changes))


async def pass_time(desk: Desk, clock: StandingClock, until: datetime) -> None:
    """In steps of a quarter of an hour, and a minute of each."""
    while clock.now < until:
        await morning.plan_notes(desk)
        await reminders.send_due(desk)
        clock.now += timedelta(minutes=15)
    await morning.plan_notes(desk)
    await reminders.send_due(desk)


async def notes(desk: Desk) -> list[tuple[str, datetime]]:
    return [(n.recipient, n.created_at) for n in await rows(desk, Notice, kind="morning.note")]


async def outcomes(desk: Desk) -> list[tuple[date, str | None]]:
    found = await rows(desk, Reminder, kind="morning_note")
    return [(date.fromordinal(r.subject_id), r.outcome) for r in found if r.done_at]


async def view(desk: Desk, person: str, day: date) -> MorningView:
    found = await morning_view.show(desk, person, day)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("days", "begin", "end", "wrong"),
    [
        ([], NINE, FIVE, {"days"}),
        (WEEK, FIVE, NINE, {"ends"}),
        (WEEK, NINE, NINE, {"ends"}),
        (WEEK, NINE, time(9, 59), {"ends"}),
        ([], FIVE, NINE, {"days", "ends"}),
    ],
)
async def test_hours_that_are_none_are_refused(
    desk: Desk, days: list[int], begin: time, end: time, wrong: set[str]
) -> None:
    await known(desk)
    with pytest.raises(InvalidForm) as refused:
        await wants(desk, OWNER, days, begin, end)
    assert set(refused.value.errors) == wrong
    assert (await my_reminders.show(desk, OWNER)).hours.days == MONDAY_TO_FRIDAY


async def test_whom_slack_did_not_tell_of_is_asked_to_come_back(desk: Desk) -> None:
    with pytest.raises(NotThere):
        await wants(desk)
    assert not (await my_reminders.show(desk, OWNER)).morning_note


async def test_what_is_kept_stays_when_slack_tells_of_them_again(desk: Desk) -> None:
    await known(desk)
    await wants(desk, OWNER, [1, 3], time(13), time(21, 30))
    await known(desk, timezone="America/New_York")
    kept = await my_reminders.show(desk, OWNER)
    assert (kept.hours.days, kept.hours.begin, kept.hours.end) == (
        frozenset({1, 3}),
        time(13),
        time(21, 30),
    )
    assert (kept.hours.zone.key, kept.morning_note) == ("America/New_York", True)


async def test_reminders_that_were_planned_follow_the_new_hours(
    desk: Desk, clock: StandingClock
) -> None:
    await known(desk)
    thursday = datetime(2026, 3, 5, 11, tzinfo=UTC)
    await proposed(desk, planned_at=thursday)
    await wants(desk, OWNER, [0, 1], time(20), time(22), note=False)
    due = [r.due_at for r in await rows(desk, Reminder, kind="decide") if r.done_at is None]
    # Four hours before: from Monday evening; eight would have been last week.
    assert due == [datetime(2026, 3, 2, 19, tzinfo=UTC)]
    clock.now = datetime(2026, 3, 4, 16, tzinfo=UTC)
    await reminders.send_due(desk)
    assert [n.recipient for n in await rows(desk, Notice, kind="reminder.decide")] == [OWNER]


async def test_once_a_day_on_working_days_and_not_on_holidays(
    desk: Desk, clock: StandingClock, olga: str
) -> None:
    clock.now = datetime(2026, 4, 23, 12, tzinfo=UTC)  # a Thursday; Monday is King's Day
    await proposed(desk, planned_at=datetime(2026, 5, 20, 8, tzinfo=UTC))
    await pass_time(desk, clock, datetime(2026, 4, 29, 12, tzinfo=UTC))
    assert await notes(desk) == [
        (olga, datetime(2026, 4, day, 7, tzinfo=UTC)) for day in (24, 28, 29)
    ]


async def test_on_their_own_days_and_wall_also_when_the_clock_changes(
    desk: Desk, clock: StandingClock
) -> None:
    clock.now = datetime(2026, 3, 27, 20, tzinfo=UTC)
    await known(desk, timezone="America/New_York")
    await wants(desk, OWNER, [5, 6], time(7, 30), time(12))
    await known(desk, OTHER_OWNER)
    await wants(desk, OTHER_OWNER, [5, 6], time(7, 30), time(12))
    await proposed(desk, planned_at=datetime(2026, 5, 20, 8, tzinfo=UTC))
    await proposed(
        desk, "2", platform_keys=("instagram",), planned_at=datetime(2026, 5, 20, 8, tzinfo=UTC)
    )
    await pass_time(desk, clock, datetime(2026, 3, 30, 6, tzinfo=UTC))
    assert await notes(desk) == [
        (OTHER_OWNER, datetime(2026, 3, 28, 6, 30, tzinfo=UTC)),
        (OWNER, datetime(2026, 3, 28, 11, 30, tzinfo=UTC)),
        (OTHER_OWNER, datetime(2026, 3, 29, 5, 30, tzinfo=UTC)),
        (OWNER, datetime(2026, 3, 29, 11, 30, tzinfo=UTC)),
    ]


async def test_not_while_away(desk: Desk, clock: StandingClock, olga: str) -> None:
    await proposed(desk, planned_at=datetime(2026, 3, 20, 8, tzinfo=UTC))
    await absences.name(desk, olga, date(2026, 3, 3), date(2026, 3, 4))
    await pass_time(desk, clock, datetime(2026, 3, 5, 9, tzinfo=UTC))
    assert await notes(desk) == [(olga, datetime(2026, 3, 5, 8, tzinfo=UTC))]
    assert [outcome for _, outcome in await outcomes(desk)] == ["away", "away", "sent"]


async def test_after_downtime_once_if_the_day_is_not_over(
    desk: Desk, clock: StandingClock, olga: str
) -> None:
    await proposed(desk, planned_at=datetime(2026, 3, 20, 8, tzinfo=UTC))
    clock.now = datetime(2026, 3, 4, 12, tzinfo=UTC)  # Wednesday, 13:00
    await pass_time(desk, clock, clock.now + timedelta(minutes=30))
    assert await notes(desk) == [(olga, datetime(2026, 3, 4, 12, 15, tzinfo=UTC))]
    clock.now = datetime(2026, 3, 6, 20, tzinfo=UTC)  # Friday evening
    await pass_time(desk, clock, clock.now + timedelta(hours=1))
    assert len(await notes(desk)) == 1
    assert [o for _, o in await outcomes(desk)] == ["over", "sent", "over"]


async def test_turned_off_and_on_and_moved_there_is_one_a_day(
    desk: Desk, clock: StandingClock, olga: str
) -> None:
    await proposed(desk, planned_at=datetime(2026, 3, 20, 8, tzinfo=UTC))
    await pass_time(desk, clock, TUESDAY + timedelta(minutes=30))
    for begin in (time(11), time(9, 45), time(11)):  # all of it later today
        await wants(desk, begin=begin)
    await pass_time(desk, clock, datetime(2026, 3, 3, 20, tzinfo=UTC))
    assert len(await notes(desk)) == 1
    await wants(desk, note=False)
    await pass_time(desk, clock, datetime(2026, 3, 5, 9, tzinfo=UTC))
    assert len(await notes(desk)) == 1
    await wants(desk)
    await pass_time(desk, clock, FRIDAY)
    assert [at for _, at in await notes(desk)] == [TUESDAY, FRIDAY]


async def test_what_it_tells(desk: Desk, clock: StandingClock, olga: str) -> None:
    await calendar.make_occurrences(desk)
    early = await proposed(desk, "early", text="Out already", planned_at=clock.now + HOUR)
    await approve(desk, early)
    clock.move(HOUR)
    await publishing.publish_due(desk)
    later = datetime(2026, 3, 2, 15, tzinfo=UTC)
    await proposed(desk, "later", text="Waits", planned_at=later)
    given_up = await proposed(desk, "no", text="Never", planned_at=later)
    await decisions.decide(desk, olga, given_up.id, 1, PostAction.REJECT, "No")
    await proposed(desk, "elsewhere", text="Otto's", platform_keys=("instagram",), planned_at=later)
    await proposed(desk, "next", text="Next", planned_at=datetime(2026, 3, 3, 15, tzinfo=UTC))
    found = await view(desk, olga, date(2026, 3, 2))
    assert [(e.title, e.status) for e in found.today] == [
        ("Out already", PlacementStatus.PUBLISHING),
        ("Waits", PlacementStatus.PROPOSED),
    ]
    assert [e.title for e in found.next] == ["Next"]
    assert [post.text for post in found.home.waiting.shown] == ["Waits", "Next"]
    deputy = await view(desk, OTHER_OWNER, date(2026, 3, 2))
    assert [e.title for e in deputy.today] == ["Out already", "Otto's", "Waits"]
    assert await morning_view.show(desk, "U0NOBODY", date(2026, 3, 2)) is None
    assert await morning_view.show(desk, olga, date(2026, 3, 1)) is None


async def test_before_a_weekend_it_tells_what_comes_till_the_next_working_day(
    desk: Desk, clock: StandingClock, olga: str
) -> None:
    await calendar.make_occurrences(desk)
    clock.now = FRIDAY
    for day, text in ((7, "On Saturday"), (10, "On Tuesday")):
        at = datetime(2026, 3, day, 9, tzinfo=UTC)
        await proposed(desk, text, text=text, planned_at=at)
    found = await view(desk, olga, FRIDAY.date())
    assert found.next_day == date(2026, 3, 9)
    assert [e.title for e in found.next] == ["On Saturday", "Book tip"]  # of Monday, still free


async def test_who_proposed_hears_what_was_asked_of_them(desk: Desk, clock: StandingClock) -> None:
    await known(desk, PROPOSER)
    await wants(desk, PROPOSER)
    post = await posts.propose(desk, PROPOSER, "1", draft(planned_at=FRIDAY))
    await decisions.decide(desk, OWNER, post.id, 1, PostAction.REQUEST_CHANGES, "Shorter")
    await pass_time(desk, clock, TUESDAY)
    assert await notes(desk) == [(PROPOSER, TUESDAY)]


async def test_without_a_country_a_holiday_is_a_day_as_any(
    desk: Desk, clock: StandingClock, olga: str
) -> None:
    def abroad(session: Session) -> None:
        session.get_one(Organisation, 1).country = ""

    await desk.database.write(abroad)
    clock.now = datetime(2026, 4, 26, 12, tzinfo=UTC)
    await proposed(desk, planned_at=datetime(2026, 5, 20, 8, tzinfo=UTC))
    await pass_time(desk, clock, datetime(2026, 4, 27, 8, tzinfo=UTC))
    assert await notes(desk) == [(olga, datetime(2026, 4, 27, 7, tzinfo=UTC))]


HOUR = timedelta(hours=1)
