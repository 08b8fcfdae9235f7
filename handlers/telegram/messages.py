"""What followers read. Pure: views → text, in the follower's language.

Everything is sent as plain text, without markup, so that every character of a person's words
arrives as it was written.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.views import Ballot, OptionView, PollView
from bot.actions.votes import VoteOutcome
from bot.rules.polls import PollStatus
from bot.texts import Texts


def welcome(t: Texts, organisation: str) -> str:
    """Who is behind the bot and what is kept, in three sentences; then what there is to do."""
    return paragraphs(
        t(
            "Hello! I am a computer program of {organisation}, and behind me are people who read "
            "your stories and decide what is placed on our social media.",
            organisation=organisation,
        ),
        t(
            "I keep your name, your language, your votes and what you send in, for as long as "
            "/privacy says. With /mydata you get all of it, and with /forgetme I erase it."
        ),
        t(
            "Vote in our polls with /polls, or send us your own story with /story. "
            "Shall I tell you when there is a new poll? Press the button. You can always /stop."
        ),
    )


def subscribed(t: Texts) -> str:
    return paragraphs(
        t("Great! I will tell you when there is something new."),
        t("Had enough for a while? Send /stop."),
    )


def stopped(t: Texts) -> str:
    return paragraphs(
        t("All right, you will not get new polls from me any more."),
        t("You can still send us a story with /story. Back again? Send /start."),
    )


def help_text(t: Texts) -> str:
    return paragraphs(
        t("This is what you can do here:"),
        "\n".join(f"/{name} - {what}" for name, what in commands(t)),
        t("Do you want to ask our staff something? They do not read along here; visit or call us."),
    )


DUTCH_COMMANDS = {
    "polls": "peilingen",
    "story": "verhaal",
    "mystories": "mijnverhalen",
    "language": "taal",
    "mydata": "mijngegevens",
    "forgetme": "vergeetmij",
    "cancel": "annuleer",
}
"""The commands that have a Dutch name besides; both always work."""


def commands(t: Texts) -> tuple[tuple[str, str], ...]:
    """The menu of commands: name and what it does."""
    menu = (
        ("polls", t("see the open polls and vote")),
        ("story", t("send us your story")),
        ("mystories", t("see what you sent in, or withdraw it")),
        ("language", t("choose another language")),
        ("privacy", t("read what we keep of you, and why")),
        ("mydata", t("get everything that we have of you")),
        ("forgetme", t("have everything of you erased")),
        ("cancel", t("stop with the story that you are telling")),
        ("stop", t("get no more new polls")),
        ("help", t("see this list")),
    )
    names = DUTCH_COMMANDS if t.language == "nl" else {}
    return tuple((names.get(name, name), what) for name, what in menu)


def language_question(t: Texts) -> str:
    return t("Which language shall I speak?")


def language_chosen(t: Texts) -> str:
    return t("From now on I speak English with you.")


def hint(t: Texts) -> str:
    return paragraphs(
        t("Thank you for your message. I am a bot, and I do not know what to do with it."),
        t(
            "Do you want to send us a story? Start with /story, then send it again. "
            "To vote, send /polls. Everything else is in /help."
        ),
    )


def no_polls(t: Texts) -> str:
    return paragraphs(
        t("There is no open poll at this moment."),
        t("Shall I tell you when there is one? Press the button."),
    )


def ballot(t: Texts, ballot: Ballot, zone: ZoneInfo) -> str:
    """The question; how it stands is shown to who voted, so that it leads nobody's choice."""
    poll = ballot.poll
    if poll.status is not PollStatus.OPEN:
        return paragraphs(poll.question, t("This poll is closed."))
    closes = t("You can vote until {moment}.", moment=t.moment(poll.closes_at, zone))
    chosen = next((o.text for o in poll.options if o.id == ballot.chosen), None)
    if chosen is None:
        return paragraphs(poll.question, t("Press your answer."), closes)
    return paragraphs(
        poll.question,
        t("Your vote: {answer}. Press it again to take it back.", answer=chosen),
        tally(t, poll.options),
        closes,
    )


def vote_answer(t: Texts, outcome: VoteOutcome) -> str:
    """What appears above the chat after a press that counted."""
    if outcome.chosen_text is None:
        return t("Your vote is taken back.")
    return t("Your vote: {answer}. Press it again to take it back.", answer=outcome.chosen_text)


def poll_result(t: Texts, poll: PollView) -> str:
    return paragraphs(
        t("The poll is closed. Thank you for your vote!"),
        poll.question,
        tally(t, poll.options),
        t.n("One vote altogether", "{n} votes altogether", poll.votes),
    )


def tally(t: Texts, options: Sequence[OptionView]) -> str:
    """'Fantasy: 3 (75%)', an option on each line."""
    total = sum(option.votes for option in options) or 1
    return "\n".join(
        f"{option.text}: {t.number(option.votes)} ({t.percent(option.votes / total)})"
        for option in options
    )


def paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
