"""The outbox: at least once, in order, at a bearable pace, honest about doubt."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from bot.actions import notices
from bot.actions.notices import Outgoing
from bot.actions.transaction import Desk, Transaction, action
from bot.outbox import Outbox, Pace, Receipt, SendDoubtful, SendLater, SendRefused
from bot.rules.delivery import LEASE, MAX_ATTEMPTS, NoticeStatus, Priority
from storage.models import Follower, Notice
from tests.conftest import StandingClock
from tests.factories import ADMIN

FAST = Pace(per_recipient=0.0, overall=0.0, burst=1, in_flight=10)


class Platform:
    """Takes what is sent, after what the test prescribes for the first attempts."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.seen: list[Outgoing] = []
        self.got: list[str] = []

    async def send(self, notice: Outgoing) -> Receipt | None:
        self.seen.append(notice)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        self.got.append(notice.key)
        return {"message_id": len(self.got)}

    async def has_seen(self, attempts: int) -> None:
        await until(lambda: len(self.seen) == attempts)


@action
def write(
    tx: Transaction,
    key: str,
    to: str = "1",
    priority: Priority = Priority.NORMAL,
    kind: str = "hint",
) -> None:
    tx.notify_telegram(to, kind, key, priority=priority)


async def find(desk: Desk, key: str) -> Notice:
    def one(session: Session) -> Notice:
        return session.exec(select(Notice).where(Notice.key == key)).one()

    return await desk.database.read(one)


@asynccontextmanager
async def running(desk: Desk, sender: Platform, pace: Pace = FAST) -> AsyncIterator[Desk]:
    """An outbox at work; the desk that comes back wakes it."""
    outbox = Outbox("telegram", desk, sender, pace)
    task = asyncio.create_task(outbox.run())
    yield replace(desk, wake=outbox.wake)
    task.cancel()
    await asyncio.wait([task])


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def settled(desk: Desk, key: str, status: NoticeStatus) -> Notice:
    async with asyncio.timeout(5):
        while True:
            notice = await find(desk, key)
            if notice.status == status:
                return notice
            await asyncio.sleep(0.005)


async def test_it_arrives_once_with_its_receipt(desk: Desk) -> None:
    platform = Platform()
    async with running(desk, platform) as waking:
        await write(waking, "a")
        await write(waking, "a")  # the same key: the same notice
        notice = await settled(desk, "a", NoticeStatus.SENT)
    assert platform.got == ["a"]
    assert notice.receipt == {"message_id": 1}


async def test_each_recipient_reads_in_order_and_answers_come_before_broadcasts(
    desk: Desk,
) -> None:
    platform = Platform()
    for n in range(20):
        await write(desk, f"b{n}", to=str(n % 2), priority=Priority.BROADCAST)
    for n in range(4):
        await write(desk, f"a{n}", to=str(n % 2), priority=Priority.ANSWER)
    async with running(desk, platform):
        await until(lambda: len(platform.got) == 24)
    for recipient in ("0", "1"):
        keys = [n.key for n in platform.seen if n.recipient == recipient]
        assert keys == sorted(keys, key=lambda k: (k[0], int(k[1:])))
    assert set(platform.got[:4]) == {"a0", "a1", "a2", "a3"}


async def test_retry_after_is_obeyed_and_is_no_failure(desk: Desk, clock: StandingClock) -> None:
    busy = MAX_ATTEMPTS + 2
    platform = Platform(*[SendLater(timedelta(seconds=7))] * busy)
    async with running(desk, platform) as waking:
        await write(waking, "a")
        for attempt in range(1, busy + 1):
            await platform.has_seen(attempt)
            notice = await settled(desk, "a", NoticeStatus.PENDING)
            assert notice.due_at == clock() + timedelta(seconds=7)
            clock.move(timedelta(seconds=7))
            waking.wake()
        await settled(desk, "a", NoticeStatus.SENT)
    assert platform.got == ["a"]


async def test_failures_wait_longer_each_time_and_are_given_up_visibly(
    desk: Desk, clock: StandingClock
) -> None:
    platform = Platform(*[SendLater()] * MAX_ATTEMPTS)
    async with running(desk, platform) as waking:
        await write(waking, "a")
        for attempt in range(1, MAX_ATTEMPTS):
            await platform.has_seen(attempt)
            await settled(desk, "a", NoticeStatus.PENDING)
            clock.move(timedelta(minutes=31))
            waking.wake()
        notice = await settled(desk, "a", NoticeStatus.FAILED)
    assert notice.attempts == MAX_ATTEMPTS
    told = await find(desk, f"notice:{notice.id}:failed:{ADMIN}")
    assert (told.recipient, told.kind) == (ADMIN, "admin.failed")


async def test_a_follower_who_blocked_the_bot_is_left_in_peace(desk: Desk) -> None:
    def follow(session: Session) -> None:
        session.add(
            Follower(
                id=7, first_name="Bram", language="nl", subscribed=True, created_at=desk.clock()
            )
        )

    await desk.database.write(follow)
    platform = Platform(SendRefused("bot was blocked by the user", unreachable=True))
    async with running(desk, platform) as waking:
        await write(waking, "a", to="7")
        await settled(desk, "a", NoticeStatus.FAILED)

    def look(session: Session) -> tuple[bool, int]:
        told = session.exec(select(Notice).where(Notice.kind == "admin.failed")).all()
        return session.get_one(Follower, 7).reachable, len(told)

    assert await desk.database.read(look) == (False, 0)


async def test_a_private_message_in_doubt_is_sent_again(desk: Desk, clock: StandingClock) -> None:
    platform = Platform(SendDoubtful("the line broke"))
    async with running(desk, platform) as waking:
        await write(waking, "a")
        await platform.has_seen(1)
        await settled(desk, "a", NoticeStatus.PENDING)
        clock.move(timedelta(seconds=5))
        waking.wake()
        await settled(desk, "a", NoticeStatus.SENT)
    assert [n.doubtful for n in platform.seen] == [False, True]


async def test_a_mistake_of_ours_is_given_up_visibly(desk: Desk, clock: StandingClock) -> None:
    platform = Platform(*[KeyError("headline")] * MAX_ATTEMPTS)
    async with running(desk, platform) as waking:
        await write(waking, "a")
        for attempt in range(1, MAX_ATTEMPTS):
            await platform.has_seen(attempt)
            await settled(desk, "a", NoticeStatus.PENDING)
            clock.move(timedelta(minutes=31))
            waking.wake()
        notice = await settled(desk, "a", NoticeStatus.FAILED)
    assert (await find(desk, f"notice:{notice.id}:failed:{ADMIN}")).kind == "admin.failed"


async def test_a_public_message_in_doubt_is_never_sent_again(desk: Desk) -> None:
    platform = Platform(SendDoubtful("the line broke"))

    @action
    def publish(tx: Transaction) -> None:
        tx.notify_telegram("@leestafel", "poll.native", "p", poll_id=1)

    async with running(desk, platform) as waking:
        await publish(waking)
        await settled(desk, "p", NoticeStatus.IN_DOUBT)
    assert len(platform.seen) == 1


async def test_a_sender_that_died_is_followed_by_another(desk: Desk, clock: StandingClock) -> None:
    await write(desk, "private")
    await write(desk, "public", to="@leestafel", kind="poll.native")

    @action
    def aim(tx: Transaction) -> None:
        for notice in tx.session.exec(select(Notice)):
            notice.payload = {"poll_id": 1}
            tx.session.add(notice)

    await aim(desk)
    claimed = await notices.claim(desk, "telegram", (), 10)
    assert len(claimed) == 2  # and now the process dies
    assert await notices.claim(desk, "telegram", (), 10) == ()  # leased
    clock.move(LEASE)
    platform = Platform()
    async with running(desk, platform):
        await settled(desk, "private", NoticeStatus.SENT)
        await settled(desk, "public", NoticeStatus.IN_DOUBT)
    assert [(n.key, n.doubtful) for n in platform.seen] == [("private", True)]


async def test_a_restart_does_not_wait_for_the_leases(desk: Desk) -> None:
    await write(desk, "a")
    await notices.claim(desk, "telegram", (), 10)
    await notices.start_alone(desk)
    assert [n.doubtful for n in await notices.claim(desk, "telegram", (), 10)] == [True]


async def test_the_pace_to_one_recipient_is_kept_after_a_burst(desk: Desk) -> None:
    pace = Pace(per_recipient=0.2, overall=0.0, burst=2, in_flight=10)
    platform = Platform()
    for n in range(4):
        await write(desk, f"a{n}")
    started = asyncio.get_running_loop().time()
    async with running(desk, platform, pace):
        await until(lambda: len(platform.got) == 2)
        after_burst = asyncio.get_running_loop().time() - started
        await until(lambda: len(platform.got) == 4)
        after_all = asyncio.get_running_loop().time() - started
    assert after_burst < 0.2
    assert after_all >= 0.35
