"""Done, Later and Hand over, below each thing that somebody is reminded of."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions import hours, reminder_answers
from bot.actions.reminder_answers import PutOffForm
from bot.actions.views import Choice
from bot.texts import Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block
from handlers.slack.forms import modal, moment_input
from handlers.slack.incoming import Incoming
from handlers.slack.words import mention, moment

AFTERNOON, TOMORROW, MOMENT = "afternoon", "tomorrow", "moment"


async def done(incoming: Incoming) -> None:
    await reminder_answers.done(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()


async def ask_until(incoming: Incoming) -> None:
    """Later: this afternoon, tomorrow, or when?"""
    reminder_id = int(incoming.value)
    form = await reminder_answers.ask_until(incoming.desk, incoming.by.id, reminder_id)
    theirs = await hours.show(incoming.desk, incoming.by.id)
    await incoming.open(put_off_form(incoming.t, form, theirs.zone, reminder_id))
    await incoming.ack()


async def put_off(incoming: Incoming) -> None:
    answers, meta = incoming.answers, incoming.meta
    chosen = answers.choice("when") or MOMENT
    until = answers.moment("until") if chosen == MOMENT else datetime.fromisoformat(meta[chosen])
    again_at = await reminder_answers.put_off(
        incoming.desk, incoming.by.id, meta["reminder"], until
    )
    await incoming.ack()
    when = moment(again_at, incoming.t, incoming.desk.zone)
    await incoming.tell(incoming.t("I remind you again: {when}.", when=when))


async def ask_whom(incoming: Incoming) -> None:
    """Hand over: to one of those who can do it."""
    reminder_id = int(incoming.value)
    others = await reminder_answers.ask_whom(incoming.desk, incoming.by.id, reminder_id)
    names = await incoming.workspace.people.names(list(others))
    choices = [Choice(person, names[person]) for person in others]
    await incoming.open(hand_over_form(incoming.t, choices, reminder_id))
    await incoming.ack()


async def hand_over(incoming: Incoming) -> None:
    to = incoming.answers.choice("to") or ""
    await reminder_answers.hand_over(incoming.desk, incoming.by.id, incoming.meta["reminder"], to)
    await incoming.ack()
    await incoming.tell(incoming.t("🤝 I tell {who} that you hand this over.", who=mention(to)))


def put_off_form(t: Texts, form: PutOffForm, zone: ZoneInfo, reminder_id: int) -> Block:
    """zone: of who chooses."""
    offered = {AFTERNOON: form.this_afternoon, TOMORROW: form.tomorrow}
    in_time = {
        name: at for name, at in offered.items() if not form.planned_at or at < form.planned_at
    }
    if in_time.get(AFTERNOON) == in_time.get(TOMORROW):
        in_time.pop(AFTERNOON, None)
    labels = {AFTERNOON: t("This afternoon"), TOMORROW: t("Tomorrow")}
    options = [
        blocks.option(_at(t, at, zone, labels[name], form), name) for name, at in in_time.items()
    ]
    options.append(blocks.option(t("At another moment"), MOMENT))
    choice = {"type": "radio_buttons", "options": options, "initial_option": options[0]}
    planned = t.moment(form.planned_at, zone) if form.planned_at else ""
    hint = t("It is planned for {planned}.", planned=planned) if planned else ""
    meta = {
        "reminder": reminder_id,
        **{name: at.isoformat() for name, at in in_time.items()},
    }
    content = [
        blocks.field("when", t("When do I remind you again?"), choice),
        blocks.field(
            "until",
            t("Another moment"),
            moment_input(form.tomorrow),
            optional=True,
            hint=t("I remind you in your working hours.") + (f" {hint}" if hint else ""),
        ),
    ]
    return modal("reminder.put_off", t("Snooze"), t("Save"), t, meta, content)


def hand_over_form(t: Texts, choices: list[Choice], reminder_id: int) -> Block:
    options = [blocks.option(choice.name, choice.key) for choice in choices[:100]]
    asked = blocks.field("to", t("Who does this?"), {"type": "static_select", "options": options})
    meta = {"reminder": reminder_id}
    return modal("reminder.hand_over", t("Hand over"), t("Hand over"), t, meta, [asked])


def _at(t: Texts, at: datetime, zone: ZoneInfo, label: str, form: PutOffForm) -> str:
    """'Tomorrow' is the next working day: its name says which."""
    return f"{label}: {t.moment(at, zone)}"
