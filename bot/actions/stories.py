"""Stories: every use case by one name; the rooms behind it are story_talk (telling one),
story_desk (the colleagues), story_consent (yes, change, withdraw) and story_views (looking)."""

from bot.actions.blocking import block, unblock
from bot.actions.story_consent import (
    agree,
    ask_for_agreement,
    consent_stands,
    mine,
    published,
    unheard,
    wish,
    withdraw,
)
from bot.actions.story_desk import (
    accepted,
    ask,
    back_to_desk,
    check_may_handle,
    decline,
    fetch_failed,
    fetched,
    waiting,
)
from bot.actions.story_edits import edited
from bot.actions.story_talk import (
    add_part,
    begin,
    cancel,
    leave_out,
    remove_last,
    step,
    too_young,
)
from bot.actions.story_views import Fetch, consent_text, draft_of, of_follower, show, to_fetch

__all__ = [
    "Fetch",
    "accepted",
    "add_part",
    "agree",
    "ask",
    "ask_for_agreement",
    "back_to_desk",
    "begin",
    "block",
    "cancel",
    "check_may_handle",
    "consent_stands",
    "consent_text",
    "decline",
    "draft_of",
    "edited",
    "fetch_failed",
    "fetched",
    "leave_out",
    "mine",
    "of_follower",
    "published",
    "remove_last",
    "show",
    "step",
    "to_fetch",
    "too_young",
    "unblock",
    "unheard",
    "waiting",
    "wish",
    "withdraw",
]
