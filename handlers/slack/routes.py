"""Which handler answers what: one table, so that one route costs as much as five hundred."""

from enum import StrEnum
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.rules.people import is_admin
from bot.rules.refusals import Refusal
from bot.texts import N_
from handlers.slack import (
    absences,
    calendar,
    days,
    decisions,
    drafts,
    feeds,
    figures,
    filling,
    find,
    history,
    home,
    moving,
    my_reminders,
    placements,
    polls,
    posts,
    proposing,
    reminder_answers,
    settings,
    slot_dates,
    slots,
    statements,
    stories,
    takedowns,
)
from handlers.slack.blocks import CHANGED
from handlers.slack.errors import Handler, described, guarded, logger
from handlers.slack.incoming import Incoming, Workspace


class Kind(StrEnum):
    """The kinds of payload; each has one listener."""

    COMMAND = "command"
    SHORTCUT = "shortcut"
    PRESS = "press"
    SUBMISSION = "submission"
    CLOSED = "closed"
    EVENT = "event"


async def help_(incoming: Incoming) -> None:
    words = incoming.t(HELP)
    if is_admin(incoming.by.id, incoming.desk.admins):
        words += "\n" + incoming.t(HELP_FOR_ADMINS)
    await incoming.ack(text=words)


async def _unknown(incoming: Incoming) -> None:
    """A button of an old message, say."""
    raise Refusal("This does not work any more. Look on the Home tab for what you can do now.")


HELP = N_(
    "What I can do for you:\n"
    "• `/social propose`: propose a post; the owners of the platform decide\n"
    "• `/social calendar`: see what is planned\n"
    "• `/social days`: see which special days are coming, and make posts for them\n"
    "• `/social feed`: see our calendar in Outlook, Google Calendar or Thunderbird\n"
    "• `/social poll`: ask our followers something\n"
    "• `/social stories`: see which stories of followers wait\n"
    "• `/social find words`: find posts again; add state:approved, platform:telegram, "
    "since:2026-03-01 or until:2026-03-31 to find fewer\n"
    "• `/social history words`: see every step of a post: who, when, why\n"
    "• `/social statements`: look up a prepared statement\n"
    "• `/social slots`: the fixed moments of the calendar, and their next dates\n"
    "On the Home tab you find what waits for you, and where your proposals are."
)

HELP_FOR_ADMINS = N_("For you as an admin: `/social settings` changes the strategy.")

ROUTES: dict[tuple[Kind, str], Handler] = {
    (Kind.COMMAND, "propose"): posts.propose,
    (Kind.COMMAND, "calendar"): calendar.show,
    (Kind.COMMAND, "days"): days.show,
    (Kind.COMMAND, "dagen"): days.show,
    (Kind.COMMAND, "feed"): feeds.show,
    (Kind.COMMAND, "poll"): polls.propose,
    (Kind.COMMAND, "stories"): stories.show_waiting,
    (Kind.COMMAND, "find"): find.show,
    (Kind.COMMAND, "history"): history.look_up,
    (Kind.COMMAND, "statements"): statements.show,
    (Kind.COMMAND, "slots"): slots.show,
    (Kind.COMMAND, "vast"): slots.show,
    (Kind.COMMAND, "vaste"): slots.show,  # vaste momenten
    (Kind.COMMAND, "settings"): settings.open_,
    (Kind.COMMAND, "instellingen"): settings.open_,
    (Kind.SHORTCUT, "propose_post"): posts.propose,
    (Kind.SHORTCUT, "propose_from_message"): posts.propose_from_message,
    (Kind.PRESS, "home.propose"): posts.propose,
    (Kind.PRESS, "home.language"): home.choose_language,
    (Kind.PRESS, "home.reminders"): my_reminders.ask,
    (Kind.PRESS, "home.away"): absences.ask_days,
    (Kind.PRESS, "home.back"): absences.back,
    (Kind.PRESS, "post.approve"): decisions.approve,
    (Kind.PRESS, "post.plan"): decisions.ask_date,
    (Kind.PRESS, "post.approve_edited"): decisions.ask_edit,
    (Kind.PRESS, "post.hold"): decisions.ask_until,
    (Kind.PRESS, "post.request_changes"): decisions.ask_why_changes,
    (Kind.PRESS, "post.reject"): decisions.ask_why_rejected,
    (Kind.PRESS, "post.edit"): posts.edit,
    (Kind.PRESS, "post.move"): moving.ask,
    (Kind.PRESS, "post.withdraw"): posts.withdraw,
    (Kind.PRESS, CHANGED): proposing.changed,
    (Kind.PRESS, "proposal.check"): proposing.changed,
    (Kind.PRESS, "proposal.own_texts"): proposing.give_own_texts,
    (Kind.PRESS, "draft.save"): drafts.save,
    (Kind.PRESS, "draft.continue"): posts.continue_draft,
    (Kind.PRESS, "draft.throw_away"): drafts.throw_away,
    (Kind.PRESS, "post.reopen"): posts.reopen,
    (Kind.PRESS, "post.replan.1"): posts.replan,
    (Kind.PRESS, "post.replan.2"): posts.replan,
    (Kind.PRESS, "post.replan.3"): posts.replan,
    (Kind.PRESS, "home.page.more"): home.turn_page,
    (Kind.PRESS, "home.page.back"): home.turn_page,
    (Kind.PRESS, "history.show"): history.show,
    (Kind.PRESS, "history.page.more"): history.turn_page,
    (Kind.PRESS, "history.page.back"): history.turn_page,
    (Kind.PRESS, "calendar.page.more"): calendar.leaf,
    (Kind.PRESS, "calendar.page.back"): calendar.leaf,
    (Kind.PRESS, "calendar.earlier"): calendar.leaf,
    (Kind.PRESS, "calendar.later"): calendar.leaf,
    (Kind.PRESS, "calendar.picture"): calendar.ask_picture,
    (Kind.PRESS, "calendar.choose"): filling.choose,
    (Kind.PRESS, "calendar.move"): filling.move_one,
    (Kind.PRESS, "moment.plan"): filling.plan,
    (Kind.PRESS, "moment.propose"): filling.propose,
    (Kind.PRESS, "moment.skip"): slot_dates.skip_in_form,
    (Kind.PRESS, "moment.undo"): slot_dates.undo_in_form,
    (Kind.SUBMISSION, "moment.fill"): filling.submitted,
    (Kind.PRESS, "find.page.more"): find.turn_page,
    (Kind.PRESS, "find.page.back"): find.turn_page,
    (Kind.PRESS, "statements.page.more"): statements.turn_page,
    (Kind.PRESS, "statements.page.back"): statements.turn_page,
    (Kind.PRESS, "slots.add"): slots.ask_new,
    (Kind.PRESS, "slots.change"): slots.ask_change,
    (Kind.PRESS, "slots.dates"): slot_dates.show,
    (Kind.PRESS, "slots.stop"): slots.stop,
    (Kind.PRESS, "slots.list"): slots.turn_page,
    (Kind.PRESS, "slots.page.more"): slots.turn_page,
    (Kind.PRESS, "slots.page.back"): slots.turn_page,
    (Kind.PRESS, "dates.skip"): slot_dates.skip_in_list,
    (Kind.PRESS, "dates.undo"): slot_dates.undo_in_list,
    (Kind.PRESS, "dates.page.more"): slot_dates.turn_page,
    (Kind.PRESS, "dates.page.back"): slot_dates.turn_page,
    (Kind.PRESS, "date.skip"): slot_dates.skip,
    (Kind.PRESS, "date.undo"): slot_dates.undo,
    (Kind.PRESS, "date.move"): slot_dates.ask_when,
    (Kind.PRESS, "date.hand_over"): slot_dates.ask_whom,
    (Kind.PRESS, "date.change"): slot_dates.ask_change,
    (Kind.PRESS, "days.page.more"): days.turn_page,
    (Kind.PRESS, "days.page.back"): days.turn_page,
    (Kind.PRESS, "days.propose"): days.propose,
    (Kind.PRESS, "days.day"): days.ask_day,
    (Kind.PRESS, "days.idea"): days.ask_idea,
    (Kind.PRESS, "days.file"): days.ask_file,
    (Kind.PRESS, "feed.make"): feeds.make,
    (Kind.PRESS, "feed.revoke"): feeds.revoke,
    (Kind.PRESS, "feed.all"): feeds.show_others,
    (Kind.PRESS, "feed.page.more"): feeds.show_others,
    (Kind.PRESS, "feed.page.back"): feeds.show_others,
    (Kind.PRESS, "feed.mine"): feeds.show_mine,
    (Kind.PRESS, "feed.revoke_of"): feeds.revoke_of,
    (Kind.PRESS, "placement.posted"): placements.ask_link,
    (Kind.PRESS, "placement.link"): placements.ask_missing_link,
    (Kind.PRESS, "placement.snooze"): placements.snooze,
    (Kind.PRESS, "reminder.done"): reminder_answers.done,
    (Kind.PRESS, "reminder.snooze"): reminder_answers.ask_until,
    (Kind.PRESS, "reminder.hand_over"): reminder_answers.ask_whom,
    (Kind.PRESS, "doubt.there"): placements.ask_where_it_is,
    (Kind.PRESS, "doubt.again"): placements.post_again,
    (Kind.PRESS, "poll.approve"): polls.approve,
    (Kind.PRESS, "poll.reject"): polls.ask_why_rejected,
    (Kind.PRESS, "poll.close"): polls.close,
    (Kind.PRESS, "poll.there"): polls.ask_where_it_is,
    (Kind.PRESS, "poll.again"): polls.post_again,
    (Kind.PRESS, "story.accept"): stories.accept,
    (Kind.PRESS, "story.ask"): stories.ask_what,
    (Kind.PRESS, "story.decline"): stories.ask_why_declined,
    (Kind.PRESS, "story.block"): stories.block,
    (Kind.PRESS, "story.unblock"): stories.unblock,
    (Kind.PRESS, "takedown.done"): takedowns.done,
    (Kind.PRESS, "settings.open"): settings.open_,
    (Kind.PRESS, "settings.section"): settings.show_section,
    (Kind.PRESS, "settings.page.more"): settings.turn_page,
    (Kind.PRESS, "settings.page.back"): settings.turn_page,
    (Kind.PRESS, "settings.add"): settings.ask_part,
    (Kind.PRESS, "settings.change"): settings.ask_part,
    (Kind.PRESS, "settings.up"): settings.move,
    (Kind.PRESS, "settings.down"): settings.move,
    (Kind.PRESS, "settings.stop"): settings.stop,
    (Kind.PRESS, "settings.back"): settings.bring_back,
    (Kind.PRESS, "settings.pillars.add"): settings.ask_shares,
    (Kind.PRESS, "settings.pillars.shares"): settings.ask_shares,
    (Kind.PRESS, "settings.pillars.stop"): settings.ask_shares,
    (Kind.PRESS, "settings.pillars.back"): settings.ask_shares,
    (Kind.SUBMISSION, "settings.part"): settings.save_part,
    (Kind.SUBMISSION, "settings.pillars"): settings.save_shares,
    (Kind.SUBMISSION, "proposal"): drafts.keeping(posts.submitted),
    (Kind.CLOSED, "proposal"): drafts.closed,
    (Kind.SUBMISSION, "post.describe"): posts.describe,
    (Kind.SUBMISSION, "absence"): absences.name,
    (Kind.SUBMISSION, "reminders"): my_reminders.keep,
    (Kind.SUBMISSION, "slot"): slots.submitted,
    (Kind.SUBMISSION, "date.move"): slot_dates.move,
    (Kind.SUBMISSION, "date.hand_over"): slot_dates.hand_over,
    (Kind.SUBMISSION, "post.move"): moving.submitted,
    (Kind.SUBMISSION, "post.plan"): decisions.plan,
    (Kind.SUBMISSION, "post.approve_edited"): decisions.approve_edited,
    (Kind.SUBMISSION, "post.hold"): decisions.hold,
    (Kind.SUBMISSION, "post.request_changes"): decisions.request_changes,
    (Kind.SUBMISSION, "post.reject"): decisions.reject,
    (Kind.SUBMISSION, "days.day"): days.submitted,
    (Kind.SUBMISSION, "days.idea"): days.add_idea,
    (Kind.SUBMISSION, "days.file"): days.bring_in_file,
    (Kind.SUBMISSION, "reminder.put_off"): reminder_answers.put_off,
    (Kind.SUBMISSION, "reminder.hand_over"): reminder_answers.hand_over,
    (Kind.PRESS, "figures.post"): figures.of_post,
    (Kind.PRESS, "figures.enter"): figures.enter,
    (Kind.PRESS, "figures.not_now"): figures.not_now,
    (Kind.PRESS, "figures.none"): figures.no_figures,
    (Kind.SUBMISSION, "figures"): figures.save,
    (Kind.SUBMISSION, "placement.posted"): placements.posted,
    (Kind.SUBMISSION, "placement.link"): placements.add_link,
    (Kind.SUBMISSION, "doubt.there"): placements.it_is_there,
    (Kind.SUBMISSION, "poll"): polls.submitted,
    (Kind.SUBMISSION, "poll.reject"): polls.reject,
    (Kind.SUBMISSION, "poll.there"): polls.it_is_there,
    (Kind.SUBMISSION, "story.ask"): stories.ask,
    (Kind.SUBMISSION, "story.decline"): stories.decline,
    (Kind.EVENT, "app_home_opened"): home.opened,
}

OTHERWISE: dict[Kind, Handler | None] = {
    Kind.COMMAND: help_,
    Kind.SHORTCUT: _unknown,
    Kind.PRESS: _unknown,
    Kind.SUBMISSION: _unknown,
    Kind.CLOSED: None,
    Kind.EVENT: None,  # not for us
}


async def route(
    workspace: Workspace, kind: Kind, name: str, body: dict[str, Any], ack: AsyncAck
) -> BoltResponse | None:
    """Runs the handler of this name; what it returns, if anything, is for Bolt."""
    handler = ROUTES.get((kind, name), OTHERWISE[kind])
    if handler is None:
        await ack()
        return None
    by = await workspace.people.find(_who(body))
    incoming = Incoming(workspace, body, ack, by)
    if kind is Kind.PRESS and name != "draft.save":
        await drafts.pressed(incoming)  # in the order of the presses: the newest words stay
    response = await guarded(handler, incoming)
    if _shows_on_home(kind, name, incoming):
        workspace.go_on(_publish_home(incoming))
    return response


def _who(body: dict[str, Any]) -> str:
    if "event" in body:
        return str(body["event"]["user"])
    return str(body["user_id"] if "command" in body else body["user"]["id"])


def _shows_on_home(kind: Kind, name: str, incoming: Incoming) -> bool:
    """Whether this person looks at a Home that may have changed, or has it behind their form."""
    if name in settings.CHANGES:
        return True
    if kind is Kind.PRESS:
        if incoming.on_home:
            return not name.startswith("home.page.")  # that has done it itself
        return name == "draft.save" and bool(incoming.meta.get("home"))
    return kind in (Kind.SUBMISSION, Kind.CLOSED) and bool(incoming.meta.get("home"))


async def _publish_home(incoming: Incoming) -> None:
    try:
        by = await incoming.workspace.people.find(incoming.by.id)  # in the language chosen now
        await home.show_anew(incoming, by)
    except Exception as error:  # the press itself is done; opening Home again shows it anew
        logger.warning("Home could not be shown anew: %s", described(error))
