"""What followers can ask about themselves: what is kept, to have it, to be forgotten."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.actions import posts, publishing, stories
from bot.actions.decisions import decide
from bot.actions.transaction import Desk
from bot.rules.polls import PollPlace
from bot.rules.posts import PostAction
from bot.sandbox.telegram import Message, Person
from bot.sandbox.telegram.samples import picture
from storage.models import (
    FORGOTTEN,
    Consent,
    Media,
    ParkedUpdate,
    PollOption,
    Story,
    Vote,
)
from tests.actions.audience import DECIDER, open_poll
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.telegram_kit import House, open_house

NUMBER = 481516234
WORDS = "Zanzibar cats read quietly"
ANSWER = "It was called Wuthering Heights"
WISH = "Please spell my cat as Mitzi"
PICTURE = picture(77)
TRACES = (str(NUMBER), "Ludmilla", "Quattrocchi", "Zanzibar", "Wuthering", "Mitzi")


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    async with open_house(desk) as house:
        house.fatima = house.telegram.add_person(
            NUMBER, "Ludmilla", last_name="Quattrocchi", language="en"
        )
        yield house


async def asked(person: Person) -> Message:
    person.send("/forgetme")
    question = await person.hears("Shall I erase everything")
    assert question.buttons() == ["Yes, erase everything", "No, keep it"]
    return question


async def erased(person: Person) -> Message:
    """They send /forgetme and press yes; the goodbye stands where the question was."""
    question = await asked(person)
    assert "is erased" in (await person.press(question, "Yes, erase everything") or "")
    return await person.hears("It is done")


async def make_post(house: House, story: Story, words: str, clock: StandingClock) -> int:
    """Proposed, approved, changed as the follower wished, and out; the post's id."""
    person, desk = house.fatima, house.desk
    media = await house.until(lambda s: s.exec(select(Media)).first())
    assert media is not None
    sha256 = media.sha256
    draft = posts.Proposal(
        text=words,
        platform_keys=("telegram",),
        pillar_key="story",
        target_group_key=None,
        planned_at=clock() + timedelta(days=1),
        images=(sha256,),
        alts={sha256: f"A picture of {words}"},
        story_id=story.id,
    )
    post = await posts.propose(desk, OWNER, "form", draft)
    await decide(desk, DECIDER, post.id, 1, PostAction.APPROVE)
    await person.press(await person.hears("Is it all right?"), "Please change")
    await person.hears("What shall we change?")
    person.send(WISH)
    await person.hears("Our team changes it")
    await posts.edit(desk, OWNER, post.id, 1, replace(draft, text=f"{words} with Mitzi"))
    await decide(desk, DECIDER, post.id, 2, PostAction.APPROVE)
    await person.press(await person.hears("Is it all right?"), "Yes, publish")
    await person.hears("We will place your story")
    clock.move(timedelta(days=1, minutes=1))
    await publishing.publish_due(desk)
    house.outbox.wake()
    await person.hears("is published")
    return post.id


async def live(house: House, clock: StandingClock) -> int:
    """She subscribes, votes, and sends in a story that is published; a second one is begun, and
    something of hers could not be handled. The poll's id."""
    person, desk = house.fatima, house.desk
    person.send("/start")
    await person.press(await person.hears("Hello"), "Keep me posted")
    await person.hears("I will tell you")
    poll = await open_poll(desk, PollPlace.PRIVATE)
    house.outbox.wake()
    await person.press(await person.hears("What do you read"), "Poetry")
    await house.until(lambda s: s.exec(select(Vote)).first())
    person.send("/story")
    await person.hears("tell us your story")
    person.send_photo(PICTURE, caption=WORDS)
    await person.hears("1 part")
    story = await sent_in(house)
    await stories.ask(desk, OWNER, story.id or 0, f"Which book, {person.name}?")
    await person.hears("has a question")
    person.send(ANSWER)
    await person.hears("reads your answer")
    await make_post(house, story, f"{person.name}: {WORDS}", clock)
    person.send("/story")
    await person.hears("tell us your story")
    person.send(f"A draft: {WORDS}")
    await person.hears("1 part")
    house.telegram.enqueue_raw(
        [{"update_id": 2**30, "message": {"from": {"id": NUMBER}, "text": WORDS}}]
    )
    await house.until(lambda s: s.exec(select(ParkedUpdate)).first())
    return poll.id


async def sent_in(house: House) -> Story:
    """What is told so far is sent in under her full name."""
    person = house.fatima
    await person.press(person.last, "Done")
    await person.press(await person.hears("how shall we name you"), "Full name")
    await person.press(await person.hears("16 or older"), "I am 16 or older")
    await person.press(await person.hears("may edit my story"), "I agree")
    await person.press(await person.hears("Shall I send it"), "Submit")
    await person.hears("is with our team")
    return await house.read(lambda s: s.exec(select(Story)).one())


def traces_in_tables(session: Session) -> list[str]:
    """Every cell of every table that has something of her."""
    found = []
    tables = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    for (table,) in tables.all():
        for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            for column, value in row.items():
                if any(trace in str(value) for trace in TRACES):
                    found.append(f"{table}.{column}: {value}")
    return found


def traces_in_files(folder: Path) -> list[str]:
    """Every file that has something of her, the database's own too."""
    contents = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    traces = (*(trace.encode() for trace in TRACES), PICTURE)
    return [
        f"{path.name}: {trace[:20]!r}"
        for path, content in contents.items()
        for trace in traces
        if trace in content
    ]


async def test_after_forgetme_nothing_of_her_is_anywhere(
    house: House, clock: StandingClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.INFO)
    poll_id = await live(house, clock)
    assert traces_in_files(tmp_path)
    assert await house.read(traces_in_tables)
    await erased(house.fatima)
    assert await house.read(traces_in_tables) == []
    await house.desk.database.fold()
    assert traces_in_files(tmp_path) == []
    ours = [r.getMessage() for r in caplog.records if r.name.split(".")[0] in OURS]
    assert [line for line in ours if any(trace in line for trace in TRACES)] == []
    tally = await house.read(
        lambda s: s.exec(
            select(PollOption.private_votes, PollOption.anonymous_votes)
            .where(PollOption.poll_id == poll_id)
            .order_by(col(PollOption.position))
        ).all()
    )
    assert [tuple(each) for each in tally] == [(0, 0), (0, 0), (1, 1)]
    kept = await house.read(lambda s: list(s.exec(select(Consent))))
    assert len(kept) == 2  # to publish, and to that version
    assert all((c.follower_id, c.text) == (FORGOTTEN, "") for c in kept)
    assert all(c.version and c.withdrawn_at and c.agreed_at for c in kept)


OURS = ("bot", "handlers", "storage", "telegram", "aiohttp", "sqlalchemy")


async def test_who_decides_there_hears_what_must_come_down(
    house: House, clock: StandingClock
) -> None:
    await live(house, clock)
    await erased(house.fatima)
    tasks = await house.notices("story.take_down")
    assert {task.recipient for task in tasks} == {OWNER}
