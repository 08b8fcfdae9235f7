"""The first months of the year: its change of the clock, and an outage over it.

The whole year is a program: `python -m tests.year`.
"""

from datetime import UTC, datetime
from pathlib import Path

from tests.year.account import account_of, is_right, table
from tests.year.desk import desk_in
from tests.year.life import Year

APRIL = datetime(2026, 4, 3, tzinfo=UTC)


async def test_nobody_is_missed_reminded_twice_or_at_night(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as (desk, clock):
        year = Year(desk, clock)
        await year.live(APRIL)
        account = await account_of(year)
    assert is_right(account), table(account)
    lines = {line.kind: line for line in account.lines}
    assert {"by_hand", "decide", "occurrence", "placement", "changes"} <= lines.keys()
    assert lines["decide"].escalated
    assert any(line.late for line in account.lines)
    assert all(line.withdrawn for line in account.lines if line.kind != "figures")
    assert year.done["propose"] > 100
