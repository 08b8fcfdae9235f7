"""Takedowns: a post that whoever is responsible takes away, because its follower withdrew it."""

from zoneinfo import ZoneInfo

from bot.actions import takedowns
from bot.actions.views import TakedownView
from bot.texts import Texts
from handlers.slack.blocks import Block, actions, button, context, said, section
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.words import escape, first_words, link, mention, moment


async def done(incoming: Incoming) -> None:
    await takedowns.done(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()


def takedown_card(task: TakedownView, t: Texts, zone: ZoneInfo) -> Message:
    headline = _headline(task, t, zone)
    is_open = task.done_at is None
    return Message(
        text=headline,
        blocks=[
            section(f"*{headline}*" if is_open else headline),
            *(said(f"“{first_words(task.text, 200)}”") if task.text.strip() else []),
            *(_what_to_do(task, t, zone) if is_open else []),
        ],
    )


def _headline(task: TakedownView, t: Texts, zone: ZoneInfo) -> str:
    platform = escape(task.platform)
    if task.done_at is None:
        when = moment(task.due_at, t, zone)
        if task.is_late:
            return t(
                "⚠️ This is still on {platform}. The follower withdrew it, and it had to be gone "
                "before {when}.",
                platform=platform,
                when=when,
            )
        return t(
            "🧹 A follower withdrew their story. Please take this away from {platform}, "
            "before {when}.",
            platform=platform,
            when=when,
        )
    when = moment(task.done_at, t, zone)
    if task.done_by is None:
        return t("✅ I took this away from {platform}, {when}.", platform=platform, when=when)
    return t(
        "✅ {who} took this away from {platform}, {when}.",
        who=mention(task.done_by),
        platform=platform,
        when=when,
    )


def _what_to_do(task: TakedownView, t: Texts, zone: ZoneInfo) -> list[Block]:
    words = (
        t("Delete the post there, then press Taken down. I tell the follower that it is gone.")
        if task.follower_hears
        else t("Delete the post there, then press Taken down.")
    )
    return [
        section(words),
        *_where(task, t, zone),
        *actions([button(t("Taken down"), "takedown.done", str(task.id), "primary")]),
    ]


def _where(task: TakedownView, t: Texts, zone: ZoneInfo) -> list[Block]:
    if task.link:
        return [context(link(task.link, t("see the post")))]
    if task.published_at:
        return [context(t("It is the post of {when}.", when=moment(task.published_at, t, zone)))]
    return []
