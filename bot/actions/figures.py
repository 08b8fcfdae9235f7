"""Figures: what a platform counts of a placement, as people and files tell it."""

from collections.abc import Collection, Mapping, Sequence

from bot.actions.approvals import people_of
from bot.actions.cards import card_of_post, refresh_placement_cards
from bot.actions.post_views import post_views
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import PlacementTask
from bot.rules.figures import read_figures
from bot.rules.people import PlatformPeople, may_handle
from bot.rules.posts import PlacementStatus
from bot.rules.refusals import Refusal
from storage.models import Measurement, Placement, Platform, Post
from storage.queries.figures import figures_of, placement_ids_of, placements_of

TYPED = "typed"


@query
def to_enter(tx: Transaction, by: str, placement_ids: Sequence[int]) -> tuple[PlacementTask, ...]:
    """Those of these placements whose figures this person may enter, in this order.

    Raises Refusal where that is none of them.
    """
    return tasks_of(tx, [p.id or 0 for p in theirs(tx, by, placement_ids)])


@query
def to_enter_of_post(tx: Transaction, by: str, post_id: int) -> tuple[PlacementTask, ...]:
    """As `to_enter`, for a whole post."""
    found = theirs(tx, by, placement_ids_of(tx.session, post_id))
    return tasks_of(tx, [p.id or 0 for p in found])


@query
def show(tx: Transaction, placement_ids: Sequence[int]) -> tuple[PlacementTask, ...]:
    """As they are now, in this order."""
    return tasks_of(tx, placement_ids)


@action
def enter(
    tx: Transaction, by: str, placement_id: int, typed: Mapping[str, str], seen: Mapping[str, int]
) -> None:
    """What stands in a form. What was left empty, or as it was seen, changes nothing: nothing is
    erased, and what somebody else corrected meanwhile stays.

    typed: metric → what stands in its field; seen: metric → what stood there at first.
    Raises InvalidForm, with the metrics as fields.
    """
    (placement,) = theirs(tx, by, [placement_id])
    figures = read_figures(typed)
    new = {metric: value for metric, value in figures.items() if seen.get(metric) != value}
    if note(tx, placement, new, TYPED, by):
        tell_proposers(tx, [placement], by)


def note(
    tx: Transaction, placement: Placement, figures: Mapping[str, int], source: str, by: str | None
) -> bool:
    """Figures that are not what holds become what holds. Whether they are the placement's first."""
    assert placement.id is not None
    before = figures_of(tx.session, [placement.id]).get(placement.id, {})
    old = {metric: row.value for metric, row in before.items()}
    new = {metric: value for metric, value in figures.items() if old.get(metric) != value}
    if not new:
        return False
    for metric, value in new.items():
        tx.session.add(
            Measurement(
                placement_id=placement.id,
                metric=metric,
                value=value,
                measured_at=tx.now,
                source=source,
                by=by,
            )
        )
    placement.no_figures_since = None
    tx.session.add(placement)
    changes = {metric: [old.get(metric), value] for metric, value in new.items()}
    who = f"slack:{by}" if by else "the command line"
    tx.audit(who, "figures", "placement", placement.id, figures=changes, typed=source == TYPED)
    tx.session.flush()
    card_of_post(tx, placement.post_id)
    refresh_placement_cards(tx, placement.id)
    return not before


def tell_proposers(tx: Transaction, placements: Collection[Placement], by: str | None) -> None:
    """That the first figures of their posts are there; each hears of all of them at once."""
    of: dict[str, list[int]] = {}
    for placement in placements:
        post = tx.session.get_one(Post, placement.post_id)
        of.setdefault(post.proposer, []).append(placement.id or 0)
    for person, ids in of.items():
        if person != by:
            key = f"figures:first:{ids[0]}:{person}"
            tx.notify_slack(person, "figures.first", key, placement_ids=ids)


def theirs(tx: Transaction, by: str, placement_ids: Sequence[int]) -> list[Placement]:
    """Those that are published, and that this person answers for. Raises Refusal for none."""
    found = {p.id: p for p in placements_of(tx.session, placement_ids)}
    out = [found[id] for id in placement_ids if id in found]
    out = [p for p in out if p.status == PlacementStatus.PUBLISHED]
    if not out:
        raise Refusal("Figures can be filled in as soon as the post is published.")
    people = {p.platform_key: people_at(tx, p) for p in out}
    may_handle(by, list(people.values()))
    return [p for p in out if answers_for(people[p.platform_key], by)]


def people_at(tx: Transaction, placement: Placement) -> PlatformPeople:
    return people_of(tx, tx.session.get_one(Platform, placement.platform_key))


def answers_for(people: PlatformPeople, person: str) -> bool:
    return person in (*people.owners, *people.deputies)


def tasks_of(tx: Transaction, placement_ids: Sequence[int]) -> tuple[PlacementTask, ...]:
    placements = {p.id: p for p in placements_of(tx.session, placement_ids)}
    ids = dict.fromkeys(p.post_id for p in placements.values())
    posts = {post.id: post for post in post_views(tx, list(ids))}
    return tuple(
        PlacementTask(posts[placements[id].post_id], view)
        for id in placement_ids
        if id in placements
        for view in posts[placements[id].post_id].placements
        if view.id == id
    )
