"""Chapters 8 and 10: the calendar, reminders, publication; and where one sees it all."""

from collections.abc import Callable

from bot.sandbox.slack import Message
from bot.sandbox.telegram import Message as TelegramMessage
from bot.sandbox.telegram.samples import picture
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.tour.doubt import until_public
from bot.sandbox.tour.follower import Follower
from bot.sandbox.tour.scene import Chapter, Scene, Step
from bot.sandbox.tour.stories import PHOTOS
from bot.sandbox.tour.timetable import BEFORE_EMPTY_SLOT, BEFORE_POST, POST, SNOOZED, STORY
from bot.sandbox.world import CHANNEL
from bot.texts import N_

ON_INSTAGRAM = "https://www.instagram.com/p/leestafel-winter"


async def _empty_slot(scene: Scene) -> None:
    t, people = scene.t, scene.world.colleagues
    meral, joris = Colleague(scene, people.meral), Colleague(scene, people.joris)
    scene.moves_to(BEFORE_EMPTY_SLOT)
    await meral.hears(_slot(scene, "instagram"), scene.platform("instagram"))
    scene.check(
        joris.message(_slot(scene, "telegram")) is None,
        t("Joris hears nothing: for Monday there is a post"),
    )


async def _planned_post(scene: Scene) -> None:
    people = scene.world.colleagues
    owners = [Colleague(scene, person) for person in (people.joris, people.meral)]
    scene.moves_to(BEFORE_POST)
    for owner in owners:
        await owner.hears(scene.words.title)


async def _in_channel(scene: Scene) -> None:
    t, words, people = scene.t, scene.words, scene.world.colleagues
    anna, joris = Colleague(scene, people.anna), Colleague(scene, people.joris)
    scene.moves_to(POST)
    post = await until_public(
        joris,
        words.title,
        _post(scene, words.title),
        lambda: anna.message(words.title, scene.platform("telegram")),
    )
    scene.transcript.sees(t("Everybody sees in the channel:"), post.seen())
    scene.check(words.second_version in post.seen(), t("It is the version that was approved"))
    content = post.media.content if post.media else b""
    scene.check(content == picture(1), t("With its picture"), post.seen())
    _check_once(scene, words.title)
    await anna.hears(words.title, scene.platform("telegram"))
    scene.done["posts"] += 1


async def _snoozed(scene: Scene) -> None:
    t, words = scene.t, scene.words
    meral = Colleague(scene, scene.world.colleagues.meral)
    task = await meral.until(lambda: _task(meral), "the text and the picture for Instagram")
    seen = task.seen_by(meral.person)
    scene.transcript.sees(t("{name} hears from the bot:", name=meral.name), seen)
    scene.check(words.second_version in seen, t("She gets the text"), seen)
    described = scene.words.picture in seen
    scene.check(described, t("And the picture, with what can be seen in it"), seen)
    await meral.presses(t("Snooze"), lambda: task, lambda: False)
    scene.moves_to(scene.world.clock() + SNOOZED)
    again = await meral.until(lambda: _task(meral, after=task), "the task, once more")
    scene.transcript.sees(
        t("{name} hears from the bot:", name=meral.name), again.seen_by(meral.person)
    )


async def _posted(scene: Scene) -> None:
    t, words, people = scene.t, scene.words, scene.world.colleagues
    meral, anna = Colleague(scene, people.meral), Colleague(scene, people.anna)
    task = _task(meral)
    assert task is not None
    await meral.opens_with(t("Posted"), lambda: task)
    if await meral.submits({t("Link"): ON_INSTAGRAM}):
        meral.goes_on()
    await anna.hears(words.title, scene.platform("instagram"))
    await anna.sees_card(
        words.second_version, when=lambda card: not anna.can_press(card, t("Withdraw"))
    )
    await meral.until(lambda: not task.buttons(), "a task without buttons")
    scene.check(True, t("Her task is done: the buttons are gone"))
    scene.done["posts"] += 1


async def _story(scene: Scene) -> None:
    t, words = scene.t, scene.words
    joris = Colleague(scene, scene.world.colleagues.joris)
    fatima = Follower(scene, scene.world.followers.fatima)
    first_words = words.edited_story.splitlines()[0]
    link = f"t.me/{CHANNEL}/"
    scene.moves_to(STORY)
    post = await until_public(
        joris, first_words, _post(scene, words.edited_story), lambda: fatima.message(link)
    )
    album = [m for m in scene.world.channel.messages if m is post or m.album == post.album != ""]
    scene.transcript.sees(t("Everybody sees in the channel:"), "\n".join(m.seen() for m in album))
    contents = {m.media.content for m in album if m.media}
    scene.check(contents == set(PHOTOS), t("With her two photos"))
    _check_once(scene, first_words)
    await fatima.hears(link)
    scene.done["posts"] += 1


async def _home(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    seen = await anna.reads_home()
    scene.check(scene.words.title in seen, t("Her post is among her proposals"), seen)
    scene.check(_slot(scene, "telegram") in seen, t("She sees what is planned"), seen)


async def _calendar(scene: Scene) -> None:
    joris, t = Colleague(scene, scene.world.colleagues.joris), scene.t
    seen = (await joris.asks("/social calendar")).seen_by(joris.person)
    scene.check(scene.words.title in seen, t("He sees Anna's post"), seen)
    scene.check(_slot(scene, "instagram") in seen, t("And where nothing is planned yet"), seen)


async def _stories(scene: Scene) -> None:
    joris, t = Colleague(scene, scene.world.colleagues.joris), scene.t
    answer = await joris.asks("/social stories")
    scene.check(not answer.buttons(), t("No story waits any more"), answer.seen_by(joris.person))


def _slot(scene: Scene, platform: str) -> str:
    """The title of the platform's first fixed moment of the week."""
    slots = scene.world.strategy["slot"]
    return next(str(slot["title"]) for slot in slots if slot["platform"] == platform)


def _post(scene: Scene, words: str) -> Callable[[], TelegramMessage | None]:
    def there() -> TelegramMessage | None:
        return next((m for m in scene.world.channel.messages if words in m.seen()), None)

    return there


def _check_once(scene: Scene, words: str) -> None:
    times = sum(words in message.seen() for message in scene.world.channel.messages)
    scene.check(times == 1, scene.t("It is there once"))


def _task(owner: Colleague, after: Message | None = None) -> Message | None:
    """The newest message that asks to post something by hand, if it came after that one."""
    tasks = [m for m in owner.person.direct_messages() if owner.can_press(m, owner.t("Posted"))]
    return tasks[-1] if tasks and tasks[-1] is not after else None


TIME = (
    Chapter(
        N_("Time goes by"),
        (
            Step(N_("Joris looks in the calendar"), _calendar),
            Step(N_("In the afternoon: nobody made a post for Tuesday on Instagram"), _empty_slot),
            Step(N_("Monday, an hour before Anna's post"), _planned_post),
            Step(N_("The bot posts it in the Telegram channel"), _in_channel),
            Step(N_("For Instagram, Meral gets the text and the picture; she is busy"), _snoozed),
            Step(N_("An hour later she posts it, and tells where"), _posted),
            Step(N_("Friday: the bot posts Fatima's story, and thanks her"), _story),
        ),
    ),
)

OVERVIEW = (
    Chapter(
        N_("Where one sees it all"),
        (
            Step(N_("Anna opens the Home tab"), _home),
            Step(N_("Joris looks whether stories wait"), _stories),
        ),
    ),
)
