"""The command line, as a process: what it says, and its exit status."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.actions import settings
from bot.actions.transaction import Desk
from bot.sandbox.slack import SlackServer
from bot.sandbox.telegram import TelegramServer
from bot.settings import Settings
from tests.factories import ADMIN

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "bot" / "sandbox" / "strategy"


@dataclass
class Said:
    status: int
    out: str
    err: str


class Shell:
    """Runs `python -m bot` in a directory of its own, with these settings and no others."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        names = {name.upper() for name in Settings.model_fields}
        self.environment = {k: v for k, v in os.environ.items() if k.upper() not in names}
        self.environment["PYTHONPATH"] = str(ROOT)

    def start(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self._directory,
            env=self.environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **settings: str) -> Said:
        process = self.start(*words, **settings)
        out, err = process.communicate(timeout=60)
        return Said(process.returncode, out, err)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@dataclass
class Chats:
    """Both servers, and the settings with which the bot finds them."""

    slack: SlackServer
    telegram: TelegramServer
    settings: Mapping[str, str]


@pytest.fixture
async def chats() -> AsyncIterator[Chats]:
    slack, telegram = (
        SlackServer(lambda: datetime.now(UTC)),
        TelegramServer(lambda: datetime.now(UTC)),
    )
    await slack.start()
    await telegram.start()
    slack.add_channel("C01REVIEW", "social-media", members=[])
    telegram.add_channel(-1001234567890, "leestafel", title="Bibliotheek De Leestafel")
    yield Chats(
        slack,
        telegram,
        {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "SLACK_REVIEW_CHANNEL": "C01REVIEW",
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
            "TELEGRAM_FILE_URL": telegram.file_url,
            "TELEGRAM_CHANNEL": "@leestafel",
            "HTTP_PORT": "0",
        },
    )
    await slack.stop()
    await telegram.stop()


async def beside(shell: Shell, *words: str, **settings: str) -> Said:
    """Runs the command while this process serves both chats."""
    return await asyncio.to_thread(shell.run, *words, **settings)


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_without_settings_it_says_in_one_line_each_what_is_missing(
    shell: Shell, command: str
) -> None:
    said = shell.run(command)
    assert said.status == 2
    lines = said.err.splitlines()
    assert [line.split()[0].rstrip(":") for line in lines] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_REVIEW_CHANNEL",
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_CHANNEL",
    ]
    assert "BotFather" in said.err
    assert "api.slack.com/apps" in said.err


def test_it_says_so_in_dutch(shell: Shell) -> None:
    said = shell.run("run", LANGUAGE="nl")
    assert said.status == 2
    assert "ontbreekt" in said.err


def test_a_setting_that_makes_no_sense_is_named(shell: Shell) -> None:
    said = shell.run("run", TIMEZONE="Europe/Leestafel", HTTP_PORT="many")
    assert said.status == 2
    assert {line.split(":")[0] for line in said.err.splitlines()} == {"TIMEZONE", "HTTP_PORT"}


async def test_wrong_tokens_are_named_with_where_to_get_them(shell: Shell, chats: Chats) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "xoxb-wrong",
        "SLACK_APP_TOKEN": "xapp-wrong",
        "TELEGRAM_BOT_TOKEN": "1:wrong",
    }
    said = await beside(shell, "run", **{**chats.settings, **wrong})
    assert said.status == 2
    lines = said.err.splitlines()
    assert {line.split()[0] for line in lines} == set(wrong)
    assert not any(token in said.err for token in wrong.values())


async def test_a_platform_that_is_not_there_is_said(shell: Shell, chats: Chats) -> None:
    said = await beside(
        shell,
        "doctor",
        **{**chats.settings, "SLACK_API_URL": "http://127.0.0.1:9/api/"},
    )
    assert said.status == 2
    assert said.err.startswith("SLACK_API_URL")


async def test_the_doctor_finds_what_the_tokens_do_not_show(shell: Shell, chats: Chats) -> None:
    fine = await beside(shell, "doctor", **chats.settings)
    assert (fine.status, fine.err) == (0, "")
    said = await beside(
        shell,
        "doctor",
        **{**chats.settings, "SLACK_REVIEW_CHANNEL": "C99", "TELEGRAM_CHANNEL": "@nowhere"},
    )
    assert said.status == 2
    assert {line.split(":")[0] for line in said.err.splitlines()} == {
        "SLACK_REVIEW_CHANNEL",
        "TELEGRAM_CHANNEL",
    }


async def test_with_the_sandboxs_addresses_it_runs_and_stops_when_asked(
    shell: Shell, chats: Chats
) -> None:
    process = shell.start("run", **chats.settings)
    try:
        await chats.slack.wait_connected(30)
        await chats.telegram.until(lambda: chats.telegram.polling, timeout=30)
        process.send_signal(signal.SIGTERM)
        _, err = await asyncio.to_thread(process.communicate, timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Samenspraak is running" in err
    assert "Samenspraak has stopped" in err
    assert "Traceback" not in err
    assert chats.slack.bot_token not in err
    assert chats.telegram.token not in err


def test_the_database_is_brought_up_to_date(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("migrate").status == 0
    assert shell.run("migrate").status == 0
    assert (tmp_path / "samenspraak.db").exists()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_example_strategy_loads_and_the_second_time_nothing_changes(
    shell: Shell, language: str
) -> None:
    example = str(EXAMPLES / f"leestafel.{language}.toml")
    first = shell.run("strategy", "load", example)
    assert first.status == 0
    assert " 0 changed" in first.out
    second = shell.run("strategy", "load", example)
    assert second.status == 0
    assert second.out.startswith("Loaded: 0 new, 0 changed, 0 taken out")


async def test_loading_says_what_it_overruled_of_what_was_changed_in_slack(
    shell: Shell, tmp_path: Path, desk: Desk
) -> None:
    example = str(EXAMPLES / "leestafel.en.toml")
    address = f"sqlite:///{tmp_path / 'test.db'}"
    await beside(shell, "strategy", "load", example, DATABASE_URL=address)
    await settings.retire(desk, ADMIN, "target_group", "students")
    said = await beside(shell, "strategy", "load", example, DATABASE_URL=address)
    assert "Changed in Slack before, and now as in the file: Pupils and students." in said.out
    said = await beside(shell, "strategy", "load", example, DATABASE_URL=address)
    assert "in Slack" not in said.out


def test_every_mistake_in_a_strategy_file_has_its_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(
        '[organisation]\nname = "Ours"\n\n[[pillar]]\nkey = "a"\nname = "A"\nshare = 2\n'
    )
    said = shell.run("strategy", "load", "wrong.toml")
    assert said.status == 1
    assert any(line.startswith("wrong.toml:7: ") for line in said.err.splitlines())
    assert "Nothing was changed" in said.err


def test_a_strategy_file_that_is_not_there(shell: Shell) -> None:
    said = shell.run("strategy", "load", "nowhere.toml")
    assert said.status == 1
    assert "nowhere.toml" in said.err


def test_the_strategy_is_written_out_and_loads_again_unchanged(
    shell: Shell, tmp_path: Path
) -> None:
    assert shell.run("strategy", "export").status == 1
    assert shell.run("strategy", "load", str(EXAMPLES / "leestafel.nl.toml")).status == 0
    assert shell.run("strategy", "export", "out.toml").status == 0
    said = shell.run("strategy", "load", "out.toml")
    assert said.out.startswith("Loaded: 0 new, 0 changed, 0 taken out")
    again = shell.run("strategy", "export", "out.toml")
    assert again.status == 1
    assert "is there already" in again.err
    assert shell.run("strategy", "export").out == (tmp_path / "out.toml").read_text()


def test_data_goes_in_and_out(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("strategy", "load", str(EXAMPLES / "leestafel.nl.toml")).status == 0
    days = tmp_path / "days.txt"
    days.write_bytes("naam;datum\r\nIdeeëndag;31-2-2027\r\n".encode("cp1252"))
    wrong = shell.run("import", "special-days", "days.txt")
    assert wrong.status == 1
    assert wrong.err.splitlines()[0] == "days.txt:2: There is no day 31-2-2027."
    days.write_bytes("naam;datum\r\nIdeeëndag;28-2-2027\r\n".encode("cp1252"))
    assert "1 new, 0 changed" in shell.run("import", "special-days", "days.txt").out
    assert "0 new, 0 changed, 1 as" in shell.run("import", "special-days", "days.txt").out
    figures = tmp_path / "insights.csv"
    figures.write_text("Permalink,Reach,Likes\nhttps://example.org/p/1,many,3\n")
    wrong = shell.run("import", "figures", "insights.csv")
    assert (wrong.status, wrong.err.startswith("insights.csv:2:")) == (1, True)
    figures.write_text("Permalink,Reach,Likes\nhttps://example.org/p/1,812,3\n")
    assert "0 new, 0 changed" in shell.run("import", "figures", "insights.csv").out
    posts = tmp_path / "posts.csv"
    posts.write_text("text,platforms\nHello,telegram\n")
    assert "--as U0123ABCD" in shell.run("import", "posts", "posts.csv").err
    assert "1 new" in shell.run("import", "posts", "posts.csv", "--as", "U01OWNER").out
    assert shell.run("export", "posts", "out.csv").status == 0
    assert "Hello" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "1 as before" in shell.run("import", "posts", "out.csv", "--as", "U01OWNER").out
    assert shell.run("export", "posts", "out.csv").status == 1
    assert shell.run("export", "polls", "polls.csv").status == 0
    assert "question" in (tmp_path / "polls.csv").read_text(encoding="utf-8-sig")
    assert shell.run("import", "posts", "nowhere.csv", "--as", "U01OWNER").status == 1
    assert shell.run("export", "slots", "slots.csv").status == 0
    slots = tmp_path / "slots.csv"
    kept = slots.read_text(encoding="utf-8-sig")
    assert "0 new, 0 changed" in shell.run("import", "slots", "slots.csv").out
    slots.write_text(kept + "telegram,Quiz,FREQ=NEVER,25:00,,,,,,\n", encoding="utf-8")
    lines = shell.run("import", "slots", "slots.csv").err.splitlines()
    row = len(kept.splitlines()) + 1
    assert [line.partition(": ")[0] for line in lines[:-1]] == [f"slots.csv:{row}"] * 2
    assert lines[-1] == "Nothing was changed. Mend this and bring in the file again."
    slots.write_text(kept + "telegram,Quiz,FREQ=DAILY,15:00,,,,,,\n", encoding="utf-8")
    assert "1 new, 0 changed" in shell.run("import", "slots", "slots.csv").out
    assert shell.run("import", "everything", "out.csv").status == 2
