"""Fixed moments: `/social slots`."""

from itertools import groupby
from zoneinfo import ZoneInfo

from bot.actions import slot_views, slots
from bot.actions.slot_views import SlotsView, SlotView
from bot.actions.slots import Changed
from bot.texts import Texts
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    confirmed,
    header,
    section,
    shortened,
)
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.slot_forms import draft_of, rule_words, slot_form
from handlers.slack.words import escape, mention, moment

ON_A_PAGE = 10
MOST_LOST = 10
LONGEST_RULE = 1000


async def show(incoming: Incoming) -> None:
    found = await slot_views.show_all(incoming.desk, incoming.by.id)
    message = overview(found, incoming.t, incoming.desk.zone)
    await incoming.ack(text=message.text, blocks=message.blocks)


async def turn_page(incoming: Incoming) -> None:
    """The answer shows others; also the way back from the dates of one."""
    await _show_anew(incoming, page_of(incoming.value)[1])
    await incoming.ack()


async def ask_new(incoming: Incoming) -> None:
    form = await slot_views.form(incoming.desk, incoming.by.id)
    await incoming.open(slot_form(form, incoming.t, incoming.desk.zone))
    await incoming.ack()


async def ask_change(incoming: Incoming) -> None:
    form = await slot_views.form(incoming.desk, incoming.by.id, int(page_of(incoming.value)[0]))
    await incoming.open(slot_form(form, incoming.t, incoming.desk.zone))
    await incoming.ack()


async def submitted(incoming: Incoming) -> None:
    assert incoming.view is not None
    desk, by, form_key = incoming.desk, incoming.by.id, incoming.view["id"]
    answers, meta = incoming.answers, incoming.meta
    if "slot" in meta:
        draft = draft_of(answers)
        changed = await slots.change(desk, by, form_key, meta["slot"], meta["state"], draft)
    else:
        platform = answers.choice("platform") or ""
        changed = Changed(await slots.add(desk, by, form_key, platform, draft_of(answers)))
    await incoming.ack()
    await incoming.tell(outcome(changed, incoming.t, desk.zone))


async def stop(incoming: Incoming) -> None:
    slot_id, page = page_of(incoming.value)
    await slots.stop(incoming.desk, incoming.by.id, int(slot_id))
    await _show_anew(incoming, page)
    await incoming.ack()


def overview(found: SlotsView, t: Texts, zone: ZoneInfo, page: int = 0) -> Message:
    """A page of the fixed moments, below their platforms."""
    title = t("Fixed moments")
    add = actions([button(t("Add a fixed moment"), "slots.add", "new")] if found.may_add else [])
    if not found.slots:
        nothing = t("There are no fixed moments yet.")
        return Message(nothing, [section(nothing), *add])
    page = min(page, (len(found.slots) - 1) // ON_A_PAGE)
    shown = found.slots[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    content = [header(title)]
    for platform, group in groupby(shown, key=lambda slot: slot.platform):
        content.append(section(f"*{escape(platform)}*"))
        for slot in group:
            content += _one(slot, page, t, zone)
    has_more = len(found.slots) > (page + 1) * ON_A_PAGE
    pages = page_buttons("slots.page", "", page, t, has_more=has_more)
    return Message(title, [*content, *pages, *add])


def outcome(changed: Changed, t: Texts, zone: ZoneInfo) -> str:
    """What a form did, and what it left no place for."""
    slot = changed.slot
    words = t(
        "✅ {title} on {platform}: {rule}.",
        title=escape(slot.title),
        platform=escape(slot.platform),
        rule=shortened(rule_words(slot, t), LONGEST_RULE),
    )
    if slot.next_at:
        words += " " + t("Next: {when}.", when=moment(slot.next_at, t, zone))
    if changed.lost:
        days = t.listing(map(t.day, changed.lost[:MOST_LOST]))
        words += "\n" + t(
            "On these days something was skipped, moved or handed over, and no moment falls on "
            "them any more: {days}.",
            days=days,
        )
    return words


def slot_lines(slot: SlotView, t: Texts, zone: ZoneInfo) -> str:
    title = f"*{escape(slot.title)}*"
    if slot.pillar:
        title += f" · {escape(slot.pillar.name)}"
    rule = shortened(rule_words(slot, t), LONGEST_RULE)
    next_at = moment(slot.next_at, t, zone) if slot.next_at else t("no date to come")
    return f"{title}\n{rule}\n" + t("Next: {when} · {who}", when=next_at, who=_reminded(slot, t))


def _one(slot: SlotView, page: int, t: Texts, zone: ZoneInfo) -> list[Block]:
    if not slot.may_change:
        return [section(slot_lines(slot, t, zone))]
    value = f"{page}:{slot.id}"
    warning = t("Nothing of “{title}” comes any more. What was, stays.", title=slot.title)
    asked = button(t("Stop"), "slots.stop", value, "danger")
    stops = confirmed(asked, t("Stop"), warning, t("Stop"), t("Cancel"))
    return [
        section(slot_lines(slot, t, zone)),
        *actions(
            [
                button(t("Change"), "slots.change", value),
                button(t("Next dates"), "slots.dates", value),
                stops,
            ]
        ),
    ]


def _reminded(slot: SlotView, t: Texts) -> str:
    if slot.owner:
        return t.n(
            "{who} is reminded a day before",
            "{who} is reminded {n} days before",
            slot.lead,
            who=mention(slot.owner),
        )
    return t.n(
        "every owner is reminded a day before",
        "every owner is reminded {n} days before",
        slot.lead,
    )


async def _show_anew(incoming: Incoming, page: int) -> None:
    found = await slot_views.show_all(incoming.desk, incoming.by.id)
    message = overview(found, incoming.t, incoming.desk.zone, page)
    await incoming.replace(message.text, message.blocks)
