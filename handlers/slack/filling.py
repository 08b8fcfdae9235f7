"""The calendar at hand: what was chosen in it is moved or filled, what it offers is taken."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.actions import moving, offers
from bot.actions.moving import Wish
from bot.rules.refusals import InvalidForm
from handlers.slack import calendar
from handlers.slack.calendar_offers import fill_form
from handlers.slack.incoming import Incoming
from handlers.slack.modals import open_here
from handlers.slack.move_forms import Chosen, outcome_words
from handlers.slack.moving import ask_once_more, open_form
from handlers.slack.posts import numbers
from handlers.slack.proposal_form import Filled, blank
from handlers.slack.proposing import form, form_choices


async def choose(incoming: Incoming) -> None:
    """An entry of the list: a post is moved, an empty moment is filled."""
    kind, first, second = incoming.value.split(":")
    if kind == "post":
        await open_form(incoming, int(first), placement_id=int(second))
        return
    day = date.fromisoformat(second)
    found = await offers.to_fill(incoming.desk, incoming.by.id, int(first), day)
    view = fill_form(found, incoming.t, incoming.desk.zone, on_home=incoming.on_home)
    await incoming.open(view)
    await incoming.ack()


async def move_one(incoming: Incoming) -> None:
    """Of a crowded day, what is the easiest to move, to the nearest room."""
    post_id, placement_id, stamp = incoming.value.split(":")
    free = _moment(stamp) if stamp else None
    await open_form(incoming, int(post_id), free, int(placement_id))


async def plan(incoming: Incoming) -> None:
    """An offer, taken with one press; where it collides by now, the form says so and asks."""
    post_id, revision, stamp, place = incoming.value.split(":", 3)
    wish = Wish(_moment(stamp), int(revision), {})
    try:
        outcome = await moving.move(incoming.desk, incoming.by.id, int(post_id), wish)
    except InvalidForm as invalid:  # there is no form to show it in
        raise next(iter(invalid.errors.values())) from invalid
    if outcome.unread:
        await open_form(incoming, int(post_id), wish.at)
        return
    await calendar.show_anew(incoming, place)
    await incoming.ack()
    await incoming.tell(
        outcome_words(outcome, wish.at, incoming.t, incoming.desk.zone, is_first=True)
    )


async def propose(incoming: Incoming) -> None:
    """The proposal's form, with the platform, the pillar and the time of the empty place."""
    stamp, platform_key, pillar_key = incoming.value.split(":")
    choices = await form_choices(incoming)
    at = _moment(stamp)
    proposal = replace(
        blank(at if at > incoming.desk.clock() else choices.proposed_time),
        platform_keys=(platform_key,),
        pillar_key=pillar_key or None,
    )
    meta = incoming.meta if incoming.view else {}
    on_home = incoming.on_home or meta.get("home")
    filled = Filled(proposal, meta={"home": on_home or None})
    await open_here(incoming, await form(incoming, choices, filled))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    """A proposal of the backlog gets this moment."""
    post_id, revision = numbers(incoming.answers.choice("proposal") or "0:0")
    at = datetime.fromtimestamp(incoming.meta["at"], UTC)
    wish = Wish(at, revision, {})
    try:
        outcome = await moving.move(incoming.desk, incoming.by.id, post_id, wish)
    except InvalidForm as invalid:
        why = next(iter(invalid.errors.values()))
        raise InvalidForm({"proposal": why}) from invalid
    if outcome.unread:
        await ask_once_more(incoming, post_id, wish, Chosen(at, at))
        return
    await incoming.ack()
    await incoming.tell(outcome_words(outcome, at, incoming.t, incoming.desk.zone, is_first=True))


def _moment(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp), UTC)
