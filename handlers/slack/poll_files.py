"""What a closed poll shows as a file: its chart, and its numbers as a table."""

import asyncio
from dataclasses import replace

from bot.actions import media, poll_results
from bot.actions.views import MediaView, PollView
from bot.rules import polls_file
from bot.texts import Texts
from handlers.slack.incoming import Workspace


async def poll_chart(space: Workspace, poll: PollView, t: Texts) -> MediaView:
    """On Slack, with its words for who does not see it."""
    # Matplotlib is large: who closes no poll does not wait for it.
    from handlers.pictures.poll import draw  # noqa: PLC0415

    picture = await asyncio.to_thread(draw, poll, t)
    kept = await media.keep(space.desk, picture.png, "image/png", f"poll-{poll.id}.png")
    (shown,) = await space.files.on_slack([kept])
    return replace(shown, alt=picture.alt)


async def poll_file(space: Workspace, poll_id: int) -> MediaView:
    lines = await poll_results.lines(space.desk, poll_id)
    content = polls_file.write(lines, space.desk.language)
    return await media.keep(space.desk, content, "text/csv", f"poll-{poll_id}.csv")
