"""Finding posts again: `/social find`."""

from zoneinfo import ZoneInfo

from bot.actions import find
from bot.actions.find import Found
from bot.actions.views import PostView
from bot.texts import Texts
from handlers.slack.blocks import Block, button, context, header, plain, section, shortened
from handlers.slack.cards import Message, placement_line
from handlers.slack.incoming import Incoming
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.words import first_words, mention, planned, readable


async def show(incoming: Incoming) -> None:
    typed = words_after(incoming)
    found = await find.posts(incoming.desk, typed)
    message = overview(found, typed, incoming.t, incoming.desk.zone)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def turn_page(incoming: Incoming) -> None:
    """The answer shows other posts."""
    typed, page = page_of(incoming.value)
    found = await find.posts(incoming.desk, typed, page)
    message = overview(found, typed, incoming.t, incoming.desk.zone)
    await incoming.replace(message.text, message.blocks)
    await incoming.ack()


def words_after(incoming: Incoming) -> str:
    """What was typed after the subcommand. Slack escapes it."""
    text = (incoming.body.get("text") or "").strip()
    return readable(text, lambda slack_id: slack_id).partition(" ")[2].strip()


def overview(found: Found, typed: str, t: Texts, zone: ZoneInfo) -> Message:
    """A page of posts, each with where it stands and its history."""
    if not found.total:
        nothing = t("I found no post. Try fewer words, or other ones.")
        return Message(nothing, [section(nothing)])
    title = t.n("One post found", "{n} posts found", found.total)
    content = [header(title)]
    for post in found.posts:
        content += _one(post, t, zone)
    content += page_buttons("find.page", typed, found.page, t, has_more=found.has_more)
    return Message(title, content)


def _one(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    where = " · ".join(placement_line(placement, t) for placement in post.placements)
    words = plain(shortened(first_words(post.text, 150) or "-", 300))
    show = button(t("History"), "history.show", str(post.id))
    return [
        {"type": "section", "text": words, "accessory": show},
        context(f"{planned(post.planned_at, t, zone)} · {mention(post.proposer)} · {where}"),
    ]
