"""Texts that are nearly the same, among those that a library writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules import likeness
from bot.rules.likeness import FEWEST, wording
from bot.rules.topics import folded


def nearly_the_same(folded_text: str, other: str) -> bool:
    return likeness.nearly_the_same(wording(folded_text), wording(other))


READING_ALOUD = """Op zaterdag 7 maart lezen we voor in de bibliotheek aan de Markt. Kinderen van
4 tot 7 jaar luisteren naar verhalen over draken en ridders, en knutselen daarna een schild.
Begin: 10:30 uur. Meedoen is gratis, aanmelden via de website. Tot zaterdag! #voorlezen"""

COFFEE = """Join us on Monday 2 March at 10:00 for coffee and books: bring what you read last, and
hear what others loved. Everybody is welcome, also without a membership. Coffee is on us."""

CLOSING = """
Leen het boek bij ons, of reserveer het via leestafel.nl. Elke maandag een nieuwe boekentip!
#boekentip #lezen #bibliotheek"""

RIJNEVELD = (
    "Boekentip: «De avond is ongemak» van Marieke Lucas Rijneveld. Een gezin op een boerderij "
    "raakt uit elkaar nadat een zoon door het ijs is gezakt. Rauw, en prachtig geschreven."
    + CLOSING
)
MULTATULI = (
    "Boekentip: «Max Havelaar» van Multatuli. Hoe een ambtenaar in Indië het opnam voor de "
    "Javanen, en wat een makelaar in koffie daarvan vond. Nog altijd fel en geestig." + CLOSING
)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (READING_ALOUD, READING_ALOUD),
        (READING_ALOUD, READING_ALOUD.upper().replace("!", " 🎉")),
        (READING_ALOUD, READING_ALOUD.replace("zaterdag 7 maart", "zaterdag 14 maart")),
        (
            READING_ALOUD,
            READING_ALOUD.replace("zaterdag 7 maart", "woensdag 1 april")
            .replace("Tot zaterdag", "Tot woensdag")
            .replace("10:30", "14:00"),
        ),
        (COFFEE, COFFEE.replace("Monday 2 March at 10:00", "Friday 3 April at 15:30")),
        (RIJNEVELD, RIJNEVELD.replace("prachtig geschreven", "heel mooi")),
        (RIJNEVELD, RIJNEVELD.replace("#boekentip #lezen #bibliotheek", "")),
        ("Goedemorgen!", "goedemorgen"),
    ],
)
def test_is_nearly_the_same(text: str, other: str) -> None:
    assert nearly_the_same(folded(text), folded(other))
    assert nearly_the_same(folded(other), folded(text))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (RIJNEVELD, MULTATULI),
        (
            "Boekentip van de week: «Max Havelaar» van Multatuli." + CLOSING,
            "Boekentip van de week: «Pluk van de Petteflet» van Annie M.G. Schmidt." + CLOSING,
        ),
        (READING_ALOUD, COFFEE),
        ("Vandaag open tot 17 uur", "Vandaag open tot 21 uur"),
        ("Goedemorgen!", "Goedenavond!"),
        ("Nieuw: een boek", "Nieuw: een film"),
        ("Tomorrow we are closed all day", "Tomorrow we are open all day"),
        ("", ""),
        ("🎉", "📚"),
        ("", READING_ALOUD),
    ],
)
def test_is_another_text(text: str, other: str) -> None:
    assert not nearly_the_same(folded(text), folded(other))
    assert not nearly_the_same(folded(other), folded(text))


words = some.lists(some.sampled_from(["een", "boek", "lezen", "kind", "7", "markt"]), max_size=30)


@given(words, words)
def test_it_does_not_matter_which_was_first(first: list[str], second: list[str]) -> None:
    one, other = " ".join(first), " ".join(second)
    assert nearly_the_same(one, other) == nearly_the_same(other, one)


@given(words)
def test_every_text_is_nearly_the_same_as_itself(found: list[str]) -> None:
    text = " ".join(found)
    assert nearly_the_same(text, text) == bool(found)


@given(words, words)
def test_short_texts_are_never_taken_for_each_other(first: list[str], second: list[str]) -> None:
    short, other = " ".join(first[: FEWEST - 1]), " ".join(second)
    assert nearly_the_same(short, other) == (short == other != "")


@given(words.filter(lambda found: len(found) >= 20), some.integers(0, 19))
def test_one_other_word_in_many_changes_little(found: list[str], place: int) -> None:
    changed = [*found[:place], "another", *found[place + 1 :]]
    assert nearly_the_same(" ".join(found), " ".join(changed))
