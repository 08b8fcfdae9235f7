"""`/social feed`: the calendar in one's own program, under an address that is shown once."""

from collections.abc import Sequence

from bot.actions import feeds
from bot.actions.feeds import Scope
from bot.texts import Texts
from handlers.slack.blocks import Block, button, context, divider, header, said, section, shortened
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.words import escape

WAY = "/feed/{address}.ics"
MOST_SCOPES = 40
"""With what stands around them, they fit in one message."""


async def show(incoming: Incoming) -> None:
    message = overview(await feeds.mine(incoming.desk, incoming.by.id), incoming.t)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def make(incoming: Incoming) -> None:
    desk, by = incoming.desk, incoming.by.id
    made = await feeds.make(desk, by, incoming.value.removeprefix(":"))
    address = desk.public_url + WAY.format(address=made)
    message = overview(await feeds.mine(desk, by), incoming.t, address)
    await incoming.replace(message.text, message.blocks)
    await incoming.ack()


async def revoke(incoming: Incoming) -> None:
    desk, by = incoming.desk, incoming.by.id
    await feeds.revoke(desk, by, int(incoming.value))
    message = overview(await feeds.mine(desk, by), incoming.t)
    await incoming.replace(message.text, message.blocks)
    await incoming.ack()


def overview(scopes: Sequence[Scope], t: Texts, address: str = "") -> Message:
    """address: of the feed that was made just now."""
    title = t("Our calendar in your own program")
    return Message(
        title,
        [
            header(title),
            section(
                t(
                    "Outlook, Google Calendar and Thunderbird can show our calendar and keep it up "
                    "to date. Make an address here, and add it in your program as a calendar from "
                    "the internet. Whoever has the address sees our calendar: keep it to yourself."
                )
            ),
            *(_once(address, t) if address else []),
            divider(),
            *(_one(scope, t) for scope in scopes[:MOST_SCOPES]),
        ],
    )


def _once(address: str, t: Texts) -> list[Block]:
    words = t("This is your address. I show it this once: copy it now.")
    return [
        section(f"*{words}*"),
        *said(address),
        context(t("Lost it? Revoke it and make another.")),
    ]


def _one(scope: Scope, t: Texts) -> Block:
    name = escape(shortened(scope.name, 300)) if scope.name else t("All platforms")
    if scope.feed_id is None:
        words, press = name, button(t("Make an address"), "feed.make", f":{scope.key}")
    else:
        words = t("{name}: you have an address", name=name)
        press = button(t("Revoke"), "feed.revoke", str(scope.feed_id), "danger")
    return section(words) | {"accessory": press}
