"""Absences: "I am away", "Back earlier"."""

from bot.actions import absences
from bot.rules.calendar import wall_time
from handlers.slack import forms
from handlers.slack.incoming import Incoming


async def ask_days(incoming: Incoming) -> None:
    today = wall_time(incoming.desk.clock(), incoming.desk.zone).local.date()
    await incoming.open(forms.absence(incoming.t, today, {"home": incoming.on_home or None}))
    await incoming.ack()


async def name(incoming: Incoming) -> None:
    answers = incoming.answers
    await absences.name(
        incoming.desk, incoming.by.id, answers.day("first_day"), answers.day("last_day")
    )
    await incoming.ack()


async def back(incoming: Incoming) -> None:
    await absences.come_back(incoming.desk, incoming.by.id)
    await incoming.ack()
