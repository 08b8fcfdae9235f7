"""Drafts: kept by whoever types, seen by nobody else, and gone with the proposal."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.actions import drafts, find, home, media, posts, stories, weekly
from bot.actions.drafts import CONTENT, Content, Continued
from bot.actions.posts import Proposal
from bot.actions.transaction import Desk
from bot.actions.views import DraftView, FileOnSlack
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from storage.models import Post
from tests.actions.audience import FATIMA, PIXEL, rows, submit, update
from tests.conftest import MONDAY_MORNING, StandingClock
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

EMPTY = Proposal("", (), None, None, None)
READY = Proposal(
    "Board games", ("telegram",), None, None, MONDAY_MORNING + timedelta(days=4), why="Asked for"
)
LONGER = Proposal("Board games, forty of them", ("telegram",), None, None, READY.planned_at)
FILE = FileOnSlack("F1", "shelf.png")


def continue_(draft: DraftView) -> Continued:
    return Continued(draft.id, draft.version, draft.request_key)


async def kept(desk: Desk, window: str = "V1", proposal: Proposal = READY) -> DraftView:
    return await drafts.save(desk, PROPOSER, window, proposal)


async def texts(desk: Desk) -> list[str]:
    return [draft.proposal.text for draft in await drafts.of(desk, PROPOSER)]


async def posted(desk: Desk) -> list[str]:
    """Under which keys posts were made."""
    return [post.request_key for post in await rows(desk, Post)]


keys = some.text(min_size=1, max_size=20)
written = some.text(max_size=100)
proposals = some.builds(
    Proposal,
    text=written,
    platform_keys=some.lists(keys, max_size=3).map(tuple),
    pillar_key=some.none() | keys,
    target_group_key=some.none() | keys,
    planned_at=some.none() | some.datetimes(timezones=some.just(UTC)),
    why=written,
    images=some.lists(keys, max_size=3).map(tuple),
    source_link=some.none() | written,
    story_id=some.none() | some.integers(1, 10**9),
    texts=some.dictionaries(keys, written, max_size=3),
    alts=some.dictionaries(keys, written, max_size=3),
    goal_key=some.none() | keys,
    house_rules=some.lists(written, max_size=3).map(tuple),
)
files = some.lists(some.builds(FileOnSlack, keys, written), max_size=3).map(tuple)


@given(proposals, files, keys, some.integers(0, 10**6))
def test_everything_that_was_typed_comes_back(
    proposal: Proposal, on_slack: tuple[FileOnSlack, ...], key: str, version: int
) -> None:
    content = Content(proposal, on_slack, key, version)
    assert CONTENT.validate_json(CONTENT.dump_json(content)) == content
    assert CONTENT.validate_python(CONTENT.dump_python(content, mode="json")) == content


async def test_nothing_of_a_draft_has_to_be_right(desk: Desk, clock: StandingClock) -> None:
    await drafts.save(desk, PROPOSER, "V1", EMPTY, [FILE])
    clock.move(timedelta(minutes=1))
    past = Proposal("Old", ("gone",), "gone", "gone", clock.now - timedelta(days=9))
    await drafts.save(desk, PROPOSER, "V2", past)
    newest, oldest = await drafts.of(desk, PROPOSER)
    assert newest.proposal == past
    assert (oldest.proposal, oldest.on_slack) == (EMPTY, (FILE,))


async def test_a_window_has_one_draft(desk: Desk, clock: StandingClock) -> None:
    first = await kept(desk)
    clock.move(timedelta(minutes=1))
    again = await kept(desk)
    assert again == first  # as it was: nothing changes
    later = await kept(desk, proposal=LONGER)
    assert later.id == first.id
    assert later.changed_at == clock.now
    await asyncio.gather(*(kept(desk, proposal=READY) for _ in range(3)))
    assert await texts(desk) == [READY.text]


async def test_nobody_else_sees_it_or_does_anything_with_it(desk: Desk) -> None:
    draft = await kept(desk)
    for other in (OWNER, OTHER_OWNER):
        assert await drafts.of(desk, other) == ()
        assert (await home.show(desk, other)).drafts.shown == ()
        with pytest.raises(NotThere):
            await drafts.show(desk, other, draft.id)
        with pytest.raises(NotThere):
            await drafts.throw_away(desk, other, draft.id)
        await drafts.save(desk, other, "V9", LONGER, continued=continue_(draft))
        await posts.propose(desk, other, "V9", LONGER)
    assert (await drafts.show(desk, PROPOSER, draft.id)).proposal == READY
    assert (await home.show(desk, PROPOSER)).drafts.shown == (draft,)


async def test_it_is_in_no_list_of_posts(desk: Desk) -> None:
    await kept(desk)
    assert (await find.posts(desk, "board")).posts == ()
    assert (await home.show(desk, OWNER)).waiting.shown == ()
    week = await weekly.show(desk, MONDAY_MORNING.date())
    assert week.planned == ()


async def test_thrown_away_is_gone_and_its_number_never_comes_again(desk: Desk) -> None:
    draft = await kept(desk)
    await drafts.throw_away(desk, PROPOSER, draft.id)
    with pytest.raises(NotThere):
        await drafts.throw_away(desk, PROPOSER, draft.id)
    assert await texts(desk) == []
    assert (await kept(desk)).id > draft.id


async def test_proposing_takes_the_draft_along(desk: Desk) -> None:
    await kept(desk)
    with pytest.raises(InvalidForm):
        await posts.propose(desk, PROPOSER, "V1", EMPTY)
    assert await texts(desk) == [READY.text]  # it was not proposed
    await posts.propose(desk, PROPOSER, "V1", READY)
    assert await texts(desk) == []
    with pytest.raises(Refusal):
        await kept(desk)  # a report that comes late brings nothing back
    assert await texts(desk) == []


async def test_a_continued_draft_is_proposed_once(desk: Desk) -> None:
    draft = continue_(await kept(desk))
    made = await asyncio.gather(
        *(posts.propose(desk, PROPOSER, "V2", LONGER, draft) for _ in range(3))
    )
    assert len({post.id for post in made}) == 1
    assert await posted(desk) == ["V1"]
    assert await texts(desk) == []


@pytest.mark.parametrize("windows", [("V2", "V3"), ("V1", "V2"), ("V2", "V1")])
async def test_two_windows_that_say_the_same_are_one_proposal(
    desk: Desk, windows: tuple[str, str]
) -> None:
    """V1 is the one in which it was typed; V2 and V3 continue it."""
    draft = continue_(await kept(desk))
    made = [
        await posts.propose(desk, PROPOSER, window, READY, None if window == "V1" else draft)
        for window in windows
    ]
    assert made[0].id == made[1].id
    assert await texts(desk) == []


@pytest.mark.parametrize("windows", [("V2", "V3"), ("V1", "V2"), ("V2", "V1")])
async def test_what_a_second_window_says_besides_is_kept_and_can_be_proposed(
    desk: Desk, windows: tuple[str, str]
) -> None:
    saved = continue_(await kept(desk))
    first, second = [(window, None if window == "V1" else saved) for window in windows]
    await posts.propose(desk, PROPOSER, first[0], READY, first[1])
    for _ in range(2):  # also when it is sent once more
        with pytest.raises(InvalidForm):
            await posts.propose(desk, PROPOSER, second[0], LONGER, second[1])
        await drafts.save(desk, PROPOSER, second[0], LONGER, continued=second[1])
    (draft,) = await drafts.of(desk, PROPOSER)
    await posts.propose(desk, PROPOSER, "V4", draft.proposal, continue_(draft))
    assert len(await posted(desk)) == 2
    assert await texts(desk) == []


async def test_no_window_writes_over_what_another_went_on_with(desk: Desk) -> None:
    first = continue_(await kept(desk, "V1", EMPTY))
    await drafts.save(desk, PROPOSER, "V2", LONGER, continued=first)
    await drafts.save(desk, PROPOSER, "V3", READY, continued=first)  # opened before that
    await kept(desk, "V1", EMPTY)  # and the very first is closed last
    assert sorted(await texts(desk)) == sorted([LONGER.text, READY.text, EMPTY.text])
    await posts.propose(desk, PROPOSER, "V3", READY, first)
    assert sorted(await texts(desk)) == sorted([LONGER.text, EMPTY.text])
    for left in await drafts.of(desk, PROPOSER):
        if left.proposal.text:  # none of them is a dead end
            await posts.propose(desk, PROPOSER, "V4", left.proposal, continue_(left))
    assert len(await posted(desk)) == 2


async def test_what_is_left_behind_can_be_proposed_however_often_that_happens(desk: Desk) -> None:
    await kept(desk, "V0", EMPTY)
    for n in range(1, 4):
        (draft,) = await drafts.of(desk, PROPOSER)
        both = continue_(draft)
        more = Proposal(f"More {n}", ("telegram",), None, None, READY.planned_at)
        await drafts.save(desk, PROPOSER, f"A{n}", more, continued=both)
        await posts.propose(
            desk, PROPOSER, f"B{n}", Proposal(f"Post {n}", ("telegram",), None, None, None), both
        )
    assert await texts(desk) == ["More 3"]
    assert len(await posted(desk)) == 3


async def test_a_draft_that_was_thrown_away_can_still_be_proposed_where_it_is_open(
    desk: Desk,
) -> None:
    draft = await kept(desk)
    await drafts.throw_away(desk, PROPOSER, draft.id)
    await drafts.save(desk, PROPOSER, "V2", LONGER, continued=continue_(draft))
    await posts.propose(desk, PROPOSER, "V2", LONGER, continue_(draft))
    assert await texts(desk) == []


async def test_typing_on_after_a_lost_answer_does_not_vanish(desk: Desk) -> None:
    """The proposal had arrived; the person did not know, and changed it."""
    await posts.propose(desk, PROPOSER, "V1", READY)
    with pytest.raises(InvalidForm):
        await posts.propose(desk, PROPOSER, "V1", LONGER)
    await kept(desk, "V1", LONGER)
    (draft,) = await drafts.of(desk, PROPOSER)
    await posts.propose(desk, PROPOSER, "V2", LONGER, continue_(draft))
    assert len(await posted(desk)) == 2


async def test_a_form_sent_again_after_an_edit_is_still_that_form(desk: Desk) -> None:
    draft = continue_(await kept(desk))
    made = await posts.propose(desk, PROPOSER, "V2", READY, draft)
    await posts.edit(desk, PROPOSER, made.id, 1, LONGER)
    assert (await posts.propose(desk, PROPOSER, "V2", READY, draft)).id == made.id


async def test_its_pictures_are_kept(desk: Desk, clock: StandingClock) -> None:
    picture = await media.keep(desk, PIXEL, "image/png", "shelf.png")
    draft = await kept(desk, proposal=Proposal("", (), None, None, None, images=(picture.sha256,)))
    clock.move(2 * media.KEPT_UNUSED)
    await media.drop_unused(desk)
    assert (await drafts.show(desk, PROPOSER, draft.id)).images == (picture,)
    await drafts.throw_away(desk, PROPOSER, draft.id)
    await media.drop_unused(desk)
    assert not picture.path.exists()
    still_open = replace(READY, images=(picture.sha256,))
    with pytest.raises(InvalidForm) as told:
        await posts.propose(desk, PROPOSER, "V2", still_open, continue_(draft))
    assert set(told.value.errors) == {"images"}


async def test_of_a_story_that_was_taken_back_no_draft_is_left(desk: Desk) -> None:
    story = await submit(desk)
    of_story = Proposal("By the fire", (), None, None, None, story_id=story.id)
    await drafts.save(desk, OWNER, "V1", of_story)
    await drafts.save(desk, OWNER, "V2", EMPTY)
    (_, draft) = await drafts.of(desk, OWNER)
    assert draft.credit == story.credit
    await stories.withdraw(update(desk), FATIMA, story.id)
    assert [left.proposal for left in await drafts.of(desk, OWNER)] == [EMPTY]
    with pytest.raises(Refusal):
        await drafts.save(desk, OWNER, "V1", of_story)  # its form was still open
