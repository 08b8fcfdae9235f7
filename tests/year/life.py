"""What people do in the year, drawn from a seed; the clock goes from moment to moment."""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from bot.actions import absences, colleagues, decisions, notices, posts, publishing, slot_dates
from bot.actions.notices import Outgoing
from bot.actions.posts import Proposal
from bot.actions.transaction import Desk
from bot.rules.calendar import WallTime
from bot.rules.posts import PostAction, ReasonLabel
from bot.rules.refusals import InvalidForm, Refusal
from handlers.jobs import JOBS, TICK
from storage.models import Occurrence, Placement, Reminder, Slot
from tests.conftest import StandingClock
from tests.year.team import ABSENCES, ADMIN, ANNA, BRAM, CARO, COLLEAGUES, DEPUTY, FAR_DEPUTY, ZONES

ZONE = ZoneInfo("Europe/Amsterdam")
BEGIN = datetime(2026, 1, 5, 7, tzinfo=UTC)
END = BEGIN + timedelta(days=365)
POSTS = 600

OUTAGES = (
    (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)),
    (datetime(2026, 6, 10, 7, tzinfo=UTC), datetime(2026, 6, 10, 13, 30, tzinfo=UTC)),
    (datetime(2026, 10, 22, 15, tzinfo=UTC), datetime(2026, 10, 26, 2, tzinfo=UTC)),
)
"""Over both changes of the clock, and on a working day. Nobody can do anything meanwhile."""

LOOK = timedelta(hours=12)
"""At the least so often every job looks, whether or not something is due."""

Deed = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Sent:
    """A message as it left."""

    at: datetime
    notice: Outgoing


@dataclass
class Year:
    """One team, one year. `sent`: every message to a person, in order."""

    desk: Desk
    clock: StandingClock
    seed: int = 1
    sent: list[Sent] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._order = count()
        self._to_come: list[tuple[datetime, int, str, Deed]] = []

    async def live(self, end: datetime) -> None:
        """From BEGIN till then."""
        self.clock.now = BEGIN
        await self._meet_everybody()
        self._plan_the_year()
        await self._look(every=True)
        looked = self.clock.now
        while (now := await self._next(looked)) < end:
            every = now - looked >= LOOK
            if every or await self._is_due(now):  # nothing would come of any other tick
                self.clock.now = now
                await self._look(every=every)
            self.clock.now, looked = now, now if every else looked
            while self._to_come and self._to_come[0][0] <= now:
                _, _, what, deed = heapq.heappop(self._to_come)
                await self._do(what, deed)
                await self._send()

    def then(self, at: datetime, what: str, deed: Deed) -> None:
        """Somebody does this at that moment; where the bot is down, when it is back."""
        heapq.heappush(self._to_come, (_up(at), next(self._order), what, deed))

    def after(self, hours: float, what: str, deed: Deed) -> None:
        self.then(self.clock.now + timedelta(hours=hours), what, deed)

    async def _meet_everybody(self) -> None:
        for person in (ANNA, BRAM, CARO, DEPUTY, FAR_DEPUTY, ADMIN, *COLLEAGUES):
            zone = ZONES.get(person, ZONE.key)
            await colleagues.remember(self.desk, person, person, "nl", zone)

    def _plan_the_year(self) -> None:
        for number in range(POSTS):
            day = BEGIN.date() + timedelta(days=self.random.randrange(355))
            at = datetime.combine(day, time(8, self.random.randrange(60)), UTC)
            at += timedelta(hours=self.random.randrange(9))
            self.then(at, "propose", self._proposal(number))
        for person, first, last in ABSENCES:
            named = datetime.combine(first - timedelta(days=4), time(9), UTC)
            self.then(named, "absence", _absence(self.desk, person, first, last))
        for number in range(24):
            at = BEGIN + timedelta(days=14 * number + 3, hours=3)
            self.then(at, "slot", self._slot_date)

    async def _next(self, looked: datetime) -> datetime:
        """The next moment at which anything happens, or is due."""
        due = await self.desk.database.read(_due)
        moments = [looked + LOOK, *due]
        if self._to_come:
            moments.append(self._to_come[0][0])
        return _up(max(self.clock.now + timedelta(seconds=1), min(moments)))

    async def _is_due(self, now: datetime) -> bool:
        due = await self.desk.database.read(_due)
        return bool(due) and min(due) <= now

    async def _look(self, *, every: bool) -> None:
        for interval, job in JOBS.values():
            if every or interval == TICK:
                await job(self.desk)
        await self._send()

    async def _send(self) -> None:
        """All platforms take everything at once."""
        for platform in ("slack", "telegram"):
            while claimed := await notices.claim(self.desk, platform, set(), 50):
                for notice in claimed:
                    self.sent.append(Sent(self.clock.now, notice))
                    receipt = {
                        "channel": notice.recipient,
                        "ts": f"{len(self.sent)}.0",
                        "link": "https://t.me/leestafel/1",
                        "members": 900,
                    }
                    await notices.arrived(self.desk, notice.id, receipt)

    async def _do(self, what: str, deed: Deed) -> None:
        try:
            await deed()
            self.done[what] += 1
        except (Refusal, InvalidForm) as refusal:
            self.refused[f"{what}: {refusal}"] += 1

    def _proposal(self, number: int) -> Deed:
        """Somebody proposes a post; what becomes of it is drawn at once, and done later."""

        async def propose() -> None:
            chance, now = self.random, self.clock.now
            where = chance.choice(
                [("telegram",), ("instagram",), ("facebook",), ("instagram", "facebook")]
                + [("newsletter",)] * (number % 9 == 0)
            )
            at = await self._moment(where[0], now)
            post = await posts.propose(
                self.desk,
                chance.choice(COLLEAGUES),
                f"form {number}",
                Proposal(
                    text=f"Post {number}: what happens in the library",
                    platform_keys=where,
                    pillar_key=chance.choice(["information", "story"]),
                    target_group_key="parents",
                    planned_at=at,
                ),
            )
            self._draw_fate(post.id, (at - now) / timedelta(hours=1))

        return propose

    def _draw_fate(self, post_id: int, hours: float) -> None:
        """hours: until it is planned."""
        fate = self.random.random()
        soon, late = self.random.uniform(0.5, hours * 0.5), hours * self.random.uniform(0.8, 1)
        if fate < 0.5:
            self.after(soon, "approve", lambda: self._approve(post_id))
        elif fate < 0.66:
            self.after(late, "approve late", lambda: self._approve(post_id))
        elif fate < 0.76:
            self.after(soon, "ask for changes", lambda: self._ask_for_changes(post_id))
            edited = self.random.uniform(soon, hours)
            self.after(edited, "edit", lambda: self._edit(post_id))
            self.after((edited + hours) / 2, "approve", lambda: self._approve(post_id))
        elif fate < 0.82:
            self.after(soon, "reject", lambda: self._decide(post_id, PostAction.REJECT, "Not now."))
        elif fate < 0.86:
            self.after(late, "withdraw", lambda: self._withdraw(post_id))
        # else nobody decides: it is escalated, and expires
        for wait in (1, 30, 120):
            self.after(hours + wait, "confirm", lambda: self._confirm(post_id))

    async def _moment(self, platform_key: str, now: datetime) -> datetime:
        """A fixed moment of the platform, or any hour of a day to come."""
        if self.random.random() < 0.6:

            def free(session: Session) -> list[datetime]:
                found = (
                    select(Occurrence.starts_at)
                    .join(Slot)
                    .where(
                        Slot.platform_key == platform_key,
                        col(Occurrence.starts_at) > now + timedelta(hours=20),
                    )
                )
                return list(session.exec(found.order_by(col(Occurrence.starts_at)).limit(8)))

            if moments := await self.desk.database.read(free):
                return self.random.choice(moments)
        day = now.date() + timedelta(days=self.random.randrange(1, 21))
        local = datetime.combine(day, time(self.random.randrange(8, 21), 15))
        return WallTime(local, ZONE.key).at

    async def _approve(self, post_id: int) -> None:
        await self._decide(post_id, PostAction.APPROVE)
        await self._decide(post_id, PostAction.APPROVE)  # where two are needed

    async def _decide(self, post_id: int, verdict: PostAction, reason: str = "") -> None:
        post = await posts.show(self.desk, post_id)
        deciders = [p for placement in post.placements for p in placement.deciders]
        if deciders:
            person = self.random.choice(sorted(deciders))
            await decisions.decide(self.desk, person, post_id, post.revision, verdict, reason)

    async def _ask_for_changes(self, post_id: int) -> None:
        post = await posts.show(self.desk, post_id)
        for person in post.placements[0].deciders[:1]:
            await decisions.decide(
                self.desk,
                person,
                post_id,
                post.revision,
                PostAction.REQUEST_CHANGES,
                "Say when it begins.",
                ReasonLabel.FACTS,
            )

    async def _edit(self, post_id: int) -> None:
        post = await posts.show(self.desk, post_id)
        await posts.edit(
            self.desk,
            post.proposer,
            post_id,
            post.revision,
            Proposal(
                text=f"{post.text} It begins at ten.",
                platform_keys=tuple(p.platform_key for p in post.placements),
                pillar_key="information",
                target_group_key="parents",
                planned_at=post.planned_at,
            ),
        )

    async def _withdraw(self, post_id: int) -> None:
        post = await posts.show(self.desk, post_id)
        await posts.withdraw(self.desk, post.proposer, post_id)

    async def _confirm(self, post_id: int) -> None:
        """By whoever posts by hand; in one of three cases at the first occasion."""
        post = await posts.show(self.desk, post_id)
        for placement in post.placements:
            if placement.status == "handed" and self.random.random() < 0.6:
                owner = {"instagram": BRAM, "facebook": CARO, "newsletter": CARO}
                link = f"https://example.org/{placement.id}"
                by = owner[placement.platform_key]
                await publishing.confirm_posted(self.desk, by, placement.id, link)

    async def _slot_date(self) -> None:
        """One date of a fixed moment is skipped, moved or handed over."""

        def some(session: Session) -> list[tuple[Occurrence, Slot]]:
            found = select(Occurrence, Slot).join(Slot)
            to_come = found.where(col(Occurrence.starts_at) > self.clock.now + timedelta(days=4))
            return list(session.exec(to_come.order_by(col(Occurrence.starts_at)).limit(20)))

        occurrence, slot = self.random.choice(await self.desk.database.read(some))
        assert slot.id is not None
        day, at = occurrence.starts_local.date(), occurrence.starts_at
        match self.random.randrange(3):
            case 0:
                await slot_dates.skip(self.desk, ADMIN, slot.id, day)
            case 1:
                later = at + timedelta(hours=self.random.choice([-20, 3, 30]))
                await slot_dates.move(self.desk, ADMIN, slot.id, day, at, later)
            case _:
                people = {"telegram": DEPUTY, "instagram": ANNA, "facebook": BRAM}
                owner = people.get(slot.platform_key, CARO)
                await slot_dates.hand_over(self.desk, ADMIN, slot.id, day, occurrence.owner, owner)


def _absence(desk: Desk, person: str, first: date, last: date) -> Deed:
    async def name() -> None:
        await absences.name(desk, person, first, last)

    return name


def _up(at: datetime) -> datetime:
    """That moment, or the one at which the bot is up again."""
    return next((end for begin, end in OUTAGES if begin <= at < end), at)


def _due(session: Session) -> list[datetime]:
    """The earliest moments at which something is due."""
    found = (
        session.exec(select(func.min(Reminder.due_at)).where(text("done_at IS NULL"))).one(),
        session.exec(
            select(func.min(Placement.planned_at)).where(
                text("status IN ('approved', 'proposed', 'changes_requested')")
            )
        ).one(),
    )
    return [at for at in found if at]
