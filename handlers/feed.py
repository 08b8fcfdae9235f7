"""A feed as iCalendar: what Outlook, Google Calendar and Thunderbird read alike. Pure.

Source: RFC 5545; RFC 7986 for NAME and REFRESH-INTERVAL. Moments are in UTC (docs/decisions/0016).
"""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from bot.actions.feeds import FeedView
from bot.rules.feeds import Certainty, Entry
from bot.texts import Texts

AGAIN = timedelta(hours=1)
"""How often a program is asked to look."""

SIGNS = {Certainty.TENTATIVE: "⏳", Certainty.CONFIRMED: "✅", Certainty.CANCELLED: "❌"}


def calendar(feed: FeedView, t: Texts, slack_address: str) -> bytes:
    """slack_address: 'https://ours.slack.com/', before the way to a card; "": cards have no link.

    The same feed is the same bytes.
    """
    made = Calendar()
    made.add("prodid", f"-//Samenspraak//{t.language.upper()}")
    made.add("version", "2.0")
    name = f"{feed.name}: {feed.platform}" if feed.platform else feed.name
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for entry in feed.entries:
        made.add_component(_event(entry, t, slack_address))
    written: bytes = made.to_ical()
    return written


def _event(entry: Entry, t: Texts, slack_address: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.start)
    event.add("dtend", _end(entry))
    event.add("summary", _summary(entry, t))
    event.add("status", entry.certainty.value)
    event.add("transp", "TRANSPARENT")  # nobody is busy because a post goes out
    about = [t(entry.word)] if entry.word else []
    if entry.card and slack_address:
        link = _link(slack_address, *entry.card)
        event.add("url", link)
        about.append(link)  # Outlook shows no URL
    if about:
        event.add("description", "\n".join(about))
    return event


def _end(entry: Entry) -> date:
    """The first moment, or day, that does not belong to it any more."""
    if isinstance(entry.end, datetime):
        return entry.end
    return entry.end + timedelta(days=1)


def _summary(entry: Entry, t: Texts) -> str:
    if not entry.platform:
        return f"🎉 {entry.title}"
    return f"{SIGNS[entry.certainty]} {entry.platform}: {entry.title} ({t(entry.word)})"


def _link(slack_address: str, channel: str, ts: str) -> str:
    return f"{slack_address.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
