"""Polls: proposed by a colleague, opened by an owner, answered by followers."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.actions.arrivals import Sender, answer, arrive
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_poll
from bot.actions.poll_channel import (
    announce_result,
    count_channel,
    doubted,
    native_sent,
    native_stopped,
    recognised,
    resolve_doubt,
    send_to_channel,
    stop_in_channel,
    tell_proposer,
)
from bot.actions.poll_views import id_of, poll_of, poll_view, telegram_people
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import Ballot, PollView
from bot.actions.votes import VoteOutcome, VotePress, vote
from bot.rules.calendar import wall_time
from bot.rules.people import decides_for, may_handle
from bot.rules.polls import (
    PLAIN,
    Manner,
    PollPlace,
    PollStatus,
    check_open,
    check_poll,
    check_proposed,
    right_position,
)
from storage.models import Follower, Poll, PollOption
from storage.queries import polls as queries
from storage.queries.followers import broadcast, reachable_subscribers
from storage.queries.notices import count_notices
from storage.queries.poll_results import count_reachable

__all__ = [
    "VoteOutcome",
    "VotePress",
    "ballot",
    "close",
    "close_due",
    "decide",
    "doubted",
    "native_counts",
    "native_sent",
    "native_stopped",
    "open_ballots",
    "propose",
    "refresh_cards",
    "resolve_doubt",
    "show",
    "vote",
]

BETWEEN_CARDS = timedelta(seconds=30)
"""A card that follows the votes is written again after this at the earliest."""


@action
def propose(
    tx: Transaction,
    by: str,
    request_key: str,
    question: str,
    options: Sequence[str],
    place: PollPlace,
    closes_at: datetime,
    manner: Manner = PLAIN,
) -> PollView:
    """Raises InvalidForm, see rules.polls.check_poll. The same form again is the same poll."""
    if earlier := queries.poll_of_request(tx.session, request_key):
        return poll_view(tx, earlier)
    check_poll(question, options, closes_at, tx.now, place, manner)
    wall = wall_time(closes_at, tx.desk.zone)
    poll = Poll(
        request_key=request_key,
        status=PollStatus.PROPOSED,
        question=question.strip(),
        place=place,
        proposer=by,
        closes_at=closes_at,
        closes_local=wall.local,
        closes_zone=wall.zone,
        several=manner.several,
        right_position=right_position(manner.right, options),
        explanation=manner.explanation.strip(),
        hidden=manner.hidden,
        anonymous=manner.anonymous,
        target_group_key=manner.target_group_key,
        goal_key=manner.goal_key,
        post_id=manner.post_id,
        created_at=tx.now,
    )
    tx.session.add(poll)
    tx.session.flush()
    poll_id = id_of(poll)
    for position, text in enumerate(options):
        tx.session.add(PollOption(poll_id=poll_id, position=position, text=text))
    tx.audit(f"slack:{by}", "propose", "poll", poll_id)
    card_of_poll(tx, poll_id)
    return poll_view(tx, poll)


async def decide(desk: Desk, by: str, poll_id: int, approve: bool, reason: str = "") -> PollView:
    """Opens a proposed poll, or rejects it. A Refusal is audited."""
    work = _decide(desk, by, poll_id, approve, reason)
    return await attempt(desk, by, "approve" if approve else "reject", "poll", poll_id, work)


async def may_decide(desk: Desk, by: str, poll_id: int) -> PollView:
    """Raises the Refusal (which is audited) before somebody is asked for a reason."""
    return await attempt(desk, by, "reject", "poll", poll_id, _look(desk, by, poll_id))


async def close(desk: Desk, by: str, poll_id: int) -> PollView:
    """By hand: its proposer, or whoever is responsible for Telegram. A Refusal is audited."""
    return await attempt(desk, by, "close", "poll", poll_id, _close_by_hand(desk, by, poll_id))


@action
def close_due(tx: Transaction) -> int:
    """Closes what is open past its time, however long ago that was; how many."""
    due = queries.open_polls(tx.session, due=tx.now)
    for poll in due:
        _close(tx, poll, by=None)
    return len(due)


@action
def refresh_cards(tx: Transaction) -> int:
    """The cards of open polls follow their tallies; how many were written."""
    ids = [id_of(poll) for poll in queries.open_polls(tx.session)]
    tallies = queries.tallies(tx.session, ids)
    return sum(_refresh_card(tx, poll_id, tallies[poll_id]) for poll_id in ids)


@query
def show(tx: Transaction, poll_id: int) -> PollView:
    """Raises NotThere."""
    return poll_view(tx, poll_of(tx, poll_id))


@query
def ballot(tx: Transaction, poll_id: int, follower_id: int) -> Ballot:
    """Raises NotThere."""
    follower = tx.session.get(Follower, follower_id)
    return Ballot(
        poll=poll_view(tx, poll_of(tx, poll_id)),
        chosen=queries.choices_of(tx.session, poll_id, follower_id),
        language=follower.language if follower else tx.desk.language,
    )


@action
def open_ballots(tx: Transaction, who: Sender) -> None:
    """Sends the follower a ballot of every open poll, or says that there is none."""
    follower = arrive(tx, who)
    polls = [p for p in queries.open_polls(tx.session) if _votes_in_private(tx, p)]
    for poll in polls:
        answer(tx, follower.id, "poll.ballot", about=id_of(poll), poll_id=id_of(poll), asked=True)
    if not polls:
        answer(tx, follower.id, "poll.none")


@action
def native_counts(
    tx: Transaction,
    native_poll_id: str,
    counts: Mapping[str, int],
    is_closed: bool,
    question: str = "",
    people: int | None = None,
) -> None:
    """What Telegram says of the poll in the channel: option's native id → votes; and how many
    people voted.

    Where the sending was cut off, the bot knows its own poll again by the question.
    Closed there by somebody: where the channel was its only place, it is closed altogether.
    """
    poll = queries.poll_in_channel(tx.session, native_poll_id)
    poll = poll or recognised(tx, native_poll_id, question, counts)
    if poll is None:  # not one of ours
        return
    count_channel(tx, poll, counts, people)
    if poll.status == PollStatus.CLOSED:
        card_of_poll(tx, id_of(poll))
    elif is_closed and not PollPlace(poll.place).in_private:
        _close(tx, poll, by=None)


@action
def _decide(tx: Transaction, by: str, poll_id: int, approve: bool, reason: str) -> PollView:
    poll = _to_decide(tx, by, poll_id, approve)
    poll.status = PollStatus.OPEN if approve else PollStatus.REJECTED
    poll.decided_by, poll.decided_at, poll.reason = by, tx.now, reason.strip()
    tx.session.add(poll)
    if approve:
        _open(tx, poll)
    verdict, event = ("approve", "approved") if approve else ("reject", "rejected")
    tx.audit(f"slack:{by}", verdict, "poll", poll_id, reason=poll.reason)
    card_of_poll(tx, poll_id)
    tell_proposer(tx, poll, event, by, poll.reason)
    return poll_view(tx, poll)


@query
def _look(tx: Transaction, by: str, poll_id: int) -> PollView:
    return poll_view(tx, _to_decide(tx, by, poll_id, approve=False))


def _to_decide(tx: Transaction, by: str, poll_id: int, approve: bool) -> Poll:
    """Raises Refusal: for whom it is not to decide, and where it is decided already."""
    poll = poll_of(tx, poll_id)
    decides_for(by, poll.proposer, telegram_people(tx))
    status = PollStatus(poll.status)
    check_proposed(status, poll.closes_at, approve, poll.decided_by, poll.decided_at, tx.now)
    return poll


def _open(tx: Transaction, poll: Poll) -> None:
    poll_id, place = id_of(poll), PollPlace(poll.place)
    poll.followers = count_reachable(tx.session)
    if place.in_channel:
        send_to_channel(tx, poll_id)
    if place.in_private:
        broadcast(
            tx.session,
            reachable_subscribers(tx.session),
            kind="poll.ballot",
            key=f"poll:{poll_id}:ballot",
            payload={"poll_id": poll_id},
            now=tx.now,
        )


@action
def _close_by_hand(tx: Transaction, by: str, poll_id: int) -> PollView:
    poll = poll_of(tx, poll_id)
    if by != poll.proposer:
        may_handle(by, telegram_people(tx))
    check_open(PollStatus(poll.status), poll.closed_by, poll.closed_at)
    _close(tx, poll, by)
    return poll_view(tx, poll)


def _close(tx: Transaction, poll: Poll, by: str | None) -> None:
    """by: None where the time did it."""
    poll_id = id_of(poll)
    poll.status = PollStatus.CLOSED
    poll.closed_at, poll.closed_by = tx.now, by
    poll.followers = count_reachable(tx.session)
    tx.session.add(poll)
    tx.audit(f"slack:{by}" if by else "the time", "close", "poll", poll_id)
    if PollPlace(poll.place).in_channel:
        stop_in_channel(tx, poll_id)
    else:
        announce_result(tx, poll)
    card_of_poll(tx, poll_id)


def _refresh_card(tx: Transaction, poll_id: int, tally: Sequence[int]) -> bool:
    """Writes the card's notice where the tally changed since the last one; `tally` in its
    payload is a fingerprint of what it was then."""
    channel, fingerprint = tx.desk.review_channel, _fingerprint(tally)
    key = f"poll.card:{poll_id}:{channel}:"
    last = queries.newest_notice(tx.session, key)
    if last is not None:
        # The card that was written when the poll opened has no fingerprint: nobody had voted.
        known = last.payload.get("tally", _fingerprint([0] * len(tally)))
        if known == fingerprint or last.created_at + BETWEEN_CARDS > tx.now:
            return False
    number = count_notices(tx.session, key) + 1
    tx.notify_slack(channel, "poll.card", f"{key}{number}", poll_id=poll_id, tally=fingerprint)
    return True


def _fingerprint(tally: Sequence[int]) -> int:
    return zlib.crc32(repr(tally).encode())


def _votes_in_private(tx: Transaction, poll: Poll) -> bool:
    return PollPlace(poll.place).in_private and tx.now < poll.closes_at
