"""A Telegram on loopback that speaks the Bot API, and people who use it."""

from bot.sandbox.telegram.model import Message
from bot.sandbox.telegram.people import Channel, NoSuchButton, NotAnswered, NotHeard, Person
from bot.sandbox.telegram.polls import CannotVote
from bot.sandbox.telegram.server import TelegramServer
from bot.sandbox.telegram.state import ApiCall

__all__ = [
    "ApiCall",
    "CannotVote",
    "Channel",
    "Message",
    "NoSuchButton",
    "NotAnswered",
    "NotHeard",
    "Person",
    "TelegramServer",
]
