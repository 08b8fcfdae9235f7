"""What followers read. Pure: views → text, in the follower's language.

Everything is sent as plain text, without markup, so that every character of a person's words
arrives as it was written.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.views import Ballot, OptionView, PartView, PollView, StoryView, Wording
from bot.actions.votes import VoteOutcome
from bot.rules.polls import PollStatus
from bot.rules.stories import DECLINE_WORDS, STATUS_WORDS, DeclineReason, StoryStatus
from bot.texts import Texts
from handlers.telegram.words import clipped


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


def story_prompt(t: Texts, story: StoryView) -> str:
    """The question, and then how much there is already."""
    if story.parts:
        return paragraphs(
            t.n(
                "I have {n} part of your story.",
                "I have {n} parts of your story.",
                len(story.parts),
            ),
            t("Send more, or press Done."),
        )
    what = t(
        "Send me text, photos or voice messages, as many as you need. "
        "Press Done when it is all there."
    )
    later = t("Nothing goes to our team before you say so. Changed your mind? Press Cancel.")
    if story.call:
        return paragraphs(story.call.question, story.call.explanation, what, later)
    return paragraphs(t("How nice that you want to tell us your story!"), what, later)


def story_step(t: Texts, story: StoryView, consent: str) -> str:
    """What is asked at the step where the story is now. consent: the text to agree to."""
    match story.status:
        case StoryStatus.NAMING:
            return t("If we place your story, how shall we name you?")
        case StoryStatus.AGE:
            return t(
                "Are you 16 or older? If you are younger, the law asks for the consent of a parent."
            )
        case StoryStatus.CONSENT:
            return consent
        case StoryStatus.PREVIEW:
            return story_preview(t, story)
        case _:
            return story_prompt(t, story)


def story_preview(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t("This is your story:"),
        story.text,
        files(t, story.parts),
        t("Named as: {credit}", credit=story.credit or t("anonymous")),
        t("Shall I send it to our team?"),
    )


def files(t: Texts, parts: Sequence[PartView]) -> str:
    """'2 photos and 1 voice message', or nothing."""
    photos = sum(part.kind == "photo" for part in parts)
    voices = sum(part.kind == "voice" for part in parts)
    counted = [
        t.n("{n} photo", "{n} photos", photos) if photos else "",
        t.n("{n} voice message", "{n} voice messages", voices) if voices else "",
    ]
    return t.listing(filter(None, counted))


def story_received(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t("Thank you! Your story is with our team."),
        t("Its number is {receipt}.", receipt=story.receipt or ""),
        t(
            "Somebody of the team reads it. Before anything is placed, you see the edited version "
            "here and you decide. You can follow or withdraw your story with /mystories."
        ),
    )


def story_cancelled(t: Texts) -> str:
    return t("Your story is deleted; nobody has seen it. You can always start again with /story.")


def story_too_young(t: Texts) -> str:
    return paragraphs(
        t(
            "Thank you for being honest. We only place stories of people of 16 or older, "
            "so I have deleted what you sent; nobody has seen it."
        ),
        t("You can tell your story together with a parent: let them send it in with /story."),
    )


def story_list(t: Texts, stories: Sequence[StoryView], zone: ZoneInfo) -> str:
    if not stories:
        return t("You have not sent in a story yet. Start one with /story.")
    return paragraphs(t("Your stories:"), *(_in_list(t, story, zone) for story in stories))


def story_withdrawn(t: Texts) -> str:
    return t("Your story is withdrawn. We will not place it. Thank you for letting us know.")


def story_declined(t: Texts, story: StoryView) -> str:
    reason = DECLINE_WORDS[story.decline_reason or DeclineReason.OFF_TOPIC]
    return paragraphs(
        t("Thank you for your story {receipt}. We read it with attention.", **_receipt(story)),
        t("This time we do not place it. {reason}", reason=t(reason)),
        t("We hope to read you again: a new story is always welcome with /story."),
    )


def story_given_up(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t(
            "Our team did not decide about your story {receipt} in time. I am sorry!",
            **_receipt(story),
        ),
        t("We do not place it, and I have erased your words and pictures."),
        t("A new story is always welcome with /story."),
    )


def story_confirm(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t("Above is how we would like to place your story {receipt}.", **_receipt(story)),
        t("Named as: {credit}", credit=story.credit or t("anonymous")),
        t("Is it all right? Nothing is placed without your yes."),
    )


def story_wording(t: Texts, wording: Wording) -> str:
    return t("On {platforms} it reads like this:", platforms=t.listing(wording.platforms))


def story_wish(t: Texts) -> str:
    return t("What shall we change? Write it in one message; our team reads it.")


def story_wish_received(t: Texts) -> str:
    return t("Thank you. Our team changes it, and then you see it here again.")


def story_agreed(t: Texts) -> str:
    return t(
        "Thank you! We will place your story, and I send you the link. "
        "Until then you can still withdraw it with /mystories."
    )


def story_published(t: Texts, story: StoryView, link: str) -> str:
    return paragraphs(
        t("Your story {receipt} is published. Thank you for sharing it!", **_receipt(story)), link
    )


def story_too_late(t: Texts, story: StoryView, link: str) -> str:
    return paragraphs(
        t(
            "You withdrew your story {receipt} in the very moment that it was published. I am "
            "sorry! Our team knows, and takes it away:",
            **_receipt(story),
        ),
        link,
    )


def story_question(t: Texts, story: StoryView, question: str) -> str:
    return paragraphs(
        t("Our team has a question about your story {receipt}:", **_receipt(story)),
        question,
        t("Write your answer here, in one message."),
    )


def paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _in_list(t: Texts, story: StoryView, zone: ZoneInfo) -> str:
    first = clipped(story.text.strip().split("\n")[0], 60) or files(t, story.parts)
    when = f", {t.day(story.submitted_at.astimezone(zone).date())}" if story.submitted_at else ""
    lines = [f"{story.receipt or '-'}{when}: {t(STATUS_WORDS[story.status])}", first, *story.links]
    return "\n".join(line for line in lines if line)


def _receipt(story: StoryView) -> dict[str, str]:
    return {"receipt": story.receipt or ""}
