"""Chapters 1 and 2: a colleague proposes a post, and the owners decide."""

from bot.sandbox.slack import Message
from bot.sandbox.telegram.samples import picture
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.tour.scene import Chapter, Scene, Step
from bot.sandbox.tour.timetable import IN_THE_PAST, POST
from bot.texts import N_

PICTURE = "winter.jpg"


async def _with_a_mistake(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    await anna.opens("/social propose")
    errors = await anna.submits(
        {
            t("Text"): scene.words.first_version,
            t("Platforms"): [scene.platform("telegram"), scene.platform("instagram")],
            t("Pillar"): scene.world.named("pillar", "information"),
            t("Target group"): scene.world.named("target_group", "readers"),
            t("Date and time"): IN_THE_PAST,
            t("Why"): scene.words.why,
        }
    )
    form = await anna.until(lambda: anna.person.modal, "the form, still open")
    seen = form.seen_by(anna.person)
    for label, error in errors.items():
        scene.transcript.sees(t("{name} sees:", name=anna.name), f"{label} ! {error}")
    scene.check(list(errors) == [t("Date and time")], t("The mistake stands at the date"), seen)
    scene.check(scene.words.first_version in seen, t("What she typed is still there"), seen)


async def _without(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    photo = anna.person.upload(PICTURE, picture(1), "image/jpeg")
    await anna.sends({t("Date and time"): POST, t("Images"): [photo]})
    card = await anna.sees_card(scene.words.title, scene.words.why)
    seen = card.seen_by(anna.person)
    scene.check(scene.words.first_version in seen, t("The card has her text"), seen)
    scene.check(PICTURE in seen, t("The card has her picture"), seen)
    scene.done["proposals"] += 1


async def _described(scene: Scene) -> None:
    """The form that came after hers; the proposal was in already."""
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t
    await anna.sends({t("What can be seen in picture {n}?", n=1): scene.words.picture})
    card = await anna.sees_card(scene.words.title, scene.words.picture)
    seen = card.seen_by(anna.person)
    scene.check(scene.words.picture in seen, t("Her description is on the card"), seen)


async def _refused(scene: Scene) -> None:
    tom, t = Colleague(scene, scene.world.colleagues.tom), scene.t
    card = await tom.until(lambda: tom.card(scene.words.title), "the card")
    before = card.seen_by(tom.person)

    async def press() -> None:
        await tom.presses(t("Approve"), lambda: card, lambda: True)

    told = await tom.is_told(press)
    seen = told.seen_by(tom.person)
    scene.check(scene.platform("telegram") in seen, t("He reads who does decide"), seen)
    scene.check(card.seen_by(tom.person) == before, t("The card has not changed"), before)


async def _changes(scene: Scene) -> None:
    joris, t = Colleague(scene, scene.world.colleagues.joris), scene.t

    def card() -> Message | None:
        return joris.card(scene.words.title)

    form = await joris.opens_with(t("Request changes"), card)
    if await joris.submits({t("Reason"): scene.words.change}):
        joris.goes_on()  # asked already, in a press that Slack said had failed
    scene.check(joris.person.modal is not form, t("The form is gone"))
    await joris.sees_card(scene.words.title, scene.words.change)
    scene.done["decisions"] += 1


async def _edits(scene: Scene) -> None:
    anna, t = Colleague(scene, scene.world.colleagues.anna), scene.t

    def outcome() -> Message | None:
        return anna.earlier_message(scene.words.title, scene.words.change)

    heard = await anna.until(outcome, "a message with the reason")
    scene.transcript.sees(
        t("{name} hears from the bot:", name=anna.name), heard.seen_by(anna.person)
    )
    scene.check(
        anna.shows(heard, scene.world.colleagues.joris.name), t("She hears who asks, and why")
    )
    form = await anna.opens_with(t("Edit"), outcome)
    seen = form.seen_by(anna.person)
    scene.check(scene.words.first_version in seen, t("The form has what she wrote"), seen)
    if await anna.submits({t("Text"): scene.words.second_version}):
        anna.goes_on()
    await anna.sees_card(
        scene.words.second_version, when=lambda card: anna.can_press(card, t("Approve"))
    )


async def _approved(scene: Scene) -> None:
    people, t = scene.world.colleagues, scene.t
    anna = Colleague(scene, people.anna)
    for owner in (Colleague(scene, people.joris), Colleague(scene, people.meral)):
        await approve(owner, scene.words.second_version)
        await anna.hears(scene.words.title, owner.person.name)
    card = await anna.sees_card(
        scene.words.second_version, when=lambda card: not anna.can_press(card, t("Approve"))
    )
    seen = card.seen_by(anna.person)
    both = people.joris.name in seen and people.meral.name in seen
    scene.check(both, t("The card says who approved it; the buttons are gone"), seen)


async def approve(owner: Colleague, *words: str) -> None:
    """The owner presses Approve on the card with these words.

    Their name stands on the card as often as they decided: once more than before."""
    name = owner.person.name

    def card() -> Message | None:
        return owner.card(*words)

    def named() -> int:
        found = card()
        return found.seen_by(owner.person).count(name) if found else 0

    before = named()
    await owner.presses(owner.t("Approve"), card, lambda: named() > before)
    await owner.until(lambda: named() > before, "their own decision on the card")
    owner.scene.done["decisions"] += 1


CHAPTERS = (
    Chapter(
        N_("A colleague proposes a post"),
        (
            Step(N_("Anna proposes a post, and chooses a day that is over"), _with_a_mistake),
            Step(N_("Anna chooses another day and adds a picture"), _without),
            Step(N_("Anna says what can be seen in it"), _described),
        ),
    ),
    Chapter(
        N_("The owners decide"),
        (
            Step(N_("Tom is not responsible for a platform, and tries to approve"), _refused),
            Step(N_("Joris asks for a change, and says why"), _changes),
            Step(N_("Anna hears of it and edits her post"), _edits),
            Step(N_("Joris and Meral approve it, each for their platform"), _approved),
        ),
    ),
)
