"""Posts: proposing, editing, withdrawing."""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.actions import posts
from bot.actions.posts import Draft
from bot.actions.views import FormChoices, PostView
from bot.rules.people import PlatformPeople, may_edit
from bot.rules.posts import MAX_IMAGES, refusal
from bot.rules.refusals import Refusal
from handlers.slack import forms
from handlers.slack.blocks import Block, context, said, section
from handlers.slack.cards import is_editable, topic_line
from handlers.slack.files import IMAGE_TYPES
from handlers.slack.forms import Filled, Picture
from handlers.slack.incoming import Incoming
from handlers.slack.people import PATIENCE
from handlers.slack.words import escape, first_words, listed, people_in, readable

ON_SLACK = "slack:"
"""Before the id of a picture that is still only on Slack."""


async def propose(incoming: Incoming) -> None:
    """The command, the shortcut or the button on Home."""
    choices = await form_choices(incoming)
    filled = Filled(when=choices.proposed_time, meta={"home": incoming.on_home or None})
    await incoming.open(forms.proposal(incoming.t, choices, filled))
    await incoming.ack()


async def propose_from_message(incoming: Incoming) -> None:
    """The message shortcut: its words and pictures, and where it stands."""
    message, channel = incoming.body["message"], incoming.body["channel"]["id"]
    text = message.get("text", "")
    choices, names, source = await asyncio.gather(
        form_choices(incoming),
        incoming.workspace.people.names(people_in(text)),
        _permalink(incoming, channel, message["ts"]),
    )
    filled = Filled(
        when=choices.proposed_time,
        text=readable(text, lambda slack_id: names.get(slack_id, slack_id)),
        pictures=_pictures_of_message(message),
        meta={"source": source},
    )
    await incoming.open(forms.proposal(incoming.t, choices, filled))
    await incoming.ack()


async def edit(incoming: Incoming) -> None:
    post_id, _ = numbers(incoming.value)
    post, choices = await asyncio.gather(posts.show(incoming.desk, post_id), form_choices(incoming))
    _check_may_edit(incoming.by.id, post)
    filled = forms.from_post(post, on_home=incoming.on_home)
    await incoming.open(forms.proposal(incoming.t, choices, filled))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    """The proposal's form: a new post, a new revision, or a post from a story."""
    assert incoming.view is not None
    meta, draft = incoming.meta, await _draft(incoming)
    if "post" in meta:
        post = await posts.edit(
            incoming.desk, incoming.by.id, meta["post"], meta["revision"], draft
        )
        await incoming.ack()
        if blocks := _about_topics(incoming, post):
            await incoming.tell(incoming.t("Your post touches a sensitive topic."), blocks)
        return
    # The same window submitted twice is the same proposal.
    post = await posts.propose(incoming.desk, incoming.by.id, incoming.view["id"], draft)
    await incoming.ack()
    thanks = _thanks(incoming, post)
    blocks = [section(thanks), *_about_topics(incoming, post)]
    incoming.workspace.go_on(incoming.tell(thanks, blocks))  # the form closes at once


async def withdraw(incoming: Incoming) -> None:
    post_id, _ = numbers(incoming.value)
    await posts.withdraw(incoming.desk, incoming.by.id, post_id)
    await incoming.ack()


async def form_choices(incoming: Incoming) -> FormChoices:
    """Raises Refusal while nobody has said where the organisation posts."""
    choices = await posts.choices(incoming.desk)
    if not choices.platforms:
        raise Refusal(
            "There is no platform to post on yet. Ask an administrator to add one in the settings."
        )
    return choices


def numbers(value: str) -> tuple[int, int]:
    """A button's value: the post, and the revision that the card showed."""
    post_id, _, revision = value.partition(":")
    return int(post_id), int(revision)


def _check_may_edit(by: str, post: PostView) -> None:
    """Raises Refusal before anybody types; it is checked again when the form comes in."""
    if not is_editable(post):
        raise refusal(post.status)
    people = [PlatformPeople(p.platform_key, p.platform, p.owners) for p in post.placements]
    may_edit(by, post.proposer, people)


def _thanks(incoming: Incoming, post: PostView) -> str:
    t = incoming.t
    platforms = listed((placement.platform for placement in post.placements), t)
    return t(
        "Thank you! Your proposal for {platforms} is with the people who decide: “{words}”. "
        "You hear from me as soon as they have.",
        platforms=platforms,
        words=escape(first_words(post.text)),
    )


def _about_topics(incoming: Incoming, post: PostView) -> list[Block]:
    """What this revision brought up, and the words that are prepared for it."""
    blocks: list[Block] = []
    for topic in (each for each in post.topics if each.since == post.revision):
        blocks.append(section(topic_line(topic, incoming.t)))
        if topic.statement:
            words = incoming.t("These words are prepared for it. Press Edit if they help you:")
            blocks += [context(words), *said(topic.statement)]
    return blocks


async def _draft(incoming: Incoming) -> Draft:
    answers, meta = incoming.answers, incoming.meta
    kept = answers.choices("kept")
    fetched = await incoming.workspace.files.fetch(
        [*(v.removeprefix(ON_SLACK) for v in kept if _is_on_slack(v)), *answers.files("images")]
    )
    return Draft(
        text=forms.join_text(answers.text("text"), meta.get("joint", ""), answers.text("rest")),
        platform_keys=answers.choices("platforms"),
        pillar_key=answers.choice("pillar"),
        target_group_key=answers.choice("target_group"),
        planned_at=answers.moment("when"),
        why=answers.text("why"),
        images=(*(v for v in kept if not _is_on_slack(v)), *fetched),
        source_link=meta.get("source"),
        story_id=meta.get("story"),
    )


def _is_on_slack(value: str) -> bool:
    return value.startswith(ON_SLACK)


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
