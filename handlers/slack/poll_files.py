"""What a closed poll shows as a file: its chart, and its numbers as a table."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.actions import media, poll_results
from bot.actions.views import MediaView, PollView
from bot.rules import polls_file
from bot.texts import Texts
from handlers.slack.incoming import Workspace

if TYPE_CHECKING:
    from handlers.pictures.canvas import Picture


async def poll_chart(space: Workspace, poll: PollView, t: Texts) -> MediaView:
    """On Slack, with its words for who does not see it."""
    picture = await asyncio.to_thread(_draw, poll, t)
    kept = await media.keep(space.desk, picture.png, "image/png", f"poll-{poll.id}.png")
    (shown,) = await space.files.on_slack([kept])
    return replace(shown, alt=picture.alt)


def _draw(poll: PollView, t: Texts) -> "Picture":
    """Slow: to be done in a thread of its own."""
    # Matplotlib is large: where no poll is closed, nobody waits for it.
    from handlers.pictures.poll import draw  # noqa: PLC0415

    return draw(poll, t)


async def poll_file(space: Workspace, poll_id: int) -> MediaView:
    lines = await poll_results.lines(space.desk, poll_id)
    content = polls_file.write(lines, space.desk.language)
    return await media.keep(space.desk, content, "text/csv", f"poll-{poll_id}.csv")
