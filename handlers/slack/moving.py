"""Moving a post: from its card, the calendar or App Home; asked once more where it collides."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.actions import moving
from bot.actions.moving import Wish
from bot.rules.refusals import InvalidForm, Refusal
from handlers.slack.incoming import Incoming
from handlers.slack.move_forms import OTHER, Chosen, at_first, move_form, outcome_words
from handlers.slack.posts import numbers


async def ask(incoming: Incoming) -> None:
    """The button on the card."""
    post_id, _ = numbers(incoming.value)
    await open_form(incoming, post_id)


async def open_form(
    incoming: Incoming,
    post_id: int,
    free: datetime | None = None,
    placement_id: int | None = None,
) -> None:
    """free: a moment that is offered; placement_id: where alone it is moved, unless more is
    chosen."""
    desk, by = incoming.desk, incoming.by.id
    found = await moving.form(desk, by, post_id)
    keys = tuple(p.platform_key for p in found.movable if p.id == placement_id)
    if keys or free:
        found = await moving.form(desk, by, post_id, free, keys)
    chosen = at_first(found, free, keys)
    meta = {"home": incoming.on_home or None}
    await incoming.open(move_form(found, chosen, incoming.t, desk.zone, meta))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    meta = incoming.meta
    chosen = _chosen(incoming, meta)
    wish = Wish(
        at=chosen.free or chosen.when,
        revision=meta["revision"],
        seen={int(id): _moment(at) for id, at in meta["seen"].items()},
        platform_keys=chosen.platform_keys,
        reason=chosen.reason,
        told=frozenset(meta["told"]),
    )
    outcome = await moving.move(incoming.desk, incoming.by.id, meta["post"], wish)
    if outcome.unread:
        await ask_once_more(incoming, meta["post"], wish, chosen)
        return
    await incoming.ack()
    is_first = not any(wish.seen.values())
    words = outcome_words(outcome, wish.at, incoming.t, incoming.desk.zone, is_first=is_first)
    await incoming.tell(words)


async def ask_once_more(incoming: Incoming, post_id: int, wish: Wish, chosen: Chosen) -> None:
    """The form comes back, with what there is to know about that moment."""
    found = await moving.form(incoming.desk, incoming.by.id, post_id, wish.at, wish.platform_keys)
    meta = {"home": incoming.meta.get("home")}
    asking = Chosen(chosen.when, chosen.free, chosen.platform_keys, chosen.reason, asks=True)
    view = move_form(found, asking, incoming.t, incoming.desk.zone, meta)
    await incoming.ack(response_action="update", view=view)


def _chosen(incoming: Incoming, meta: Mapping[str, Any]) -> Chosen:
    """Raises InvalidForm for free, where two moments are chosen."""
    answers = incoming.answers
    choice, when = answers.choice("free"), answers.moment("when")
    free = None if choice in (None, OTHER) else _moment(int(choice or 0))
    if free and when not in (free, _moment(meta["when"])):
        raise InvalidForm(
            {
                "free": Refusal(
                    "You chose a moment here, and another one below. Which one is it? For the one "
                    "below, choose “Another moment” here."
                )
            }
        )
    return Chosen(when, free, answers.choices("platforms"), answers.text("reason"))


def _moment(stamp: int | None) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp is not None else None
