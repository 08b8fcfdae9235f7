"""Polls: reads for showing them, and the statements of a batch of votes.

Votes are the busiest thing that the bot does. Their statements are Core, made once, and take a
whole batch each: the cost of a batch is a constant number of statements, whatever its size.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Select, TableValuedAlias, bindparam, func, text
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from bot.rules.polls import PollPlace
from storage.models import Follower, Notice, Poll, PollOption, Vote

_OPEN = text("status = 'open'")  # literal, so that the partial index serves

_tables = SQLModel.metadata.tables
_polls, _options, _votes = _tables["polls"], _tables["poll_options"], _tables["votes"]
_presses, _followers = _tables["presses"], _tables["followers"]


def options_of(session: Session, poll_id: int) -> list[PollOption]:
    return options_among(session, [poll_id])[poll_id]


def options_among(session: Session, poll_ids: Sequence[int]) -> dict[int, list[PollOption]]:
    """By poll, in their order."""
    found: dict[int, list[PollOption]] = defaultdict(list)
    rows = session.exec(
        select(PollOption)
        .where(col(PollOption.poll_id).in_(poll_ids))
        .order_by(col(PollOption.position))
    )
    for option in rows:
        found[option.poll_id].append(option)
    return found


def poll_of_request(session: Session, request_key: str) -> Poll | None:
    return session.exec(select(Poll).where(Poll.request_key == request_key)).first()


def poll_in_channel(session: Session, native_id: str) -> Poll | None:
    return session.exec(select(Poll).where(Poll.native_id == native_id)).first()


def poll_to_recognise(session: Session, question: str) -> Poll | None:
    """An open poll with this question that the channel may have, but under which id is unknown."""
    statement = select(Poll).where(_OPEN, Poll.question == question, col(Poll.native_id).is_(None))
    found = session.exec(statement.order_by(col(Poll.id).desc())).all()
    return next((poll for poll in found if PollPlace(poll.place).in_channel), None)


def open_polls(session: Session, due: datetime | None = None) -> list[Poll]:
    """Those that are open; with `due`, only those that should be closed by then."""
    statement = select(Poll).where(_OPEN).order_by(col(Poll.closes_at), col(Poll.id))
    if due is not None:
        statement = statement.where(col(Poll.closes_at) <= due)
    return list(session.exec(statement))


def choice_of(session: Session, poll_id: int, follower_id: int) -> int | None:
    """An option's id."""
    vote = session.get(Vote, (poll_id, follower_id))
    return vote.option_id if vote else None


def reachable_voters(session: Session, poll_id: int) -> Sequence[int]:
    """Ids of the followers who have a vote, not taken back."""
    return session.exec(
        select(Vote.follower_id)
        .join(Follower, col(Follower.id) == col(Vote.follower_id))
        .where(
            Vote.poll_id == poll_id,
            col(Vote.option_id).is_not(None),
            col(Follower.reachable),
        )
        .order_by(col(Vote.follower_id))
    ).all()


def newest_notice(session: Session, prefix: str) -> Notice | None:
    """The last one that was written, of those whose keys begin like this."""
    return session.exec(
        select(Notice)
        .where(col(Notice.key) >= prefix, col(Notice.key) < prefix + "~")
        .order_by(col(Notice.id).desc())
        .limit(1)
    ).first()


class VoterRow(NamedTuple):
    """What is kept of who votes."""

    id: int
    first_name: str
    last_name: str | None
    language: str
    language_chosen: bool
    reachable: bool
    blocked: bool = False


class OptionRow(NamedTuple):
    """An option with what decides whether it can be voted for."""

    id: int
    text: str
    poll_id: int
    status: str
    closes_at: datetime


def _each(name: str) -> TableValuedAlias:
    """The items of the list that is bound as `name`. One JSON value, whatever its length: a list
    of parameters would have the statement written anew for each batch, at half of its cost."""
    return func.json_each(bindparam(name, type_=JSON)).table_valued("value", name=name)


def _in(name: str) -> Select[tuple[Any]]:
    return select_columns(_each(name).c.value)


_NOW = bindparam("now", type_=_votes.c.changed_at.type)
_FIND_PRESSES = select_columns(_presses.c.callback_id).where(_presses.c.callback_id.in_(_in("ids")))
_FIND_VOTERS = select_columns(
    _followers.c.id,
    _followers.c.first_name,
    _followers.c.last_name,
    _followers.c.language,
    _followers.c.language_chosen,
    _followers.c.reachable,
    _followers.c.blocked_at.is_not(None),
).where(_followers.c.id.in_(_in("ids")))
_FIND_OPTIONS = (
    select_columns(
        _options.c.id,
        _options.c.text,
        _options.c.poll_id,
        _polls.c.status,
        _polls.c.closes_at,
    )
    .join(_polls, _polls.c.id == _options.c.poll_id)
    .where(
        _options.c.poll_id.in_(
            select_columns(_options.c.poll_id).where(_options.c.id.in_(_in("ids")))
        )
    )
)
_FIND_VOTES = select_columns(_votes.c.poll_id, _votes.c.follower_id, _votes.c.option_id).where(
    _votes.c.poll_id.in_(_in("polls")),
    _votes.c.follower_id.in_(_in("followers")),
)
_ADD_VOTERS = insert(_followers)
_CHANGE_VOTERS = (
    _followers.update()
    .where(_followers.c.id == bindparam("follower"))
    .values(
        first_name=bindparam("first"),
        last_name=bindparam("last"),
        language=bindparam("speaks"),
        reachable=True,
        unreachable_since=None,
    )
)
_ADD_PRESSES = insert(_presses).from_select(
    ["callback_id", "pressed_at"], select_columns(_each("ids").c.value, _NOW)
)
_choice = _each("choices").c.value
_vote = insert(_votes).from_select(
    ["poll_id", "follower_id", "option_id", "changed_at"],
    select_columns(
        func.json_extract(_choice, "$[0]"),
        func.json_extract(_choice, "$[1]"),
        func.json_extract(_choice, "$[2]"),
        _NOW,
    ).where(text("true")),  # else SQLite takes the ON of ON CONFLICT for a join's
)
_SET_VOTES = _vote.on_conflict_do_update(
    index_elements=["poll_id", "follower_id"],
    set_={"option_id": _vote.excluded.option_id, "changed_at": _vote.excluded.changed_at},
)
_CHANGE_TALLIES = (
    _options.update()
    .where(_options.c.id == bindparam("option"))
    .values(private_votes=_options.c.private_votes + bindparam("by"))
)


def presses_among(connection: Connection, callback_ids: Sequence[str]) -> set[str]:
    """Those that were handled already."""
    return set(connection.execute(_FIND_PRESSES, {"ids": callback_ids}).scalars())


def voters_among(connection: Connection, ids: Sequence[int]) -> dict[int, VoterRow]:
    rows = connection.execute(_FIND_VOTERS, {"ids": ids})
    return {row[0]: VoterRow._make(row) for row in rows}


def options_beside(connection: Connection, option_ids: Sequence[int]) -> dict[int, OptionRow]:
    """Every option of the polls that these options belong to."""
    rows = connection.execute(_FIND_OPTIONS, {"ids": option_ids})
    return {row[0]: OptionRow._make(row) for row in rows}


def choices_among(
    connection: Connection, poll_ids: Sequence[int], follower_ids: Sequence[int]
) -> dict[tuple[int, int], int | None]:
    """(poll, follower) → option, or None where the vote was taken back."""
    rows = connection.execute(_FIND_VOTES, {"polls": poll_ids, "followers": follower_ids})
    return {(poll_id, follower_id): option_id for poll_id, follower_id, option_id in rows}


def write_voters(
    connection: Connection, new: Sequence[VoterRow], changed: Sequence[VoterRow], now: datetime
) -> None:
    if new:
        rows = [{**voter._asdict(), "subscribed": False, "created_at": now} for voter in new]
        for row in rows:
            del row["blocked"]  # a colleague's doing, never the voter's
        connection.execute(_ADD_VOTERS, rows)
    if changed:
        connection.execute(
            _CHANGE_VOTERS,
            [
                {"follower": v.id, "first": v.first_name, "last": v.last_name, "speaks": v.language}
                for v in changed
            ],
        )


def write_votes(
    connection: Connection,
    callback_ids: Sequence[str],
    choices: Mapping[tuple[int, int], int | None],
    now: datetime,
) -> None:
    """Remembers the presses, and what each (poll, follower) now chooses."""
    if callback_ids:
        connection.execute(_ADD_PRESSES, {"ids": callback_ids, "now": now})
    if choices:
        rows = [[poll, follower, option] for (poll, follower), option in choices.items()]
        connection.execute(_SET_VOTES, {"choices": rows, "now": now})


def change_tallies(connection: Connection, changes: Mapping[int, int]) -> None:
    """Option → how many votes more or fewer."""
    rows: list[dict[str, Any]] = [
        {"option": option, "by": by} for option, by in changes.items() if by
    ]
    if rows:
        connection.execute(_CHANGE_TALLIES, rows)


def tallies(session: Session, poll_ids: Sequence[int]) -> dict[int, list[int]]:
    """Poll → the votes of its options, private and in the channel, in the options' order."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = session.exec(
        select(PollOption.poll_id, PollOption.private_votes, PollOption.channel_votes)
        .where(col(PollOption.poll_id).in_(poll_ids))
        .order_by(col(PollOption.poll_id), col(PollOption.position))
    )
    for poll_id, private, channel in rows:
        found[poll_id] += [private, channel]
    return found
