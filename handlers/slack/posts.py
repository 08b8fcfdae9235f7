"""Posts: proposing, editing, withdrawing."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.actions import drafts as kept_drafts
from bot.actions import posts, reopening, replanning
from bot.actions.views import FileOnSlack, PostView
from bot.rules.people import may_edit
from bot.rules.posts import MAX_IMAGES, PlacementStatus, refusal
from bot.rules.refusals import InvalidForm
from bot.texts import N_, Texts
from handlers.slack import drafts
from handlers.slack.blocks import Block, context, said, section
from handlers.slack.cards import topic_line
from handlers.slack.files import IMAGE_TYPES
from handlers.slack.incoming import Incoming, TooLate
from handlers.slack.people import PATIENCE
from handlers.slack.picture_fields import ON_SLACK, Picture, alts_in, describing
from handlers.slack.post_buttons import is_editable, responsible_for
from handlers.slack.proposal_form import Filled, blank, from_draft, from_post, read_proposal
from handlers.slack.proposing import fetched, form, form_choices
from handlers.slack.words import escape, first_words, listed, moment, people_in, readable

KEPT_MESSAGE = N_(
    "This took me too long, and Slack did not open the form any more. I kept the message for you, "
    "as a draft:"
)


async def propose(incoming: Incoming) -> None:
    """The command, the shortcut or the button on Home. What stands after the command's word is
    the beginning of the text."""
    _, _, after = (incoming.body.get("text") or "").strip().partition(" ")
    choices, words = await asyncio.gather(form_choices(incoming), _readable(incoming, after))
    filled = Filled(blank(choices.proposed_time, words), meta={"home": incoming.on_home or None})
    await incoming.open(await form(incoming, choices, filled))
    await incoming.ack()


async def propose_from_message(incoming: Incoming) -> None:
    """The message shortcut: its words and pictures, and where it stands."""
    message, channel = incoming.body["message"], incoming.body["channel"]["id"]
    choices, words, source = await asyncio.gather(
        form_choices(incoming),
        _readable(incoming, message.get("text", "")),
        _permalink(incoming, channel, message["ts"]),
    )
    filled = Filled(
        blank(choices.proposed_time, words),
        _pictures_of_message(message),
        meta={"source": source},
    )
    try:
        await incoming.open(await form(incoming, choices, filled))
    except TooLate:
        await _keep_message(incoming, filled)
    else:
        await incoming.ack()


async def continue_draft(incoming: Incoming) -> None:
    """The form, as it was left."""
    draft, choices = await asyncio.gather(
        kept_drafts.show(incoming.desk, incoming.by.id, int(incoming.value)),
        form_choices(incoming),
    )
    filled = from_draft(draft, on_home=incoming.on_home)
    planned_at = draft.proposal.planned_at
    if planned_at and planned_at <= incoming.desk.clock():  # it waited longer than that
        later = replace(filled.proposal, planned_at=choices.proposed_time)
        filled = replace(filled, proposal=later)
    await incoming.open(await form(incoming, choices, filled))
    await incoming.ack()


async def edit(incoming: Incoming) -> None:
    post_id, _ = numbers(incoming.value)
    post, choices = await asyncio.gather(posts.show(incoming.desk, post_id), form_choices(incoming))
    _check_may_edit(incoming.by.id, post)
    filled = from_post(post, on_home=incoming.on_home)
    await incoming.open(await form(incoming, choices, filled))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    """The proposal's form: a new post, a new revision, or a post from a story."""
    assert incoming.view is not None
    meta, answers = incoming.meta, incoming.answers
    filled_in = read_proposal(answers, meta, await posts.choices(incoming.desk))
    proposal = await fetched(incoming.workspace.files, filled_in)
    asked = alts_in(answers)
    pairs = zip(filled_in.images, proposal.images, strict=True)
    unasked = [image for value, image in pairs if value not in asked]
    if meta.get("reopen"):
        post = await reopening.reopen(
            incoming.desk, incoming.by.id, meta["post"], meta["revision"], proposal
        )
        await _close(incoming, post, unasked, incoming.t("Thank you: your proposal is in."))
        _thank(incoming, post)
        return
    if "post" in meta:
        post = await posts.edit(
            incoming.desk, incoming.by.id, meta["post"], meta["revision"], proposal
        )
        await _close(incoming, post, unasked, incoming.t("Your post is saved."))
        _say_saved(incoming, post, is_new=post.revision > meta["revision"])
        return
    # The same window submitted twice is the same proposal; so are two that continue one draft.
    post = await posts.propose(
        incoming.desk, incoming.by.id, incoming.view["id"], proposal, drafts.continued(meta)
    )
    await _close(incoming, post, unasked, incoming.t("Thank you: your proposal is in."))
    _thank(incoming, post)


async def reopen(incoming: Incoming) -> None:
    """The form, filled in as it was; a time that is over makes room for the next free one."""
    post_id, _ = numbers(incoming.value)
    post, choices = await asyncio.gather(
        reopening.to_reopen(incoming.desk, incoming.by.id, post_id), form_choices(incoming)
    )
    filled = from_post(post, on_home=incoming.on_home)
    is_to_come = post.planned_at is None or post.planned_at > incoming.desk.clock()
    withdrawn = [p for p in post.placements if p.status is PlacementStatus.WITHDRAWN]
    proposal = replace(
        filled.proposal,
        planned_at=post.planned_at if is_to_come else choices.proposed_time,
        platform_keys=tuple(placement.platform_key for placement in withdrawn),
        texts={p.platform_key: p.text for p in withdrawn if p.text != post.text},
    )
    filled = replace(
        filled,
        proposal=proposal,
        own_texts=bool(proposal.texts),
        meta={**filled.meta, "reopen": True},
    )
    await incoming.open(await form(incoming, choices, filled))
    await incoming.ack()


async def replan(incoming: Incoming) -> None:
    """One of the times that were offered when its own was over."""
    post_id, revision, stamp = (int(part) for part in incoming.value.split(":"))
    planned_at = datetime.fromtimestamp(stamp, UTC)
    try:
        post = await replanning.replan(incoming.desk, incoming.by.id, post_id, revision, planned_at)
    except InvalidForm as invalid:  # the platform changed meanwhile; there is no form to show it
        raise next(iter(invalid.errors.values())) from invalid
    await incoming.ack()
    when = moment(planned_at, incoming.t, incoming.desk.zone)
    await incoming.tell(
        incoming.t(
            "🗓️ Your post for {platforms} is planned for {when} now. Who decides is asked again; "
            "you hear from me as soon as they have.",
            platforms=_asked(post, incoming.t),
            when=when,
        )
    )


async def describe(incoming: Incoming) -> None:
    """What can be seen in the pictures that came with the form before."""
    meta, alts = incoming.meta, alts_in(incoming.answers)
    await posts.describe(incoming.desk, incoming.by.id, meta["post"], meta["revision"], alts)
    await incoming.ack()


async def withdraw(incoming: Incoming) -> None:
    post_id, _ = numbers(incoming.value)
    await posts.withdraw(incoming.desk, incoming.by.id, post_id)
    await incoming.ack()


def numbers(value: str) -> tuple[int, int]:
    """A button's value: the post, and the revision that the card showed."""
    post_id, _, revision = value.partition(":")
    return int(post_id), int(revision)


def _check_may_edit(by: str, post: PostView) -> None:
    """Raises Refusal before anybody types; it is checked again when the form comes in."""
    if not is_editable(post):
        raise refusal(post.status)
    may_edit(by, post.proposer, responsible_for(post))


def _thank(incoming: Incoming, post: PostView) -> None:
    """The form closes at once; what is said besides comes after it."""
    thanks = _thanks(incoming, post)
    words = said(f"“{first_words(post.text)}”")
    blocks = [section(thanks), *words, *_about_topics(incoming, post)]
    incoming.workspace.go_on(incoming.tell(thanks, blocks))


def _say_saved(incoming: Incoming, post: PostView, *, is_new: bool) -> None:
    """After an edit; is_new: whether it made another version."""
    t, words = incoming.t, escape(first_words(post.text))
    if not is_new:
        same = t("You changed nothing, so “{words}” stays as it is.", words=words)
        incoming.workspace.go_on(incoming.tell(same))
        return
    saved = t(
        "Your change is saved: “{words}”. Who decides is asked to read it again.", words=words
    )
    blocks = [section(saved), *_about_topics(incoming, post)]
    incoming.workspace.go_on(incoming.tell(saved, blocks))


def _thanks(incoming: Incoming, post: PostView) -> str:
    t = incoming.t
    thanks = t(
        "Thank you! Your proposal for {platforms} is with the people who decide. "
        "You hear from me as soon as they have.",
        platforms=_asked(post, t),
    )
    undated = t("It has no date yet: whoever approves it chooses one.")
    return thanks if post.planned_at else f"{thanks} {undated}"


def _asked(post: PostView, t: Texts) -> str:
    """The platforms for which it waits; what was rejected before is not asked once more."""
    asked = [p.platform for p in post.placements if p.status is PlacementStatus.PROPOSED]
    return listed(asked or [p.platform for p in post.placements], t)


def _about_topics(incoming: Incoming, post: PostView) -> list[Block]:
    """What this revision brought up, and the words that are prepared for it."""
    blocks: list[Block] = []
    for topic in (each for each in post.topics if each.since == post.revision):
        blocks.append(section(topic_line(topic, incoming.t)))
        if topic.statement:
            words = incoming.t("These words are prepared for it. Press Edit if they help you:")
            blocks += [context(words), *said(topic.statement)]
    return blocks


async def _close(incoming: Incoming, post: PostView, unasked: Collection[str], words: str) -> None:
    """The form; where it brought pictures that nobody was asked about, a small one follows.

    unasked: sha256 of these. words: what was done.
    """
    missing = [image for image in post.images if image.sha256 in unasked and not image.alt]
    if missing:
        view = describing(incoming.t, post, missing, words)
        await incoming.ack(response_action="update", view=view)
    else:
        await incoming.ack()


async def _keep_message(incoming: Incoming, filled: Filled) -> None:
    """The form could not be opened: what it would have shown waits as a draft. The shortcut's
    trigger is its natural key."""
    pictures = (FileOnSlack(p.value.removeprefix(ON_SLACK), p.name) for p in filled.pictures)
    proposal = replace(filled.proposal, source_link=filled.meta["source"])
    trigger = incoming.body["trigger_id"]
    draft = await kept_drafts.save(
        incoming.desk, incoming.by.id, trigger, proposal, tuple(pictures)
    )
    await incoming.ack()
    incoming.workspace.go_on(drafts.tell_kept(incoming, incoming.t(KEPT_MESSAGE), draft))


async def _readable(incoming: Incoming, text: str) -> str:
    """What was written on Slack, as it can be read elsewhere."""
    names = await incoming.workspace.people.names(people_in(text))
    return readable(text.strip(), lambda slack_id: names.get(slack_id, slack_id))


def _pictures_of_message(message: dict[str, Any]) -> tuple[Picture, ...]:
    found = [
        Picture(ON_SLACK + file["id"], file.get("name") or file["id"], None)
        for file in message.get("files", ())
        if file.get("filetype") in IMAGE_TYPES
    ]
    return tuple(found[:MAX_IMAGES])


async def _permalink(incoming: Incoming, channel: str, ts: str) -> str | None:
    """None where the bot may not look: the proposal goes on without it."""
    client = incoming.workspace.client
    try:
        async with asyncio.timeout(PATIENCE):  # the form's trigger lives for three seconds
            answer = await client.chat_getPermalink(channel=channel, message_ts=ts)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return None
    return str(answer["permalink"])
