"""The poll in the channel: a native one of Telegram's, with a tally of its own."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.actions.cards import card_of_poll
from bot.actions.poll_views import id_of, poll_of, poll_view, telegram_people
from bot.actions.refreshing import refresh
from bot.actions.transaction import Transaction, action
from bot.actions.views import PollView
from bot.rules.delivery import NoticeStatus, Priority
from bot.rules.people import may_handle
from bot.rules.polls import PollStatus
from bot.rules.refusals import InvalidForm, Refusal
from storage.models import Poll
from storage.queries import polls as queries
from storage.queries.followers import broadcast
from storage.queries.notices import count_notices


def send_to_channel(tx: Transaction, poll_id: int) -> None:
    attempt = count_notices(tx.session, f"poll:{poll_id}:native:") + 1
    tx.notify_telegram(
        tx.desk.telegram_channel,
        "poll.native",
        f"poll:{poll_id}:native:{attempt}",
        poll_id=poll_id,
    )


def native_sent(
    tx: Transaction,
    poll_id: int,
    native_id: str,
    message_id: int,
    option_ids: Sequence[str],
    members: int | None = None,
) -> None:
    """The poll stands in the channel. option_ids: Telegram's, in the order of our options.

    members: of the channel; None: Telegram did not say.
    """
    poll = tx.session.get_one(Poll, poll_id)
    poll.native_id, poll.native_message_id = native_id, message_id
    poll.members = members
    tx.session.add(poll)
    _know_options(tx, poll_id, option_ids)


def recognised(
    tx: Transaction, native_id: str, question: str, option_ids: Collection[str]
) -> Poll | None:
    """The poll that this must be, which from now on is known by its id; None: none of ours."""
    poll = queries.poll_to_recognise(tx.session, question)
    if poll is None or len(queries.options_of(tx.session, poll.id or 0)) != len(option_ids):
        return None
    poll.native_id = native_id
    tx.session.add(poll)
    _know_options(tx, poll.id or 0, option_ids)
    return poll


def stop_in_channel(tx: Transaction, poll_id: int, where: str = "") -> None:
    """The result waits for the final counts, which come with the answer.

    where: the end of the notice's key, of a poll that was found there after it closed.
    """
    tx.notify_telegram(
        tx.desk.telegram_channel,
        "poll.stop",
        f"poll:{poll_id}:stop{where}",
        priority=Priority.ANSWER,
        poll_id=poll_id,
    )


def native_stopped(
    tx: Transaction,
    poll_id: int,
    counts: Mapping[str, int],
    people: int | None = None,
    members: int | None = None,
) -> None:
    """The channel's poll is closed; these are its final counts, in the order of our options.

    Empty, where Telegram gave none: then those that came before are the last.
    """
    poll = poll_of(tx, poll_id)
    if counts:
        _know_options(tx, poll_id, counts)
        count_channel(tx, poll, counts, people)
    poll.members = members or poll.members
    announce_result(tx, poll)
    card_of_poll(tx, poll_id)


def announce_result(tx: Transaction, poll: Poll) -> None:
    """To its proposer, and to everybody who has a vote: these are the last numbers."""
    poll_id = id_of(poll)
    poll.counted_at = poll.counted_at or tx.now
    tx.session.add(poll)
    tell_proposer(tx, poll, "closed", poll.closed_by, "")
    broadcast(
        tx.session,
        queries.reachable_voters(tx.session, poll_id),
        kind="poll.result",
        key=f"poll:{poll_id}:result",
        payload={"poll_id": poll_id},
        now=tx.now,
    )


def tell_proposer(tx: Transaction, poll: Poll, event: str, by: str | None, reason: str) -> None:
    poll_id = id_of(poll)
    tx.notify_slack(
        poll.proposer,
        "poll.outcome",
        f"poll:{poll_id}:outcome:{event}",
        poll_id=poll_id,
        event=event,
        by=by,
        reason=reason,
    )


def doubted(tx: Transaction, poll_id: int) -> None:
    """It may stand in the channel, and the bot cannot look: the owners are asked to."""
    for platform in telegram_people(tx):
        for person in platform.hands:
            refresh(tx, person, "poll.in_doubt", poll_id)


@action
def resolve_doubt(
    tx: Transaction, by: str, poll_id: int, is_there: bool, link: str = ""
) -> PollView:
    """An owner looked: it stands in the channel (link: where), or it is to be sent again.

    The bot needs the link to close the poll. Raises Refusal, InvalidForm for link.
    """
    poll = poll_of(tx, poll_id)
    may_handle(by, telegram_people(tx))
    notice = queries.newest_notice(tx.session, f"poll:{poll_id}:native:")
    if notice is None or notice.status != NoticeStatus.IN_DOUBT:
        raise Refusal("Somebody looked already. Thank you!")
    if is_there:
        poll.native_message_id = _message_id(link)
        tx.session.add(poll)
        if poll.status == PollStatus.CLOSED:
            stop_in_channel(tx, poll_id, f":{poll.native_message_id}")
    notice.status = NoticeStatus.SENT if is_there else NoticeStatus.OVERTAKEN
    tx.session.add(notice)
    tx.audit(f"slack:{by}", "resolve doubt", "poll", poll_id, is_there=is_there)
    if not is_there:
        send_to_channel(tx, poll_id)
    doubted(tx, poll_id)
    return poll_view(tx, poll)


def count_channel(
    tx: Transaction, poll: Poll, counts: Mapping[str, int], people: int | None = None
) -> None:
    """Takes over the channel's tally: option's native id → votes.

    people: how many voted; None: as many as there are votes.
    """
    for option in queries.options_of(tx.session, id_of(poll)):
        option.channel_votes = counts.get(option.native_id or "", option.channel_votes)
        tx.session.add(option)
    poll.channel_people = sum(counts.values()) if people is None else people
    tx.session.add(poll)


def _know_options(tx: Transaction, poll_id: int, native_ids: Iterable[str]) -> None:
    """native_ids: Telegram's, in the order of our options."""
    for option, id in zip(queries.options_of(tx.session, poll_id), native_ids, strict=True):
        option.native_id = id
        tx.session.add(option)


def _message_id(link: str) -> int:
    """Of a message in a channel: its link ends with it."""
    found = re.fullmatch(r"https?://\S+/(\d+)(\?\S*)?", link.strip())
    if found is None:
        raise InvalidForm(
            {"link": Refusal("Paste the link of the poll here; it ends with a number.")}
        )
    return int(found[1])
