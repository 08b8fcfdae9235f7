"""The picture of the month: every entry stands in its day, in its platform's colour."""

from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.rules.periods import month_of
from bot.rules.spread import Period
from bot.texts import LANGUAGES, texts_in
from handlers.pictures.canvas import PAPER, Box, colour_of, drawable
from handlers.pictures.month import CHIPS_A_DAY, WIDTH, Chip, Look, Month, draw, lay_out

NAMES = ("Telegram", "Instagram", "Facebook", "Newsletter")
MARCH = month_of(date(2027, 3, 1))


def chip(day: int, hour: int = 10, platform: int = 0, look: Look = Look.SURE) -> Chip:
    return Chip(datetime.combine(date(2027, 3, day), time(hour)), platform, look)


def march(*chips: Chip) -> Month:
    return Month(MARCH, chips, NAMES)


def is_within(inner: Box, outer: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.left + inner.width <= outer.left + outer.width
        and inner.top + inner.height <= outer.top + outer.height
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_its_platforms_colour_in_its_day(language: str) -> None:
    month = march(
        chip(1), chip(1, 15, platform=1), chip(17, platform=2, look=Look.OPEN),
        chip(31, platform=3), chip(31, 9, look=Look.FREE),
    )  # fmt: skip
    image = Image.open(BytesIO(draw(month, texts_in(language)).png)).convert("RGB")
    plan = lay_out(month)
    assert image.size == (WIDTH, plan.height)
    assert len(plan.chips) == len(month.chips)
    for placed in plan.chips:
        box = placed.box
        assert is_within(box, plan.days[placed.chip.at.date()])
        inside = (int(box.left + 12), int(box.top + box.height / 2))
        colour = colour_of(placed.chip.platform)
        filled = colour if placed.chip.look is Look.SURE else PAPER
        assert image.getpixel(inside) == ImageColor.getrgb(filled)
        if placed.chip.look is not Look.FREE:  # whose border has holes
            border = (int(box.left), int(box.top + box.height / 2))
            assert near(image.getpixel(border), ImageColor.getrgb(colour))


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    """A border's edge is mixed with what lies beside it."""
    assert isinstance(pixel, tuple)
    return all(abs(int(one) - other) < 90 for one, other in zip(pixel, colour, strict=True))


def test_what_has_no_room_is_counted() -> None:
    plan = lay_out(march(*(chip(9, hour) for hour in range(8, 16))))
    assert len(plan.chips) == CHIPS_A_DAY
    assert plan.more == {date(2027, 3, 9): 8 - CHIPS_A_DAY}
    assert [p.chip.at.hour for p in plan.chips] == [8, 9, 10, 11, 12]  # the earliest


def test_in_words() -> None:
    t = texts_in("en")
    month = march(chip(1), chip(2), chip(3, platform=1, look=Look.OPEN), chip(4, look=Look.FREE))
    assert draw(month, t).alt == (
        "The calendar of March 2027. Telegram: 3 entries and Instagram: one entry. "
        "Not approved yet: 1. Fixed moments without a post: 1."
    )
    assert draw(march(), t).alt == "The calendar of March 2027: nothing is planned."


@settings(max_examples=30, deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.lists(st.tuples(st.integers(0, 27), st.integers(0, 3), st.sampled_from(Look)), max_size=60),
)
def test_nothing_lies_over_anything_else(day: date, entries: list[tuple[int, int, Look]]) -> None:
    period = month_of(day)
    first = datetime.combine(period.first, time())
    chips = [Chip(first + timedelta(days=n), platform, look) for n, platform, look in entries]
    plan = lay_out(Month(period, chips, NAMES, [(Period(day, day), "A day")]))
    assert set(plan.days) == {period.first + timedelta(days=n) for n in range(period.days)}
    assert len(plan.chips) + sum(plan.more.values()) == len(chips)
    boxes = [(placed.box.left, placed.box.top) for placed in plan.chips]
    assert len(set(boxes)) == len(boxes)
    for placed in plan.chips:
        assert is_within(placed.box, plan.days[placed.chip.at.date()])


def test_what_the_font_cannot_draw_is_left_out() -> None:
    assert drawable("Instagram 📷 café €") == "Instagram café €"
