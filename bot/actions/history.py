"""The history of a post: every step of it, who, when, why. Its card's thread tells it live."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.actions.post_views import post_view
from bot.actions.transaction import Transaction, query
from bot.actions.views import DecisionView, PlacementView, PostView
from bot.rules.changes import Piece, changed_words
from bot.rules.delivery import Priority
from bot.rules.figures import Metric
from bot.rules.posts import PostAction
from storage.models import AuditEntry
from storage.queries import history as queries

VERDICTS: Mapping[str, str] = {PostAction.APPROVE_EDITED: PostAction.APPROVE}
"""What was decided in a step that did more than that."""

Texts = Mapping[int, Mapping[str | None, str]]
"""Revision → platform (None: the usual one) → text."""

SLACK = "slack:"
FOLLOWER = "telegram:"

POST_STEPS = frozenset(
    {
        "propose",
        "edit",
        "replan",
        "agree",
        PostAction.WITHDRAW,
        PostAction.REOPEN,
        PostAction.APPROVE,
        PostAction.APPROVE_EDITED,
        PostAction.REQUEST_CHANGES,
        PostAction.REJECT,
        PostAction.HOLD,
        "plan",
        "move",
        "move_anew",
    }
)
EDITS = frozenset({"edit", "replan", "move_anew", PostAction.REOPEN, PostAction.APPROVE_EDITED})
"""Those that made a new revision of an earlier one."""
MOVES = frozenset({"plan", "move", "move_anew"})
"""A first moment; another one, with which decisions stand; another one, decided on anew."""
PLACEMENT_STEPS = frozenset(
    {
        PostAction.APPROVE,
        PostAction.EXPIRE,
        PostAction.PUBLISH,
        PostAction.HAND_OVER,
        PostAction.CONFIRM,
        PostAction.DOUBT,
        PostAction.FAIL,
        PostAction.RETRY,
        PostAction.RESUME,
        PostAction.ESCALATE,
        "snooze",
        "figures",
        "no_figures",
    }
)
"""What counts as a step. An attempt that was refused changed nothing: it is only audited."""


@dataclass(frozen=True)
class FigureStep:
    """before: what held until then; None: nothing did."""

    metric: Metric
    before: int | None
    value: int


@dataclass(frozen=True)
class StepView:
    """One step of a post. `what` is one of POST_STEPS or, for one platform, PLACEMENT_STEPS."""

    id: int
    at: datetime
    what: str
    of_placement: bool
    by: str | None  # Slack user id; None: the follower, or the time
    by_follower: bool
    platforms: tuple[str, ...]  # what it was about; empty: all of the post
    revision: int | None = None
    reason: str = ""
    label: str = ""  # what a request for changes is about
    topics: tuple[str, ...] = ()  # decided for these sensitive topics
    changes: tuple[Piece, ...] = ()  # an edit's, in the usual text
    own_changes: tuple[tuple[str, tuple[Piece, ...]], ...] = ()  # in a platform's own, by its name
    planned_at: datetime | None = None  # a new time
    was: datetime | None = None  # before it was moved
    until: datetime | None = None  # it is held
    undated: bool = False  # an edit took the date away
    described: bool = False  # an edit says what can be seen in the pictures
    other_platforms: tuple[str, ...] = ()  # an edit's
    images: int | None = None  # how many an edit left, where it changed them
    taken_back: tuple[str, ...] = ()  # whose approvals an edit took back; or a hold, one's own
    asks: tuple[str, ...] = ()  # who decided at that moment, after an edit
    figures: tuple[FigureStep, ...] = ()  # that were filled in or corrected
    from_file: bool = False


@dataclass(frozen=True)
class HistoryView:
    """steps: the earliest first."""

    post: PostView
    steps: tuple[StepView, ...]


@query
def show(tx: Transaction, post_id: int) -> HistoryView:
    """Raises NotThere."""
    return _history(tx, post_id)


@query
def step(tx: Transaction, post_id: int, step_id: int) -> tuple[PostView, StepView]:
    """One step, with the post as it is now. Raises NotThere."""
    found = _history(tx, post_id)
    return found.post, next(step for step in found.steps if step.id == step_id)


def note_step(tx: Transaction, actor: str, what: str, post_id: int, **details: Any) -> None:
    """Audits a step of a post, and tells it in the thread of its card.

    After the card's own notice, so that the thread is there.
    """
    entry = tx.audit(actor, what, "post", post_id, **details)
    if what != "propose":  # that is the card itself
        tell_in_thread(tx, post_id, entry)


def tell_in_thread(tx: Transaction, post_id: int, entry: AuditEntry) -> None:
    """entry: a step of the post or of one of its placements."""
    tx.session.flush()
    tx.notify_slack(
        tx.desk.review_channel,
        "post.thread",
        f"audit:{entry.id}:thread",
        priority=Priority.BROADCAST,  # the card itself shows first where the post stands
        post_id=post_id,
        step_id=entry.id,
    )


def _history(tx: Transaction, post_id: int) -> HistoryView:
    post = post_view(tx, post_id)
    placements = {placement.id: placement for placement in post.placements}
    texts = queries.texts_of(tx.session, post_id)
    entries = queries.entries_about(tx.session, post_id, list(placements))
    return HistoryView(
        post,
        tuple(
            _of_post(entry, post, texts)
            if entry.entity == "post"
            else _of_placement(entry, placements[entry.entity_id])
            for entry in entries
            if entry.action in (POST_STEPS if entry.entity == "post" else PLACEMENT_STEPS)
        ),
    )


def _of_placement(entry: AuditEntry, placement: PlacementView) -> StepView:
    return StepView(
        **_who_did_what(entry),
        of_placement=True,
        platforms=(placement.platform,),
        reason=entry.details.get("error", ""),
        figures=_figures(entry),
        from_file=not entry.details.get("typed", True),
    )


def _figures(entry: AuditEntry) -> tuple[FigureStep, ...]:
    found = entry.details.get("figures", {})
    return tuple(FigureStep(metric, *found[metric]) for metric in Metric if metric in found)


def _of_post(entry: AuditEntry, post: PostView, texts: Texts) -> StepView:
    revision = entry.details.get("revision")
    step = StepView(**_who_did_what(entry), of_placement=False, platforms=(), revision=revision)
    if entry.action in EDITS and revision:
        step = _of_edit(step, entry, post, texts)
    verdict = VERDICTS.get(entry.action, entry.action)
    decided = [d for d in post.decisions if d.at == entry.at and d.verdict == verdict]
    mine = [decision for decision in decided if decision.by == step.by]
    step = _of_decision(step, mine) if mine else step
    if entry.details.get("own_approval") and step.by:
        step = replace(step, taken_back=(step.by,))
    if entry.action in MOVES:
        step = _of_move(step, entry, post)
    return replace(step, planned_at=_moment(entry, "planned_at"), until=_moment(entry, "until"))


def _moment(entry: AuditEntry, name: str) -> datetime | None:
    found = entry.details.get(name)
    return datetime.fromisoformat(found) if found else None


def _of_edit(step: StepView, entry: AuditEntry, post: PostView, texts: Texts) -> StepView:
    assert step.revision is not None
    details, earlier = entry.details, step.revision - 1
    before, after = texts.get(earlier, {}), texts[step.revision]
    names = {placement.platform_key: placement.platform for placement in post.placements}
    return replace(
        step,
        changes=changed_words(before.get(None, ""), after[None]),
        own_changes=tuple(
            (name, changed_words(_said_on(key, before), _said_on(key, after)))
            for key, name in names.items()
            if before.get(key) != after.get(key)
        ),
        undated="planned_at" in details and details["planned_at"] is None,
        described=details.get("described", False),
        other_platforms=tuple(names[key] for key in details.get("platforms", ()) if key in names),
        images=details.get("images"),
        asks=tuple(details.get("asks", ())),
        taken_back=tuple(
            dict.fromkeys(
                d.by
                for d in post.decisions
                if d.by and d.revision == earlier and d.verdict == PostAction.APPROVE
            )
        ),
    )


def _said_on(platform_key: str, texts: Mapping[str | None, str]) -> str:
    return texts.get(platform_key, texts.get(None, ""))


def _of_move(step: StepView, entry: AuditEntry, post: PostView) -> StepView:
    moved = entry.details["moved"]
    return replace(
        step,
        platforms=tuple(p.platform for p in post.placements if p.platform_key in moved),
        reason=entry.details["reason"],
        was=_moment(entry, "before"),
    )


def _of_decision(step: StepView, decisions: list[DecisionView]) -> StepView:
    """One press, however many platforms and topics it was about."""
    return replace(
        step,
        platforms=tuple(dict.fromkeys(d.platform for d in decisions if d.topic is None)),
        topics=tuple(dict.fromkeys(d.topic for d in decisions if d.topic is not None)),
        reason=decisions[0].reason,
        label=decisions[0].label,
    )


def _who_did_what(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "what": entry.action,
        "by": entry.actor.removeprefix(SLACK) if entry.actor.startswith(SLACK) else None,
        "by_follower": entry.actor.startswith(FOLLOWER),
    }
