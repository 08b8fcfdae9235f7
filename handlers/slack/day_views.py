"""Special days as colleagues see them: the list, the forms, the reminder. Pure."""

from collections.abc import Sequence
from datetime import date

from bot.actions.special_days import DaysView
from bot.actions.strategy import LoadReport
from bot.actions.views import Choice, FormChoices
from bot.rules.refusals import Refusal
from bot.rules.special_days import (
    MAX_IDEA,
    MAX_NAME,
    MOST_WEEKS,
    Repeats,
    SpecialDate,
    SpecialDay,
    dates_of,
    repeats_of,
    version_of,
)
from bot.rules.strategy_file import Mistake
from bot.texts import Texts
from handlers.slack import forms
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    field,
    header,
    said,
    section,
    shortened,
)
from handlers.slack.cards import Message
from handlers.slack.pages import page_buttons

ON_A_PAGE = 8
"""Four blocks each at most."""

MOST_IDEAS_SHOWN = 5
MOST_MISTAKES = 8
"""That are said below the field; who mends these sees the others."""

SIGN = "🎉"
NEW = "new"


def overview(view: DaysView, t: Texts, today: date, page: int = 0) -> Message:
    """What is coming, with its ideas and what can be done."""
    title = t("Special days in the coming months")
    content = [header(title), *_for_all(view, t)]
    if not view.dates:
        content.append(section(t("There are none yet.")))
    for each in view.dates[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        content += _one(each, t, today, may_change=view.may_change)
    has_more = len(view.dates) > (page + 1) * ON_A_PAGE
    return Message(title, [*content, *page_buttons("days.page", "all", page, t, has_more=has_more)])


def when(first: date, last: date, t: Texts) -> str:
    """'Wednesday 10 March 2027', or from when till when."""
    if first == last:
        return f"{t.day(first)} {first.year}"
    return t("{first} till {last}", first=t.day(first), last=f"{t.day(last)} {last.year}")


def to_prepare(first: date, t: Texts, today: date) -> str:
    """The reminder that its preparation begins."""
    weeks = (first - today).days // 7
    return (
        t.n(
            "📅 One week to go, and there is no post for it yet.",
            "📅 {n} weeks to go, and there is no post for it yet.",
            weeks,
        )
        if weeks
        else t("📅 It is nearly there, and there is no post for it yet.")
    )


def day_lines(found: SpecialDate, t: Texts) -> list[Block]:
    """Its name, when it comes, and the ideas for it."""
    ideas = _ideas(found.day, t) if found.day else []
    return [*said(f"{found.name} · {when(found.first, found.last, t)}"), *ideas]


def preparation_buttons(day: SpecialDay, first: date, t: Texts) -> list[Block]:
    value = _value(day.key, first)
    return [_propose(value, t), button(t("Add an idea"), "days.idea", value)]


def day_form(t: Texts, choices: FormChoices, first: date, day: SpecialDay | None = None) -> Block:
    """first: the date that stands in it; of a day that is there, one on which it comes."""
    dates = list(dates_of(day, first, first)) if day else []
    last = dates[0][1] if dates and dates[0][1] > first else None
    repeats = repeats_of(day) if day else Repeats.NEVER
    prepare = str(day.prepare) if day else "0"
    meta = {"key": day.key, "seen": version_of(day)} if day else {}
    return forms.modal(
        "days.day",
        t("Change the day") if day else t("Add a day"),
        t("Save"),
        t,
        meta,
        [
            forms.text_field("name", t("Name"), day.name if day else "", most=MAX_NAME),
            field("first_day", t("First day"), _date(first)),
            field(
                "last_day",
                t("Last day"),
                _date(last),
                optional=True,
                hint=t("Leave it empty for one day."),
            ),
            *forms.select_field("repeats", t("Does it come back?"), _repeats(t, day), repeats),
            *forms.select_field("prepare", t("Remind the owners"), _weeks(t), prepare),
            forms.text_field(
                "ideas",
                t("Ideas"),
                "\n".join(day.ideas) if day else "",
                multiline=True,
                optional=True,
                hint=t("One on each line."),
            ),
            *forms.select_field(
                "pillar", t("Pillar"), choices.pillars, day.pillar if day else None
            ),
            *forms.select_field(
                "target_group",
                t("Target group"),
                choices.target_groups,
                day.target_group if day else None,
            ),
            *([_stop(t)] if day else []),
        ],
    )


def idea_form(t: Texts, day: SpecialDay) -> Block:
    asked = forms.text_field("idea", t("Idea"), most=MAX_IDEA, hint=day.name)
    return forms.modal("days.idea", t("Add an idea"), t("Save"), t, {"key": day.key}, [asked])


def file_form(t: Texts) -> Block:
    asked = field("file", t("File"), {"type": "file_input", "max_files": 1})
    words = t(
        "A calendar (iCal, .ics) or a table (CSV). The columns of a table: name, from, till, "
        "every year, prepare, ideas; name and from are enough. Write a date as 2027-03-10 or as "
        "10-3-2027: day, month, year. You can bring in the same file again: nothing comes twice. "
        "A file of next year adds its dates."
    )
    return forms.modal(
        "days.file", t("Bring in a file"), t("Bring in"), t, {}, [asked, *said(words)]
    )


def in_one(mistakes: Sequence[Mistake], t: Texts) -> Refusal:
    """So many of them as fit below a field."""
    lines = [_mistake(mistake, t) for mistake in mistakes[:MOST_MISTAKES]]
    left = len(mistakes) - len(lines)
    if left:
        lines.append(t.n("And one more.", "And {n} more.", left))
    lines.append(t("Nothing was changed."))
    return Refusal("{lines}", lines=shortened("\n".join(lines), 2000))


def in_words(report: LoadReport, t: Texts) -> str:
    return t(
        "The days are in the calendar: {added} new, {changed} changed, {unchanged} as before.",
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
    )


def _mistake(mistake: Mistake, t: Texts) -> str:
    words = t(mistake.sentence, **mistake.values)
    return t("Row {n}: {words}", n=mistake.line, words=words) if mistake.line else words


def _for_all(view: DaysView, t: Texts) -> list[Block]:
    if not view.may_change:
        return []
    return actions(
        [
            button(t("Add a day"), "days.day", NEW),
            button(t("Bring in a file"), "days.file", NEW),
        ]
    )


def _one(each: SpecialDate, t: Texts, today: date, *, may_change: bool) -> list[Block]:
    value = _value(each.day.key if each.day else "", each.first)
    buttons = [_propose(value, t)] if each.last > today else []
    if each.day:
        buttons.append(button(t("Add an idea"), "days.idea", value))
        if may_change:
            buttons.append(button(t("Change"), "days.day", value))
    kind = when(each.first, each.last, t)
    if each.day is None:
        kind += " · " + t("public holiday")
    return [
        *said(f"{SIGN} {each.name}"),
        context(kind),
        *(_ideas(each.day, t) if each.day else []),
        *actions(buttons),
    ]


def _ideas(day: SpecialDay, t: Texts) -> list[Block]:
    if not day.ideas:
        return []
    left = len(day.ideas) - MOST_IDEAS_SHOWN
    lines = [f"• {idea}" for idea in day.ideas[:MOST_IDEAS_SHOWN]]
    if left > 0:
        lines.append(t.n("And one more.", "And {n} more.", left))
    return said("\n".join(lines))[:1]


def _propose(value: str, t: Texts) -> Block:
    return button(t("Propose a post for this"), "days.propose", value)


def _value(key: str, first: date) -> str:
    return f"{first.isoformat()}:{key}"


def _repeats(t: Texts, day: SpecialDay | None) -> list[Choice]:
    choices = [
        Choice(Repeats.NEVER, t("Only on these days, in this year")),
        Choice(Repeats.DATE, t("Every year on this date")),
        Choice(Repeats.WEEKDAY, t("Every year on the same weekday of the month")),
    ]
    if day and day.rule:
        choices.append(Choice(Repeats.KEPT, t("Every year, as it is now")))
    return choices


def _weeks(t: Texts) -> list[Choice]:
    weeks = [
        Choice(str(n), t.n("One week before", "{n} weeks before", n))
        for n in range(1, MOST_WEEKS + 1)
    ]
    return [Choice("0", t("No reminder")), *weeks]


def _stop(t: Texts) -> Block:
    option = {
        "text": {"type": "plain_text", "text": t("Take this day out of the calendar")},
        "value": "stop",
    }
    return field("stop", t("Stop"), {"type": "checkboxes", "options": [option]}, optional=True)


def _date(day: date | None) -> Block:
    return {"type": "datepicker", **({"initial_date": day.isoformat()} if day else {})}
