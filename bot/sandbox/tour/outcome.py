"""What happened on both sides, in a form that can be compared with another tour's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.telegram import Message
from bot.sandbox.tour.scene import Scene
from bot.sandbox.world import REVIEW_CHANNEL, World
from bot.texts import Texts

_MINUTE = re.compile(r"\b\d{1,2}[:.]\d{2}\b")


@dataclass(frozen=True)
class Outcome:
    """What is the same in every tour, whatever happened to the bot in between.

    What was said to one person is a set: after a crash a private message may come twice. Left out
    is what depends on the moment: how a ballot, an unfinished story or a reminder stood, what was
    said besides an acknowledgement, and the question whether something arrived. Minutes and
    receipt numbers are masked.
    """

    steps: int
    failed: tuple[str, ...]
    """The titles of the steps that failed, or were not played for that."""

    done: Mapping[str, int]
    """How many proposals, decisions, votes, stories and posts there were."""

    channel: tuple[str, ...]
    """The Telegram channel, message by message."""

    native_votes: Mapping[str, Mapping[str, int]]
    """The channel's polls: question → option → votes."""

    cards: tuple[str, ...]
    """What stands in Slack's review channel at the end, with its threads."""

    direct: Mapping[str, frozenset[str]]
    """What the bot said to each colleague in a direct message."""

    private: Mapping[str, frozenset[str]]
    """What the bot said to each follower."""

    seconds: float = field(compare=False)
    messages: Mapping[str, int] = field(compare=False)
    """How many there are on each side; a repeated attempt counts, so it is not compared."""

    @property
    def passed(self) -> bool:
        return not self.failed


def look(scene: Scene, steps: int, failed: tuple[str, ...], seconds: float) -> Outcome:
    """The outcome, as it can be seen on both sides at this moment."""
    world, reader = scene.world, scene.world.colleagues.tom

    def masked(seen: str) -> str:
        for receipt in scene.receipts:
            seen = seen.replace(receipt, "······")
        return _MINUTE.sub("··:··", seen)

    cards = world.slack.channel_messages(REVIEW_CHANNEL)
    polls = [m.poll for m in world.channel.messages if m.poll]
    return Outcome(
        steps=steps,
        failed=failed,
        done=dict(scene.done),
        channel=tuple(masked(m.seen()) for m in world.channel.messages),
        native_votes={p.question: {o.text: p.count(o) for o in p.options} for p in polls},
        cards=tuple(
            masked("\n".join(m.seen_by(reader) for m in [card, *card.thread])) for card in cards
        ),
        direct={
            person.name: frozenset(
                masked(m.seen_by(person)) for m in person.direct_messages() if _is_notice(m)
            )
            for person in world.colleagues.everybody()
        },
        private={
            person.name: frozenset(
                masked(m.seen()) for m in _from_bot(world, person.chat) if not _is_passing(m)
            )
            for person in world.followers.everybody()
        },
        seconds=seconds,
        messages=_messages(world),
    )


def summary(outcome: Outcome, t: Texts) -> list[str]:
    """What happened, in a few lines."""
    if outcome.passed:
        first = t.n("The one step worked.", "All {n} steps worked.", outcome.steps)
    else:
        first = t("It failed at: {step}", step=t(outcome.failed[0]))
    return [
        first,
        *(f"  {line}" for line in _counted(outcome, t)),
    ]


def _counted(outcome: Outcome, t: Texts) -> list[str]:
    done = outcome.done
    return [
        t("Proposals: {n}", n=done.get("proposals", 0)),
        t("Decisions: {n}", n=done.get("decisions", 0)),
        t("Votes that count: {n}", n=done.get("votes", 0)),
        t("Stories sent in: {n}", n=done.get("stories", 0)),
        t("Posts published: {n}", n=done.get("posts", 0)),
        t(
            "The bot sent {slack} messages in Slack and {telegram} in Telegram; "
            "followers sent it {followers}, and pressed {presses} buttons.",
            **outcome.messages,
        ),
        t("It took {seconds} seconds.", seconds=t.number(round(outcome.seconds, 1))),
    ]


def _messages(world: World) -> dict[str, int]:
    followers = world.followers.everybody()
    in_slack = [m for messages in world.slack.space.messages.values() for m in messages]
    return {
        "slack": sum(message.user == world.slack.space.bot.id for message in in_slack),
        "telegram": sum(len(_from_bot(world, person.chat)) for person in followers)
        + len(world.channel.messages),
        "followers": sum(m.sender is person.user for person in followers for m in person.chat),
        "presses": len(world.telegram.state.callbacks),
    }


def _is_notice(message: SlackMessage) -> bool:
    """What the bot must say, and nothing about its own doubts. A reminder shows what is left to do
    at that moment, and is not compared."""
    key = (message.metadata or {}).get("event_payload", {}).get("notice", "")
    return bool(key) and "in_doubt" not in key and not key.startswith("reminder_message.")


def _is_passing(message: Message) -> bool:
    """A ballot, or how much there is of a story so far."""
    data = [str(b.get("callback_data", "")) for row in message.keyboard for b in row]
    return any(one.startswith("v:") or one.endswith(":done") for one in data)


def _from_bot(world: World, chat: list[Message]) -> list[Message]:
    return [message for message in chat if message.sender is world.telegram.state.bot]
