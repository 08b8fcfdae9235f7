"""One date of a fixed moment: skip it, move it, hand it over, or change all that follow."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions import slot_dates, slot_views
from bot.actions.slot_dates import DatesView, DateView
from bot.texts import Texts
from handlers.slack.blocks import Block, actions, button, context, menu, said, section
from handlers.slack.cards import Message
from handlers.slack.incoming import Incoming
from handlers.slack.modals import open_here, show_anew
from handlers.slack.pages import page_buttons, page_of
from handlers.slack.slot_forms import hand_over_form, move_form, skipped, slot_form
from handlers.slack.slots import slot_lines
from handlers.slack.words import escape, mention, moment

ON_A_PAGE = 10


async def show(incoming: Incoming) -> None:
    """The list of fixed moments becomes the dates of one."""
    slot_id, list_page = page_of(incoming.value)
    await _show_anew(incoming, int(slot_id), 0, list_page)
    await incoming.ack()


async def turn_page(incoming: Incoming) -> None:
    subject, page = page_of(incoming.value)
    slot_id, list_page = subject.split(":")
    await _show_anew(incoming, int(slot_id), page, int(list_page))
    await incoming.ack()


async def skip_in_list(incoming: Incoming) -> None:
    place, page, list_page = _in_list(incoming)
    await slot_dates.skip(incoming.desk, incoming.by.id, *place)
    await _show_anew(incoming, place[0], page, list_page)
    await incoming.ack()


async def undo_in_list(incoming: Incoming) -> None:
    place, page, list_page = _in_list(incoming)
    await slot_dates.unskip(incoming.desk, incoming.by.id, *place)
    await _show_anew(incoming, place[0], page, list_page)
    await incoming.ack()


async def skip(incoming: Incoming) -> None:
    """On a reminder: the answer says so, with the way back."""
    found = await slot_dates.skip(incoming.desk, incoming.by.id, *_place(incoming.value))
    await incoming.ack()
    words = incoming.t("🚫 Skipped: {what}.", what=_what(found, incoming))
    undo = button(incoming.t("Undo"), "date.undo", incoming.value)
    await incoming.tell(words, [section(words), *actions([undo])])


async def skip_in_form(incoming: Incoming) -> None:
    """In the form that fills it: this says so, with the way back."""
    found = await slot_dates.skip(incoming.desk, incoming.by.id, *_place(incoming.value))
    words = incoming.t("🚫 Skipped: {what}.", what=_what(found, incoming))
    await show_anew(incoming, skipped(words, incoming.value, incoming.t))
    await incoming.ack()


async def undo_in_form(incoming: Incoming) -> None:
    found = await slot_dates.unskip(incoming.desk, incoming.by.id, *_place(incoming.value))
    words = incoming.t("✅ It comes after all: {what}.", what=_what(found, incoming))
    await show_anew(incoming, skipped(words, "", incoming.t))
    await incoming.ack()


async def undo(incoming: Incoming) -> None:
    found = await slot_dates.unskip(incoming.desk, incoming.by.id, *_place(incoming.value))
    await incoming.ack()
    await incoming.tell(incoming.t("✅ It comes after all: {what}.", what=_what(found, incoming)))


async def ask_when(incoming: Incoming) -> None:
    found = await slot_dates.show(incoming.desk, incoming.by.id, *_place(incoming.value))
    await open_here(incoming, move_form(found, incoming.t, incoming.desk.zone))
    await incoming.ack()


async def move(incoming: Incoming) -> None:
    meta = incoming.meta
    found = await slot_dates.move(
        incoming.desk,
        incoming.by.id,
        *_place_in(meta),
        datetime.fromtimestamp(meta["seen"], UTC),
        incoming.answers.moment("when"),
    )
    await incoming.ack()
    await incoming.tell(incoming.t("✅ Moved: {what}.", what=_what(found, incoming)))


async def ask_whom(incoming: Incoming) -> None:
    found = await slot_dates.show(incoming.desk, incoming.by.id, *_place(incoming.value))
    await open_here(incoming, hand_over_form(found, incoming.t, incoming.desk.zone))
    await incoming.ack()


async def hand_over(incoming: Incoming) -> None:
    meta, owner = incoming.meta, incoming.answers.user("owner")
    found = await slot_dates.hand_over(
        incoming.desk, incoming.by.id, *_place_in(meta), meta.get("seen"), owner
    )
    await incoming.ack()
    words = incoming.t(
        "✅ {who} is reminded of it now: {what}.",
        who=listed_people(found, incoming.t),
        what=_what(found, incoming),
    )
    await incoming.tell(words)


async def ask_change(incoming: Incoming) -> None:
    """Change all that follow, this date included."""
    slot_id, day = _place(incoming.value)
    form = await slot_views.form(incoming.desk, incoming.by.id, slot_id, day)
    await incoming.open(slot_form(form, incoming.t, incoming.desk.zone))
    await incoming.ack()


def overview(found: DatesView, t: Texts, zone: ZoneInfo, page: int, list_page: int) -> Message:
    """The next dates of a fixed moment."""
    slot, title = found.slot, t("Next dates")
    page = min(page, max(0, (len(found.dates) - 1) // ON_A_PAGE))
    content = [section(f"*{escape(slot.platform)}*\n{slot_lines(slot, t, zone)}")]
    if not found.dates:
        content.append(context(t("There is no date to come in the next five weeks.")))
    for each in found.dates[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        content += _one(each, f"{page}:{list_page}:", t, zone)
    has_more = len(found.dates) > (page + 1) * ON_A_PAGE
    subject = f"{slot.id}:{list_page}"
    back = button(t("Back to the list"), "slots.list", f"{list_page}:")
    return Message(
        title,
        [
            *content,
            *page_buttons("dates.page", subject, page, t, has_more=has_more),
            *actions([back]),
        ],
    )


def handed_over(payload: dict[str, Any], t: Texts, zone: ZoneInfo) -> Message:
    """To whom somebody made responsible for a date."""
    headline = t(
        "🤝 {who} hands this over to you: {platform}, {when}. You are reminded of it.",
        who=mention(payload["by"]),
        platform=escape(payload["platform"]),
        when=moment(datetime.fromisoformat(payload["at"]), t, zone),
    )
    return Message(
        headline, [section(headline), *said(payload["title"]), *actions(date_buttons(payload, t))]
    )


def date_buttons(payload: dict[str, Any], t: Texts) -> list[Block]:
    """Below a message about one date. Nothing where the message is from before these were."""
    if "slot_id" not in payload:
        return []
    value = f"{payload['slot_id']}:{payload['day']}"
    return [button(t("Skip"), "date.skip", value), *_others(value, t)]


def date_menu(slot_id: int, day: date, t: Texts) -> Block:
    """What can be done with one date, where it is only one of several things."""
    value = f"{slot_id}:{day.isoformat()}"
    entries = [
        (t("Skip"), "date.skip", value),
        (t("Move"), "date.move", value),
        (t("Change all that follow"), "date.change", value),
    ]
    return menu("date.more", entries)


def _one(each: DateView, where: str, t: Texts, zone: ZoneInfo) -> list[Block]:
    value = f"{each.slot.id}:{each.day.isoformat()}"
    if each.is_skipped:
        buttons = [button(t("Undo"), "dates.undo", where + value)]
    else:
        buttons = [button(t("Skip"), "dates.skip", where + value), *_others(value, t)]
    return [section(_date_line(each, t, zone)), *actions(buttons)]


def _others(value: str, t: Texts) -> list[Block]:
    return [
        button(t("Move"), "date.move", value),
        button(t("Hand over"), "date.hand_over", value),
        button(t("Change all that follow"), "date.change", value),
    ]


def _date_line(each: DateView, t: Texts, zone: ZoneInfo) -> str:
    words = moment(each.at, t, zone)
    if each.is_skipped:
        who = mention(each.skipped_by or "")
        return f"🚫 ~{words}~ · " + t("skipped by {who}", who=who)
    if each.is_moved:
        words += " · " + t("moved from {when}", when=moment(each.meant_at, t, zone))
    if each.named_owner:
        words += " · " + t("for {who}", who=listed_people(each, t))
    return words


def listed_people(found: DateView, t: Texts) -> str:
    return t.listing(map(mention, found.answerable[:10]))


def _what(found: DateView, incoming: Incoming) -> str:
    """'Telegram: Book tip, Monday 9 March, 10:00'."""
    when = moment(found.at, incoming.t, incoming.desk.zone)
    return f"{escape(found.slot.platform)}: {escape(found.slot.title)}, {when}"


def _place(value: str) -> tuple[int, date]:
    """A slot, and the day that it means."""
    slot_id, _, day = value.partition(":")
    return int(slot_id), date.fromisoformat(day)


def _place_in(meta: dict[str, Any]) -> tuple[int, date]:
    return meta["slot"], date.fromisoformat(meta["day"])


def _in_list(incoming: Incoming) -> tuple[tuple[int, date], int, int]:
    page, list_page, value = incoming.value.split(":", 2)
    return _place(value), int(page), int(list_page)


async def _show_anew(incoming: Incoming, slot_id: int, page: int, list_page: int) -> None:
    found = await slot_dates.show_next(incoming.desk, incoming.by.id, slot_id)
    message = overview(found, incoming.t, incoming.desk.zone, page, list_page)
    await incoming.replace(message.text, message.blocks)
