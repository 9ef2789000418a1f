"""The store on one SQLite file: a writing connection under group commit, a reading one beside it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

import yoyo

from flows.application import Application, Attached, Decision, Lookup, Status, Ticket
from hall.case import AuditEvent
from hall.certificates import Issued
from hall.store import case_rows, certificate_rows, delivery_rows, staff_rows, visit_rows
from hall.store.audit_file import audit_line
from hall.store.delivery_rows import Leased
from hall.store.field_key import FieldKey
from hall.store.group_commit import GroupCommit
from hall.store.store import (
    NOBODY,
    Event,
    KeptCase,
    KeptVisit,
    OutboxEntry,
    Place,
    Request,
    StaffSession,
    Standing,
    Told,
    WrongLogIns,
)
from hall.store.transaction import Transaction
from hall.working_day import Clock, utc_now

MIGRATIONS = Path(__file__).with_name("migrations")

# synchronous=FULL: an answer that left survives the loss of power. wal_autocheckpoint 4000 pages:
# the default of 1000 costs a third of the speed.
PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA wal_autocheckpoint=4000;
PRAGMA foreign_keys=ON;
PRAGMA busy_timeout=2000;
"""

T = TypeVar("T")


class SqliteStore:
    """See hall.store.store.Store. Reads see what is committed; their statements are short enough
    for the event loop."""

    def __init__(self, path: Path, hall: str, key: FieldKey, clock: Clock) -> None:
        self._clock = clock
        self._changed = asyncio.Event()
        self._writing = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._writing.executescript(PRAGMAS)
        self._reading = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        for connection in (self._writing, self._reading):
            connection.row_factory = sqlite3.Row
        self._tx = Transaction(self._writing, hall, key)
        self._view = Transaction(self._reading, hall, key)
        self._group = GroupCommit(self._writing, self._ring)
        self._tx.all("found_hall")

    @classmethod
    def open(cls, path: Path, *, hall: str, key_file: Path | None = None, clock: Clock = utc_now) -> Self:
        """Opens the file, brings its tables up to date; `key_file` is field.key beside it by default."""
        path.parent.mkdir(parents=True, exist_ok=True)
        key = FieldKey.open(key_file or path.with_name("field.key"))
        path.touch(mode=0o600)
        _migrate(path)
        return cls(path, hall, key, clock)

    async def close(self) -> None:
        await self._group.close()
        self._reading.close()
        self._writing.close()

    @property
    def changed(self) -> asyncio.Event:
        return self._changed

    def _ring(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _write(self, command: Callable[[Transaction], T]) -> T:
        return await self._group.run(lambda: command(self._tx))

    def _read(self, question: Callable[[Transaction], T]) -> T:
        """All statements of one question see the same moment."""
        self._reading.execute("BEGIN")
        try:
            return question(self._view)
        finally:
            self._reading.execute("COMMIT")

    async def keep_visit(self, kept: KeptVisit, request: Request) -> KeptVisit:
        return await self._write(lambda tx: visit_rows.keep_visit(tx, kept, request))

    async def visit(self, visit: str) -> KeptVisit | None:
        return self._read(lambda tx: visit_rows.visit(tx, visit))

    async def leave(self, visit: str, request: Request) -> None:
        await self._write(lambda tx: visit_rows.leave(tx, visit, request))

    async def ticket(self, request: Request) -> Ticket | None:
        return self._read(lambda tx: visit_rows.ticket(tx, request))

    async def submit(
        self, application: Application, place: Place, request: Request, lookup: Lookup | None = None, issued: Issued | None = None
    ) -> Ticket:
        return await self._write(lambda tx: visit_rows.submit(tx, application, place, request, lookup, issued))

    async def certificate(self, visit: str) -> Issued | None:
        return self._read(lambda tx: certificate_rows.of_visit(tx, visit))

    async def certificate_by(self, code: str) -> Issued | None:
        return self._read(lambda tx: certificate_rows.by_code(tx, code))

    async def visits_of(self, number: str) -> tuple[str, ...]:
        return self._read(lambda tx: visit_rows.visits_of(tx, number))

    async def call_next(self, day: date, request: Request) -> str | None:
        return await self._write(lambda tx: case_rows.call_next(tx, day, request))

    async def act(
        self, decision: Decision, request: Request, day: date, told: Told = NOBODY, attached: Mapping[str, Attached] = {}
    ) -> Status:
        return await self._write(lambda tx: case_rows.act(tx, decision, request, day, told, attached))

    async def answered(self, request: Request) -> str | None:
        return self._read(lambda tx: tx.answered(request))

    async def standing(self, visit: str) -> Standing:
        return self._read(lambda tx: case_rows.standing(tx, visit))

    async def lines(self, day: date) -> tuple[Standing, ...]:
        return self._read(lambda tx: case_rows.lines(tx, day))

    async def last_at(self, window: str) -> str | None:
        return self._read(lambda tx: case_rows.last_at(tx, window))

    async def case(self, visit: str) -> KeptCase:
        return self._read(lambda tx: case_rows.case(tx, visit))

    async def due_deliveries(self, now: datetime) -> tuple[OutboxEntry, ...]:
        first = await self.next_delivery_at()
        if first is None or first > now:
            return ()
        leased = await self._write(lambda tx: delivery_rows.lease(tx, now))
        return self._read(lambda tx: tuple(_outbox_entry(tx, place) for place in leased))

    async def step_done(self, visit: str, department: str, step: str, number: str, at: datetime) -> None:
        place = Leased(visit, department)
        await self._write(lambda tx: delivery_rows.step_done(tx, place, step, number, at))

    async def step_failed(self, visit: str, department: str, step: str, problem: str, next_try: datetime) -> None:
        place, times = Leased(visit, department), (self._clock(), next_try)
        await self._write(lambda tx: delivery_rows.step_failed(tx, place, step, problem, times))

    async def step_waits(self, visit: str, department: str, step: str, next_try: datetime) -> None:
        place = Leased(visit, department)
        await self._write(lambda tx: delivery_rows.step_waits(tx, place, step, next_try))

    async def decided(self, visit: str, department: str, verdict: str, at: datetime) -> None:
        place = Leased(visit, department)
        await self._write(lambda tx: delivery_rows.decided(tx, place, verdict, at))

    async def next_delivery_at(self) -> datetime | None:
        return self._read(delivery_rows.next_delivery_at)

    async def events_after(self, number: int, limit: int = 500) -> tuple[Event, ...]:
        rows = self._read(lambda tx: tx.all("events_after", number=number, most=limit))
        return tuple(Event(row["number"], row["name"], row["visit"], row["window"]) for row in rows)

    async def last_event(self) -> int:
        return int(self._read(lambda tx: tx.all("last_event"))[0]["event"])

    async def audit(self, event: str, request: Request, about: str, items: Sequence[str] = (), outcome: str = "") -> None:
        await self._write(lambda tx: tx.audit(event, request, about, items, outcome))

    async def audit_of(self, about: str) -> tuple[AuditEvent, ...]:
        return tuple(audit_line(row) for row in self._read(lambda tx: tx.all("audit_of", object=about)))

    async def add_staff(self, name: str, password_hash: str, request: Request) -> None:
        await self._write(lambda tx: staff_rows.add_staff(tx, name, password_hash, request))

    async def password_hash(self, name: str) -> str | None:
        return self._read(lambda tx: staff_rows.password_hash(tx, name))

    async def start_session(self, token_hash: str, session: StaffSession, request: Request) -> None:
        await self._write(lambda tx: staff_rows.start_session(tx, token_hash, session, request))

    async def session(self, token_hash: str) -> StaffSession | None:
        return self._read(lambda tx: staff_rows.session(tx, token_hash))

    async def session_seen(self, token_hash: str, at: datetime) -> None:
        await self._write(lambda tx: staff_rows.session_seen(tx, token_hash, at))

    async def end_session(self, token_hash: str, request: Request) -> None:
        await self._write(lambda tx: staff_rows.end_session(tx, token_hash, request))

    async def wrong_log_in(self, name: str, request: Request) -> None:
        await self._write(lambda tx: staff_rows.wrong_log_in(tx, name, request))

    async def wrong_log_ins(self, name: str, window: str, now: datetime) -> tuple[WrongLogIns, ...]:
        return self._read(lambda tx: staff_rows.wrong_log_ins(tx, name, window, now))

    async def forget(self, events_before: date, answers_before: datetime) -> None:
        await self._write(
            lambda tx: (tx.all("forget_events", before=events_before), tx.all("forget_answers", before=answers_before))
        )


def _outbox_entry(tx: Transaction, place: Leased) -> OutboxEntry:
    application, decision = case_rows.confirmed(tx, place.visit)
    every = delivery_rows.deliveries(tx, place.visit)
    delivery = next(one for one in every if one.department == place.department)
    status = case_rows.standing(tx, place.visit).status
    return OutboxEntry(place.visit, place.department, application, decision, delivery, status)


def _migrate(path: Path) -> None:
    """Applies what hall/store/migrations has and the file has not, under yoyo's lock."""
    backend = yoyo.get_backend(f"sqlite:///{quote(str(path.absolute()))}")
    try:
        with backend.lock():
            backend.apply_migrations(backend.to_apply(yoyo.read_migrations(str(MIGRATIONS))))
    finally:
        backend.connection.close()
