"""The calendar over the wire: parts of it, leafing, how evenly it is filled, its picture."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.actions import calendar
from bot.actions.transaction import Desk
from bot.sandbox.slack import Person
from tests.handlers.slack_kit import FRIDAY, House, house


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        await calendar.make_occurrences(made.desk)
        yield made


def shown(person: Person) -> str:
    return person.ephemerals[-1].seen_by(person)


async def test_the_coming_weeks_have_posts_and_empty_moments(slack: House) -> None:
    await slack.proposed()
    await slack.anna.command("/social calendar")
    seen = shown(slack.anna)
    assert "⏳ 15:00 Telegram: New in the library: 40 board games · waiting for a decision" in seen
    assert "▫️ 10:00 Telegram: Book tip · nothing planned yet" in seen


async def test_next_month_of_one_platform(slack: House) -> None:
    await slack.proposed()
    await slack.proposed(Text="In April", Date_and_time=FRIDAY + timedelta(weeks=5))
    await slack.proposed(
        Text="For the eye", Platforms=["Instagram"], Date_and_time=FRIDAY + timedelta(weeks=5)
    )
    await slack.anna.command("/social calendar next month Telegram")
    seen = shown(slack.anna)
    assert "April 2026" in seen
    assert "In April" in seen
    assert "board games" not in seen
    assert "For the eye" not in seen


async def test_leafing_back_and_forth(slack: House) -> None:
    await slack.proposed()
    await slack.anna.command("/social calendar this week")
    assert "board games" in shown(slack.anna)
    await slack.anna.press(slack.anna.ephemerals[-1], "Later ›")
    assert "board games" not in shown(slack.anna)
    assert "The week of Monday 9 March till Sunday 15 March" in shown(slack.anna)
    await slack.anna.press(slack.anna.ephemerals[-1], "‹ Earlier")
    assert "board games" in shown(slack.anna)


async def test_how_evenly_and_in_which_mix(slack: House) -> None:
    for day in (0, 7, 14):
        await slack.proposed(Text=f"Post {day}", Date_and_time=FRIDAY + timedelta(days=day))
    await slack.anna.command("/social calendar 2026-03")
    seen = shown(slack.anna)
    assert "Telegram: 3 posts of the 13.3 that we promise · evenness 68" in seen
    assert "nothing from 1 March till 5 March" in seen
    assert "Information: 3 of 3, we want 60%" in seen
    assert "Instagram: 0 posts of the 8.9 that we promise" in seen


async def test_a_platform_that_is_not_there(slack: House) -> None:
    answer = await slack.anna.command("/social calendar myspace")
    assert answer is not None
    assert "There is no platform myspace" in answer


async def test_many_days_are_leafed_through(slack: House) -> None:
    for day in range(20):
        await slack.proposed(Text=f"Post {day}", Date_and_time=FRIDAY + timedelta(days=day))
    await slack.anna.command("/social calendar")
    assert "Post 13" in shown(slack.anna)
    assert "Post 19" not in shown(slack.anna)
    await slack.anna.press(slack.anna.ephemerals[-1], "Show more")
    assert "Post 19" in shown(slack.anna)
    assert "Post 13" not in shown(slack.anna)
    await slack.anna.press(slack.anna.ephemerals[-1], "Show the previous")
    assert "Post 13" in shown(slack.anna)


async def test_the_picture_of_the_month_comes_with_its_words(slack: House) -> None:
    await slack.proposed()
    await slack.nora.command("/social calendar")
    await slack.nora.press(slack.nora.ephemerals[-1], "Afbeelding van de maand")
    message = await slack.nora.sees("De kalender van maart 2026. Telegram: 6 momenten")
    (picture,) = [block for block in message.blocks if block["type"] == "image"]
    file = slack.slack.space.files[picture["slack_file"]["id"]]
    assert Image.open(BytesIO(file.content)).width == 1080
    assert picture["alt_text"].startswith("De kalender van maart 2026")
