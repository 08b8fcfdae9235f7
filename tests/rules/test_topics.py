"""Sensitive words: whole, and however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.topics import found_in, words_of


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The war is near", "war"),
        ("WAR!", "war"),
        ("(war)", "War"),
        ("de coördinatie", "coordinatie"),
        ("de coordinatie", "coördinatie"),
        ("geïntegreerd", "GEÏNTEGREERD"),
        ("*war* and _war_", "war"),
        ("wa\u00adr", "war"),  # a hyphen that nobody sees
        ("w\u200bar", "war"),
        ("ｗａｒ", "war"),
        ("about gender\nidentity", "gender  identity"),
        ("Straße", "STRASSE"),
        ("anti-war", "war"),
    ],
)
def test_is_found(text: str, word: str) -> None:
    assert found_in(text, ["other", word]) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The award, warm", "war"),
        ("identity gender", "gender identity"),
        ("", "war"),
        ("gender", "gender identity"),
    ],
)
def test_is_not_found(text: str, word: str) -> None:
    assert found_in(text, [word]) is None


@given(st.text(), st.text(), st.text())
def test_a_word_is_found_wherever_it_stands(before: str, word: str, after: str) -> None:
    if words_of(word):
        assert found_in(f"{before} {word} {after}", [word]) == word
