"""Lives the year, and prints its account; not 0 where something is missing, twice or at night."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.year.account import account_of, is_right, table
from tests.year.desk import desk_in
from tests.year.life import END, Year


async def live() -> bool:
    with tempfile.TemporaryDirectory() as directory:
        async with desk_in(Path(directory)) as (desk, clock):
            year, began = Year(desk, clock), time.monotonic()
            await year.live(END)
            account = await account_of(year)
    print(f"{year.done.total()} deeds of people in {time.monotonic() - began:.0f} s")
    print(table(account))
    return is_right(account)


if __name__ == "__main__":
    sys.exit(not asyncio.run(live()))
