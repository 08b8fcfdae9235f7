"""Settings: what is saved in Slack, beside the strategy file and beside others who save."""

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import responsibilities, settings, strategy
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.settings import KINDS
from bot.rules.strategy import Strategy, read
from bot.rules.strategy_parts import LISTS
from bot.rules.strategy_text import write
from storage.models import AuditEntry, Notice
from tests.actions.test_strategy import EXAMPLE
from tests.factories import ADMIN, OTHER_OWNER, OWNER


async def kept(desk: Desk) -> Strategy:
    found = await strategy.current(desk)
    assert found is not None
    return found


async def seen(desk: Desk, kind: str, key: str = "") -> tuple[str, str]:
    """The key and what was seen of one part; without a key the first."""
    found = await settings.show(desk, ADMIN, kind)
    setting = found.find(key) if key else found.in_use[0]
    return setting.key, setting.seen


async def rename(desk: Desk, kind: str, key: str, name: str) -> None:
    field = "title" if kind == "statement" else "name"
    await settings.save(desk, ADMIN, kind, {field: name}, *await seen(desk, kind, key))


async def entries(desk: Desk) -> list[AuditEntry]:
    return await desk.database.read(
        lambda s: list(s.exec(select(AuditEntry).where(AuditEntry.entity == "strategy")))
    )


async def test_a_file_says_what_it_overruled_and_only_that(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    await rename(desk, "platform", "telegram", "Our Telegram")
    await rename(desk, "target_group", "parents", "Parents")
    await settings.retire(desk, ADMIN, "statement", "membership")
    written = read(write(await kept(desk)))
    assert await strategy.load(desk, written) == LoadReport(unchanged=_parts(written))
    groups = (replace(EXAMPLE.target_groups[0], name="Parents"), *EXAMPLE.target_groups[1:])
    report = await strategy.load(desk, replace(EXAMPLE, target_groups=groups))
    assert report.overruled == ("Telegram", "Membership for children")
    await strategy.load(desk, replace(EXAMPLE, target_groups=groups[1:]))
    report = await strategy.load(desk, EXAMPLE)
    assert report.overruled == ()


async def test_a_reworded_house_rule_is_overruled_by_the_file(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    found = await settings.show(desk, ADMIN, "house_rule")
    first = found.in_use[0]
    await settings.save(desk, ADMIN, "house_rule", {"text": "Ask"}, first.key, first.seen)
    assert (await strategy.load(desk, EXAMPLE)).overruled == (first.part.text,)


async def test_two_who_save_at_once_are_one_after_the_other(desk: Desk) -> None:
    both = replace(desk, admins=(ADMIN, OWNER))
    key, as_seen = await seen(both, "platform", "telegram")
    saving = [
        settings.save(both, by, "platform", {"name": name}, key, as_seen)
        for by, name in ((ADMIN, "Ours"), (OWNER, "Theirs"), (ADMIN, "Ours"))
    ]
    results = await asyncio.gather(*saving, return_exceptions=True)
    refused = [each for each in results if isinstance(each, Refusal)]
    assert len([entry for entry in await entries(desk) if entry.action == "change"]) == 1
    assert len(refused) in {1, 2}
    name = (await kept(desk)).platforms[0].name
    assert (name, len(refused)) in {("Ours", 1), ("Theirs", 2)}


async def test_two_who_change_different_parts_do_not_meet(desk: Desk) -> None:
    await strategy.load(desk, EXAMPLE)
    first, second = (
        await seen(desk, "platform", "telegram"),
        await seen(desk, "platform", "facebook"),
    )
    await settings.save(desk, ADMIN, "platform", {"name": "A"}, *first)
    await settings.save(desk, ADMIN, "platform", {"name": "B"}, *second)
    assert [p.name for p in (await kept(desk)).platforms] == ["A", "Instagram", "B", "Newsletter"]


async def test_what_a_form_does_not_show_stays(desk: Desk) -> None:
    """A key that the file knows and the form leaves out, say."""
    await strategy.load(desk, EXAMPLE)
    before = (await kept(desk)).topics[0]
    await settings.save(desk, ADMIN, "topic", {"name": "Data"}, *await seen(desk, "topic"))
    assert (await kept(desk)).topics[0] == replace(before, name="Data")


async def test_keys_are_never_given_twice(desk: Desk) -> None:
    for _ in range(2):
        await settings.save(desk, ADMIN, "target_group", {"name": "Youth"}, None, "")
        keys = [group.key for group in (await kept(desk)).target_groups]
        await settings.retire(desk, ADMIN, "target_group", keys[-1])
    retired = (await settings.show(desk, ADMIN, "target_group")).retired
    assert {setting.key for setting in retired} == {"youth", "youth-2"}
    await settings.bring_back(desk, ADMIN, "target_group", "youth")
    with pytest.raises(Refusal, match="another name first"):
        await settings.bring_back(desk, ADMIN, "target_group", "youth-2")
    with pytest.raises(NotThere):
        await settings.bring_back(desk, ADMIN, "target_group", "nothing")


async def test_what_comes_back_names_no_pillar_that_is_gone(desk: Desk) -> None:
    await settings.retire(desk, ADMIN, "platform", "telegram")
    pillars = await settings.show(desk, ADMIN, "pillar")
    await settings.save_pillars(desk, ADMIN, {"story": 100}, pillars.seen)
    await settings.bring_back(desk, ADMIN, "platform", "telegram")
    assert [(s.title, s.pillar) for s in (await kept(desk)).slots] == [("Book tip", None)]
    assert read(write(await kept(desk))) == await kept(desk)


async def test_who_is_responsible_hears_it_once_and_only_while_it_is_true(desk: Desk) -> None:
    async def to_tell() -> list[tuple[Any, ...]]:
        def look(session: Session) -> list[Notice]:
            return list(session.exec(select(Notice).where(Notice.kind.startswith("responsib"))))

        found = []
        for notice in await desk.database.read(look):
            p = notice.payload
            still = await responsibilities.show(
                desk, p["part"], p["part_key"], notice.recipient, p["field"]
            )
            found.append((notice.recipient, p["field"], still and still.people))
        return found

    typed = {"owners": ["U5NEW", ADMIN], "deputies": [OWNER]}
    await settings.save(desk, ADMIN, "platform", typed, *await seen(desk, "platform", "telegram"))
    people = ("U5NEW", ADMIN, OWNER)
    assert sorted(await to_tell(), key=str) == [
        (OWNER, "deputies", people),
        (OTHER_OWNER, None, people),
        ("U5NEW", "owners", people),
    ]
    await settings.retire(desk, ADMIN, "platform", "telegram")
    told = await to_tell()
    assert (OWNER, "deputies", None) in told
    assert any(each[1:] == (None, ()) for each in told if each[0] == OWNER)
    assert ADMIN not in {person for person, _, _ in told}


def _parts(found: Strategy) -> int:
    return 1 + sum(len(getattr(found, parts)) for parts in LISTS.values())


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_done_the_file_says_it_and_loads_unchanged(desk: Desk, seed: int) -> None:
    """A walk of changes at random: some are refused, and after each the strategy is whole."""
    chance = random.Random(seed)
    await strategy.load(desk, EXAMPLE)
    done = 0
    for _ in range(40):
        try:
            await _something(desk, chance)
            done += 1
        except (Refusal, InvalidForm):
            pass
        found = await kept(desk)
        assert read(write(found)) == found
        assert await strategy.load(desk, found) == LoadReport(unchanged=_parts(found))
    assert done > 10
    await strategy.load(desk, EXAMPLE)
    assert await strategy.load(desk, EXAMPLE) == LoadReport(unchanged=_parts(EXAMPLE))
    assert (await kept(desk)).platforms == EXAMPLE.platforms


async def _something(desk: Desk, chance: random.Random) -> None:
    kind = chance.choice(KINDS)
    found = await settings.show(desk, ADMIN, kind)
    used = [setting.key for setting in found.in_use]
    name = chance.choice("ABCDE")
    match chance.randrange(5):
        case 0 if used:
            await settings.retire(desk, ADMIN, kind, chance.choice(used))
        case 1 if found.retired:
            await settings.bring_back(desk, ADMIN, kind, chance.choice(found.retired).key)
        case 2 if used:
            await settings.move(desk, ADMIN, kind, chance.choice(used), chance.randrange(5))
        case 3:
            every = (*found.in_use, *found.retired)
            keys = [s.key for s in chance.sample(every, chance.randint(1, len(every)))]
            if kind == "pillar":
                shares = {key: 100 / len(keys) for key in keys}
                await settings.save_pillars(desk, ADMIN, shares, found.seen)
        case _:
            setting = chance.choice(found.in_use) if used and chance.random() < 0.7 else None
            typed = _typed(kind, name, chance, is_new=setting is None)
            key, as_seen = (setting.key, setting.seen) if setting else (None, "")
            await settings.save(desk, ADMIN, kind, typed, key, as_seen)


def _typed(kind: str, name: str, chance: random.Random, is_new: bool) -> dict[str, Any]:
    people = chance.sample([OWNER, OTHER_OWNER, ADMIN], 2)
    everything: dict[str, dict[str, Any]] = {
        "platform": {
            "name": name,
            "publish": "by hand",
            "purpose": "",
            "cadence": chance.randrange(9),
            "max_length": 100,
            "owners": people,
            "deputies": None,
            "approvals": chance.choice([1, 2, 3, "all"]),
        },
        "target_group": {"name": name},
        "pillar": {"name": name, **({"share": 0} if is_new else {})},
        "house_rule": {"text": name},
        "topic": {"name": name, "words": [name], "owner": people[0]},
        "statement": {"title": name, "text": name, "maintainer": people[1], "valid_until": None},
    }
    return everything[kind]
