"""App Home: what waits for you, your proposals, what is planned."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.actions import home
from bot.actions.views import HomeView, PlacementTask, PollView, PostView
from bot.texts import LANGUAGES, Texts
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    said,
    section,
)
from handlers.slack.calendar import entry_line
from handlers.slack.cards import platforms_of, post_buttons, summary
from handlers.slack.incoming import Incoming, Workspace
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.people import Person
from handlers.slack.polls import option_lines, poll_buttons
from handlers.slack.words import escape, first_words, mention, moment

T = TypeVar("T")

# Their blocks together stay within the 100 of a view.
MOST_WAITING = 8  # up to five blocks each
MOST_NAMES = 10
MOST_POLLS = 4  # three
MOST_TO_POST = 4  # three
MOST_PROPOSALS = home.PROPOSALS  # two
MOST_PLANNED = 15  # lines of one block


Pages = Mapping[str, int]
"""Which page of each list is shown, where it is not the first."""

NO_PAGES: Pages = {}


async def opened(incoming: Incoming) -> None:
    if incoming.body["event"].get("tab", "home") == "home":
        await publish(incoming.workspace, incoming.by)
    await incoming.ack()


async def choose_language(incoming: Incoming) -> None:
    """Home itself is shown anew after every press on it."""
    await incoming.workspace.people.choose_language(incoming.by.id, incoming.value)
    await incoming.ack()


async def turn_page(incoming: Incoming) -> None:
    """Another page of one list; the others stay where they are."""
    part, page = page_of(incoming.value)
    await publish(incoming.workspace, incoming.by, {**pages_of(incoming.view), part: page})
    await incoming.ack()


def pages_of(view: Block | None) -> Pages:
    """Where this person was leafing, as their Home carries it along."""
    if view is None or view["type"] != "home":
        return NO_PAGES
    found: Pages = json.loads(view.get("private_metadata") or "{}")
    return found


async def publish(workspace: Workspace, person: Person, pages: Pages = NO_PAGES) -> None:
    desk = workspace.desk
    found = await home.show(desk, person.id, pages.get("proposals", 0))
    view = render(found, person.t, desk.zone, pages)
    await workspace.client.views_publish(user_id=person.id, view=view)


def render(view: HomeView, t: Texts, zone: ZoneInfo, pages: Pages = NO_PAGES) -> Block:
    """Pure. pages: of which `view` has the right proposals already."""
    return {
        "type": "home",
        "private_metadata": json.dumps({part: page for part, page in pages.items() if page}),
        "blocks": [
            *_first(view, t),
            *_waiting(view, t, zone, pages),
            *_to_post(view, t, zone, pages),
            *_proposals(view, t, zone, pages),
            *_planned(view, t, zone, pages),
            *_languages(t),
        ],
    }


@dataclass(frozen=True)
class _Part(Generic[T]):
    """What is shown of one list, and the buttons below it."""

    shown: Sequence[T]
    below: list[Block]


def _part(name: str, items: Sequence[T], most: int, pages: Pages, t: Texts) -> _Part[T]:
    """Where the list has become shorter meanwhile, its last page."""
    page = min(pages.get(name, 0), max(0, (len(items) - 1) // most))
    left = len(items) - (page + 1) * most
    return _Part(items[page * most : (page + 1) * most], _below(name, page, left, t))


def _below(name: str, page: int, left: int, t: Texts) -> list[Block]:
    return [*_how_many_more(left, t), *page_buttons("home.page", name, page, t, has_more=left > 0)]


def _first(view: HomeView, t: Texts) -> list[Block]:
    """What can always be done; and that somebody is away, where they are."""
    buttons = [button(t("Propose a post"), "home.propose", "new", "primary")]
    if view.may_be_away and view.absence is None:
        buttons.append(button(t("I am away"), "home.away", "new"))
    if view.is_admin:
        buttons.append(button(t("Settings"), "settings.open", "all"))
    return [*actions(buttons), *_absence(view, t)]


def _absence(view: HomeView, t: Texts) -> list[Block]:
    if view.absence is None:
        return []
    words = t(
        "🌴 You are away from {first} till {last}. Your deputies decide meanwhile.",
        first=t.day(view.absence.first_day),
        last=t.day(view.absence.last_day),
    )
    if view.absence.uncovered:
        words += " " + t(
            "Nobody stands in for you for {platforms}: that still comes to you if no other "
            "owner is there.",
            platforms=t.listing(map(escape, view.absence.uncovered[:MOST_NAMES])),
        )
    return [section(words), *actions([button(t("Back earlier"), "home.back", "now")])]


def _waiting(view: HomeView, t: Texts, zone: ZoneInfo, pages: Pages) -> list[Block]:
    blocks = [header(t("Waiting for you"))]
    if not view.waiting and not view.polls_waiting:
        return [*blocks, section(t("Nothing waits for you. Enjoy the quiet."))]
    posts = _part("waiting", view.waiting, MOST_WAITING, pages, t)
    for post in posts.shown:
        blocks += _post_to_decide(post, t, zone)
    polls = _part("polls", view.polls_waiting, MOST_POLLS, pages, t)
    blocks += posts.below
    for poll in polls.shown:
        blocks += _poll_to_decide(poll, t)
    return blocks + polls.below


def _post_to_decide(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    whose = t(
        "{who} for {platforms}, {when}",
        who=mention(post.proposer),
        platforms=platforms_of(post, t),
        when=moment(post.planned_at, t, zone),
    )
    if post.images:
        pictures = t.n("one picture (on the card)", "{n} pictures (on the card)", len(post.images))
        whose = f"{whose} · {pictures}"
    return [section(whose), *said(post.text)[:2], *actions(post_buttons(post, t))]


def _poll_to_decide(poll: PollView, t: Texts) -> list[Block]:
    words = "\n".join([poll.question, *option_lines(poll, t)])
    who = t("{who} proposes a poll", who=mention(poll.proposer))
    return [section(who), *said(words)[:1], *actions(poll_buttons(poll, t))]


def _to_post(view: HomeView, t: Texts, zone: ZoneInfo, pages: Pages) -> list[Block]:
    if not view.to_post:
        return []
    blocks = [divider(), header(t("To be posted by you"))]
    tasks = _part("to_post", view.to_post, MOST_TO_POST, pages, t)
    for task in tasks.shown:
        blocks += _task(task, t, zone)
    return blocks + tasks.below


def _task(task: PlacementTask, t: Texts, zone: ZoneInfo) -> list[Block]:
    value = str(task.placement.id)
    platform = escape(task.placement.platform)
    return [
        *said(first_words(task.post.text, 150) or "-"),
        context(f"{platform} · {moment(task.placement.planned_at, t, zone)}"),
        *actions(
            [
                button(t("Posted"), "placement.posted", value, "primary"),
                button(t("Snooze"), "placement.snooze", value),
            ]
        ),
    ]


def _proposals(view: HomeView, t: Texts, zone: ZoneInfo, pages: Pages) -> list[Block]:
    blocks = [divider(), header(t("Your proposals"))]
    page = pages.get("proposals", 0)
    if not view.proposals and not page:
        return [*blocks, section(t("You have not proposed anything yet. What would you share?"))]
    for post in view.proposals[:MOST_PROPOSALS]:
        blocks += summary(post, t, zone)
    left = len(view.proposals[MOST_PROPOSALS:]) + view.earlier_proposals
    return blocks + _below("proposals", page, left, t)


def _planned(view: HomeView, t: Texts, zone: ZoneInfo, pages: Pages) -> list[Block]:
    blocks = [divider(), header(t("Planned"))]
    if not view.planned:
        return [*blocks, section(t("Nothing is planned yet."))]
    planned = _part("planned", view.planned, MOST_PLANNED, pages, t)
    lines = [
        f"{t.day(entry.at.astimezone(zone).date())} · {entry_line(entry, t, zone)}"
        for entry in planned.shown
    ]
    return [*blocks, *said("\n".join(lines))[:2], *planned.below]


def _languages(t: Texts) -> list[Block]:
    """The languages that this person could read instead."""
    others = [language for language in LANGUAGES if language != t.language]
    return [
        divider(),
        *actions([button(f"🌐 {LANGUAGES[each]}", "home.language", each) for each in others]),
    ]


def _how_many_more(more: int, t: Texts) -> list[Block]:
    return [context(t.n("And one more.", "And {n} more.", more))] if more > 0 else []
