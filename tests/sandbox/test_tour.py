"""The whole loop, played in both languages; afterwards the database holds exactly what happened."""

import asyncio
import io
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.tour import BEGINS, Outcome, Tour
from bot.sandbox.tour.desk import exam_post, why_wait
from bot.sandbox.tour.words import Words
from bot.sandbox.transcript import Transcript
from bot.sandbox.world import World
from bot.texts import texts_in
from tests.crash.__main__ import everything_sent

PROJECT = Path(__file__).parents[2]
WORDS = Words(texts_in("en"))


@dataclass(frozen=True)
class Played:
    outcome: Outcome
    transcript: str
    in_doubt: Outcome
    """Of a tour in which connections broke right after something public was sent."""
    database: Path
    media: Path
    printed: dict[str, tuple[int, str]]
    """By language: exit status and output of the command."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Four tours at once: they spend their time waiting, as people do."""

    async def play_all() -> Played:
        directory = tmp_path_factory.mktemp("world")
        (outcome, transcript), (in_doubt, _), english, dutch = await asyncio.gather(
            _play(directory),
            _play(tmp_path_factory.mktemp("doubt"), cut=("sendPoll", "sendPhoto")),
            _command("en"),
            _command("nl"),
        )
        printed = {"en": english, "nl": dutch}
        database = directory / "samenspraak.db"
        media = directory / "media"
        return Played(outcome, transcript, in_doubt, database, media, printed)

    return asyncio.run(play_all())


@pytest.fixture
def database(played: Played) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(played.database)) as connection:
        yield connection


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_command_plays_the_whole_loop(played: Played, language: str) -> None:
    status, printed = played.printed[language]
    t = texts_in(language)
    assert status == 0, printed[-5000:]
    assert t.n("The one step worked.", "All {n} steps worked.", played.outcome.steps) in printed
    assert t("Posts published: {n}", n=3) in printed
    assert t("Decisions: {n}", n=8) in printed
    assert t("Votes that count: {n}", n=4) in printed
    assert t("Stories sent in: {n}", n=2) in printed


def test_every_step_worked(played: Played) -> None:
    assert played.outcome.failed == (), played.transcript[-5000:]
    assert played.outcome.done == {
        "proposals": 5, "decisions": 8, "votes": 4, "stories": 2, "posts": 3
    }  # fmt: skip


def test_an_owner_who_looks_ends_a_doubt_and_all_is_as_usual(played: Played) -> None:
    assert played.in_doubt == played.outcome


def test_the_posts_are_published_once_as_they_were_approved(
    played: Played, database: sqlite3.Connection
) -> None:
    rows = database.execute(
        "SELECT posts.proposer, posts.status, posts.revision_number, revisions.text FROM posts "
        "JOIN revisions ON post_id = posts.id AND number = revision_number ORDER BY posts.id"
    ).fetchall()
    assert rows == [
        ("U03ANNA", "published", 3, WORDS.second_version),
        ("U02OWNER", "published", 1, WORDS.edited_story),
        ("U03ANNA", "proposed", 1, WORDS.idea),
        ("U03ANNA", "approved", 1, exam_post(WORDS.t)),
    ]
    placements = database.execute(
        "SELECT post_id, platform_key, status, link FROM placements ORDER BY id"
    ).fetchall()
    assert [row[:3] for row in placements] == [
        (1, "telegram", "published"),
        (1, "instagram", "published"),
        (2, "telegram", "published"),
        (3, "newsletter", "proposed"),
        (4, "instagram", "approved"),
    ]
    assert database.execute("SELECT count(*) FROM drafts").fetchone() == (0,)
    links = [link for *_, link in placements]
    assert links[0].startswith("https://t.me/leestafel/")
    assert links[1] == "https://www.instagram.com/p/leestafel-winter"
    assert sum(WORDS.title in seen for seen in played.outcome.channel) == 1
    assert sum(WORDS.edited_story in seen for seen in played.outcome.channel) == 1


def test_every_decision_is_there_once(database: sqlite3.Connection) -> None:
    decisions = database.execute(
        "SELECT d.post_id, platform_key, revision_number, verdict, decided_by, reason "
        "FROM decisions d JOIN placements p ON p.id = placement_id ORDER BY d.id"
    ).fetchall()
    assert decisions == [
        (1, "telegram", 2, "request_changes", "U01OWNER", WORDS.change),
        (1, "telegram", 3, "approve", "U01OWNER", ""),
        (1, "instagram", 3, "approve", "U02OWNER", ""),
        (2, "telegram", 1, "approve", "U01OWNER", ""),
        (4, "instagram", 1, "hold", "U02OWNER", why_wait(WORDS.t)),
        (4, "instagram", 1, "approve", "U02OWNER", ""),
    ]
    refused = database.execute(
        "SELECT actor, entity, entity_id FROM audit_entries WHERE action LIKE '%refused%'"
    ).fetchall()
    assert refused == [("slack:U04TOM", "post", 1)]


def test_every_vote_is_there_once(played: Played, database: sqlite3.Connection) -> None:
    poll = database.execute(
        "SELECT status, question, proposer, decided_by, closed_by FROM polls"
    ).fetchall()
    assert poll == [("closed", WORDS.question, "U03ANNA", "U01OWNER", None)]
    tallies = database.execute(
        "SELECT text, private_votes, channel_votes FROM poll_options ORDER BY position"
    ).fetchall()
    assert tallies == [(WORDS.fantasy, 1, 2), (WORDS.crime, 0, 0), (WORDS.poetry, 0, 1)]
    assert played.outcome.native_votes == {
        WORDS.question: {WORDS.fantasy: 2, WORDS.crime: 0, WORDS.poetry: 1}
    }
    votes = database.execute(
        "SELECT first_name, poll_options.text FROM votes "
        "JOIN followers ON followers.id = follower_id "
        "LEFT JOIN poll_options ON poll_options.id = option_id ORDER BY followers.id"
    ).fetchall()
    assert votes == [("Bram", None), ("Inês", WORDS.fantasy)]
    assert database.execute("SELECT count(*) FROM presses").fetchone() == (4,)


def test_stories_consents_and_files_are_there_once(
    played: Played, database: sqlite3.Connection
) -> None:
    stories = database.execute(
        "SELECT first_name, status, named_as, credit, decline_reason FROM stories "
        "JOIN followers ON followers.id = follower_id ORDER BY stories.id"
    ).fetchall()
    assert stories == [
        ("Fatima", "published", "first", "Fatima", None),
        ("Bram", "declined", "anonymous", None, "privacy"),
    ]
    parts = database.execute(
        "SELECT first_name, kind FROM story_parts "
        "JOIN stories ON stories.id = story_id JOIN followers ON followers.id = follower_id "
        "ORDER BY story_parts.id"
    ).fetchall()
    told = [("Fatima", kind) for kind in ("text", "photo", "photo", "voice")]
    assert parts == [*told, ("Bram", "text")]
    consents = database.execute(
        "SELECT follower_id, purpose, withdrawn_at, text FROM consents ORDER BY id"
    ).fetchall()
    assert [row[:3] for row in consents] == [
        (1001, "publish", None),
        (1001, "people", None),
        (1001, "revision:2:1", None),
        (1002, "publish", None),
    ]
    assert consents[2][3] == WORDS.edited_story
    assert WORDS.daans_story not in "\n".join(database.iterdump())
    kept = {name for (name,) in database.execute("SELECT sha256 FROM media")}
    files = [path.name for path in played.media.rglob("*") if path.is_file()]
    assert len(kept) == 5  # of a story, of posts, and the picture of the month
    assert all(any(name in file for file in files) for name in kept)


def test_every_notice_is_settled(database: sqlite3.Connection) -> None:
    not_sent = database.execute(
        "SELECT kind, status, error FROM notices WHERE status NOT IN ('sent', 'overtaken')"
    ).fetchall()
    assert not_sent == []
    keys = database.execute("SELECT count(*), count(DISTINCT key) FROM notices").fetchone()
    assert keys[0] == keys[1] > 40
    assert database.execute("SELECT count(*) FROM parked_updates").fetchone() == (0,)


async def _play(directory: Path, cut: tuple[str, ...] = ()) -> tuple[Outcome, str]:
    """cut: methods whose first call has its effect, but no answer."""
    printed = io.StringIO()
    async with World(directory, "en", BEGINS) as world:
        for method in cut:
            world.telegram.faults.add(method, cut="after")
        outcome = await Tour(world, Transcript(printed)).run()
        await everything_sent(world)
    return outcome, printed.getvalue()


async def _command(language: str) -> tuple[int, str]:
    words = ("-m", "bot", "sandbox", "--tour", "--exit", "--language", language)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()
