"""Special days: `/social days`, adding and changing them, ideas, and files of them."""

import asyncio
from dataclasses import replace
from datetime import date

from bot.actions import special_days
from bot.actions.special_days import DayForm
from bot.actions.special_days_file import bring_in
from bot.actions.views import FormChoices
from bot.rules.calendar import wall_time
from bot.rules.refusals import InvalidForm
from bot.rules.special_days import Repeats, usual_moment
from bot.rules.special_days_file import read
from bot.rules.tables import LARGEST, RowMistakes
from handlers.slack.blocks import said
from handlers.slack.day_views import NEW, day_form, file_form, idea_form, in_one, in_words, overview
from handlers.slack.incoming import Incoming
from handlers.slack.pages import page_of
from handlers.slack.proposal_form import Filled, blank
from handlers.slack.proposing import form, form_choices


async def show(incoming: Incoming) -> None:
    view = await special_days.coming(incoming.desk, incoming.by.id, incoming.t.language)
    message = overview(view, incoming.t, _today(incoming))
    await incoming.ack(text=message.text, blocks=message.blocks)


async def turn_page(incoming: Incoming) -> None:
    _, page = page_of(incoming.value)
    view = await special_days.coming(incoming.desk, incoming.by.id, incoming.t.language)
    message = overview(view, incoming.t, _today(incoming), page)
    await incoming.replace(message.text, message.blocks)
    await incoming.ack()


async def propose(incoming: Incoming) -> None:
    """The proposal's form, with the day's own date, and the first idea to begin with."""
    key, first = _day_of(incoming.value)
    choices = await form_choices(incoming)
    filled = await _filled(incoming, choices, key, first)
    await incoming.open(await form(incoming, choices, filled))
    await incoming.ack()


async def ask_day(incoming: Incoming) -> None:
    """A new day, or one that is changed."""
    await special_days.check_may_change(incoming.desk, incoming.by.id)
    choices = await form_choices(incoming)
    today = _today(incoming)
    if incoming.value == NEW:
        await incoming.open(day_form(incoming.t, choices, today))
    else:
        key, first = _day_of(incoming.value)
        day = await special_days.show(incoming.desk, key)
        await incoming.open(day_form(incoming.t, choices, first, day))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    """The form of a day: new, changed, or stopped."""
    desk, by, t, meta = incoming.desk, incoming.by.id, incoming.t, incoming.meta
    if incoming.answers.choices("stop"):
        await special_days.stop(desk, by, meta["key"])
        said_back = t("This day comes no more. Posts that were made for it stay.")
    elif "key" in meta:
        day = await special_days.change(desk, by, meta["key"], meta["seen"], _form(incoming))
        said_back = t("Saved: {name}.", name=day.name)
    else:
        day = await special_days.add(desk, by, _form(incoming))
        said_back = t("It is in the calendar: {name}.", name=day.name)
    await incoming.ack()
    incoming.workspace.go_on(incoming.tell(said_back, said(said_back)))


async def ask_idea(incoming: Incoming) -> None:
    key, _ = _day_of(incoming.value)
    day = await special_days.show(incoming.desk, key)
    await incoming.open(idea_form(incoming.t, day))
    await incoming.ack()


async def add_idea(incoming: Incoming) -> None:
    t, idea = incoming.t, incoming.answers.text("idea")
    day = await special_days.add_idea(incoming.desk, incoming.by.id, incoming.meta["key"], idea)
    await incoming.ack()
    thanks = t("Thank you! Your idea stands with {name} now.", name=day.name)
    incoming.workspace.go_on(incoming.tell(thanks, said(thanks)))


async def ask_file(incoming: Incoming) -> None:
    await special_days.check_may_change(incoming.desk, incoming.by.id)
    await incoming.open(file_form(incoming.t))
    await incoming.ack()


async def bring_in_file(incoming: Incoming) -> None:
    """All of the file, or nothing; then every row that is wrong is named."""
    t = incoming.t
    (file_id,) = incoming.answers.files("file")
    content = await incoming.workspace.files.content(file_id, LARGEST, "file")
    try:
        days = await asyncio.to_thread(read, content, incoming.desk.zone)
    except RowMistakes as told:
        raise InvalidForm({"file": in_one(told.mistakes, t)}) from None
    report = await bring_in(incoming.desk, incoming.by.id, days)
    await incoming.ack()
    words = in_words(report, t)
    incoming.workspace.go_on(incoming.tell(words, said(words)))


def _day_of(value: str) -> tuple[str, date]:
    """What such a button carries: the day's key (none: a public holiday), and its first day."""
    first, _, key = value.partition(":")
    return key, date.fromisoformat(first)


async def _filled(incoming: Incoming, choices: FormChoices, key: str, first: date) -> Filled:
    """Where its first day is over, the moment that is proposed for any post."""
    at = usual_moment(first, incoming.desk.zone)
    later = at if at > incoming.desk.clock() else choices.proposed_time
    if not key:
        return Filled(blank(later))
    day = await special_days.show(incoming.desk, key)
    proposal = replace(
        blank(later, day.ideas[0] if day.ideas else ""),
        pillar_key=day.pillar,
        target_group_key=day.target_group,
        special_day_key=key,
    )
    return Filled(proposal, meta={"special_day": key})


def _form(incoming: Incoming) -> DayForm:
    answers = incoming.answers
    last_day = answers.day("last_day")
    ideas = (line.strip() for line in answers.text("ideas").splitlines())
    return DayForm(
        name=answers.text("name"),
        first_day=answers.day("first_day"),
        last_day=None if last_day == date.min else last_day,
        repeats=Repeats(answers.choice("repeats") or Repeats.NEVER),
        prepare=int(answers.choice("prepare") or 0),
        ideas=tuple(dict.fromkeys(idea for idea in ideas if idea)),
        target_group_key=answers.choice("target_group"),
        pillar_key=answers.choice("pillar"),
    )


def _today(incoming: Incoming) -> date:
    return wall_time(incoming.desk.clock(), incoming.desk.zone).local.date()
