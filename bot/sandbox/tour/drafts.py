"""The chapter of the draft: begun, left, found again on the Home tab, and sent."""

from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.tour.scene import Chapter, Scene, Step
from bot.texts import N_

SAVED = "✅"
"""What the form says begins with it."""


async def _saved(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    form = await anna.opens("/social propose")
    await anna.fills({t("Text"): scene.words.idea})
    said = t("Save as draft")

    def is_said() -> bool:
        return SAVED in form.seen_by(anna.person)

    await anna.presses(said, lambda: form, is_said)
    if not await anna.turns_out(is_said):  # the answer may get lost, and then she presses again
        await anna.presses(said, lambda: form, is_said)
    await anna.until(is_said, "that it is saved")
    scene.check(True, t("The form says that it is saved, and stays open"))
    await anna.closes()


async def _hers_alone(scene: Scene) -> None:
    tom, t = Colleague(scene, scene.world.colleagues.tom), scene.t
    home = await tom.reads_home()
    scene.check(scene.words.idea not in home, t("Nothing of it is on his Home tab"), home)
    scene.check(tom.card(scene.words.idea) is None, t("There is no card of it"))


async def _sent(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    home = await anna.reads_home()
    scene.check(scene.words.idea in home, t("Her draft is on her Home tab"), home)
    form = await anna.opens_with(t("Continue"), lambda: anna.person.home)
    seen = form.seen_by(anna.person)
    scene.check(scene.words.idea in seen, t("What she had typed is there"), seen)
    await anna.sends(
        {
            t("Platforms"): [scene.platform("newsletter")],
            t("Backlog"): [t("No date yet: keep it in the backlog")],
        }
    )
    await anna.sees_card(scene.words.idea, t("no date yet: in the backlog"))
    scene.done["proposals"] += 1
    home = await anna.reads_home()
    scene.check(t("Your drafts") not in home, t("The draft is gone: it is a proposal now"), home)
    scene.check(t("The backlog: no date yet") in home, t("It waits in the backlog"), home)


CHAPTERS = (
    Chapter(
        N_("A draft waits until there is time for it"),
        (
            Step(N_("Anna has an idea, and no time: she saves it as a draft"), _saved),
            Step(N_("Tom sees nothing of it"), _hers_alone),
            Step(N_("Anna finds it on her Home tab, goes on with it and sends it"), _sent),
        ),
    ),
)
