"""Anybody does anything at any time: nothing goes out without its approvals, nothing gets stuck."""

from collections.abc import Awaitable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlmodel import Session, col, select

from bot.actions import (
    absences,
    approving,
    decisions,
    holding,
    home,
    posts,
    publishing,
    reminders,
    reopening,
    replanning,
)
from bot.actions.views import PlacementView, PostView
from bot.rules.posts import PlacementStatus, PostAction, PostStatus, is_held
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import Absence, Decision, Placement, Platform, Post, PostTopic, Topic
from tests.actions.machines import DeskOfItsOwn
from tests.actions.test_posts import draft
from tests.factories import OTHER_OWNER, OWNER, PROPOSER

S = PlacementStatus
THIRD, EXPERT = "U05THIRD", "U06EXPERT"
WORDS = ("Our book of the week", "About the war", "A game evening")
OUT = {S.APPROVED, S.PUBLISHING, S.HANDED, S.PUBLISHED}

people = st.sampled_from([PROPOSER, OWNER, OTHER_OWNER, THIRD, EXPERT])
platforms = st.sampled_from([("telegram",), ("instagram",), ("telegram", "instagram")])
which = st.integers(0, 1)  # of the posts that there are: few, so that much happens to each
hours = st.sampled_from([5, 50, 90])
dates = st.sampled_from([5, 50, 90, None])  # hours ahead; None: no date yet


class DeskMachine(DeskOfItsOwn):
    def __init__(self) -> None:
        super().__init__()
        self.posts: list[int] = []
        self.approved_at: dict[int, int] = {}  # placement → the revision that was approved
        self.counted: set[int] = set()  # placements whose approvals were enough when they came

    @initialize(
        approvals=st.sampled_from([1, 2, 3, "all"]),
        deputies=st.sampled_from([[], [THIRD]]),
        topic_deputies=st.sampled_from([[], [OWNER]]),
    )
    def begin(self, approvals: Any, deputies: list[str], topic_deputies: list[str]) -> None:
        def change(session: Session) -> None:
            platform = session.get_one(Platform, "telegram")
            platform.owners, platform.deputies = [OWNER, OTHER_OWNER], deputies
            platform.approvals = approvals
            session.add(platform)
            session.add(
                Topic(key="war", name="War", words=["war"], owner=EXPERT, deputies=topic_deputies)
            )

        self.now(self.database.write(change))

    def tried(self, work: Awaitable[object]) -> bool:
        """Whether it was done; a refusal is an answer, anything else fails the test."""
        try:
            self.now(work)
        except (Refusal, InvalidForm):
            return False
        return True

    def post(self, n: int) -> int:
        return self.posts[n % len(self.posts)]

    @precondition(lambda self: len(self.posts) < 2)
    @rule(by=people, where=platforms, words=st.sampled_from(WORDS), ahead=dates)
    def propose(self, by: str, where: tuple[str, ...], words: str, ahead: int | None) -> None:
        what = draft(text=words, platform_keys=where, planned_at=self.later(ahead))
        post = self.now(posts.propose(self.desk, by, f"form {len(self.posts)}", what))
        self.posts.append(post.id)

    @precondition(lambda self: self.posts)
    @rule(
        by=people,
        n=which,
        where=platforms,
        words=st.sampled_from(WORDS),
        ahead=dates,
        how=st.sampled_from([posts.edit, reopening.reopen]),
    )
    def fill_in_anew(
        self, by: str, n: int, where: tuple[str, ...], words: str, ahead: int | None, how: Any
    ) -> None:
        before = self.now(posts.show(self.desk, self.post(n)))
        what = draft(text=words, platform_keys=where, planned_at=self.later(ahead))
        done = self.tried(how(self.desk, by, before.id, before.revision, what))
        if done and how is reopening.reopen:
            assert before.status is PostStatus.WITHDRAWN
            assert by == before.proposer

    @precondition(lambda self: self.posts)
    @rule(by=people, n=which, ahead=hours)
    def replan(self, by: str, n: int, ahead: int) -> None:
        before = self.now(posts.show(self.desk, self.post(n)))
        at = self.clock.now + timedelta(hours=ahead)
        if self.tried(replanning.replan(self.desk, by, before.id, before.revision, at)):
            assert S.EXPIRED in {placement.status for placement in before.placements}

    def later(self, ahead: int | None) -> datetime | None:
        return None if ahead is None else self.clock.now + timedelta(hours=ahead)

    @precondition(lambda self: self.posts)
    @rule(by=people, n=which, stale=st.sampled_from([0, 0, 0, 1]))
    def approve(self, by: str, n: int, stale: int) -> None:
        self.decide(by, n, stale, PostAction.APPROVE)

    @precondition(lambda self: self.posts)
    @rule(n=which, most=st.integers(1, 3))
    def approve_by_who_is_asked(self, n: int, most: int) -> None:
        """The way that things usually go: so that many posts get far."""
        view = self.now(posts.show(self.desk, self.post(n)))
        asked = dict.fromkeys(d for p in view.placements for d in p.deciders)
        for decider in list(asked)[:most]:
            self.decide(decider, n, 0, PostAction.APPROVE)

    @precondition(lambda self: self.posts)
    @rule(
        by=people, n=which, verdict=st.sampled_from([PostAction.REQUEST_CHANGES, PostAction.REJECT])
    )
    def say_no(self, by: str, n: int, verdict: PostAction) -> None:
        self.decide(by, n, 0, verdict)

    def decide(self, by: str, n: int, stale: int, verdict: PostAction) -> None:
        view = self.now(posts.show(self.desk, self.post(n)))
        seen, date = view.revision - stale, None if view.planned_at else self.later(5)
        work = decisions.decide(self.desk, by, view.id, seen, verdict, "Because", planned_at=date)
        self.check_decided(by, view, stale, self.tried(work))

    @precondition(lambda self: self.posts)
    @rule(by=people, n=which, stale=st.sampled_from([0, 0, 1]), words=st.sampled_from(WORDS))
    def approve_with_an_edit(self, by: str, n: int, stale: int, words: str) -> None:
        view = self.now(posts.show(self.desk, self.post(n)))
        seen, date = view.revision - stale, None if view.planned_at else self.later(5)
        work = approving.approve_edited(self.desk, by, view.id, seen, words, {}, date)
        self.check_decided(by, view, stale, self.tried(work))

    @precondition(lambda self: self.posts)
    @rule(by=people, n=which, stale=st.sampled_from([0, 0, 1]), ahead=st.sampled_from([1, 8, 60]))
    def hold(self, by: str, n: int, stale: int, ahead: int) -> None:
        view = self.now(posts.show(self.desk, self.post(n)))
        until = self.clock.now + timedelta(hours=ahead)
        seen = view.revision - stale
        work = holding.hold(self.desk, by, view.id, seen, until, "Because")
        self.check_decided(by, view, stale, self.tried(work))

    def check_decided(self, by: str, view: PostView, stale: int, done: bool) -> None:
        """view: the post before. The same form again is the same edit, and no decision."""
        after = self.now(posts.show(self.desk, view.id))
        decided = done and len(after.decisions) > len(view.decisions)
        assert not (decided and stale)
        assert not (decided and by == view.proposer)

    @precondition(lambda self: self.posts)
    @rule(by=people, n=which)
    def withdraw(self, by: str, n: int) -> None:
        self.tried(posts.withdraw(self.desk, by, self.post(n)))

    @rule(by=people, start=st.integers(0, 3), length=st.integers(0, 4))
    def go_away(self, by: str, start: int, length: int) -> None:
        first = self.today + timedelta(days=start)
        self.tried(absences.name(self.desk, by, first, first + timedelta(days=length)))

    @rule(by=people)
    def come_back(self, by: str) -> None:
        self.tried(absences.come_back(self.desk, by))

    @rule(ahead=st.sampled_from([1, 6, 20]))
    def time_goes_on(self, ahead: int) -> None:
        self.clock.move(timedelta(hours=ahead))
        self.tick()

    def tick(self) -> None:
        for job in (
            absences.turn_due,
            publishing.publish_due,
            publishing.expire_due,
            holding.end_due,
            reminders.send_due,
        ):
            self.now(job(self.desk))

    @property
    def today(self) -> date:
        return self.clock.now.astimezone(self.desk.zone).date()

    @invariant()
    def nothing_goes_out_without_its_approvals(self) -> None:
        if self.posts:
            self.now(self.database.read(self.check))

    def check(self, session: Session) -> None:
        away = {
            absence.slack_id
            for absence in session.exec(select(Absence))
            if absence.ended_at is None and absence.first_day <= self.today <= absence.last_day
        }
        for placement, post in session.exec(
            select(Placement, Post).where(Placement.post_id == Post.id)
        ):
            assert placement.id is not None
            if placement.status not in OUT:
                self.approved_at.pop(placement.id, None)
                self.counted.discard(placement.id)
                continue
            assert placement.planned_at is not None
            assert not is_held(placement, self.clock.now)
            if placement.status == S.APPROVED:  # perhaps anew, with an edit
                if self.approved_at.get(placement.id) != post.revision_number:
                    self.counted.discard(placement.id)
                self.approved_at[placement.id] = post.revision_number
            if self.approved_at.setdefault(placement.id, post.revision_number) == (
                post.revision_number
            ):
                self.check_approvals(session, placement, post, away)
            else:
                raise AssertionError("approved in one revision, on its way in another")

    def check_approvals(
        self, session: Session, placement: Placement, post: Post, away: set[str]
    ) -> None:
        """Told once more, in other words than the rules': approvals of this very revision, of
        people who did not want to wait after all."""
        decided = session.exec(
            select(Decision)
            .where(
                Decision.placement_id == placement.id,
                Decision.revision_number == post.revision_number,
            )
            .order_by(col(Decision.id))
        ).all()
        held = {d.decided_by: d.id or 0 for d in decided if d.verdict == PostAction.HOLD}
        found = [
            d
            for d in decided
            if d.verdict == PostAction.APPROVE and (d.id or 0) > held.get(d.decided_by, 0)
        ]
        platform = session.get_one(Platform, placement.platform_key)
        able = {*platform.owners, *platform.deputies} - {post.proposer}
        given = {d.decided_by for d in found if d.topic_key is None}
        wanted = len(platform.owners) if platform.approvals == "all" else int(platform.approvals)
        assert given
        assert given <= able
        assert len(given) == len([d for d in found if d.topic_key is None])  # nobody twice
        if placement.status == S.APPROVED and placement.id not in self.counted:
            assert len(given) >= wanted or able - given <= away
            self.counted.add(placement.id or 0)
        if session.get(PostTopic, (post.id, "war")) is not None:
            topic = session.get_one(Topic, "war")
            asked = {topic.owner, *topic.deputies} - {post.proposer}
            said_yes = {d.decided_by for d in found if d.topic_key == "war"}
            assert said_yes & asked or not asked

    @invariant()
    def somebody_or_the_time_moves_it_on(self) -> None:
        for post_id in self.posts:
            view = self.now(posts.show(self.desk, post_id))
            for placement in view.placements:
                if self.is_to_come(placement):
                    asked = set(placement.deciders)
                    assert asked or set(placement.owners) <= {view.proposer}
                    assert view.proposer not in asked
                if placement.held_until and placement.planned_at:
                    assert placement.held_until < placement.planned_at

    @rule(by=people)
    def looks_at_home(self, by: str) -> None:
        """It finds what waits in columns of the rows; whole posts have to say the same."""
        waiting = self.now(home.show(self.desk, by)).waiting
        views = [self.now(posts.show(self.desk, post_id)) for post_id in self.posts]
        assert {post.id for post in waiting.shown} == {
            view.id for view in views if any(self.waits_for(by, p) for p in view.placements)
        }

    def waits_for(self, person: str, placement: PlacementView) -> bool:
        held = placement.held_until is not None and placement.held_until > self.clock.now
        return placement.status is S.PROPOSED and person in placement.deciders and not held

    def is_to_come(self, placement: PlacementView) -> bool:
        planned_at = placement.planned_at
        waits = placement.status is S.PROPOSED
        return waits and (planned_at is None or planned_at > self.clock.now)

    def at_the_end(self) -> None:
        """Whoever is asked says yes; then the time comes."""
        for n, post_id in enumerate(self.posts):
            for _ in range(8):
                view = self.now(posts.show(self.desk, post_id))
                asked = [
                    decider
                    for placement in view.placements
                    if self.is_to_come(placement)
                    for decider in placement.deciders
                ]
                if not asked:
                    break
                self.decide(asked[0], n, 0, PostAction.APPROVE)
            for placement in self.now(posts.show(self.desk, post_id)).placements:
                stuck = self.is_to_come(placement)
                assert not stuck or set(placement.owners) <= {view.proposer}
        self.clock.move(timedelta(days=30))
        self.tick()

        def left(session: Session) -> set[str]:
            """Of what has a date: the rest waits for somebody, however long."""
            placements = session.exec(select(Placement))
            return {placement.status for placement in placements if placement.planned_at}

        assert not self.now(self.database.read(left)) & {
            "proposed",
            "changes_requested",
            "approved",
        }


TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
