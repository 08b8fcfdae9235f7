"""Polls as a table: a line for each answer, in the reader's language."""

import csv
from io import StringIO

import pytest

from bot.rules import polls_file
from bot.rules.polls_file import COLUMNS, Line
from bot.rules.tables import moment_in

LINE = Line(
    poll=3, question="=What; do you, read?", opened=moment_in("2026-03-02 09:00"), closed=None,
    answer="Fantasy", right=True, channel=1, private=2, votes=3, share=0.745,
    channel_people=1, private_people=2, members=None, followers=40,
)  # fmt: skip


@pytest.mark.parametrize(("language", "separator", "yes"), [("en", ",", "yes"), ("nl", ";", "ja")])
def test_what_is_written_can_be_read(language: str, separator: str, yes: str) -> None:
    content = polls_file.write([LINE], language).decode("utf-8-sig")
    headings, cells = csv.reader(StringIO(content), delimiter=separator)
    assert headings == [names[language == "nl"] for names in COLUMNS.values()]
    assert cells == [
        "3", "'=What; do you, read?", "2026-03-02 09:00", "", "Fantasy", yes, "1", "2", "3", "74%",
        "1", "2", "", "40", "", "",
    ]  # fmt: skip
