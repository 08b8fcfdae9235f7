"""Prepared statements: `/social statements`."""

from collections.abc import Sequence

from bot.actions import statements
from bot.actions.statements import StatementView
from bot.texts import Texts
from handlers.slack.blocks import Block, context, divider, header, said
from handlers.slack.cards import Message
from handlers.slack.find import words_after
from handlers.slack.incoming import Incoming
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.words import mention

ON_A_PAGE = 5


async def show(incoming: Incoming) -> None:
    typed = words_after(incoming)
    message = overview(await statements.look_up(incoming.desk, typed), typed, incoming.t)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def turn_page(incoming: Incoming) -> None:
    typed, page = page_of(incoming.value)
    found = await statements.look_up(incoming.desk, typed)
    message = overview(found, typed, incoming.t, page)
    await incoming.replace(message.text, message.blocks)
    await incoming.ack()


def overview(found: Sequence[StatementView], typed: str, t: Texts, page: int = 0) -> Message:
    """Each by itself, so that it can be copied as it is."""
    if not found:
        nothing = (
            t("I found no statement with these words. Without words you see all of them.")
            if typed
            else t(
                "There is no prepared statement yet. An administrator can add one in the settings."
            )
        )
        return Message(nothing, said(nothing))
    title = t("Prepared statements")
    content = [header(title)]
    for statement in found[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        content += _one(statement, t)
    has_more = len(found) > (page + 1) * ON_A_PAGE
    return Message(
        title, [*content, *page_buttons("statements.page", typed[:300], page, t, has_more=has_more)]
    )


def _one(statement: StatementView, t: Texts) -> list[Block]:
    kept_by = t("Maintained by {who}", who=mention(statement.maintainer))
    if statement.has_expired and statement.valid_until:
        expired = t("⚠️ Expired: it held until {day}", day=t.full_day(statement.valid_until))
        kept_by = f"{expired} · {kept_by}"
    elif statement.valid_until:
        kept_by += " · " + t("Valid until {day}", day=t.full_day(statement.valid_until))
    return [divider(), header(statement.title), *said(statement.text), context(kept_by)]
