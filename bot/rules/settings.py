"""Settings: the strategy, changed part by part in forms. Checked as the strategy file is."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from bot.rules import strategy_checks as checks
from bot.rules import strategy_values as values
from bot.rules.refusals import InvalidForm, Phrase, Refusal
from bot.rules.strategy import SHAPES
from bot.rules.strategy_parts import LISTS, Pillar, Strategy
from bot.texts import N_

KINDS = ("platform", "target_group", "pillar", "house_rule", "topic", "statement")
"""What is a list in the settings; the organisation is there once."""

LABELS: Mapping[str, str] = {
    "name": N_("Name"),
    "weekly_note": N_("A note to the team on Mondays"),
    "country": N_("Country"),
    "publish": N_("Who publishes"),
    "purpose": N_("What it is for"),
    "cadence": N_("Posts a week"),
    "max_length": N_("Longest text, in characters"),
    "count": N_("What counts as its length"),
    "max_images": N_("Most images"),
    "needs_image": N_("Does a post need an image?"),
    "owners": N_("Owners"),
    "deputies": N_("Deputies"),
    "own_proposals": N_("May owners decide on their own proposals?"),
    "approvals": N_("Who has to approve"),
    "metrics": N_("Figures that it shows"),
    "share": N_("Share"),
    "text": N_("Text"),
    "words": N_("Words"),
    "owner": N_("Owner"),
    "statement": N_("Prepared statement"),
    "title": N_("Title"),
    "maintainer": N_("Who keeps it up to date"),
    "valid_until": N_("Valid until"),
}
"""A field of a form, by its key in the strategy file."""

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "platform": ("owners", "deputies"),
    "topic": ("owner", "deputies"),
    "statement": ("maintainer",),
}
"""Where people are named, the most responsible first."""

_percentage = values.number(0, 100)


@dataclass(frozen=True)
class Difference:
    """One part of the strategy, before (None: not in use) and after a change."""

    kind: str
    before: Any | None
    after: Any | None

    @property
    def part(self) -> Any:
        return self.after or self.before

    @property
    def keys(self) -> list[str]:
        """What it is found by, before and after."""
        return list(dict.fromkeys(identity(p) for p in (self.before, self.after) if p))

    @property
    def values(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was, and what is now, where that differs."""
        before, after = (vars(part) if part else {} for part in (self.before, self.after))
        names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
        return {n: before[n] for n in names if n in before}, {
            n: after[n] for n in names if n in after
        }


def identity(part: Any) -> str:
    """What a part is found by: its key, or else what names it."""
    if hasattr(part, "key"):
        return str(part.key)
    return _digest([getattr(part, name, "") for name in ("platform", "title", "text")])


def name_of(part: Any) -> str:
    """What people call it."""
    return next(str(getattr(part, key)) for key in ("name", "title", "text") if hasattr(part, key))


def seen(part: Any) -> str:
    """The part (or parts) as somebody sees it now: differs as soon as a value does."""
    return _digest(part)


def _digest(anything: object) -> str:
    return hashlib.sha256(repr(anything).encode()).hexdigest()[:16]


def check_still(part: Any, as_seen: str) -> None:
    """Raises Refusal where it is not any more what somebody saw when they began to type."""
    if seen(part) != as_seen:
        raise Refusal(
            "Somebody changed this while you were typing. Nothing of yours is lost: copy it, "
            "close this form, and open it again to see what it says now."
        )


def read_part(
    kind: str, typed: Mapping[str, Any], present: Any | None, others: Sequence[Any], key: str
) -> Any:
    """The part that the form makes, `present` (None: a new one) with what was typed.

    typed: field → as TOML would give it; None: left empty. others: the parts of this kind that
    are in use besides. key: of a new one.
    Raises InvalidForm with every mistake at its field.
    """
    shape = SHAPES[kind]
    read, errors = _read(kind, typed)
    part = {**(vars(present) if present else {}), **dict.fromkeys(errors), **read}
    for field, why in _wrong_together(kind, part, others):
        errors.setdefault(field, _labelled(field, why))
    if errors:
        raise InvalidForm(errors)
    if present is not None:
        return replace(present, **read)
    return shape.make(**read, **({"key": key} if "key" in shape.readers else {}))


def _read(kind: str, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Refusal]]:
    defaults = {f.name: f.default for f in fields(SHAPES[kind].make) if f.default is not MISSING}
    read: dict[str, Any] = {}
    errors: dict[str, Refusal] = {}
    for field, value in typed.items():
        try:
            if value is not None:
                read[field] = SHAPES[kind].readers[field](value)
            elif field in defaults:
                read[field] = defaults[field]
            else:
                raise values.empty()
        except Refusal as refusal:
            errors[field] = _labelled(field, refusal)
    return read, errors


def _wrong_together(
    kind: str, part: checks.Part, others: Sequence[Any]
) -> Iterator[tuple[str, Refusal]]:
    """What is wrong in this part, and only shows beside the others."""
    parts = [*map(vars, others), part]
    if same := _same_name(kind, parts):
        why = Refusal("{name} is there already. Choose another name.", name=same.name)
        yield same.key, why
    for wrong in checks.within(kind, parts):
        if wrong.place == len(others) and wrong.key != "share":  # shares have a form of their own
            yield wrong.key, wrong.why


def _same_name(kind: str, parts: Sequence[checks.Part]) -> checks.Same | None:
    """Where the last of the parts has the name of another."""
    shape = SHAPES[kind]
    keys = (shape.known_as,) if shape.known_as else shape.named_by
    found = checks.same_names(parts, keys) if keys else ()
    return next((same for same in found if same.place == len(parts) - 1), None)


def check_name(kind: str, part: Any, others: Sequence[Any]) -> None:
    """For a part that comes back. Raises Refusal where another has its name by now."""
    if _same_name(kind, [*map(vars, others), vars(part)]):
        raise Refusal(
            "{name} is there already. Give that one another name first.", name=name_of(part)
        )


def says(kind: str, typed: Mapping[str, Any], part: Any) -> bool:
    """Whether the part is just what the form says."""
    read, errors = _read(kind, typed)
    return not errors and all(getattr(part, name) == value for name, value in read.items())


def _labelled(field: str, refusal: Refusal) -> Refusal:
    return Refusal(refusal.sentence, **{"key": Phrase(LABELS[field]), **refusal.values})


def read_shares(typed: Mapping[str, float], present: Mapping[str, float]) -> dict[str, float]:
    """The shares of all pillars (of 1), typed as percentages.

    present: the shares as they are: one that was left as it is shown stays what it is.
    Raises InvalidForm, with the pillars' keys as fields.
    """
    errors, shares = {}, {}
    for key, value in typed.items():
        try:
            percent = _percentage(value)
        except Refusal as refusal:
            errors[key] = _labelled("share", refusal)
            continue
        was = present.get(key)
        is_untouched = was is not None and percent == percentage(was)
        shares[key] = was if was is not None and is_untouched else round(percent / 100, 6)
    total = checks.wrong_total(list(shares.values()))
    if total is not None and not errors:
        errors[list(shares)[-1]] = _not_all(total)
    if errors:
        raise InvalidForm(errors)
    return shares


def percentage(share: float) -> float:
    """As it is shown: of 100, with two decimals at most."""
    return round(share * 100, 2)


def _not_all(total: float) -> Refusal:
    made, missing = percentage(total), percentage(1 - total)
    if missing > 0:
        return Refusal(
            "Together this makes {total}%, so {missing}% is still missing. Add it where you like.",
            total=f"{made:g}",
            missing=f"{missing:g}",
        )
    return Refusal(
        "Together this makes {total}%, which is {more}% too much. Take it off where you like.",
        total=f"{made:g}",
        more=f"{-missing:g}",
    )


def check_whole(old: Strategy, new: Strategy) -> None:
    """What no form shows: what has to hold whatever comes or goes. Raises Refusal."""
    if old.platforms and not new.platforms:
        raise Refusal("This is the only platform. Add another one first.")
    total = checks.wrong_total([pillar.share for pillar in new.pillars])
    if total is not None and new.pillars != old.pillars:
        raise Refusal("Other pillars are there now than you saw. Open the pillars again.")


def new_key(name: str, kind: str, taken: Collection[str]) -> str:
    """A key that nothing else has, nor ever had; it stays when the name changes."""
    meant = values.as_key(name)[: values.MAX_KEY - 5].strip("-") or kind.replace("_", "-")
    number, key = 1, meant
    while key in taken:
        number += 1
        key = f"{meant}-{number}"
    return key


def parts_of(strategy: Strategy, kind: str) -> tuple[Any, ...]:
    if kind == "organisation":
        return (strategy.organisation,)
    found: tuple[Any, ...] = getattr(strategy, LISTS[kind])
    return found


def with_parts(strategy: Strategy, kind: str, parts: Sequence[Any]) -> Strategy:
    if kind == "organisation":
        return replace(strategy, organisation=parts[0])
    lists: dict[str, Any] = {LISTS[kind]: tuple(parts)}
    return replace(strategy, **lists)


def without(strategy: Strategy, kind: str, key: str) -> Strategy:
    """The strategy without a part, and without what cannot be there without it."""
    left = [part for part in parts_of(strategy, kind) if identity(part) != key]
    strategy = with_parts(strategy, kind, left)
    if kind == "platform":
        for hanging in ("slot", "goal"):
            kept = [part for part in parts_of(strategy, hanging) if part.platform != key]
            strategy = with_parts(strategy, hanging, kept)
    return strategy


def only_what_is_in_use(strategy: Strategy) -> Strategy:
    """What names something that is not used any more names nothing there.

    A fixed moment is for any pillar then, and its reminders are for every owner.
    """
    pillars = {pillar.key for pillar in strategy.pillars}
    groups = {group.key for group in strategy.target_groups}
    people = {p.key: {*p.owners, *p.deputies} for p in strategy.platforms}
    slots = [
        replace(
            slot,
            pillar=_if_in(pillars, slot.pillar),
            owner=_if_in(people[slot.platform], slot.owner),
        )
        for slot in strategy.slots
    ]
    days = [
        replace(
            day, pillar=_if_in(pillars, day.pillar), target_group=_if_in(groups, day.target_group)
        )
        for day in strategy.special_days
    ]
    return replace(strategy, slots=tuple(slots), special_days=tuple(days))


def _if_in(known: Collection[str], name: str | None) -> str | None:
    return name if name in known else None


def moved(parts: Sequence[Any], key: str, place: int) -> tuple[Any, ...]:
    """The parts with one of them at another place, counted from 0."""
    (part,) = (part for part in parts if identity(part) == key)
    others = [other for other in parts if other is not part]
    return (*others[:place], part, *others[place:])


def with_shares(pillars: Sequence[Pillar], shares: Mapping[str, float]) -> tuple[Pillar, ...]:
    """Those that have a share, with it."""
    return tuple(replace(p, share=shares[p.key]) for p in pillars if p.key in shares)


def differences(old: Strategy, new: Strategy) -> Iterator[Difference]:
    """Every part that is not what it was; the order of the parts is none."""
    for kind in ("organisation", *LISTS):
        before, after = (
            {identity(part): part for part in parts_of(strategy, kind)} for strategy in (old, new)
        )
        gone = [part for key, part in before.items() if key not in after]
        come = [part for key, part in after.items() if key not in before]
        if kind == "house_rule" and len(gone) == len(come) == 1:  # it has other words now
            yield Difference(kind, gone[0], come[0])
            gone = come = []
        yield from (Difference(kind, part, None) for part in gone)
        yield from (Difference(kind, None, part) for part in come)
        for key, part in after.items():
            if key in before and before[key] != part:
                yield Difference(kind, before[key], part)


def people_in(kind: str, part: Any | None) -> dict[str, str]:
    """Slack user id → the field in which they are named; the most responsible one counts."""
    found: dict[str, str] = {}
    for field in PEOPLE.get(kind, ()) if part else ():
        value = getattr(part, field)
        for person in (value,) if isinstance(value, str) else value:
            found.setdefault(person, field)
    return found
