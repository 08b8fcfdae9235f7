"""When special days come, and files of them: iCal and CSV, from anywhere."""

from contextlib import suppress
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.rules.refusals import Refusal
from bot.rules.special_days import (
    SpecialDay,
    between,
    check_country,
    check_yearly_rule,
    dates_of,
    key_for,
    public_holidays,
    weekday_rule,
)
from bot.rules.special_days_file import Brought, read
from bot.rules.tables import RowMistakes

ZONE = ZoneInfo("Europe/Amsterdam")
SUNDAY_IN_SEPTEMBER = "FREQ=YEARLY;BYMONTH=9;BYDAY=1SU"


def test_holidays_of_a_country_in_two_languages() -> None:
    assert public_holidays("NL", 2025, "nl")[date(2025, 4, 26)] == "Koningsdag"  # not on a Sunday
    assert public_holidays("NL", 2026, "en")[date(2026, 4, 27)] == "King's Day"
    assert public_holidays("", 2026) == {}
    check_country("NL")
    check_country("")
    for wrong in ("nl", "XX", "Nederland", "NLD"):
        with pytest.raises(Refusal, match="no country"):
            check_country(wrong)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=YEARLY;WKST=MO",
        "FREQ=YEARLY;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=9;BYDAY=1SU;COUNT=3",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=9;BYMONTHDAY=1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=1SU",
        "FREQ=SECONDLY",
    ],
)
def test_a_rule_that_does_not_come_once_a_year_is_refused(rule: str) -> None:
    with pytest.raises(Refusal):
        check_yearly_rule(rule)


@settings(deadline=None)  # other tests run beside it
@given(some.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_a_weekday_of_a_month_comes_once_a_year_on_it(day: date) -> None:
    rule = weekday_rule(day)
    check_yearly_rule(rule)
    in_month = [d for d, _ in dates_of(SpecialDay("a", "A", rule), day, day + timedelta(days=366))]
    assert in_month[0] == day or day.day > 28
    assert all((d.month, d.weekday()) == (day.month, day.weekday()) for d in in_month)


def test_each_kind_of_day_comes_when_it_does() -> None:
    days = [
        SpecialDay("a", "By rule", rule=SUNDAY_IN_SEPTEMBER),
        SpecialDay("b", "Leap", yearly=date(2024, 2, 29)),
        SpecialDay("c", "Later", yearly=date(2028, 3, 1)),
        SpecialDay("d", "Period", first_day=date(2026, 12, 30), last_day=date(2027, 1, 2)),
        SpecialDay("e", "koningsdag", yearly=date(2020, 4, 27)),
    ]
    found = between(days, "", "nl", date(2027, 1, 1), date(2028, 12, 31))
    assert [(each.first, each.name) for each in found if each.name != "koningsdag"] == [
        (date(2026, 12, 30), "Period"),
        (date(2027, 9, 5), "By rule"),
        (date(2028, 2, 29), "Leap"),
        (date(2028, 3, 1), "Later"),
        (date(2028, 9, 3), "By rule"),
    ]
    in_april = between(days, "NL", "nl", date(2026, 4, 27), date(2026, 4, 27))
    assert [each.day for each in in_april] == [days[4]]  # not the library's besides
    assert len(between([], "NL", "nl", date(2026, 4, 27), date(2026, 4, 27))) == 1


def test_keys_are_plain_and_their_own() -> None:
    assert key_for("Fête de la Musique!", None, ()) == "fete-de-la-musique"
    assert key_for("../../etc/passwd", 2026, ()) == "etc-passwd-2026"
    assert key_for("Quiz", 2026, {"quiz-2026", "quiz-2026-2"}) == "quiz-2026-3"
    assert key_for("🎉", None, ()) == "day"
    assert len(key_for("x" * 75, 2026, ())) <= 50


def mistakes(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(RowMistakes) as told:
        read(content, ZONE)
    return [(m.line, m.sentence.format_map(m.values)) for m in told.value.mistakes]


def dates(content: bytes) -> list[tuple[str, date | None, date | None]]:
    return [(day.name, day.first_day, day.last_day) for day in read(content, ZONE)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_spreadsheets_save_it(encoding: str, separator: str) -> None:
    table = "Naam,Datum,Tot en met\r\nIdeeënweek,26-4-2026,\r\nVoorlezen,2026-01-21,31.1.2026\r\n"
    assert dates(table.replace(",", separator).encode(encoding)) == [
        ("Ideeënweek", date(2026, 4, 26), None),
        ("Voorlezen", date(2026, 1, 21), date(2026, 1, 31)),
    ]


def test_every_column_of_a_table() -> None:
    (day,) = read(
        b'name,from,every year,prepare,ideas\r\nSint,5/12/2026,yes,6,"Shoes\nA poem\n"\r\n', ZONE
    )
    assert day == Brought(2, "Sint", yearly=date(2026, 12, 5), prepare=6, ideas=("Shoes", "A poem"))


def test_every_bad_row_has_its_number_and_reason() -> None:
    table = (
        "naam;datum;tot;elk jaar;weken vooraf\n"
        ";1-1-2026;;;\n"
        "A;31-2-2026;;;\n"
        "B;1-1-26;;;\n"
        "\n"
        "=HYPERLINK(1);1-1-2026;;;\n"
        "C;2-1-2026;1-1-2026;;\n"
        "D;1-1-2026;3-1-2026;ja;\n"
        "E;1-1-2026;;misschien;\n"
        "F;1-1-2026;;;veel\n"
        "G;1-1-2026;;;\n"
        "g;2026-01-01;;;\n"
        f"{'x' * 76};1-1-2026;;;\n"
        "H;1-1-3026;;;\n"
    )
    found = mistakes(table.encode())
    assert [row for row, _ in found] == [2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14]
    assert dict(found)[3] == "There is no day 31-2-2026."
    assert dict(found)[12] == "This is the same as row 11."


def test_headings_that_are_not_known() -> None:
    assert [words for _, words in mistakes(b"naam;datun;naam\nA;1-1-2026;\n")] == [
        "There is no column datun. These are: name, from, till, every year, prepare, ideas.",
        "The column naam is there twice.",
        "The column from is missing.",
    ]
    assert mistakes(b"naam;datum\nA;1-1-2026;extra\n")[0][0] == 2


def event(*lines: str) -> bytes:
    inside = "\r\n".join(["BEGIN:VEVENT", "UID:1", "SUMMARY:A", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}\r\nEND:VCALENDAR\r\n".encode()


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (["DTSTART;VALUE=DATE:20260426"], date(2026, 4, 26), None),
        (["DTSTART;VALUE=DATE:20260426", "DTEND;VALUE=DATE:20260427"], date(2026, 4, 26), None),
        (
            ["DTSTART;VALUE=DATE:20260311", "DTEND;VALUE=DATE:20260323"],
            date(2026, 3, 11),
            date(2026, 3, 22),
        ),
        (["DTSTART:20260425T220000Z", "DTEND:20260426T220000Z"], date(2026, 4, 26), None),
        (["DTSTART;TZID=Europe/Amsterdam:20260426T233000"], date(2026, 4, 26), None),
        (["DTSTART:20260426T220000", "DURATION:P1D"], date(2026, 4, 26), date(2026, 4, 27)),
    ],
)
def test_the_dates_of_an_event(lines: list[str], first: date, last: date | None) -> None:
    assert dates(event(*lines)) == [("A", first, last)]


def test_events_that_come_back_and_that_were_cancelled() -> None:
    at = "DTSTART;VALUE=DATE:20260906"
    (yearly,) = read(event(at, "RRULE:FREQ=YEARLY"), ZONE)
    assert yearly.yearly == date(2026, 9, 6)
    (by_rule,) = read(event(at, "RRULE:BYMONTH=9;BYDAY=1SU;FREQ=YEARLY;WKST=MO"), ZONE)
    assert by_rule.rule == "FREQ=YEARLY;BYDAY=1SU;BYMONTH=9"
    assert mistakes(event(at, "STATUS:CANCELLED")) == [(0, "There is no day in this file.")]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["DTSTART:yesterday"],
        ["DTSTART;VALUE=DATE:20260426", "DTEND:20260427T000000Z"],
        ["DTSTART;VALUE=DATE:20260426", "DURATION:P99999999999D"],
        ["DTSTART;VALUE=DATE:20260426", "RRULE:FREQ=SECONDLY;COUNT=999999999"],
        ["DTSTART;VALUE=DATE:20260426", "RRULE:FREQ=YEARLY;BYHOUR=1,2;BYSECOND=3"],
        ["DTSTART;VALUE=DATE:20260426", "RRULE:FREQ=YEARLY;UNTIL=99991231"],
        ["DTSTART;VALUE=DATE:20260426", "RRULE:FREQ=YEARLY", "RRULE:FREQ=DAILY"],
        ["DTSTART;VALUE=DATE:20260426", "RRULE:nonsense"],
        ["DTSTART;VALUE=DATE:20260426", "RRULE:FREQ=YEARLY", "RDATE;VALUE=DATE:20260501"],
        ["DTSTART;VALUE=DATE:20260426", "DTEND;VALUE=DATE:20260429", "RRULE:FREQ=YEARLY"],
        ["DTSTART;VALUE=DATE:19260426"],
    ],
)
def test_an_event_that_cannot_be_a_special_day(lines: list[str]) -> None:
    assert [row for row, _ in mistakes(event(*lines))] == [1]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x81\x8d\x8f",
        b"PK\x03\x04 a workbook",
        b"a" * 1_000_001,
        b"naam;datum\nA\0;1-1-2026",
        b'naam;datum\n"A;1-1-2026',
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000,
        b"BEGIN:VCALENDAR\r\nX" + b";X=Y" * 10_000,
        b"naam;datum\n" + b"A;1-1-2026\n" * 20_001,
    ],
    ids=range(9),
)
def test_a_file_that_is_no_such_file(content: bytes) -> None:
    assert mistakes(content)


NAMES = (
    "DTSTART;VALUE=DATE",
    "DTSTART;TZID=X/Y",
    "DTSTART;VALUE=TIME",
    "DTSTART;VALUE=PERIOD",
    "DTEND",
    "DTEND;VALUE=DATE",
    'DTEND;TZID="../etc"',
    "DURATION",
    "RRULE",
    "UID",
    "SUMMARY",
    "STATUS",
    "EXDATE",
    "BEGIN",
    "END",
    "X-A",
)
VALUES = (
    "20260426",
    "20260427T100000Z",
    "20260428T100000",
    "99991231T235959Z",
    "00000000",
    "P1D",
    "-P9999999999W",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYDAY=",
    "FREQ=YEARLY;BYEASTER=1",
    "100000",
    "20260426T100000/PT1H",
    "VALARM",
    "VEVENT",
    "CANCELLED",
    "",
)
odd_lines = some.builds("{}:{}".format, some.sampled_from(NAMES), some.sampled_from(VALUES))


@settings(deadline=None)  # other tests run beside it
@given(some.lists(odd_lines, max_size=3))
def test_no_event_breaks_it(lines: list[str]) -> None:
    for known in (["DTSTART;VALUE=DATE:20260426"], ["DTSTART:20260426T100000"], []):
        with suppress(RowMistakes):
            read(event(*known, *lines), ZONE)


@settings(deadline=None)  # other tests run beside it
@given(some.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    beginnings = (b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"naam;datum\r\n")
    for beginning in beginnings:
        with suppress(RowMistakes):
            read(beginning + content, ZONE)
