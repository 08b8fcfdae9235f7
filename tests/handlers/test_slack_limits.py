"""Every message, modal and Home at its largest, against Slack's limits, in both languages."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.actions import move_warnings, moving
from bot.actions.calendar_views import CalendarView, Mix, PlatformSpread
from bot.actions.effect import (
    AlikeView,
    EffectView,
    GoalView,
    Neighbour,
    PlatformEffect,
    ShareView,
)
from bot.actions.feeds import Address, Scope
from bot.actions.figures_asked import MOST_AT_ONCE, Asked, AskView
from bot.actions.find import Found
from bot.actions.history import MOVES, POST_STEPS, HistoryView, StepView
from bot.actions.home import SIZES
from bot.actions.morning_view import MorningView
from bot.actions.my_reminders import MyReminders
from bot.actions.offers import Crowd, FillForm, Offer, Proposed
from bot.actions.proposals import Proposal
from bot.actions.reminder_answers import PutOffForm
from bot.actions.reminder_messages import MomentView, RemindersView, ReminderView, State
from bot.actions.responsibilities import Responsibility
from bot.actions.settings import Section, Setting
from bot.actions.slot_dates import DatesView, DateView
from bot.actions.slot_views import SlotForm, SlotsView, SlotView
from bot.actions.slots import Changed
from bot.actions.special_days import DaysView
from bot.actions.statements import StatementView
from bot.actions.views import (
    AbsenceView,
    CalendarEntry,
    CallView,
    Choice,
    DecisionView,
    DraftView,
    Figure,
    FileOnSlack,
    FormChoices,
    HomeView,
    MediaView,
    OptionView,
    Page,
    PartView,
    PlacementTask,
    PlacementView,
    PlaceView,
    PlatformChoice,
    PollView,
    PostView,
    StoryView,
    TakedownView,
    TopicView,
)
from bot.actions.weekly import WeekView
from bot.rules import settings as settings_rules
from bot.rules import strategy
from bot.rules.backlog import Room
from bot.rules.calendar import ReminderKind, Skip
from bot.rules.changes import changed_words
from bot.rules.effect import Share
from bot.rules.figures import LARGEST_FIGURE, Metric
from bot.rules.periods import Part, Unit, week_of
from bot.rules.polls import PollPlace, PollStatus
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.refusals import Mention, Phrase, Refusal
from bot.rules.reminding import Stage
from bot.rules.slot_choices import Choices, Often
from bot.rules.special_days import SpecialDate, SpecialDay
from bot.rules.spread import Period, spread
from bot.rules.stories import DeclineReason, StoryStatus
from bot.rules.strategy_file import Mistake
from bot.rules.working_hours import Hours
from bot.sandbox.slack.blocks import check_message_blocks, check_view
from bot.sandbox.slack.state import SlackFile
from bot.texts import LANGUAGES, Texts, texts_in
from handlers.slack import (
    calendar,
    calendar_offers,
    cards,
    day_views,
    decision_forms,
    drafts,
    effect,
    feeds,
    figure_views,
    find,
    forms,
    history,
    home_parts,
    morning,
    move_forms,
    my_reminders,
    outcomes,
    polls,
    posts,
    reminder_answers,
    reminders,
    responsibilities,
    rights,
    settings_forms,
    settings_views,
    slot_dates,
    slot_forms,
    slots,
    statements,
    stories,
    takedowns,
    weekly,
    words,
)
from handlers.slack.blocks import IN_VIEW, Block
from handlers.slack.cards import Message
from handlers.slack.picture_fields import Picture, describing
from handlers.slack.proposal_form import Filled, blank, from_draft, from_post, from_story, proposal

T = TypeVar("T")

ZONE = ZoneInfo("Europe/Amsterdam")
LEFT_ON_HOME = 4  # blocks, for what else a colleague may find there
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LONG = ("& < > <!channel> *x* &lt; 🎉 שלום \n" * 200)[:3000]
STORY = ("&lt;🎉" * 1000)[:4096]
NAME = ("&lt; Bibliotheek <De> *Leestafel* 🎉 " * 9)[:200]
FILES = {"F01": SlackFile("F01", "x.png", "U1", 0, mimetype="image/png", shared=True)}
PICTURES = tuple(MediaView(f"{n:064}", "image/png", NAME, Path("x"), "F01") for n in range(10))
VOICE = MediaView("v" * 64, "audio/ogg", NAME, Path("x"), None)

_OUT = PlacementStatus.PUBLISHED

in_both = pytest.mark.parametrize("t", [texts_in(language) for language in LANGUAGES])


def placement(n: int, status: PlacementStatus = PlacementStatus.PROPOSED) -> PlacementView:
    return PlacementView(
        id=n,
        platform_key=f"platform-{n}",
        platform=NAME[:60],
        by_hand=True,
        status=status,
        text=LONG,
        planned_at=NOW,
        published_at=NOW,
        link="https://example.org/" + "x" * 200,
        deciders=("U01OWNER",),
        owners=("U01OWNER",),
        approved_by=("U01OWNER",),
        missing=99,
        waits_for=("U02OWNER1234",) * 30,
        held_until=NOW,
        held_by="U01OWNER",
        escalated_at=NOW,
        metrics=tuple(Metric),
        figures=tuple(Figure(metric, LARGEST_FIGURE, NOW) for metric in Metric),
    )


def a_post(status: PlacementStatus = PlacementStatus.PROPOSED) -> PostView:
    return PostView(
        id=10**9,
        status=PostStatus.AWAITING_FOLLOWER,
        revision=999,
        text=LONG,
        images=PICTURES,
        proposer="U03COLLEAGUE",
        pillar=Choice("pillar", NAME),
        target_group=Choice("group", NAME),
        why=LONG[:1000],
        source_link="https://example.slack.com/archives/C01/p1",
        story_id=1,
        credit=NAME,
        created_at=NOW,
        changed_at=NOW,
        placements=tuple(placement(n, status) for n in range(6)),
        decisions=tuple(
            DecisionView(NAME[:60], n, "request_changes", "U01OWNER", LONG[:1000], NOW, "timing")
            for n in range(12)
        ),
        topics=(TopicView(NAME[:75], LONG[:1000], 1, "U01OWNER", ("U02OWNER1234",) * 30),) * 5,
    )


def a_poll(status: PollStatus) -> PollView:
    return PollView(
        id=1,
        status=status,
        question=LONG[:300],
        options=tuple(OptionView(n, LONG[:100], 10**6, 10**6) for n in range(12)),
        place=PollPlace.PRIVATE,
        proposer="U03COLLEAGUE",
        closes_at=NOW,
        decided_by="U01OWNER",
        decided_at=NOW,
        reason=LONG[:1000],
        closed_at=NOW,
        closed_by="U01OWNER",
        native_message_id=None,
    )


def a_story(status: StoryStatus = StoryStatus.SUBMITTED) -> StoryView:
    parts = [PartView("photo", "", picture, False, False) for picture in PICTURES * 2]
    return StoryView(
        id=1,
        status=status,
        text=STORY,
        parts=(*parts, PartView("voice", "", VOICE, False, False)),
        credit=NAME,
        call=CallView("winter", LONG[:300], LONG, NOW),
        receipt="V-123",
        submitted_at=NOW,
        handled_by="U01OWNER",
        handled_at=NOW,
        decline_reason=DeclineReason.PRIVACY,
        post_id=1,
        language="nl",
        places=(
            PlaceView(LONG[:80], PlacementStatus.PUBLISHED, NOW, "https://example.org/"),
            PlaceView(LONG[:80], PlacementStatus.PUBLISHED, NOW, "https://example.org/", NOW),
        )
        * 9,
    )


def post_with_everything() -> PostView:
    """With a long text of its own for each platform, and a description for each picture."""
    post = a_post()
    return replace(
        post,
        images=tuple(replace(picture, alt=LONG[:1000]) for picture in PICTURES),
        placements=tuple(
            replace(placement, text=f"{n} {LONG}{LONG[:1000]}")
            for n, placement in enumerate(post.placements)
        ),
        goal=Choice("goal", NAME),
        unconfirmed=(NAME,) * 50,
    )


def a_draft(images: int = 5) -> DraftView:
    return DraftView(
        id=10**9,
        proposal=Proposal(
            text=LONG * 2,
            platform_keys=tuple(f"platform-{n}" for n in range(150)),
            pillar_key="pillar-1",
            target_group_key="group-1",
            planned_at=None,
            why=LONG[:1000],
            source_link="https://example.org/" + "x" * 500,
            story_id=10**9,
        ),
        images=PICTURES[:images],
        on_slack=tuple(FileOnSlack(f"F0123456{n:03}", NAME) for n in range(10)),
        credit=NAME,
        version=10**6,
        request_key="draft:1000000000:1000000",
        changed_at=NOW,
    )


CHOICES = FormChoices(
    platforms=tuple(PlatformChoice(f"platform-{n}", f"{n} {NAME}", 4096, 10) for n in range(150)),
    pillars=tuple(Choice(f"pillar-{n}", f"{n} {NAME}") for n in range(150)),
    target_groups=tuple(Choice(f"group-{n}", f"{n} {NAME}") for n in range(150)),
    goals=tuple(Choice(f"goal-{n}", f"{n} {NAME}") for n in range(150)),
    house_rules=tuple(f"{n} {NAME}" for n in range(60)),
    proposed_time=NOW,
)


def fullest_form() -> Filled:
    """For every platform, each with a long text of its own."""
    keys = tuple(platform.key for platform in CHOICES.platforms)
    filled = from_post(post_with_everything())
    post = replace(
        filled.proposal, platform_keys=keys, texts=dict.fromkeys(keys, LONG + LONG[:1096])
    )
    return replace(filled, proposal=post, own_texts=True)


def check(message: Message) -> None:
    check_message_blocks(message.blocks, FILES)
    assert 0 < len(message.text) <= 4000  # what chat.update takes
    assert "<!channel>" not in message.text
    for block in message.blocks:
        assert "<!channel>" not in json.dumps(block.get("text", {})) or _is_plain(block)


def _is_plain(block: dict[str, dict[str, str]]) -> bool:
    return block["text"]["type"] == "plain_text"


@in_both
def test_figures_asked_for_filled_in_and_told(t: Texts) -> None:
    post = a_post(PlacementStatus.PUBLISHED)
    bare = replace(post.placements[0], figures=(), id=10**9)
    open_one, later = Asked(PlacementTask(post, bare), None), Asked(PlacementTask(post, bare), NOW)
    known = PlacementTask(post, post.placements[0])
    none = Asked(PlacementTask(post, replace(bare, has_no_figures=True)), None)
    for asked in ((open_one,), (open_one, later, none, Asked(known, None)) * 12):
        check(figure_views.ask(AskView(asked, may_wait=True), t, ZONE))
    for tasks in ((known,), (known,) * 200):
        check(figure_views.first_figures(tasks, t, ZONE))
    meta = {
        "asked": [10**9] * MOST_AT_ONCE,
        "left": [10**9] * MOST_AT_ONCE,
        "message": ["C" * 12, "1" * 18],
    }
    check_view(figure_views.form(known, t, ZONE, meta, 999), "modal", FILES)
    in_channel = replace(bare, by_hand=False)
    check_view(figure_views.form(PlacementTask(post, in_channel), t, ZONE, meta, 1), "modal", FILES)


@in_both
@pytest.mark.parametrize("status", PlacementStatus)
def test_cards_of_posts(t: Texts, status: PlacementStatus) -> None:
    post = a_post(status)
    task = PlacementTask(post, placement(1, status))
    check(cards.post_card(post, t, ZONE))
    fullest = post_with_everything()
    check(cards.post_card(fullest, t, ZONE))
    check(cards.post_card(replace(fullest, images=PICTURES), t, ZONE))
    check(cards.by_hand_card(PlacementTask(fullest, fullest.placements[0]), t, ZONE))
    check(cards.by_hand_card(task, t, ZONE))
    check(cards.in_doubt_card(task, t, ZONE))


@in_both
def test_a_post_for_forty_platforms(t: Texts) -> None:
    placements = tuple(
        replace(placement(n, PlacementStatus.PUBLISHED), link="https://example.org/" + "x" * 480)
        for n in range(40)
    )
    decisions = tuple(replace(a_post().decisions[0], revision=n, reason="") for n in range(12))
    post = replace(a_post(), placements=placements, decisions=decisions)
    check(cards.post_card(post, t, ZONE))
    full = HomeView(
        "U01OWNER",
        waiting=Page((post,) * SIZES["waiting"]),
        changes_asked=Page((post,) * SIZES["changes_asked"]),
        proposals=Page((post,) * SIZES["proposals"]),
        backlog=Page((post,) * SIZES["backlog"]),
    )
    check_view(home_parts.render(full, t, ZONE), "home", FILES)


@in_both
def test_cards_of_polls_and_stories(t: Texts) -> None:
    for status in PollStatus:
        check(polls.poll_card(a_poll(status), t, ZONE))
        check(polls.in_doubt_card(a_poll(status), t))
    for story_status in StoryStatus:
        check(stories.story_card(a_story(story_status), t, ZONE))
        marked = replace(a_story(story_status), held=True, blocked=True, same_as="ABCDEF")
        check(stories.story_card(marked, t, ZONE))
    check(stories.overview([a_story()] * 40, t, ZONE))
    check(rights.soon_forgotten([(a_story(), NOW)] * 40, t, ZONE))
    task = TakedownView(10**9, NAME, STORY, f"https://{LONG[:400]}", NOW, False, None, None)
    for each in (
        task,
        replace(task, is_late=True),
        replace(task, done_at=NOW, done_by="U01OWNER"),
        replace(task, link=None, published_at=NOW, follower_hears=False),
    ):
        check(takedowns.takedown_card(each, t, ZONE))


@in_both
def test_direct_messages(t: Texts) -> None:
    for event in outcomes.POST_EVENTS:
        payload = {"event": event, "by": "U01OWNER", "reason": LONG, "placement_id": 1}
        payload |= {"until": NOW.isoformat(), "planned_at": NOW.isoformat()}
        for status in (PlacementStatus.PROPOSED, PlacementStatus.EXPIRED):
            post = a_post(status)
            card = "https://example.org/card"
            check(outcomes.post_outcome(post, payload, t, card, ZONE, (NOW,) * 3))
    part_is_out = replace(
        a_post(), placements=(placement(1, PlacementStatus.EXPIRED), placement(2, _OUT))
    )
    check(outcomes.post_outcome(part_is_out, {"event": "expired"}, t, None, ZONE))
    for event in outcomes.POLL_EVENTS:
        payload = {"event": event, "by": None, "reason": LONG[:1000]}
        check(outcomes.poll_outcome(a_poll(PollStatus.CLOSED), payload, t))
    for error in outcomes.WHAT_NOW:
        failed = {"notice_kind": "placement.by_hand", "error": error, "meant_for": "U01OWNER"}
        check(outcomes.admin_failed(failed, t))
    occurrence = {"title": NAME, "platform": NAME, "at": NOW.isoformat()}
    named = {**occurrence, "slot_id": 10**9, "day": "2026-03-02", "by": "U01OWNER"}
    check(slot_dates.handed_over(named, t, ZONE))
    for by in (None, "U01OWNER"):
        check(outcomes.in_story_thread(STORY, by, t))
    check(outcomes.admin_failed({"notice_kind": "other", "error": LONG}, t))


def a_reminder(
    kind: ReminderKind, stage: Stage, state: State, status: PlacementStatus
) -> ReminderView:
    post = post_with_everything()
    found = ReminderView(
        id=10**9,
        kind=kind,
        stage=stage,
        recipient="U01OWNER",
        state=state,
        about_at=NOW,
        again_at=NOW,
        given_to="U01OWNER",
        given_by="U01OWNER",
    )
    if kind is ReminderKind.OCCURRENCE:
        named = MomentView(10**9, NOW.date(), NAME, NAME, NOW, ("U1234567890",) * 30, "U1", NAME)
        return replace(found, moment=named)
    if kind is ReminderKind.SPECIAL_DAY:
        return replace(found, day=SpecialDate(NOW.date(), NOW.date(), NAME[:75], A_DAY))
    return replace(found, task=PlacementTask(post, replace(post.placements[0], status=status)))


NOTES = (
    ReminderKind.WEEKLY_NOTE,
    ReminderKind.MORNING_NOTE,
    ReminderKind.TAKEDOWN,
    ReminderKind.FIGURES,
)
REMINDERS = [kind for kind in ReminderKind if kind not in NOTES]


@in_both
@pytest.mark.parametrize("kind", REMINDERS)
def test_reminders(t: Texts, kind: ReminderKind) -> None:
    today, card = NOW.date(), "https://example.org/card"
    for stage in Stage:
        for status in PlacementStatus:
            alone = a_reminder(kind, stage, State.OPEN, status)
            for many in (1, 2, 40):
                view = RemindersView("U01OWNER", (alone,) * many)
                check(reminders.reminder_message(view, t, ZONE, today, card))
            for state in State:
                closed = a_reminder(kind, stage, state, status)
                view = RemindersView("U01OWNER", (*(alone,) * 12, *(closed,) * 40))
                check(reminders.reminder_message(view, t, ZONE, today))
                view = RemindersView("U01OWNER", (replace(closed, again_at=None, given_to=None),))
                check(reminders.reminder_message(view, t, ZONE, today))
    gone = replace(alone, task=None, moment=None, day=None, state=State.GONE, words=NAME)
    check(reminders.reminder_message(RemindersView("U01OWNER", (gone,)), t, ZONE, today))


@in_both
def test_the_forms_of_a_reminder(t: Texts) -> None:
    for planned_at in (None, NOW, NOW + timedelta(days=9)):
        form = PutOffForm(NOW + timedelta(hours=1), NOW + timedelta(days=1), planned_at)
        check_view(reminder_answers.put_off_form(t, form, ZONE, 10**9), "modal", FILES)
    same = PutOffForm(NOW, NOW, None)
    check_view(reminder_answers.put_off_form(t, same, ZONE, 10**9), "modal", FILES)
    people = [Choice(f"U{n}", NAME) for n in range(120)]
    check_view(reminder_answers.hand_over_form(t, people, 10**9), "modal", FILES)


@in_both
def test_what_waits_for_who_decides(t: Texts) -> None:
    resumed = reminders.resumed(a_post(), "U01OWNER", t, ZONE)
    assert resumed is not None
    check(resumed)
    assert reminders.resumed(a_post(), "U07STRANGER", t, ZONE) is None


@in_both
def test_the_calendar_and_home(t: Texts) -> None:
    entries = [
        CalendarEntry(
            NOW.replace(day=1 + n % 28, month=1 + n % 9),
            NAME,
            LONG,
            None,
            slot_id=10**9,
            slot_day=date(2026, 1, 1) + timedelta(days=n),
        )
        for n in range(300)
    ]
    long = [
        PlatformSpread(NAME, spread([NOW.date()] * 9, 21, Period(NOW.date(), NOW.date())))
        for _ in range(30)
    ]
    mixes = (Mix(NAME, Share(900, 1000, 0.4)),) * 30
    room = Room(NOW, "platform-1", LONG[:300], "pillar-1")
    found = Proposed(10**9, 999, LONG[:80])
    calendar_view = CalendarView(
        Part(Unit.MONTH, Period(NOW.date(), NOW.date() + timedelta(days=400))),
        tuple(entries),
        (),
        tuple(long),
        mixes,
        mixes,
        (Offer(room, NAME[:75], found), Offer(room, NAME[:75], None)) * 30,
        (Crowd(NAME[:75], NOW.date(), 99, 10**9, 10**9, NOW),) * 30,
    )
    for page in (0, 1, 99):
        check(calendar.overview(calendar_view, t, ZONE, typed="x" * 300, moved=-999, page=page))
    nothing = CalendarView(Part(Unit.COMING, week_of(NOW.date())), (), (), (), (), ())
    check(calendar.overview(nothing, t, ZONE))
    view = home_parts.render(a_full_home(entries), t, ZONE)
    check_view(view, "home", FILES)
    assert len(view["blocks"]) <= IN_VIEW - LEFT_ON_HOME
    check_view(home_parts.render(HomeView("U01OWNER"), t, ZONE), "home", FILES)
    later = AbsenceView(NOW.date(), NOW.date(), (NAME[:75],) * 40, has_begun=False)
    check_view(home_parts.render(HomeView("U01OWNER", absence=later), t, ZONE), "home", FILES)


@in_both
def test_the_morning_note(t: Texts) -> None:
    entries = tuple(
        CalendarEntry(NOW, NAME[:75], LONG, status) for status in (None, *PlacementStatus) * 4
    )
    today, monday = NOW.date(), NOW.date() + timedelta(days=3)
    full = MorningView(ZONE, today, monday, entries, entries, a_full_home(entries))
    check(morning.morning_note(full, t))
    nothing = MorningView(ZONE, today, monday, (), (), HomeView("U01OWNER"))
    assert not nothing.has_anything
    check(morning.morning_note(nothing, t))


def a_full_home(entries: Sequence[CalendarEntry]) -> HomeView:
    """Of somebody who is the owner and the proposer of everything, in the middle of each list."""
    odd = replace(a_post(), proposer="U01OWNER", status=PostStatus.CHANGES_REQUESTED)
    return HomeView(
        "U01OWNER",
        waiting=_full("waiting", odd),
        polls_waiting=_full("polls_waiting", a_poll(PollStatus.PROPOSED)),
        to_post=_full("to_post", PlacementTask(odd, placement(1))),
        changes_asked=_full("changes_asked", odd),
        drafts=_full("drafts", a_draft()),
        proposals=_full("proposals", odd),
        week=Page(tuple(entries[: SIZES["week"]]), 1, 40),
        backlog=_full("backlog", odd),
        decides=True,
        absence=AbsenceView(NOW.date(), NOW.date(), (NAME[:75],) * 40),
        is_admin=True,
    )


def _full(name: str, item: T) -> Page[T]:
    return Page((item,) * SIZES[name], 1, 40)


def as_saved(form: Block, t: Texts) -> Block:
    """Saved twice, from what Slack sends of it: each with all ids, and more about pictures."""
    for _ in range(2):
        form = drafts.with_saved(
            form
            | {
                "id": "V1",
                "blocks": [
                    block | {"block_id": str(n)} | added
                    for n, block in enumerate(form["blocks"])
                    for added in [{"image_width": 9} if block["type"] == "image" else {}]
                    if block.get("block_id") != drafts.SAVED
                ],
            },
            a_draft(),
            t,
            ZONE,
        )
    return form


@in_both
def test_kept_messages(t: Texts) -> None:
    for why in (t(drafts.KEPT), t(posts.KEPT_MESSAGE)):
        check(Message(why, drafts.kept_blocks(why, a_draft(), t, ZONE)))


A_DAY = SpecialDay(
    "k" * 59,
    NAME[:75],
    rule="FREQ=YEARLY;BYMONTH=9;BYDAY=1SU",
    prepare=26,
    ideas=(("&" * 150 + LONG)[:300],) * 20,
    target_group="group-1",
    pillar="pillar-1",
)


MOVED: dict[str, Any] = {
    "by": "U01OWNER",
    "placement_ids": list(range(6)),
    "before": NOW.isoformat(),
    "at": NOW.isoformat(),
    "reason": LONG[:1000],
    "left": [NAME[:75]] * 40,
    "taken": [NAME[:75]] * 40,
}


@in_both
def test_moving_and_filling(t: Texts) -> None:
    near = move_warnings.Near(NAME[:75], LONG[:80], NOW)
    crowded = move_warnings.Crowded(NAME[:75], NOW.date(), 99)
    warnings = (move_warnings.TakesBack(("U01OWNER1234",) * 30), *(near, crowded) * 20)
    post = a_post()
    many = tuple(replace(placement(n), id=10**9 + n, planned_at=NOW) for n in range(45))
    free = tuple(NOW + timedelta(days=n) for n in range(5))
    undated = replace(post, placements=tuple(replace(p, planned_at=None) for p in post.placements))
    for one in (post, undated):
        form = moving.MoveForm(one, many, NOW, free, warnings[:40])
        chosen = move_forms.Chosen(NOW, NOW - timedelta(days=1), ("platform-1",), LONG, asks=True)
        check_view(move_forms.move_form(form, chosen, t, ZONE, {"home": True}), "modal", FILES)
        first = move_forms.at_first(form, None, ())
        check_view(move_forms.move_form(form, first, t, ZONE, {}), "modal", FILES)
    outcome = moving.Outcome(post, many)
    for is_first in (True, False):
        words = move_forms.outcome_words(outcome, NOW, t, ZONE, is_first=is_first)
        assert 0 < len(words) <= 3000
    for what in MOVES:
        for reader in ("U01OWNER", "U07STRANGER"):
            payload = {**MOVED, "what": what}
            check(move_forms.moved(post, payload, reader, t, ZONE, "https://example.org/card"))
    room = Room(NOW, "k" * 59, NAME[:75], "k" * 59, 10**9, NOW.date())
    for proposals in ((), tuple(Proposed(10**9 + n, 999, LONG[:80]) for n in range(9))):
        fill = FillForm(room, NAME[:75], proposals, may_change=True)
        view = calendar_offers.fill_form(fill, t, ZONE, on_home=True)
        check_view(view, "modal", FILES)
    check_view(slot_forms.skipped(NAME, f"{10**9}:2026-03-02", t), "modal", FILES)


@in_both
def test_special_days(t: Texts) -> None:
    today = date(2026, 3, 2)
    one = SpecialDate(date(2026, 9, 6), date(2027, 9, 5), NAME[:75], A_DAY)
    full = DaysView((one,) * 40, may_change=True)
    for page in (0, 1, 4):
        check(day_views.overview(full, t, today, page))
    check(day_views.overview(DaysView((), may_change=False), t, today))
    nothing = CalendarView(Part(Unit.COMING, week_of(today)), (), (), (), (), ())
    check(calendar.overview(nothing, t, ZONE, (one,) * 300))
    for view in (
        day_views.day_form(t, CHOICES, one.first, A_DAY),
        day_views.day_form(t, CHOICES, today),
        day_views.idea_form(t, A_DAY),
        day_views.file_form(t),
    ):
        check_view(view, "modal", FILES)
    mistakes = [Mistake(n, "{x}", {"x": LONG[:300]}) for n in range(1000)]
    refusal = day_views.in_one(mistakes, t)
    assert len(str(refusal.values["lines"])) <= 2000


@in_both
def test_feeds(t: Texts) -> None:
    scopes = [Scope(f"{n:059}", NAME[:75], n % 2 * 10**9 or None) for n in range(60)]
    check(feeds.overview(scopes, t))
    check(feeds.overview(scopes, t, "https://example.org/" + "x" * 300, is_admin=True))
    addresses = [Address(10**9 + n, "U01OWNER", NAME[:75], NOW) for n in range(60)]
    for page in (0, 1, 99):
        check(feeds.of_others(addresses, page, t))
    check(feeds.of_others((), 0, t))


@in_both
def test_modals(t: Texts) -> None:
    meta = {"post": 10**9, "revision": 999, "home": True}
    empty = FormChoices(CHOICES.platforms[:1], (), (), (), (), NOW)
    source = {"source": "https://example.org/" + "x" * 500}
    message = Filled(blank(NOW, LONG * 5), meta=source)
    uploaded = tuple(Picture(f"slack:F{n}", NAME, None, LONG[:1000]) for n in range(10))
    fullest = fullest_form()
    by_hand = replace(fullest, pictures=(), uploaded=uploaded)
    assert (
        len(proposal(t, CHOICES, fullest)["blocks"]) <= 90
    )  # room for what the post does to the strategy
    texts = tuple(replace(placement(n), text=STORY[n:]) for n in range(60))
    worded = replace(a_post(), text=LONG * 2, placements=texts)
    for view in (
        decision_forms.plan(t, NOW, meta),
        decision_forms.hold(t, NOW, meta),
        decision_forms.edit_and_approve(t, worded, NOW, meta),
        proposal(t, CHOICES, from_post(a_post())),
        proposal(t, CHOICES, from_story(a_story(), NOW)),
        proposal(t, CHOICES, message),
        proposal(t, CHOICES, fullest),
        proposal(t, CHOICES, by_hand),
        proposal(t, CHOICES, Filled(blank(NOW), own_texts=True)),
        proposal(t, empty, Filled(blank(NOW))),
        describing(t, a_post(), PICTURES, LONG[:200]),
        proposal(t, CHOICES, from_draft(a_draft(), on_home=True)),
        as_saved(proposal(t, CHOICES, from_draft(a_draft(10), on_home=True)), t),
        forms.reason(t, "post.reject", t("Reject"), meta),
        forms.reason(t, "post.request_changes", t("Request changes"), meta, with_label=True),
        forms.absence(t, NOW.date(), meta),
        my_reminders.form(MyReminders(Hours(ZONE), morning_note=True), t),
        forms.posted(t, meta),
        forms.poll(t, NOW),
        forms.decline(t, {"story": 1}),
        forms.ask(t, {"story": 1}),
    ):
        check_view(view, "modal", FILES)


LONGEST_RULE = "FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367)))


def a_slot(rule: str = LONGEST_RULE) -> SlotView:
    return SlotView(
        id=10**9,
        platform_key="telegram",
        platform=NAME[:75],
        pillar=Choice("information", NAME[:75]),
        title=NAME[:75],
        rule=rule,
        time=time(10),
        since=NOW.date(),
        owner="U01OWNER1234",
        lead=30,
        skip=tuple(Skip),
        next_at=NOW,
        may_change=True,
        state="x" * 16,
    )


def a_date(is_skipped: bool) -> DateView:
    return DateView(
        slot=a_slot(),
        day=NOW.date(),
        at=NOW,
        meant_at=NOW + timedelta(days=1),
        answerable=("U01OWNER1234",) * 30,
        named_owner="U01OWNER1234",
        is_skipped=is_skipped,
        skipped_by="U01OWNER1234",
    )


@in_both
def test_fixed_moments(t: Texts) -> None:
    many = tuple(replace(a_slot(), id=n, platform=f"{n} {NAME}"[:75]) for n in range(40))
    for page in range(4):
        check(slots.overview(SlotsView(many, True), t, ZONE, page))
    check(slots.overview(SlotsView((), True), t, ZONE))
    said = slots.outcome(Changed(a_slot(), (NOW.date(),) * 40), t, ZONE)
    assert len(said) <= 3000
    dates = DatesView(a_slot(), (a_date(True), a_date(False)) * 20)
    check(slot_dates.overview(dates, t, ZONE, 1, 3))
    check(slot_dates.overview(DatesView(a_slot(), ()), t, ZONE, 0, 0))
    chosen = Choices(Often.MONTH_LAST, (0, 1, 2, 3, 4, 5, 6), -1, 12, NOW.date(), 9999)
    names = tuple(Choice(f"p{n}", f"{n} {NAME}") for n in range(150))
    for view in (
        slot_forms.slot_form(SlotForm(None, NOW.date(), chosen, names, names), t, ZONE),
        slot_forms.slot_form(SlotForm(None, NOW.date(), chosen, names[:1], ()), t, ZONE),
        slot_forms.slot_form(
            SlotForm(a_slot(), NOW.date(), Choices(Often.KEPT), (), names), t, ZONE
        ),
        slot_forms.move_form(a_date(False), t, ZONE),
        slot_forms.hand_over_form(a_date(False), t, ZONE),
    ):
        check_view(view, "modal", FILES)


@given(some.text(alphabet="a&<>;lt🎉\n שם", max_size=4096), some.integers(10, 3000))
def test_pieces_keep_every_character_and_fit(text: str, most: int) -> None:
    parts = list(words.pieces(text, most))
    assert "".join(parts) == text
    for part in parts:
        literal = words.literal(part)
        assert 0 < len(literal.encode("utf-16-le")) // 2 <= most
        assert words.unescape(literal) == words.unescape(part.replace("&", "&amp;"))


@given(some.text(max_size=300))
def test_escaped_names_mention_nobody_and_come_back(name: str) -> None:
    assert words.unescape(words.escape(name)) == name
    assert "<" not in words.escape(name)


def test_a_refusal_reads_as_a_sentence() -> None:
    refusal = Refusal(
        "{who}, {names}: {status} {at} {n}",
        who=Mention("U1"),
        names=("a & b", Mention("U2")),
        status=Phrase("approved"),
        at=NOW,
        n=3,
    )
    said = words.sentence(refusal, words.in_mrkdwn(texts_in("en"), ZONE))
    stamp = "<!date^1772438400^{date_short_pretty}, {time}|Monday 2 March, 09:00>"
    assert said == f"<@U1>, a &amp; b and <@U2>: approved {stamp} 3"
    assert words.mentioned(refusal) == ["U1", "U2"]


def test_a_message_of_slack_reads_as_people_read_it() -> None:
    text = (
        "<@U1> <@U2|otto> <#C1|general> <https://a.org?x=1&amp;y|our site> <https://b.org> "
        "<mailto:a@b.org|a@b.org> <tel:+3112|31 12> <!here> <!subteam^S1|@team> "
        "<!date^1^{time}|9:00> &lt;b&gt; &amp;amp;"
    )
    assert words.people_in(text) == ["U1", "U2"]
    assert words.readable(text, {"U1": "Anna", "U2": "Otto"}.__getitem__) == (
        "Anna Otto #general our site (https://a.org?x=1&y) https://b.org "
        "a@b.org 31 12 @here @team 9:00 <b> &amp;"
    )


def a_step(what: str, by: str | None = "U01OWNER", of_placement: bool = False) -> StepView:
    return StepView(
        id=1,
        at=NOW,
        what=what,
        of_placement=of_placement,
        by=by,
        by_follower=by is None and not of_placement,
        platforms=(NAME[:75],) * 10,
        revision=999,
        reason=LONG[:1000],
        label="tone",
        topics=(NAME[:75],) * 5,
        changes=changed_words(LONG, LONG[::-1]),
        planned_at=NOW,
        was=NOW,
        until=NOW,
        other_platforms=(NAME[:75],) * 10,
        images=10,
        taken_back=("U01OWNER",) * 10,
    )


@in_both
def test_history_and_threads(t: Texts) -> None:
    steps = [a_step(what) for what in sorted(POST_STEPS)]
    for step in steps:
        check(history.in_thread(a_post(), step, t, ZONE))
    many = HistoryView(a_post(), (a_step("edit"),) * 40)
    for page in range(3):
        check_view(history.render(many, t, ZONE, page), "modal", FILES)
    check_view(history.render(HistoryView(a_post(), ()), t, ZONE), "modal", FILES)
    check_view(history.render(many, t, ZONE, of=10**9), "modal", FILES)


@in_both
def test_what_is_looked_up_and_the_weekly_note(t: Texts) -> None:
    check(find.overview(Found((a_post(),) * 15, 1, 999), LONG[:300], t, ZONE))
    statement = StatementView(NAME[:75], LONG[:2900], "U01OWNER", date(2026, 1, 1), True)
    check(statements.overview((statement,) * 20, LONG[:300], t, 1))
    task = PlacementTask(a_post(), placement(1))
    (decision, *_) = a_post().decisions
    tasks = tuple(replace(task, post=replace(task.post, id=n)) for n in range(40))
    posts = (a_post(),) * 40
    week = WeekView(tasks, ((a_post(), decision),) * 40, tasks, posts, tasks)
    check(weekly.weekly_note(week, date(2026, 3, 2), t, ZONE))
    check(weekly.weekly_note(WeekView((), (), (), (), ()), date(2026, 3, 2), t, ZONE))


@in_both
def test_the_effect_of_a_post(t: Texts) -> None:
    name, title = NAME[:75], LONG[:80]
    free = CalendarEntry(NOW, name, name, None)
    there = PlatformEffect("key", name, 10**6, 1, (Neighbour(title, NOW),) * 30, free)
    share = ShareView(name, Share(10**6, 10**7, 0.123), 10**6)
    goal = GoalView(LONG[:300], name, 1e12, NOW.date())
    alike = AlikeView(title, (name,) * 40, NOW, PostStatus.AWAITING_FOLLOWER)
    for platforms in (1, 40):
        full = EffectView(
            None, NOW.date(), (there,) * platforms, (alike,) * 40, share, share, (goal,) * 40
        )
        in_form = effect.effect_blocks(full, t, ZONE)
        assert len(in_form) == 3
        check_view(proposal(t, CHOICES, fullest_form(), in_form), "modal", FILES)
        on_card = effect.effect_lines(full, t, ZONE)
        assert len(on_card) == 2
        check(cards.post_card(a_post(), t, ZONE, on_card))
        check(cards.post_card(post_with_everything(), t, ZONE, on_card))
        undescribed = replace(post_with_everything(), images=PICTURES)
        check(cards.post_card(undescribed, t, ZONE, on_card))
        one_text = replace(undescribed, placements=undescribed.placements[:1])
        check(cards.post_card(one_text, t, ZONE, on_card))


KEY = "k" * 59
PEOPLE = ("U02OWNER1234",) * 90
LARGEST: dict[str, list[Any]] = {
    "organisation": [strategy.Organisation(NAME[:75], True)],
    "platform": [
        strategy.Platform(
            key=f"{KEY[:50]}{n}",
            name=NAME[:75],
            publish=strategy.Publish.TELEGRAM,
            purpose=LONG[:1000],
            cadence=1 / 3,
            max_length=100_000,
            owners=PEOPLE,
            deputies=PEOPLE,
            approvals=170,
        )
        for n in range(45)
    ],
    "target_group": [strategy.TargetGroup(f"{KEY[:50]}{n}", NAME[:75]) for n in range(45)],
    "pillar": [strategy.Pillar(f"{KEY[:50]}{n}", NAME[:75], 1 / 90) for n in range(90)],
    "house_rule": [strategy.HouseRule(f"{n}{LONG[:297]}") for n in range(45)],
    "topic": [
        strategy.Topic(KEY, NAME[:75], (LONG[:2000],) * 2, "U1", PEOPLE, LONG[:1000]),
        strategy.Topic(KEY, NAME[:75], ("x",), "U1", (), ""),
    ],
    "statement": [strategy.Statement(KEY, NAME[:75], LONG[:2900], "U1", NOW.date())] * 45,
}


@in_both
@pytest.mark.parametrize("kind", LARGEST)
def test_settings(t: Texts, kind: str) -> None:
    parts = [Setting(settings_rules.identity(part), part, "s" * 16) for part in LARGEST[kind]]
    check_view(settings_forms.part(t, kind, parts[0], 99), "modal", FILES)
    check_view(settings_views.sections(t), "modal", FILES)
    if kind == "organisation":
        return
    check_view(settings_forms.part(t, kind, None), "modal", FILES)
    for in_use in (len(parts), len(parts) // 2, 0):
        found = Section(kind, tuple(parts[:in_use]), tuple(parts[in_use:]), "s" * 16)
        for page in range(6):
            check_view(settings_views.listing(found, t, page), "modal", FILES)
    if kind == "pillar":
        found = Section(kind, tuple(parts[1:]), (parts[0],), "s" * 16)
        for what, key in (
            ("shares", ""),
            ("add", ""),
            ("stop", parts[1].key),
            ("back", parts[0].key),
        ):
            check_view(settings_forms.shares(t, found, what, key), "modal", FILES)


@in_both
def test_who_is_responsible_hears_it(t: Texts) -> None:
    for part, field in responsibilities.NAMED:
        for people in (PEOPLE, ()):
            found = Responsibility(NAME[:75], people)
            check(responsibilities.responsibility(found, part, field, "U1", t))
            check(responsibilities.responsibility(found, part, None, "U1", t))
