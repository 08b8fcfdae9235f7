"""Polls as the team sees them: the card, its numbers, its buttons. Pure."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.poll_results import MOST_NAMES, Chosen, EarlierPolls
from bot.actions.views import MediaView, OptionView, PollView
from bot.rules.polls import PollPlace, PollStatus
from bot.texts import N_, Texts
from handlers.slack import forms
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    fitting,
    mrkdwn,
    pairs,
    pictures,
    plain,
    said,
    section,
)
from handlers.slack.cards import Message
from handlers.slack.words import first_words, mention, moment

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

MOST_QUOTED = 150
"""Characters of a post that a poll serves."""


def poll_card(
    poll: PollView,
    t: Texts,
    zone: ZoneInfo,
    earlier: EarlierPolls | None = None,
    chart: MediaView | None = None,
) -> Message:
    """The question, the numbers, who decided what and when, and what can be done.

    chart: when its numbers are the last.
    """
    headline = t("🗳️ {who} proposes a poll", who=mention(poll.proposer))
    return Message(
        text=headline,
        blocks=[
            section(f"*{headline}*"),
            *said(poll.question),
            *pictures([chart] if chart else []),
            *said("\n".join(option_lines(poll, t, told_apart=True))),
            *_notes(turnout_lines(poll, earlier, t)),
            *pairs(_rows(poll, t, zone)),
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


def option_lines(poll: PollView, t: Texts, *, told_apart: bool = False) -> list[str]:
    """Plain text; a tally once it is open.

    told_apart: besides, how many of them in the channel and how many in private.
    """
    signs = ["✅" if n == poll.right else "•" for n in range(len(poll.options))]
    if poll.status in (PollStatus.PROPOSED, PollStatus.REJECTED):
        return [f"{sign} {o.text}" for sign, o in zip(signs, poll.options, strict=True)]
    apart = told_apart and poll.place is PollPlace.BOTH
    lines = [
        f"{sign} {_counted(option, poll, t)}" + (_apart(option, t) if apart else "")
        for sign, option in zip(signs, poll.options, strict=True)
    ]
    return [*lines, how_many(poll, t)]


def how_many(poll: PollView, t: Texts) -> str:
    if poll.several:
        return t.n("One person took part", "{n} people took part", poll.people)
    return t.n("One vote altogether", "{n} votes altogether", poll.votes)


def turnout_lines(poll: PollView, earlier: EarlierPolls | None, t: Texts) -> list[str]:
    """Against how many there are, and against earlier polls; ours alone, no words of people."""
    if poll.status not in (PollStatus.OPEN, PollStatus.CLOSED):
        return []
    found = []
    if poll.place.in_channel and poll.members:
        found.append(_of(t("In the channel"), poll.channel_people, poll.members, t))
    if poll.place.in_private and poll.followers:
        found.append(_of(t("In private"), poll.private_people, poll.followers, t))
    if poll.place is PollPlace.BOTH:
        found.append(t("Who votes in both places counts twice."))
    if earlier:
        found.append(_compared(poll, earlier, t))
    if poll.status is PollStatus.CLOSED and not poll.is_counted:
        found.append(t("The last votes of the channel are still being counted."))
    return found


def poll_buttons(poll: PollView, t: Texts) -> list[Block]:
    value = str(poll.id)
    names = [] if poll.anonymous else [button(t("Who chose what"), "poll.names", value)]
    if poll.status is PollStatus.PROPOSED:
        return [
            button(t("Approve"), "poll.approve", value, "primary"),
            button(t("Reject"), "poll.reject", value, "danger"),
        ]
    if poll.status is PollStatus.OPEN:
        return [button(t("Close now"), "poll.close", value), *names]
    if poll.is_counted:
        return [*winner_button(poll, t), button(t("Numbers as a file"), "poll.file", value), *names]
    return names if poll.status is PollStatus.CLOSED else []


def winner_button(poll: PollView, t: Texts) -> list[Block]:
    """Nothing where nobody voted."""
    words = t("Make a post of the winner")
    return [button(words, "poll.post", str(poll.id), "primary")] if poll.winners else []


def post_from(poll: PollView, t: Texts) -> str:
    """What a post about the result can begin with."""
    winners = poll.winners
    asked = t.n(
        "We asked you: “{question}” One of you answered.",
        "We asked you: “{question}” {n} of you answered.",
        poll.people,
        question=poll.question,
    )
    if poll.right is not None:
        return f"{asked}\n\n{_solved(poll, poll.options[poll.right], t)}"
    answers = t.listing(option.text for option in winners)
    share = t.percent(poll.share(winners[0]))
    if len(winners) == 1:
        return f"{asked}\n\n" + t("Most chose: {answer} ({share}).", answer=answers, share=share)
    return f"{asked}\n\n" + t(
        "It is a tie between {answers}: {share} each.", answers=answers, share=share
    )


def _solved(poll: PollView, right: OptionView, t: Texts) -> str:
    return t(
        "The right answer is: {answer}. {share} of you knew it.",
        answer=right.text,
        share=t.percent(poll.share(right)),
    )


def names_view(poll: PollView, chosen: Sequence[Chosen], t: Texts) -> Block:
    """A window that shows who chose what."""
    found: list[Block] = said(poll.question)
    for each in chosen:
        left = each.option.private_votes - len(each.names)
        names = "\n".join(each.names) or t("Nobody")
        more = t.n("And one more.", "And {n} more.", left) if left > 0 else ""
        found += said(f"{_counted(each.option, poll, t)}\n{names}\n{more}".strip())[:1]
    note = t("Only you see this. Of each answer, the first {n} names.", n=MOST_NAMES)
    return forms.window(t("Who chose what"), t, [*found, context(note)])


def how_answered(poll: PollView, t: Texts) -> list[str]:
    """'Several answers', 'Quiz', …: plain text."""
    return manner_words(
        t, several=poll.several, is_quiz=poll.right is not None, hidden=poll.hidden,
        anonymous=poll.anonymous,
    )  # fmt: skip


def manner_words(
    t: Texts, *, several: bool, is_quiz: bool, hidden: bool, anonymous: bool
) -> list[str]:
    if is_quiz:
        found = [t("Quiz: the first answer counts")]
    else:
        found = [t("Several answers") if several else t("One answer")]
    if hidden:
        found.append(t("Followers see the results when it is closed"))
    found.append(t("Anonymous") if anonymous else t("Not anonymous: we see who chose what"))
    return found


def _rows(poll: PollView, t: Texts, zone: ZoneInfo) -> list[tuple[str, Block]]:
    about = [
        (t("Target group"), poll.target_group),
        (t("Goal"), poll.goal),
        (t("For the post"), poll.serves),
    ]
    return [
        (t("Where"), plain(t(PLACE_WORDS[poll.place]))),
        (t("Closes"), mrkdwn(moment(poll.closes_at, t, zone))),
        (t("How"), plain(". ".join(how_answered(poll, t)))),
        *([(t("Explanation"), plain(poll.explanation))] if poll.explanation else []),
        *((name, plain(first_words(each.name, MOST_QUOTED))) for name, each in about if each),
    ]


def _notes(lines: Sequence[str]) -> list[Block]:
    return [context(fitting("\n", lines))] if lines else []


def _counted(option: OptionView, poll: PollView, t: Texts) -> str:
    return t.n(
        "{option}: one vote ({share})",
        "{option}: {n} votes ({share})",
        option.votes,
        option=option.text,
        share=t.percent(poll.share(option)),
    )


def _apart(option: OptionView, t: Texts) -> str:
    return " · " + t(
        "channel {channel}, private {private}",
        channel=t.number(option.channel_votes),
        private=t.number(option.private_votes),
    )


def _of(place: str, people: int, all_: int, t: Texts) -> str:
    """'In private: 12 of 40 (30%)'"""
    return t(
        "{place}: {people} of {all} people ({share})",
        place=place,
        people=t.number(people),
        all=t.number(all_),
        share=t.percent(min(people / all_, 1)),
    )


def _compared(poll: PollView, earlier: EarlierPolls, t: Texts) -> str:
    mean = t.number(round(earlier.people))
    line = t.n(
        "The poll before this one: {mean} people",
        "The {n} polls before this one: {mean} people on average",
        earlier.count,
        mean=mean,
    )
    if earlier.turnout is not None and poll.turnout is not None:
        line += " " + t(
            "(turnout {before}; this one {now})",
            before=t.percent(earlier.turnout),
            now=t.percent(poll.turnout),
        )
    return line


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
