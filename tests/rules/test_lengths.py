"""Lengths, as each platform counts them: by example and by property."""

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules.lengths import Counting, length

C = Counting
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
LINK = "https://www.leestafel.example/agenda/voorlezen?dag=zaterdag"

counted = some.sampled_from(list(Counting))
texts = some.text(
    some.one_of(
        some.sampled_from("ab é\u0301👍🏽\u200d👩🇳🇱1\ufe0f\u20e3©@.:/#\n世"),
        some.characters(exclude_categories=["Cs"], exclude_characters="\r"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "characters", "utf_16", "graphemes", "mastodon", "x"),
    [
        ("", 0, 0, 0, 0, 0),
        ("Een boek", 8, 8, 8, 8, 8),
        ("cafe\u0301", 5, 5, 4, 4, 4),
        ("🎉", 1, 2, 1, 1, 2),
        (FAMILY, 7, 11, 1, 1, 2),
        ("👍🏽", 2, 4, 1, 1, 2),
        ("🇳🇱", 2, 4, 1, 1, 2),
        ("1\ufe0f\u20e3", 3, 3, 1, 1, 2),
        ("☺", 1, 1, 1, 1, 2),
        ("☺\ufe0f", 2, 2, 1, 1, 2),
        ("©", 1, 1, 1, 1, 1),
        ("“Ja”…", 5, 5, 5, 5, 6),  # the three dots in one weigh 2
        ("世界", 2, 2, 2, 2, 4),
        (f"Kijk op {LINK}.", 68, 68, 68, 32, 32),
        (f"({LINK})", 61, 61, 61, 25, 25),
        ("HTTP://A.NL", 11, 11, 11, 23, 23),
        ("Lees leestafel.nl/tip!", 22, 22, 22, 22, 29),
        ("Lees meer.nlers", 15, 15, 15, 15, 15),
        ("bieb@leestafel.nl", 17, 17, 17, 17, 17),
        ("@bieb@mastodon.example, dank!", 29, 29, 29, 12, 29),
        ("@bieb, dank!", 12, 12, 12, 12, 12),
    ],
)
def test_each_counts_in_its_own_way(
    text: str, characters: int, utf_16: int, graphemes: int, mastodon: int, x: int
) -> None:
    found = {counting: length(text, counting) for counting in Counting}
    assert found == {
        C.CHARACTERS: characters,
        C.UTF_16: utf_16,
        C.GRAPHEMES: graphemes,
        C.MASTODON: mastodon,
        C.X: x,
    }


def test_x_takes_so_many() -> None:
    """Texts of the tests that come with X's own rules."""
    assert length("Test https://test.com test https://test.com test.com test", C.X) == 86
    assert length("A lié géts halfway arøünd thé wørld", C.X) == 35
    assert length("の" * 140, C.X) == 280
    assert length("\U0001f431" * 140, C.X) == 280
    assert length("저찀쯿쿿", C.X) == 8


@given(some.text(ascii_letters + digits + " \n!?,'\"()-"), counted)
def test_plain_letters_are_the_same_everywhere(text: str, counting: Counting) -> None:
    assert length(text, counting) == len(text)


@given(texts, texts, counted)
def test_lines_add_up(first: str, second: str, counting: Counting) -> None:
    together = length(f"{first}\n{second}", counting)
    assert together == length(first, counting) + 1 + length(second, counting)


@given(texts, counted)
def test_only_nothing_is_of_no_length(text: str, counting: Counting) -> None:
    assert (length(text, counting) == 0) == (text == "")


@given(texts)
def test_one_that_a_person_sees_is_one_code_point_at_least(text: str) -> None:
    assert length(text, C.GRAPHEMES) <= length(text, C.CHARACTERS) <= length(text, C.UTF_16)


@given(some.from_regex(r"https://[a-z]{1,30}\.nl/[a-z0-9/]{0,80}[a-z]", fullmatch=True))
def test_a_link_is_23_however_long(link: str) -> None:
    assert length(link, C.X) == length(link, C.MASTODON) == 23
    assert length(link, C.CHARACTERS) == len(link)
