"""Chapters 3, 4 and 9: followers say hello, a poll is made, answered and closed."""

from bot.sandbox.telegram import Message as TelegramMessage
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.tour.doubt import answer_doubt, until_public
from bot.sandbox.tour.follower import Follower
from bot.sandbox.tour.proposals import approve
from bot.sandbox.tour.scene import Chapter, Scene, Step
from bot.sandbox.tour.timetable import POLL_CLOSES
from bot.texts import N_


async def _hello(scene: Scene) -> None:
    t = scene.t
    for person in (scene.world.followers.bram, scene.world.followers.ines):
        follower = Follower(scene, person)
        follower.says("/start")
        await follower.hears(scene.world.channel.title, button=t("Keep me posted"))
        await follower.presses(t("Keep me posted"))
        await follower.is_answered()


async def _propose(scene: Scene) -> None:
    anna, t, words = Colleague(scene, scene.world.colleagues.anna), scene.t, scene.words
    form = await anna.opens("/social poll")
    place = form.options(t("Where"))[0]
    await anna.sends(
        {
            t("Question"): words.question,
            t("Options"): "\n".join([words.fantasy, words.crime, words.poetry]),
            t("Where"): place,
            t("Closes"): POLL_CLOSES,
        }
    )
    await anna.sees_card(words.question, words.poetry, place)
    scene.done["proposals"] += 1


async def _open(scene: Scene) -> None:
    t, words, people = scene.t, scene.words, scene.world.colleagues
    anna, joris = Colleague(scene, people.anna), Colleague(scene, people.joris)
    readers = [
        Follower(scene, person)
        for person in (scene.world.followers.bram, scene.world.followers.ines)
    ]
    await approve(joris, words.question)
    await anna.hears(words.question, people.joris.name)
    for reader in readers:
        await reader.hears(words.question, button=words.fantasy)
    poll = await until_public(joris, words.question, lambda: native_poll(scene))
    scene.transcript.sees(t("Everybody sees in the channel:"), poll.seen())
    scene.check(
        len([m for m in scene.world.channel.messages if m.poll]) == 1,
        t("The poll stands in the channel once"),
    )


async def _in_channel(scene: Scene) -> None:
    """Nothing to press but Telegram's own buttons: the bot only hears the counts."""
    t, words = scene.t, scene.words
    poll = native_poll(scene)
    assert poll is not None
    choices = {
        scene.world.followers.fatima: words.poetry,
        scene.world.followers.daan: words.fantasy,
        scene.world.followers.bram: words.fantasy,
    }
    for person, choice in choices.items():
        person.join(scene.world.channel)
        person.vote(poll, [choice])
        scene.done["votes"] += 1
        name = person.user.first_name
        scene.transcript.does(t("{name} votes in the channel: {answer}", name=name, answer=choice))
    scene.transcript.sees(t("Everybody sees in the channel:"), poll.seen())


async def _in_private(scene: Scene) -> None:
    t, words = scene.t, scene.words
    bram = Follower(scene, scene.world.followers.bram)
    scene.check(words.crime in await bram.presses(words.crime), t("His vote counts"))
    scene.check(words.poetry in await bram.presses(words.poetry), t("His new vote counts"))
    taken_back = await bram.presses(words.poetry)
    scene.check(
        taken_back and words.poetry not in taken_back, t("His vote is taken back"), taken_back
    )
    ines = Follower(scene, scene.world.followers.ines)
    scene.check(words.fantasy in await ines.presses(words.fantasy), t("Her vote counts"))
    await _sees_own_vote(ines, words.fantasy)
    scene.done["votes"] += 1  # Bram's is taken back


async def _sees_own_vote(follower: Follower, choice: str) -> None:
    """On the ballot that was pressed, or, when that was not drawn anew, on a new one."""

    def marked() -> TelegramMessage | None:
        ballot = follower.newest(choice)
        is_marked = ballot and any(b != choice and choice in b for b in ballot.buttons())
        return ballot if is_marked else None

    if not await follower.turns_out(marked):
        follower.says("/polls")
    ballot = await follower.until(marked, f"a ballot on which “{choice}” is marked")
    follower.scene.transcript.sees(follower.t("{name} sees:", name=follower.name), ballot.seen())


async def _close(scene: Scene) -> None:
    t, words, people = scene.t, scene.words, scene.world.colleagues
    anna = Colleague(scene, people.anna)
    bram, ines = (
        Follower(scene, person)
        for person in (scene.world.followers.bram, scene.world.followers.ines)
    )
    poll = native_poll(scene)
    assert poll is not None
    assert poll.poll is not None
    await answer_doubt(Colleague(scene, people.joris), words.question, poll)
    scene.moves_to(POLL_CLOSES)
    result = await ines.hears(words.question, words.fantasy)
    scene.check(not result.buttons(), t("She sees the result, and can vote no more"))
    native = poll.poll
    await ines.until(lambda: native.closed, "a closed poll in the channel")
    scene.transcript.sees(t("Everybody sees in the channel:"), poll.seen())
    await anna.hears(words.question, words.fantasy)
    # Two votes in the channel and one in private, of four altogether.
    counted = t.n("One vote altogether", "{n} votes altogether", 4)
    await anna.sees_card(
        words.question, counted, when=lambda card: not anna.can_press(card, t("Close now"))
    )
    scene.check(
        bram.message(words.question) is None, t("Bram, who took his vote back, gets no result")
    )


def native_poll(scene: Scene) -> TelegramMessage | None:
    """The poll as it stands in the channel."""
    return next((m for m in reversed(scene.world.channel.messages) if m.poll), None)


CHAPTERS = (
    Chapter(
        N_("Followers say hello"),
        (Step(N_("Bram and Inês start the bot and want to be kept posted"), _hello),),
    ),
    Chapter(
        N_("A poll"),
        (
            Step(N_("Anna proposes a poll"), _propose),
            Step(N_("Joris approves it, and it goes to the channel and to subscribers"), _open),
            Step(N_("Readers vote in the channel"), _in_channel),
            Step(N_("Bram votes, changes his mind and takes it back; Inês votes"), _in_private),
        ),
    ),
)

LAST = (
    Chapter(
        N_("The poll closes"),
        (Step(N_("It is Friday evening: the poll closes by itself"), _close),),
    ),
)
