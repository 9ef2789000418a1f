"""What the hall is measured by: submitting and calling, as the service does it and as bare statements of the same kind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.application import Answer, Application, Assurance, Identity, Lookup, Source, SourceKind
from hall.store.audit_file import Place as StorePlace
from hall.store.hall_store import HallStore
from hall.store.request import Request
from hall.store.row import Stored
from hall.store.standing import Place
from hall.store.transaction import Transaction
from hall.working_day import working_day

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = working_day(NOW)
PERSON = Identity("440602199202299863", "吕晓岚", "2", date(1992, 2, 29), "resident_card", Assurance.SAM, "01")
ANSWERS = {f"field_{n}": Answer("广东省佛山市禅城区祖庙街道", Source(SourceKind.DEPARTMENT, "household"), NOW) for n in range(20)}
FORM = Application("", "hk-macau-permit", "1", "", PERSON, ANSWERS, NOW)
CLIENTS = (1, 8, 64)
KINDS = ("submit", "call-next")

Trace = Sequence[tuple[str, Mapping[str, Stored]]]
"""The statements of one command, with what was bound to them."""


@dataclass(frozen=True)
class Measured:
    """How often a second, and how long one waited."""

    per_s: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return f"{self.per_s:7,.0f}/s  p50 {self.p50_ms:6.2f} ms  p99 {self.p99_ms:7.2f} ms"


def measured(took_s: list[float], whole_s: float) -> Measured:
    took_s.sort()
    return Measured(len(took_s) / whole_s, at(took_s, 0.5) * 1000, at(took_s, 0.99) * 1000)


def at(took_s: Sequence[float], part: float) -> float:
    return took_s[min(len(took_s) - 1, int(len(took_s) * part))]


def opened(place: StorePlace, folder: Path) -> HallStore:
    return HallStore.open(place, hall="H1", key_file=folder / "field.key")


async def submit(store: HallStore, n: int) -> None:
    visit = f"019ab000-0000-7000-8000-{n:012x}"
    form = replace(FORM, visit=visit, identity=replace(PERSON, number=f"{n:018}"))
    await store.submit(form, Place(DAY, NOW), Request(f"submit:{visit}", "terminal:K07", NOW), Lookup(NOW))


async def call(store: HallStore, n: int) -> None:
    """Each at a window of its own, so that nothing has to be decided in between."""
    if await store.call_next(DAY, Request(f"call:{n}", f"clerk:c{n}", NOW, f"w{n}")) is None:
        raise SystemExit("nobody was called: there was nothing to measure")


COMMANDS: Mapping[str, Callable[[HallStore, int], Awaitable[None]]] = {"submit": submit, "call-next": call}


async def clients(work: Callable[[int], Awaitable[None]], numbers: range, count: int) -> Measured:
    """So many clients, each asking again as soon as it is answered."""
    took: list[float] = []

    async def client(first: int) -> None:
        for n in numbers[first::count]:
            began = time.perf_counter()
            await work(n)
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client(first) for first in range(count)))
    return measured(took, time.perf_counter() - began)


async def ours(store: HallStore, kind: str, numbers: range, count: int) -> Measured:
    return await clients(lambda n: COMMANDS[kind](store, n), numbers, count)


@contextmanager
def recorded() -> Any:
    """Every statement that the store carries out meanwhile, command by command."""
    traces: list[list[tuple[str, Mapping[str, Stored]]]] = []
    carry_out, once = Transaction.all, Transaction.once

    def all_(self: Transaction, query: str, **values: Any) -> Any:
        run = self._run

        def noted(name: str, bound: Mapping[str, Stored]) -> Any:
            traces[-1].append((name, bound))
            return run(name, bound)

        self._run = noted
        try:
            return carry_out(self, query, **values)
        finally:
            self._run = run

    def once_(self: Transaction, *given: Any) -> str:
        traces.append([])
        return once(self, *given)

    Transaction.all, Transaction.once = all_, once_  # type: ignore[method-assign, assignment]
    try:
        yield traces
    finally:
        Transaction.all, Transaction.once = carry_out, once  # type: ignore[method-assign]


async def traces(folder: Path, numbers: range) -> dict[str, list[Trace]]:
    """What the commands of a small hall send to its database."""
    store = opened(folder / "recorded.db", folder)
    found: dict[str, list[Trace]] = {}
    for kind in KINDS:
        with recorded() as made:
            for n in numbers:
                await COMMANDS[kind](store, n)
        found[kind] = [trace for trace in made if trace]
    await store.close()
    return found
