"""Polls: proposing, deciding, closing; and the card with its tally."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.actions import polls
from bot.actions.views import PollView
from bot.rules.polls import PollPlace, PollStatus, options_from
from bot.texts import N_, Texts
from handlers.slack import forms
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    mrkdwn,
    pairs,
    plain,
    said,
    section,
)
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.words import first_words, mention, moment

USUALLY_OPEN = timedelta(days=7)

STATUS_WORDS = {
    PollStatus.PROPOSED: N_("⏳ waiting for a decision"),
    PollStatus.OPEN: N_("🗳️ open"),
    PollStatus.CLOSED: N_("🏁 closed"),
    PollStatus.REJECTED: N_("⛔ rejected"),
}
PLACE_WORDS = {
    PollPlace.CHANNEL: N_("In the channel"),
    PollPlace.PRIVATE: N_("In private, to followers who subscribed"),
    PollPlace.BOTH: N_("In the channel and in private"),
}


async def propose(incoming: Incoming) -> None:
    await polls.check_proposable(incoming.desk)
    await incoming.open(forms.poll(incoming.t, incoming.desk.clock() + USUALLY_OPEN))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    assert incoming.view is not None
    answers, t = incoming.answers, incoming.t
    poll = await polls.propose(
        incoming.desk,
        incoming.by.id,
        incoming.view["id"],
        answers.text("question"),
        options_from(answers.text("options")),
        PollPlace(answers.choice("place") or PollPlace.BOTH),
        answers.moment("closes"),
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


def poll_card(poll: PollView, t: Texts, zone: ZoneInfo) -> Message:
    """The question, the tally, who decided what and when, and what can be done."""
    headline = t("🗳️ {who} proposes a poll", who=mention(poll.proposer))
    return Message(
        text=headline,
        blocks=[
            section(f"*{headline}*"),
            *said(poll.question),
            *said("\n".join(option_lines(poll, t))),
            *pairs(
                [
                    (t("Where"), plain(t(PLACE_WORDS[poll.place]))),
                    (t("Closes"), mrkdwn(moment(poll.closes_at, t, zone))),
                ]
            ),
            section(t(STATUS_WORDS[poll.status])),
            *_what_happened(poll, t, zone),
            *actions(poll_buttons(poll, t)),
        ],
    )


def in_doubt_card(poll: PollView, t: Texts) -> Message:
    """Does it stand in the channel? Only a person can look."""
    if poll.native_message_id is not None or poll.status is not PollStatus.OPEN:
        headline, buttons = t("✅ This poll is settled. Nobody has to look any more."), []
    else:
        value = str(poll.id)
        headline = t(
            "❓ The connection broke while this poll was posted in the Telegram channel. "
            "Please look whether it is there."
        )
        buttons = [
            button(t("It is there"), "poll.there", value, "primary"),
            button(t("Post it again"), "poll.again", value),
        ]
    return Message(headline, [section(headline), *said(poll.question), *actions(buttons)])


def option_lines(poll: PollView, t: Texts) -> list[str]:
    """Plain text; a tally once it is open."""
    if poll.status in (PollStatus.PROPOSED, PollStatus.REJECTED):
        return [f"• {option.text}" for option in poll.options]
    lines = [
        t.n(
            "• {option}: one vote ({share})",
            "• {option}: {n} votes ({share})",
            option.votes,
            option=option.text,
            share=t.percent(option.votes / (poll.votes or 1)),
        )
        for option in poll.options
    ]
    return [*lines, t.n("One vote altogether", "{n} votes altogether", poll.votes)]


def poll_buttons(poll: PollView, t: Texts) -> list[Block]:
    value = str(poll.id)
    if poll.status is PollStatus.PROPOSED:
        return [
            button(t("Approve"), "poll.approve", value, "primary"),
            button(t("Reject"), "poll.reject", value, "danger"),
        ]
    if poll.status is PollStatus.OPEN:
        return [button(t("Close now"), "poll.close", value)]
    return []


def _what_happened(poll: PollView, t: Texts, zone: ZoneInfo) -> list[Block]:
    blocks: list[Block] = []
    if poll.decided_by and poll.decided_at:
        words = (
            t("⛔ {who} rejected this, {when}")
            if poll.status is PollStatus.REJECTED
            else t("✅ {who} approved this, {when}")
        )
        when = moment(poll.decided_at, t, zone)
        blocks.append(context(words.format(who=mention(poll.decided_by), when=when)))
    if poll.reason:
        blocks += said(f"“{poll.reason}”")
    if poll.closed_at:
        when = moment(poll.closed_at, t, zone)
        blocks.append(
            context(t("🏁 {who} closed this, {when}", who=mention(poll.closed_by), when=when))
            if poll.closed_by
            else context(t("🏁 Closed on time, {when}", when=when))
        )
    return blocks
