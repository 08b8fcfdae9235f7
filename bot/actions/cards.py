"""Cards: the message that shows an entity, edited whenever the entity changes."""

from functools import partial

from bot.actions import reminder_following
from bot.actions.refreshing import refresh
from bot.actions.transaction import Transaction, action, query
from storage.models import Card
from storage.queries.notices import cards_of, find_card


def card_of_post(tx: Transaction, post_id: int) -> None:
    """The card in the review channel is written anew, for whatever changed about the post; its
    reminders follow."""
    refresh(tx, tx.desk.review_channel, "post.card", post_id)
    tx.at_end(("reminders of", post_id), partial(reminder_following.follow, tx, post_id))


def card_of_poll(tx: Transaction, poll_id: int) -> None:
    refresh(tx, tx.desk.review_channel, "poll.card", poll_id)


def card_of_story(tx: Transaction, story_id: int) -> None:
    refresh(tx, tx.desk.review_channel, "story.card", story_id)


def card_of_placement(tx: Transaction, kind: str, placement_id: int, recipient: str) -> None:
    """kind: placement.by_hand or placement.in_doubt; recipient: an owner's Slack user id."""
    refresh(tx, recipient, kind, placement_id)


def refresh_placement_cards(tx: Transaction, placement_id: int) -> None:
    """Every owner who has a card of this placement sees its present state."""
    for kind in ("placement.by_hand", "placement.in_doubt"):
        for card in cards_of(tx.session, kind, placement_id):
            card_of_placement(tx, kind, placement_id, card.recipient)


@query
def find(tx: Transaction, kind: str, entity_id: int, recipient: str) -> tuple[str, str] | None:
    """Where the card stands in Slack: channel and timestamp."""
    card = find_card(tx.session, kind, entity_id, recipient)
    return (card.channel, card.ts) if card else None


@action
def forget(tx: Transaction, kind: str, entity_id: int, recipient: str) -> None:
    """The message was deleted: the next notice posts a new one."""
    if card := find_card(tx.session, kind, entity_id, recipient):
        tx.session.delete(card)


def remember(
    tx: Transaction, kind: str, entity_id: int, recipient: str, channel: str, ts: str
) -> None:
    """Where the entity's message stands now."""
    card = find_card(tx.session, kind, entity_id, recipient)
    if card is None:
        card = Card(kind=kind, entity_id=entity_id, recipient=recipient, channel=channel, ts=ts)
    card.channel, card.ts = channel, ts
    tx.session.add(card)
