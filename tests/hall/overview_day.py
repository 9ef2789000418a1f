"""A generated day of a hall, written row by row into its file, beside what happened in it as plain tuples."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

DAY = date(2026, 11, 23)
OPENS = datetime(2026, 11, 23, 1, tzinfo=UTC)
MATTERS = ("letter", "passport", "permit")


@dataclass(frozen=True)
class Happened:
    """One case as the generator made it up; minutes after opening, None for what did not come about."""

    number: int
    matter: str
    window: str
    card: float | None
    issued: float
    called: float | None = None
    opened: float | None = None
    ended: float | None = None
    event: str = ""
    taken: float | None = None
    at_counter: bool = False
    doubt: str = ""


def made_up(many: int, seed: int = 11) -> list[Happened]:
    chance = random.Random(seed)
    return [_one(number, chance) for number in range(many)]


def _one(number: int, chance: random.Random) -> Happened:
    issued = round(chance.uniform(0, 460), 3)
    card = None if chance.random() < 0.05 else round(issued - chance.choice([2.5, 4.0, 7.25, 75.0, -3.0]), 3)
    one = Happened(number, chance.choice(MATTERS), "", card, issued)
    where = chance.choice("123456")
    one = replace(one, at_counter=chance.random() < 0.1)
    if chance.random() < 0.08:
        return replace(one, ended=issued, event="certificate_issued")
    if chance.random() < 0.05:
        return one
    called = round(issued + chance.uniform(0, 40), 3)
    opened = round(called + chance.choice([0.5, 1.0, 30.0]), 3)
    ended = round(opened + chance.choice([3.0, 6.0, 12.5]), 3)
    event = chance.choice(["case_confirmed"] * 6 + ["case_returned", "case_rejected"])
    taken = round(ended + chance.uniform(0.01, 90), 3) if event == "case_confirmed" and chance.random() < 0.9 else None
    doubt = chance.choice([""] * 9 + ["held"])
    one = replace(one, called=called, opened=opened, ended=ended, taken=taken)
    return replace(one, window=where, event=event, doubt=doubt)


def at(minutes: float | None) -> str:
    return "" if minutes is None else (OPENS + timedelta(minutes=minutes)).isoformat(timespec="microseconds")


def write_down(path: Path, day: list[Happened]) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        for table, rows in _rows(day).items():
            holes = ", ".join("?" for _ in rows[0])
            file.executemany(f"INSERT INTO {table} VALUES ({holes})", rows)


def _rows(day: list[Happened]) -> dict[str, list[tuple[object, ...]]]:
    tickets = (
        "ticket (hall, visit, number, matter, working_day, queue_day, issued_at, due, status, window, calls, called_at, "
        "arrived_at, called_first_at, calls_since, opened_at, decided_at, doubts)"
    )
    deliveries = "delivery (hall, subject, department, next_try, done, added_at, accepted_at)"
    sent = [one for one in day if one.event == "case_confirmed"]
    ends = [one for one in day if one.event]
    return {
        tickets: [tuple(_ticket(one)) for one in day],
        "visit (hall, visit, terminal, matter, today, opened_at, state)": [
            ("H1", _visit(one), "window:3" if one.at_counter else "K07", one.matter, str(DAY), at(one.card), "submitted")
            for one in day
            if one.card is not None
        ],
        deliveries: [
            ("H1", _visit(one), "exit_entry", at(one.ended), int(one.taken is not None), at(one.ended), at(one.taken) or None)
            for one in sent
        ],
        "audit (hall, number, at, event, actor, object, items, outcome, hash)": [
            ("H1", number, at(one.ended), one.event, "clerk:zhang", _visit(one), "[]", "", "")
            for number, one in enumerate(ends, start=1)
        ],
    }


def _ticket(one: Happened) -> Iterator[object]:
    status = {"case_confirmed": "accepted", "case_returned": "returned", "case_rejected": "not_accepted"}
    yield from ("H1", _visit(one), f"A{one.number:04}", one.matter, str(DAY), str(DAY), at(one.issued), at(one.issued))
    waits = "issued" if one.event == "certificate_issued" else "submitted"
    yield status.get(one.event, waits)
    decided = at(one.ended) if one.called is not None else ""
    yield from (one.window, int(one.called is not None), at(one.called), at(one.issued), at(one.called), at(one.called))
    yield from (at(one.opened), decided, f" {one.doubt}" if one.doubt else "")


def _visit(one: Happened) -> str:
    return f"019ab000-0000-7000-8000-{one.number:012x}"
