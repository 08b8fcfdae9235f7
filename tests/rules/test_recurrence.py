"""The days of a rule, against two libraries that count them independently."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as some
from icalendar import Calendar, Event, vRecur

from bot.rules.calendar import WallTime, is_weekend, occurrences
from bot.rules.recurrence import (
    WEEKDAYS,
    check_rule,
    days,
    left_of_count,
    parse,
    with_end,
)
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.slot_choices import OFTEN_WORDS, Choices, Often, choices_of, rule_of

TEN_YEARS = timedelta(days=3653)
ZONES = (
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Lord_Howe",  # the clock changes by half an hour
    "Asia/Kolkata",  # it never changes
    "America/Santiago",  # it changes at midnight
    "UTC",
)


def _some(values: object) -> some.SearchStrategy[list[object]]:
    assert isinstance(values, some.SearchStrategy)
    return some.lists(values, min_size=1, max_size=3, unique=True)


def _numbers(most: int) -> some.SearchStrategy[int]:
    return some.one_of(some.integers(1, most), some.integers(-most, -1))


_WEEKDAY = some.sampled_from(WEEKDAYS)
_NUMBERED = some.builds(lambda n, day: f"{n}{day}", _numbers(5), _WEEKDAY)
_LISTS = {
    "DAILY": {"BYDAY": _WEEKDAY, "BYMONTHDAY": _numbers(31), "BYMONTH": some.integers(1, 12)},
    "WEEKLY": {"BYDAY": _WEEKDAY, "BYMONTH": some.integers(1, 12), "BYSETPOS": _numbers(3)},
    "MONTHLY": {
        "BYDAY": some.one_of(_WEEKDAY, _NUMBERED),
        "BYMONTHDAY": _numbers(31),
        "BYMONTH": some.integers(1, 12),
        "BYSETPOS": _numbers(4),
    },
    "YEARLY": {
        "BYDAY": some.one_of(_WEEKDAY, _NUMBERED),
        "BYMONTHDAY": _numbers(31),
        "BYMONTH": some.integers(1, 12),
        "BYWEEKNO": _numbers(53),
        "BYYEARDAY": _numbers(366),
        "BYSETPOS": _numbers(4),
    },
}


@some.composite
def rules(draw: some.DrawFn, freqs: tuple[str, ...] = tuple(_LISTS)) -> str:
    """Any rule that the strategy file takes, without an end."""
    freq = draw(some.sampled_from(freqs))
    parts = [f"FREQ={freq}"]
    if (interval := draw(some.integers(1, 5))) > 1:
        parts.append(f"INTERVAL={interval}")
    chosen = draw(some.lists(some.sampled_from(list(_LISTS[freq])), max_size=3, unique=True))
    parts += [f"{name}={','.join(map(str, draw(_some(_LISTS[freq][name]))))}" for name in chosen]
    if draw(some.booleans()):
        parts.append(f"WKST={draw(_WEEKDAY)}")
    rule = ";".join(parts)
    try:
        check_rule(rule)
    except Refusal:
        assume(False)
    return rule


since_days = some.dates(date(2015, 1, 1), date(2030, 1, 1))
times = some.builds(time, some.integers(0, 23), some.integers(0, 59))


@settings(max_examples=200, deadline=None)
@given(rules(), since_days, some.integers(0, 6000))
def test_the_days_are_those_of_dateutil_over_ten_years(rule: str, since: date, later: int) -> None:
    first = since + timedelta(days=later)
    last = first + TEN_YEARS
    found = list(days(rule, time(10), since, first, last))
    theirs = rrulestr(rule, dtstart=datetime.combine(since, time(10)))
    expected = [
        moment.date()
        for moment in theirs.between(
            datetime.combine(first, time()), datetime.combine(last, time.max), inc=True
        )
    ]
    if parse(rule).freq == "WEEKLY" and parse(rule).positions:
        # Of the week in which it begins dateutil sees only the rest; RFC 5545 means all of it.
        a_week_on = since + timedelta(days=7)
        found, expected = ([d for d in ds if d >= a_week_on] for ds in (found, expected))
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(
    rules(("WEEKLY", "MONTHLY", "YEARLY")),
    times,
    some.sampled_from(ZONES),
    since_days,
    some.sampled_from(["", "COUNT", "UNTIL"]),
)
def test_the_moments_are_those_of_an_independent_library_over_ten_years(
    rule: str, at: time, zone: str, since: date, end: str
) -> None:
    assume(not (parse(rule).freq == "WEEKLY" and parse(rule).positions))
    coming = days(rule, at, since, since, since + TEN_YEARS)
    assume(coming)
    first, last = coming[0], coming[-1]
    # In iCalendar the first one is an occurrence itself, so the rule begins there.
    assume(parse(rule).explicit(since) == parse(rule).explicit(first))
    if end == "COUNT":
        rule = with_end(rule, None, min(len(coming), 17))
    elif end == "UNTIL":
        rule = with_end(rule, coming[len(coming) // 2], None)
    start, until = (datetime.combine(day, time(), UTC) for day in (first, last))
    start, until = start - timedelta(days=2), until - timedelta(days=2)
    ours = [m.at for m in occurrences(rule, at, ZoneInfo(zone), first, start, until)]
    assert ours == _independently(rule, at, zone, first, start, until)


def _independently(
    rule: str, at: time, zone: str, first: date, start: datetime, until: datetime
) -> list[datetime]:
    there = ZoneInfo(zone)
    event = Event()
    event.add("uid", "1")
    event.add("dtstart", datetime.combine(first, at, there))
    event.add("duration", timedelta(seconds=1))
    recurrence = vRecur.from_ical(rule)
    if "UNTIL" in recurrence:
        (day,) = recurrence["UNTIL"]
        recurrence["UNTIL"] = [WallTime(datetime.combine(day, time(23, 59, 59)), zone).at]
    event.add("rrule", recurrence)
    calendar = Calendar()
    calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(start, until + timedelta(seconds=1))
    moments = sorted(each["DTSTART"].dt.astimezone(UTC) for each in found)
    return [moment for moment in moments if start < moment <= until]


def _changes(zone: ZoneInfo, first: date) -> list[date]:
    """The wall dates on which the clock changes, in ten years."""
    noons = [
        datetime.combine(first + timedelta(days=n), time(12), zone) for n in range(TEN_YEARS.days)
    ]
    return [b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset()]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0, 30), time(1, 45), time(2, 30), time(10)])
def test_at_every_change_of_the_clock_it_comes_once_at_its_wall_time(zone: str, at: time) -> None:
    there, since = ZoneInfo(zone), date(2020, 1, 1)
    for day in _changes(there, since):
        start = datetime.combine(day - timedelta(days=3), time(12), UTC)
        around = list(occurrences("FREQ=DAILY", at, there, since, start, start + timedelta(days=6)))
        assert [moment.local.date() for moment in around].count(day) == 1
        assert len(around) == len({moment.at for moment in around}) == 6
        assert {moment.local.time() for moment in around} == {at}
        shown = next(m.at for m in around if m.local.date() == day).astimezone(there)
        exists = datetime.combine(day, at, there).astimezone(UTC).astimezone(there).time() == at
        assert (shown.time() == at) == exists  # the missing hour is read as the one after it
        if exists:
            assert shown.fold == 0  # the double hour is the first of the two


def test_the_years_have_as_many_changes_as_they_should() -> None:
    changes = {zone: len(_changes(ZoneInfo(zone), date(2020, 1, 1))) for zone in ZONES}
    assert changes["Asia/Kolkata"] == changes["UTC"] == 0
    assert min(n for zone, n in changes.items() if zone not in ("Asia/Kolkata", "UTC")) >= 19


@given(rules(), since_days, some.integers(1, 30), some.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_a_count_counts_from_the_first_day_and_what_is_left_fits(
    rule: str, since: date, count: int, later: int
) -> None:
    counted = with_end(rule, None, count)
    coming = days(counted, time(10), since, since, since + timedelta(days=40 * 366))
    assert len(coming) <= count
    day = since + timedelta(days=later)
    left = left_of_count(counted, since, day)
    assert left == count - sum(1 for each in coming if each < day)


def test_the_last_day_is_included_and_a_time_before_it_is_not() -> None:
    since, last = date(2026, 12, 1), date(2027, 2, 1)
    assert days("FREQ=DAILY;UNTIL=20261203", time(10), since, since, last)[-1] == date(2026, 12, 3)
    by_noon = "FREQ=DAILY;UNTIL=20261203T120000"
    assert days(by_noon, time(10), since, since, last)[-1] == date(2026, 12, 3)
    assert days(by_noon, time(16), since, since, last)[-1] == date(2026, 12, 2)


def test_days_that_are_left_out_do_not_come_and_still_count() -> None:
    found = occurrences(
        "FREQ=DAILY;COUNT=5",
        time(10),
        ZoneInfo("Europe/Amsterdam"),
        date(2026, 3, 5),  # a Thursday
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 4, 1, tzinfo=UTC),
        is_weekend,
    )
    assert [moment.local.day for moment in found] == [5, 6, 9]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;BYDAY=-1MO",
        "FREQ=MONTHLY;BYDAY=6MO,1TU",
        "FREQ=MONTHLY;BYDAY=MO,1TU",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYYEARDAY=1",
        "FREQ=MONTHLY;BYWEEKNO=1",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
        "FREQ=YEARLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYYEARDAY=367",
    ],
)
def test_what_the_standard_does_not_let_stand_together_is_refused(rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_rule(rule)
    assert refused.value.sentence.format_map(refused.value.values)


# Plain choices

LENGTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@some.composite
def choices(draw: some.DrawFn) -> Choices:
    often = draw(some.sampled_from(list(OFTEN_WORDS)))
    weekdays = some.lists(some.integers(0, 6), min_size=1, max_size=7, unique=True)
    by_weekday = often.value.partition(" ")[0] == "weeks" or often is Often.WEEK or " " in often
    by_day = often in (Often.MONTH, Often.YEAR)
    until = draw(some.one_of(some.none(), some.dates(date(2030, 1, 1), date(2035, 1, 1))))
    counts = some.one_of(some.none(), some.integers(1, 999))
    return Choices(
        often,
        weekdays=tuple(sorted(draw(weekdays))) if by_weekday else (),
        month_day=draw(some.sampled_from([*range(1, 32), -1])) if by_day else None,
        month=draw(some.integers(1, 12)) if often is Often.YEAR else None,
        until=until,
        count=draw(counts) if until is None else None,
    )


@settings(max_examples=200)
@given(choices(), since_days, times)
def test_choices_come_back_from_their_rule(chosen: Choices, since: date, at: time) -> None:
    there_is_no_such_day = (
        chosen.month in LENGTHS and (chosen.month_day or 0) > LENGTHS[chosen.month]
    )
    if there_is_no_such_day:
        with pytest.raises(InvalidForm):
            rule_of(chosen, since)
    else:
        assert choices_of(rule_of(chosen, since), at, since) == chosen


@settings(max_examples=200, deadline=None)
@given(rules(), since_days, times)
def test_a_rule_that_the_choices_show_comes_on_the_same_days(
    rule: str, since: date, at: time
) -> None:
    shown = choices_of(rule, at, since)
    again = rule_of(shown, since, kept=rule)
    last = since + TEN_YEARS
    assert days(again, at, since, since, last) == days(rule, at, since, since, last)
    if shown.often is Often.KEPT:
        assert again == rule


def test_nothing_chosen_follows_from_the_first_day() -> None:
    thursday = date(2026, 3, 5)
    assert rule_of(Choices(Often.WEEK), thursday) == "FREQ=WEEKLY;BYDAY=TH"
    assert rule_of(Choices(Often.MONTH), thursday) == "FREQ=MONTHLY;BYMONTHDAY=5"
    assert rule_of(Choices(Often.MONTH_LAST), thursday) == "FREQ=MONTHLY;BYDAY=-1TH"
    assert rule_of(Choices(Often.YEAR), thursday) == "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Choices(Often.DAY, until=date(2026, 3, 4)), "last_day"),
        (Choices(Often.DAY, until=date(2026, 4, 4), count=2), "times"),
        (Choices(Often.YEAR, month_day=30, month=2), "month_day"),
    ],
)
def test_choices_that_cannot_be_are_told_at_their_field(wrong: Choices, field: str) -> None:
    with pytest.raises(InvalidForm) as invalid:
        rule_of(wrong, date(2026, 3, 5))
    assert set(invalid.value.errors) == {field}
