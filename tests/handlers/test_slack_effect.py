"""How the effect of a post reads, in the form and on a card."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.actions.effect import (
    AlikeView,
    EffectView,
    GoalView,
    Neighbour,
    PlatformEffect,
    ShareView,
)
from bot.actions.views import CalendarEntry
from bot.rules.effect import Share
from bot.rules.posts import PostStatus
from bot.texts import texts_in
from handlers.slack.blocks import Block
from handlers.slack.effect import effect_blocks, effect_lines

ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
EN, NL = texts_in("en"), texts_in("nl")

NOTHING = EffectView(None, date(2026, 3, 1), (), (), None, None, ())
TELEGRAM = PlatformEffect(
    "telegram",
    "Telegram",
    4098,
    4096,
    (Neighbour("Read *this* & <that>", MONDAY + timedelta(minutes=30)),),
    CalendarEntry(MONDAY + timedelta(weeks=1), "Telegram", "Book tip", None),
)
FULL = EffectView(
    planned_at=MONDAY,
    month=date(2026, 3, 1),
    platforms=(TELEGRAM, PlatformEffect("x", "X", 12, 280, (), None)),
    alike=(AlikeView("A tip", ("Telegram", "Instagram"), MONDAY, PostStatus.PUBLISHED),),
    pillar=ShareView("Promotion", Share(4, 9, 0.2), 4),
    target_group=ShareView("Parents", Share(1, 3), 1),
    goals=(GoalView("More followers", "followers", 1500, date(2027, 12, 31)),),
)


def lines(blocks: list[Block]) -> list[list[str]]:
    """As a person reads them; all of it is plain text."""
    found = []
    for block in blocks:
        text = block["text"] if block["type"] == "section" else block["elements"][0]
        assert text["type"] == "plain_text"
        assert text["emoji"] is False
        found.append(text["text"].split("\n"))
    return found


def test_in_the_form_warnings_come_first() -> None:
    assert lines(effect_blocks(FULL, EN, ZONE)) == [
        [
            "⚠️ 2 characters too long for Telegram, which takes 4,096.",
            "⚠️ Telegram has another post at 10:30: “Read *this* & <that>”",
            "⚠️ Another post says nearly the same: “A tip” "
            "(Telegram and Instagram, Monday 9 March, 10:00, published)",
        ],
        [
            "⚖️ Promotion: 4 of 9 posts in March (44%), more than the 20% that we want"
            " · the 4th in 7 days",
            "👥 Parents: 1 of 3 posts in March",
            "🎯 More followers (followers: 1,500 by Friday 31 December 2027)",
        ],
        [
            "📏 Characters: Telegram 4,098 of 4,096 · X 12 of 280",
            "🗓️ The next free moment on Telegram: Monday 16 March, 10:00 (Book tip)",
        ],
    ]


def test_a_large_number_is_written_as_a_number() -> None:
    long = replace(NOTHING, platforms=(replace(TELEGRAM, length=6000, neighbours=()),))
    assert lines(effect_blocks(long, EN, ZONE))[0] == [
        "⚠️ 1,904 characters too long for Telegram, which takes 4,096."
    ]


def test_in_dutch() -> None:
    assert lines(effect_blocks(FULL, NL, ZONE)) == [
        [
            "⚠️ 2 tekens te lang voor Telegram: daar passen er 4.096.",
            "⚠️ Op Telegram staat al een bericht om 10:30: “Read *this* & <that>”",
            "⚠️ Een ander bericht zegt bijna hetzelfde: “A tip” "
            "(Telegram en Instagram, maandag 9 maart, 10:00, geplaatst)",
        ],
        [
            "⚖️ Promotion: 4 van de 9 berichten in maart (44%), meer dan de 20% die we willen"
            " · het 4e in 7 dagen",
            "👥 Parents: 1 van de 3 berichten in maart",
            "🎯 More followers (followers: 1.500 op vrijdag 31 december 2027)",
        ],
        [
            "📏 Tekens: Telegram 4.098 van 4.096 · X 12 van 280",
            "🗓️ Het volgende vrije moment op Telegram: maandag 16 maart, 10:00 (Book tip)",
        ],
    ]


def test_a_card_has_the_warnings_and_the_strategy() -> None:
    assert lines(effect_lines(FULL, EN, ZONE)) == lines(effect_blocks(FULL, EN, ZONE))[:2]


def test_nothing_to_say_is_nothing() -> None:
    assert effect_blocks(NOTHING, EN, ZONE) == []
    assert effect_lines(NOTHING, EN, ZONE) == []


def test_a_post_at_the_free_moment_needs_no_other_one() -> None:
    at_it = replace(FULL, planned_at=MONDAY + timedelta(weeks=1))
    assert "free moment" not in str(effect_blocks(at_it, EN, ZONE))
    undated = replace(NOTHING, platforms=(replace(TELEGRAM, length=1, neighbours=()),))
    assert "Monday 16 March, 10:00" in str(effect_blocks(undated, EN, ZONE))


def share_line(share: Share, in_a_week: int = 1) -> str:
    effect = replace(NOTHING, pillar=ShareView("Stories", share, in_a_week))
    return lines(effect_lines(effect, EN, ZONE))[0][0]


def test_shares_read_as_one_would_say_them() -> None:
    assert (
        share_line(Share(1, 1, 0.4))
        == "⚖️ Stories: the first post in March, we want 40% of all posts"
    )
    assert share_line(Share(2, 3, 0.4), 2) == (
        "⚖️ Stories: 2 of 3 posts in March, we want 40% of all posts · the 2nd in 7 days"
    )
    assert share_line(Share(2, 5, 0.4)) == (
        "⚖️ Stories: 2 of 5 posts in March (40%), close to the 40% that we want"
    )
    assert share_line(Share(1, 10, 0.4)) == (
        "⚖️ Stories: 1 of 10 posts in March (10%), less than the 40% that we want"
    )


def test_of_much_that_is_alike_the_latest_are_named() -> None:
    effect = replace(NOTHING, alike=FULL.alike * 9)
    (warnings,) = lines(effect_lines(effect, EN, ZONE))
    assert (len(warnings), warnings[-1]) == (3, "And 7 more.")
