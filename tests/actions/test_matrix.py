"""Every action of every person in every status, against the one table in the rules."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.actions import approving, decisions, holding, moving, posts, publishing, reopening
from bot.actions.moving import Wish
from bot.actions.publishing import POSTED_ALREADY
from bot.actions.transaction import Desk
from bot.rules.people import PERMISSIONS, Role, refusal_for
from bot.rules.posts import (
    DECISIONS,
    OWN_DECISIONS,
    TRANSITIONS,
    PlacementStatus,
    PostAction,
    refusal,
)
from bot.rules.refusals import Refusal
from storage.models import Absence, Decision, Placement, Platform, Topic
from tests.actions.test_posts import TOMORROW, draft
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

S, A, R = PlacementStatus, PostAction, Role
EXPERT, STRANGER = "U06EXPERT", "U07STRANGER"
EVERYBODY = frozenset({R.COLLEAGUE})
PEOPLE: Mapping[str, frozenset[Role]] = {
    PROPOSER: EVERYBODY | {R.PROPOSER},
    OWNER: EVERYBODY | {R.RESPONSIBLE, R.DECIDER},
    OTHER_OWNER: EVERYBODY | {R.RESPONSIBLE},  # the deputy, while the owner is there
    EXPERT: EVERYBODY | {R.DECIDER},  # owner of the topic
    STRANGER: EVERYBODY,
}
OWN: Mapping[str, frozenset[Role]] = {
    OWNER: EVERYBODY | {R.PROPOSER, R.RESPONSIBLE},
    OTHER_OWNER: EVERYBODY | {R.RESPONSIBLE, R.DECIDER},  # stands in for the owner
    EXPERT: EVERYBODY | {R.DECIDER},
    PROPOSER: EVERYBODY,
}
LED_TO = {S.APPROVED: A.APPROVE, S.REJECTED: A.REJECT, S.CHANGES_REQUESTED: A.REQUEST_CHANGES}
LATER = TOMORROW + timedelta(days=2)


class _Everything(frozenset[str]):
    """Whatever there is to be read beforehand was read."""

    def __contains__(self, _: object) -> bool:
        return True


EVERYTHING = _Everything()
LINK = "https://t.me/leestafel/1"

Act = Callable[[Desk, str, int, int], Awaitable[object]]
"""Of this person, to this post and its placement."""


def decision(verdict: PostAction) -> Act:
    return lambda desk, by, post, _: decisions.decide(desk, by, post, 1, verdict, "Because")


async def confirm(desk: Desk, by: str, _: int, placement_id: int) -> object:
    """It is posted: by hand, or by the bot, which was in doubt."""
    task = await publishing.task(desk, placement_id)
    if task.placement.status is S.IN_DOUBT:
        return await publishing.resolve_doubt(desk, by, placement_id, True, LINK)
    return await publishing.confirm_posted(desk, by, placement_id, LINK)


ACTS: Mapping[PostAction, Act] = {
    A.APPROVE: decision(A.APPROVE),
    A.APPROVE_EDITED: lambda desk, by, post, _: approving.approve_edited(
        desk, by, post, 1, "About war, in other words", {}
    ),
    A.REQUEST_CHANGES: decision(A.REQUEST_CHANGES),
    A.REJECT: decision(A.REJECT),
    A.HOLD: lambda desk, by, post, _: holding.hold(
        desk, by, post, 1, desk.clock() + timedelta(hours=1), "Because"
    ),
    A.EDIT: lambda desk, by, post, _: posts.edit(desk, by, post, 1, draft(text="About war, anew")),
    A.MOVE: lambda desk, by, post, placement: moving.move(
        desk, by, post, Wish(LATER, 1, {placement: draft().planned_at}, told=EVERYTHING)
    ),
    A.WITHDRAW: lambda desk, by, post, _: posts.withdraw(desk, by, post),
    A.REOPEN: lambda desk, by, post, _: reopening.reopen(
        desk, by, post, 1, draft(text="About war, again")
    ),
    A.CONFIRM: confirm,
    A.RETRY: lambda desk, by, _, placement: publishing.resolve_doubt(desk, by, placement, False),
}


@pytest.fixture
async def newsroom(desk: Desk) -> Desk:
    """A desk with a sensitive topic, so that two say yes: the platform's owner and the topic's."""

    def add(session: Session) -> None:
        session.add(Topic(key="war", name="War", words=["war"], owner=EXPERT))

    await desk.database.write(add)
    return desk


def decider_of(proposer: str) -> str:
    return OTHER_OWNER if proposer == OWNER else OWNER


async def standing(desk: Desk, proposer: str, key: str, status: PlacementStatus) -> tuple[int, int]:
    """A post and its placement in this status, with the decision that led there."""
    post = await posts.propose(desk, proposer, key, draft(text="About war"))
    placement_id = post.placements[0].id

    def put(session: Session) -> None:
        placement = session.get_one(Placement, placement_id)
        placement.status = status
        session.add(placement)
        if verdict := LED_TO.get(status):
            session.add(
                Decision(
                    post_id=post.id,
                    placement_id=placement_id,
                    revision_number=1,
                    verdict=verdict,
                    decided_by=decider_of(proposer),
                    decided_at=desk.clock(),
                )
            )

    await desk.database.write(put)
    return post.id, placement_id


def expected(
    status: PlacementStatus, act: PostAction, roles: frozenset[Role], *, decided: bool
) -> object:
    """What the table says: the status that follows, or the sentence that is read.

    decided: whether it was they who did.
    """
    permission = PERMISSIONS[act]
    if not roles & permission.who:
        return refusal_for(act, roles)
    if status in permission.while_in:
        # One of the two whose approval it needs.
        approves = act in (A.APPROVE, A.APPROVE_EDITED)
        if act is A.MOVE and (R.RESPONSIBLE not in roles or R.PROPOSER in roles):
            return TRANSITIONS[status, A.EDIT]  # it is decided on anew
        return S.PROPOSED if approves else TRANSITIONS[status, act]
    if permission.who == {R.DECIDER} and status in LED_TO:
        return (OWN_DECISIONS if decided else DECISIONS)[LED_TO[status]]
    if act is A.CONFIRM and status is S.PUBLISHED:
        return POSTED_ALREADY
    return refusal(status).sentence


async def happens(desk: Desk, act: PostAction, by: str, post_id: int, placement_id: int) -> object:
    refused: Refusal | None = None
    try:
        await ACTS[act](desk, by, post_id, placement_id)
    except Refusal as why:
        refused = why
    if refused is not None:
        assert refused.sentence.format_map(refused.values)  # it has a value for every blank
        return refused.sentence

    def status(session: Session) -> PlacementStatus:
        found = session.exec(select(Placement).where(Placement.id == placement_id)).one()
        return S(found.status)

    return await desk.database.read(status)


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize(("proposer", "people"), [(PROPOSER, PEOPLE), (OWNER, OWN)])
async def test_every_action_of_every_person(
    newsroom: Desk, proposer: str, people: Mapping[str, frozenset[Role]], status: PlacementStatus
) -> None:
    wrong = []
    for act in PERMISSIONS:
        for by, roles in people.items():
            key = f"{act} {by}"
            post_id, placement_id = await standing(newsroom, proposer, key, status)
            found = await happens(newsroom, act, by, post_id, placement_id)
            wanted = expected(status, act, roles, decided=by == decider_of(proposer))
            if found != wanted:
                wrong.append((act, by, found, wanted))
    assert wrong == []


def test_the_table_names_every_action_of_colleagues_and_only_steps_that_exist() -> None:
    of_the_time = {A.EXPIRE, A.PUBLISH, A.HAND_OVER, A.DOUBT, A.FAIL, A.HOLD_BACK}
    of_the_time |= {A.RESUME, A.ESCALATE}
    assert set(PERMISSIONS) == set(A) - of_the_time
    for act, permission in PERMISSIONS.items():
        assert permission.who
        assert all((status, act) in TRANSITIONS for status in permission.while_in)
    assert set(ACTS) == set(PERMISSIONS)


async def test_an_owner_who_is_away_is_as_a_deputy(newsroom: Desk) -> None:
    """And the deputy as the owner: the table knows roles, the days give them."""

    def leave(session: Session) -> None:
        platform = session.get_one(Platform, "telegram")
        now = newsroom.clock()
        session.add(
            Absence(
                slack_id=platform.owners[0],
                first_day=now.date(),
                last_day=now.date(),
                named_at=now,
            )
        )

    await newsroom.database.write(leave)
    for by, roles in ((OWNER, PEOPLE[OTHER_OWNER]), (OTHER_OWNER, PEOPLE[OWNER])):
        for act in PERMISSIONS:
            key = f"away {act} {by}"
            post_id, placement_id = await standing(newsroom, PROPOSER, key, S.PROPOSED)
            found = await happens(newsroom, act, by, post_id, placement_id)
            assert found == expected(S.PROPOSED, act, roles, decided=False)
