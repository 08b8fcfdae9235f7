"""Notices → Slack: rendered from the present state, in the reader's language."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.actions import (
    calendar_views,
    cards,
    effect,
    figures,
    figures_asked,
    history,
    media,
    morning_view,
    polls,
    posts,
    publishing,
    reminder_messages,
    replanning,
    responsibilities,
    retention,
    stories,
    takedowns,
    weekly,
)
from bot.actions.notices import Outgoing
from bot.actions.reminder_messages import RemindersView
from bot.actions.views import PlacementTask, PostView, StoryView
from bot.outbox import Receipt, SendLater
from bot.rules.calendar import ReminderKind, wall_time
from bot.texts import Texts, texts_in
from handlers.slack import figure_views, outcomes, reminders, rights
from handlers.slack.blocks import Block, header, pictures
from handlers.slack.calendar import month_picture, title_of
from handlers.slack.cards import (
    Message,
    by_hand_card,
    in_doubt_card,
    post_card,
)
from handlers.slack.effect import effect_lines
from handlers.slack.errors import slack_error
from handlers.slack.history import in_thread
from handlers.slack.incoming import Workspace, is_person
from handlers.slack.manners import as_send_errors, is_picture_in_the_making
from handlers.slack.morning import morning_note
from handlers.slack.move_forms import moved
from handlers.slack.polls import in_doubt_card as poll_in_doubt_card
from handlers.slack.polls import poll_card
from handlers.slack.post_buttons import is_undecided
from handlers.slack.proposal_form import proposal_in_view
from handlers.slack.responsibilities import responsibility
from handlers.slack.slot_dates import handed_over
from handlers.slack.stories import story_card
from handlers.slack.takedowns import takedown_card
from handlers.slack.weekly import weekly_note

EVENT_TYPE = "samenspraak_notice"
SLACK = timedelta(minutes=1)
"""So far Slack's clock may differ from ours when we look for a message."""

LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""What Slack says of a card that has to be posted anew."""

STILL_FETCHING = timedelta(seconds=2)
LONGEST_FETCH = timedelta(seconds=10)
"""So long a card waits for the files of a story, and with it what comes after it."""

MOST_LOOKS = 4
"""Attempts after which a picture that Slack cannot show was deleted there: it is uploaded anew."""

PAGE = 200

Place = tuple[str, str]
"""Where a message stands: channel and timestamp."""


@dataclass(frozen=True)
class SlackSender:
    """The outbox's sender for Slack. Its errors are Later, Refused and Doubtful."""

    workspace: Workspace

    async def send(self, notice: Outgoing) -> Receipt | None:
        """The receipt of a message: {"channel", "ts"}; None: nothing to say any more."""
        async with as_send_errors():
            return await SENDERS[notice.kind](self, notice)

    async def texts_for(self, notice: Outgoing) -> Texts:
        """The language of who reads it; in a channel, the organisation's."""
        if is_person(notice.recipient):
            return (await self.workspace.people.find(notice.recipient)).t
        return texts_in(self.workspace.desk.language)

    async def post(
        self, notice: Outgoing, message: Message, thread_ts: str | None = None
    ) -> Receipt:
        """A new message; after a doubtful attempt it looks first whether it is there."""
        channel = await self.workspace.room_of(notice.recipient)
        if notice.doubtful and (found := await self._find(notice, channel, thread_ts)):
            return {"channel": channel, "ts": found}
        answer = await self.workspace.client.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"notice": notice.key}},
        )
        return {"channel": answer["channel"], "ts": answer["ts"]}

    async def show(self, notice: Outgoing, entity_id: int, message: Message) -> Receipt:
        """A card: the message that stands there is edited; where there is none, it is posted."""
        desk = self.workspace.desk
        place = await cards.find(desk, notice.kind, entity_id, notice.recipient)
        if place is None or not await self._edit(place, message):
            return await self.post(notice, message)
        channel, ts = place
        return {"channel": channel, "ts": ts}

    async def _edit(self, place: Place, message: Message) -> bool:
        """False: somebody deleted it, or it cannot be edited any more."""
        channel, ts = place
        try:
            await self.workspace.client.chat_update(
                channel=channel, ts=ts, text=message.text, blocks=message.blocks
            )
        except SlackApiError as error:
            if slack_error(error) in LOST:
                return False
            raise
        return True

    async def _find(self, notice: Outgoing, channel: str, thread_ts: str | None) -> str | None:
        """The message that carries this notice's key, if an earlier attempt did arrive."""
        client = self.workspace.client
        span: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(notice.first_tried_at - SLACK).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
        }
        cursor: str | None = None
        while cursor != "":
            answer = await (
                client.conversations_replies(**span, ts=thread_ts, cursor=cursor)
                if thread_ts
                else client.conversations_history(**span, cursor=cursor)
            )
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("notice") == notice.key:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        return None


async def _post_card(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    post = await posts.show(space.desk, notice.payload["post_id"])
    post = replace(post, images=await space.files.on_slack(post.images))
    notes = await _effect(sender, post, t)
    message = post_card(post, t, space.desk.zone, notes)
    return await _with_pictures(sender, notice, post.id, message)


async def _effect(sender: SlackSender, post: PostView, t: Texts) -> list[Block]:
    """On the strategy, as long as somebody decides on it."""
    if not is_undecided(post):
        return []
    desk = sender.workspace.desk
    return effect_lines(await effect.show(desk, proposal_in_view(post), post.id), t, desk.zone)


async def _poll_card(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    poll = await polls.show(space.desk, notice.payload["poll_id"])
    return await sender.show(notice, poll.id, poll_card(poll, t, space.desk.zone))


async def _poll_in_doubt(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    poll = await polls.show(space.desk, notice.payload["poll_id"])
    return await sender.show(notice, poll.id, poll_in_doubt_card(poll, t))


async def _story_card(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    story = await stories.show(space.desk, notice.payload["story_id"])
    waited = space.desk.clock() - notice.first_tried_at
    if any(part.missing for part in story.parts) and waited < LONGEST_FETCH:
        raise SendLater(STILL_FETCHING)
    await space.files.on_slack(story.images)
    story = await stories.show(space.desk, story.id)
    message = story_card(story, t, space.desk.zone)
    receipt = await _with_pictures(sender, notice, story.id, message)
    await _share_recordings(sender, story, receipt)
    return receipt


async def _share_recordings(sender: SlackSender, story: StoryView, receipt: Receipt) -> None:
    """A message cannot play a voice; a file in its thread can."""
    for part in story.parts:
        if part.media and not part.media.is_image:
            files = sender.workspace.files
            await files.share(part.media, receipt["channel"], receipt["ts"])


async def _by_hand(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    task, t = await _task(sender, notice), await sender.texts_for(notice)
    message = by_hand_card(task, t, sender.workspace.desk.zone)
    return await _with_pictures(sender, notice, task.placement.id, message)


async def _in_doubt(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    task, t = await _task(sender, notice), await sender.texts_for(notice)
    message = in_doubt_card(task, t, sender.workspace.desk.zone)
    return await sender.show(notice, task.placement.id, message)


async def _post_outcome(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    post = await posts.show(space.desk, notice.payload["post_id"])
    place = await cards.find(space.desk, "post.card", post.id, space.desk.review_channel)
    card = await _address(sender, place)
    is_over = notice.payload["event"] == "expired"
    times = await replanning.new_times(space.desk, post.id) if is_over else ()
    message = outcomes.post_outcome(post, notice.payload, t, card, space.desk.zone, times)
    return await sender.post(notice, message)


async def _post_moved(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t, payload = sender.workspace, await sender.texts_for(notice), notice.payload
    post = await posts.show(space.desk, payload["post_id"])
    place = await cards.find(space.desk, "post.card", post.id, space.desk.review_channel)
    card = await _address(sender, place)
    message = moved(post, payload, notice.recipient, t, space.desk.zone, card)
    return await sender.post(notice, message)


async def _post_resumed(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    post = await posts.show(space.desk, notice.payload["post_id"])
    message = reminders.resumed(post, notice.recipient, t, space.desk.zone)
    return None if message is None else await sender.post(notice, message)


async def _post_thread(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    """A step, told below the card. Without a card there is no thread to tell it in."""
    space, t, payload = sender.workspace, await sender.texts_for(notice), notice.payload
    place = await cards.find(space.desk, "post.card", payload["post_id"], notice.recipient)
    if place is None:
        return None
    post, step = await history.step(space.desk, payload["post_id"], payload["step_id"])
    message = in_thread(post, step, t, space.desk.zone)
    return await sender.post(notice, message, thread_ts=place[1])


async def _weekly_note(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    desk, t = sender.workspace.desk, await sender.texts_for(notice)
    monday = date.fromisoformat(notice.payload["monday"])
    week = await weekly.show(desk, monday)
    return await sender.post(notice, weekly_note(week, monday, t, desk.zone))


async def _morning_note(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    desk, t = sender.workspace.desk, await sender.texts_for(notice)
    day = date.fromisoformat(notice.payload["day"])
    view = await morning_view.show(desk, notice.recipient, day)
    return None if view is None else await sender.post(notice, morning_note(view, t))


async def _month_picture(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    view = await calendar_views.show(space.desk, notice.payload["month"])
    picture = await asyncio.to_thread(month_picture, view, t, space.desk.zone)
    kept = await media.keep(space.desk, picture.png, "image/png", "calendar.png")
    (shown,) = await space.files.on_slack([replace(kept, alt=picture.alt)])
    message = Message(picture.alt, [header(title_of(view.part, t)), *pictures([shown])])
    try:
        return await sender.post(notice, message)
    except SlackApiError as error:
        if not is_picture_in_the_making(error):
            raise
        raise SendLater() from error


async def _poll_outcome(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    poll = await polls.show(space.desk, notice.payload["poll_id"])
    return await sender.post(notice, outcomes.poll_outcome(poll, notice.payload, t))


async def _occurrence_handed(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    t, zone = await sender.texts_for(notice), sender.workspace.desk.zone
    return await sender.post(notice, handed_over(notice.payload, t, zone))


async def _reminders(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    """What somebody is reminded of, as it is now. Nothing, where all of it is settled before they
    were told."""
    desk, t = sender.workspace.desk, await sender.texts_for(notice)
    message_id = notice.payload["reminder_message_id"]
    view = await reminder_messages.show(desk, message_id)
    place = await cards.find(desk, notice.kind, message_id, notice.recipient)
    if not view.open and place is None:
        return None
    today = wall_time(desk.clock(), desk.zone).local.date()
    card = await _card_of_task(sender, view)
    message = reminders.reminder_message(view, t, desk.zone, today, card)
    return await sender.show(notice, message_id, message)


async def _card_of_task(sender: SlackSender, view: RemindersView) -> str | None:
    """Where the text and pictures of the one task stand."""
    task = view.open[0].task if len(view.open) == 1 else None
    if task is None or view.open[0].kind is not ReminderKind.BY_HAND:
        return None
    kind, person = "placement.by_hand", view.recipient
    place = await cards.find(sender.workspace.desk, kind, task.placement.id, person)
    return await _address(sender, place)


async def _figures_ask(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    """Nothing, where the figures came by another way meanwhile."""
    desk, t = sender.workspace.desk, await sender.texts_for(notice)
    view = await figures_asked.show(desk, notice.recipient, notice.payload["placement_ids"])
    if not view.open:
        return None
    still = replace(view, asked=view.open)
    return await sender.post(notice, figure_views.ask(still, t, desk.zone))


async def _first_figures(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    desk, t = sender.workspace.desk, await sender.texts_for(notice)
    tasks = await figures.show(desk, notice.payload["placement_ids"])
    return await sender.post(notice, figure_views.first_figures(tasks, t, desk.zone))


async def _story_said(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    """A question to the follower, or their answer."""
    space, t, payload = sender.workspace, await sender.texts_for(notice), notice.payload
    place = await cards.find(space.desk, "story.card", payload["story_id"], notice.recipient)
    message = outcomes.in_story_thread(payload["text"], payload.get("by"), t)
    try:
        return await sender.post(notice, message, thread_ts=place[1] if place else None)
    except SlackApiError as error:
        if slack_error(error) != "thread_not_found":
            raise
        return await sender.post(notice, message)  # somebody deleted the card


async def _stories_soon_forgotten(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    """Nothing, where all of them were dealt with meanwhile."""
    desk, t = sender.workspace.desk, await sender.texts_for(notice)
    found = await retention.soon_forgotten(desk, notice.payload["story_ids"])
    if not found:
        return None
    return await sender.post(notice, rights.soon_forgotten(found, t, desk.zone))


async def _erase(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    await rights.erase(sender.workspace.client, notice.payload)
    return {}


async def _takedown_card(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    space, t = sender.workspace, await sender.texts_for(notice)
    task = await takedowns.show(space.desk, notice.payload["takedown_id"])
    return await sender.show(notice, task.id, takedown_card(task, t, space.desk.zone))


async def _absence_named(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    t = await sender.texts_for(notice)
    return await sender.post(notice, outcomes.absence(notice.payload, t, is_over=False))


async def _absence_over(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    t = await sender.texts_for(notice)
    return await sender.post(notice, outcomes.absence(notice.payload, t, is_over=True))


async def _responsibility(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    """Nothing where it is different again by now."""
    desk, t, payload = sender.workspace.desk, await sender.texts_for(notice), notice.payload
    field = payload["field"]
    found = await responsibilities.show(
        desk, payload["part"], payload["part_key"], notice.recipient, field
    )
    if found is None:
        return None
    message = responsibility(found, payload["part"], field, payload["who"], t)
    return await sender.post(notice, message)


async def _admin_failed(sender: SlackSender, notice: Outgoing) -> Receipt | None:
    t = await sender.texts_for(notice)
    return await sender.post(notice, outcomes.admin_failed(notice.payload, t))


async def _task(sender: SlackSender, notice: Outgoing) -> PlacementTask:
    """With its pictures on Slack."""
    space = sender.workspace
    task = await publishing.task(space.desk, notice.payload["placement_id"])
    images = await space.files.on_slack(task.post.images)
    return replace(task, post=replace(task.post, images=images))


async def _with_pictures(
    sender: SlackSender, notice: Outgoing, entity_id: int, message: Message
) -> Receipt:
    """Slack takes a moment to look at a picture before a message can show it."""
    try:
        return await sender.show(notice, entity_id, message)
    except SlackApiError as error:
        if not is_picture_in_the_making(error):
            raise
        if notice.attempts >= MOST_LOOKS:
            await media.gone_from_slack(sender.workspace.desk, _pictures_in(message))
        raise SendLater() from error


def _pictures_in(message: Message) -> list[str]:
    """Slack's ids of them."""
    return [str(block["slack_file"]["id"]) for block in message.blocks if "slack_file" in block]


async def _address(sender: SlackSender, place: Place | None) -> str | None:
    """The card's own address; a message can do without."""
    if place is None:
        return None
    try:
        answer = await sender.workspace.client.chat_getPermalink(
            channel=place[0], message_ts=place[1]
        )
    except SlackApiError:
        return None
    return str(answer["permalink"])


SENDERS: dict[str, Callable[[SlackSender, Outgoing], Awaitable[Receipt | None]]] = {
    "post.card": _post_card,
    "poll.card": _poll_card,
    "poll.in_doubt": _poll_in_doubt,
    "story.card": _story_card,
    "placement.by_hand": _by_hand,
    "placement.in_doubt": _in_doubt,
    "post.outcome": _post_outcome,
    "poll.outcome": _poll_outcome,
    "post.thread": _post_thread,
    "post.moved": _post_moved,
    "post.resumed": _post_resumed,
    "weekly.note": _weekly_note,
    "morning.note": _morning_note,
    "calendar.month": _month_picture,
    "reminder_message.card": _reminders,
    "occurrence.handed": _occurrence_handed,
    "story.answer": _story_said,
    "story.asked": _story_said,
    "takedown.card": _takedown_card,
    "stories.soon_forgotten": _stories_soon_forgotten,
    "slack.erase": _erase,
    "figures.ask": _figures_ask,
    "figures.first": _first_figures,
    "absence.named": _absence_named,
    "absence.over": _absence_over,
    "responsibility.named": _responsibility,
    "responsibility.over": _responsibility,
    "admin.failed": _admin_failed,
}
