"""The proposal's form before a person: how it opens, and how it follows what they choose."""

from dataclasses import replace

from bot.actions import effect, posts
from bot.actions.posts import Proposal
from bot.actions.views import FormChoices
from bot.rules.refusals import Refusal
from handlers.slack import proposal_form
from handlers.slack.blocks import Block
from handlers.slack.effect import effect_blocks
from handlers.slack.files import Files
from handlers.slack.incoming import Incoming
from handlers.slack.modals import show_anew
from handlers.slack.picture_fields import ON_SLACK
from handlers.slack.proposal_form import Filled


async def form_choices(incoming: Incoming) -> FormChoices:
    """Raises Refusal while nobody has said where the organisation posts."""
    choices = await posts.choices(incoming.desk)
    if not choices.platforms:
        raise Refusal(
            "There is no platform to post on yet. Ask an administrator to add one in the settings."
        )
    return choices


async def form(incoming: Incoming, choices: FormChoices, filled: Filled) -> Block:
    """The modal, with what the post as it stands would do to the strategy."""
    found = await effect.show(incoming.desk, filled.proposal, filled.meta.get("post"))
    notes = effect_blocks(found, incoming.t, incoming.desk.zone)
    return proposal_form.proposal(incoming.t, choices, filled, notes)


async def changed(incoming: Incoming) -> None:
    """Something else was chosen, or the text is to be looked at: the form is shown anew."""
    choices, filled = await _standing(incoming)
    await show_anew(incoming, await form(incoming, choices, filled))
    await incoming.ack()


async def give_own_texts(incoming: Incoming) -> None:
    choices, filled = await _standing(incoming)
    await show_anew(incoming, await form(incoming, choices, replace(filled, own_texts=True)))
    await incoming.ack()


async def fetched(files: Files, proposal: Proposal) -> Proposal:
    """The same, with those of its pictures here that were still on Slack only.

    Raises InvalidForm for images.
    """
    wanted = [value for value in proposal.images if value.startswith(ON_SLACK)]
    here = await files.fetch([value.removeprefix(ON_SLACK) for value in wanted])
    found = dict(zip(wanted, here, strict=True))
    return replace(
        proposal,
        images=tuple(found.get(value, value) for value in proposal.images),
        alts={found.get(value, value): alt for value, alt in proposal.alts.items()},
    )


async def _standing(incoming: Incoming) -> tuple[FormChoices, Filled]:
    assert incoming.view is not None
    choices = await form_choices(incoming)
    meta = {**incoming.meta, "shown_anew": True}  # what stands there beforehand is what was typed
    return choices, proposal_form.standing(incoming.view, meta, choices)
