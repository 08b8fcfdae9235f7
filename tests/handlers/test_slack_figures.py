"""Figures in Slack: asked for, filled in, corrected, put off; seen on cards and in the history."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from bot.actions import absences, figures, publishing, reminders
from bot.actions.transaction import Desk, Transaction, action
from bot.rules.posts import PlacementStatus
from bot.rules.refusals import Refusal
from bot.rules.working_hours import Hours, next_moment
from bot.sandbox.slack import Message
from storage.models import Measurement, Placement, Platform, Reminder
from tests.conftest import StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER
from tests.handlers.slack_kit import FRIDAY, REVIEW, House, house

ASKED = "has been out for some days. How did it do?"
ENTER = "Fill in the figures"
THREE_DAYS = timedelta(days=3)


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def posted(
    slack: House, clock: StandingClock, text: str = "New in the library: 40 board games"
) -> Message:
    """A post that Otto put on Instagram, on Friday; its card."""
    clock.now = FRIDAY - timedelta(days=1)
    card = await slack.proposed(Text=text, Platforms=["Instagram"])
    await slack.otto.press(card, "Approve")
    await slack.card("approved this")
    clock.now = FRIDAY
    await publishing.publish_due(slack.desk)
    task = await slack.slack.until(
        lambda: next(
            (
                message
                for message in slack.otto.direct_messages()
                if text in message.seen_by(slack.otto) and "Posted" in message.buttons()
            ),
            None,
        )
    )
    await slack.otto.press(task, "Posted")
    slug = text.replace(" ", "-")
    await slack.otto.submit({"Link": f"https://www.instagram.com/p/{slug}/"})
    return await slack.card("Instagram: published")


async def asked(slack: House, clock: StandingClock, words: str = ASKED) -> Message:
    """On the third working day after; what Otto reads."""
    clock.now = FRIDAY + timedelta(days=3)
    assert await reminders.send_due(slack.desk) >= 1
    return await slack.otto.sees(words)


async def measured(slack: House) -> list[tuple[str, int, str | None]]:
    rows = await slack.read(lambda s: list(s.exec(select(Measurement).order_by("id"))))
    return [(row.metric, row.value, row.by) for row in rows]


async def outcomes(slack: House) -> list[str | None]:
    return await slack.read(
        lambda s: [
            row.outcome
            for row in s.exec(select(Reminder).where(Reminder.kind == "figures").order_by("id"))
        ]
    )


async def test_who_posted_it_is_asked_once_and_everybody_sees_the_figures(
    slack: House, clock: StandingClock
) -> None:
    await posted(slack, clock)
    question = await asked(slack, clock)
    assert "New in the library" in question.seen_by(slack.otto)
    assert question.buttons() == [ENTER, "Not now", "No figures"]
    await slack.otto.press(question, ENTER)
    form = await slack.otto.sees_modal()
    assert form.labels() == ["Reach", "Likes", "Comments", "Times shared", "Clicks", "Saves"]
    assert await slack.otto.submit({"Reach": "1.812", "Likes": "40"}) is None
    seen = (await slack.card("Reach 1,812 · Likes 40")).seen_by(slack.nora)
    assert "📊 Instagram" in seen
    told = await slack.anna.sees("Your post reached 1,812 people on Instagram.")
    assert "Thank you for proposing it!" in told.seen_by(slack.anna)
    answered = await slack.otto.sees("✅ Reach 1,812 · Likes 40")
    assert answered.ts == question.ts
    assert answered.buttons() == []
    assert await measured(slack) == [("reach", 1812, OTHER_OWNER), ("likes", 40, OTHER_OWNER)]
    clock.move(timedelta(days=30))
    await reminders.send_due(slack.desk)
    assert len(await slack.notices("figures.ask")) == 1


async def test_a_mistake_stands_at_its_field_and_one_figure_is_needed(
    slack: House, clock: StandingClock
) -> None:
    card = await posted(slack, clock)
    await slack.otto.press(card, "Figures")
    wrong = await slack.otto.submit({"Reach": "lots", "Likes": "1.5"})
    assert wrong is not None
    assert "“lots” is no whole number" in wrong["Reach"]
    assert "“1.5” is no whole number" in wrong["Likes"]
    empty = await slack.otto.submit({"Reach": "", "Likes": ""})
    assert empty == {"Reach": "Fill in one figure at least. A 0 is a figure, too."}
    assert await slack.otto.submit({"Reach": "0"}) is None
    assert await measured(slack) == [("reach", 0, OTHER_OWNER)]
    await slack.anna.sees("The first figures of your post on Instagram are there.")


async def test_a_correction_replaces_visibly_and_erases_nothing(
    slack: House, clock: StandingClock
) -> None:
    card = await posted(slack, clock)
    await slack.otto.press(card, "Figures")
    await slack.otto.submit({"Reach": "800", "Likes": "40"})
    card = await slack.card("Reach 800 · Likes 40")
    clock.move(timedelta(hours=1))
    await slack.otto.press(card, "Figures")
    form = await slack.otto.sees_modal()
    assert "800" in form.seen_by(slack.otto)
    await slack.otto.submit({"Reach": "812", "Likes": ""})  # empty erases nothing
    card = await slack.card("Reach 812 · Likes 40")
    assert [row[:2] for row in await measured(slack)] == [
        ("reach", 800),
        ("likes", 40),
        ("reach", 812),
    ]
    assert len(await slack.notices("figures.first")) == 1
    await slack.anna.command("/social history board games", REVIEW)
    seen = (await slack.anna.sees_modal()).seen_by(slack.anna)
    assert "📊 Figures of Instagram · @Otto Smit" in seen
    assert "Reach 800 · Likes 40" in seen
    assert "Reach 812 (was 800)" in seen


async def test_two_who_correct_at_once_do_not_undo_each_other(
    slack: House, clock: StandingClock
) -> None:
    await posted(slack, clock)
    (placement_id,) = await slack.read(lambda s: list(s.exec(select(Placement.id))))
    assert placement_id is not None
    by_form = {"reach": "800", "likes": "40"}
    await figures.enter(slack.desk, OTHER_OWNER, placement_id, by_form, {})
    await figures.enter(slack.desk, OTHER_OWNER, placement_id, by_form, {})  # a double tap
    seen = {"reach": 800, "likes": 40}
    for corrected in ({"reach": "812", "likes": "40"}, {"reach": "800", "likes": "41"}):
        await figures.enter(slack.desk, OTHER_OWNER, placement_id, corrected, seen)
    (task,) = await figures.show(slack.desk, [placement_id])
    assert [figure.value for figure in task.placement.figures] == [812, 41]
    assert len(await measured(slack)) == 4


async def test_several_are_one_message_and_one_form_after_another(
    slack: House, clock: StandingClock
) -> None:
    for text in ("Games for all", "Books for some", "Coffee for none"):
        await posted(slack, clock, text)
    question = await asked(slack, clock, "3 posts have been out for some days. How did they do?")
    assert len(await slack.notices("figures.ask")) == 1
    await slack.otto.press(question, ENTER)
    for n, words in enumerate(("Games for all", "Books for some", "Coffee for none"), start=1):
        form = await slack.otto.sees_modal()
        assert words in form.seen_by(slack.otto)
        assert ("Then 2 more posts." in form.seen_by(slack.otto)) == (n == 1)
        assert ("Then one more post." in form.seen_by(slack.otto)) == (n == 2)
        if n < 3:
            assert await slack.otto.submit({"Reach": str(100 * n)}) is None
    await slack.otto.close()
    shown = await slack.otto.sees("✅ Reach 200")
    assert "✅ Reach 100" in shown.seen_by(slack.otto)
    assert shown.buttons() == [ENTER, "Not now", "No figures"]
    await slack.otto.press(shown, ENTER)  # what is left
    assert "Coffee for none" in (await slack.otto.sees_modal()).seen_by(slack.otto)
    await slack.otto.submit({"Reach": "300"})
    shown = await slack.otto.sees("✅ Reach 300")
    assert shown.buttons() == []


async def test_not_now_comes_back_twice_and_no_figures_never(
    slack: House, clock: StandingClock
) -> None:
    await posted(slack, clock)
    question = await asked(slack, clock)
    for time in (1, 2):
        await slack.otto.press(question, "Not now")
        await slack.otto.press(question, "Not now")  # a double tap
        put_off = await slack.otto.sees("I ask you again")
        assert put_off.buttons() == []
        clock.move(timedelta(days=1))
        assert await reminders.send_due(slack.desk) == 0
        clock.now = next_moment(clock.now + timedelta(days=4), Hours(slack.desk.zone))
        assert await reminders.send_due(slack.desk) == 1
        question = await slack.slack.until(
            lambda time=time: (  # type: ignore[misc]
                found[time]
                if len(found := _questions(slack)) > time and found[time].buttons()
                else None
            )
        )
    assert question.buttons() == [ENTER, "No figures"]
    await slack.otto.press(question, "No figures")
    told = await slack.otto.sees("I do not ask any more")
    assert told.buttons() == []
    clock.move(timedelta(days=60))
    assert await reminders.send_due(slack.desk) == 0
    assert await outcomes(slack) == ["sent"] * 3
    await slack.anna.command("/social history board games", REVIEW)
    seen = (await slack.anna.sees_modal()).seen_by(slack.anna)
    assert "There are no figures of Instagram · @Otto Smit" in seen
    await slack.otto.press(await slack.card(), "Figures")  # later, after all
    await slack.otto.submit({"Reach": "5"})
    await slack.card("Reach 5")


def _questions(slack: House) -> list[Message]:
    return [m for m in slack.otto.direct_messages() if ASKED in m.seen_by(slack.otto)]


async def test_what_was_filled_in_before_is_not_asked(slack: House, clock: StandingClock) -> None:
    card = await posted(slack, clock)
    await slack.otto.press(card, "Figures")
    await slack.otto.submit({"Reach": "5"})
    await slack.card("Reach 5")
    clock.now = FRIDAY + timedelta(days=3)
    assert await reminders.send_due(slack.desk) == 0
    assert await outcomes(slack) == ["answered"]


async def test_only_the_platforms_people_fill_in_figures(
    slack: House, clock: StandingClock
) -> None:
    card = await posted(slack, clock)
    await slack.anna.press(card, "Figures")
    await slack.anna.sees("Only the people who are responsible for Instagram can do this.")
    (placement_id,) = await slack.read(lambda s: list(s.exec(select(Placement.id))))
    with pytest.raises(Refusal):
        await figures.enter(slack.desk, PROPOSER, placement_id or 0, {"reach": "5"}, {})
    assert await measured(slack) == []


async def test_a_stale_card_is_told_that_it_is_too_early(
    slack: House, clock: StandingClock
) -> None:
    await posted(slack, clock)

    def take_back(session: Session) -> None:
        placement = session.exec(select(Placement)).one()
        placement.status = PlacementStatus.HANDED

    card = await slack.card()
    await slack.desk.database.write(take_back)
    await slack.otto.press(card, "Figures")
    await slack.otto.sees("Figures can be filled in as soon as the post is published.")


async def published_in_channel(slack: House, clock: StandingClock) -> None:
    """By the bot, on Friday."""
    card = await slack.proposed()
    await slack.olga.press(card, "Approve")
    await slack.card("approved this")
    clock.now = FRIDAY

    @action
    def out(tx: Transaction) -> None:
        placement = tx.session.exec(select(Placement)).one()
        placement.status = PlacementStatus.PUBLISHING
        publishing.published(tx, placement, "https://t.me/leestafel/7", "the time")

    await out(slack.desk)


async def test_of_what_the_bot_posts_its_owner_is_asked_for_views(
    slack: House, clock: StandingClock
) -> None:
    await published_in_channel(slack, clock)
    clock.now = FRIDAY + timedelta(days=3)
    assert await reminders.send_due(slack.desk) == 1
    question = await slack.olga.sees(ASKED)
    await slack.olga.press(question, ENTER)
    form = await slack.olga.sees_modal()
    assert form.labels() == ["Reach", "Likes", "Times shared"]
    assert "The number beside the eye: the views." in form.seen_by(slack.olga)
    await slack.olga.submit({"Reach": "1"})
    await slack.anna.sees("Your post was seen once on Telegram.")


async def test_while_the_owner_is_away_a_deputy_is_asked(
    slack: House, clock: StandingClock
) -> None:
    await published_in_channel(slack, clock)
    await absences.name(slack.desk, OWNER, date(2026, 3, 6), date(2026, 3, 20))
    clock.now = FRIDAY + timedelta(days=3)
    assert await reminders.send_due(slack.desk) == 0
    await slack.otto.sees(ASKED)
    assert await outcomes(slack) == ["somebody stands in", "sent"]


async def test_a_platform_shows_the_figures_that_were_chosen(
    slack: House, clock: StandingClock
) -> None:
    def choose(session: Session) -> None:
        session.get_one(Platform, "instagram").metrics = ["reach", "saves"]

    await slack.desk.database.write(choose)
    card = await posted(slack, clock)
    await slack.otto.press(card, "Figures")
    assert (await slack.otto.sees_modal()).labels() == ["Reach", "Saves"]


async def test_in_dutch(desk: Desk, clock: StandingClock) -> None:
    async with house(replace(desk, language="nl"), "nl-NL") as slack:
        clock.now = FRIDAY - timedelta(days=1)
        await slack.anna.command("/social propose")
        fields = {"Tekst": "Spelletjes", "Platforms": ["Instagram"], "Datum en tijd": FRIDAY}
        await slack.anna.submit(fields)
        await slack.otto.press(await slack.card("Spelletjes"), "Goedkeuren")
        await slack.card("keurde dit goed")
        clock.now = FRIDAY
        await publishing.publish_due(slack.desk)
        task = await slack.otto.sees("Tijd om dit te plaatsen op Instagram")
        await slack.otto.press(task, "Geplaatst")
        await slack.otto.submit({"Link": "https://www.instagram.com/p/1/"})
        await slack.card("geplaatst")
        question = await asked(slack, clock, "Hoe deed het het?")
        await slack.otto.press(question, "Cijfers invullen")
        await slack.otto.submit({"Bereik": "1.812", "Keer gedeeld": "3"})
        await slack.anna.sees("Je bericht bereikte 1.812 mensen op Instagram.")
