"""Votes: presses on ballots, many in one transaction.

This is the busiest path of the bot, so it works on rows instead of entities: a batch costs the
same few statements for one press or a hundred.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.actions.transaction import Transaction, action
from bot.rules.abuse import Blocked
from bot.rules.polls import check_vote, choice_after
from bot.rules.refusals import NotThere, Refusal
from bot.texts import language_from
from storage.queries import polls as queries
from storage.queries.polls import OptionRow, VoterRow


@dataclass(frozen=True, slots=True)
class VotePress:
    """A press on an option of a ballot, as Telegram delivers it."""

    callback_id: str
    follower_id: int
    option_id: int
    first_name: str
    last_name: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class VoteOutcome:
    """What a press led to: the choice that stands now, or why it was refused."""

    callback_id: str
    poll_id: int | None
    chosen: int | None  # an option's id; None: no vote, or it was taken back
    chosen_text: str | None
    refusal: Refusal | None
    language: str  # the follower's
    repeated: bool  # this press was handled before; nothing changed


@dataclass
class _Batch:
    """The state that the presses change one after another."""

    now: datetime
    handled: set[str]  # callback ids
    voters: dict[int, VoterRow]
    options: dict[int, OptionRow]
    choices: dict[tuple[int, int], int | None]
    new_presses: list[str] = field(default_factory=list)
    changed: dict[tuple[int, int], int | None] = field(default_factory=dict)
    tally: Counter[int] = field(default_factory=Counter)


@action
def vote(tx: Transaction, presses: Sequence[VotePress]) -> list[VoteOutcome]:
    """Counts the presses in the order given: each chooses, changes or takes back.

    A press that comes again (by its callback id) changes nothing. A refusal (poll closed or
    gone) stands in the outcome and does not touch the others.
    """
    connection = tx.session.connection()
    voters = queries.voters_among(connection, list({p.follower_id for p in presses}))
    seen = _see(voters, presses, tx.desk.language)
    options = queries.options_beside(connection, list({p.option_id for p in presses}))
    batch = _Batch(
        now=tx.now,
        handled=queries.presses_among(connection, [p.callback_id for p in presses]),
        voters=seen,
        options=options,
        choices=queries.choices_among(
            connection, list({o.poll_id for o in options.values()}), list(seen)
        ),
    )
    outcomes = [_press(batch, press) for press in presses]
    # A press that comes again brings nobody back who was forgotten meanwhile.
    pressed = {p.follower_id for p, o in zip(presses, outcomes, strict=True) if not o.repeated}
    new = [voter for id, voter in seen.items() if id not in voters and id in pressed]
    moved = [voter for id, voter in seen.items() if id in voters and voters[id] != voter]
    queries.write_voters(connection, new, moved, tx.now)
    queries.write_votes(connection, batch.new_presses, batch.changed, tx.now)
    queries.change_tallies(connection, batch.tally)
    return outcomes


def _see(
    known: dict[int, VoterRow], presses: Sequence[VotePress], fallback: str
) -> dict[int, VoterRow]:
    """Who presses, as they are now: a voter who is no follower yet becomes one."""
    seen: dict[int, VoterRow] = {}
    for press in presses:
        before = known.get(press.follower_id)
        seen[press.follower_id] = VoterRow(
            id=press.follower_id,
            first_name=press.first_name,
            last_name=press.last_name,
            language=_language(before, press.language_code, fallback),
            language_chosen=before.language_chosen if before else False,
            reachable=True,
            blocked=before.blocked if before else False,
        )
    return seen


def _language(before: VoterRow | None, code: str | None, fallback: str) -> str:
    if before and (before.language_chosen or not code):
        return before.language
    return language_from(code, fallback)


def _press(batch: _Batch, press: VotePress) -> VoteOutcome:
    option = batch.options.get(press.option_id)
    if option is None:
        return _outcome(
            batch, press, None, None, refusal=NotThere("This poll is not there any more.")
        )
    ballot = (option.poll_id, press.follower_id)
    chosen = batch.choices.get(ballot)
    if press.callback_id in batch.handled:
        return _outcome(batch, press, option.poll_id, chosen, repeated=True)
    if batch.voters[press.follower_id].blocked:
        return _outcome(batch, press, option.poll_id, chosen, refusal=Blocked())
    if refusal := check_vote(option.status, option.closes_at, batch.now):
        return _outcome(batch, press, option.poll_id, chosen, refusal=refusal)
    now_chosen = choice_after(chosen, press.option_id)
    batch.handled.add(press.callback_id)
    batch.new_presses.append(press.callback_id)
    batch.choices[ballot] = batch.changed[ballot] = now_chosen
    if chosen is not None:
        batch.tally[chosen] -= 1
    if now_chosen is not None:
        batch.tally[now_chosen] += 1
    return _outcome(batch, press, option.poll_id, now_chosen)


def _outcome(
    batch: _Batch,
    press: VotePress,
    poll_id: int | None,
    chosen: int | None,
    refusal: Refusal | None = None,
    repeated: bool = False,
) -> VoteOutcome:
    return VoteOutcome(
        callback_id=press.callback_id,
        poll_id=poll_id,
        chosen=chosen,
        chosen_text=batch.options[chosen].text if chosen is not None else None,
        refusal=refusal,
        language=batch.voters[press.follower_id].language,
        repeated=repeated,
    )
