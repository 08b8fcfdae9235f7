"""A strategy, written: it reads as the very same."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import bot.sandbox
from bot.rules.lengths import Counting
from bot.rules.strategy import HouseRule, Statement, Strategy, read
from bot.rules.strategy_text import write

EXAMPLES = Path(bot.sandbox.__file__).parent / "strategy"


def example(language: str = "en") -> Strategy:
    return read((EXAMPLES / f"leestafel.{language}.toml").read_text())


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_examples_come_back_as_they_are(language: str) -> None:
    strategy = example(language)
    assert read(write(strategy)) == strategy
    assert write(read(write(strategy))) == write(strategy)


sentences = some.text(
    alphabet=some.characters(exclude_categories=["Cs"]), min_size=1, max_size=80
).filter(lambda text: text == text.strip() and text != "")


@given(sentences)
def test_any_text_comes_back(text: str) -> None:
    strategy = replace(example(), house_rules=(HouseRule(text),))
    assert read(write(strategy)).house_rules == (HouseRule(text),)


@pytest.mark.parametrize("counting", Counting)
def test_what_a_platform_counts_comes_back(counting: Counting) -> None:
    by_hand = replace(example().platforms[1], count=counting)
    strategy = replace(example(), platforms=(example().platforms[0], by_hand))
    strategy = replace(strategy, slots=(), goals=())
    assert read(write(strategy)) == strategy
    assert (f'count = "{counting}"' in write(strategy)) == (counting is not Counting.CHARACTERS)


def test_dates_and_what_is_usual() -> None:
    statement = Statement("hours", "Hours", 'Open\n"till" 5', "U01OWNER", date(2027, 1, 31))
    closes = datetime.fromisoformat("2027-01-31T18:30:00")
    call = replace(example().calls[0], closes=closes)
    strategy = replace(example(), statements=(statement,), calls=(call,))
    text = write(strategy)
    assert "valid_until = 2027-01-31" in text
    assert "closes = 2027-01-31T18:30:00" in text
    assert "own_proposals" not in text
    assert read(text) == strategy
