"""What becomes public, and the owner who looks in the channel when the bot is in doubt."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from bot.sandbox.slack import Message
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.world import CHANNEL

T = TypeVar("T")


async def until_public(
    owner: Colleague,
    words: str,
    there: Callable[[], T | None],
    settled: Callable[[], object] = lambda: True,
) -> T:
    """What stands in the channel, once it does and nobody is in doubt any more.

    there: what stands in the channel; settled: whether colleagues see that it does.
    After a crash in the middle of publishing the bot asks an owner to look, and this one does.
    """
    deadline = monotonic() + owner.scene.patience

    def asked() -> Message | None:
        message = owner.message(words)
        return message if owner.can_press(message, owner.t("Post it again")) else None

    def done() -> bool:
        return bool(there() and settled())

    while monotonic() < deadline:
        await owner.until(lambda: done() or asked(), f"“{words}” in the channel")
        if asked():
            await _look(owner, asked, there())
        elif found := there():
            return found
    raise owner.failed(f"“{words}” in the channel, without a doubt")


async def _look(owner: Colleague, asked: Callable[[], Message | None], found: object) -> None:
    """It is there, or it is posted again: the owner has eyes."""
    message = asked()
    assert message is not None
    owner.scene.transcript.sees(
        owner.t("{name} hears from the bot:", name=owner.name), message.seen_by(owner.person)
    )
    label = owner.t("It is there") if found else owner.t("Post it again")

    def over() -> bool:
        return not asked() or owner.person.modal is not None

    await owner.presses(label, asked, over)
    if found and await owner.turns_out(lambda: owner.person.modal):
        number = getattr(found, "id", 0)
        link = f"https://t.me/{CHANNEL}/{number}"
        if await owner.submits({owner.t("Link"): link}):
            owner.goes_on()
    await owner.until(lambda: not asked(), "that the doubt is over")
