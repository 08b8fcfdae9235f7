"""Direct messages: what became of something, and what is due. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.views import PollView, PostView
from bot.rules.posts import LABEL_WORDS, PlacementStatus, ReasonLabel
from bot.texts import N_, Texts
from handlers.slack.blocks import Block, actions, button, context, said, section
from handlers.slack.cards import Message
from handlers.slack.polls import option_lines
from handlers.slack.post_buttons import is_editable
from handlers.slack.words import escape, first_words, link, listed, mention, moment, whom

POST_EVENTS = {
    "approved": N_("✅ {who} approved your proposal for {platform}."),
    "approval": N_(
        "👍 {who} approved your proposal for {platform}. Somebody else decides, too; "
        "you hear from me then."
    ),
    "complete": N_(
        "✅ Your proposal for {platform} has every approval that it needs: it is approved."
    ),
    "approved_edited": N_(
        "✅ {who} approved your proposal for {platform}, with a small edit. "
        "What was changed stands in the thread below the card."
    ),
    "approval_edited": N_(
        "👍 {who} approved your proposal for {platform}, with a small edit: see the thread below "
        "the card. Somebody else decides, too; you hear from me then."
    ),
    "held": N_("⏸️ {who} waits with a decision on your proposal for {platform}, until {until}."),
    "changes_requested": N_(
        "✏️ {who} asks you to change something in your proposal for {platform}. "
        "Press Edit, below or on the card."
    ),
    "rejected": N_(
        "⛔ {who} rejected your proposal for {platform}. You are welcome to make a new one."
    ),
    "expired": N_(
        "⌛ Not everybody had said yes when the time came, so your post was not published on "
        "{platform}."
    ),
    "published": N_("📣 Your post is published on {platform}."),
    "failed": N_(
        "⚠️ {platform} did not take your post. The people who are responsible know about it."
    ),
    "follower_agreed": N_("💚 The follower said yes to the post that you made of the story."),
    "follower_wish": N_(
        "✏️ The follower asks for a change in the post that you made of the story. "
        "Press Edit, below or on the card."
    ),
    "follower_unreachable": N_(
        "📵 The follower stopped the bot, so I cannot ask for their yes, and without it nothing is "
        "published. If they come back before its time, I ask them at once."
    ),
    "published_too_late": N_(
        "⚠️ The follower withdrew the story in the very moment that it was published on "
        "{platform}. It is taken away there; the follower knows that."
    ),
    "taken_away": N_(
        "↩️ The follower withdrew the story. What is published of it is taken away by whoever is "
        "responsible there, and nothing more is published. You have nothing to do."
    ),
    "withdrawn_by_follower": N_(
        "↩️ The follower withdrew the story, so the post is not published. There is nothing to do."
    ),
}
VERDICTS = {
    "approved": "approve",
    "approval": "approve",
    "approved_edited": "approve",
    "approval_edited": "approve",
    "held": "hold",
    "changes_requested": "request_changes",
    "rejected": "reject",
}
TO_EDIT = frozenset({"changes_requested", "follower_wish"})
POLL_EVENTS = {
    "approved": N_("✅ {who} approved your poll: it is open now."),
    "rejected": N_("⛔ {who} rejected your poll. You are welcome to make a new one."),
    "closed": N_("🏁 Your poll is closed. This is what people answered."),
}
NOTICE_WORDS = {
    "post.card": N_("the card of a post"),
    "poll.card": N_("the card of a poll"),
    "story.card": N_("the card of a story"),
    "post.publish": N_("a post for the Telegram channel"),
    "poll.native": N_("a poll for the Telegram channel"),
    "poll.stop": N_("closing a poll in the Telegram channel"),
    "placement.by_hand": N_("a post that somebody is to post by hand"),
    "reminder_message.card": N_("a reminder"),
    "placement.in_doubt": N_("the question whether a post arrived"),
    "takedown.card": N_("the task to take a post away"),
}
A_MESSAGE = N_("a message")

_NO_ROOM = N_(
    "I cannot get into this channel. Invite me there, or put another one in SLACK_REVIEW_CHANNEL."
)
_GONE = N_(
    "This person cannot be reached in Slack any more. Name somebody else in the settings, "
    "and tell them what waits."
)
WHAT_NOW = {
    "is_archived": N_(
        "The channel is archived. Take it out of the archive, or put another one in "
        "SLACK_REVIEW_CHANNEL."
    ),
    "channel_not_found": _NO_ROOM,
    "not_in_channel": _NO_ROOM,
    "user_not_found": _GONE,
    "user_disabled": _GONE,
    "missing_scope": N_(
        "I miss a permission in Slack. Run “python -m bot doctor”: it says which one."
    ),
}
"""By Slack's name for what is the matter."""


def post_outcome(
    post: PostView,
    payload: dict[str, Any],
    t: Texts,
    card: str | None,
    zone: ZoneInfo,
    times: Sequence[datetime] = (),
) -> Message:
    """To the proposer. card: the address of the card in the review channel. times: the moments
    that are offered where its own was over too early."""
    event = payload["event"]
    placement = next((p for p in post.placements if p.id == payload.get("placement_id")), None)
    platforms = _named_in(post, payload) or _decided_about(post, payload)
    headline = t(POST_EVENTS[event]).format(
        who=_who(payload.get("by"), t),
        platform=listed(platforms, t),
        until=_moment(payload.get("until"), t, zone),
    )
    address = placement.link if placement else None
    edit = button(t("Edit"), "post.edit", f"{post.id}:{post.revision}", "primary")
    return Message(
        text=headline,
        blocks=[
            section(headline),
            *_quoted(first_words(post.text, 200)),
            *_reason(payload.get("reason"), t, payload.get("label")),
            *_rest(post, event, platforms, t),
            *_date(payload.get("planned_at"), t, zone),
            *_addresses(t, post=address, card=card),
            *actions([edit] if event in TO_EDIT else []),
            *(_new_times(post, times, t, zone) if event == "expired" else []),
        ],
    )


def poll_outcome(poll: PollView, payload: dict[str, Any], t: Texts) -> Message:
    """To the proposer."""
    event = payload["event"]
    headline = t(POLL_EVENTS[event]).format(who=_who(payload.get("by"), t))
    return Message(
        text=headline,
        blocks=[
            section(headline),
            *_quoted(poll.question),
            *(said("\n".join(option_lines(poll, t))) if event == "closed" else []),
            *_reason(payload.get("reason"), t),
        ],
    )


def absence(payload: dict[str, Any], t: Texts, *, is_over: bool) -> Message:
    """To a deputy: somebody is away, is back earlier, or does not go."""
    values = {
        "who": mention(payload["who"]),
        "platforms": t.listing(map(escape, payload["platforms"][:20])),
        "first": t.day(date.fromisoformat(payload["first_day"])),
        "last": t.day(date.fromisoformat(payload["last_day"])),
    }
    if is_over and not payload.get("has_begun", True):
        headline = t("👋 {who} stays after all, and decides for {platforms} as usual.", **values)
    elif is_over:
        headline = t("👋 {who} is back and decides for {platforms} again.", **values)
    else:
        headline = t(
            "🌴 {who} is away from {first} till {last}. In these days you decide for {platforms}. "
            "On the Home tab you find what waits.",
            **values,
        )
    return Message(headline, [section(headline)])


def in_story_thread(text: str, by: str | None, t: Texts) -> Message:
    """Below the story's card: a colleague's question, or (by is None) the follower's answer."""
    asked = t("❓ {who} asks the follower:", who=mention(by)) if by else ""
    headline = asked or t("💬 The follower answers:")
    return Message(headline, [section(headline), *said(text)])


def admin_failed(payload: dict[str, Any], t: Texts) -> Message:
    """To the administrators: something could not be sent, and is not tried again."""
    what = t(NOTICE_WORDS.get(payload["notice_kind"], A_MESSAGE))
    headline = t("⚠️ I could not deliver {what}, and I do not try again.", what=what)
    error = str(payload["error"])  # our own words are in the catalogue, a platform's are not
    details = [t("The reason: {error}", error=escape(t(error)[:500]))]
    if meant_for := payload.get("meant_for"):
        details.append(t("It was meant for {who}.", who=whom(meant_for)))
    advice = [section(t(WHAT_NOW[error]))] if error in WHAT_NOW else []
    return Message(headline, [section(headline), *advice, context(" ".join(details))])


def _new_times(post: PostView, times: Sequence[datetime], t: Texts, zone: ZoneInfo) -> list[Block]:
    """To plan it anew with one press. Where a part of it is out, it has to be a new post."""
    if any(placement.status is PlacementStatus.EXPIRED for placement in post.placements):
        if not is_editable(post):
            words = t("A part of it is out already. For the rest, make a new proposal.")
            propose = button(t("Propose a post"), "home.propose", "new", "primary")
            return [section(words), *actions([propose])]
        value = f"{post.id}:{post.revision}"
        buttons = [
            button(t.moment(at, zone), f"post.replan.{n}", f"{value}:{int(at.timestamp())}")
            for n, at in enumerate(times, start=1)
        ]
        words = t("Choose a new time, and I ask again who decides:")
        return [
            section(words),
            *actions([*buttons, button(t("Another time"), "post.edit", value)]),
        ]
    return []


def _moment(at: str | None, t: Texts, zone: ZoneInfo) -> str:
    return moment(datetime.fromisoformat(at), t, zone) if at else ""


def _date(at: str | None, t: Texts, zone: ZoneInfo) -> list[Block]:
    return [context(t("Planned for {when}", when=_moment(at, t, zone)))] if at else []


def _rest(post: PostView, event: str, platforms: Sequence[str], t: Texts) -> list[Block]:
    """Of what somebody approved, the part for which others decide, too."""
    if event not in ("approved", "approved_edited"):
        return []
    waits = PlacementStatus.PROPOSED
    left = [p.platform for p in post.placements if p.status is waits and p.platform in platforms]
    if not left:
        return []
    words = t(
        "👍 For {platforms} somebody else decides, too; you hear from me then.",
        platforms=listed(left, t),
    )
    return [section(words)]


def _named_in(post: PostView, payload: dict[str, Any]) -> list[str]:
    """The platforms that it is about, where it says so."""
    ids = payload.get("placement_ids") or [payload.get("placement_id")]
    return [placement.platform for placement in post.placements if placement.id in ids]


def _decided_about(post: PostView, payload: dict[str, Any]) -> list[str]:
    """The platforms that this person decided about, the last time."""
    verdict = VERDICTS.get(payload["event"])
    theirs = [d for d in post.decisions if d.by == payload.get("by") and d.verdict == verdict]
    newest = max((d.revision for d in theirs), default=0)
    found = list(dict.fromkeys(d.platform for d in theirs if d.revision == newest))
    return found or [placement.platform for placement in post.placements]


def _who(by: str | None, t: Texts) -> str:
    return mention(by) if by else t("The follower")


def _quoted(text: str) -> list[Block]:
    return said(f"“{text}”") if text else []


def _reason(reason: str | None, t: Texts, label: str | None = None) -> list[Block]:
    if not reason:
        return []
    about = f": {t(LABEL_WORDS[ReasonLabel(label)])}" if label else ""
    return [section(f"*{t('Reason')}*{about}"), *said(reason)]


def _addresses(t: Texts, *, post: str | None, card: str | None) -> list[Block]:
    found: Sequence[str] = [
        *([link(post, t("see the post"))] if post else []),
        *([link(card, t("see the card"))] if card else []),
    ]
    return [context(" · ".join(found))] if found else []
