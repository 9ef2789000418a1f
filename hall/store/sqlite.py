"""The store on one SQLite file: the commands of every topic, on one database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flows.application import Application, Attached, Decision, Lookup, Status, Ticket
from hall.case import AuditEvent, Basis
from hall.certificates import Issued
from hall.store import case_rows, certificate_rows, correction_rows, delivery_rows, staff_rows, visit_rows
from hall.store.audit_file import audit_line
from hall.store.correction_rows import SqliteCorrections
from hall.store.delivery_rows import Leased
from hall.store.figures_rows import SqliteFigures
from hall.store.library_reading import SqliteLibraries
from hall.store.outbox import Accepted, Asked, OutboxEntry
from hall.store.store import (
    NOBODY,
    Event,
    KeptCase,
    KeptVisit,
    Place,
    Request,
    StaffSession,
    Standing,
    Told,
    WrongLogIns,
)
from hall.store.transaction import Transaction
from hall.store.usage_rows import SqliteUsage


class SqliteStore(SqliteFigures, SqliteUsage, SqliteLibraries, SqliteCorrections):
    """See hall.store.store.Store."""

    async def keep_visit(self, kept: KeptVisit, request: Request) -> KeptVisit:
        return await self.write(lambda tx: visit_rows.keep_visit(tx, kept, request))

    async def visit(self, visit: str) -> KeptVisit | None:
        return self.read(lambda tx: visit_rows.visit(tx, visit))

    async def leave(self, visit: str, request: Request) -> None:
        await self.write(lambda tx: visit_rows.leave(tx, visit, request))

    async def ticket(self, request: Request) -> Ticket | None:
        return self.read(lambda tx: visit_rows.ticket(tx, request))

    async def submit(
        self, application: Application, place: Place, request: Request, lookup: Lookup | None = None, issued: Issued | None = None
    ) -> Ticket:
        return await self.write(lambda tx: visit_rows.submit(tx, application, place, request, lookup, issued))

    async def certificate(self, visit: str) -> Issued | None:
        return self.read(lambda tx: certificate_rows.of_visit(tx, visit))

    async def certificate_by(self, code: str) -> Issued | None:
        return self.read(lambda tx: certificate_rows.by_code(tx, code))

    async def visits_of(self, number: str) -> tuple[str, ...]:
        return self.read(lambda tx: visit_rows.visits_of(tx, number))

    async def call_next(self, day: date, request: Request) -> str | None:
        return await self.write(lambda tx: case_rows.call_next(tx, day, request))

    async def act(
        self,
        decision: Decision,
        request: Request,
        day: date,
        told: Told = NOBODY,
        attached: Mapping[str, Attached] = {},
        basis: Basis | None = None,
    ) -> Status:
        return await self.write(lambda tx: case_rows.act(tx, decision, request, day, case_rows.With(told, attached, basis)))

    async def answered(self, request: Request) -> str | None:
        return self.read(lambda tx: tx.answered(request))

    async def standing(self, visit: str) -> Standing:
        return self.read(lambda tx: case_rows.standing(tx, visit))

    async def lines(self, day: date) -> tuple[Standing, ...]:
        return self.read(lambda tx: case_rows.lines(tx, day))

    async def last_at(self, window: str) -> str | None:
        return self.read(lambda tx: case_rows.last_at(tx, window))

    async def case(self, visit: str) -> KeptCase:
        return self.read(lambda tx: case_rows.case(tx, visit))

    async def due_deliveries(self, now: datetime) -> tuple[OutboxEntry, ...]:
        first = await self.next_delivery_at()
        if first is None or first > now:
            return ()
        leased = await self.write(lambda tx: delivery_rows.lease(tx, now))
        return self.read(lambda tx: tuple(_outbox_entry(tx, place) for place in leased))

    async def step_done(self, subject: str, department: str, step: str, number: str, at: datetime) -> None:
        place = Leased(subject, department)
        await self.write(lambda tx: delivery_rows.step_done(tx, place, step, number, at))

    async def step_failed(self, subject: str, department: str, step: str, problem: str, next_try: datetime) -> None:
        place, times = Leased(subject, department), (self.clock(), next_try)
        await self.write(lambda tx: delivery_rows.step_failed(tx, place, step, problem, times))

    async def step_waits(self, subject: str, department: str, step: str, next_try: datetime) -> None:
        place = Leased(subject, department)
        await self.write(lambda tx: delivery_rows.step_waits(tx, place, step, next_try))

    async def decided(self, subject: str, department: str, verdict: str, at: datetime) -> None:
        await self.write(lambda tx: _decided(tx, Leased(subject, department), verdict, at))

    async def next_delivery_at(self) -> datetime | None:
        return self.read(delivery_rows.next_delivery_at)

    async def events_after(self, number: int, limit: int = 500) -> tuple[Event, ...]:
        rows = self.read(lambda tx: tx.all("events_after", number=number, most=limit))
        return tuple(Event(row["number"], row["name"], row["visit"], row["window"]) for row in rows)

    async def last_event(self) -> int:
        return int(self.read(lambda tx: tx.all("last_event"))[0]["event"])

    async def audit(self, event: str, request: Request, about: str, items: Sequence[str] = (), outcome: str = "") -> None:
        await self.write(lambda tx: tx.audit(event, request, about, items, outcome))

    async def audit_of(self, about: str) -> tuple[AuditEvent, ...]:
        return tuple(audit_line(row) for row in self.read(lambda tx: tx.all("audit_of", object=about)))

    async def add_staff(self, name: str, password_hash: str, request: Request) -> None:
        await self.write(lambda tx: staff_rows.add_staff(tx, name, password_hash, request))

    async def password_hash(self, name: str) -> str | None:
        return self.read(lambda tx: staff_rows.password_hash(tx, name))

    async def start_session(self, token_hash: str, session: StaffSession, request: Request) -> None:
        await self.write(lambda tx: staff_rows.start_session(tx, token_hash, session, request))

    async def session(self, token_hash: str) -> StaffSession | None:
        return self.read(lambda tx: staff_rows.session(tx, token_hash))

    async def session_seen(self, token_hash: str, at: datetime) -> None:
        await self.write(lambda tx: staff_rows.session_seen(tx, token_hash, at))

    async def end_session(self, token_hash: str, request: Request) -> None:
        await self.write(lambda tx: staff_rows.end_session(tx, token_hash, request))

    async def wrong_log_in(self, name: str, request: Request) -> None:
        await self.write(lambda tx: staff_rows.wrong_log_in(tx, name, request))

    async def wrong_log_ins(self, name: str, window: str, now: datetime) -> tuple[WrongLogIns, ...]:
        return self.read(lambda tx: staff_rows.wrong_log_ins(tx, name, window, now))

    async def forget(self, events_before: date, answers_before: datetime) -> None:
        await self.write(
            lambda tx: (tx.all("forget_events", before=events_before), tx.all("forget_answers", before=answers_before))
        )


def _decided(tx: Transaction, place: Leased, verdict: str, at: datetime) -> None:
    if correction_rows.is_correction(tx, place.subject):
        correction_rows.answered(tx, place.subject, place.department, verdict, at)
    else:
        delivery_rows.decided(tx, place, verdict, at)


def _outbox_entry(tx: Transaction, place: Leased) -> OutboxEntry:
    every = delivery_rows.deliveries(tx, place.subject)
    delivery = next(one for one in every if one.department == place.department)
    return OutboxEntry(place.subject, place.department, _parcel(tx, place.subject), delivery)


def _parcel(tx: Transaction, subject: str) -> Accepted | Asked:
    if correction_rows.is_correction(tx, subject):
        return Asked(correction_rows.one(tx, subject), correction_rows.evidence(tx, subject))
    application, decision = case_rows.confirmed(tx, subject)
    return Accepted(application, decision, case_rows.standing(tx, subject).status)
