"""Settings: admins change the strategy in Slack, and nobody else does."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.actions import calendar, strategy
from bot.actions.transaction import Desk
from bot.rules.strategy import Strategy, read
from bot.rules.strategy_text import write
from bot.sandbox.slack import Person, View, forms, payloads
from storage.models import AuditEntry, Occurrence
from tests.actions.test_strategy import EXAMPLE
from tests.factories import ADMIN, OTHER_OWNER, OWNER
from tests.handlers.slack_kit import House, house

NEW_PLATFORM: Mapping[str, Any] = {
    "Name": "Mastodon",
    "What it is for": "Talk",
    "Owners": [OTHER_OWNER],
    "Posts a week": "2",
    "Longest text, in characters": "500",
}


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[House]:
    async with house(desk) as made:
        yield made


async def now(slack: House) -> Strategy:
    """What is kept. Written to a file and loaded again it is the very same, and nothing changes."""
    found = await strategy.current(slack.desk)
    assert found is not None
    assert read(write(found)) == found
    return found


async def audited(slack: House) -> list[AuditEntry]:
    def look(session: Session) -> list[AuditEntry]:
        entries = session.exec(select(AuditEntry).where(AuditEntry.entity == "strategy"))
        return [entry for entry in entries if entry.action != "load"]

    return await slack.read(look)


async def section(slack: House, name: str, by: Person | None = None) -> View:
    person = by or slack.admin
    await person.command("/social settings")
    await person.press(await person.sees_modal(), name)
    return await person.sees_modal()


async def press(
    slack: House, place: View, part: str, label: str, by: Person | None = None, times: int = 1
) -> None:
    """The button with this label that stands below this part."""
    person = by or slack.admin
    start = next(n for n, b in enumerate(place.blocks) if b.get("text", {}).get("text") == part)
    block, element = forms.find_button(place.blocks[start:], label)
    space = slack.slack.space
    given = [payloads.press(space, person.user, place, block, element, {}) for _ in range(times)]
    for payload in given:
        await slack.slack.socket_mode.deliver("interactive", payload)


async def form(slack: House, name: str, part: str, by: Person | None = None) -> View:
    """The form of a part."""
    listed = await section(slack, name, by)
    await press(slack, listed, part, "Change", by)
    return await (by or slack.admin).sees_modal()


def shown(view: View) -> str:
    return view.seen_by(view.workspace.users[view.user])


# Who may


async def test_only_admins_have_the_button_and_the_command(slack: House) -> None:
    assert "Settings" not in (await slack.olga.open_home()).buttons()
    answer = await slack.olga.command("/social settings") or ""
    assert "Only the admins change the settings: @Ad Min" in answer.replace(
        f"<@{ADMIN}>", "@Ad Min"
    )
    assert slack.olga.modal is None
    (entry,) = await audited(slack)
    assert (entry.actor, entry.action) == (f"slack:{OWNER}", "refused")
    home = await slack.admin.open_home()
    await slack.admin.press(home, "Settings")
    assert (await slack.admin.sees_modal()).title == "Settings"
    assert "/social settings" in (await slack.admin.command("/social help") or "")
    assert "/social settings" not in (await slack.olga.command("/social help") or "")
    await slack.nora.command("/social instellingen")


async def test_without_admins_it_says_how_somebody_becomes_one(desk: Desk) -> None:
    async with house(replace(desk, admins=())) as slack:
        assert "SLACK_ADMINS" in (await slack.admin.command("/social settings") or "")


async def test_a_form_of_an_admin_does_not_help_anybody_else(slack: House) -> None:
    """Who was an admin when it was opened, say."""
    before = await now(slack)
    await form(slack, "Platforms", "Telegram")
    opened = slack.admin.modal
    assert opened is not None
    payload = payloads.submission(slack.slack.space, slack.olga.user, opened)
    answer = await slack.slack.socket_mode.deliver("interactive", payload) or {}
    assert "Only the admins" in answer["errors"]["name"]
    listed = slack.slack.space.modals[ADMIN][1]
    for part, label in (("Telegram", "Down"), ("Telegram", "Stop using it")):
        await press(slack, listed, part, label, slack.olga)
    assert await now(slack) == before
    assert {entry.action for entry in await audited(slack)} == {"refused"}


# Platforms


async def test_a_platform_is_added_and_can_be_chosen_at_once(slack: House) -> None:
    listed = await section(slack, "Platforms")
    await slack.admin.press(listed, "Add a platform")
    assert await slack.admin.submit(NEW_PLATFORM) is None
    await slack.slack.until(lambda: "Mastodon" in shown(listed))
    added = (await now(slack)).platforms[-1]
    assert (added.key, added.name, added.owners) == ("mastodon", "Mastodon", (OTHER_OWNER,))
    assert (added.cadence, added.max_length, added.approvals) == (2, 500, 1)
    assert "mastodon" not in shown(listed)
    await slack.anna.command("/social propose")
    assert "Mastodon" in (await slack.anna.sees_modal()).options("Platforms")
    await slack.otto.sees("made you an owner of Mastodon")


async def test_owners_and_policy_change_with_everything_that_follows(slack: House) -> None:
    """Who decides from now on, their Home, and both hear of it."""
    await slack.proposed()
    await form(slack, "Platforms", "Telegram")
    changed = {"Owners": ["U04NORA"], "Deputies": [OTHER_OWNER], "Who has to approve": "2 people"}
    assert await slack.admin.submit(changed) is None
    await slack.nora.sees("verantwoordelijke voor Telegram")
    told = await slack.olga.sees("changed who looks after Telegram")
    assert "@Nora Bakker" in told.seen_by(slack.olga)
    assert "Waiting for you" not in (await slack.olga.open_home()).seen_by(slack.olga)
    await slack.card("@Nora Bakker")
    (entry,) = await audited(slack)
    assert (entry.actor, entry.action) == (f"slack:{ADMIN}", "change")
    assert entry.details["before"] == {"owners": [OWNER], "approvals": 1}
    assert entry.details["after"] == {"owners": ["U04NORA"], "approvals": 2}


async def test_a_policy_that_asks_less_approves_what_waited(slack: House) -> None:
    await form(slack, "Platforms", "Telegram")
    await slack.admin.submit({"Who has to approve": "2 people"})
    card = await slack.proposed()
    await slack.olga.press(card, "Approve")
    await slack.card("@Olga Jansen")
    await form(slack, "Platforms", "Telegram")
    await slack.admin.submit({"Who has to approve": "One person"})
    await slack.anna.sees("has every approval that it needs")


async def test_each_mistake_stands_at_its_field_and_nothing_is_lost(slack: House) -> None:
    before = await now(slack)
    await form(slack, "Platforms", "Telegram")
    wrong = {
        "Name": "INSTAGRAM",
        "What it is for": "Talk more",
        "Who has to approve": "3 people",
        "Posts a week": "201",
        "Longest text, in characters": "5000",
    }
    errors = await slack.admin.submit(wrong)
    assert errors == {
        "Name": "INSTAGRAM is there already. Choose another name.",
        "Who has to approve": "3 approvals cannot be had: 2 decide here, owners and deputies "
        "together. Ask for fewer, or name more people.",
        "Posts a week": "Posts a week is a number from 0 to 200.",
        "Longest text, in characters": "Telegram takes 4096 characters at most, so "
        "Longest text, in characters can be no more.",
    }
    assert "Talk more" in shown(await slack.admin.sees_modal())
    assert await now(slack) == before
    right = {"Name": "Telegram", "Who has to approve": "Every owner", "Posts a week": "0.5"}
    assert await slack.admin.submit({**right, "Longest text, in characters": "4096"}) is None
    after = (await now(slack)).platforms[0]
    assert (after.purpose, after.approvals, after.cadence) == ("Talk more", "all", 0.5)


async def test_somebody_has_to_own_a_platform(slack: House) -> None:
    await form(slack, "Platforms", "Telegram")
    assert set(await slack.admin.submit({"Owners": []}) or {}) == {"Owners"}  # Slack says so
    opened = slack.admin.modal
    assert opened is not None
    payload = payloads.submission(slack.slack.space, slack.admin.user, opened)
    answer = await slack.slack.socket_mode.deliver("interactive", payload) or {}
    assert "one owner at least" in answer["errors"]["owners"]


async def test_a_platform_goes_and_comes_back_with_its_fixed_moments(slack: House) -> None:
    await strategy.load(slack.desk, EXAMPLE)
    await calendar.make_occurrences(slack.desk)
    before = await now(slack)
    listed = await section(slack, "Platforms")
    await press(slack, listed, "Instagram", "Stop using it", times=2)
    gone = await now(slack)
    assert [p.key for p in gone.platforms] == ["telegram", "facebook", "newsletter"]
    assert "instagram" not in {slot.platform for slot in gone.slots}
    assert "instagram" not in {goal.platform for goal in gone.goals}
    assert "Not used any more" in shown(listed)
    await slack.anna.command("/social propose")
    assert "Instagram" not in (await slack.anna.sees_modal()).options("Platforms")
    slots = await slack.read(lambda s: {o.slot_id for o in s.exec(select(Occurrence))})
    await press(slack, listed, "Instagram", "Bring back", times=2)
    back = await now(slack)
    assert sorted(back.slots, key=str) == sorted(before.slots, key=str)
    assert set(back.goals) == set(before.goals)
    assert back.platforms[-1] == before.platforms[1]
    await calendar.make_occurrences(slack.desk)
    assert await slack.read(lambda s: {o.slot_id for o in s.exec(select(Occurrence))}) > slots
    actions = [entry.action for entry in await audited(slack)]
    assert actions.count("add") == actions.count("retire")


async def test_what_was_proposed_for_a_platform_goes_on_without_it(slack: House) -> None:
    card = await slack.proposed()
    await press(slack, await section(slack, "Platforms"), "Telegram", "Stop using it")
    await slack.olga.press(card, "Approve")
    await slack.card("approved this")
    told = await slack.otto.sees("stopped using Telegram")
    assert "@Ad Min" in told.seen_by(slack.otto)
    assert "What was proposed before still asks for a decision" in told.seen_by(slack.otto)


async def test_the_last_platform_stays(slack: House) -> None:
    listed = await section(slack, "Platforms")
    await press(slack, listed, "Instagram", "Stop using it")
    await press(slack, listed, "Telegram", "Stop using it")
    assert "This is the only platform" in shown(listed)
    await press(slack, listed, "Telegram", "Change")
    await slack.admin.close()
    assert "This is the only platform" in shown(listed)
    assert [p.name for p in (await now(slack)).platforms] == ["Telegram"]


async def test_the_order_can_be_changed_and_a_double_tap_is_one(slack: House) -> None:
    listed = await section(slack, "Platforms")
    block, element = forms.find_button(listed.blocks, "Down")
    payload = payloads.press(slack.slack.space, slack.admin.user, listed, block, element, {})
    for _ in range(2):
        await slack.slack.socket_mode.deliver("interactive", payload)
    assert [p.name for p in (await now(slack)).platforms] == ["Instagram", "Telegram"]
    assert shown(listed).index("Instagram") < shown(listed).index("Telegram")
    assert [entry.action for entry in await audited(slack)] == ["move"]


# Everything else


async def test_the_organisation(slack: House) -> None:
    await section(slack, "Organisation")
    fields = {"Name": "  ", "A note to the team on Mondays": "Yes"}
    assert await slack.admin.submit(fields) == {
        "Name": "Name is empty. Please write something there."
    }
    assert await slack.admin.submit({"Name": "De Leeszaal"}) is None
    changed = (await now(slack)).organisation
    assert (changed.name, changed.weekly_note) == ("De Leeszaal", True)


async def test_target_groups_and_house_rules(slack: House) -> None:
    groups = await section(slack, "Target groups")
    await slack.admin.press(groups, "Add a target group")
    await slack.admin.submit({"Name": "Ouders & Кидс"})
    await form(slack, "House rules", "People in a picture agreed to it")
    assert await slack.admin.submit({"Text": "Everybody in a picture agreed to it"}) is None
    changed = await now(slack)
    assert [group.key for group in changed.target_groups] == ["parents", "ouders"]
    assert [rule.text for rule in changed.house_rules] == ["Everybody in a picture agreed to it"]
    assert [e.action for e in await audited(slack)] == ["add", "change"]
    assert "Not used any more" not in shown(await section(slack, "House rules"))


async def test_a_house_rule_takes_the_words_of_one_that_was_retired(slack: House) -> None:
    rules = await section(slack, "House rules")
    await slack.admin.press(rules, "Add a house rule")
    await slack.admin.submit({"Text": "Be kind"})
    await slack.slack.until(lambda: "Be kind" in shown(rules))
    await press(slack, rules, "Be kind", "Stop using it")
    await form(slack, "House rules", "People in a picture agreed to it")
    assert await slack.admin.submit({"Text": "Be kind"}) is None
    assert [rule.text for rule in (await now(slack)).house_rules] == ["Be kind"]


async def test_a_sensitive_topic_marks_what_is_proposed_already(slack: House) -> None:
    await slack.proposed(Text="Our data were stolen")
    topics = await section(slack, "Sensitive topics")
    await slack.admin.press(topics, "Add a sensitive topic")
    fields = {"Name": "Privacy", "Words": "…\n", "Owner": "U04NORA"}
    errors = await slack.admin.submit(fields) or {}
    assert "has no letter or digit" in errors["Words"]
    assert await slack.admin.submit({"Words": "stolen\n\n data breach, hacked,"}) is None
    assert (await now(slack)).topics[0].words == ("stolen", "data breach", "hacked")
    await slack.card("Privacy")
    await slack.nora.sees("Privacy")


async def test_a_statement_with_the_day_until_which_it_holds(slack: House) -> None:
    listed = await section(slack, "Statements")
    await slack.admin.press(listed, "Add a statement")
    fields = {
        "Title": "Opening hours",
        "Text": "From 10 to 17",
        "Who keeps it up to date": OWNER,
        "Valid until": date(2026, 12, 31),
    }
    assert await slack.admin.submit(fields) is None
    await slack.olga.sees("asks you to keep the statement “Opening hours” up to date")
    await slack.slack.until(lambda: "Valid until Thursday 31 December 2026" in shown(listed))
    await press(slack, listed, "Opening hours", "Change")
    assert await slack.admin.submit({"Valid until": None}) is None
    assert (await now(slack)).statements[0].valid_until is None


# Pillars


async def test_the_shares_of_all_pillars_are_one_form(slack: House) -> None:
    listed = await section(slack, "Pillars")
    await slack.admin.press(listed, "Change the shares")
    first, second = "Share of Information, in %", "Share of Story, in %"
    errors = await slack.admin.submit({first: "50"}) or {}
    assert errors == {
        second: "Together this makes 90%, so 10% is still missing. Add it where you like."
    }
    errors = await slack.admin.submit({first: "66.7"}) or {}
    assert "which is 6.7% too much" in errors[second]
    errors = await slack.admin.submit({first: "101"}) or {}
    assert errors == {first: "Share is a number from 0 to 100."}
    assert await slack.admin.submit({first: "66.7", second: "33.3"}) is None
    assert [p.share for p in (await now(slack)).pillars] == [0.667, 0.333]
    assert [e.details["name"] for e in await audited(slack)] == ["Information", "Story"]


async def test_a_pillar_comes_goes_and_is_brought_back_with_the_shares(slack: House) -> None:
    listed = await section(slack, "Pillars")
    await slack.admin.press(listed, "Add a pillar")
    first, second = "Share of Information, in %", "Share of Story, in %"
    errors = await slack.admin.submit({"Name": "story", "Its share, in %": "10", first: "50"})
    assert errors == {"Name": "story is there already. Choose another name."}
    assert await slack.admin.submit({"Name": "Fun"}) is None
    pillars = (await now(slack)).pillars
    assert [(p.key, p.share) for p in pillars] == [
        ("information", 0.5),
        ("story", 0.4),
        ("fun", 0.1),
    ]
    await slack.slack.until(lambda: "Fun" in shown(listed))
    await press(slack, listed, "Information", "Stop using it")
    assert "“Information” is not used any more" in shown(await slack.admin.sees_modal())
    assert await slack.admin.submit({second: "40", "Share of Fun, in %": "60"}) is None
    without = await now(slack)
    assert [p.share for p in without.pillars] == [0.4, 0.6]
    assert [slot.pillar for slot in without.slots] == [None]
    await slack.slack.until(lambda: "Not used any more" in shown(listed))
    await press(slack, listed, "Information", "Bring back")
    assert await slack.admin.submit({"Share of Fun, in %": "10"}) is None
    assert [p.key for p in (await now(slack)).pillars] == ["story", "fun", "information"]


# Two at once


async def test_two_admins_at_once_and_nothing_typed_is_lost(desk: Desk) -> None:
    async with house(replace(desk, admins=(ADMIN, OWNER))) as slack:
        await form(slack, "Platforms", "Telegram")
        await form(slack, "Platforms", "Telegram", slack.olga)
        assert await slack.admin.submit({"Name": "Our Telegram"}) is None
        errors = await slack.olga.submit({"Name": "The Telegram"}) or {}
        assert "Somebody changed this while you were typing" in errors["Name"]
        assert "The Telegram" in shown(await slack.olga.sees_modal())
        assert (await now(slack)).platforms[0].name == "Our Telegram"
        assert await slack.olga.submit({"Name": "Our Telegram"}) is None  # the same is no quarrel
        pillars = [await section(slack, "Pillars", by) for by in (slack.admin, slack.olga)]
        for by, place in zip((slack.admin, slack.olga), pillars, strict=True):
            await by.press(place, "Change the shares")
        shares = {"Share of Information, in %": "50", "Share of Story, in %": "50"}
        assert await slack.admin.submit(shares) is None
        others = {"Share of Information, in %": "30", "Share of Story, in %": "70"}
        errors = await slack.olga.submit(others) or {}
        assert "Somebody changed this" in errors["Share of Information, in %"]


async def test_what_somebody_stopped_using_cannot_be_changed_meanwhile(desk: Desk) -> None:
    async with house(replace(desk, admins=(ADMIN, OWNER))) as slack:
        await form(slack, "Platforms", "Instagram")
        await press(
            slack,
            await section(slack, "Platforms", slack.olga),
            "Instagram",
            "Stop using it",
            slack.olga,
        )
        errors = await slack.admin.submit({"Name": "Insta"}) or {}
        assert "Somebody stopped using this meanwhile" in errors["Name"]
        await slack.admin.close()
        stale = await slack.admin.sees_modal()
        await press(slack, stale, "Instagram", "Change")
        assert "Somebody stopped using this meanwhile" in shown(stale)


@pytest.mark.parametrize("kind", ["Platforms", "Pillars"])
async def test_a_form_that_is_sent_twice_is_one_change(slack: House, kind: str) -> None:
    listed = await section(slack, kind)
    add = {"Platforms": "Add a platform", "Pillars": "Add a pillar"}[kind]
    shares = {"Name": "Fun", "Its share, in %": "10", "Share of Information, in %": "50"}
    fields = {"Platforms": NEW_PLATFORM, "Pillars": shares}[kind]
    await slack.admin.press(listed, add)
    opened = await slack.admin.sees_modal()
    await slack.admin.fill(fields)
    payload = payloads.submission(slack.slack.space, slack.admin.user, opened)
    for _ in range(2):
        assert not await slack.slack.socket_mode.deliver("interactive", payload)
    changed = await now(slack)
    assert (len(changed.platforms), len(changed.pillars)) in {(3, 2), (2, 3)}
    adds = [entry for entry in await audited(slack) if entry.action == "add"]
    assert len(adds) == 1


# What is shown


async def test_a_double_tap_never_stacks_too_many(slack: House) -> None:
    await slack.admin.command("/social settings")
    sections = await slack.admin.sees_modal()
    block, element = forms.find_button(sections.blocks, "Target groups")
    space = slack.slack.space
    for _ in range(2):
        tap = payloads.press(space, slack.admin.user, sections, block, element, {})
        await slack.slack.socket_mode.deliver("interactive", tap)
    below, listed = space.modals[ADMIN][1:]
    await press(slack, listed, "Parents of young children", "Change", times=2)
    assert await slack.admin.submit({"Name": "Parents"}) is None
    await slack.slack.until(lambda: "\nParents\n" in shown(below))
    await press(slack, below, "Parents", "Change", times=2)
    assert [view.title for view in space.modals[ADMIN]] == [
        "Settings",
        "Target groups",
        "Target group",
    ]
    assert slack.admin.direct_messages() == []


async def test_a_list_that_was_closed_meanwhile_is_no_trouble(slack: House) -> None:
    listed = await section(slack, "Target groups")
    block, element = forms.find_button(listed.blocks, "Stop using it")
    tap = payloads.press(slack.slack.space, slack.admin.user, listed, block, element, {})
    await slack.admin.close(all_of_them=True)
    await slack.slack.socket_mode.deliver("interactive", tap)
    assert (await now(slack)).target_groups == ()
    assert slack.admin.direct_messages() == []


async def test_a_long_list_has_pages(slack: House) -> None:
    groups = tuple(
        replace(EXAMPLE.target_groups[0], key=f"g{n}", name=f"Group {n}") for n in range(30)
    )
    await strategy.load(slack.desk, replace(EXAMPLE, target_groups=groups, special_days=()))
    listed = await section(slack, "Target groups")
    assert "Group 20" not in shown(listed)
    await slack.admin.press(listed, "Show more")
    assert "Group 29" in shown(listed)
    await press(slack, listed, "Group 29", "Change")
    assert await slack.admin.submit({"Name": "The last"}) is None
    await slack.slack.until(lambda: "The last" in shown(listed))
    assert "Group 20" in shown(listed)
    await press(slack, listed, "The last", "Stop using it")
    await slack.admin.press(listed, "Show the previous")
    assert "Group 0" in shown(listed)


async def test_the_admins_home_is_shown_anew(slack: House) -> None:
    await slack.proposed()
    home = await slack.admin.open_home()
    await form(slack, "Platforms", "Telegram")
    await slack.admin.submit({"Owners": [ADMIN]})
    await slack.slack.until(lambda: "Approve" in home.buttons())


async def test_in_dutch(desk: Desk) -> None:
    async with house(desk, "nl-NL") as slack:
        await slack.admin.command("/social instellingen")
        await slack.admin.press(await slack.admin.sees_modal(), "Platforms")
        assert "één persoon keurt goed" in shown(await slack.admin.sees_modal())


async def test_from_nothing_the_organisation_comes_first(slack: House) -> None:
    def forget(session: Session) -> None:
        for table in (
            "house_rules",
            "slots",
            "target_groups",
            "pillars",
            "calls",
            "platforms",
            "organisations",
        ):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")

    await slack.desk.database.write(forget)
    listed = await section(slack, "Platforms")
    await slack.admin.press(listed, "Add a platform")
    errors = await slack.admin.submit(NEW_PLATFORM) or {}
    assert "Fill in the organisation first" in errors["Name"]
    await section(slack, "Organisation")
    assert await slack.admin.submit({"Name": "New"}) is None
    await slack.admin.press(await section(slack, "Platforms"), "Add a platform")
    assert await slack.admin.submit(NEW_PLATFORM) is None
    assert (await now(slack)).organisation.name == "New"
