"""The weekly note: how the team's week was, and what is to come. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.actions.views import DecisionView, PlacementTask, PostView
from bot.actions.weekly import WeekView
from bot.rules.posts import STATUS_WORDS
from bot.texts import Texts
from handlers.slack.blocks import Block, context, header, section
from handlers.slack.cards import Message
from handlers.slack.words import first_words

MOST_LINES = 12
"""Of each list; /social find shows the others."""

A_TITLE = 80
A_REASON = 200


def weekly_note(week: WeekView, monday: date, t: Texts, zone: ZoneInfo) -> Message:
    """Texts of people stand in it as text: they mention nobody."""
    title = t("The week before {day}", day=t.day(monday))
    lists = (
        (t("Published"), [_published(task, t) for task in week.published]),
        (
            t("Not published, and why"),
            [
                *(_rejected(post, decision, t) for post, decision in week.rejected),
                *(_expired(tasks, t) for tasks in _by_post(week.expired)),
            ],
        ),
        (t("Still open"), [_open(post, t) for post in week.still_open]),
        (
            t("Planned for this week"),
            [_planned(tasks, t, zone) for tasks in _by_post(week.planned)],
        ),
    )
    content = [header(title)]
    for name, lines in lists:
        content += _list(name, lines, t)
    return Message(title, content)


def _list(name: str, lines: Sequence[list[Block]], t: Texts) -> list[Block]:
    found = [section(f"*{name}*")]
    if not lines:
        return [*found, context(t("Nothing."))]
    rows = [{"type": "rich_text_section", "elements": line} for line in lines[:MOST_LINES]]
    bullets = {"type": "rich_text_list", "style": "bullet", "elements": rows}
    found.append({"type": "rich_text", "elements": [bullets]})
    left = len(lines) - MOST_LINES
    return [*found, *([context(t.n("And one more.", "And {n} more.", left))] if left > 0 else [])]


def _published(task: PlacementTask, t: Texts) -> list[Block]:
    line = [_text(f"{task.placement.platform}: "), _text(_title(task.post))]
    if task.placement.link:
        line += [
            _text(" · "),
            {"type": "link", "url": task.placement.link, "text": t("see the post")},
        ]
    return line


def _rejected(post: PostView, decision: DecisionView, t: Texts) -> list[Block]:
    why = f": “{first_words(decision.reason, A_REASON)}”" if decision.reason else ""
    line = [_text(f"{_title(post)} · " + t("rejected"))]
    if decision.by:
        line += [_text(" · "), _person(decision.by)]
    return [*line, *([_text(why)] if why else [])]


def _expired(tasks: Sequence[PlacementTask], t: Texts) -> list[Block]:
    words = t("not ready in time")
    return [_text(f"{_title(tasks[0].post)} · {_platforms(tasks, t)}: {words}")]


def _open(post: PostView, t: Texts) -> list[Block]:
    line = [_text(f"{_title(post)} · {t(STATUS_WORDS[post.status])}")]
    for person in dict.fromkeys(p for placement in post.placements for p in placement.deciders):
        line += [_text(" · "), _person(person)]
    return line


def _planned(tasks: Sequence[PlacementTask], t: Texts, zone: ZoneInfo) -> list[Block]:
    planned_at = tasks[0].placement.planned_at
    assert planned_at is not None  # it is found by its time
    when = t.moment(planned_at, zone)
    return [_text(f"{when} · {_platforms(tasks, t)}: {_title(tasks[0].post)}")]


def _by_post(tasks: Sequence[PlacementTask]) -> list[list[PlacementTask]]:
    """One line for a post at one time, however many platforms it is for."""
    found: dict[tuple[int, datetime | None], list[PlacementTask]] = {}
    for task in tasks:
        found.setdefault((task.post.id, task.placement.planned_at), []).append(task)
    return list(found.values())


def _platforms(tasks: Sequence[PlacementTask], t: Texts) -> str:
    return t.listing(task.placement.platform for task in tasks)


def _title(post: PostView) -> str:
    return first_words(post.text, A_TITLE) or "-"


def _text(words: str) -> Block:
    return {"type": "text", "text": words}


def _person(slack_id: str) -> Block:
    return {"type": "user", "user_id": slack_id}
