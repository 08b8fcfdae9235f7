"""The chart of a poll: every answer has its bar, as long as its share, where it belongs."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.actions.views import OptionView, PollView
from bot.rules.polls import PollPlace, PollStatus
from bot.texts import LANGUAGES, texts_in
from handlers.pictures.canvas import LINE, wrapped
from handlers.pictures.poll import CHANNEL, MARGIN, PRIVATE, THINNEST, WIDTH, draw, lay_out

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
FULL = WIDTH - 2 * MARGIN


def a_poll(*votes: tuple[int, int], question: str = "What do you read?", **more: Any) -> PollView:
    """votes: of each answer, in the channel and in private."""
    options = tuple(
        OptionView(n, f"Answer {n}", private, channel) for n, (channel, private) in enumerate(votes)
    )
    return PollView(
        1, PollStatus.CLOSED, question, options, PollPlace.BOTH, "U1", NOW, "U2", NOW, "", NOW,
        None, 3, True,
        **{
            "private_people": sum(private for _, private in votes),
            "channel_people": sum(channel for channel, _ in votes),
            **more,
        },
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "votes",
    [[(0, 0), (0, 0)], [(0, 1), (0, 0)], [(7, 5), (3, 9), (1, 0)], [(412_345, 200_123), (1, 0)]],
)
def test_bars_have_their_colours_where_they_belong(
    language: str, votes: list[tuple[int, int]]
) -> None:
    poll = a_poll(*votes, members=10**6, followers=10**6)
    image = Image.open(BytesIO(draw(poll, texts_in(language)).png)).convert("RGB")
    plan = lay_out(poll)
    assert image.size == (WIDTH, plan.height)
    for row in plan.rows:
        for box, colour in ((row.channel, CHANNEL), (row.private, PRIVATE)):
            if box:
                x, y = box.centre
                assert image.getpixel((int(x), int(y))) == ImageColor.getrgb(colour)
        y = int(row.track.centre[1])
        last = max([row.track.left, *(b.left + b.width for b in (row.channel, row.private) if b)])
        if last < row.track.left + FULL - 2:
            assert image.getpixel((int(last) + 2, y)) == ImageColor.getrgb(LINE)


counts = st.integers(0, 10**6)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=12))
def test_lengths_are_shares_and_nothing_lies_over_anything_else(
    votes: list[tuple[int, int]],
) -> None:
    poll = a_poll(*votes)
    plan = lay_out(poll)
    below = plan.rows[0].top
    for row, (channel, private) in zip(plan.rows, votes, strict=True):
        assert row.top >= below
        below = row.track.top + row.track.height
        assert (row.channel is None, row.private is None) == (not channel, not private)
        for box, count in ((row.channel, channel), (row.private, private)):
            if box:
                meant = FULL * count / poll.people
                assert box.left >= row.track.left
                assert box.left + box.width <= row.track.left + FULL + 0.001
                assert abs(box.width - max(meant, THINNEST)) <= THINNEST + 0.001
    assert plan.legend_top >= below
    assert plan.height > plan.legend_top


def test_of_several_answers_a_full_bar_is_everybody() -> None:
    poll = a_poll((10, 0), (5, 0), several=True, channel_people=10)
    first, second = lay_out(poll).rows
    assert first.channel
    assert second.channel
    assert (first.channel.width, second.channel.width) == (FULL, FULL / 2)


def test_in_words() -> None:
    t = texts_in("en")
    assert draw(a_poll((2, 1), (0, 1)), t).alt == (
        "A bar chart of the poll “What do you read?”. Answer 0: 3 votes (75%); "
        "Answer 1: one vote (25%). 4 people took part."
    )
    assert draw(a_poll((0, 0), (0, 0)), t).alt == (
        "A bar chart of the poll “What do you read?”: nobody voted."
    )


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.integers(1, 8))
def test_words_are_wrapped_without_losing_any(words: str, lines: int) -> None:
    found = wrapped(words, 30, 500, lines)
    assert 1 <= len(found) <= lines
    everything = "".join(wrapped(words, 30, 500, 1000))
    kept = "".join(found).replace(" ", "").rstrip("…")
    assert everything.replace(" ", "").startswith(kept)
