"""App Home: what waits for you, your proposals, what is planned."""

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
from handlers.slack.people import Person
from handlers.slack.polls import option_lines, poll_buttons
from handlers.slack.words import escape, first_words, mention, moment

# Their blocks together stay within the 100 of a view.
MOST_WAITING = 8  # up to five blocks each
MOST_NAMES = 10
MOST_POLLS = 4  # three
MOST_TO_POST = 4  # three
MOST_PROPOSALS = 8  # two
MOST_PLANNED = 15  # lines of one block


async def opened(incoming: Incoming) -> None:
    if incoming.body["event"].get("tab", "home") == "home":
        await publish(incoming.workspace, incoming.by)
    await incoming.ack()


async def choose_language(incoming: Incoming) -> None:
    """Home itself is shown anew after every press on it."""
    await incoming.workspace.people.choose_language(incoming.by.id, incoming.value)
    await incoming.ack()


async def publish(workspace: Workspace, person: Person) -> None:
    desk = workspace.desk
    view = render(await home.show(desk, person.id), person.t, desk.zone)
    await workspace.client.views_publish(user_id=person.id, view=view)


def render(view: HomeView, t: Texts, zone: ZoneInfo) -> Block:
    """Pure."""
    return {
        "type": "home",
        "blocks": [
            *_first(view, t),
            *_waiting(view, t, zone),
            *_to_post(view, t, zone),
            *_proposals(view, t, zone),
            *_planned(view, t, zone),
            *_languages(t),
        ],
    }


def _first(view: HomeView, t: Texts) -> list[Block]:
    """What can always be done; and that somebody is away, where they are."""
    buttons = [button(t("Propose a post"), "home.propose", "new", "primary")]
    if view.may_be_away and view.absence is None:
        buttons.append(button(t("I am away"), "home.away", "new"))
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


def _waiting(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    blocks = [header(t("Waiting for you"))]
    if not view.waiting and not view.polls_waiting:
        return [*blocks, section(t("Nothing waits for you. Enjoy the quiet."))]
    for post in view.waiting[:MOST_WAITING]:
        blocks += _post_to_decide(post, t, zone)
    blocks += _how_many_more(len(view.waiting) - MOST_WAITING, t)
    for poll in view.polls_waiting[:MOST_POLLS]:
        blocks += _poll_to_decide(poll, t)
    return blocks + _how_many_more(len(view.polls_waiting) - MOST_POLLS, t)


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


def _to_post(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    if not view.to_post:
        return []
    blocks = [divider(), header(t("To be posted by you"))]
    for task in view.to_post[:MOST_TO_POST]:
        blocks += _task(task, t, zone)
    return blocks + _how_many_more(len(view.to_post) - MOST_TO_POST, t)


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


def _proposals(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    blocks = [divider(), header(t("Your proposals"))]
    if not view.proposals:
        return [*blocks, section(t("You have not proposed anything yet. What would you share?"))]
    for post in view.proposals[:MOST_PROPOSALS]:
        blocks += summary(post, t, zone)
    return blocks + _how_many_more(len(view.proposals) - MOST_PROPOSALS, t)


def _planned(view: HomeView, t: Texts, zone: ZoneInfo) -> list[Block]:
    blocks = [divider(), header(t("Planned"))]
    if not view.planned:
        return [*blocks, section(t("Nothing is planned yet."))]
    lines = [
        f"{t.day(entry.at.astimezone(zone).date())} · {entry_line(entry, t, zone)}"
        for entry in view.planned[:MOST_PLANNED]
    ]
    blocks += said("\n".join(lines))[:2]
    return blocks + _how_many_more(len(view.planned) - MOST_PLANNED, t)


def _languages(t: Texts) -> list[Block]:
    """The languages that this person could read instead."""
    others = [language for language in LANGUAGES if language != t.language]
    return [
        divider(),
        *actions([button(f"🌐 {LANGUAGES[each]}", "home.language", each) for each in others]),
    ]


def _how_many_more(more: int, t: Texts) -> list[Block]:
    return [context(t.n("And one more.", "And {n} more.", more))] if more > 0 else []
