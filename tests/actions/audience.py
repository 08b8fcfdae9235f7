"""What the tests of followers, polls and stories share: who takes part, and a look at the rows."""

import base64
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TypeVar

from sqlmodel import SQLModel, col, select

from bot.actions import decisions, media, polls, posts, stories
from bot.actions.followers import Sender
from bot.actions.transaction import Desk
from bot.actions.views import PollView, PostView, StoryView
from bot.rules.polls import PollPlace
from bot.rules.posts import PostAction
from bot.rules.stories import NamedAs, Purpose, StoryStep
from storage.models import AuditEntry, Notice
from tests.factories import OWNER, PROPOSER

FATIMA = Sender(1001, "Fatima", "El Amrani", "nl")
JAN = Sender(1002, "Jan", None, "en")

M = TypeVar("M", bound=SQLModel)

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)

_update_ids = count(1)


def update(desk: Desk) -> Desk:
    """The desk, for the next update of Telegram's."""
    return replace(desk, update_id=next(_update_ids))


async def rows(desk: Desk, model: type[M]) -> list[M]:
    return await desk.database.read(lambda session: list(session.exec(select(model))))


async def notices(desk: Desk, kind: str | None = None, to: str | int | None = None) -> list[Notice]:
    """Oldest first; of one kind, and to one recipient, where given."""
    statement = select(Notice).order_by(col(Notice.id))
    if kind is not None:
        statement = statement.where(Notice.kind == kind)
    if to is not None:
        statement = statement.where(Notice.recipient == str(to))
    return await desk.database.read(lambda session: list(session.exec(statement)))


async def kinds(desk: Desk, to: str | int) -> list[str]:
    return [notice.kind for notice in await notices(desk, to=to)]


async def audited(desk: Desk, entity: str) -> list[tuple[str, str]]:
    entries = await rows(desk, AuditEntry)
    return [(entry.actor, entry.action) for entry in entries if entry.entity == entity]


async def propose_poll(
    desk: Desk, place: PollPlace = PollPlace.BOTH, request_key: str = "form-1"
) -> PollView:
    return await polls.propose(
        desk,
        PROPOSER,
        request_key,
        "What do you read in winter?",
        ("Fantasy", "Thrillers", "Poetry"),
        place,
        desk.clock() + timedelta(days=2),
    )


async def open_poll(desk: Desk, place: PollPlace = PollPlace.BOTH) -> PollView:
    poll = await propose_poll(desk, place)
    return await polls.decide(desk, OWNER, poll.id, approve=True)


async def tell(desk: Desk, who: Sender = FATIMA, text: str = "I read by the fire.") -> StoryView:
    """A story with a text and a photo, told up to its preview."""
    await stories.begin(update(desk), who)
    draft = await stories.draft_of(desk, who.id)
    assert draft is not None
    await stories.add_part(update(desk), who, 501, "text", text)
    await stories.add_part(update(desk), who, 502, "photo", file_id="file-1")
    await stories.step(update(desk), who, draft.id, StoryStep.DONE)
    await stories.step(update(desk), who, draft.id, StoryStep.DESCRIBED)
    await stories.step(update(desk), who, draft.id, StoryStep.NAME, NamedAs.FIRST)
    await stories.step(update(desk), who, draft.id, StoryStep.OLD_ENOUGH)
    for purpose in Purpose:
        await stories.step(update(desk), who, draft.id, StoryStep.AGREE, purpose=purpose)
    return await stories.show(desk, draft.id)


async def submit(desk: Desk, who: Sender = FATIMA) -> StoryView:
    draft = await tell(desk, who)
    await stories.step(update(desk), who, draft.id, StoryStep.SUBMIT)
    return await stories.show(desk, draft.id)


async def accept(desk: Desk, story: StoryView, by: str = OWNER) -> PostView:
    """A proposal for Telegram is made of the story."""
    picture = await media.keep(desk, PIXEL, "image/png", "fire.png")
    draft = posts.Proposal(
        text="Fatima reads by the fire.",
        platform_keys=("telegram",),
        pillar_key=None,
        target_group_key=None,
        planned_at=desk.clock() + timedelta(days=1),
        why="",
        images=(picture.sha256,),
        story_id=story.id,
    )
    return await posts.propose(desk, by, f"story-{story.id}-{next(_update_ids)}", draft)


async def await_follower(desk: Desk, story: StoryView) -> PostView:
    """Accepted by one owner, approved by the other: the follower's yes is what is missing."""
    post = await accept(desk, story)
    return await decisions.decide(desk, DECIDER, post.id, 1, PostAction.APPROVE)


DECIDER = "U02OWNER"  # the deputy: U01OWNER proposed it, and decides not about that
