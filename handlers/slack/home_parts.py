"""App Home: its sections, the most urgent first. Pure."""

import json
from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.actions.home import SIZES
from bot.actions.views import HomeView, Page, PlacementTask, PollView, PostView
from bot.rules.posts import STATUS_WORDS, PostStatus
from bot.texts import LANGUAGES, Texts
from handlers.slack.blocks import (
    SECTION,
    Block,
    actions,
    button,
    context,
    divider,
    header,
    said,
    section,
    shortened,
)
from handlers.slack.calendar import entry_line
from handlers.slack.cards import (
    MOST_LINES,
    SIGNS,
    last_request,
    platforms_of,
    summary,
    waiting_lines,
)
from handlers.slack.contents import text_for
from handlers.slack.drafts import entry as draft_entry
from handlers.slack.pages import page_buttons
from handlers.slack.polls import option_lines, poll_buttons
from handlers.slack.post_buttons import buttons_for
from handlers.slack.words import escape, first_words, listed, mention, planned

T = TypeVar("T")

MOST_NAMES = 10
FIRST_WORDS = 150


def render(view: HomeView, t: Texts, zone: ZoneInfo) -> Block:
    """At most 96 of the 100 blocks, however much there is (bot.actions.home.SIZES)."""
    return {
        "type": "home",
        "private_metadata": json.dumps(_where_they_leaf(view)),
        "blocks": [
            *_first(view, t),
            *_waiting(view, t, zone),
            *_to_post(view, t, zone),
            *_changes_asked(view, t, zone),
            *_drafts(view, t, zone),
            *_proposals(view, t, zone),
            *_week(view, t, zone),
            *_backlog(view, t, zone),
            *_settings(t),
        ],
    }


def _where_they_leaf(view: HomeView) -> dict[str, int]:
    pages: dict[str, Page[Any]] = {name: getattr(view, name) for name in SIZES}
    return {name: page.number for name, page in pages.items() if page.number}


def _list(name: str, page: Page[T], draw: Callable[[T], list[Block]], t: Texts) -> list[Block]:
    """What is shown of it, how much more there is, and the way there."""
    blocks = [block for item in page.shown for block in draw(item)]
    if page.left:
        blocks.append(context(t.n("And one more.", "And {n} more.", page.left)))
    return [
        *blocks,
        *page_buttons("home.page", name, page.number, t, has_more=page.left > 0),
    ]


def _titled(title: str, blocks: list[Block]) -> list[Block]:
    """Nothing where there is nothing to show."""
    return [header(title), *blocks] if blocks else []


def _first(view: HomeView, t: Texts) -> list[Block]:
    """What can always be done; and that somebody is away, where they are."""
    buttons = [button(t("Propose a post"), "home.propose", "new", "primary")]
    if view.decides and view.absence is None:
        buttons.append(button(t("I am away"), "home.away", "new"))
    if view.is_admin:
        buttons.append(button(t("Settings"), "settings.open", "all"))
    return [*actions(buttons), *_absence(view, t)]


def _absence(view: HomeView, t: Texts) -> list[Block]:
    if view.absence is None:
        return []
    days = {"first": t.day(view.absence.first_day), "last": t.day(view.absence.last_day)}
    if view.absence.has_begun:
        label = t("Back earlier")
        words = t(
            "🌴 You are away from {first} till {last}. Your deputies decide meanwhile.", **days
        )
    else:
        label = t("I stay after all")
        words = t("🌴 You go away from {first} till {last}. Your deputies decide then.", **days)
    if view.absence.uncovered:
        words += " " + t(
            "Nobody stands in for you for {platforms}: that still comes to you if no other "
            "owner is there.",
            platforms=t.listing(map(escape, view.absence.uncovered[:MOST_NAMES])),
        )
    return [section(words), *actions([button(label, "home.back", "now")])]


def _waiting(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    blocks = [
        *_list("waiting", view.waiting, lambda post: _post(post, view.by, t, zone), t),
        *_list("polls_waiting", view.polls_waiting, lambda poll: _poll(poll, t), t),
    ]
    if not blocks and view.decides:
        blocks = [section(t("Nothing waits for you. Enjoy the quiet."))]
    return _titled(t("Waiting for you"), blocks)


def _post(post: PostView, by: str, t: Texts, zone: ZoneInfo) -> list[Block]:
    """Enough of it to decide; what does not fit here is on the card."""
    whose = t(
        "{who} for {platforms}, {when}",
        who=mention(post.proposer),
        platforms=platforms_of(post, t),
        when=planned(post.planned_at, t, zone),
    )
    text = text_for(post, by)
    fits = shortened(text, SECTION)
    notes = " · ".join([whose, *_notes(post, t, is_cut=fits != text)])
    return [
        section("\n".join([notes, *waiting_lines(post, t, zone)[:MOST_LINES]])),
        *said(fits),
        *actions(buttons_for(post, by, t)),
    ]


def _notes(post: PostView, t: Texts, *, is_cut: bool) -> list[str]:
    """What else there is to know before a decision."""
    notes = []
    if post.status is not PostStatus.PROPOSED:
        notes.append(f"{SIGNS[post.status]} {t(STATUS_WORDS[post.status])}")
    if post.images:
        pictures = t.n("one picture (on the card)", "{n} pictures (on the card)", len(post.images))
        notes.append(pictures)
    if len(post.wordings) > 1:
        notes.append(t("a text of its own for some platforms (on the card)"))
    if is_cut:
        notes.append(t("a long text (all of it on the card)"))
    if post.topics:
        topics = listed((topic.name for topic in post.topics), t)
        notes.append(t("🔔 A sensitive topic: *{topic}*.", topic=topics))
    return notes


def _poll(poll: PollView, t: Texts) -> list[Block]:
    words = "\n".join([poll.question, *option_lines(poll, t)])
    who = t("{who} proposes a poll", who=mention(poll.proposer))
    return [section(who), *said(words)[:1], *actions(poll_buttons(poll, t))]


def _to_post(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    tasks = _list("to_post", view.to_post, lambda task: _task(task, t, zone), t)
    return _titled(t("To be posted by you"), tasks)


def _task(task: PlacementTask, t: Texts, zone: ZoneInfo) -> list[Block]:
    value = str(task.placement.id)
    platform = escape(task.placement.platform)
    return [
        *said(first_words(task.placement.text, FIRST_WORDS) or "-"),
        context(f"{platform} · {planned(task.placement.planned_at, t, zone)}"),
        *actions(
            [
                button(t("Posted"), "placement.posted", value, "primary"),
                button(t("Snooze"), "placement.snooze", value),
            ]
        ),
    ]


def _changes_asked(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    def one(post: PostView) -> list[Block]:
        return [
            *said(first_words(post.text, FIRST_WORDS) or "-"),
            *last_request(post, t, zone)[:2],
            *actions(buttons_for(post, view.by, t)),
        ]

    return _titled(t("Changes asked of you"), _list("changes_asked", view.changes_asked, one, t))


def _drafts(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    drafts = _list("drafts", view.drafts, lambda draft: draft_entry(draft, t, zone), t)
    return _titled(t("Your drafts"), drafts)


def _proposals(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    def one(post: PostView) -> list[Block]:
        words, *where = summary(post, t, zone)
        show = button(t("History"), "history.show", str(post.id))
        return [words | {"accessory": show}, *where]

    proposals = _list("proposals", view.proposals, one, t)
    none = section(t("You have not proposed anything yet. What would you share?"))
    return _titled(t("Your proposals"), proposals or [none])


def _week(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """The next seven days."""
    days = [entry.at.astimezone(zone).date() for entry in view.week.shown]
    names = {day: t.day(day) for day in days}
    lines = "\n".join(
        f"{names[day]} · {entry_line(entry, t, zone)}"
        for day, entry in zip(days, view.week.shown, strict=True)
    )
    below = _list("week", Page((), view.week.number, view.week.left), lambda _: [], t)
    if not lines:
        return _titled(t("This week"), [section(t("Nothing is planned in the next seven days."))])
    return _titled(t("This week"), [*said(lines)[:2], *below])


def _backlog(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    posts = _list("backlog", view.backlog, lambda post: _post(post, view.by, t, zone), t)
    return _titled(t("The backlog: no date yet"), posts)


def _settings(t: Texts) -> list[Block]:
    """Their own: when they are reminded, and the languages that they could read instead."""
    others = [language for language in LANGUAGES if language != t.language]
    return [
        divider(),
        *actions(
            [
                button("⏰ " + t("Your reminders"), "home.reminders", "mine"),
                *(button(f"🌐 {LANGUAGES[each]}", "home.language", each) for each in others),
            ]
        ),
    ]
