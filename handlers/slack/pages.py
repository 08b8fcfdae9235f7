"""Lists that are longer than one message or view: shown a page at a time. Pure."""

from bot.texts import Texts
from handlers.slack.blocks import Block, actions, button


def page_buttons(
    action_id: str, subject: str, page: int, t: Texts, *, has_more: bool
) -> list[Block]:
    """Nothing where all is shown. Pages count from 0; `subject` says what is shown."""
    buttons = []
    if page > 0:
        buttons.append(button(t("Show the previous"), f"{action_id}.back", f"{page - 1}:{subject}"))
    if has_more:
        buttons.append(button(t("Show more"), f"{action_id}.more", f"{page + 1}:{subject}"))
    return actions(buttons)


def page_of(value: str) -> tuple[str, int]:
    """What such a button carries: the subject, and the page to show."""
    page, _, subject = value.partition(":")
    return subject, int(page)
