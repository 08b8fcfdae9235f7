"""What a platform counted of a placement, in a line. Pure."""

from zoneinfo import ZoneInfo

from bot.actions.views import PlacementView, PostView
from bot.rules.figures import METRIC_WORDS
from bot.texts import Texts
from handlers.slack.blocks import Block, fitting, section
from handlers.slack.words import escape, moment


def counted(placement: PlacementView, t: Texts) -> str:
    """'Reach 812 · Likes 40'."""
    return " · ".join(
        f"{t(METRIC_WORDS[figure.metric])} {t.number(figure.value)}" for figure in placement.figures
    )


def figures_line(placement: PlacementView, t: Texts, zone: ZoneInfo) -> str:
    """With the platform, and the moment of the newest; only where there are any."""
    newest = max(figure.at for figure in placement.figures)
    platform = escape(placement.platform)
    return f"📊 *{platform}*: {counted(placement, t)} · {moment(newest, t, zone)}"


def figures_of(post: PostView, t: Texts, zone: ZoneInfo) -> list[Block]:
    """One block at most."""
    lines = [figures_line(placement, t, zone) for placement in post.placements if placement.figures]
    return [section(fitting("\n", lines))] if lines else []
