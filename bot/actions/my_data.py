"""Everything that the bot has of a follower, for the follower.

It goes out in parcels: the first has all that is written, and each has as many of the files as fit
what Telegram lets a bot send. Each parcel is a notice of its own, so that one that fails is sent
again by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.actions.arrivals import Sender, answer, arrive
from bot.actions.media import shown_media
from bot.actions.post_views import post_views
from bot.actions.story_views import id_of
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import MediaView
from bot.rules.delivery import Priority
from bot.rules.refusals import NotThere, Refusal
from bot.texts import N_, Texts, texts_in
from storage.models import Call, Follower, Media, Notice, Story
from storage.queries import my_data as queries
from storage.queries.polls import newest_notice
from storage.queries.stories import parts_of, posts_of

LARGEST_PARCEL = 45 * 1024 * 1024
"""Bytes of files; Telegram takes 50 MB, and what is written has to fit as well."""

ONCE_IN = timedelta(hours=1)

ABOUT: Mapping[str, str] = {
    "person": N_("Who you are to us: what Telegram tells about you, and what you chose here."),
    "stories": N_("What you sent in, and what became of it. Its files lie beside this file."),
    "posts": N_("What our team made of your stories, and where it can be seen."),
    "consents": N_("What you agreed to: the text as you saw it, when, and when you took it back."),
    "votes": N_("What you chose in our polls. Nobody but you sees this list."),
    "answers": N_("What you wrote to our team about your stories."),
    "messages": N_("What I sent you, and when."),
    "steps": N_("What you did here, and what was done with your stories."),
    "not_understood": N_("What you sent and I could not handle, as Telegram delivered it."),
}
"""A part of the file → what it is, for who reads it."""


@dataclass(frozen=True)
class Parcel:
    """written: what the JSON file says; None: it was in an earlier parcel."""

    written: dict[str, Any] | None
    files: tuple[MediaView, ...]
    language: str


@action
def ask(tx: Transaction, who: Sender) -> None:
    """The parcels are on their way. Raises Refusal where that was a moment ago."""
    follower = arrive(tx, who, even_blocked=True)
    key = f"mydata:{follower.id}:"
    last = newest_notice(tx.session, key)
    if last is not None and last.created_at + ONCE_IN > tx.now:
        raise Refusal(
            "You asked for your data at {asked}. It is here already, or on its way. From {again} "
            "you can ask again.",
            asked=last.created_at,
            again=last.created_at + ONCE_IN,
        )
    parcels = list(_parcels(queries.media_of(tx.session, follower.id)))
    answer(tx, follower.id, "mydata.coming", parcels=len(parcels))
    for number, sha256s in enumerate(parcels, start=1):
        tx.notify_telegram(
            follower.id,
            "mydata",
            f"{key}{tx.now.timestamp():.6f}:{number}",
            priority=Priority.NORMAL,
            number=number,
            parcels=len(parcels),
            files=sha256s,
        )


@query
def parcel(tx: Transaction, follower_id: int, number: int, sha256s: Sequence[str]) -> Parcel:
    """As it is at this moment. Raises NotThere."""
    follower = tx.session.get(Follower, follower_id)
    if follower is None:
        raise NotThere("I do not know you yet. Send /start, and we get to know each other.")
    t = texts_in(follower.language)
    return Parcel(
        written=_everything(tx, follower, t) if number == 1 else None,
        files=shown_media(tx, sha256s),
        language=follower.language,
    )


def _parcels(files: Sequence[Media]) -> Iterator[list[str]]:
    """One at least, for what is written."""
    parcel: list[str] = []
    size = 0
    for media in files:
        if parcel and size + media.size > LARGEST_PARCEL:
            yield parcel
            parcel, size = [], 0
        parcel.append(media.sha256)
        size += media.size
    yield parcel


def _everything(tx: Transaction, follower: Follower, t: Texts) -> dict[str, Any]:
    stories = queries.stories(tx.session, follower.id)
    ids = [id_of(story) for story in stories]
    parts: dict[str, Any] = {
        "person": _person(tx, follower),
        "stories": [_story(tx, story) for story in stories],
        "posts": [post for story in stories for post in _posts(tx, story)],
        "consents": [
            {
                "story": consent.story_id,
                "purpose": consent.purpose,
                "version": consent.version,
                "language": consent.language,
                "text": consent.text,
                "agreed_at": _when(tx, consent.agreed_at),
                "withdrawn_at": _when(tx, consent.withdrawn_at),
            }
            for consent in queries.consents(tx.session, follower.id)
        ],
        "votes": [
            {
                "question": poll.question,
                "answer": option.text if option else None,
                "changed_at": _when(tx, vote.changed_at),
            }
            for vote, poll, option in queries.votes_of(tx.session, follower.id)
        ],
        "answers": [
            {
                "story": notice.payload["story_id"],
                "text": notice.payload.get("text", ""),
                "at": _when(tx, notice.created_at),
            }
            for notice in queries.answers_in(tx.session, ids)
        ],
        "messages": [
            _message(tx, notice) for notice in queries.messages_to(tx.session, follower.id)
        ],
        "steps": [
            {"what": entry.action, "about": entry.entity, "at": _when(tx, entry.at)}
            for entry in queries.steps_of(tx.session, follower.id, ids)
        ],
        "not_understood": [
            {"as_delivered": parked.raw, "at": _when(tx, parked.parked_at)}
            for parked in queries.parked_of(tx.session, follower.id)
        ],
    }
    return {
        "made_at": _when(tx, tx.now),
        **{name: {"what_this_is": t(ABOUT[name]), "is": part} for name, part in parts.items()},
    }


def _person(tx: Transaction, follower: Follower) -> dict[str, Any]:
    return {
        "telegram_number": follower.id,
        "first_name": follower.first_name,
        "last_name": follower.last_name,
        "language": follower.language,
        "chose_the_language": follower.language_chosen,
        "wants_to_hear_of_new_polls": follower.subscribed,
        "can_be_reached": follower.reachable,
        "blocked_by_our_team_at": _when(tx, follower.blocked_at),
        "known_since": _when(tx, follower.created_at),
    }


def _story(tx: Transaction, story: Story) -> dict[str, Any]:
    call = tx.session.get(Call, story.call_id) if story.call_id else None
    return {
        "story": story.id,
        "number": story.receipt,
        "status": story.status,
        "named_as": story.named_as,
        "name_below_it": story.credit,
        "call": call.question if call else None,
        "why_not_placed": story.decline_reason,
        "begun_at": _when(tx, story.created_at),
        "sent_in_at": _when(tx, story.submitted_at),
        "dealt_with_at": _when(tx, story.handled_at),
        "parts": [
            {
                "kind": part.kind,
                "text": part.text,
                "changed_at": _when(tx, part.edited_at),
                "what_can_be_seen": part.alt,
                "file": _file_name(tx, part.media_sha256),
                "still_with_telegram": bool(part.file_id) and part.media_sha256 is None,
            }
            for part in parts_of(tx.session, id_of(story))
        ],
    }


def _file_name(tx: Transaction, sha256: str | None) -> str | None:
    media = tx.session.get(Media, sha256) if sha256 else None
    return media.name if media else None


def _posts(tx: Transaction, story: Story) -> Iterator[dict[str, Any]]:
    ids = [post.id or 0 for post in posts_of(tx.session, id_of(story))]
    for post in post_views(tx, ids):
        yield {
            "story": story.id,
            "text": post.text,
            "what_you_asked_to_change": [d.reason for d in post.decisions if d.by is None],
            "places": [
                {"platform": place.platform, "status": place.status, "link": place.link}
                for place in post.placements
            ],
        }


def _message(tx: Transaction, notice: Notice) -> dict[str, Any]:
    return {
        "what": notice.kind,
        "about": notice.payload,
        "status": notice.status,
        "written_at": _when(tx, notice.created_at),
        "sent_at": _when(tx, notice.sent_at),
    }


def _when(tx: Transaction, at: datetime | None) -> str | None:
    return at.astimezone(tx.desk.zone).isoformat(timespec="seconds") if at else None
