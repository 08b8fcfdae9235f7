"""A rule reads as a person would say it, in both languages."""

from datetime import date, time

import pytest
from hypothesis import given, settings

from bot.rules.recurrence_words import in_words
from bot.texts import LANGUAGES, texts_in
from tests.rules.test_recurrence import rules

SINCE = date(2026, 3, 5)  # a Thursday


@pytest.mark.parametrize(
    ("rule", "english", "dutch"),
    [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20261231",
            "every second Thursday at 16:00, until 31 December 2026",
            "eens in de twee weken op donderdag om 16:00, tot en met 31 december 2026",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO;COUNT=10",
            "on the first Monday of the month at 16:00, 10 times",
            "op de eerste maandag van de maand om 16:00, 10 keer",
        ),
        ("FREQ=DAILY", "every day at 16:00", "elke dag om 16:00"),
        ("FREQ=DAILY;INTERVAL=2", "every second day at 16:00", "om de dag om 16:00"),
        ("FREQ=WEEKLY", "every Thursday at 16:00", "elke donderdag om 16:00"),
        (
            "FREQ=WEEKLY;BYDAY=FR,TH,WE,TU,MO",
            "every weekday at 16:00",
            "elke werkdag om 16:00",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;BYMONTH=3",
            "every second week on Thursday in March at 16:00",
            "eens in de twee weken op donderdag in maart om 16:00",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,MO;WKST=SU",
            "every 3 weeks on Monday and Sunday at 16:00 (its weeks begin on Sunday)",
            "eens in de 3 weken op maandag en zondag om 16:00 (de weken beginnen op zondag)",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,22,-1",
            "every second month, on the 1st, the 22nd and the last day of the month at 16:00",
            "eens in de twee maanden, op de 1e, de 22e en de laatste dag van de maand om 16:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "on the last weekday of the month at 16:00",
            "op de laatste werkdag van de maand om 16:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "on the 13th of the month, if that is a Friday, at 16:00",
            "op de 13e van de maand, als dat een vrijdag is, om 16:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=2FR,-1FR",
            "on the 13th of the month, if that is the second Friday or the last Friday of the "
            "month, at 16:00",
            "op de 13e van de maand, als dat de tweede vrijdag of de laatste vrijdag van de "
            "maand is, om 16:00",
        ),
        ("FREQ=YEARLY", "every year on 5 March at 16:00", "elk jaar op 5 maart om 16:00"),
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            "every Monday in week 20 of the year at 16:00",
            "elke maandag in week 20 van het jaar om 16:00",
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=-3;COUNT=1",
            "on the 3rd day from the end of the year at 16:00, once",
            "op de 3e dag vanaf het eind van het jaar om 16:00, één keer",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15;BYSETPOS=2",
            "on the 1st and the 15th of the month at 16:00, of these only the second in the month",
            "op de 1e en de 15e van de maand om 16:00, daarvan alleen de tweede van de maand",
        ),
    ],
)
def test_a_rule_in_words(rule: str, english: str, dutch: str) -> None:
    assert in_words(rule, time(16), SINCE, texts_in("en")) == english
    assert in_words(rule, time(16), SINCE, texts_in("nl")) == dutch


@settings(max_examples=200, deadline=None)
@given(rules())
def test_every_rule_has_words_in_every_language(rule: str) -> None:
    for language in LANGUAGES:
        words = in_words(rule, time(16), SINCE, texts_in(language))
        assert "16:00" in words
        assert "{" not in words
        assert "  " not in words
