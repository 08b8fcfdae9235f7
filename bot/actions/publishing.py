"""Publishing: what is due goes out, by the bot or by hand, and only with a valid approval."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.actions import figures_asked, reminder_answers, stories
from bot.actions.approvals import people_of
from bot.actions.cards import card_of_placement, card_of_post, refresh_placement_cards
from bot.actions.history import tell_in_thread
from bot.actions.post_views import is_agreed, post_rows, post_view, settle_status
from bot.actions.transaction import Transaction, action, in_portions, query
from bot.actions.views import PlacementTask, PostView
from bot.rules import posts as rules
from bot.rules.people import check_while_in, may_handle
from bot.rules.posts import PlacementStatus, PostAction
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.texts import N_
from storage.models import Placement, Platform, Post
from storage.queries.notices import count_notices
from storage.queries.posts import placements_to_publish, placements_too_late, posts_too_late

POSTED_ALREADY = N_(
    "Somebody was before you, {moment}: this is posted. You can see it here: {link}"
)

LONGEST_LINK = 500
"""Characters of an address; several of them have to fit on one card."""


@in_portions
def publish_due(tx: Transaction, most: int) -> tuple[int, int]:
    """What is approved and due goes out; how many did."""
    due = placements_to_publish(tx.session, tx.now, most)
    return len(due), sum(_publish(tx, placement) for placement in due)


@in_portions
def expire_due(tx: Transaction, most: int) -> tuple[int, int]:
    """What was not decided before its time does not go out; how many posts there were."""
    due = posts_too_late(tx.session, tx.now, most)
    for post_id in due:
        _expire(tx, placements_too_late(tx.session, tx.now, post_id))
    return len(due), len(due)


@query
def task(tx: Transaction, placement_id: int) -> PlacementTask:
    """Raises NotThere."""
    return _task(tx, _placement(tx, placement_id))


@query
def to_answer(
    tx: Transaction, by: str, placement_id: int, waits_in: PlacementStatus
) -> PlacementTask:
    """Before a form is opened for what this status asks of an owner. Raises Refusal."""
    placement = _placement(tx, placement_id)
    _check_may_handle(tx, by, placement)
    _check_waits_for(placement, waits_in)
    return _task(tx, placement)


@query
def ready_to_send(tx: Transaction, placement_id: int) -> PlacementTask | None:
    """Looked at in the moment of sending. None: it must not go out any more."""
    placement = _placement(tx, placement_id)
    rows = post_rows(tx, placement.post_id)
    if placement.status != PlacementStatus.PUBLISHING or not _follower_consents(tx, rows.post):
        return None
    return _task(tx, placement)


@action
def confirm_posted(tx: Transaction, by: str, placement_id: int, link: str) -> PlacementTask:
    """An owner posted it by hand. link: "" where they do not have it yet; a follower whose story
    it is gets it, and so it is asked for. Raises InvalidForm for link."""
    placement = _placement(tx, placement_id)
    _check_may_handle(tx, by, placement)
    if link.strip() or post_rows(tx, placement.post_id).post.story_id is not None:
        _check_link(link)
    is_out = placement.status == PlacementStatus.PUBLISHED
    if not is_out or (placement.link or "") != link.strip():  # else the same form, sent twice
        _check_waits_for(placement, PlacementStatus.HANDED)
        published(tx, placement, link.strip(), f"slack:{by}")
    return _task(tx, placement)


@query
def to_link(tx: Transaction, by: str, placement_id: int) -> None:
    """Before the form for a link is opened. Raises Refusal."""
    placement = _placement(tx, placement_id)
    _check_may_handle(tx, by, placement)
    _check_waits_for_link(placement)


@action
def add_link(tx: Transaction, by: str, placement_id: int, link: str) -> None:
    """Where it can be seen, of what was posted without. Raises InvalidForm for link, Refusal."""
    placement = _placement(tx, placement_id)
    _check_may_handle(tx, by, placement)
    _check_link(link)
    if placement.link != link.strip():  # else the same form, sent twice
        _check_waits_for_link(placement)
        placement.link = link.strip()
        tx.session.add(placement)
        tx.audit(f"slack:{by}", "link", "placement", placement_id, link=placement.link)
        card_of_post(tx, placement.post_id)
        refresh_placement_cards(tx, placement_id)


@action
def snooze(tx: Transaction, by: str, placement_id: int) -> datetime:
    """The owner is reminded again at the moment that is returned, in their working hours."""
    placement = _placement(tx, placement_id)
    _check_may_handle(tx, by, placement)
    _check_waits_for(placement, PlacementStatus.HANDED)
    until = tx.now + rules.REMIND_AGAIN_BY_HAND
    again_at = reminder_answers.put_off_task(tx, placement_id, by, until)
    tx.audit(f"slack:{by}", "snooze", "placement", placement_id)
    return again_at


@action
def resolve_doubt(
    tx: Transaction, by: str, placement_id: int, is_there: bool, link: str = ""
) -> PlacementTask:
    """An owner looked: it is there (link: where), or it is to be sent again."""
    placement = _placement(tx, placement_id)
    _check_may_handle(tx, by, placement)
    if is_there:
        _check_link(link)
        _check_waits_for(placement, PlacementStatus.IN_DOUBT)
        published(tx, placement, link.strip(), f"slack:{by}")
    else:
        check_while_in(PostAction.RETRY, PlacementStatus(placement.status))
        _change(tx, placement, PostAction.RETRY, f"slack:{by}")
        _send_to_channel(tx, placement)
        refresh_placement_cards(tx, placement_id)
    return _task(tx, placement)


def published(tx: Transaction, placement: Placement, link: str, actor: str) -> None:
    """It is out. Everybody who took part hears it."""
    assert placement.id is not None
    placement.link, placement.published_at = link or None, tx.now
    post = _change(tx, placement, PostAction.CONFIRM, actor)
    refresh_placement_cards(tx, placement.id)
    if post.story_id is None or stories.published(tx, post.story_id, placement, link):
        _tell_proposer(tx, post, placement, "published")
        figures_asked.plan(tx, placement, actor)
    else:
        _tell_proposer(tx, post, placement, "published_too_late")


def failed(tx: Transaction, placement: Placement, error: str) -> None:
    """The platform refuses it for good: the owners see it, and can have it sent again."""
    post = _change(tx, placement, PostAction.FAIL, "the time", error=error)
    _tell_proposer(tx, post, placement, "failed")
    _show_owners(tx, placement, "placement.in_doubt")


def held_back(tx: Transaction, placement_id: int) -> None:
    """Nothing was sent, because the follower's consent did not stand any more."""
    placement = _placement(tx, placement_id)
    if rules.can(PlacementStatus(placement.status), PostAction.HOLD_BACK):
        post = _change(tx, placement, PostAction.HOLD_BACK, "the time")
        refresh_placement_cards(tx, placement_id)
        _tell_proposer(tx, post, placement, "withdrawn_by_follower")


def doubted(tx: Transaction, placement: Placement) -> None:
    """It may be out, and the bot cannot look: the owners are asked to."""
    _change(tx, placement, PostAction.DOUBT, "the time")
    _show_owners(tx, placement, "placement.in_doubt")


def _publish(tx: Transaction, placement: Placement) -> bool:
    """False: the follower has not said yes, or said no, so nothing goes out."""
    rows = post_rows(tx, placement.post_id)
    if not is_agreed(rows.post) or not _follower_consents(tx, rows.post):
        _expire(tx, [placement])
        return False
    if _platform(tx, placement).publish == "telegram":
        _change(tx, placement, PostAction.PUBLISH, "the time")
        _send_to_channel(tx, placement)
    else:
        _change(tx, placement, PostAction.HAND_OVER, "the time")
        _show_owners(tx, placement, "placement.by_hand")
    return True


def _expire(tx: Transaction, placements: Sequence[Placement]) -> None:
    """placements: of one post; its proposer hears of all of them at once."""
    posts = [_change(tx, placement, PostAction.EXPIRE, "the time") for placement in placements]
    also = {"placement_ids": [placement.id for placement in placements]}
    _tell(tx, posts[0].proposer, posts[0], placements[0], "expired", **also)


def _change(
    tx: Transaction, placement: Placement, what: PostAction, actor: str, **details: str
) -> Post:
    """One step of one placement: its status, its post's, the audit entry, the card."""
    assert placement.id is not None
    placement.status = rules.after(PlacementStatus(placement.status), what)
    tx.session.add(placement)
    rows = post_rows(tx, placement.post_id)
    settle_status(tx, rows.post, [other for other, _ in rows.placements])
    entry = tx.audit(actor, what, "placement", placement.id, **details)
    card_of_post(tx, placement.post_id)
    if what is PostAction.EXPIRE:
        tell_in_thread(tx, placement.post_id, entry)
    return rows.post


def _send_to_channel(tx: Transaction, placement: Placement) -> None:
    attempt = count_notices(tx.session, f"placement:{placement.id}:publish:") + 1
    tx.notify_telegram(
        tx.desk.telegram_channel,
        "post.publish",
        f"placement:{placement.id}:publish:{attempt}",
        placement_id=placement.id,
    )


def _show_owners(tx: Transaction, placement: Placement, kind: str) -> None:
    assert placement.id is not None
    platform = _platform(tx, placement)
    for person in people_of(tx, platform).hands:
        card_of_placement(tx, kind, placement.id, person)


def _tell_proposer(tx: Transaction, post: Post, placement: Placement, event: str) -> None:
    _tell(tx, post.proposer, post, placement, event)


def _tell(
    tx: Transaction, person: str, post: Post, placement: Placement, event: str, **also: Any
) -> None:
    planned = placement.planned_at.isoformat() if placement.planned_at else "undated"
    tx.notify_slack(
        person,
        "post.outcome",
        f"placement:{placement.id}:{event}:{planned}:{person}",
        post_id=post.id,
        event=event,
        placement_id=placement.id,
        **also,
    )


def _follower_consents(tx: Transaction, post: Post) -> bool:
    return post.story_id is None or stories.consent_stands(tx, post.story_id, post.revision_number)


def _check_may_handle(tx: Transaction, by: str, placement: Placement) -> None:
    may_handle(by, [people_of(tx, _platform(tx, placement))])


def _check_waits_for(placement: Placement, status: PlacementStatus) -> None:
    """Whether it still waits for this person's answer. Raises Refusal, with what came before."""
    if placement.status == PlacementStatus.PUBLISHED:
        raise Refusal(POSTED_ALREADY, moment=placement.published_at, link=placement.link or "-")
    if placement.status != status:
        raise rules.refusal(PlacementStatus(placement.status))


def _check_waits_for_link(placement: Placement) -> None:
    """Raises Refusal where it has one, or is not out."""
    if placement.status != PlacementStatus.PUBLISHED or placement.link:
        _check_waits_for(placement, PlacementStatus.PUBLISHED)


def _check_link(link: str) -> None:
    if not _is_address(link.strip()):
        raise InvalidForm(
            {"link": Refusal("Paste the address of the post here; it begins with https://")}
        )
    if len(link.strip()) > LONGEST_LINK:
        raise InvalidForm(
            {
                "link": Refusal(
                    "This address is too long. What comes after a ? can often be left out."
                )
            }
        )


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:  # "https://[", say
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc


def _placement(tx: Transaction, placement_id: int) -> Placement:
    placement = tx.session.get(Placement, placement_id)
    if placement is None:
        raise NotThere("This post does not exist any more.")
    return placement


def _platform(tx: Transaction, placement: Placement) -> Platform:
    return tx.session.get_one(Platform, placement.platform_key)


def _task(tx: Transaction, placement: Placement) -> PlacementTask:
    view: PostView = post_view(tx, placement.post_id)
    return PlacementTask(
        post=view,
        placement=next(each for each in view.placements if each.id == placement.id),
    )
