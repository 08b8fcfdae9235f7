"""Tables in and out of spreadsheets: every text comes back, and none of it is calculated."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.rules.refusals import Refusal
from bot.rules.tables import (
    RowMistakes,
    day_in,
    harmless,
    moment_in,
    read_table,
    text_of,
    unharmed,
    write_table,
)

COLUMNS = {"text": ("text", "tekst"), "more": ("more", "meer")}
texts = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(deadline=None)  # other tests run beside it
@given(some.lists(some.tuples(texts, texts), max_size=5), some.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read_as_it_was(rows: list[tuple[str, str]], separator: str) -> None:
    content = write_table(["tekst", "more"], rows, separator=separator)
    found = read_table(text_of(content), COLUMNS, required=["text"])
    full = [row for row in rows if row[0].strip() or row[1].strip()]
    assert [(row.cells["text"], row.cells["more"]) for row in found] == full


@settings(deadline=None)  # other tests run beside it
@given(texts)
def test_no_cell_is_a_formula_and_each_comes_back(cell: str) -> None:
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unharmed(harmless(cell)) == cell


def test_a_dutch_apostrophe_stays() -> None:
    assert unharmed("'t Is weer zover") == "'t Is weer zover"
    assert harmless("- a list") == "'- a list"


@given(some.dates(date(2000, 1, 1), date(2100, 12, 31)), some.sampled_from("-/."))
def test_dates_in_both_notations(day: date, mark: str) -> None:
    assert day_in(day.isoformat()) == day
    assert day_in(f"{day.day}{mark}{day.month}{mark}{day.year}") == day


def test_moments() -> None:
    assert moment_in(" 26-4-2026 9.30 ").isoformat() == "2026-04-26T09:30:00"
    assert moment_in("2026-04-26T09:30:00").isoformat() == "2026-04-26T09:30:00"
    for wrong in ("2026-04-26", "26-4-2026 24:00", "9:30", "26-4-2026 9:5", "x"):
        with pytest.raises(Refusal):
            moment_in(wrong)


def test_empty_rows_count_and_are_left_out() -> None:
    rows = read_table("text\r\n\r\na\r\n  \r\nb\r\n", COLUMNS, required=["text"])
    assert [(row.number, row.get("text")) for row in rows] == [(3, "a"), (5, "b")]
    with pytest.raises(RowMistakes):
        read_table("", COLUMNS, required=["text"])
