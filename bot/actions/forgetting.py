"""Being forgotten: asked twice, done at once, and done again where a backup brought somebody back.

The line in the file of who was forgotten is on disk before anything is erased: killed in between,
the next start erases. See docs/decisions/0020.
"""

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime

from bot.actions import media
from bot.actions.arrivals import Sender, answer, arrive, say
from bot.actions.erasing import erase
from bot.actions.transaction import Desk, Transaction, action, query
from bot.rules.refusals import Refusal
from bot.texts import N_
from storage.forgotten import Entry
from storage.models import Erasure, Follower
from storage.queries import erasing as queries

ASKED_BEFORE = Refusal("This question is an old one. Send /forgetme, and I ask you again.")


@action
def ask_whether(tx: Transaction, who: Sender) -> None:
    """The second question. Nothing is erased yet."""
    follower = arrive(tx, who, even_blocked=True)
    follower.forget_token = follower.forget_token or secrets.token_hex(8)
    tx.session.add(follower)
    answer(tx, follower.id, "forget.ask", token=follower.forget_token)


@action
def keep_after_all(tx: Transaction, who: Sender) -> None:
    """The answer is no."""
    follower = arrive(tx, who, even_blocked=True)
    follower.forget_token = None
    tx.session.add(follower)
    say(tx, follower.id, N_("All right, everything stays as it is."))


async def forget(desk: Desk, follower_id: int, token: str) -> bool:
    """The answer is yes. False: nothing is known of them, so it was done already.

    token: of the question. Raises Refusal where it is not the present one.
    """
    if not await _is_asked(desk, follower_id, token):
        return False
    entry = await asyncio.to_thread(desk.forgotten.add, follower_id, desk.clock())
    await _forget(desk, follower_id, entry)
    await _clean_up(desk)
    return True


async def forget_by_itself(desk: Desk, follower_id: int) -> None:
    """Kept long enough."""
    entry = await asyncio.to_thread(desk.forgotten.add, follower_id, desk.clock())
    await _forget(desk, follower_id, entry)


async def apply_earlier(desk: Desk) -> int:
    """At the start: whoever is forgotten by the file and is still there, from a backup or after a
    kill, is erased now; how many. Costs next to nothing where there is nothing to do."""
    entries = await asyncio.to_thread(desk.forgotten.entries)
    todo = await _not_applied(desk, entries)
    if not todo:
        return 0
    latest = {entry.digest: entry for entry in sorted(todo, key=lambda entry: entry.at)}
    ids = await _ids_until(desk, max(entry.at for entry in todo))
    digests = await asyncio.to_thread(lambda: {id: desk.forgotten.digest(id) for id in ids})
    found = {id: latest[digest] for id, digest in digests.items() if digest in latest}
    erased = [await _forget(desk, id, entry) for id, entry in found.items()]
    await _note_applied(desk, todo)
    await _clean_up(desk)
    return sum(erased)


async def _clean_up(desk: Desk) -> None:
    """The files, and what the database's own files still hold."""
    await media.drop_unused(replace(desk, update_id=None))  # not what the update is about
    await desk.database.fold()


@query
def _is_asked(tx: Transaction, follower_id: int, token: str) -> bool:
    follower = tx.session.get(Follower, follower_id)
    if follower is not None and follower.forget_token != token:
        raise ASKED_BEFORE
    return follower is not None


@action
def _forget(tx: Transaction, follower_id: int, entry: Entry) -> bool:
    """False: not there, or somebody new since then."""
    _note(tx, entry)
    follower = tx.session.get(Follower, follower_id)
    if follower is None or follower.created_at > entry.at:
        return False
    erase(tx, follower)
    return True


@query
def _not_applied(tx: Transaction, entries: tuple[Entry, ...]) -> list[Entry]:
    known = queries.applied(tx.session)
    return [entry for entry in entries if entry not in known]


@query
def _ids_until(tx: Transaction, until: datetime) -> list[int]:
    return list(queries.ids_of_followers(tx.session, until))


@action
def _note_applied(tx: Transaction, entries: list[Entry]) -> None:
    for entry in entries:
        _note(tx, entry)


def _note(tx: Transaction, entry: Entry) -> None:
    tx.session.merge(Erasure(digest=entry.digest, erased_at=entry.at))
