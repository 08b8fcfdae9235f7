"""What followers read of polls. Pure: views → text, in the follower's language."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.views import Ballot, OptionView, PollView
from bot.actions.votes import QuizAnswer, VoteOutcome
from bot.rules.polls import PollStatus
from bot.rules.polls import is_numbered as numbered
from bot.texts import Texts
from handlers.telegram.messages import paragraphs


def no_polls(t: Texts) -> str:
    return paragraphs(
        t("There is no open poll at this moment."),
        t("Shall I tell you when there is one? Press the button."),
    )


def is_numbered(poll: PollView) -> bool:
    return numbered([option.text for option in poll.options])


def ballot(t: Texts, ballot: Ballot, zone: ZoneInfo) -> str:
    """The question; how it stands is shown to who voted, so that it leads nobody's choice."""
    poll, chosen = ballot.poll, chosen_of(ballot)
    if poll.status is not PollStatus.OPEN:
        return paragraphs(poll.question, t("This poll is closed."))
    shows_tally = bool(chosen) and not poll.hidden
    return paragraphs(
        poll.question,
        *([_numbered(poll)] if is_numbered(poll) and not shows_tally else []),
        _what_stands(t, poll, chosen) if chosen else _how_to_answer(t, poll),
        *([tally(t, poll, is_numbered=is_numbered(poll))] if shows_tally else []),
        *_manner(t, poll),
        t("You can vote until {moment}.", moment=t.moment(poll.closes_at, zone)),
    )


def vote_answer(t: Texts, outcome: VoteOutcome) -> str:
    """What appears above the chat after a press that counted."""
    if outcome.quiz:
        return " ".join(_verdict(t, outcome.quiz))
    if not outcome.texts:
        return t("Your vote is taken back.")
    return _your_vote(t, outcome.texts, several=outcome.several)


def poll_result(t: Texts, ballot: Ballot) -> str:
    """To somebody who took part."""
    poll, chosen = ballot.poll, chosen_of(ballot)
    return paragraphs(
        t("The poll is closed. Thank you for your vote!"),
        poll.question,
        tally(t, poll),
        how_many(t, poll),
        *([t("You chose: {answer}.", answer=_listed(t, chosen))] if chosen else []),
        *_solution(t, poll, chosen),
    )


def how_many(t: Texts, poll: PollView) -> str:
    if poll.several:
        return t.n("One person took part", "{n} people took part", poll.people)
    return t.n("One vote altogether", "{n} votes altogether", poll.votes)


def tally(t: Texts, poll: PollView, *, is_numbered: bool = False) -> str:
    """'Fantasy: 3 (75%)', an option on each line; the right one of a quiz has a sign."""
    return "\n".join(
        ("✅ " if position == poll.right else "")
        + (f"{position + 1}. " if is_numbered else "")
        + f"{option.text}: {t.number(option.votes)} ({t.percent(poll.share(option))})"
        for position, option in enumerate(poll.options)
    )


def chosen_of(ballot: Ballot) -> tuple[OptionView, ...]:
    return tuple(option for option in ballot.poll.options if option.id in ballot.chosen)


def _numbered(poll: PollView) -> str:
    return "\n".join(f"{n}. {option.text}" for n, option in enumerate(poll.options, start=1))


def _how_to_answer(t: Texts, poll: PollView) -> str:
    if poll.right is not None:
        return t("This is a quiz. Press your answer: the first one counts.")
    if poll.several:
        return t("Press every answer that you agree with.")
    return t("Press your answer.")


def _what_stands(t: Texts, poll: PollView, chosen: Sequence[OptionView]) -> str:
    if poll.right is None:
        return _your_vote(t, [option.text for option in chosen], several=poll.several)
    answered = t("Your answer: {answer}", answer=chosen[0].text)
    return "\n".join([answered, *_solution(t, poll, chosen)])


def _your_vote(t: Texts, texts: Sequence[str], *, several: bool) -> str:
    if several:
        answers = t.listing(texts)
        return t("Your answers: {answers}. Press one again to take it back.", answers=answers)
    return t("Your vote: {answer}. Press it again to take it back.", answer=texts[0])


def _verdict(t: Texts, answer: QuizAnswer) -> list[str]:
    verdict = (
        t("That is right!")
        if answer.is_right
        else t("The right answer is: {answer}.", answer=answer.right)
    )
    return [verdict, *([answer.explanation] if answer.explanation else [])]


def _manner(t: Texts, poll: PollView) -> list[str]:
    found = []
    if poll.hidden:
        found.append(t("I send you the result when the poll is closed."))
    if not poll.anonymous:
        found.append(t("This poll is not anonymous: our team sees your name with your answer."))
    return found


def _solution(t: Texts, poll: PollView, chosen: Sequence[OptionView]) -> list[str]:
    """Of a quiz."""
    if poll.right is None:
        return []
    right = poll.options[poll.right]
    return _verdict(t, QuizAnswer(right in chosen, right.text, poll.explanation))


def _listed(t: Texts, chosen: Sequence[OptionView]) -> str:
    return t.listing(option.text for option in chosen)
