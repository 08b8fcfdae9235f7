"""Every sentence exists in Dutch, with the same blanks to fill in."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.texts import LOCALES, language_from, texts_in

ROOT = Path(__file__).parent.parent
KEYWORDS = {
    "t": None,
    "n": (1, 2),
    "N_": None,
    "Refusal": None,
    "NotThere": None,
    "Phrase": None,
    "Mistake": (2,),
}
"""How the code marks a sentence; `make texts` uses the same."""

PLACEHOLDER = re.compile(r"{\w*}")


def sentences() -> set[str | tuple[str, ...]]:
    """All that the code marks."""
    return {
        message
        for folder in ("bot", "handlers")
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS)
        if message
    }


def dutch() -> Catalog:
    with (LOCALES / "nl" / "LC_MESSAGES" / "samenspraak.po").open("rb") as file:
        return read_po(file, locale="nl")


def texts_of(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or ())


def messages() -> list[Message]:
    return [message for message in dutch() if message.id]


def test_every_sentence_exists_in_dutch() -> None:
    known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in messages()}
    singulars = {texts_of(id)[0] for id in known}
    assert {s for s in sentences() if texts_of(s)[0] not in singulars} == set()


def test_no_sentence_is_left_over_or_unsure() -> None:
    used = {texts_of(sentence)[0] for sentence in sentences()}
    assert {m.id for m in messages() if texts_of(m.id)[0] not in used} == set()
    assert [m.id for m in messages() if m.fuzzy or not all(texts_of(m.string))] == []


def test_the_blanks_are_the_same() -> None:
    for message in messages():
        blanks = set(PLACEHOLDER.findall(texts_of(message.id)[-1]))
        for translation in texts_of(message.string):
            assert set(PLACEHOLDER.findall(translation)) <= blanks, message.id
        assert set(PLACEHOLDER.findall(texts_of(message.string)[-1])) == blanks, message.id


LABELS = """
Propose a post / Bericht voorstellen, Approve / Goedkeuren, Request changes / Wijzigingen vragen,
Reject / Afwijzen, Edit / Bewerken, Withdraw / Intrekken, Posted / Geplaatst, Snooze / Later,
Accept / Aannemen, Ask / Vragen, Decline / Afwijzen, Close now / Nu sluiten, Text / Tekst,
Platforms / Platforms, Pillar / Rubriek, Target group / Doelgroep, Date and time / Datum en tijd,
Why / Waarom, Images / Afbeeldingen, Question / Vraag, Options / Antwoorden, Where / Waar,
Closes / Sluit, Reason / Reden, Link / Link, Keep me posted / Houd me op de hoogte, Done / Klaar,
Full name / Volledige naam, First name / Voornaam, Anonymous / Anoniem,
I am 16 or older / Ik ben 16 jaar of ouder, I am younger / Ik ben jonger, I agree / Akkoord,
Submit / Insturen, Cancel / Annuleren, Yes, publish / Ja, plaatsen,
Please change / Graag aanpassen
"""


@pytest.mark.parametrize(
    ("english", "translation"),
    [
        tuple(pair.strip().split(" / "))
        for pair in re.split(r",\s(?!publish|plaatsen)", " ".join(LABELS.split()))
    ],
)
def test_the_labels_are_the_agreed_ones(english: str, translation: str) -> None:
    assert texts_in("nl")(english) == translation
    assert english in {texts_of(sentence)[0] for sentence in sentences()}


@pytest.mark.parametrize(
    ("locale", "language"),
    [("nl-NL", "nl"), ("nl", "nl"), ("en_GB", "en"), ("fr", "en"), (None, "en"), ("", "en")],
)
def test_the_language_is_the_readers_own(locale: str | None, language: str) -> None:
    assert language_from(locale, "en") == language


@pytest.mark.parametrize(
    ("n", "english", "translation"),
    [(1, "1st", "1e"), (2, "2nd", "2e"), (3, "3rd", "3e"), (4, "4th", "4e"), (11, "11th", "11e")],
)
def test_which_in_a_row(n: int, english: str, translation: str) -> None:
    assert (texts_in("en").ordinal(n), texts_in("nl").ordinal(n)) == (english, translation)
