"""Chapters on the desk itself: a decision that waits, and a change that an admin makes."""

from bot.sandbox.slack import Message
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.tour.scene import Chapter, Scene, Step
from bot.sandbox.tour.timetable import HELD_UNTIL, LATER_POST
from bot.texts import N_, Texts

THREAD = 3
"""What stands below the card in the end: held, back again, approved."""


async def _proposes(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    await anna.opens("/social propose")
    await anna.sends(
        {
            t("Text"): exam_post(t),
            t("Platforms"): [scene.platform("instagram")],
            t("Date and time"): LATER_POST,
        }
    )
    await anna.sees_card(exam_post(t))
    scene.done["proposals"] += 1


async def _holds(scene: Scene) -> None:
    t, people = scene.t, scene.world.colleagues
    meral, anna = Colleague(scene, people.meral), Colleague(scene, people.anna)
    await meral.opens_with(t("Hold"), lambda: meral.card(exam_post(t)))
    if await meral.submits({t("Until"): HELD_UNTIL, t("Reason"): why_wait(t)}):
        meral.goes_on()
    await meral.sees_card(exam_post(t), why_wait(t))
    await anna.hears(exam_post(t), why_wait(t))
    seen = await meral.reads_home()
    scene.check(t("Hold") not in seen, t("Meanwhile nothing waits for her"), seen)
    scene.done["decisions"] += 1


async def _comes_back(scene: Scene) -> None:
    t, people = scene.t, scene.world.colleagues
    meral, anna = Colleague(scene, people.meral), Colleague(scene, people.anna)
    scene.moves_to(HELD_UNTIL)
    await meral.hears(exam_post(t))

    def asked() -> Message | None:
        return meral.message(exam_post(t))

    def approved() -> bool:
        return not meral.can_press(meral.card(exam_post(t)), t("Approve"))

    await meral.presses(t("Approve"), asked, approved)
    await anna.hears(exam_post(t), people.meral.name)
    card = await anna.sees_card(
        exam_post(t), when=lambda card: not anna.can_press(card, t("Approve"))
    )
    await anna.until(lambda: len(card.thread) == THREAD, "every step in the thread of the card")
    seen = "\n".join(reply.seen_by(anna.person) for reply in card.thread)
    scene.transcript.sees(t("{name} reads in the thread below it:", name=anna.name), seen)
    scene.done["decisions"] += 1


async def _adds(scene: Scene) -> None:
    t, people = scene.t, scene.world.colleagues
    tom, anna = Colleague(scene, people.tom), Colleague(scene, people.anna)
    sections = await tom.opens("/social settings")
    await tom.presses(t("Statements"), lambda: sections, lambda: tom.person.modal is not sections)
    statements = tom.person.modal
    await tom.presses(
        t("Add a statement"), lambda: statements, lambda: tom.person.modal is not statements
    )
    await tom.sends(
        {
            t("Title"): _title(t),
            t("Text"): _statement(t),
            t("Who keeps it up to date"): people.anna,
        }
    )
    await anna.hears(_title(t), people.tom.name)
    tom.goes_on()


async def _finds_it(scene: Scene) -> None:
    joris, t = Colleague(scene, scene.world.colleagues.joris), scene.t
    seen = (await joris.asks("/social statements")).seen_by(joris.person)
    scene.check(_statement(t) in seen, t("He can copy its words"), seen)
    scene.check(scene.world.colleagues.anna.name in seen, t("And sees who maintains it"), seen)


def exam_post(t: Texts) -> str:
    return t("Exams are near: on Thursday we stay open until eleven in the evening.")


def why_wait(t: Texts) -> str:
    return t("The opening hours are decided on tomorrow. I wait for that.")


def _title(t: Texts) -> str:
    return t("When it snows")


def _statement(t: Texts) -> str:
    return t("Is the code red? Then our branches are closed, and you pay nothing for late books.")


CHAPTERS = (
    Chapter(
        N_("A decision can wait"),
        (
            Step(N_("Anna proposes one more post, for Instagram"), _proposes),
            Step(N_("Meral waits with a decision until tomorrow, and says why"), _holds),
            Step(N_("Saturday: it comes back to her by itself, and she approves it"), _comes_back),
        ),
    ),
    Chapter(
        N_("An admin changes the strategy in Slack"),
        (
            Step(N_("Tom adds a statement, and asks Anna to keep it up to date"), _adds),
            Step(N_("Joris looks the statement up"), _finds_it),
        ),
    ),
)
