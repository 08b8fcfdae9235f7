"""Polls: proposing, deciding, closing; and what is made of their results."""

from dataclasses import replace
from datetime import timedelta

from bot.actions import poll_forms, poll_results, polls
from bot.rules.refusals import InvalidForm, Refusal
from bot.texts import texts_in
from handlers.slack import forms, poll_form
from handlers.slack.blocks import said, section
from handlers.slack.incoming import Incoming
from handlers.slack.poll_cards import names_view, post_from
from handlers.slack.proposal_form import Filled, blank
from handlers.slack.proposing import form, form_choices
from handlers.slack.words import first_words

USUALLY_OPEN = timedelta(days=7)


async def propose(incoming: Incoming) -> None:
    choices = await poll_forms.choices(incoming.desk)
    closes_at = incoming.desk.clock() + USUALLY_OPEN
    await incoming.open(poll_form.poll_form(incoming.t, choices, closes_at))
    await incoming.ack()


async def preview(incoming: Incoming) -> None:
    """How followers will see it, and what is still wrong; on top of the form, which stays."""
    filled = poll_form.read(incoming.answers)
    try:
        filled.check(incoming.desk.clock())
        mistakes: list[Refusal] = []
    except InvalidForm as invalid:
        mistakes = list(invalid.errors.values())
    zone = incoming.desk.zone
    await incoming.push(poll_form.preview(incoming.t, filled, mistakes, zone))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    assert incoming.view is not None
    t, filled = incoming.t, poll_form.read(incoming.answers)
    poll = await polls.propose(
        incoming.desk,
        incoming.by.id,
        incoming.view["id"],
        filled.question,
        filled.options,
        filled.place,
        filled.closes_at,
        filled.manner,
    )
    await incoming.ack()
    thanks = t(
        "Thank you! Your poll is with the people who decide. You hear from me as soon as they have."
    )
    words = said(f"“{first_words(poll.question)}”")
    await incoming.tell(thanks, [section(thanks), *words])


async def approve(incoming: Incoming) -> None:
    await polls.decide(incoming.desk, incoming.by.id, int(incoming.value), True)
    await incoming.ack()


async def ask_why_rejected(incoming: Incoming) -> None:
    await polls.may_decide(incoming.desk, incoming.by.id, int(incoming.value))
    meta = {"poll": int(incoming.value), "home": incoming.on_home or None}
    await incoming.open(forms.reason(incoming.t, "poll.reject", incoming.t("Reject"), meta))
    await incoming.ack()


async def reject(incoming: Incoming) -> None:
    poll_id, reason = incoming.meta["poll"], incoming.answers.text("reason")
    await polls.decide(incoming.desk, incoming.by.id, poll_id, False, reason)
    await incoming.ack()


async def close(incoming: Incoming) -> None:
    await polls.close(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.ack()


async def ask_where_it_is(incoming: Incoming) -> None:
    """It did arrive: where?"""
    meta = {"poll": int(incoming.value)}
    await incoming.open(forms.posted(incoming.t, meta, "poll.there"))
    await incoming.ack()


async def it_is_there(incoming: Incoming) -> None:
    poll_id, link = incoming.meta["poll"], incoming.answers.text("link")
    await polls.resolve_doubt(incoming.desk, incoming.by.id, poll_id, True, link)
    await incoming.ack()


async def post_again(incoming: Incoming) -> None:
    await polls.resolve_doubt(incoming.desk, incoming.by.id, int(incoming.value), False)
    await incoming.ack()


async def propose_result(incoming: Incoming) -> None:
    """The proposal's form, with the winner. In the organisation's language: it is for followers."""
    poll = await polls.show(incoming.desk, int(incoming.value))
    choices = await form_choices(incoming)
    if not poll.winners:
        raise Refusal("Nobody voted in this poll, so it has no winner to make a post of.")
    proposal = replace(
        blank(choices.proposed_time, post_from(poll, texts_in(incoming.desk.language))),
        target_group_key=poll.target_group.key if poll.target_group else None,
        goal_key=poll.goal.key if poll.goal else None,
        why=incoming.t("Our followers chose it in a poll."),
    )
    await incoming.open(await form(incoming, choices, Filled(proposal)))
    await incoming.ack()


async def ask_file(incoming: Incoming) -> None:
    await poll_results.ask_file(incoming.desk, int(incoming.value))
    await incoming.ack()
    await incoming.tell(incoming.t("The numbers come as a file (CSV), below the card of the poll."))


async def show_names(incoming: Incoming) -> None:
    """Of a poll that is not anonymous."""
    poll, chosen = await poll_results.chosen(incoming.desk, incoming.by.id, int(incoming.value))
    await incoming.open(names_view(poll, chosen, incoming.t))
    await incoming.ack()
