"""`/social feed`: the calendar in one's own program, under an address that is shown once."""

from collections.abc import Sequence

from bot.actions import feeds
from bot.actions.feeds import Address, Scope
from bot.rules.people import is_admin
from bot.texts import Texts
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    confirmed,
    context,
    divider,
    header,
    said,
    section,
    shortened,
)
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.words import escape, mention

WAY = "/feed/{address}.ics"
MOST_SCOPES = 40
"""With what stands around them, they fit in one message."""

A_PAGE = 20


async def show(incoming: Incoming) -> None:
    message = await _mine(incoming)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def show_mine(incoming: Incoming) -> None:
    """From the addresses of colleagues back to one's own."""
    await _replace(incoming, await _mine(incoming))
    await incoming.ack()


async def show_others(incoming: Incoming) -> None:
    """For admins: the addresses of colleagues, page by page."""
    _, page = page_of(incoming.value)
    await _replace(incoming, await _others(incoming, page))
    await incoming.ack()


async def revoke_of(incoming: Incoming) -> None:
    """An admin closes the address of a colleague."""
    feed_id, page = page_of(incoming.value)
    await feeds.revoke(incoming.desk, incoming.by.id, int(feed_id))
    await _replace(incoming, await _others(incoming, page))
    await incoming.ack()


async def make(incoming: Incoming) -> None:
    desk, by = incoming.desk, incoming.by.id
    made = await feeds.make(desk, by, incoming.value.removeprefix(":"))
    address = desk.public_url + WAY.format(address=made)
    await _replace(incoming, await _mine(incoming, address))
    await incoming.ack()


async def revoke(incoming: Incoming) -> None:
    await feeds.revoke(incoming.desk, incoming.by.id, int(incoming.value))
    await _replace(incoming, await _mine(incoming))
    await incoming.ack()


async def _mine(incoming: Incoming, address: str = "") -> Message:
    desk, by = incoming.desk, incoming.by.id
    is_theirs = is_admin(by, desk.admins)
    return overview(await feeds.mine(desk, by), incoming.t, address, is_admin=is_theirs)


async def _others(incoming: Incoming, page: int) -> Message:
    return of_others(await feeds.of_others(incoming.desk, incoming.by.id), page, incoming.t)


async def _replace(incoming: Incoming, message: Message) -> None:
    await incoming.replace(message.text, message.blocks)


def overview(
    scopes: Sequence[Scope], t: Texts, address: str = "", *, is_admin: bool = False
) -> Message:
    """address: of the feed that was made just now. is_admin: who may close those of others."""
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
            *actions([button(t("Addresses of colleagues"), "feed.all", "0:")] if is_admin else []),
        ],
    )


def of_others(addresses: Sequence[Address], page: int, t: Texts) -> Message:
    """Who has one, and of what; nobody sees the addresses themselves."""
    title = t("Addresses of colleagues")
    page = min(page, max(0, (len(addresses) - 1) // A_PAGE))
    shown = addresses[page * A_PAGE : (page + 1) * A_PAGE]
    has_more = len(addresses) > (page + 1) * A_PAGE
    none = section(t("No colleague has an address."))
    return Message(
        title,
        [
            header(title),
            section(
                t(
                    "With these, colleagues see our calendar in their own program. Has somebody "
                    "left? Then revoke theirs. Whoever is no member of our Slack any more loses "
                    "theirs by itself, within a day."
                )
            ),
            *([_of_another(each, page, t) for each in shown] or [none]),
            *page_buttons("feed.page", "all", page, t, has_more=has_more),
            *actions([button(t("Back to mine"), "feed.mine", "mine")]),
        ],
    )


def _of_another(address: Address, page: int, t: Texts) -> Block:
    who = mention(address.owner)
    words = t(
        "{who}: {name}, since {day}",
        who=who,
        name=_name(address.platform, t),
        day=t.full_date(address.made_at.date()),
    )
    asked = button(t("Revoke"), "feed.revoke_of", f"{page}:{address.feed_id}", "danger")
    sure = t("Their program shows our calendar no longer. They can make another address.")
    return section(words) | {
        "accessory": confirmed(asked, t("Revoke"), sure, t("Revoke"), t("Cancel"))
    }


def _name(platform: str, t: Texts) -> str:
    return escape(shortened(platform, 300)) if platform else t("All platforms")


def _once(address: str, t: Texts) -> list[Block]:
    words = t("This is your address. I show it this once: copy it now.")
    return [
        section(f"*{words}*"),
        *said(address),
        context(t("Lost it? Revoke it and make another.")),
    ]


def _one(scope: Scope, t: Texts) -> Block:
    name = _name(scope.name, t)
    if scope.feed_id is None:
        words, press = name, button(t("Make an address"), "feed.make", f":{scope.key}")
    else:
        words = t("{name}: you have an address", name=name)
        press = button(t("Revoke"), "feed.revoke", str(scope.feed_id), "danger")
    return section(words) | {"accessory": press}
