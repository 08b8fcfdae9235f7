"""Placements in the hands of their owner: posted, later, and "did it arrive?"."""

from bot.actions import publishing
from bot.rules.posts import PlacementStatus
from handlers.slack import forms
from handlers.slack.incoming import Incoming
from handlers.slack.words import moment


async def ask_link(incoming: Incoming) -> None:
    """Posted by hand: where?"""
    await _ask_link(incoming, "placement.posted", PlacementStatus.HANDED)


async def ask_where_it_is(incoming: Incoming) -> None:
    """It did arrive: where?"""
    await _ask_link(incoming, "doubt.there", PlacementStatus.IN_DOUBT)


async def posted(incoming: Incoming) -> None:
    link = incoming.answers.text("link")
    await publishing.confirm_posted(incoming.desk, incoming.by.id, incoming.meta["placement"], link)
    await incoming.ack()


async def ask_missing_link(incoming: Incoming) -> None:
    """Posted some time ago: where?"""
    placement_id = int(incoming.value)
    await publishing.to_link(incoming.desk, incoming.by.id, placement_id)
    await incoming.open(forms.posted(incoming.t, {"placement": placement_id}, "placement.link"))
    await incoming.ack()


async def add_link(incoming: Incoming) -> None:
    link = incoming.answers.text("link")
    await publishing.add_link(incoming.desk, incoming.by.id, incoming.meta["placement"], link)
    await incoming.ack()


async def snooze(incoming: Incoming) -> None:
    back_at = await publishing.snooze(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()
    t, zone = incoming.t, incoming.desk.zone
    await incoming.tell(t("I remind you again: {when}.", when=moment(back_at, t, zone)))


async def it_is_there(incoming: Incoming) -> None:
    link = incoming.answers.text("link")
    await publishing.resolve_doubt(
        incoming.desk, incoming.by.id, incoming.meta["placement"], True, link
    )
    await incoming.ack()


async def post_again(incoming: Incoming) -> None:
    await publishing.resolve_doubt(incoming.desk, incoming.by.id, int(incoming.value), False)
    await incoming.ack()


async def _ask_link(incoming: Incoming, callback_id: str, while_status: PlacementStatus) -> None:
    task = await publishing.to_answer(
        incoming.desk, incoming.by.id, int(incoming.value), while_status
    )
    meta = {"placement": task.placement.id, "home": incoming.on_home or None}
    await incoming.open(forms.posted(incoming.t, meta, callback_id))
    await incoming.ack()
