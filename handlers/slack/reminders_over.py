"""What became of a reminder: one line without any button. Pure."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.actions.reminder_messages import MomentView, ReminderView, State
from bot.actions.views import PlacementTask, PlacementView
from bot.rules.calendar import ReminderKind
from bot.rules.posts import PlacementStatus
from bot.texts import N_, Texts
from handlers.slack.blocks import Block, mrkdwn, plain
from handlers.slack.words import escape, first_words, link, mention, moment, planned

MOST_PEOPLE = 5

_K, _S = ReminderKind, PlacementStatus

_NOTHING = N_("↩️ There is nothing left for you to do: {platform}, {when}.")
_APPROVED = N_("✅ It is approved for {platform}, {when}.")
_CHANGES = N_("✏️ Changes were asked for {platform}, {when}.")
_REJECTED = N_("⛔ It was rejected for {platform}.")
_ON_ITS_WAY = N_("📤 It is on its way to {platform}.")
_PICTURE = N_("✅ The picture is there: {platform}, {when}.")

BY_STATUS: Mapping[PlacementStatus, str] = {
    _S.APPROVED: _APPROVED,
    _S.CHANGES_REQUESTED: _CHANGES,
    _S.REJECTED: _REJECTED,
    _S.WITHDRAWN: N_("↩️ It was withdrawn for {platform}."),
    _S.EXPIRED: N_(
        "⌛ Not everybody had said yes in time, so it was not published on {platform}, {when}."
    ),
    _S.PUBLISHED: N_("📣 It is on {platform}."),
    _S.HANDED: N_("✋ It is time to post it on {platform}: see the message with its text."),
    _S.PUBLISHING: _ON_ITS_WAY,
    _S.IN_DOUBT: _ON_ITS_WAY,
    _S.FAILED: _ON_ITS_WAY,
}

BY_SOMEBODY: Mapping[PlacementStatus, str] = {
    _S.APPROVED: N_("✅ {who} approved it for {platform}, {when}."),
    _S.CHANGES_REQUESTED: N_("✏️ {who} asked for changes for {platform}, {when}."),
    _S.REJECTED: N_("⛔ {who} rejected it for {platform}."),
}
"""Where the last decision is what led there."""

MADE: Mapping[ReminderKind, str] = {
    _K.IMAGE: _PICTURE,
    _K.CHANGES: N_("✅ The changes are made: {platform}, {when}."),
    _K.NOBODY: N_("✅ There is somebody to decide: {platform}, {when}."),
}
"""What was missing is there, and the post waits for a decision."""


def what_became_of(reminder: ReminderView, t: Texts, zone: ZoneInfo) -> Block:
    """With the words that it was about."""
    words = first_words(words_of(reminder))
    line = mrkdwn(_line(reminder, t, zone))
    return {"type": "context", "elements": [line, *([plain(words)] if words else [])]}


def words_of(reminder: ReminderView) -> str:
    """What somebody wrote, by which they know what it is about."""
    if reminder.moment:
        return reminder.moment.title
    if reminder.day:
        return reminder.day.name
    if reminder.task is None:
        return reminder.words
    at_hand = reminder.kind in (_K.DECIDE, _K.BY_HAND, _K.PLACEMENT, _K.LINK)
    return reminder.task.placement.text if at_hand else reminder.task.post.text


def people(slack_ids: Sequence[str], t: Texts) -> str:
    return t.listing(map(mention, slack_ids[:MOST_PEOPLE]))


def _line(reminder: ReminderView, t: Texts, zone: ZoneInfo) -> str:
    match reminder.state:
        case State.DONE:
            return t("✅ You are done with this.")
        case State.PUT_OFF if reminder.again_at:
            when = moment(reminder.again_at, t, zone)
            return t("⏰ Later: I remind you again {when}.", when=when)
        case State.GIVEN if reminder.given_to:
            return t("🤝 {who} does this now.", who=mention(reminder.given_to))
    return _gone(reminder, t, zone)


def _gone(reminder: ReminderView, t: Texts, zone: ZoneInfo) -> str:
    if reminder.task:
        return _placement(reminder, reminder.task, t, zone)
    if reminder.moment:
        return _moment(reminder, reminder.moment, t, zone)
    if reminder.day:
        return t(
            "✅ This asks for nothing any more: there is a post for it, or it is out of the "
            "calendar."
        )
    return t("↩️ This moment is not in the calendar any more.")


def _moment(reminder: ReminderView, found: MomentView, t: Texts, zone: ZoneInfo) -> str:
    if found.skipped_by:
        sentence = t("🚫 {who} skipped this: {platform}, {when}.")
    elif found.at != reminder.about_at:
        sentence = t("🗓️ It was moved to {when}: {platform}.")
    elif found.post:
        sentence = t("✅ There is a post for {platform}, {when}: “{post}”")
    else:
        sentence = t(_NOTHING)
    return sentence.format(
        who=mention(found.skipped_by or ""),
        platform=escape(found.platform),
        when=moment(found.at, t, zone),
        post=escape(found.post or ""),
    )


def _placement(reminder: ReminderView, task: PlacementTask, t: Texts, zone: ZoneInfo) -> str:
    placement = task.placement
    words = t(_sentence(reminder, task)).format(
        who=mention(_who_did(task) or ""),
        platform=escape(placement.platform),
        when=planned(placement.planned_at, t, zone),
        until=planned(placement.held_until, t, zone),
        people=people(placement.deciders, t),
    )
    return f"{words} · {link(placement.link, t('see the post'))}" if placement.link else words


def _sentence(reminder: ReminderView, task: PlacementTask) -> str:
    placement = task.placement
    if placement.status is not _S.PROPOSED:
        if placement.status is _S.APPROVED and reminder.kind is _K.IMAGE:
            return _PICTURE
        by_somebody = BY_SOMEBODY if _who_did(task) else {}
        return by_somebody.get(placement.status, BY_STATUS[placement.status])
    return _while_proposed(reminder, placement)


def _while_proposed(reminder: ReminderView, placement: PlacementView) -> str:
    if placement.held_until:
        return N_("⏸️ {who} waits with a decision on {platform} until {until}.")
    if reminder.about_at != placement.planned_at:
        return N_("🗓️ It was moved to {when}: {platform}.")
    if reminder.kind in MADE:
        return MADE[reminder.kind]
    if placement.deciders:
        return N_("👍 It does not wait for you any more, but for {people}: {platform}, {when}.")
    return _NOTHING


def _who_did(task: PlacementTask) -> str | None:
    """Whose decision it was, the last."""
    if task.placement.held_until:
        return task.placement.held_by
    theirs = [d for d in task.post.decisions if d.platform == task.placement.platform]
    return theirs[-1].by if theirs else None
