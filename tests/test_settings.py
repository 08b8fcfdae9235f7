"""The settings, and the file that shows them."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def without_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_shows_every_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_environment(monkeypatch)
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    assert [line.split("=")[0] for line in lines] == sorted(
        (name.upper() for name in Settings.model_fields),
        key=[line.split("=")[0] for line in lines].index,
    )


def test_the_example_says_what_each_setting_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(line.lstrip("# ") for line in EXAMPLE.read_text().splitlines())
    for name, field in Settings.model_fields.items():
        assert field.description is not None
        assert f"{field.description} {name.upper()}=" in text


def test_tokens_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    without_environment(monkeypatch)
    settings = Settings(_env_file=None, slack_bot_token=SecretStr("xoxb-1"))
    assert "xoxb-1" not in repr(settings)
    assert settings.secrets() == ("xoxb-1",)


def test_admins_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    without_environment(monkeypatch)
    monkeypatch.setenv("SLACK_ADMINS", "U01A, U02B,")
    assert Settings(_env_file=None).slack_admins == ("U01A", "U02B")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:81", "http://127.0.0.1:81/bot"),
        ("http://127.0.0.1:81/bot/", "http://127.0.0.1:81/bot"),
        ("https://api.telegram.org/bot", "https://api.telegram.org/bot"),
    ],
)
def test_an_address_may_name_the_server_alone(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    without_environment(monkeypatch)
    monkeypatch.setenv("TELEGRAM_API_URL", given)
    assert Settings(_env_file=None).telegram_api_url == used


def test_a_language_as_machines_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without_environment(monkeypatch)
    monkeypatch.setenv("LANGUAGE", "nl_NL:en")
    assert Settings(_env_file=None).language == "nl"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Europe/Leestafel"),
        ("LANGUAGE", "fr"),
        ("HTTP_PORT", "many"),
        ("SLACK_API_URL", "slack"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    without_environment(monkeypatch)
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as mistake:
        Settings(_env_file=None)
    assert mistake.value.errors()[0]["loc"] == (name.lower(),)
