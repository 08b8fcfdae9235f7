"""The sandbox's Slack: a workspace on loopback that speaks Slack's wire protocols."""

from bot.sandbox.slack.errors import (
    BadAnswer,
    NoSuchButton,
    NoSuchField,
    NoSuchOption,
    NotAcknowledged,
    NotThere,
)
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Person
from bot.sandbox.slack.server import SlackServer
from bot.sandbox.slack.state import SlackFile
from bot.sandbox.slack.views import View

__all__ = [
    "BadAnswer",
    "Message",
    "NoSuchButton",
    "NoSuchField",
    "NoSuchOption",
    "NotAcknowledged",
    "NotThere",
    "Person",
    "SlackFile",
    "SlackServer",
    "View",
]
