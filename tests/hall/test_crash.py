"""kill -9 in the middle of the work: whoever got an answer finds it kept."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from hall.verify import verify
from tests.hall.fakes import open_hall

ANSWERS = 40

SUBMITS_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from tests.hall.fakes import open_hall

async def terminal(hall, first):
    number = first
    while True:
        ticket = await hall.submit(number)
        print(ticket.visit, ticket.number, flush=True)
        number += 8

async def story():
    async with open_hall(Path(sys.argv[1])) as hall:
        await asyncio.gather(*(terminal(hall, first) for first in range(1, 9)))

asyncio.run(story())
"""


def test_a_killed_hall_has_lost_no_ticket_it_had_given_and_breaks_no_chain(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SUBMITS_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as hall:
        assert hall.stdout is not None
        given = dict(hall.stdout.readline().split() for _ in range(ANSWERS))
        hall.kill()

    async def after_the_restart() -> None:
        async with open_hall(tmp_path) as again:
            kept = {line.ticket.visit: line.ticket.number for line in await again.queue.lines()}
            assert given.items() <= kept.items()
            assert len(set(kept.values())) == len(kept)
            next_number = (await again.submit(1_000_000)).number
            assert next_number not in kept.values()
            assert verify(again.path) == {"H1": None}

    assert len(given) == ANSWERS
    asyncio.run(after_the_restart())
