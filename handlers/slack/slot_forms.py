"""The forms of fixed moments: a slot, and one date of it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.slot_dates import DateView
from bot.actions.slot_views import SlotForm, SlotView
from bot.actions.slots import SlotDraft
from bot.actions.views import Choice
from bot.rules.calendar import LEAD, MAX_LEAD, USUAL_TIME, Skip
from bot.rules.recurrence_words import in_words
from bot.rules.slot_choices import MONTH_DAYS, OFTEN_WORDS, Choices, Often
from bot.rules.slots import MAX_TITLE
from bot.texts import N_, Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block
from handlers.slack.forms import modal, select_field, text_field
from handlers.slack.incoming import Answers

SKIP_WORDS: Mapping[Skip, str] = {
    Skip.WEEKENDS: N_("at weekends"),
    Skip.HOLIDAYS: N_("on public holidays"),
}
LAST_DAY = -1
MOST_TIMES = 9999


def rule_words(slot: SlotView, t: Texts) -> str:
    """'every day at 10:00, but not at weekends'."""
    words = in_words(slot.rule, slot.time, slot.since, t)
    if slot.skip:
        words = t("{rule}, but not {days}", rule=words, days=_skipped(slot.skip, t))
    return words


def slot_form(form: SlotForm, t: Texts, zone: ZoneInfo) -> Block:
    """Add a fixed moment, or change one from a day on."""
    slot = form.slot
    meta: dict[str, object] = {} if slot is None else {"slot": slot.id, "state": slot.state}
    return modal(
        "slot",
        t("Add a fixed moment") if slot is None else t("Change"),
        t("Add") if slot is None else t("Save"),
        t,
        meta,
        [
            *_now(form, t),
            text_field("title", t("Title"), slot.title if slot else "", most=MAX_TITLE),
            *_platform(form, t),
            *select_field("pillar", t("Pillar"), form.pillars, _key(slot)),
            *_how_often(form, t),
            *_when(form, t, zone),
            *_who(slot, t),
        ],
    )


def draft_of(answers: Answers) -> SlotDraft:
    last_day, first_day = answers.day("last_day"), answers.day("first_day")
    choices = Choices(
        Often(answers.choice("often") or Often.WEEK),
        weekdays=tuple(int(each) for each in answers.choices("weekdays")),
        month_day=_number(answers.choice("month_day")),
        month=_number(answers.choice("month")),
        until=None if last_day == date.min else last_day,
        count=_number(answers.text("times")),
    )
    return SlotDraft(
        title=answers.text("title").strip(),
        pillar_key=answers.choice("pillar"),
        choices=choices,
        time=answers.time_of_day("time"),
        first_day=first_day,
        skip=tuple(Skip(each) for each in answers.choices("skip")),
        owner=answers.user("owner"),
        lead=_number(answers.text("lead")) or 0,
    )


def move_form(found: DateView, t: Texts, zone: ZoneInfo) -> Block:
    """Another time for this date alone."""
    seen = int(found.at.timestamp())
    picker = {"type": "datetimepicker", "initial_date_time": seen}
    meta = {"slot": found.slot.id, "day": found.day.isoformat(), "seen": seen}
    return modal(
        "date.move",
        t("Move"),
        t("Save"),
        t,
        meta,
        [_about(found, t, zone), blocks.field("when", t("Date and time"), picker)],
    )


def hand_over_form(found: DateView, t: Texts, zone: ZoneInfo) -> Block:
    """Somebody else for this date alone."""
    meta = {
        "slot": found.slot.id,
        "day": found.day.isoformat(),
        "seen": found.named_owner,
    }
    hint = t("Nobody: whoever is reminded of the other dates, is of this one.")
    return modal(
        "date.hand_over",
        t("Hand over"),
        t("Save"),
        t,
        meta,
        [_about(found, t, zone), _person(t("Who is reminded?"), found.named_owner, hint)],
    )


def skipped(words: str, value: str, t: Texts) -> Block:
    """What became of it, with the way back where there is a value for it."""
    undo = [blocks.button(t("Undo"), "moment.undo", value)] if value else []
    return {
        "type": "modal",
        "callback_id": "skipped",
        "title": blocks.plain(t("Fixed moment")),
        "close": blocks.plain(t("Close")),
        "blocks": [blocks.section(words), *blocks.actions(undo)],
    }


def _now(form: SlotForm, t: Texts) -> list[Block]:
    """What is there, in words: some rules say more than the fields can."""
    if form.slot is None:
        return []
    words = t("Now: {rule}", rule=rule_words(form.slot, t))
    note = t("What comes before the first day below stays as it is.")
    shown = blocks.shortened(f"{form.slot.platform}. {words}. {note}", blocks.ROOM)
    return [{"type": "context", "elements": [blocks.plain(shown)]}]


def _platform(form: SlotForm, t: Texts) -> list[Block]:
    if form.slot is not None:
        return []
    chosen = form.platforms[0].key if len(form.platforms) == 1 else None
    return [_required(select_field("platform", t("Platform"), form.platforms, chosen))]


def _how_often(form: SlotForm, t: Texts) -> list[Block]:
    chosen = form.choices
    often = [Choice(each, t(words)) for each, words in OFTEN_WORDS.items()]
    if form.slot is not None and chosen.often is Often.KEPT:
        often = [Choice(Often.KEPT, t("As it is now")), *often]
    weekdays = [Choice(str(n), t.weekday(n)) for n in range(7)]
    days = [Choice(str(n), t("The last day") if n == LAST_DAY else str(n)) for n in MONTH_DAYS]
    months = [Choice(str(n), t.month_name(n)) for n in range(1, 13)]
    ticked = [str(n) for n in chosen.weekdays]
    from_first = t("For weeks and for months. Without one it is that of the first day.")
    for_month, for_year = t("Day, for every month or year"), t("Month, for every year")
    return [
        _required(select_field("often", t("How often"), often, chosen.often)),
        blocks.field(
            "weekdays", t("Weekdays"), _checkboxes(weekdays, ticked), optional=True, hint=from_first
        ),
        *select_field("month_day", for_month, days, _text(chosen.month_day)),
        *select_field("month", for_year, months, _text(chosen.month)),
    ]


def _when(form: SlotForm, t: Texts, zone: ZoneInfo) -> list[Block]:
    slot, chosen = form.slot, form.choices
    at = slot.time if slot else USUAL_TIME
    skip = [Choice(each, t(words)) for each, words in SKIP_WORDS.items()]
    return [
        blocks.field(
            "time",
            t("Time"),
            {"type": "timepicker", "initial_time": f"{at:%H:%M}"},
            hint=t("On the clock of {zone}, in summer and in winter.", zone=zone.key),
        ),
        blocks.field("first_day", t("First day"), _day(form.first_day)),
        blocks.field("last_day", t("Last day"), _day(chosen.until), optional=True),
        blocks.field(
            "times",
            t("Number of times"),
            _whole(chosen.count, MOST_TIMES),
            optional=True,
            hint=t("Instead of a last day. Without both it goes on."),
        ),
        blocks.field(
            "skip", t("Skip"), _checkboxes(skip, slot.skip if slot else ()), optional=True
        ),
    ]


def _who(slot: SlotView | None, t: Texts) -> list[Block]:
    hint = t("An owner or deputy of the platform. Nobody: every owner is reminded.")
    return [
        _person(t("Who is reminded?"), slot.owner if slot else None, hint),
        blocks.field(
            "lead", t("How many days before?"), _whole(slot.lead if slot else LEAD, MAX_LEAD)
        ),
    ]


def _about(found: DateView, t: Texts, zone: ZoneInfo) -> Block:
    words = f"{found.slot.platform}: {found.slot.title}, {t.moment(found.at, zone)}"
    return {"type": "context", "elements": [blocks.plain(words)]}


def _skipped(skip: Sequence[Skip], t: Texts) -> str:
    return t.listing(t(SKIP_WORDS[each]) for each in skip)


def _key(slot: SlotView | None) -> str | None:
    return slot.pillar.key if slot and slot.pillar else None


def _required(made: list[Block]) -> Block:
    (asked,) = made
    return asked | {"optional": False}


def _person(label: str, slack_id: str | None, hint: str) -> Block:
    initial = {"initial_user": slack_id} if slack_id else {}
    element = {"type": "users_select", **initial}
    return blocks.field("owner", label, element, optional=True, hint=hint)


def _checkboxes(choices: Sequence[Choice], ticked: Sequence[str]) -> Block:
    options = [blocks.option(choice.name, choice.key) for choice in choices]
    initial = [option for option in options if option["value"] in ticked]
    element: Block = {"type": "checkboxes", "options": options}
    return element | ({"initial_options": initial} if initial else {})


def _whole(value: int | None, most: int) -> Block:
    initial = {"initial_value": str(value)} if value else {}
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(most),
        **initial,
    }


def _day(day: date | None) -> Block:
    return {"type": "datepicker", **({"initial_date": day.isoformat()} if day else {})}


def _number(value: str | None) -> int | None:
    return int(value) if value and value.lstrip("-").isdigit() else None


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)
