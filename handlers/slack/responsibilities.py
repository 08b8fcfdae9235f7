"""To whoever is named for a part of the strategy, or is not any more. Pure."""

from bot.actions.responsibilities import Responsibility
from bot.texts import N_, Texts
from handlers.slack.blocks import section
from handlers.slack.cards import Message
from handlers.slack.words import MOST_NAMES, escape, mention

NAMED = {
    ("platform", "owners"): N_(
        "👋 {who} made you an owner of {name}. You decide on what is proposed for it: that waits "
        "for you on the Home tab, and the buttons are on the card, too."
    ),
    ("platform", "deputies"): N_(
        "👋 {who} made you a deputy for {name}. You decide where an owner proposed it or is away: "
        "that waits for you on the Home tab."
    ),
    ("topic", "owner"): N_(
        "👋 {who} made you the owner of the sensitive topic {name}. Posts about it need your "
        "decision besides: they wait for you on the Home tab."
    ),
    ("topic", "deputies"): N_(
        "👋 {who} made you a deputy for the sensitive topic {name}. You decide where its owner "
        "proposed the post or is away: that waits for you on the Home tab."
    ),
    ("statement", "maintainer"): N_(
        "👋 {who} asks you to keep the statement “{name}” up to date. Everybody finds it with "
        "`/social statements`; an admin can change it."
    ),
}
"""(kind of part, the field in which somebody is named) → what that means for them."""


def responsibility(
    found: Responsibility, kind: str, field: str | None, by: str, t: Texts
) -> Message:
    """field: in which the reader is named now; None: in none any more."""
    values = {"who": mention(by), "name": escape(found.name)}
    if field is not None:
        words = t(NAMED[kind, field], **values)
    elif found.people:
        people = t.listing(mention(person) for person in found.people[:MOST_NAMES])
        words = t(
            "👋 {who} changed who looks after {name}: you do not have to any more. {people} can "
            "tell you more. Thank you for all you did!",
            people=people,
            **values,
        )
    elif kind == "platform":
        words = t(
            "👋 {who} stopped using {name}: nothing new can be proposed for it. What was proposed "
            "before still asks for a decision: you find it on the Home tab. Thank you for all you "
            "did!",
            **values,
        )
    else:
        words = t(
            "👋 {who} stopped using {name}, so nobody has to look after it any more. Thank you "
            "for all you did!",
            **values,
        )
    return Message(words, [section(words)])
