"""Direct messages to who decides: what still waits for them. Pure."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.views import PlacementTask, PlacementView, PostView
from bot.rules.posts import PlacementStatus
from bot.texts import Texts
from handlers.slack.blocks import Block, actions, context, said, section
from handlers.slack.cards import MOST_LINES, Message, waiting_lines
from handlers.slack.contents import text_for
from handlers.slack.post_buttons import buttons_for
from handlers.slack.words import first_words, listed, planned

MOST_POSTS = 12
"""In one message, each of up to four blocks."""


def to_decide(
    tasks: Sequence[PlacementTask], reader: str, t: Texts, zone: ZoneInfo
) -> Message | None:
    """tasks: what still waits for the reader. None: nothing does any more."""
    posts = {task.post.id: task.post for task in tasks}
    if not posts:
        return None
    if len(posts) == 1:
        (post,) = posts.values()
        return _one(post, [task.placement for task in tasks], reader, t, zone)
    headline = t.n("⏰ One post waits for you.", "⏰ {n} posts wait for you.", len(posts))
    shown = list(posts.values())[:MOST_POSTS]
    blocks = [block for post in shown for block in _row(post, _of(post, tasks), reader, t, zone)]
    more = len(posts) - len(shown)
    below = [context(t("On the Home tab you find the others."))] if more else []
    return Message(headline, [section(headline), *blocks, *below])


def resumed(post: PostView, reader: str, t: Texts, zone: ZoneInfo) -> Message | None:
    """The time that somebody wanted to wait is over. None: it waits for the reader no more."""
    waits = [
        placement
        for placement in post.placements
        if placement.status is PlacementStatus.PROPOSED and reader in placement.deciders
    ]
    if not waits:
        return None
    headline = t(
        "▶️ The time to wait is over: this post for {platforms}, {when}, asks for a decision.",
        platforms=_names(waits, t),
        when=planned(post.planned_at, t, zone),
    )
    words, buttons = said(text_for(post, reader)), actions(buttons_for(post, reader, t))
    return Message(headline, [section(headline), *words, *buttons])


def _one(
    post: PostView, placements: Sequence[PlacementView], reader: str, t: Texts, zone: ZoneInfo
) -> Message:
    headline = t(
        "⏰ This post for {platforms} is planned for {when}, and waits for your decision.",
        platforms=_names(placements, t),
        when=planned(post.planned_at, t, zone),
    )
    return Message(
        headline,
        [
            section(headline),
            *said(text_for(post, reader)),
            *_why_you(post, t, zone),
            *actions(buttons_for(post, reader, t)),
        ],
    )


def _row(
    post: PostView, placements: Sequence[PlacementView], reader: str, t: Texts, zone: ZoneInfo
) -> list[Block]:
    where = f"{_names(placements, t)} · {planned(post.planned_at, t, zone)}"
    return [
        *said(first_words(text_for(post, reader), 150) or "-"),
        context(where),
        *_why_you(post, t, zone),
        *actions(buttons_for(post, reader, t)),
    ]


def _why_you(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """That deputies decide, too."""
    lines = waiting_lines(post, t, zone)
    return [context("\n".join(lines[:MOST_LINES]))] if lines else []


def _of(post: PostView, tasks: Sequence[PlacementTask]) -> list[PlacementView]:
    return [task.placement for task in tasks if task.post.id == post.id]


def _names(placements: Sequence[PlacementView], t: Texts) -> str:
    return listed((placement.platform for placement in placements), t)
