"""Somebody's own reminders: on which days, from when till when, and a note in the morning."""

from bot.actions import my_reminders
from bot.actions.my_reminders import MyReminders
from bot.texts import Texts
from handlers.slack.blocks import Block, field, option
from handlers.slack.forms import modal
from handlers.slack.incoming import Incoming


async def ask(incoming: Incoming) -> None:
    kept = await my_reminders.show(incoming.desk, incoming.by.id)
    await incoming.open(form(kept, incoming.t))
    await incoming.ack()


async def keep(incoming: Incoming) -> None:
    answers = incoming.answers
    kept = await my_reminders.keep(
        incoming.desk,
        incoming.by.id,
        [int(day) for day in answers.choices("days")],
        answers.time_of_day("begins"),
        answers.time_of_day("ends"),
        morning_note=bool(answers.choices("morning")),
    )
    await incoming.ack()
    incoming.workspace.go_on(incoming.tell(outcome(kept, incoming.t)))


def outcome(kept: MyReminders, t: Texts) -> str:
    hours = kept.hours
    words = t(
        "✅ I remind you on {days}, from {begin} till {end}. At other times it is quiet.",
        days=t.listing(t.weekday(day) for day in sorted(hours.days)),
        begin=f"{hours.begin:%H:%M}",
        end=f"{hours.end:%H:%M}",
    )
    if kept.morning_note:
        words += " " + t("At {begin} you get a note about your day.", begin=f"{hours.begin:%H:%M}")
    return words


def form(kept: MyReminders, t: Texts) -> Block:
    hours = kept.hours
    days = [option(t.weekday(day).capitalize(), str(day)) for day in range(7)]
    note = option(t("Yes, when my working day begins"), "yes")
    return modal(
        "reminders",
        t("Your reminders"),
        t("Save"),
        t,
        {},
        [
            field(
                "days",
                t("Working days"),
                _ticked(days, [day for day in days if int(day["value"]) in hours.days]),
                hint=t("On other days, and on public holidays, I do not remind you."),
            ),
            field(
                "begins",
                t("From"),
                {"type": "timepicker", "initial_time": f"{hours.begin:%H:%M}"},
            ),
            field(
                "ends",
                t("Till"),
                {"type": "timepicker", "initial_time": f"{hours.end:%H:%M}"},
                hint=t(
                    "Before and after these times it is quiet. They are those of the time zone "
                    "that you chose in Slack: {zone}.",
                    zone=hours.zone.key,
                ),
            ),
            field(
                "morning",
                t("A note every morning"),
                _ticked([note], [note] if kept.morning_note else []),
                optional=True,
                hint=t(
                    "What goes out today, what waits for you, and what comes next. Is there "
                    "nothing to tell? Then there is no note."
                ),
            ),
        ],
    )


def _ticked(options: list[Block], ticked: list[Block]) -> Block:
    element: Block = {"type": "checkboxes", "options": options}
    return element | ({"initial_options": ticked} if ticked else {})
