"""What can be done from the calendar: move or fill what is in it, and what it offers. Pure."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions.calendar_views import CalendarView
from bot.actions.offers import Crowd, FillForm, Offer
from bot.actions.views import CalendarEntry, Choice
from bot.rules.calendar import wall_time
from bot.rules.posts import PostAction, can
from bot.rules.spread import Period
from bot.texts import Texts
from handlers.slack import blocks
from handlers.slack.blocks import Block, actions, button, plain, section
from handlers.slack.cards import SIGNS
from handlers.slack.forms import MOST_OPTIONS, modal

GAP = "▫️"
CROWDED = "🔸"
MOST_OFFERS = 4
MOST_CROWDS = 4
TITLE = 100


def choose(entries: Sequence[CalendarEntry], t: Texts, zone: ZoneInfo) -> list[Block]:
    """A list of what can be moved or filled; nothing where there is nothing."""
    options = [blocks.option(_line(e, t, zone), _value(e)) for e in entries if _can_change(e)]
    if not options:
        return []
    select: Block = {
        "type": "static_select",
        "action_id": "calendar.choose",
        "placeholder": plain(t("Move or fill …")),
        "options": options[:MOST_OPTIONS],
    }
    return actions([select])


def offers(view: CalendarView, days: Period, place: str, t: Texts, zone: ZoneInfo) -> list[Block]:
    """In these days: what crowds, and the empty places; those for which there is a proposal come
    first. place: where in the calendar this is."""
    crowds = [crowd for crowd in view.crowds if crowd.day in days][:MOST_CROWDS]
    rooms = [offer for offer in view.offers if wall_time(offer.room.at, zone).local.date() in days]
    first = sorted(rooms, key=lambda offer: offer.proposal is None)[:MOST_OFFERS]
    if not crowds and not first:
        return []
    title = t("What you can do")
    return [
        section(f"*{title}*"),
        *(_crowd(crowd, t) for crowd in crowds),
        *(_offer(offer, place, t, zone) for offer in first),
    ]


def fill_form(form: FillForm, t: Texts, zone: ZoneInfo, *, on_home: bool) -> Block:
    """A fixed moment without a post: a proposal of the backlog, a new one, or another time."""
    room = form.room
    place = f"{room.slot_id}:{room.slot_day}"
    about = _room(form.platform, room.title, t.moment(room.at, zone), t)
    buttons = [_propose(form.room.platform_key, room.pillar_key, _stamp(form), t)]
    if form.may_change:
        buttons += [
            button(t("Skip"), "moment.skip", place),
            button(t("Move"), "date.move", place),
            button(t("Hand over"), "date.hand_over", place),
        ]
    choices = [Choice(f"{p.post_id}:{p.revision}", p.title) for p in form.proposals]
    made = modal(
        "moment.fill",
        t("Fill this moment"),
        t("Plan it then"),
        t,
        {"at": _stamp(form), "home": on_home or None},
        [
            {"type": "section", "text": plain(about)},
            *_backlog(choices, t),
            *actions(buttons),
        ],
    )
    if not choices:
        del made["submit"]  # there is nothing to send
    return made


def _backlog(choices: Sequence[Choice], t: Texts) -> list[Block]:
    if not choices:
        return [section(t("The backlog has nothing for this platform."))]
    options = [blocks.option(choice.name, choice.key) for choice in choices]
    return [
        blocks.field(
            "proposal",
            t("From the backlog"),
            {"type": "radio_buttons", "options": options, "initial_option": options[0]},
            hint=t("The best match comes first. It then waits for a decision, with this date."),
        )
    ]


def _offer(offer: Offer, place: str, t: Texts, zone: ZoneInfo) -> Block:
    room, found = offer.room, offer.proposal
    words = f"{GAP} " + _room(offer.platform, room.title, t.moment(room.at, zone), t)
    stamp = int(room.at.timestamp())
    if found is None:
        asked = _propose(room.platform_key, room.pillar_key, stamp, t)
    else:
        words += "\n" + t("In the backlog: “{title}”", title=found.title)
        value = f"{found.post_id}:{found.revision}:{stamp}:{place}"
        asked = button(t("Plan it then"), "moment.plan", value)
    return {"type": "section", "text": plain(words), "accessory": asked}


def _crowd(crowd: Crowd, t: Texts) -> Block:
    posts = t("{n} posts on {day}", n=crowd.posts, day=t.short_day(crowd.day))
    to = int(crowd.to.timestamp()) if crowd.to else ""
    value = f"{crowd.post_id}:{crowd.placement_id}:{to}"
    return {
        "type": "section",
        "text": plain(f"{CROWDED} {crowd.platform}: {posts}"),
        "accessory": button(t("Move one of them"), "calendar.move", value),
    }


def _room(platform: str, title: str, when: str, t: Texts) -> str:
    """'Monday 9 March, 10:00 · Telegram: Book tip'."""
    nothing = t("nothing planned yet")
    return f"{when} · {platform}: {title[:TITLE] or nothing}"


def _propose(platform_key: str, pillar_key: str | None, stamp: int, t: Texts) -> Block:
    value = f"{stamp}:{platform_key}:{pillar_key or ''}"
    return button(t("Propose a post for this moment"), "moment.propose", value)


def _stamp(form: FillForm) -> int:
    return int(form.room.at.timestamp())


def _can_change(entry: CalendarEntry) -> bool:
    if entry.status is None:
        return entry.slot_id is not None and not entry.is_skipped
    return entry.placement_id is not None and can(entry.status, PostAction.MOVE)


def _value(entry: CalendarEntry) -> str:
    if entry.status is None:
        return f"free:{entry.slot_id}:{entry.slot_day}"
    return f"post:{entry.post_id}:{entry.placement_id}"


def _line(entry: CalendarEntry, t: Texts, zone: ZoneInfo) -> str:
    """'✅ Mon 9 March 10:00 Telegram: Our new books'."""
    sign = GAP if entry.status is None else SIGNS[entry.status]
    there = entry.at.astimezone(zone)
    title = " ".join(entry.title.split())
    return f"{sign} {t.short_day(there.date())} {there:%H:%M} {entry.platform}: {title}"
