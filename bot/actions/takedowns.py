"""Takedowns: what is published of a story that its follower withdrew is taken away again.

The bot deletes its own messages in the Telegram channel. Everywhere else, and where Telegram does
not let it, whoever is responsible for the platform gets a task with a deadline, and is reminded
until it is done. Then the follower hears it.
"""

from bot.actions.approvals import people_of
from bot.actions.attempts import attempt
from bot.actions.cards import card_of_story
from bot.actions.refreshing import refresh
from bot.actions.story_views import story_rows
from bot.actions.transaction import Desk, Transaction, action, query
from bot.actions.views import TakedownView
from bot.rules import takedowns as rules
from bot.rules.calendar import ReminderKind
from bot.rules.people import may_handle
from bot.rules.refusals import NotThere
from bot.rules.reminding import Outcome
from storage.models import FORGOTTEN, Placement, Platform, Reminder, Takedown
from storage.queries import takedowns as queries
from storage.queries.notices import cards_of, find_card

CARD = "takedown.card"


def ask(tx: Transaction, placement: Placement, story_id: int) -> None:
    """The placement is out, and is to be taken away. Asked twice, it is one task."""
    assert placement.id is not None
    if queries.of_placement(tx.session, placement.id):
        return
    takedown = Takedown(
        placement_id=placement.id,
        story_id=story_id,
        asked_at=tx.now,
        due_at=tx.now + rules.WITHIN,
    )
    tx.session.add(takedown)
    tx.session.flush()
    if placement.messages:
        tx.notify_telegram(
            tx.desk.telegram_channel,
            "takedown.delete",
            f"takedown:{takedown.id}:delete",
            takedown_id=takedown.id,
            messages=placement.messages,
        )
    else:
        _ask_owners(tx, takedown)


def bot_could_not(tx: Transaction, takedown_id: int) -> None:
    """Telegram does not let the bot delete it: people do."""
    takedown = tx.session.get_one(Takedown, takedown_id)
    if takedown.done_at is None:
        _ask_owners(tx, takedown)


def bot_did(tx: Transaction, takedown_id: int) -> None:
    """The messages are gone from the channel."""
    _finish(tx, tx.session.get_one(Takedown, takedown_id), None)


def forget_words(tx: Transaction, story_id: int) -> None:
    """The follower is forgotten: the tasks stay, and their cards show no words any more."""
    for takedown in queries.of_story(tx.session, story_id):
        _refresh_cards(tx, takedown)


@query
def show(tx: Transaction, takedown_id: int) -> TakedownView:
    """Raises NotThere."""
    return _view(tx, _find(tx, takedown_id))


async def done(desk: Desk, by: str, takedown_id: int) -> TakedownView:
    """An owner took it away. Raises Refusal, which is audited."""
    work = _done(desk, by, takedown_id)
    return await attempt(desk, by, "take down", "takedown", takedown_id, work)


def settle(tx: Transaction, reminder: Reminder) -> str:
    """A fresh card for whoever is responsible now: an edited one would not show up as new. It
    comes back until it is done."""
    takedown = tx.session.get_one(Takedown, reminder.subject_id)
    if takedown.done_at:
        return Outcome.DONE
    for person in people_of(tx, _platform(tx, takedown)).hands:
        if card := find_card(tx.session, CARD, reminder.subject_id, person):
            tx.session.delete(card)
        tx.session.flush()
        refresh(tx, person, CARD, reminder.subject_id)
    _remind(tx, takedown)
    return Outcome.SENT


@action
def _done(tx: Transaction, by: str, takedown_id: int) -> TakedownView:
    takedown = _find(tx, takedown_id)
    may_handle(by, [people_of(tx, _platform(tx, takedown))])
    rules.check_open(takedown.done_at, takedown.done_by, by)
    if takedown.done_at is None:
        _finish(tx, takedown, by)
    return _view(tx, takedown)


def _ask_owners(tx: Transaction, takedown: Takedown) -> None:
    for person in people_of(tx, _platform(tx, takedown)).hands:
        refresh(tx, person, CARD, takedown.id or 0)
    _remind(tx, takedown)


def _remind(tx: Transaction, takedown: Takedown) -> None:
    """To nobody by name: who is responsible when it is due, gets it."""
    reminder = Reminder(
        kind=ReminderKind.TAKEDOWN,
        subject_id=takedown.id or 0,
        recipient="",
        due_at=rules.next_reminder(takedown.due_at, tx.now),
    )
    tx.session.add(reminder)


def _finish(tx: Transaction, takedown: Takedown, by: str | None) -> None:
    """by: Slack user id; None: the bot did it."""
    takedown.done_at, takedown.done_by = tx.now, by
    tx.session.add(takedown)
    tx.audit(f"slack:{by}" if by else "the time", "take down", "placement", takedown.placement_id)
    _refresh_cards(tx, takedown)
    card_of_story(tx, takedown.story_id)
    tx.notify_telegram(
        story_rows(tx, takedown.story_id).story.follower_id,
        "story.taken_down",
        f"takedown:{takedown.id}:done",
        story_id=takedown.story_id,
        platform=_platform(tx, takedown).name,
    )


def _refresh_cards(tx: Transaction, takedown: Takedown) -> None:
    for card in cards_of(tx.session, CARD, takedown.id or 0):
        refresh(tx, card.recipient, CARD, takedown.id or 0)


def _find(tx: Transaction, takedown_id: int) -> Takedown:
    takedown = tx.session.get(Takedown, takedown_id)
    if takedown is None:
        raise NotThere("This task does not exist any more.")
    return takedown


def _platform(tx: Transaction, takedown: Takedown) -> Platform:
    placement = tx.session.get_one(Placement, takedown.placement_id)
    return tx.session.get_one(Platform, placement.platform_key)


def _view(tx: Transaction, takedown: Takedown) -> TakedownView:
    placement = tx.session.get_one(Placement, takedown.placement_id)
    story = story_rows(tx, takedown.story_id).story
    return TakedownView(
        id=takedown.id or 0,
        platform=_platform(tx, takedown).name,
        text=queries.text_of(tx.session, takedown.placement_id),
        link=placement.link,
        published_at=placement.published_at,
        due_at=takedown.due_at,
        is_late=takedown.done_at is None and takedown.due_at <= tx.now,
        done_at=takedown.done_at,
        done_by=takedown.done_by,
        follower_hears=story.follower_id != FORGOTTEN,
    )
