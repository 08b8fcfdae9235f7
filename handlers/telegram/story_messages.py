"""What followers read about their stories. Pure: views → text, in the follower's language."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.views import PartView, PlaceView, StoryView, Wording
from bot.rules.posts import PlacementStatus
from bot.rules.stories import DECLINE_WORDS, STATUS_WORDS, DeclineReason, StoryStatus
from bot.texts import Texts
from handlers.telegram.messages import paragraphs
from handlers.telegram.words import clipped


def prompt(t: Texts, story: StoryView) -> str:
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
        "Send me text, photos, videos or voice messages, as many as you need. "
        "Press Done when it is all there."
    )
    later = t("Nothing goes to our team before you say so. Changed your mind? Press Cancel.")
    if story.call:
        return paragraphs(story.call.question, story.call.explanation, what, later)
    return paragraphs(t("How nice that you want to tell us your story!"), what, later)


def step(t: Texts, story: StoryView, consent: str) -> str:
    """What is asked at the step where the story is now. consent: the text to agree to."""
    match story.status:
        case StoryStatus.DESCRIBING:
            return describe(t, story)
        case StoryStatus.NAMING:
            return t("If we place your story, how shall we name you?")
        case StoryStatus.AGE:
            return t(
                "Are you 16 or older? If you are younger, the law asks for the consent of a parent."
            )
        case StoryStatus.CONSENT:
            return consent
        case StoryStatus.PREVIEW:
            return preview(t, story)
        case _:
            return prompt(t, story)


def describe(t: Texts, story: StoryView) -> str:
    """About the photo that this answers."""
    photos = sum(part.kind == "photo" for part in story.parts)
    number = photos - len(story.to_describe) + 1
    return paragraphs(
        t("Photo {number} of {photos}: what can be seen in it?", number=number, photos=photos),
        t(
            "Describe it in one sentence, for people who cannot see it. You can also press Skip: "
            "then our team does it."
        ),
    )


def changed(t: Texts, story: StoryView) -> str:
    """After a change of what was sent in."""
    return paragraphs(
        t("You changed your story {receipt}. Our team sees the new text.", **_receipt(story)),
        t(
            "You said yes to your text as it was before. May we use the new text, too? As long as "
            "you do not say yes below, we do not place it."
        ),
    )


def preview(t: Texts, story: StoryView) -> str:
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
    videos = sum(part.kind == "video" for part in parts)
    voices = sum(part.kind == "voice" for part in parts)
    counted = [
        t.n("{n} photo", "{n} photos", photos) if photos else "",
        t.n("{n} video", "{n} videos", videos) if videos else "",
        t.n("{n} voice message", "{n} voice messages", voices) if voices else "",
    ]
    return t.listing(filter(None, counted))


def received(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t("Thank you! Your story is with our team."),
        t("Its number is {receipt}.", receipt=story.receipt or ""),
        t(
            "Somebody of the team reads it. Before anything is placed, you see the edited version "
            "here and you decide. You can follow or withdraw your story with /mystories."
        ),
    )


def cancelled(t: Texts) -> str:
    return t("Your story is deleted; nobody has seen it. You can always start again with /story.")


def too_young(t: Texts) -> str:
    return paragraphs(
        t(
            "Thank you for being honest. We only place stories of people of 16 or older, "
            "so I have deleted what you sent; nobody has seen it."
        ),
        t(
            "You can tell your story together with a parent: let them send it in with /story. "
            "Or tell it to our staff when you visit us."
        ),
    )


def listed(t: Texts, stories: Sequence[StoryView], zone: ZoneInfo) -> str:
    if not stories:
        return t("You have not sent in a story yet. Start one with /story.")
    return paragraphs(t("Your stories:"), *(_in_list(t, story, zone) for story in stories))


def withdrawn(t: Texts, story: StoryView, zone: ZoneInfo) -> str:
    """What is out already is taken away: where, and until when."""
    out = [place for place in story.places if place.gone_by and not place.gone_at]
    if not out:
        return t("Your story is withdrawn. We will not place it. Thank you for letting us know.")
    last = max(place.gone_by for place in out if place.gone_by)
    return paragraphs(
        t(
            "Your story {receipt} is withdrawn. We do not place it anywhere else.",
            **_receipt(story),
        ),
        t(
            "It is still on {platforms}. We take it away there, by {day} at the latest, and I "
            "tell you when it is gone.",
            platforms=t.listing(place.platform for place in out),
            day=t.day(last.astimezone(zone).date()),
        ),
        t("What other people copied or passed on, we cannot take back. I am sorry about that."),
    )


def taken_down(t: Texts, story: StoryView, platform: str) -> str:
    left = [place.platform for place in story.places if place.is_out]
    gone = t(
        "Your story {receipt} is taken away from {platform}.", platform=platform, **_receipt(story)
    )
    if left:
        return paragraphs(
            gone,
            t(
                "It is still on {platforms}. I tell you when it is gone there, too.",
                platforms=t.listing(left),
            ),
        )
    return paragraphs(gone, t("Now it is not on our social media any more."))


def declined(t: Texts, story: StoryView) -> str:
    reason = DECLINE_WORDS[story.decline_reason or DeclineReason.OFF_TOPIC]
    return paragraphs(
        t("Thank you for your story {receipt}. We read it with attention.", **_receipt(story)),
        t("This time we do not place it. {reason}", reason=t(reason)),
        t("We hope to read you again: a new story is always welcome with /story."),
    )


def given_up(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t(
            "Our team did not decide about your story {receipt} in time. I am sorry!",
            **_receipt(story),
        ),
        t("We do not place it, and I have erased your words and pictures."),
        t("A new story is always welcome with /story."),
    )


def confirm(t: Texts, story: StoryView) -> str:
    return paragraphs(
        t("Above is how we would like to place your story {receipt}.", **_receipt(story)),
        t("Named as: {credit}", credit=story.credit or t("anonymous")),
        t("Is it all right? Nothing is placed without your yes."),
    )


def wording(t: Texts, wording: Wording) -> str:
    return t("On {platforms} it reads like this:", platforms=t.listing(wording.platforms))


def wish(t: Texts) -> str:
    return t("What shall we change? Write it in one message; our team reads it.")


def wish_received(t: Texts) -> str:
    return t("Thank you. Our team changes it, and then you see it here again.")


def agreed(t: Texts) -> str:
    return t(
        "Thank you! We will place your story, and I send you the link. "
        "Until then you can still withdraw it with /mystories."
    )


def published(t: Texts, story: StoryView, link: str) -> str:
    return paragraphs(
        t("Your story {receipt} is published. Thank you for sharing it!", **_receipt(story)), link
    )


def too_late(t: Texts, story: StoryView, link: str) -> str:
    return paragraphs(
        t(
            "You withdrew your story {receipt} in the very moment that it was published. I am "
            "sorry! We take it away, and I tell you when it is gone:",
            **_receipt(story),
        ),
        link,
    )


def question(t: Texts, story: StoryView, question: str) -> str:
    return paragraphs(
        t("Our team has a question about your story {receipt}:", **_receipt(story)),
        question,
        t("Write your answer here, in one message."),
    )


def _in_list(t: Texts, story: StoryView, zone: ZoneInfo) -> str:
    first = clipped(story.text.strip().split("\n")[0], 60) or files(t, story.parts)
    when = f", {t.day(story.submitted_at.astimezone(zone).date())}" if story.submitted_at else ""
    state = t("waiting for your yes to the edited version, which I sent you")
    if not story.awaits_yes or story.status is not StoryStatus.ACCEPTED:
        state = t(STATUS_WORDS[story.status])
    places = (_place(t, place, zone) for place in story.places)
    lines = [f"{story.receipt or '-'}{when}: {state}", first, *places]
    return "\n".join(line for line in lines if line)


def _place(t: Texts, place: PlaceView, zone: ZoneInfo) -> str:
    """'• Instagram: planned for Monday 2 March, 10:00'; nothing where it does not come."""
    words = _where(t, place, zone)
    return f"• {place.platform}: {words}" if words else ""


def _where(t: Texts, place: PlaceView, zone: ZoneInfo) -> str:
    if place.gone_at:
        return t("taken away")
    if place.gone_by:
        day = t.day(place.gone_by.astimezone(zone).date())
        return t("we take it away, by {day} at the latest", day=day)
    match place.status:
        case PlacementStatus.PUBLISHED:
            return place.link or t("published")
        case PlacementStatus.APPROVED if place.planned_at:
            return t("planned for {moment}", moment=t.moment(place.planned_at, zone))
        case PlacementStatus.PUBLISHING | PlacementStatus.HANDED:
            return t("is being placed now")
    return ""


def _receipt(story: StoryView) -> dict[str, str]:
    return {"receipt": story.receipt or ""}
