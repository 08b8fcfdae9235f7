"""What follows when a notice arrived, was refused, or is in doubt; in the same transaction."""

from collections.abc import Callable
from typing import Any

from bot.actions import followers, growth, polls, publishing, stories, takedowns
from bot.actions.cards import remember
from bot.actions.transaction import Transaction
from storage.models import Notice, Placement
from storage.queries.posts import active_platforms

CARDS = frozenset(
    {
        "post.card",
        "poll.card",
        "story.card",
        "placement.by_hand",
        "placement.in_doubt",
        "reminder_message.card",
        "poll.in_doubt",
        "takedown.card",
    }
)


def follow_arrival(tx: Transaction, notice: Notice, receipt: dict[str, Any]) -> None:
    if notice.kind in CARDS:
        entity_id = notice.payload[f"{notice.kind.split('.')[0]}_id"]
        remember(tx, notice.kind, entity_id, notice.recipient, receipt["channel"], receipt["ts"])
    elif notice.kind in _ON_ARRIVAL:
        _ON_ARRIVAL[notice.kind](tx, notice, receipt)


def follow_overtaking(tx: Transaction, notice: Notice) -> None:
    """Nothing was sent, because there was nothing to say any more."""
    if notice.kind == "poll.stop":
        polls.native_stopped(tx, notice.payload["poll_id"], {})
    elif notice.kind == "post.publish":
        publishing.held_back(tx, notice.payload["placement_id"])


def follow_refusal(tx: Transaction, notice: Notice, reason: str, *, unreachable: bool) -> None:
    """A follower who blocked the bot is left in peace; anything else a person has to see."""
    if unreachable:
        followers.lost(tx, int(notice.recipient))
        if notice.kind == "story.confirm":
            stories.unheard(tx, notice.payload["post_id"])
        return
    if notice.kind == "takedown.delete":
        takedowns.bot_could_not(tx, notice.payload["takedown_id"])
        return
    if notice.kind == "post.publish":
        publishing.failed(tx, _placement(tx, notice), reason)
    elif notice.kind == "poll.stop":
        polls.native_stopped(tx, notice.payload["poll_id"], {})
    _tell_admins(tx, notice, reason)


def follow_doubt(tx: Transaction, notice: Notice) -> None:
    if notice.kind == "post.publish":
        publishing.doubted(tx, _placement(tx, notice))
    elif notice.kind == "poll.native":
        polls.doubted(tx, notice.payload["poll_id"])


def _tell_admins(tx: Transaction, notice: Notice, reason: str) -> None:
    if notice.kind in SILENT:
        return
    for person in tx.desk.admins or _owners(tx):
        tx.notify_slack(
            person,
            "admin.failed",
            f"notice:{notice.id}:failed:{person}",
            notice_kind=notice.kind,
            meant_for=notice.recipient if notice.platform == "slack" else "",
            error=reason,
        )


def _owners(tx: Transaction) -> list[str]:
    """Where nobody is named in SLACK_ADMINS, they are the ones who have to know."""
    return sorted({owner for platform in active_platforms(tx.session) for owner in platform.owners})


def _published(tx: Transaction, notice: Notice, receipt: dict[str, Any]) -> None:
    placement = _placement(tx, notice)
    placement.messages = receipt.get("message_ids", [])
    publishing.published(tx, placement, receipt["link"], "the time")


def _deleted(tx: Transaction, notice: Notice, receipt: dict[str, Any]) -> None:
    takedowns.bot_did(tx, notice.payload["takedown_id"])


def _poll_sent(tx: Transaction, notice: Notice, receipt: dict[str, Any]) -> None:
    polls.native_sent(
        tx,
        notice.payload["poll_id"],
        receipt["poll_id"],
        receipt["message_id"],
        receipt["option_ids"],
    )


def _poll_stopped(tx: Transaction, notice: Notice, receipt: dict[str, Any]) -> None:
    polls.native_stopped(tx, notice.payload["poll_id"], receipt["counts"])


def _placement(tx: Transaction, notice: Notice) -> Placement:
    return tx.session.get_one(Placement, notice.payload["placement_id"])


def _channel_counted(tx: Transaction, notice: Notice, receipt: dict[str, Any]) -> None:
    growth.counted(tx, notice.payload["day"], receipt["members"])


_ON_ARRIVAL: dict[str, Callable[[Transaction, Notice, dict[str, Any]], None]] = {
    "post.publish": _published,
    "takedown.delete": _deleted,
    "poll.native": _poll_sent,
    "poll.stop": _poll_stopped,
    "channel.count": _channel_counted,
}

SILENT = frozenset({"admin.failed", "channel.count"})
"""What fails without a message to the administrators: that one itself; and a number for a report,
which is asked for anew every day, and which the doctor looks into."""
