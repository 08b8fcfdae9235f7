"""What followers can ask about themselves: what is kept, to have it, to be forgotten."""

import asyncio
import io
import json
import logging
import shutil
import zipfile
import zlib
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.actions import forgetting, growth, my_data, posts, publishing, stories, takedowns
from bot.actions.decisions import decide
from bot.actions.transaction import Desk
from bot.rules.abuse import Hour
from bot.rules.polls import PollPlace
from bot.rules.posts import PostAction
from bot.rules.retention import Retention
from bot.sandbox.telegram import Message, Person
from bot.sandbox.telegram.samples import picture
from handlers.telegram.file_checks import NotWhatItSays, check_content
from storage.database import Database
from storage.models import (
    FORGOTTEN,
    AudienceCount,
    AuditEntry,
    Consent,
    Erasure,
    Follower,
    Media,
    Notice,
    ParkedUpdate,
    PollOption,
    Story,
    StoryPart,
    Takedown,
    Vote,
)
from storage.models import Retention as KeptDays
from tests.actions.audience import DECIDER, open_poll
from tests.conftest import StandingClock
from tests.factories import OWNER
from tests.handlers.telegram_kit import House, open_house
from tests.handlers.test_telegram_stories import submitted

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
    await person.hears("what can be seen in it")
    person.send(f"To be seen: {WORDS}")
    after = await person.hears(lambda m: "Photo 2" in m.seen() or "how shall we" in m.seen())
    if "Photo 2" in after.seen():
        await person.press(after, "Skip")
    await person.press(await person.hears("how shall we name you"), "Full name")
    await person.press(await person.hears("16 or older"), "I am 16 or older")
    await person.press(await person.hears("may edit my story"), "I agree")
    await person.press(await person.hears("Everybody who can be recognised"), "I agree")
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
    assert len(kept) == 3  # to publish, of the people in it, and to that version
    assert all((c.follower_id, c.text) == (FORGOTTEN, "") for c in kept)
    assert all(c.version and c.withdrawn_at and c.agreed_at for c in kept)


OURS = ("bot", "handlers", "storage", "telegram", "aiohttp", "sqlalchemy")


async def test_what_is_out_is_taken_away(house: House, clock: StandingClock) -> None:
    await live(house, clock)
    assert house.channel.messages
    await erased(house.fatima)
    gone = select(Takedown).where(col(Takedown.done_at).is_not(None))
    await house.until(lambda s: s.exec(gone).first())
    assert house.channel.messages == []


async def test_who_decides_there_hears_what_the_bot_cannot_take_away(
    house: House, clock: StandingClock
) -> None:
    await live(house, clock)
    house.telegram.faults.add(
        "deleteMessage", status=400, description="Bad Request: message can't be deleted"
    )
    await erased(house.fatima)
    await house.until(lambda s: s.exec(select(Notice).where(Notice.kind == "takedown.card")).all())
    tasks = await house.notices("takedown.card")
    assert {task.recipient for task in tasks} == {OWNER}
    task = await takedowns.show(house.desk, tasks[0].payload["takedown_id"])
    assert WORDS not in task.text
    assert not task.follower_hears
    await takedowns.done(house.desk, OWNER, task.id)
    assert await house.count(Follower) == 1  # nobody, whose the story is now


async def test_a_second_tap_is_told_that_it_is_done_and_keeps_nobody(house: House) -> None:
    house.fatima.send("/start")
    question = await asked(house.fatima)
    first = house.fatima.tap(question, "Yes, erase everything")
    assert "is erased" in (await house.fatima.press(question, "Yes, erase everything") or "")
    house.telegram.redeliver(first)
    await house.fatima.hears("It is done")
    assert await house.count(Follower) == 0
    assert await house.count(Erasure) == 1


async def test_no_keeps_everything(house: House) -> None:
    house.fatima.send("/start")
    question = await asked(house.fatima)
    await house.fatima.press(question, "No, keep it")
    await house.fatima.hears("everything stays as it is")
    assert "old one" in (await house.fatima.press(question, "Yes, erase everything") or "")
    assert await house.count(Follower) == 1


async def test_who_comes_back_is_somebody_new_and_stays(house: House) -> None:
    house.fatima.send("/start")
    question = await asked(house.fatima)
    late = house.fatima.tap(question, "Yes, erase everything")
    await house.fatima.hears("It is done")
    house.fatima.send("/start")
    await house.fatima.hears("Hello")
    house.telegram.redeliver(late)  # its answer was lost on the way
    house.fatima.send("/help")
    await house.fatima.hears("This is what you can do")
    assert await forgetting.apply_earlier(house.desk) == 0
    assert not (await house.follower(house.fatima)).subscribed
    await erased(house.fatima)  # and a second time
    assert await house.count(Follower) == 0


async def test_a_backup_brings_nobody_back(
    house: House, clock: StandingClock, tmp_path: Path
) -> None:
    await live(house, clock)
    await house.desk.database.fold()
    backup = tmp_path / "yesterday.db"
    shutil.copy(tmp_path / "test.db", backup)
    clock.move(timedelta(hours=1))
    await erased(house.fatima)
    restored = Database(f"sqlite:///{backup}")
    try:
        desk = replace(house.desk, database=restored)
        assert await restored.read(traces_in_tables)
        assert await forgetting.apply_earlier(desk) == 1
        assert await restored.read(traces_in_tables) == []
        assert await forgetting.apply_earlier(desk) == 0
    finally:
        restored.close()


async def test_killed_between_the_line_and_the_erasing_the_start_makes_up_for_it(
    house: House,
) -> None:
    house.fatima.send("/start")
    await house.fatima.hears("Hello")
    house.jan.send("/start")
    await house.jan.hears("Hallo")
    await asyncio.to_thread(house.desk.forgotten.add, NUMBER, house.desk.clock())
    assert await forgetting.apply_earlier(house.desk) == 1
    assert [row.id for row in await house.rows(Follower)] == [house.jan.id]  # type: ignore[attr-defined]


async def test_what_is_on_its_way_to_them_does_not_come_back(house: House) -> None:
    """The notice is gone while its sender still holds it."""
    house.fatima.send("/start")
    await house.fatima.press(await house.fatima.hears("Hello"), "Keep me posted")
    await house.fatima.hears("I will tell you")
    question = await asked(house.fatima)
    house.telegram.faults.add("sendMessage", delay=0.3)
    await open_poll(house.desk, PollPlace.PRIVATE)
    house.outbox.wake()
    await house.fatima.press(question, "Yes, erase everything")
    await house.fatima.hears("It is done")
    house.jan.send("/help")
    await house.jan.hears("/peilingen")
    assert await house.read(traces_in_tables) == []


async def test_mydata_is_everything_with_the_files(house: House, clock: StandingClock) -> None:
    await live(house, clock)
    house.fatima.send("/mydata")
    message = await house.fatima.hears("everything that we have of you. Open the file")
    assert message.media is not None
    with zipfile.ZipFile(io.BytesIO(message.media.content)) as archive:
        written: dict[str, Any] = json.loads(archive.read("my-data.json"))
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
        assert [archive.read(name) for name in pictures] == [PICTURE]
    assert all(part["what_this_is"] for name, part in written.items() if name != "made_at")
    assert written["person"]["is"]["first_name"] == "Ludmilla"
    assert written["stories"]["is"][0]["parts"][0]["file"] == pictures[0]
    assert written["votes"]["is"][0]["answer"] == "Poetry"
    assert written["answers"]["is"][0]["text"] == ANSWER
    assert WISH in json.dumps(written["posts"])
    assert len(written["consents"]["is"]) == 3
    assert written["not_understood"]["is"]
    house.fatima.send("/mydata")
    await house.fatima.hears("From Tuesday 3 March")
    clock.move(timedelta(hours=1))
    house.fatima.send("/mijngegevens")
    await house.fatima.hears("I put together")


async def test_much_data_comes_in_several_files(
    house: House, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_data, "LARGEST_PARCEL", len(PICTURE))
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    for number in range(3):
        house.fatima.send_photo(picture(number))
        await house.fatima.hears(f"{number + 1} part")
    await sent_in(house)
    await house.until(lambda s: len(s.exec(select(Media)).all()) == 3)
    await house.until(
        lambda s: not s.exec(select(StoryPart).where(col(StoryPart.media_sha256).is_(None))).all()
    )
    house.fatima.send("/mydata")
    await house.fatima.hears("Part 3 of 3")
    names = [m.media.name for m in house.fatima.chat if m.media and m.media.kind == "document"]
    assert sorted(names) == ["my-data-1.zip", "my-data-2.zip", "my-data-3.zip"]


async def test_privacy_says_how_long_as_the_settings_do(house: House) -> None:
    def shorter(session: Session) -> None:
        session.add(KeptDays(**{**asdict(Retention()), "declined": 33}))

    await house.desk.database.write(shorter)
    house.fatima.send("/privacy")
    text_ = (await house.fatima.hears("How long we keep it")).text
    assert "A story that we do not place: 33 days" in text_
    assert "Bibliotheek De Leestafel" in text_
    assert "/forgetme" in text_


async def test_after_stop_everything_else_works(house: House) -> None:
    house.fatima.send("/stop")
    await house.fatima.hears("not get new polls")
    await open_poll(house.desk, PollPlace.PRIVATE)
    house.fatima.send("/polls")
    await house.fatima.press(await house.fatima.hears("What do you read"), "Poetry")
    for command, words in (
        ("/mydata", "I put together"),
        ("/privacy", "How you take it back"),
        ("/mystories", "not sent in a story"),
        ("/language", "Which language"),
        ("/forgetme", "Shall I erase"),
    ):
        house.fatima.send(command)
        await house.fatima.hears(words)


async def test_everything_can_be_done_by_buttons(house: House) -> None:
    house.fatima.send("/start")
    await house.fatima.press(await house.fatima.hears("Hello"), "What else?")
    menu = await house.fatima.hears("This is what you can do")
    for label, words in (
        ("Polls", "no open poll"),
        ("My stories", "not sent in a story"),
        ("Language", "Which language"),
        ("What you keep of me", "How long we keep it"),
        ("My data", "I put together"),
        ("Forget me", "Shall I erase"),
        ("No more messages", "not get new polls"),
        ("Tell a story", "tell us your story"),
    ):
        await house.fatima.press(menu, label)
        await house.fatima.hears(words)


async def test_too_much_in_an_hour_is_said_once_and_the_rights_stay(
    house: House, clock: StandingClock
) -> None:
    house.side.intake_of_updates._hour = Hour(most=3)
    for _ in range(6):
        house.fatima.send("Buy this")
    await house.fatima.hears("3 messages within an hour")
    house.fatima.send("/privacy")
    await house.fatima.hears("How long we keep it")
    assert len(await house.notices("sorry")) == 1
    clock.move(timedelta(hours=1, seconds=1))
    house.fatima.send("/help")
    await house.fatima.hears("This is what you can do")


async def test_a_blocked_follower_hears_it_once_and_nothing_is_kept(house: House) -> None:
    story = await submitted(house, WORDS)
    await stories.block(house.desk, OWNER, story.id or 0)
    for words in ("/story", "Something nasty", "/start"):
        house.fatima.send(words)
    await house.fatima.hears("does not take messages from you any more")
    house.fatima.send("/mydata")
    await house.fatima.hears("I put together")
    assert len(await house.notices("sorry")) == 1
    assert await house.count(Story) == 1
    await stories.unblock(house.desk, OWNER, story.id or 0)
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    steps = [row.action for row in await house.rows(AuditEntry)]  # type: ignore[attr-defined]
    assert {"block", "unblock"} <= set(steps)


@pytest.mark.parametrize("content", [b"MZ\x90\x00 an executable", b"\xff\xd8\xff but no more"])
async def test_what_only_calls_itself_a_picture_is_left_out_and_said(
    house: House, content: bytes
) -> None:
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    house.fatima.send(WORDS)
    await house.fatima.hears("1 part")
    house.fatima.send_document(content, "cat.jpg", mime="image/jpeg")
    await house.fatima.hears("2 parts")
    await sent_in(house)
    await house.fatima.hears("I cannot open it as one")
    assert await house.count(Media) == 0


def a_bomb() -> bytes:
    """A few hundred bytes that claim 400 million pixels."""
    size = (20_000).to_bytes(4) * 2
    head = b"IHDR" + size + b"\x08\x00\x00\x00\x00"
    body = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [
        (len(each) - 4).to_bytes(4) + each + zlib.crc32(each).to_bytes(4)
        for each in (head, body, b"IEND")
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_picture_that_would_burst_is_not_unpacked() -> None:
    with pytest.raises(NotWhatItSays) as error:
        check_content("photo", a_bomb())
    assert "too large" in error.value.sentence


async def test_a_video_that_cannot_be_fetched_is_refused_kindly(house: House) -> None:
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    house.fatima.send_video(bytes(25 * 1024 * 1024), duration=60)
    await house.fatima.hears("has 25 MB")


async def test_the_same_file_twice_is_kept_once(house: House) -> None:
    house.fatima.send("/story")
    await house.fatima.hears("tell us your story")
    house.fatima.send_photo(PICTURE)
    await house.fatima.hears("1 part")
    house.fatima.send_photo(PICTURE)
    await house.fatima.hears("I keep it once")
    assert await house.count(StoryPart) == 1


async def test_blocked_the_bot_and_back_again(house: House, clock: StandingClock) -> None:
    house.fatima.send("/start")
    await house.fatima.press(await house.fatima.hears("Hello"), "Keep me posted")
    await house.fatima.hears("I will tell you")
    house.fatima.block()
    await house.until(lambda s: s.get_one(Follower, NUMBER).unreachable_since)
    await open_poll(house.desk, PollPlace.PRIVATE)
    assert not await house.notices("poll.ballot")
    house.fatima.unblock()
    await house.until(lambda s: s.get_one(Follower, NUMBER).reachable)
    assert (await house.follower(house.fatima)).unreachable_since is None
    house.fatima.send("/polls")
    await house.fatima.hears("What do you read")


async def test_the_audience_is_counted_once_a_day(house: House, clock: StandingClock) -> None:
    house.fatima.send("/start")
    await house.fatima.press(await house.fatima.hears("Hello"), "Keep me posted")
    await house.fatima.hears("I will tell you")
    house.jan.join(house.channel)
    assert await growth.count_audience(house.desk)
    assert not await growth.count_audience(house.desk)
    house.outbox.wake()
    row = await house.until(
        lambda s: s.exec(
            select(AudienceCount).where(col(AudienceCount.channel_members).is_not(None))
        ).first()
    )
    assert row is not None
    assert (row.subscribers, row.followers, row.channel_members) == (1, 1, 2)
    clock.move(timedelta(days=1))
    assert await growth.count_audience(house.desk)
