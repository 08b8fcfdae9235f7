"""What a post says, and where; what can be seen in its pictures; what is still open. Pure."""

from collections.abc import Sequence

from bot.actions.views import MediaView, PostView, Wording
from bot.texts import Texts
from handlers.slack.blocks import (
    SECTION,
    Block,
    context,
    pictures,
    plain,
    said,
    section,
    shortened,
)
from handlers.slack.words import listed


def wordings(post: PostView, t: Texts, room: int) -> list[Block]:
    """Every text that goes out somewhere, in at most `room` blocks; none of them is cut.

    The usual text comes first, and is there in any case.
    """
    texts = sorted(post.wordings, key=lambda wording: wording.text != post.text)
    if len(texts) == 1:
        return said(texts[0].text)
    found: list[Block] = []
    left_out: list[str] = []
    for wording in texts:
        shown = _wording(wording, t)
        if found and len(found) + len(shown) >= room:  # one block is for what is left out
            left_out += wording.platforms
        else:
            found += shown
    if left_out:
        found.append(
            context(
                t(
                    "On {platforms} it says something of its own, which does not fit here: "
                    "press Edit to read it.",
                    platforms=listed(left_out, t),
                )
            )
        )
    return found


def text_for(post: PostView, person: str) -> str:
    """Where platforms say it differently: what it says on the one that waits for this person."""
    return next((p.text for p in post.placements if person in p.deciders), post.text)


def _wording(wording: Wording, t: Texts) -> list[Block]:
    where = t("On {platforms} it reads:", platforms=listed(wording.platforms, t))
    return [context(where), *said(wording.text)]


def with_descriptions(images: Sequence[MediaView], t: Texts) -> list[Block]:
    """Each picture, and what can be seen in it, to be copied along."""
    found: list[Block] = []
    for image in images:
        found += pictures([image])
        if image.alt:
            found += said(image.alt)
    if any(image.alt for image in images):
        words = t("Below each picture is its description: copy it along, as its alt text.")
        found.insert(0, section(words))
    return found


def still_open(post: PostView, t: Texts) -> list[Block]:
    """House rules that the author did not confirm, and pictures that nobody described."""
    found: list[Block] = []
    if post.unconfirmed:
        words = shortened(_unconfirmed(post, t), SECTION)
        found.append({"type": "section", "text": plain(words)})
    missing = sum(1 for image in post.images if image.is_image and not image.alt)
    if missing:
        found.append(
            context(
                t.n(
                    "🖼️ One picture has no description yet.",
                    "🖼️ {n} pictures have no description yet.",
                    missing,
                )
            )
        )
    return found


def _unconfirmed(post: PostView, t: Texts) -> str:
    """Who ticked nothing at all left the list out: that reads better than the whole list."""
    if len(post.unconfirmed) > 1 and not post.house_rules:
        return t("⚠️ None of the house rules is ticked.")
    rules = t.listing(f"“{rule}”" for rule in post.unconfirmed)
    return t("⚠️ Not ticked: {rules}", rules=rules)
