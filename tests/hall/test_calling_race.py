"""64 clerks, 2,000 tickets: each is called exactly once, and the race would notice if not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.application import Action, Decision, Lookup, Status
from hall.errors import NotAllowed, NotPossible
from hall.queue import Queue
from hall.store.hall_store import HallStore
from hall.store.request import Request
from hall.store.standing import Place
from hall.working_day import working_day
from tests.hall import engines
from tests.hall.engines import with_statement
from tests.hall.fakes import MATTERS, NOON, FakeClock, filled_in, open_hall, somebody, visit_id

TICKETS = 2000
CLERKS = 64
DAY = working_day(NOON)


async def _issue(store: HallStore, count: int) -> None:
    """Tickets for `count` visits, submitted all at once."""
    nobody_asked = Lookup(NOON)
    form = filled_in(visit_id(0), None, NOON)
    await asyncio.gather(
        *(
            store.submit(
                replace(form, visit=visit_id(n), identity=somebody(n)),
                Place(DAY, NOON),
                Request(f"submit:{n}", "terminal:K07", NOON),
                nobody_asked,
            )
            for n in range(1, count + 1)
        )
    )


Call = Callable[[Queue, HallStore, str, str], Awaitable[str | None]]


async def by_the_queue(queue: Queue, store: HallStore, window: str, key: str) -> str | None:
    return await queue.call_next(window, window, key)


async def by_select_then_update(queue: Queue, store: HallStore, window: str, key: str) -> str | None:
    """The mutant: what call_next would be if it looked first and took then, in two statements."""
    waiting = await store.lines(DAY)
    visit = next((s.ticket.visit for s in waiting if s.status is Status.SUBMITTED), None)
    if visit is not None:
        await store.write(lambda tx: tx.all("taken", window=window, visit=visit))
    return visit


async def race(folder: Path, call: Call, tickets: int, clerks: int) -> Counter[str]:
    """How often each ticket was called: clerks at two connections to one file, as of two processes,
    each calling and deciding until nobody waits."""
    stores = [engines.store(folder / "hall.db") for _ in range(2)]
    queues = [Queue(store, FakeClock(), matters=MATTERS) for store in stores]
    calls: Counter[str] = Counter()

    async def clerk(number: int) -> None:
        store, queue, window = stores[number % 2], queues[number % 2], str(number)
        while visit := await call(queue, store, window, f"{window} {calls.total()}"):
            calls[visit] += 1
            finish = Request(f"finish {visit} {window}", f"clerk:{window}", NOON, window)
            try:
                await store.act(Decision(visit, Action.REJECT, window, window, NOON, "NOT_ELIGIBLE"), finish, DAY)
            except (NotAllowed, NotPossible):
                calls[visit] += 1  # another window has it too

    try:
        await _issue(stores[0], tickets)
        await asyncio.gather(*(clerk(number) for number in range(clerks)))
    finally:
        for store in stores:
            await store.close()
    return calls


def test_64_clerks_call_2000_tickets_and_each_is_called_exactly_once(tmp_path: Path) -> None:
    calls = asyncio.run(race(tmp_path, by_the_queue, TICKETS, CLERKS))
    assert calls == Counter(visit_id(n) for n in range(1, TICKETS + 1))


def test_the_race_finds_a_call_that_looks_first_and_takes_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = "UPDATE ticket SET status = 'called', window = :window WHERE hall = :hall AND visit = :visit"
    with_statement(monkeypatch, "taken", taken)
    calls = asyncio.run(race(tmp_path, by_select_then_update, 20, 8))
    assert max(calls.values()) > 1


def test_the_thousandth_ticket_has_four_digits(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await _issue(hall.store, 1000)
            assert (await hall.store.standing(visit_id(1))).ticket.number == "A001"
            assert (await hall.store.standing(visit_id(1000))).ticket.number == "A1000"

    asyncio.run(story())
