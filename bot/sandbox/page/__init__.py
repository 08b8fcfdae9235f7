"""The page of the sandbox: be any of the people, and use both chats by hand."""

from bot.sandbox.page.server import Page

__all__ = ["Page"]
