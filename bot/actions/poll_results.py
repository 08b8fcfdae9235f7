"""What became of polls: compared, as a table, and who chose what where that is not anonymous."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.poll_views import poll_of, poll_view, poll_views, telegram_people
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import OptionView, PollView
from bot.rules.calendar import wall_time
from bot.rules.delivery import NoticeStatus
from bot.rules.people import may_handle
from bot.rules.polls import PollPlace, PollStatus, turnout
from bot.rules.polls_file import Line
from bot.rules.refusals import Refusal
from storage.models import Poll
from storage.queries import poll_results as queries
from storage.queries.notices import count_notices

COMPARED = 5
"""So many earlier polls."""

MOST_NAMES = 60
"""Of who chose one answer."""


@dataclass(frozen=True)
class EarlierPolls:
    """What a poll is compared with: how many came before it; the means of their people, and of
    their turnout (0 to 1; None: it is not known)."""

    count: int
    people: float
    turnout: float | None


@dataclass(frozen=True)
class Chosen:
    """An option, and the names of who chose it; the first MOST_NAMES."""

    option: OptionView
    names: tuple[str, ...]


@query
def show(tx: Transaction, poll_id: int) -> tuple[PollView, EarlierPolls | None]:
    """Compared when its last numbers are known. Raises NotThere."""
    poll = poll_of(tx, poll_id)
    earlier = _earlier(tx, poll) if poll.counted_at else None
    return poll_view(tx, poll), earlier


@query
def lines(tx: Transaction, poll_id: int | None = None) -> list[Line]:
    """Of one poll, else of all that are or were open: no voter's name, and no id of theirs."""
    ids = queries.opened_polls(tx.session) if poll_id is None else [poll_id]
    return [line for poll in poll_views(tx, ids) for line in _lines_of(tx, poll)]


@action
def ask_file(tx: Transaction, poll_id: int) -> None:
    """The numbers come as a file, below the card. Raises Refusal."""
    poll = poll_of(tx, poll_id)
    if poll.status != PollStatus.CLOSED:
        raise Refusal("This poll is not closed yet. You can have its numbers as a file after that.")
    prefix = f"poll.file:{poll_id}:"
    if count_notices(tx.session, prefix, NoticeStatus.PENDING) == 0:
        number = count_notices(tx.session, prefix) + 1
        tx.notify_slack(tx.desk.review_channel, "poll.file", f"{prefix}{number}", poll_id=poll_id)


@query
def chosen(tx: Transaction, by: str, poll_id: int) -> tuple[PollView, tuple[Chosen, ...]]:
    """Who chose what. Raises Refusal: for whom it is not, and where the poll is anonymous."""
    poll = poll_of(tx, poll_id)
    if poll.anonymous:
        raise Refusal("This poll is anonymous: nobody sees who chose what.")
    if by != poll.proposer:
        may_handle(by, telegram_people(tx))
    view = poll_view(tx, poll)
    names = queries.names_by_option(tx.session, poll_id, MOST_NAMES)
    return view, tuple(Chosen(option, tuple(names.get(option.id, ()))) for option in view.options)


def _earlier(tx: Transaction, poll: Poll) -> EarlierPolls | None:
    found = queries.counted_before(tx.session, poll, COMPARED)
    if not found:
        return None
    people = [each.private_people + each.channel_people for each in found]
    turnouts = [
        turnout(count, PollPlace(each.place), each.followers, each.members)
        for each, count in zip(found, people, strict=True)
    ]
    known = [each for each in turnouts if each is not None]
    return EarlierPolls(
        count=len(found),
        people=sum(people) / len(found),
        turnout=sum(known) / len(known) if known else None,
    )


def _lines_of(tx: Transaction, poll: PollView) -> list[Line]:
    def wall(moment: datetime | None) -> datetime | None:
        return wall_time(moment, tx.desk.zone).local if moment else None

    return [
        Line(
            poll=poll.id,
            question=poll.question,
            opened=wall(poll.decided_at),
            closed=wall(poll.closed_at),
            answer=option.text,
            right=position == poll.right,
            channel=option.channel_votes,
            private=option.private_votes,
            votes=option.votes,
            share=float(poll.share(option)),
            channel_people=poll.channel_people,
            private_people=poll.private_people,
            members=poll.members,
            followers=poll.followers,
            target_group=poll.target_group.name if poll.target_group else "",
            goal=poll.goal.name if poll.goal else "",
        )
        for position, option in enumerate(poll.options)
    ]
