"""Followers: arriving, subscribing, choosing a language, and what they write in between."""

from contextlib import suppress

from bot.actions.arrivals import Sender, answer, arrive, back, refuse
from bot.actions.arrivals import say as say_to
from bot.actions.story_consent import take_answer, take_wish
from bot.actions.story_talk import add_to, begin_for
from bot.actions.story_views import id_of
from bot.actions.strategy import retention_kept
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import FollowerView
from bot.rules.abuse import Blocked
from bot.rules.refusals import NotThere
from bot.rules.retention import Retention
from bot.rules.stories import StoryStatus
from bot.texts import LANGUAGES, N_
from storage.models import Follower, Story, StoryPart
from storage.queries import stories as queries

__all__ = [
    "Sender",
    "choose_language",
    "help",
    "lost",
    "privacy",
    "reachable_again",
    "say",
    "show",
    "start",
    "stop",
    "subscribe",
    "tell_blocked",
    "text_received",
    "unreachable",
    "what_is_kept",
]


@action
def start(tx: Transaction, who: Sender, call_key: str | None) -> None:
    """The welcome; through the link of a call, its story begins."""
    is_new = tx.session.get(Follower, who.id) is None
    follower = arrive(tx, who)
    call = queries.open_call(tx.session, call_key) if call_key else None
    is_open = call is not None and (call.closes_at is None or tx.now < call.closes_at)
    if is_new or not is_open:
        answer(tx, follower.id, "welcome")
    if is_open:
        begin_for(tx, follower, call)
    elif call_key:
        say_to(
            tx,
            follower.id,
            N_("This call for stories is closed. You can still tell us a story: send /story."),
        )


@action
def subscribe(tx: Transaction, who: Sender) -> None:
    _subscribe(tx, who, True, "subscribed")


@action
def stop(tx: Transaction, who: Sender) -> None:
    """No more broadcasts; answers and what the follower is in the middle of go on."""
    _subscribe(tx, who, False, "stopped")


@action
def choose_language(tx: Transaction, who: Sender, language: str | None) -> None:
    """None, or one that we do not speak: asks which."""
    follower = arrive(tx, who, even_blocked=True)
    if language not in LANGUAGES:
        answer(tx, follower.id, "language.ask")
        return
    follower.language, follower.language_chosen = language, True
    tx.session.add(follower)
    answer(tx, follower.id, "language.chosen")


@action
def help(tx: Transaction, who: Sender) -> None:
    answer(tx, arrive(tx, who).id, "help")


@action
def privacy(tx: Transaction, who: Sender) -> None:
    answer(tx, arrive(tx, who, even_blocked=True).id, "privacy")


@action
def say(tx: Transaction, /, who: Sender, sentence: str, **values: str | int) -> None:
    """Answers with one sentence: a gettext key, and what fills it. Whom a colleague blocked
    hears nothing."""
    with suppress(Blocked):
        say_to(tx, arrive(tx, who).id, sentence, **values)


@action
def tell_blocked(tx: Transaction, follower_id: int) -> None:
    """Why nothing happens; once, not after each message."""
    follower = tx.session.get(Follower, follower_id)
    if follower is not None and not follower.blocked_told:
        follower.blocked_told = True
        tx.session.add(follower)
        refuse(tx, follower.id, Blocked())


@action
def text_received(tx: Transaction, who: Sender, message_id: int, text: str) -> None:
    """Free text belongs to what the follower is in the middle of, the latest thing first: what
    should be changed, a story, an answer to a colleague. Otherwise: what is possible here."""
    follower = arrive(tx, who)
    draft = queries.draft_of(tx.session, follower.id)
    if story := queries.awaiting_wish(tx.session, follower.id):
        take_wish(tx, story, text)
    elif draft and draft.status in (StoryStatus.COLLECTING, StoryStatus.DESCRIBING):
        _add_text(tx, draft, message_id, text)
    elif story := queries.awaiting_answer(tx.session, follower.id):
        take_answer(tx, story, message_id, text)
    elif draft:
        _add_text(tx, draft, message_id, text)
    else:
        answer(tx, follower.id, "hint")


@action
def unreachable(tx: Transaction, follower_id: int) -> None:
    """The follower blocked the bot."""
    lost(tx, follower_id)


@query
def what_is_kept(tx: Transaction) -> Retention:
    """For how long, as it holds now."""
    return retention_kept(tx)


@query
def show(tx: Transaction, follower_id: int) -> FollowerView:
    """Raises NotThere."""
    follower = tx.session.get(Follower, follower_id)
    if follower is None:
        raise NotThere("I do not know you yet. Send /start, and we get to know each other.")
    return FollowerView(
        id=follower.id,
        first_name=follower.first_name,
        last_name=follower.last_name,
        language=follower.language,
        subscribed=follower.subscribed,
    )


@action
def reachable_again(tx: Transaction, follower_id: int) -> None:
    """The follower does not block the bot any more."""
    if follower := tx.session.get(Follower, follower_id):
        back(tx, follower)


def lost(tx: Transaction, follower_id: int) -> None:
    """Nothing can be sent to the follower until they write again."""
    if follower := tx.session.get(Follower, follower_id):
        if follower.reachable:
            follower.unreachable_since = tx.now
        follower.reachable = False
        tx.session.add(follower)


def _subscribe(tx: Transaction, who: Sender, subscribed: bool, kind: str) -> None:
    follower = arrive(tx, who, even_blocked=not subscribed)
    follower.subscribed = subscribed
    tx.session.add(follower)
    answer(tx, follower.id, kind)


def _add_text(tx: Transaction, draft: Story, message_id: int, text: str) -> None:
    """To the story while it is told; after that, its present question is asked again."""
    part = StoryPart(story_id=id_of(draft), message_id=message_id, kind="text", text=text)
    add_to(tx, draft, part)
