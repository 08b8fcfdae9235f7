"""Posts out to a table, and in from one: all of its rows, or none."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlmodel import col, select

from bot.actions.posts import propose_within
from bot.actions.proposals import OVER, Proposal
from bot.actions.strategy import LoadReport, report_of
from bot.actions.transaction import Transaction, action, query
from bot.rules.calendar import WallTime, wall_time
from bot.rules.posts_file import Written
from bot.rules.refusals import InvalidForm, Refusal
from bot.rules.strategy_file import Mistake
from bot.rules.tables import RowMistakes, mistake_in
from storage.models import Pillar, Platform, Post, TargetGroup
from storage.queries.posts import PostRows, load_posts
from storage.queries.strategy import all_of

AT_A_TIME = 500


@query
def rows(tx: Transaction) -> tuple[Written, ...]:
    """Every post, the oldest first."""
    ids = [id for id in tx.session.exec(select(Post.id).order_by(col(Post.id))) if id is not None]
    return tuple(
        _written(tx, post)
        for start in range(0, len(ids), AT_A_TIME)
        for post in load_posts(tx.session, ids[start : start + AT_A_TIME])
    )


@action
def bring_in(tx: Transaction, by: str, posts: Sequence[tuple[int, Written]]) -> LoadReport:
    """Each row becomes a proposal of this person; one that is there already stays as it is.

    posts: with the numbers of their rows. Raises RowMistakes; then nothing was proposed.
    """
    keys = [post.request_key for _, post in posts]
    there = {
        key
        for start in range(0, len(keys), AT_A_TIME)
        for key in tx.session.exec(
            select(Post.request_key).where(
                col(Post.request_key).in_(keys[start : start + AT_A_TIME])
            )
        )
    }
    names = _Names(tx)
    tally: Counter[str] = Counter()
    mistakes: list[Mistake] = []
    for number, post in posts:
        if post.request_key in there:
            tally["unchanged"] += 1
            continue
        try:
            propose_within(tx, by, post.request_key, names.proposal(tx, post))
            tally["added"] += 1
        except InvalidForm as invalid:
            mistakes += [mistake_in(number, why) for why in invalid.errors.values()]
        except Refusal as refusal:
            mistakes.append(mistake_in(number, refusal))
    if mistakes:
        raise RowMistakes(mistakes)
    return report_of(tally)


class _Names:
    """Platforms, pillars and target groups, by key and by what people call them."""

    def __init__(self, tx: Transaction) -> None:
        self._platforms = keys_of(all_of(tx.session, Platform))
        self._pillars = keys_of(all_of(tx.session, Pillar))
        self._groups = keys_of(all_of(tx.session, TargetGroup))

    def proposal(self, tx: Transaction, post: Written) -> Proposal:
        """Raises Refusal for a name that is not there."""
        when = WallTime(post.when, tx.desk.zone.key).at if post.when else None
        return Proposal(
            text=post.text,
            platform_keys=tuple(
                dict.fromkeys(key_named(self._platforms, name) for name in post.platforms)
            ),
            pillar_key=key_named(self._pillars, post.pillar) if post.pillar else None,
            target_group_key=key_named(self._groups, post.target_group)
            if post.target_group
            else None,
            planned_at=when,
            why=post.why,
        )


def keys_of(parts: Iterable[Platform | Pillar | TargetGroup]) -> dict[str, str]:
    """Those in use, by key and by what people call them."""
    used = [part for part in parts if part.active]
    return {p.name.casefold(): p.key for p in used} | {p.key: p.key for p in used}


def key_named(known: dict[str, str], name: str) -> str:
    """Raises Refusal, with what there is."""
    if name.casefold() not in known:
        raise Refusal(
            "There is no “{name}” in our strategy. There is {known}.",
            name=name[:75],
            known=", ".join(sorted(set(known.values()))),
        )
    return known[name.casefold()]


def _written(tx: Transaction, rows: PostRows) -> Written:
    post = rows.post
    every = [placement for placement, _ in rows.placements]
    left = [placement for placement in every if placement.status not in OVER] or every
    planned_at = next((placement.planned_at for placement in left), None)
    return Written(
        text=rows.revision.text,
        platforms=tuple(placement.platform_key for placement in left),
        when=wall_time(planned_at, tx.desk.zone).local if planned_at else None,
        id=post.request_key,
        pillar=post.pillar_key or "",
        target_group=post.target_group_key or "",
        why=post.why,
        status=post.status,
    )
