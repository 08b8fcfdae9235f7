"""The form in which a poll is made: what stands in it, what comes back, and its preview. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.poll_forms import PollChoices
from bot.actions.views import Choice
from bot.rules.polls import (
    MAX_QUESTION,
    Manner,
    PollPlace,
    check_poll,
    is_numbered,
    options_from,
)
from bot.rules.refusals import Refusal
from bot.texts import Texts
from handlers.slack import blocks, forms
from handlers.slack.blocks import Block, context, header, said, section
from handlers.slack.incoming import Answers
from handlers.slack.poll_cards import PLACE_WORDS, manner_words
from handlers.slack.words import escape, in_mrkdwn, moment, sentence

ONE, SEVERAL = "one", "several"
HIDDEN, NAMED = "hidden", "named"
LONGEST_TYPED = 1000


@dataclass(frozen=True)
class FilledPoll:
    """What somebody filled in."""

    question: str
    options: tuple[str, ...]
    place: PollPlace
    closes_at: datetime
    manner: Manner

    def check(self, now: datetime) -> None:
        """Raises InvalidForm with everything that is wrong."""
        check_poll(self.question, self.options, self.closes_at, now, self.place, self.manner)


def poll_form(t: Texts, choices: PollChoices, closes_at: datetime) -> Block:
    places = [
        Choice(place, t(PLACE_WORDS[place]))
        for place in (PollPlace.BOTH, PollPlace.CHANNEL, PollPlace.PRIVATE)
    ]
    numbers = (Choice(ONE, t("One answer")), Choice(SEVERAL, t("Several answers")))
    return forms.modal(
        "poll",
        t("Make a poll"),
        t("Propose"),
        t,
        {},
        [
            forms.text_field("question", t("Question"), most=MAX_QUESTION),
            forms.text_field("options", t("Options"), multiline=True, hint=t("One on each line.")),
            blocks.field("place", t("Where"), forms.select(places, PollPlace.BOTH)),
            blocks.field("closes", t("Closes"), forms.moment_input(closes_at)),
            *forms.select_field("answers", t("Each person gives"), numbers, ONE),
            forms.text_field(
                "right",
                t("Right answer"),
                optional=True,
                most=LONGEST_TYPED,
                hint=t("Makes it a quiz. Write the answer as it stands above, or its number."),
            ),
            forms.text_field(
                "explanation",
                t("Explanation"),
                multiline=True,
                optional=True,
                most=LONGEST_TYPED,
                hint=t("Of a quiz: whoever answered reads it. 200 characters, 3 lines at most."),
            ),
            _more(t),
            *forms.select_field("target_group", t("Target group"), choices.target_groups, None),
            *forms.select_field("goal", t("Goal"), choices.goals, None),
            *forms.select_field("post", t("For the post"), choices.posts, None),
            *blocks.actions([blocks.button(t("Preview"), "poll.preview", "form")]),
        ],
    )


def read(answers: Answers) -> FilledPoll:
    more = answers.choices("more")
    post_id = answers.choice("post")
    return FilledPoll(
        question=answers.text("question"),
        options=options_from(answers.text("options")),
        place=PollPlace(answers.choice("place") or PollPlace.BOTH),
        closes_at=answers.moment("closes"),
        manner=Manner(
            several=answers.choice("answers") == SEVERAL,
            right=answers.text("right"),
            explanation=answers.text("explanation"),
            hidden=HIDDEN in more,
            anonymous=NAMED not in more,
            target_group_key=answers.choice("target_group"),
            goal_key=answers.choice("goal"),
            post_id=int(post_id) if post_id else None,
        ),
    )


def preview(t: Texts, poll: FilledPoll, mistakes: Sequence[Refusal], zone: ZoneInfo) -> Block:
    """How followers see it. mistakes: what is to be mended before it can be proposed."""
    return forms.window(
        t("Preview"),
        t,
        [
            *(section("⚠️ " + sentence(mistake, in_mrkdwn(t, zone))) for mistake in mistakes),
            *(_in_channel(t, poll) if poll.place.in_channel else []),
            *(_in_private(t, poll, zone) if poll.place.in_private else []),
        ],
    )


def _more(t: Texts) -> Block:
    options = [
        blocks.option(t("Followers see the results when it is closed"), HIDDEN),
        blocks.option(t("Not anonymous: we see who chose what (in private only)"), NAMED),
    ]
    ticks: Block = {"type": "checkboxes", "options": options}
    return blocks.field("more", t("Besides"), ticks, optional=True)


def _in_channel(t: Texts, poll: FilledPoll) -> list[Block]:
    options = "\n".join(f"○ {option}" for option in poll.options) or "-"
    return [
        header(t("In the channel")),
        *said(poll.question.strip() or "-"),
        context(" · ".join(_manner(t, poll))),
        *said(options)[:1],
    ]


def _in_private(t: Texts, poll: FilledPoll, zone: ZoneInfo) -> list[Block]:
    numbers = range(1, len(poll.options) + 1)
    options = "\n".join(f"[ {option} ]" for option in poll.options)
    if is_numbered(poll.options):
        lines = [f"{n}. {option}" for n, option in zip(numbers, poll.options, strict=True)]
        options = "\n".join([*lines, " ".join(f"[ {n} ]" for n in numbers)])
    closes = t("You can vote until {moment}.", moment=moment(poll.closes_at, t, zone))
    return [
        header(t("In private")),
        *said(poll.question.strip() or "-"),
        context(" · ".join([*_manner(t, poll), closes])),
        *said(options or "-")[:1],
    ]


def _manner(t: Texts, poll: FilledPoll) -> list[str]:
    manner = poll.manner
    words = manner_words(
        t, several=manner.several, is_quiz=manner.is_quiz, hidden=manner.hidden,
        anonymous=manner.anonymous,
    )  # fmt: skip
    if manner.is_quiz:
        words.append(escape(t("The right answer is: {answer}.", answer=manner.right.strip()[:100])))
    return words
