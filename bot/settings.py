"""Settings, from the environment or from a file `.env` beside the bot."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """One field a setting; its description is what `.env.example` and `doctor` say of it."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    slack_bot_token: SecretStr | None = Field(
        None, description="Slack: the bot's token (xoxb-…): your app, OAuth & Permissions"
    )
    slack_app_token: SecretStr | None = Field(
        None,
        description="Slack: the app-level token (xapp-…) for Socket Mode, with the scope "
        "connections:write: your app, Basic Information, App-Level Tokens",
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack: the signing secret, for HTTP mode only"
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Slack: where its Web API is")
    slack_review_channel: str | None = Field(
        None,
        description="Slack: the id (C…) of the channel where proposals are decided; "
        "invite the bot there",
    )
    slack_admins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Slack: the ids (U…) of the admins, with commas between them; "
        "they change the settings",
    )
    telegram_bot_token: SecretStr | None = Field(
        None, description="Telegram: the bot's token, from @BotFather"
    )
    telegram_channel: str | None = Field(
        None,
        description="Telegram: your channel (@name or -100…); make the bot an administrator there",
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org/bot", description="Telegram: where its Bot API is"
    )
    telegram_file_url: str = Field(
        "https://api.telegram.org/file/bot", description="Telegram: where its files are"
    )
    telegram_webhook_url: str | None = Field(
        None, description="Telegram: the public address of the webhook; empty: long polling"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="Telegram: the secret that comes with every webhook call"
    )
    database_url: str = Field(
        "sqlite:///samenspraak.db",
        description="Where everything is kept",
    )
    media_dir: Path = Field(Path("media/"), description="Where pictures and voices are kept")
    forgotten_file: Path | None = Field(
        None,
        description="The file that remembers who asked to be forgotten, unreadably; leave it out "
        "of your backups; empty: forgotten.txt beside MEDIA_DIR",
    )
    timezone: str = Field("Europe/Amsterdam", description="The organisation's time zone")
    language: Literal["en", "nl"] = Field(
        "en", description="The language for readers who have not chosen one: en or nl"
    )
    http_host: str = Field(
        "127.0.0.1", description="The address of the health page and the calendar feeds"
    )
    http_port: int = Field(8080, ge=0, le=65535, description="The port of these pages")
    http_public_url: str | None = Field(
        None,
        description="Where these pages are found from outside, such as "
        "https://social.example.org; empty: only on this machine",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="How it is logged: console or json"
    )
    clock_offset_file: Path | None = Field(
        None,
        description="For trying things out: a file with the seconds that the bot's clock is ahead",
    )

    @field_validator("slack_admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("language", mode="before")
    @classmethod
    def _first_language(cls, value: object) -> object:
        """Many machines have a LANGUAGE of their own, such as en_US:en."""
        return re.split("[_:.-]", value)[0] if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone; an example of one is Europe/Amsterdam")
        return value

    @field_validator("slack_api_url", "telegram_api_url", "telegram_file_url", "http_public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
            raise ValueError(f"{value!r} is no web address")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_api(cls, value: str) -> str:
        """Slack's client puts a method's name right behind it."""
        return _with_path(value, "/api/").rstrip("/") + "/"

    @field_validator("telegram_api_url")
    @classmethod
    def _ends_in_bot(cls, value: str) -> str:
        """Telegram's client puts the token right behind it."""
        return _with_path(value, "/bot").rstrip("/")

    @field_validator("telegram_file_url")
    @classmethod
    def _ends_in_file_bot(cls, value: str) -> str:
        return _with_path(value, "/file/bot").rstrip("/")

    @property
    def feeds_url(self) -> str:
        """Before the way to a feed."""
        return (self.http_public_url or f"http://{self.http_host}:{self.http_port}").rstrip("/")

    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, in clear: to blot them out of the log."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(v.get_secret_value() for v in values if isinstance(v, SecretStr))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def _with_path(address: str, path: str) -> str:
    """The address, with `path` where it names a server alone."""
    return address.rstrip("/") + path if urlsplit(address).path in ("", "/") else address
