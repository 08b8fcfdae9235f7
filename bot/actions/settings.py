"""Settings: admins change the strategy, part by part. What they save is loaded as a file is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.actions import responsibilities, strategy
from bot.actions.transaction import Desk, Transaction, action, query
from bot.rules import settings as rules
from bot.rules.people import check_admin
from bot.rules.refusals import NotThere, Refusal
from bot.rules.strategy import Organisation, Pillar, Strategy
from storage.queries import strategy as queries

NOTHING_YET = Strategy(Organisation(""), (), (), (), (), (), (), ())


@dataclass(frozen=True)
class Setting:
    """A part of the strategy (a Platform, a Topic …), and what it is found by.

    seen: goes along with a form, so that a change in between is noticed.
    """

    key: str
    part: Any
    seen: str


@dataclass(frozen=True)
class Section:
    """The settings of one kind. seen: of all that are in use together."""

    kind: str
    in_use: tuple[Setting, ...]
    retired: tuple[Setting, ...]
    seen: str

    def find(self, key: str) -> Setting:
        """Raises NotThere where it is not in use any more."""
        for setting in self.in_use:
            if setting.key == key:
                return setting
        raise _gone()


async def may_change(desk: Desk, by: str) -> None:
    """Raises Refusal, which is audited, for whoever is no admin."""
    try:
        check_admin(by, desk.admins)
    except Refusal as refusal:
        await _note_refusal(desk, by, refusal.sentence)
        raise


async def show(desk: Desk, by: str, kind: str) -> Section:
    """Raises Refusal for whoever is no admin, as everything here does."""
    await may_change(desk, by)
    return await _show(desk, kind)


async def save(
    desk: Desk, by: str, kind: str, typed: Mapping[str, Any], key: str | None, seen: str
) -> None:
    """Adds a part (key: None), or changes one. The same again changes nothing.

    typed: field → the value as TOML would give it; None: left empty.
    Raises InvalidForm with every mistake at its field, and Refusal where somebody else changed
    the part meanwhile.
    """
    await may_change(desk, by)
    await _save(desk, by, kind, typed, key, seen)


async def save_pillars(
    desk: Desk, by: str, percentages: Mapping[str, float], seen: str, name: str | None = None
) -> None:
    """The pillars that are in use from now on, with their shares.

    percentages: by key; one that is missing is used no longer, a retired one is back. With
    `name` there is a new pillar; its percentage has the key "".
    Raises InvalidForm (fields: those keys, and "name"), and Refusal as `save` does.
    """
    await may_change(desk, by)
    await _save_pillars(desk, by, percentages, seen, name)


async def retire(desk: Desk, by: str, kind: str, key: str) -> None:
    """It is not used any more, and keeps its history; once more changes nothing."""
    await may_change(desk, by)
    await _retire(desk, by, kind, key)


async def bring_back(desk: Desk, by: str, kind: str, key: str) -> None:
    """It is used again, with what went along with it; once more changes nothing."""
    await may_change(desk, by)
    await _bring_back(desk, by, kind, key)


async def move(desk: Desk, by: str, kind: str, key: str, place: int) -> None:
    """To this place in the order in which people see the parts, counted from 0."""
    await may_change(desk, by)
    await _move(desk, by, kind, key, place)


@action
def _note_refusal(tx: Transaction, by: str, why: str) -> None:
    tx.audit(f"slack:{by}", "refused", "strategy", 1, why=why)


@query
def _show(tx: Transaction, kind: str) -> Section:
    parts = rules.parts_of(_present(tx), kind)
    is_list = kind in rules.KINDS
    return Section(
        kind,
        in_use=_settings(parts),
        retired=_settings(strategy.kept(tx, kind, in_use=False)) if is_list else (),
        seen=rules.seen(parts),
    )


def _settings(parts: tuple[Any, ...]) -> tuple[Setting, ...]:
    return tuple(Setting(rules.identity(part), part, rules.seen(part)) for part in parts)


@action
def _save(
    tx: Transaction, by: str, kind: str, typed: Mapping[str, Any], key: str | None, seen: str
) -> None:
    old = _present(tx)
    parts = rules.parts_of(old, kind)
    present = _found(parts, key) if key is not None else None
    others = [part for part in parts if part is not present]
    if present is None and any(rules.says(kind, typed, part) for part in parts):
        return  # the same form was sent before
    made = rules.read_part(kind, typed, present, others, _new_key(tx, old, kind, typed))
    if made == present:
        return
    if present is not None:
        rules.check_still(present, seen)
        if kind == "house_rule":
            strategy.reword_house_rule(tx, present.text, made.text)
        parts = tuple(made if part is present else part for part in parts)
    else:
        parts = (*parts, made)
    _become(tx, by, old, rules.with_parts(old, kind, parts))


@action
def _save_pillars(
    tx: Transaction, by: str, percentages: Mapping[str, float], seen: str, name: str | None
) -> None:
    old = _present(tx)
    known = (*old.pillars, *strategy.kept(tx, "pillar", in_use=False))
    shares = rules.read_shares(percentages, {pillar.key: pillar.share for pillar in known})
    if name is not None:
        added = _new_pillar(tx, old, {"name": name, "share": shares.pop("")}, shares)
        known = known if added in known else (*known, added)
        shares[added.key] = added.share
    pillars = rules.with_shares(known, shares)
    if pillars == old.pillars:
        return
    rules.check_still(old.pillars, seen)
    for place, pillar in enumerate(pillars):
        rules.check_name("pillar", pillar, pillars[:place])
    _become(tx, by, old, rules.with_parts(old, "pillar", pillars))


def _new_pillar(
    tx: Transaction, old: Strategy, typed: Mapping[str, Any], shares: Mapping[str, float]
) -> Pillar:
    """A new one, or the one that the same form has made already."""
    others = [pillar for pillar in old.pillars if pillar.key in shares]
    for pillar in old.pillars:
        if pillar not in others and rules.says("pillar", typed, pillar):
            return pillar
    key = _new_key(tx, old, "pillar", typed)
    made: Pillar = rules.read_part("pillar", typed, None, others, key)
    return made


@action
def _retire(tx: Transaction, by: str, kind: str, key: str) -> None:
    old = _present(tx)
    _become(tx, by, old, rules.without(old, kind, key))


@action
def _bring_back(tx: Transaction, by: str, kind: str, key: str) -> None:
    new = old = _present(tx)
    if any(rules.identity(part) == key for part in rules.parts_of(old, kind)):
        return
    coming = [(kind, key), *queries.went_along(tx.session, kind, key)]
    for each_kind, each_key in coming:
        retired = strategy.kept(tx, each_kind, in_use=False)
        found = tuple(part for part in retired if rules.identity(part) == each_key)
        new = rules.with_parts(new, each_kind, (*rules.parts_of(new, each_kind), *found))
    part = _found(rules.parts_of(new, kind), key)
    rules.check_name(kind, part, rules.parts_of(old, kind))
    _become(tx, by, old, new)


@action
def _move(tx: Transaction, by: str, kind: str, key: str, place: int) -> None:
    old = _present(tx)
    parts = rules.parts_of(old, kind)
    part = _found(parts, key)
    new = rules.moved(parts, key, place)
    if new != parts:
        strategy.keep(tx, rules.with_parts(old, kind, new))
        _audit(tx, by, "move", kind, part, keys=[])


def _become(tx: Transaction, by: str, old: Strategy, new: Strategy) -> None:
    """The new strategy is kept; each difference is audited, and told to whom it concerns."""
    new = rules.only_what_is_in_use(new)
    differences = list(rules.differences(old, new))
    if not differences:
        return
    rules.check_whole(old, new)
    if not new.organisation.name:
        raise Refusal("Fill in the organisation first; then the rest.")
    strategy.keep(tx, new)
    gone = [(each.kind, each.keys[0]) for each in differences if each.after is None]
    for each in differences:
        before, after = each.values
        what = "change" if each.before and each.after else "add" if each.after else "retire"
        entry = _audit(
            tx,
            by,
            what,
            each.kind,
            each.part,
            keys=each.keys,
            before=_plain(before),
            after=_plain(after),
            along=gone,
        )
        responsibilities.tell(tx, by, each, entry)


def _audit(tx: Transaction, by: str, what: str, kind: str, part: Any, **details: Any) -> int:
    """The entry's id."""
    name = rules.name_of(part)
    entry = tx.audit(f"slack:{by}", what, "strategy", 1, kind=kind, name=name, **details)
    tx.session.flush()
    return entry.id or 0


def _present(tx: Transaction) -> Strategy:
    return strategy.as_kept(tx) or NOTHING_YET


def _found(parts: tuple[Any, ...], key: str) -> Any:
    for part in parts:
        if rules.identity(part) == key:
            return part
    raise _gone()


def _gone() -> NotThere:
    return NotThere("Somebody stopped using this meanwhile. You can bring it back in its list.")


def _new_key(tx: Transaction, old: Strategy, kind: str, typed: Mapping[str, Any]) -> str:
    if kind not in rules.KINDS:
        return ""
    parts = (*rules.parts_of(old, kind), *strategy.kept(tx, kind, in_use=False))
    name = str(typed.get("name") or typed.get("title") or "")
    return rules.new_key(name, kind, {rules.identity(part) for part in parts})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it."""
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in values.items()
    }
