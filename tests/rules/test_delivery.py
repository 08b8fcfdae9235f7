"""How long to wait before the next attempt."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.delivery import FIRST_WAIT, LONGEST_WAIT, wait_after


@given(st.integers(1, 100))
def test_the_wait_doubles_up_to_half_an_hour(attempts: int) -> None:
    assert FIRST_WAIT <= wait_after(attempts) <= LONGEST_WAIT
    assert wait_after(attempts + 1) in (wait_after(attempts) * 2, LONGEST_WAIT)
