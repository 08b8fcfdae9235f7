"""What was kept long enough goes; what was not stays."""

from dataclasses import replace
from datetime import timedelta

from bot.actions import polls, retention, stories
from bot.actions.followers import unreachable
from bot.actions.transaction import Desk
from bot.actions.votes import VotePress
from bot.rules.polls import PollPlace
from bot.rules.stories import DeclineReason, StoryStatus
from storage.models import Follower, Notice, PollOption, Story, StoryPart, Vote
from tests.actions.audience import (
    FATIMA,
    JAN,
    kinds,
    notices,
    open_poll,
    rows,
    submit,
    tell,
    update,
)
from tests.conftest import StandingClock
from tests.factories import OWNER


async def test_a_draft_that_was_left_goes(desk: Desk, clock: StandingClock) -> None:
    await stories.begin(update(desk), FATIMA)
    await stories.add_part(update(desk), FATIMA, 1, "text", "Once upon a time")
    clock.move(timedelta(days=30))
    assert await retention.forget_due(desk) == 0
    clock.move(timedelta(seconds=1))
    assert await retention.forget_due(desk) == 1
    assert not await rows(desk, StoryPart)
    assert not await rows(desk, Story)


async def test_a_declined_story_keeps_its_end_and_loses_its_words(
    desk: Desk, clock: StandingClock
) -> None:
    story = await submit(desk)
    await stories.decline(desk, OWNER, story.id, DeclineReason.QUALITY)
    clock.move(timedelta(days=91))
    await retention.forget_due(desk)
    assert not await rows(desk, StoryPart)
    view = await stories.show(desk, story.id)
    assert (view.status, view.text, view.credit) == (StoryStatus.DECLINED, "", None)
    assert await retention.forget_due(desk) == 0


async def test_the_team_hears_of_a_waiting_story_before_it_goes(
    desk: Desk, clock: StandingClock
) -> None:
    story = await submit(desk)
    clock.move(timedelta(days=200))  # the bot was down for long
    assert await retention.forget_due(desk) == 0
    assert await retention.tell_of_waiting(desk) == 1
    assert await retention.tell_of_waiting(desk) == 0
    assert [s.id for s, _ in await retention.soon_forgotten(desk, [story.id])] == [story.id]
    assert await stories.waiting(desk)
    clock.move(timedelta(days=14))
    assert await retention.forget_due(desk) >= 1
    assert not await stories.waiting(desk)
    assert (await kinds(desk, FATIMA.id))[-1] == "story.given_up"
    assert await retention.soon_forgotten(desk, [story.id]) == ()


async def test_who_voted_what_goes_and_the_numbers_stay(desk: Desk, clock: StandingClock) -> None:
    poll = await open_poll(desk, PollPlace.PRIVATE)
    option = poll.options[1].id
    presses = [VotePress(f"c{n}", n, option, f"P{n}") for n in range(1, 8)]
    await polls.vote(desk, presses)
    clock.move(timedelta(days=2, seconds=1))
    await polls.close_due(desk)
    clock.move(timedelta(days=30, seconds=1))
    await retention.forget_due(desk)
    assert not await rows(desk, Vote)
    tally = [(o.private_votes, o.anonymous_votes) for o in await rows(desk, PollOption)]
    assert tally == [(0, 0), (7, 7), (0, 0)]


async def test_who_was_away_for_a_year_is_forgotten(desk: Desk, clock: StandingClock) -> None:
    await tell(desk, JAN)
    await submit(desk)
    await unreachable(desk, FATIMA.id)
    clock.move(timedelta(days=366))
    desk = replace(desk, update_id=None)
    await retention.forget_due(desk)
    left = {follower.id for follower in await rows(desk, Follower)}
    assert FATIMA.id not in left
    assert JAN.id in left


async def test_old_messages_go_and_what_waits_stays(desk: Desk, clock: StandingClock) -> None:
    await stories.begin(update(desk), FATIMA)
    [prompt] = await notices(desk)

    def sent(session: object) -> None:
        row = session.get_one(Notice, prompt.id)  # type: ignore[attr-defined]
        row.status = "sent"

    clock.move(timedelta(days=1))
    await stories.begin(update(desk), JAN)
    await desk.database.write(sent)
    clock.move(timedelta(days=90))
    await retention.forget_due(desk)
    assert [notice.recipient for notice in await notices(desk)] == [str(JAN.id)]
