"""The note at the begin of somebody's working day. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from bot.actions.morning_view import MorningView
from bot.actions.views import CalendarEntry, PlacementTask, PostView
from bot.texts import Texts
from handlers.slack.blocks import Block, actions, button, context, header, said, section
from handlers.slack.calendar import entry_line
from handlers.slack.cards import MOST_LINES, Message, last_request, platforms_of, waiting_lines
from handlers.slack.post_buttons import buttons_for
from handlers.slack.words import escape, first_words, planned

MOST_ENTRIES = 12
MOST_POSTS = 4
"""That wait: of each there are four blocks at most, and all of it has to fit in one message."""

FIRST_WORDS = 150


def morning_note(view: MorningView, t: Texts) -> Message:
    title = t("Your day: {day}", day=t.day(view.day))
    return Message(
        title,
        [
            header(title),
            *_today(view, t),
            *_waiting(view, t),
            *_to_post(view, t),
            *_changes_asked(view, t),
            *_next(view, t),
            *_more(view, t),
        ],
    )


def _today(view: MorningView, t: Texts) -> list[Block]:
    if view.today:
        lines = [entry_line(entry, t, view.zone) for entry in view.today]
        return _entries(t("Today"), lines, t)
    return [section(t("Nothing goes out today on your platforms."))] if view.home.decides else []


def _next(view: MorningView, t: Texts) -> list[Block]:
    if not view.next:
        return []
    if view.next_day - view.day == timedelta(days=1):
        lines = [entry_line(entry, t, view.zone) for entry in view.next]
        return _entries(t("Tomorrow"), lines, t)
    lines = [_with_day(entry, view, t) for entry in view.next]
    return _entries(t("Until {day}", day=t.day(view.next_day)), lines, t)


def _with_day(entry: CalendarEntry, view: MorningView, t: Texts) -> str:
    day = t.day(entry.at.astimezone(view.zone).date())
    return f"{day} · {entry_line(entry, t, view.zone)}"


def _entries(title: str, lines: Sequence[str], t: Texts) -> list[Block]:
    left = len(lines) - MOST_ENTRIES
    more = [context(t.n("And one more.", "And {n} more.", left))] if left > 0 else []
    return [section(f"*{title}*"), *said("\n".join(lines[:MOST_ENTRIES]))[:2], *more]


def _waiting(view: MorningView, t: Texts) -> list[Block]:
    home = view.home
    posts = [block for post in home.waiting.shown[:MOST_POSTS] for block in _post(post, view, t)]
    polls = len(home.polls_waiting.shown) + home.polls_waiting.left
    if polls:
        posts.append(
            section(
                t.n("A poll waits for your decision.", "{n} polls wait for your decision.", polls)
            )
        )
    return _titled(t("Waiting for you"), posts)


def _post(post: PostView, view: MorningView, t: Texts) -> list[Block]:
    where = f"{platforms_of(post, t)} · {planned(post.planned_at, t, view.zone)}"
    lines = waiting_lines(post, t, view.zone)[:MOST_LINES]
    return [
        *said(first_words(post.text, FIRST_WORDS) or "-"),
        context("\n".join([where, *lines])),
        *actions(buttons_for(post, view.home.by, t)),
    ]


def _to_post(view: MorningView, t: Texts) -> list[Block]:
    tasks = [block for task in view.home.to_post.shown for block in _task(task, view, t)]
    return _titled(t("To be posted by you"), tasks)


def _task(task: PlacementTask, view: MorningView, t: Texts) -> list[Block]:
    value = str(task.placement.id)
    platform = escape(task.placement.platform)
    return [
        *said(first_words(task.placement.text, FIRST_WORDS) or "-"),
        context(f"{platform} · {planned(task.placement.planned_at, t, view.zone)}"),
        *actions([button(t("Posted"), "placement.posted", value, "primary")]),
    ]


def _changes_asked(view: MorningView, t: Texts) -> list[Block]:
    blocks = [
        block
        for post in view.home.changes_asked.shown
        for block in (
            *said(first_words(post.text, FIRST_WORDS) or "-"),
            *last_request(post, t, view.zone)[:2],
            *actions(buttons_for(post, view.home.by, t)),
        )
    ]
    return _titled(t("Changes asked of you"), blocks)


def _more(view: MorningView, t: Texts) -> list[Block]:
    """Where the rest is."""
    home = view.home
    pages = (home.waiting, home.polls_waiting, home.to_post, home.changes_asked)
    is_cut = len(home.waiting.shown) > MOST_POSTS or any(page.left for page in pages)
    if is_cut or home.polls_waiting.shown:
        return [context(t("On the Home tab you find all that waits for you."))]
    return []


def _titled(title: str, blocks: list[Block]) -> list[Block]:
    """Nothing where there is nothing to show."""
    return [section(f"*{title}*"), *blocks] if blocks else []
