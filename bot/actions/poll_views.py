"""Polls as the handlers see them, and the parts that the actions on polls share."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.actions.approvals import people_of
from bot.actions.transaction import Transaction
from bot.actions.views import Choice, OptionView, PollView
from bot.rules.people import PlatformPeople, with_one_approval
from bot.rules.polls import PollPlace, PollStatus
from bot.rules.refusals import NotThere
from storage.models import Goal, Poll, PollOption, TargetGroup
from storage.queries import polls as queries
from storage.queries.poll_results import present_texts
from storage.queries.posts import active_platforms


def telegram_people(tx: Transaction) -> tuple[PlatformPeople, ...]:
    """Polls are for Telegram: its people decide on them."""
    return tuple(
        with_one_approval(people_of(tx, platform))
        for platform in active_platforms(tx.session)
        if platform.publish == "telegram"
    )


def poll_of(tx: Transaction, poll_id: int) -> Poll:
    poll = tx.session.get(Poll, poll_id)
    if poll is None:
        raise NotThere("This poll is not there any more.")
    return poll


def id_of(poll: Poll) -> int:
    assert poll.id is not None
    return poll.id


def poll_view(tx: Transaction, poll: Poll) -> PollView:
    return _view(tx, poll, queries.options_of(tx.session, id_of(poll)))


def poll_views(tx: Transaction, ids: Sequence[int]) -> tuple[PollView, ...]:
    """In the order of `ids`; a constant number of queries."""
    polls = {poll.id: poll for poll in tx.session.exec(select(Poll).where(col(Poll.id).in_(ids)))}
    options = queries.options_among(tx.session, ids)
    return tuple(_view(tx, polls[id], options[id]) for id in ids if id in polls)


def post_choice(post_id: int, text: str) -> Choice:
    """A post that a poll can serve, by its first line."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "-")
    return Choice(str(post_id), first)


def _view(tx: Transaction, poll: Poll, options: Sequence[PollOption]) -> PollView:
    group = tx.session.get(TargetGroup, poll.target_group_key) if poll.target_group_key else None
    goal = tx.session.get(Goal, poll.goal_key) if poll.goal_key else None
    return PollView(
        id=id_of(poll),
        status=PollStatus(poll.status),
        question=poll.question,
        options=tuple(
            OptionView(
                id=option.id or 0,
                text=option.text,
                private_votes=option.private_votes,
                channel_votes=option.channel_votes,
            )
            for option in options
        ),
        place=PollPlace(poll.place),
        proposer=poll.proposer,
        closes_at=poll.closes_at,
        decided_by=poll.decided_by,
        decided_at=poll.decided_at,
        reason=poll.reason,
        closed_at=poll.closed_at,
        closed_by=poll.closed_by,
        native_message_id=poll.native_message_id,
        is_counted=poll.counted_at is not None,
        several=poll.several,
        right=poll.right_position,
        explanation=poll.explanation,
        hidden=poll.hidden,
        anonymous=poll.anonymous,
        target_group=_choice(group),
        goal=_choice(goal),
        serves=_served(tx, poll.post_id),
        private_people=poll.private_people,
        channel_people=poll.channel_people,
        followers=poll.followers,
        members=poll.members,
    )


def _choice(found: TargetGroup | Goal | None) -> Choice | None:
    return Choice(found.key, found.name) if found else None


def _served(tx: Transaction, post_id: int | None) -> Choice | None:
    found = present_texts(tx.session, [post_id]) if post_id else []
    return post_choice(*found[0]) if found else None
