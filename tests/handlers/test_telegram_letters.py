"""A text that is too long for one message."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.telegram.letters import pieces

LIMIT = 4096


@given(st.lists(st.text("ab \n", max_size=3000), max_size=6).map("".join))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str) -> None:
    parts = pieces(text)
    assert all(len(part) <= LIMIT for part in parts)
    assert "".join(parts).split() == text.split() or len(parts) > 1
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_what_fits_stays_whole() -> None:
    text = "x" * LIMIT
    assert pieces(text) == [text]
    assert pieces(text + "y") == [text, "y"]


def test_it_is_cut_where_a_line_ends() -> None:
    first, second = "a " * 1500, "b " * 1500
    assert pieces(first + "\n" + second) == [first, second]
