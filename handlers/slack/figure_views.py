"""Figures: in a form, asked for, and told to who proposed the post. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.figures_asked import Asked, AskView
from bot.actions.views import PlacementTask, PlacementView
from bot.rules.figures import IN_OUR_CHANNEL, METRIC_WORDS, Metric
from bot.rules.refusals import InvalidForm
from bot.texts import Texts
from handlers.slack import forms
from handlers.slack.blocks import (
    Block,
    actions,
    button,
    context,
    said,
    section,
    sections,
)
from handlers.slack.cards import Message
from handlers.slack.figure_lines import counted
from handlers.slack.words import escape, first_words, link, moment

LONGEST_FIGURE = 20
MOST_LINES = 10
"""Posts that one message lists."""


def form(
    task: PlacementTask, t: Texts, zone: ZoneInfo, meta: Mapping[str, Any], left: int
) -> Block:
    """The figures of one placement. left: so many more come after it."""
    placement = task.placement
    known = {figure.metric: figure.value for figure in placement.figures}
    more = t.n("Then one more post.", "Then {n} more posts.", left) if left else ""
    fields = [
        forms.text_field(
            field_of(metric, placement.id),
            t(METRIC_WORDS[metric]),
            str(known.get(metric, "")),
            optional=True,
            most=LONGEST_FIGURE,
            hint="" if placement.by_hand else t(IN_OUR_CHANNEL.get(metric, "")),
        )
        for metric in metrics_in(placement)
    ]
    return forms.modal(
        "figures",
        t("Figures"),
        t("Save"),
        t,
        {**meta, "placement": placement.id, "seen": known},
        [
            *said(first_words(placement.text, 150) or "-"),
            context(" · ".join(_where_and_when(placement, t, zone))),
            *fields,
            context(
                t("Copy what {platform} shows now.", platform=escape(placement.platform))
                + (f" {more}" if more else "")
            ),
        ],
    )


def metrics_in(placement: PlacementView) -> tuple[Metric, ...]:
    """What its platform counts, and what is known of it all the same."""
    known = {figure.metric for figure in placement.figures}
    return tuple(m for m in Metric if m in placement.metrics or m in known)


def field_of(metric: str, placement_id: int) -> str:
    """Slack keeps what was typed in a field of the same name when another form takes its place:
    so each placement has its own."""
    return f"{metric}:{placement_id}"


def in_fields(wrong: InvalidForm, placement_id: int) -> InvalidForm:
    return InvalidForm({field_of(name, placement_id): why for name, why in wrong.errors.items()})


def ask(view: AskView, t: Texts, zone: ZoneInfo) -> Message:
    """How did it go? With what became of each, where somebody answered."""
    if len(view.asked) == 1:
        headline = t("📊 This post has been out for some days. How did it do?")
    else:
        headline = t(
            "📊 {n} posts have been out for some days. How did they do?", n=len(view.asked)
        )
    lines = [_asked_line(each, t, zone) for each in view.asked[:MOST_LINES]]
    more = len(view.asked) - len(lines)
    if more:
        lines.append(t.n("And one more.", "And {n} more.", more))
    value = ",".join(str(each.task.placement.id) for each in view.asked)
    buttons = [
        button(t("Fill in the figures"), "figures.enter", value, "primary"),
        *([button(t("Not now"), "figures.not_now", value)] if view.may_wait else []),
        button(t("No figures"), "figures.none", value),
    ]
    return Message(
        headline,
        [section(headline), *sections(lines), *actions(buttons if view.open else [])],
    )


def first_figures(tasks: Sequence[PlacementTask], t: Texts, zone: ZoneInfo) -> Message:
    """To who proposed them: what their posts did."""
    if len(tasks) > 1:
        headline = t(
            "📊 The first figures of {n} of your posts are there. Thank you!", n=len(tasks)
        )
        lines = [_told_line(task, t) for task in tasks[:MOST_LINES]]
        if more := len(tasks) - len(lines):
            lines.append(t.n("And one more.", "And {n} more.", more))
        return Message(headline, [section(headline), *sections(lines)])
    (task,) = tasks
    headline = f"📊 {_what_it_did(task.placement, t)}"
    return Message(
        headline,
        [
            section(headline),
            *said(f"“{first_words(task.post.text, 200)}”"),
            section(f"{counted(task.placement, t)}\n" + t("Thank you for proposing it!")),
            context(" · ".join(_where_and_when(task.placement, t, zone))),
        ],
    )


def _what_it_did(placement: PlacementView, t: Texts) -> str:
    platform = escape(placement.platform)
    reach = next((f.value for f in placement.figures if f.metric == Metric.REACH), 0)
    if not reach:
        return t("The first figures of your post on {platform} are there.", platform=platform)
    if placement.by_hand:
        return t.n(
            "Your post reached one person on {platform}.",
            "Your post reached {n} people on {platform}.",
            reach,
            platform=platform,
        )
    return t.n(
        "Your post was seen once on {platform}.",
        "Your post was seen {n} times on {platform}.",
        reach,
        platform=platform,
    )


def _asked_line(each: Asked, t: Texts, zone: ZoneInfo) -> str:
    placement = each.task.placement
    words = escape(first_words(placement.text) or "-")
    where = " · ".join(_where_and_when(placement, t, zone))
    return f"“{words}”\n{where}" + _answer(each, t, zone)


def _answer(each: Asked, t: Texts, zone: ZoneInfo) -> str:
    placement = each.task.placement
    if placement.figures:
        return f"\n✅ {counted(placement, t)}"
    if placement.has_no_figures:
        return "\n" + t("➖ No figures. I do not ask any more; the card has a button for later.")
    if each.again_at:
        return "\n" + t("⏰ I ask you again: {when}.", when=moment(each.again_at, t, zone))
    return ""


def _told_line(task: PlacementTask, t: Texts) -> str:
    words = escape(first_words(task.post.text) or "-")
    return f"“{words}”\n*{escape(task.placement.platform)}*: {counted(task.placement, t)}"


def _where_and_when(placement: PlacementView, t: Texts, zone: ZoneInfo) -> list[str]:
    found = [f"*{escape(placement.platform)}*"]
    if placement.published_at:
        found.append(moment(placement.published_at, t, zone))
    if placement.link:
        found.append(link(placement.link, t("see the post")))
    return found
