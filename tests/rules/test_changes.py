"""What changed in a text: nothing is lost, little is shown."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules.changes import LEFT_OUT, Kept, Piece, changed_words, surroundings

texts = some.text(alphabet="ab *_~<>&\n🎉é", max_size=60)


@given(texts, texts)
def test_both_texts_are_in_it_to_the_last_character(before: str, after: str) -> None:
    pieces = changed_words(before, after)
    if before == after:
        assert pieces == ()
        return
    assert "".join(p.text for p in pieces if p.kept is not Kept.NEW) == before
    assert "".join(p.text for p in pieces if p.kept is not Kept.GONE) == after


def test_it_is_told_word_by_word() -> None:
    assert changed_words("We open at nine today", "We open at ten today") == (
        Piece(Kept.SAME, "We open at "),
        Piece(Kept.GONE, "nine "),
        Piece(Kept.NEW, "ten "),
        Piece(Kept.SAME, "today"),
    )


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("on Monday", "on Monday, at nine", [("same", "on Monday"), ("new", ", at nine")]),
        (
            "So, you come",
            "So you come",
            [("same", "So"), ("gone", ","), ("same", " you come")],
        ),
        ("one book", "one books", [("same", "one "), ("gone", "book"), ("new", "books")]),
    ],
)
def test_a_comma_changes_no_word(before: str, after: str, kept: list[tuple[str, str]]) -> None:
    assert [(p.kept.value, p.text) for p in changed_words(before, after)] == kept


def test_of_a_long_text_only_the_changes_and_what_stands_around_them() -> None:
    words = [f"word{n} " for n in range(400)]
    shown = surroundings(
        changed_words("".join(words), "".join([*words[:200], "new ", *words[200:]]))
    )
    text = "".join(piece.text for piece in shown)
    assert text.startswith(LEFT_OUT + "word192 ")
    assert text.endswith("word207 " + LEFT_OUT)
    assert Piece(Kept.NEW, "new ") in shown


@given(texts, texts, some.integers(1, 40))
def test_it_is_never_longer_than_asked(before: str, after: str, most: int) -> None:
    shown = surroundings(changed_words(before, after), most)
    assert sum(len(piece.text) for piece in shown) <= most + len(LEFT_OUT) * 2


def test_the_longest_texts_take_no_time() -> None:
    before = "the cat sat on the mat and " * 190
    started = time.perf_counter()
    changed_words(before, before.replace("cat", "dog") + "so on")
    assert time.perf_counter() - started < 1
