"""Messages about posts: views → Block Kit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.actions.views import DecisionView, PlacementTask, PlacementView, PostView, TopicView
from bot.rules.posts import (
    LABEL_WORDS,
    STATUS_WORDS,
    PlacementStatus,
    PostAction,
    PostStatus,
    ReasonLabel,
)
from bot.texts import Texts
from handlers.slack.blocks import (
    FIELD,
    IN_MESSAGE,
    Block,
    actions,
    button,
    context,
    fitting,
    mrkdwn,
    pairs,
    pictures,
    plain,
    said,
    section,
    sections,
    shortened,
)
from handlers.slack.contents import still_open, with_descriptions, wordings
from handlers.slack.figure_lines import figures_line, figures_of
from handlers.slack.post_buttons import is_undecided, post_buttons
from handlers.slack.words import escape, first_words, link, listed, mention, moment, planned

MOST_TOPICS = 2
MOST_PEOPLE = 5
MOST_LINES = 5  # with the longest names they fit a section
MOST_DECISIONS = 8
FEW_DECISIONS = 3
"""So many of the latest stand on a card; with their reasons they stay within 50 blocks. Few,
where the post says something else on some platforms: who decides has to read that."""


@dataclass(frozen=True)
class Message:
    """What Slack shows, and the plain words for whoever sees no blocks (notifications)."""

    text: str
    blocks: list[Block]


SIGNS = {
    PlacementStatus.PROPOSED: "⏳",
    PlacementStatus.CHANGES_REQUESTED: "✏️",
    PlacementStatus.APPROVED: "✅",
    PlacementStatus.REJECTED: "⛔",
    PlacementStatus.WITHDRAWN: "↩️",
    PlacementStatus.EXPIRED: "⌛",
    PlacementStatus.PUBLISHING: "📤",
    PlacementStatus.HANDED: "✋",
    PlacementStatus.IN_DOUBT: "❓",
    PlacementStatus.FAILED: "⚠️",
    PlacementStatus.PUBLISHED: "📣",
    PostStatus.AWAITING_FOLLOWER: "⏳",
}
"""Beside the word, never instead of it."""


def post_card(post: PostView, t: Texts, zone: ZoneInfo, notes: Sequence[Block] = ()) -> Message:
    """The present state of a post, who decided what, when and why, and what can be done.

    notes: what it does to the strategy, for who decides.
    """
    headline = t(
        "📝 {who} proposes a post for {platforms}",
        who=mention(post.proposer),
        platforms=platforms_of(post, t),
    )
    below = [
        *pictures(post.images),
        *pairs(_facts(post, t, zone)),
        *_why(post, t),
        *(still_open(post, t) if is_undecided(post) else []),
        *notes,
        *_state(post, t, zone),
        *figures_of(post, t, zone),
        *_waiting(post, t, zone),
        *_approvals(post, t),
        *_topics(post, t),
        *_decisions(post, t, zone),
        *actions(post_buttons(post, t)),
    ]
    texts = wordings(post, t, IN_MESSAGE - len(below) - 1)
    return Message(text=headline, blocks=[section(f"*{headline}*"), *texts, *below])


def platforms_of(post: PostView, t: Texts) -> str:
    return listed((placement.platform for placement in post.placements), t)


def _state(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """With the way to every step that led there."""
    first, *rest = sections(state_lines(post, t, zone))
    history = button(t("History"), "history.show", str(post.id))
    return [first | {"accessory": history}, *rest]


def state_lines(post: PostView, t: Texts, zone: ZoneInfo) -> list[str]:
    """Where the post stands: for the whole, and on each platform where they differ."""
    lines = [
        placement_line(placement, t) + _own_time(placement, post, t, zone)
        for placement in post.placements
    ]
    if post.status is PostStatus.AWAITING_FOLLOWER:
        waiting = STATUS_WORDS[PostStatus.AWAITING_FOLLOWER]
        lines.append(f"{SIGNS[PostStatus.AWAITING_FOLLOWER]} {t(waiting)}")
    return lines


def _own_time(placement: PlacementView, post: PostView, t: Texts, zone: ZoneInfo) -> str:
    """Where it was moved on its own, so that it differs from the post's first."""
    is_over = placement.status in (PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN)
    if is_over or placement.planned_at == post.planned_at:
        return ""
    return f" · {planned(placement.planned_at, t, zone)}"


def _waiting(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    lines = waiting_lines(post, t, zone)
    return [section("\n".join(lines[:MOST_LINES]))] if lines else []


def waiting_lines(post: PostView, t: Texts, zone: ZoneInfo) -> list[str]:
    """Until when it is held and by whom; and that the deputies decide, too."""
    lines = []
    for placement in post.placements:
        platform = escape(placement.platform)
        if placement.held_until and placement.held_by:
            lines.append(
                t(
                    "⏸️ {platform}: {who} waits with a decision until {until}.",
                    platform=platform,
                    who=mention(placement.held_by),
                    until=moment(placement.held_until, t, zone),
                )
            )
        if placement.escalated_at:
            since = moment(placement.escalated_at, t, zone)
            lines.append(
                t(
                    "⏫ {platform}: nobody decided in time, so the deputies decide, too, "
                    "since {since}.",
                    platform=platform,
                    since=since,
                )
            )
    return lines


def _approvals(post: PostView, t: Texts) -> list[Block]:
    """How many approvals are still needed, of whom; nothing where one is enough."""
    lines = []
    for placement in post.placements:
        if placement.missing > 1 or (placement.missing and placement.approved_by):
            still = t.n(
                "one more approval is needed", "{n} more approvals are needed", placement.missing
            )
            lines.append(
                t(
                    "👥 {platform}: {still}. Who can approve: {people}.",
                    platform=escape(placement.platform),
                    still=still,
                    people=", ".join(map(mention, placement.waits_for[:MOST_PEOPLE])),
                )
            )
    return [section("\n".join(lines[:MOST_LINES]))] if lines else []


def _topics(post: PostView, t: Texts) -> list[Block]:
    """What is sensitive about it, who decides on that, and what is prepared to be said."""
    blocks: list[Block] = []
    for topic in post.topics[:MOST_TOPICS]:
        blocks.append(section(topic_line(topic, t)))
        if topic.statement:
            blocks += [context(t("The prepared statement:")), *said(topic.statement)]
    return blocks


def topic_line(topic: TopicView, t: Texts) -> str:
    name = escape(topic.name)
    if topic.waits_for:
        who = t.listing(map(mention, topic.waits_for[:MOST_PEOPLE]))
        return t("🔔 A sensitive topic: *{topic}*. {who} decides on it, too.", topic=name, who=who)
    return t("🔔 A sensitive topic: *{topic}*.", topic=name)


def placement_line(placement: PlacementView, t: Texts) -> str:
    words = t(STATUS_WORDS[placement.status])
    line = f"{SIGNS[placement.status]} *{escape(placement.platform)}*: {words}"
    return f"{line} · {link(placement.link, t('see the post'))}" if placement.link else line


def by_hand_card(task: PlacementTask, t: Texts, zone: ZoneInfo) -> Message:
    """The final text and pictures, for the owner who posts it."""
    post, placement = task.post, task.placement
    platform = escape(placement.platform)
    if placement.status is PlacementStatus.HANDED:
        headline = t("✋ Time to post this on {platform}", platform=platform)
        value = str(placement.id)
        buttons = [
            button(t("Posted"), "placement.posted", value, "primary"),
            button(t("Snooze"), "placement.snooze", value),
        ]
    else:
        headline, buttons = placement_line(placement, t), []
    named = _credit(post, t)
    return Message(
        text=headline,
        blocks=[
            section(f"*{headline}*" if buttons else headline),
            *said(placement.text),
            *([section(named)] if named else []),
            *with_descriptions(post.images, t),
            *_published(placement, t, zone),
            *([context(figures_line(placement, t, zone))] if placement.figures else []),
            *actions(buttons),
        ],
    )


def in_doubt_card(task: PlacementTask, t: Texts, zone: ZoneInfo) -> Message:
    """Did it arrive? Only a person can look."""
    placement = task.placement
    value = str(placement.id)
    platform = escape(placement.platform)
    again = button(t("Post it again"), "doubt.again", value)
    if placement.status is PlacementStatus.IN_DOUBT:
        headline = t(
            "❓ The connection broke while this was posted on {platform}. "
            "Please look whether it is there.",
            platform=platform,
        )
        buttons = [button(t("It is there"), "doubt.there", value, "primary"), again]
    elif placement.status is PlacementStatus.FAILED:
        headline = t(
            "⚠️ {platform} did not take this post. Has the cause been dealt with? "
            "Then post it again.",
            platform=platform,
        )
        buttons = [again]
    else:
        headline, buttons = placement_line(placement, t), []
    return Message(
        text=headline,
        blocks=[
            section(headline),
            *said(placement.text),
            *_published(placement, t, zone),
            *actions(buttons),
        ],
    )


def _published(placement: PlacementView, t: Texts, zone: ZoneInfo) -> list[Block]:
    if placement.published_at is None:
        return []
    return [context(t("Published: {when}", when=moment(placement.published_at, t, zone)))]


def _facts(post: PostView, t: Texts, zone: ZoneInfo) -> list[tuple[str, Block]]:
    platforms = ", ".join(placement.platform for placement in post.placements)
    rows: list[tuple[str, Block]] = [
        (t("Platforms"), _value(platforms)),
        (t("Date and time"), _when(post, t, zone)),
    ]
    if post.pillar:
        rows.append((t("Pillar"), _value(post.pillar.name)))
    if post.target_group:
        rows.append((t("Target group"), _value(post.target_group.name)))
    if post.goal:
        rows.append((t("Goal"), _value(post.goal.name)))
    if post.story_id is not None:
        rows.append((t("Named as"), _value(post.credit or t("Anonymous"))))
    return rows


def _when(post: PostView, t: Texts, zone: ZoneInfo) -> Block:
    if post.planned_at is None:
        return plain(t("no date yet: in the backlog"))
    return mrkdwn(planned(post.planned_at, t, zone))


def _value(text: str) -> Block:
    return plain(shortened(text, FIELD))


def _credit(post: PostView, t: Texts) -> str:
    return t("Name below the post: {name}", name=escape(post.credit)) if post.credit else ""


def _why(post: PostView, t: Texts) -> list[Block]:
    why = [section(f"*{t('Why')}*"), *said(post.why)] if post.why.strip() else []
    if post.source_link:
        why.append(context(link(post.source_link, t("The message that it comes from"))))
    return why


def _decisions(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    most = MOST_DECISIONS if len(post.wordings) == 1 else FEW_DECISIONS
    grouped = _grouped(post.decisions)[-most:]
    return [block for group in grouped for block in _decision(*group, post, t, zone)]


def last_request(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """Who asked for changes, and which: the newest of these."""
    asked = [g for g in _grouped(post.decisions) if g[0].verdict == PostAction.REQUEST_CHANGES]
    return _decision(*asked[-1], post, t, zone) if asked else []


def _decision(
    decision: DecisionView, platforms: list[str], post: PostView, t: Texts, zone: ZoneInfo
) -> list[Block]:
    about = escape(decision.topic) if decision.topic else listed(platforms, t)
    line = _decision_line(decision, about, t, zone)
    if decision.label:
        line += " · " + t(LABEL_WORDS[ReasonLabel(decision.label)])
    if decision.revision != post.revision:
        line += " · " + t("about version {n}", n=decision.revision)
    return [context(line), *(said(f"“{decision.reason}”") if decision.reason else [])]


def _grouped(decisions: Sequence[DecisionView]) -> list[tuple[DecisionView, list[str]]]:
    """One line for one press, however many platforms it was about."""
    groups: list[tuple[DecisionView, list[str]]] = []
    for decision in decisions:
        if groups and replace(groups[-1][0], platform=decision.platform) == decision:
            groups[-1][1].append(decision.platform)
        else:
            groups.append((decision, [decision.platform]))
    return groups


def _decision_line(decision: DecisionView, platforms: str, t: Texts, zone: ZoneInfo) -> str:
    when = moment(decision.at, t, zone)
    if decision.by is None:
        if decision.verdict == "agree":
            return t("💚 The follower said yes, {when}", when=when)
        return t("✏️ The follower asks for a change, {when}", when=when)
    sentence = {
        "approve": t("✅ {who} approved this for {platforms}, {when}"),
        "request_changes": t("✏️ {who} asks for changes for {platforms}, {when}"),
        "reject": t("⛔ {who} rejected this for {platforms}, {when}"),
        "hold": t("⏸️ {who} put this on hold for {platforms}, {when}"),
    }[decision.verdict]
    return sentence.format(who=mention(decision.by), platforms=platforms, when=when)


def summary(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """A post in two blocks: its first words, and where it stands."""
    where = fitting(" · ", [placement_line(placement, t) for placement in post.placements])
    return [
        *said(first_words(post.text, 150) or "-"),
        context(f"{planned(post.planned_at, t, zone)} · {where}"),
    ]
