"""What followers read about their rights. Pure: what is kept → text, in the follower's language."""

from dataclasses import asdict

from bot.rules.retention import KINDS, Retention
from bot.texts import Texts
from handlers.telegram.messages import paragraphs


def privacy(t: Texts, organisation: str, kept: Retention) -> str:
    return paragraphs(
        t("What {organisation} keeps of you here, and why:", organisation=organisation),
        t(
            "• Your name and account number in Telegram (not your phone number), your language, "
            "and whether you want to hear of new polls, so that I can talk with you.\n"
            "• Your votes, so that each person counts once. We only show how many people chose "
            "what, never who.\n"
            "• Your story, its pictures and recordings, and the text that you agreed to, "
            "so that we only place what you want.\n"
            "• When you did something here, and the messages that I sent you, so that nothing "
            "is lost and nothing comes twice."
        ),
        t(
            "Who sees it: the people of our social media team read your stories, in Slack. "
            "Your votes they see as numbers only. "
            "We sell nothing, and we show nothing to advertisers. "
            "Telegram itself can read what is sent to a bot, so do not send secrets."
        ),
        paragraphs(t("How long we keep it:"), _days(t, kept)),
        t(
            "The text that you agreed to we keep for as long as a post with your story is to be "
            "seen. Your name and your language stay until you ask us to forget you."
        ),
        t(
            "How you take it back:\n"
            "• /mystories: withdraw a story\n"
            "• /stop: no more messages about new polls; everything else goes on\n"
            "• /mydata: get everything that we have of you, as files\n"
            "• /forgetme: have it erased. Then we only keep that somebody once agreed to "
            "something and took it back, without your name and words; the law asks for that. "
            "And a mark that nobody can read, so that you are not back when we restore an old copy."
        ),
    )


def _days(t: Texts, kept: Retention) -> str:
    days = asdict(kept)
    return "\n".join(
        t("• {what}: {days}", what=t(what), days=t.n("{n} day", "{n} days", days[kind]))
        for kind, what in KINDS.items()
    )


def forget_ask(t: Texts) -> str:
    return paragraphs(
        t("Shall I erase everything that we have of you? That cannot be undone."),
        t(
            "Your name, your stories with their pictures and recordings, and your messages are "
            "erased. Your votes still count, but nobody can see any more that they were yours. "
            "Stories that are published we take down."
        ),
        t("Do you want a copy first? Send /mydata."),
    )


def forgotten(t: Texts) -> str:
    return paragraphs(
        t("It is done: I have erased everything that we had of you."),
        t(
            "If a story of yours is published, our team takes it down. That is done by people, "
            "so it can take a few days."
        ),
        t(
            "What you see in this chat is on your phone and with Telegram. You can delete the "
            "chat yourself. Do you want to come back one day? Send /start. You are welcome!"
        ),
    )


def forgotten_shortly(t: Texts) -> str:
    return t("Done: everything that we had of you is erased.")


def data_coming(t: Texts, parcels: int) -> str:
    return paragraphs(
        t("I put together everything that we have of you."),
        t.n(
            "You get it here in a moment, as one file.",
            "You get it here in a moment, as {n} files: together they are too large for one.",
            parcels,
        ),
    )


def data_parcel(t: Texts, number: int, parcels: int) -> str:
    """Below the file."""
    if parcels == 1:
        return t(
            "This is everything that we have of you. Open the file on a computer or phone: in it "
            "are a text file and your pictures and recordings."
        )
    return t("Part {number} of {parcels} of your data.", number=number, parcels=parcels)


def parcel_name(t: Texts, number: int, parcels: int) -> str:
    name = t("my-data")
    return f"{name}.zip" if parcels == 1 else f"{name}-{number}.zip"


def data_name(t: Texts) -> str:
    return f"{t('my-data')}.json"
