"""The history of a post: every step, in a modal; and each step in the thread of its card."""

from zoneinfo import ZoneInfo

from bot.actions import find, history
from bot.actions.history import EDITS, HistoryView, StepView
from bot.actions.views import PostView
from bot.rules.refusals import Refusal
from bot.texts import Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block, context, divider, said, section
from handlers.slack.cards import Message
from handlers.slack.find import words_after
from handlers.slack.incoming import Incoming
from handlers.slack.modals import show_anew
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.steps import step_details, step_line
from handlers.slack.words import first_words, mention, moment

STEPS = 15
"""On a page; each takes up to six of a view's hundred blocks."""


async def look_up(incoming: Incoming) -> None:
    """The history of the newest post with these words; and that there are more, if so."""
    found = await find.posts(incoming.desk, words_after(incoming))
    if not found.posts:
        raise Refusal("I found no post. Try fewer words, or other ones.")
    await _open(incoming, found.posts[0].id, found.total)


async def show(incoming: Incoming) -> None:
    """The button on the card."""
    await _open(incoming, int(incoming.value))


async def turn_page(incoming: Incoming) -> None:
    """In the modal: other steps."""
    post_id, page = page_of(incoming.value)
    found = await history.show(incoming.desk, int(post_id))
    await show_anew(incoming, render(found, incoming.t, incoming.desk.zone, page))
    await incoming.ack()


async def _open(incoming: Incoming, post_id: int, of: int = 1) -> None:
    found = await history.show(incoming.desk, post_id)
    await incoming.open(render(found, incoming.t, incoming.desk.zone, of=of))
    await incoming.ack()


def render(found: HistoryView, t: Texts, zone: ZoneInfo, page: int = 0, of: int = 1) -> Block:
    """Pure. The earliest step first. of: how many posts were found, this one with them."""
    steps = found.steps[page * STEPS : (page + 1) * STEPS]
    has_more = len(found.steps) > (page + 1) * STEPS
    content = [*said(first_words(found.post.text, 200) or "-")]
    if of > 1:
        words = t(
            "The newest of {n} posts with these words. `/social find` shows the others.", n=of
        )
        content.append(context(words))
    content.append(divider())
    for step in steps:
        content.append(section(f"{moment(step.at, t, zone)}\n{step_line(step, t)}"))
        content += step_details(step, t, zone)
    if not steps:
        content.append(section(t("Nothing happened with this post yet.")))
    return {
        "type": "modal",
        "callback_id": "history",
        "title": blocks.plain(t("History")),
        "close": blocks.plain(t("Close")),
        "blocks": [
            *content,
            *page_buttons("history.page", str(found.post.id), page, t, has_more=has_more),
        ],
    }


def in_thread(post: PostView, step: StepView, t: Texts, zone: ZoneInfo) -> Message:
    """A reply below the card: what was done and why, for the proposer and for who decides now."""
    line = step_line(step, t)
    if step.by != post.proposer:
        line = f"{mention(post.proposer)} {line}"
    return Message(
        text=line,
        blocks=[section(line), *step_details(step, t, zone), *_who_is_next(step, t)],
    )


def _who_is_next(step: StepView, t: Texts) -> list[Block]:
    """After an edit: who decides. As it was then, so that the thread reads as it went."""
    if step.what not in EDITS or not step.asks:
        return []
    others = t.listing(mention(person) for person in step.asks if person != step.by)
    if not others:  # they wrote it themselves
        people = t.listing(mention(person) for person in step.asks)
        return [context(t("Waits for the decision of {people}.", people=people))]
    return [context(t("Waits for {people}: please read it again.", people=others))]
