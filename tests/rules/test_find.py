"""What a person types to find a post."""

from datetime import date

import pytest

from bot.rules.find import LONGEST, is_called, search_for
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.refusals import Refusal


def test_words_are_compared_without_case_and_accents() -> None:
    assert search_for("Café  BOEK-tip").words == ("cafe", "boek", "tip")


@pytest.mark.parametrize(
    "typed",
    [
        "games state:approved platform:telegram since:2026-03-01 until:2026-03-31",
        "status:goedgekeurd games Platform:telegram vanaf:1-3-2026 tot: 31/3/2026",
        'games platform:"telegram" status: approved since:2026-03-01 tot:31.3.2026',
    ],
)
def test_filters_are_understood_in_both_languages(typed: str) -> None:
    search = search_for(typed)
    assert search.words == ("games",)
    assert search.states == {PlacementStatus.APPROVED}
    assert search.platform == "telegram"
    assert (search.since, search.until) == (date(2026, 3, 1), date(2026, 3, 31))


def test_an_address_is_no_filter() -> None:
    assert "example" in search_for("https://example.org").words


def test_what_waits_for_a_follower_can_be_found() -> None:
    assert search_for("state:follower").states == {PostStatus.AWAITING_FOLLOWER}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Which post"),
        ("!?", "Which post"),
        ("state:great", "I know no state"),
        ("since:yesterday", "no day"),
        ("until:31-02-2026", "no day"),
        ("x" * (LONGEST + 1), "a lot"),
    ],
)
def test_what_is_not_understood_is_refused_with_an_example(typed: str, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        search_for(typed)


def test_a_platform_is_meant_by_its_key_or_the_beginning_of_its_name() -> None:
    assert is_called("telegram", "Ons Telegramkanaal", "telegram")
    assert is_called("telegram", "Ons Telegramkanaal", "ons")
    assert not is_called("telegram", "Ons Telegramkanaal", "instagram")
