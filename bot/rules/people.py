"""What a colleague may do. Asked for every action, every time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from bot.rules.posts import PlacementStatus, PostAction, refusal
from bot.rules.refusals import Mention, Refusal
from bot.texts import N_

Approvals = int | Literal["all"]
"""So many of those who decide have to approve; "all": as many as there are owners."""

NOBODY: frozenset[str] = frozenset()

MOST_TO_ASK = 5
"""So many people are named to somebody who is to ask one of them."""


class Role(StrEnum):
    """What a person is to a post. One person can be several; everybody is a colleague."""

    PROPOSER = "proposer"
    DECIDER = "decider"  # decides at this moment, for a platform or a sensitive topic
    RESPONSIBLE = "responsible"  # owner or deputy of one of the post's platforms
    COLLEAGUE = "colleague"


@dataclass(frozen=True)
class Permission:
    """Who may do something, while a placement stands where, and what anybody else reads."""

    who: frozenset[Role]
    while_in: frozenset[PlacementStatus]
    refusal: str


_R, _A, _S = Role, PostAction, PlacementStatus
_NOT_YOURS_TO_DECIDE = N_(
    "Only the people who are responsible for {platforms} decide on this. "
    "Do you have a remark? Write it in the thread below the card."
)
_NOT_YOURS_TO_HANDLE = N_(
    "Only the people who are responsible for {platforms} can do this. Ask one of them."
)
OWN_PROPOSAL = N_(
    "You proposed this yourself, so somebody else decides. You hear from me as soon as they have."
)
_DECISION = Permission(frozenset({_R.DECIDER}), frozenset({_S.PROPOSED}), _NOT_YOURS_TO_DECIDE)

PERMISSIONS: Mapping[PostAction, Permission] = {
    _A.APPROVE: _DECISION,
    _A.APPROVE_EDITED: _DECISION,
    _A.REQUEST_CHANGES: _DECISION,
    _A.REJECT: _DECISION,
    _A.HOLD: _DECISION,
    _A.EDIT: Permission(
        frozenset({_R.PROPOSER, _R.RESPONSIBLE}),
        frozenset({_S.PROPOSED, _S.CHANGES_REQUESTED, _S.APPROVED, _S.EXPIRED}),
        N_(
            "Only {proposer} and the people who are responsible for {platforms} can edit this. "
            "Write in the thread what you would change."
        ),
    ),
    _A.MOVE: Permission(
        frozenset({_R.PROPOSER, _R.RESPONSIBLE}),
        frozenset({_S.PROPOSED, _S.CHANGES_REQUESTED, _S.APPROVED, _S.EXPIRED}),
        N_(
            "Only {proposer} and the people who are responsible for {platforms} can move this. "
            "Write in the thread which moment you would choose."
        ),
    ),
    _A.WITHDRAW: Permission(
        frozenset({_R.PROPOSER}),
        frozenset(
            {
                _S.PROPOSED,
                _S.CHANGES_REQUESTED,
                _S.APPROVED,
                _S.EXPIRED,
                _S.FAILED,
                _S.HANDED,
            }
        ),
        N_("Only {proposer} can withdraw this. Write in the thread why you would."),
    ),
    _A.REOPEN: Permission(
        frozenset({_R.PROPOSER}),
        frozenset({_S.WITHDRAWN}),
        N_("Only {proposer} can open this again. Write in the thread why you would."),
    ),
    _A.CONFIRM: Permission(
        frozenset({_R.RESPONSIBLE}), frozenset({_S.HANDED, _S.IN_DOUBT}), _NOT_YOURS_TO_HANDLE
    ),
    _A.RETRY: Permission(
        frozenset({_R.RESPONSIBLE}), frozenset({_S.IN_DOUBT, _S.FAILED}), _NOT_YOURS_TO_HANDLE
    ),
}
"""What colleagues may do to a post: the one table. What is not in it is for the time.

Where a person may and the status does not fit, they read where it stands, or who decided. Who
proposed it and may not decide reads OWN_PROPOSAL.
"""


@dataclass(frozen=True)
class Standing:
    """Where the approvals of a proposal stand, for one platform or topic.

    missing: how many are still needed; 0 is enough. awaited: whose approval would count.
    """

    missing: int
    awaited: tuple[str, ...]


@dataclass(frozen=True)
class PlatformPeople:
    """Who decides for one platform or one sensitive topic, by Slack user id."""

    key: str
    name: str
    owners: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    own_proposals: bool = False  # the strategy file lets owners decide on their own proposals
    approvals: Approvals = 1
    away: frozenset[str] = NOBODY
    escalated: bool = False  # nobody decided in time: the deputies decide beside the owners

    def deciders(self, proposer: str, approved: Collection[str] = NOBODY) -> tuple[str, ...]:
        """Who decides on a proposal of `proposer`: the owners; deputies where these are too few.

        approved: who approved the present revision already.
        """
        able_owners = self._able(self.owners, proposer)
        present = [p for p in able_owners if p not in self.away]
        given = [p for p in self._able(self._all, proposer) if p in approved]
        return _each_once(given, present, self.standing(proposer, approved).awaited)

    def standing(self, proposer: str, approved: Collection[str] = NOBODY) -> Standing:
        """What the approvals so far are worth. An approval stays one when its giver goes away.

        A deputy fills the place of an owner who proposed it or is away. Where the people are
        fewer than the policy asks, all of them are enough; where all are away, no absence counts,
        so that somebody always decides. Nobody at all: one is missing, and stays missing.
        Once it is escalated, a deputy's approval counts as an owner's, whoever of them is there.
        """
        able = self._able(self._all, proposer)
        given = [p for p in able if p in approved]
        left = [p for p in able if p not in approved]
        present = [p for p in left if p not in self.away]
        if not given and not present:
            present = left
        owners = [p for p in present if p in self.owners]
        missing = self._wanted - len(given)
        if self.approvals == "all" and not self.escalated:
            missing = max(missing, len(owners))
        if missing <= 0:
            return Standing(0, ())
        enough = len(owners) >= missing and not self.escalated
        awaited = owners if enough else _each_once(owners, present)
        least = 0 if given else 1
        return Standing(max(least, min(missing, len(awaited))), tuple(awaited))

    def in_place_of(self, owner: str) -> tuple[str, ...]:
        """Who gets what is meant for this owner: themselves; while away, the deputies who are
        not; where there is none, still the owner."""
        if owner not in self.away:
            return (owner,)
        return tuple(d for d in self.deputies if d not in self.away) or (owner,)

    @property
    def hands(self) -> tuple[str, ...]:
        """Who gets what is to be done: the owners, or whoever is there in their place."""
        return _each_once(*(self.in_place_of(owner) for owner in self.owners or self.deputies))

    @property
    def _all(self) -> tuple[str, ...]:
        return _each_once(self.owners, self.deputies)

    @property
    def _wanted(self) -> int:
        return len(self.owners) if self.approvals == "all" else self.approvals

    def _able(self, people: tuple[str, ...], proposer: str) -> tuple[str, ...]:
        return people if self.own_proposals else tuple(p for p in people if p != proposer)


def _each_once(*people: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for group in people for person in group))


def with_one_approval(people: PlatformPeople) -> PlatformPeople:
    """For what one person decides, whatever the platform's policy for posts: polls."""
    return replace(people, approvals=1)


def decides_for(
    person: str, proposer: str, platforms: Sequence[PlatformPeople]
) -> tuple[PlatformPeople, ...]:
    """The platforms among `platforms` that `person` decides for.

    Raises Refusal where there is none, with who does decide.
    """
    theirs = tuple(p for p in platforms if person in p.deciders(proposer))
    if not any(p.deciders(proposer) for p in platforms):
        raise nobody_decides(platforms)
    check_may(PostAction.APPROVE, person, proposer, platforms, decides=bool(theirs))
    return theirs


def may_edit(person: str, proposer: str, platforms: Sequence[PlatformPeople]) -> None:
    """The proposer, and whoever owns one of its platforms. Raises Refusal for anybody else."""
    check_may(PostAction.EDIT, person, proposer, platforms)


def may_move(person: str, proposer: str, platforms: Sequence[PlatformPeople]) -> None:
    """Who may edit it. Raises Refusal for anybody else."""
    check_may(PostAction.MOVE, person, proposer, platforms)


def keeps_decisions(person: str, proposer: str, moved: Sequence[PlatformPeople]) -> bool:
    """Whether what was decided stands when this person moves a post to another moment.

    Whoever could approve it for each of the platforms on which it is moved chooses the moment, as
    they do when they approve. Of anybody else, the proposer for one, it is an edit.
    """
    return all(
        person in p.owners + p.deputies and (person != proposer or p.own_proposals) for p in moved
    )


def may_withdraw(person: str, proposer: str) -> None:
    """Only the proposer. Raises Refusal for anybody else."""
    check_may(PostAction.WITHDRAW, person, proposer, ())


def may_reopen(person: str, proposer: str) -> None:
    """Only the proposer. Raises Refusal for anybody else."""
    check_may(PostAction.REOPEN, person, proposer, ())


def may_handle(person: str, platforms: Sequence[PlatformPeople]) -> None:
    """Tasks without a proposer (stories, posting by hand): owners and deputies, of any of these."""
    if not any(p.owners + p.deputies for p in platforms):
        raise nobody_decides(platforms)
    check_may(PostAction.CONFIRM, person, "", platforms)


def may_plan(person: str, people: PlatformPeople, admins: Collection[str]) -> None:
    """Fixed moments: the platform's owners and deputies, and the administrators.

    Raises Refusal for anybody else, with who may.
    """
    able = _each_once(people.owners, people.deputies, admins)
    if person not in able:
        raise Refusal(
            "Only the people who are responsible for {platform} and the administrators can change "
            "its fixed moments. Ask {people}.",
            platform=people.name,
            people=tuple(Mention(each) for each in able[:MOST_TO_ASK]),
        )


def roles_of(
    person: str, proposer: str, platforms: Sequence[PlatformPeople], *, decides: bool = False
) -> frozenset[Role]:
    roles = {Role.COLLEAGUE}
    if person == proposer:
        roles.add(Role.PROPOSER)
    if any(person in p.owners + p.deputies for p in platforms):
        roles.add(Role.RESPONSIBLE)
    if decides:
        roles.add(Role.DECIDER)
    return frozenset(roles)


def allowed(roles: Collection[Role]) -> frozenset[PostAction]:
    """What somebody with these roles may do, wherever the post stands so that it is possible."""
    return frozenset(what for what, may in PERMISSIONS.items() if may.who.intersection(roles))


def check_may(
    what: PostAction,
    person: str,
    proposer: str,
    platforms: Sequence[PlatformPeople],
    *,
    decides: bool = False,
) -> None:
    """The one place where the table is asked who may. Raises Refusal, with who may instead."""
    roles = roles_of(person, proposer, platforms, decides=decides)
    if what in allowed(roles):
        return
    raise Refusal(
        refusal_for(what, roles),
        proposer=Mention(proposer),
        platforms=tuple(p.name for p in platforms),
    )


def nobody_decides(platforms: Sequence[PlatformPeople]) -> Refusal:
    """Not for this person, nor for anybody: the strategy file has to name somebody."""
    if not platforms:
        return Refusal(
            "There is no platform for this in our strategy yet. "
            "Ask an administrator to add it in the settings."
        )
    return Refusal(
        "Nobody is named yet who can decide on this for {platforms}. "
        "Ask an administrator to name a deputy in the settings.",
        platforms=tuple(p.name for p in platforms),
    )


def refusal_for(what: PostAction, roles: Collection[Role]) -> str:
    """The sentence for somebody with these roles, who may not."""
    permission = PERMISSIONS[what]
    if Role.PROPOSER in roles and permission.who == {Role.DECIDER}:
        return OWN_PROPOSAL
    return permission.refusal


def check_while_in(what: PostAction, status: PlacementStatus) -> None:
    """Raises Refusal where a colleague cannot do this to a placement that stands there."""
    if status not in PERMISSIONS[what].while_in:
        raise refusal(status)


def is_admin(person: str, admins: Collection[str]) -> bool:
    return person in admins


def check_admin(person: str, admins: Collection[str]) -> None:
    """Who changes the settings. Raises Refusal for anybody else, with who may."""
    if is_admin(person, admins):
        return
    if not admins:
        raise Refusal(
            "Nobody is named as an admin yet, and only admins change the settings. "
            "Ask whoever runs this bot to put your Slack id in SLACK_ADMINS."
        )
    raise Refusal(
        "Only the admins change the settings: {who}. Ask one of them.",
        who=tuple(Mention(admin) for admin in admins),
    )
