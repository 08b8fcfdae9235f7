"""Chapters 5 to 7: followers tell stories, and colleagues make a post of one."""

import re

from bot.sandbox.slack import Message
from bot.sandbox.telegram.samples import picture, voice
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.tour.follower import Follower
from bot.sandbox.tour.proposals import approve
from bot.sandbox.tour.scene import Chapter, Scene, Step
from bot.sandbox.tour.timetable import STORY
from bot.sandbox.world import REVIEW_CHANNEL
from bot.texts import N_

PARTS = 4
"""Of Fatima's story: a text, two photos and a voice."""

PHOTOS = (picture(11), picture(12))
_RECEIPT = re.compile(r"\b[2-9A-HJKMNP-TV-Z]{6}\b")


async def _link(scene: Scene) -> None:
    fatima = Follower(scene, scene.world.followers.fatima)
    call = scene.world.strategy["call"][0]
    fatima.follows(f"https://t.me/samenspraak_bot?start=call_{call['key']}")
    await fatima.hears(scene.world.channel.title, button=scene.t("Keep me posted"))
    await fatima.hears(call["question"], button=scene.t("Done"))


async def _tells(scene: Scene) -> None:
    fatima, t = Follower(scene, scene.world.followers.fatima), scene.t
    fatima.says(scene.words.story)
    fatima.sends(t("two photos"), lambda: fatima.person.send_album(PHOTOS))
    fatima.sends(t("a voice message"), lambda: fatima.person.send_voice(voice(1), 7))
    await fatima.hears(str(PARTS), button=t("Done"))


async def _submits(scene: Scene) -> None:
    fatima, t = Follower(scene, scene.world.followers.fatima), scene.t
    await fatima.presses(t("Done"))
    for number in range(len(PHOTOS)):
        await fatima.hears(f" {number + 1} ", button=t("Skip"))
        fatima.says(scene.words.photo)
    await fatima.hears(button=t("First name"))
    await fatima.presses(t("First name"))
    await fatima.hears(button=t("I am 16 or older"))
    await fatima.presses(t("I am 16 or older"))
    await fatima.hears(scene.world.channel.title, button=t("I agree"))
    await fatima.presses(t("I agree"))
    await fatima.hears(button=t("Leave them out"))
    await fatima.presses(t("I agree"))
    await fatima.hears(scene.words.story, button=t("Submit"))
    await fatima.presses(t("Submit"))
    await receives_number(scene, fatima)


async def receives_number(scene: Scene, follower: Follower) -> str:
    def number() -> str | None:
        message = follower.message()
        found = _RECEIPT.search(message.seen()) if message and not message.buttons() else None
        return found[0] if found else None

    receipt = await follower.until(number, "the number of the story")
    message = await follower.hears(receipt)
    scene.receipts.append(receipt)
    scene.done["stories"] += 1
    scene.check(True, scene.t("The story has a number: {number}", number=receipt), message.seen())
    return receipt


async def _too_young(scene: Scene) -> None:
    daan, t = Follower(scene, scene.world.followers.daan), scene.t
    daan.says("/story")
    await daan.hears(button=t("Done"))
    daan.says(scene.words.daans_story)
    await daan.hears("1", button=t("Done"))
    await daan.presses(t("Done"))
    await daan.hears(button=t("First name"))
    await daan.presses(t("First name"))
    await daan.hears(button=t("I am younger"))
    await daan.presses(t("I am younger"))
    await daan.is_answered()
    shown = scene.world.slack.channel_messages(REVIEW_CHANNEL)
    told = [m for m in shown if scene.words.daans_story in m.seen_by(scene.world.colleagues.tom)]
    scene.check(not told, t("Nobody at the library sees his story"))


async def _mine(scene: Scene) -> None:
    fatima, t = Follower(scene, scene.world.followers.fatima), scene.t
    fatima.says("/mystories")
    await fatima.hears(scene.receipts[0], button=t("Withdraw"))


async def _waiting(scene: Scene) -> None:
    meral, t = Colleague(scene, scene.world.colleagues.meral), scene.t
    answer = await meral.asks("/social stories")
    seen = answer.seen_by(meral.person)
    scene.check(scene.words.story[:40] in seen, t("Fatima's story waits"), seen)


async def _card(scene: Scene) -> None:
    meral, t = Colleague(scene, scene.world.colleagues.meral), scene.t
    card = await meral.sees_card(scene.words.story, when=lambda card: bool(card.thread))
    seen = card.seen_by(meral.person)
    scene.check(seen.count("[picture:") == len(PHOTOS), t("Her two photos are on the card"), seen)
    scene.check(scene.world.followers.fatima.user.first_name in seen, t("So is her name"), seen)
    files = [file for reply in card.thread for file in reply.files]
    contents = {scene.world.slack.space.files[file].content for file in files}
    scene.check(voice(1) in contents, t("Her voice is in the thread below it"), seen)


async def _accepted(scene: Scene) -> None:
    meral, t, words = Colleague(scene, scene.world.colleagues.meral), scene.t, scene.words

    def card() -> Message | None:
        return meral.card(words.story)

    form = await meral.opens_with(t("Accept"), card)
    seen = form.seen_by(meral.person)
    scene.check(words.story in seen, t("The form has the story already"), seen)
    await meral.sends(
        {
            t("Text"): words.edited_story,
            t("Platforms"): [scene.platform("telegram")],
            t("Pillar"): scene.world.named("pillar", "story"),
            t("Date and time"): STORY,
        }
    )
    await meral.sees_card(words.edited_story, when=lambda card: meral.can_press(card, t("Approve")))
    scene.done["proposals"] += 1


async def _agreed(scene: Scene) -> None:
    people, t, words = scene.world.colleagues, scene.t, scene.words
    joris, meral = Colleague(scene, people.joris), Colleague(scene, people.meral)
    fatima = Follower(scene, scene.world.followers.fatima)
    await approve(joris, words.edited_story)
    await fatima.hears(words.edited_story)
    await fatima.hears(button=t("Yes, publish"))
    await fatima.presses(t("Yes, publish"))
    await fatima.is_answered()
    first_words = words.edited_story.splitlines()[0]
    await meral.hears(first_words)
    scene.check(not published(scene, first_words), t("Nothing is published before its time"))


async def _declined(scene: Scene) -> None:
    bram, t, words = Follower(scene, scene.world.followers.bram), scene.t, scene.words
    bram.says("/story")
    await bram.hears(button=t("Done"))
    bram.says(words.brams_story)
    await bram.hears("1", button=t("Done"))
    for label, then in (
        (t("Done"), t("Anonymous")),
        (t("Anonymous"), t("I am 16 or older")),
        (t("I am 16 or older"), t("I agree")),
        (t("I agree"), t("Submit")),
    ):
        await bram.presses(label)
        await bram.hears(button=then)
    await bram.presses(t("Submit"))
    await receives_number(scene, bram)
    joris = Colleague(scene, scene.world.colleagues.joris)
    card = await joris.sees_card(words.brams_story)
    seen = card.seen_by(joris.person)
    scene.check(bram.name not in seen, t("The card does not name him"), seen)
    form = await joris.opens_with(t("Decline"), lambda: joris.card(words.brams_story))
    reason = form.options(t("Reason"))[2]
    if await joris.submits({t("Reason"): reason}):
        joris.goes_on()
    message = await bram.hears(reason)
    names = [person.name.split()[0] for person in scene.world.colleagues.everybody()]
    seen = message.seen()
    scene.check(
        not any(name in seen for name in names), t("He reads why, and no colleague's name"), seen
    )
    await joris.sees_card(
        words.brams_story, reason, when=lambda card: not joris.can_press(card, t("Decline"))
    )
    scene.done["decisions"] += 1


def published(scene: Scene, words: str) -> list[str]:
    """The posts in the channel with these words."""
    return [m.seen() for m in scene.world.channel.messages if words in m.seen()]


CHAPTERS = (
    Chapter(
        N_("A follower tells a story"),
        (
            Step(N_("Fatima follows the link of a call for stories"), _link),
            Step(N_("She writes, and sends two photos and a voice message"), _tells),
            Step(N_("She says how to name her, agrees, and submits"), _submits),
            Step(N_("Daan, who is younger than 16, tells a story, too"), _too_young),
            Step(N_("Fatima looks where her story is"), _mine),
        ),
    ),
    Chapter(
        N_("A post is made of it"),
        (
            Step(N_("The story is on a card in Slack"), _card),
            Step(N_("Meral looks which stories wait"), _waiting),
            Step(N_("Meral accepts it and makes a proposal of it"), _accepted),
            Step(N_("Joris approves it; Fatima sees the edited version and says yes"), _agreed),
        ),
    ),
    Chapter(
        N_("Another story is declined"),
        (Step(N_("Bram's story tells too much about somebody else"), _declined),),
    ),
)
