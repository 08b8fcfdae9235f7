"""What becomes public, and the owner who looks in the channel when the bot is in doubt."""

from collections.abc import Callable
from time import monotonic

from bot.sandbox.slack import Message
from bot.sandbox.telegram import Message as ChannelMessage
from bot.sandbox.tour.colleague import Colleague
from bot.sandbox.world import CHANNEL


async def until_public(
    owner: Colleague,
    words: str,
    there: Callable[[], ChannelMessage | None],
    settled: Callable[[], object] = lambda: True,
) -> ChannelMessage:
    """What stands in the channel, once it does and the bot knows it.

    there: what stands in the channel; settled: whether people see that the bot knows.
    After a crash in the middle of publishing the bot asks an owner to look, and this one does.
    """
    deadline = monotonic() + owner.scene.patience

    def known() -> ChannelMessage | None:
        found = there()
        return found if found and settled() else None

    while monotonic() < deadline:
        await owner.until(lambda: known() or _asked(owner, words), f"“{words}” in the channel")
        await answer_doubt(owner, words, there())
        if found := known():
            return found
    raise owner.failed(f"“{words}” in the channel, without a doubt")


async def answer_doubt(owner: Colleague, words: str, found: ChannelMessage | None) -> None:
    """Where the bot asks whether this is in the channel: yes, and where; or post it again.

    found: what the owner sees in the channel.
    """
    if (message := _asked(owner, words)) is None:
        return
    t = owner.t
    owner.scene.transcript.sees(
        t("{name} hears from the bot:", name=owner.name), message.seen_by(owner.person)
    )

    def asked() -> Message | None:
        return _asked(owner, words)

    if found is None:
        await owner.presses(t("Post it again"), asked, lambda: not asked())
    else:
        await owner.opens_with(t("It is there"), asked)
        if await owner.submits({t("Link"): f"https://t.me/{CHANNEL}/{found.id}"}):
            owner.goes_on()
    await owner.until(lambda: not asked(), "that the doubt is over")


def _asked(owner: Colleague, words: str) -> Message | None:
    message = owner.earlier_message(words)
    return message if owner.can_press(message, owner.t("Post it again")) else None
