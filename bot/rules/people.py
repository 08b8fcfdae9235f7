"""What a colleague may do. Asked for every action, every time."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules.refusals import Mention, Refusal


@dataclass(frozen=True)
class PlatformPeople:
    """Who decides for one platform, by Slack user id."""

    key: str
    name: str
    owners: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    own_proposals: bool = False  # the strategy file lets owners decide on their own proposals

    def deciders(self, proposer: str) -> tuple[str, ...]:
        """Who decides on a proposal of `proposer`: the owners; a deputy where no owner can."""
        return self._without(self.owners, proposer) or self._without(self.deputies, proposer)

    def _without(self, people: tuple[str, ...], proposer: str) -> tuple[str, ...]:
        return people if self.own_proposals else tuple(p for p in people if p != proposer)


def decides_for(
    person: str, proposer: str, platforms: Sequence[PlatformPeople]
) -> tuple[PlatformPeople, ...]:
    """The platforms among `platforms` that `person` decides for.

    Raises Refusal where there is none, with who does decide.
    """
    theirs = tuple(p for p in platforms if person in p.deciders(proposer))
    if theirs:
        return theirs
    if not any(p.deciders(proposer) for p in platforms):
        raise _nobody_decides(platforms)
    if person == proposer:
        raise Refusal(
            "You proposed this yourself, so somebody else decides. "
            "You hear from me as soon as they have."
        )
    raise Refusal(
        "Only the people who are responsible for {platforms} decide on this. "
        "Do you have a remark? Write it in the thread below the card.",
        platforms=tuple(p.name for p in platforms),
    )


def may_edit(person: str, proposer: str, platforms: Sequence[PlatformPeople]) -> None:
    """The proposer, and whoever owns one of its platforms. Raises Refusal for anybody else."""
    if person != proposer and not any(person in p.owners + p.deputies for p in platforms):
        raise Refusal(
            "Only {proposer} and the people who are responsible for {platforms} can edit this. "
            "Write in the thread what you would change.",
            proposer=Mention(proposer),
            platforms=tuple(p.name for p in platforms),
        )


def may_withdraw(person: str, proposer: str) -> None:
    """Only the proposer. Raises Refusal for anybody else."""
    if person != proposer:
        raise Refusal(
            "Only {proposer} can withdraw this. Write in the thread why you would.",
            proposer=Mention(proposer),
        )


def may_handle(person: str, platforms: Sequence[PlatformPeople]) -> None:
    """Tasks without a proposer (stories, posting by hand): owners and deputies, of any of these."""
    if any(person in p.owners + p.deputies for p in platforms):
        return
    if not any(p.owners + p.deputies for p in platforms):
        raise _nobody_decides(platforms)
    raise Refusal(
        "Only the people who are responsible for {platforms} can do this. Ask one of them.",
        platforms=tuple(p.name for p in platforms),
    )


def _nobody_decides(platforms: Sequence[PlatformPeople]) -> Refusal:
    """Not for this person, nor for anybody: the strategy file has to name somebody."""
    if not platforms:
        return Refusal(
            "There is no platform for this in our strategy yet. "
            "Ask an administrator to add it to the strategy file."
        )
    return Refusal(
        "Nobody is named yet who can decide on this for {platforms}. "
        "Ask an administrator to name a deputy in the strategy file.",
        platforms=tuple(p.name for p in platforms),
    )
