"""The outbox as its sender sees it: what is due, with the parcel, and what became of each step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hall.store import case_rows, correction_rows, delivery_rows
from hall.store.database import Commands
from hall.store.delivery_rows import Leased, Reached
from hall.store.outbox import Accepted, Asked, OutboxEntry
from hall.store.ticket_rows import standing
from hall.store.transaction import Transaction

NOBODY: Mapping[str, int] = {}


class OutboxCommands(Commands):
    """See hall.store.outbox.OutboxStore."""

    async def due_deliveries(self, now: datetime, busy: Mapping[str, int] = NOBODY) -> tuple[OutboxEntry, ...]:
        first = await self.next_delivery_at()
        if first is None or first > now:
            return ()
        leased = await self.write(lambda tx: delivery_rows.lease(tx, now, busy))
        return await self.read(lambda tx: tuple(_outbox_entry(tx, place) for place in leased))

    async def step_done(self, subject: str, department: str, step: str, number: str, at: datetime, sent: str = "") -> None:
        place, reached = Leased(subject, department), Reached(step, number, at, sent)
        await self.write(lambda tx: delivery_rows.step_done(tx, place, reached))

    async def step_failed(self, subject: str, department: str, step: str, problem: str, next_try: datetime) -> None:
        place, times = Leased(subject, department), (self.clock(), next_try)
        await self.write(lambda tx: delivery_rows.step_failed(tx, place, step, problem, times))

    async def step_waits(self, subject: str, department: str, step: str, next_try: datetime) -> None:
        place = Leased(subject, department)
        await self.write(lambda tx: delivery_rows.step_waits(tx, place, step, next_try))

    async def decided(self, subject: str, department: str, verdict: str, at: datetime) -> None:
        await self.write(lambda tx: _decided(tx, Leased(subject, department), verdict, at))

    async def next_delivery_at(self) -> datetime | None:
        return await self.read(delivery_rows.next_delivery_at)


def _decided(tx: Transaction, place: Leased, verdict: str, at: datetime) -> None:
    if correction_rows.is_correction(tx, place.subject):
        correction_rows.answered(tx, place.subject, place.department, verdict, at)
    else:
        delivery_rows.decided(tx, place, verdict, at)


def _outbox_entry(tx: Transaction, place: Leased) -> OutboxEntry:
    every = delivery_rows.deliveries(tx, place.subject)
    delivery = next(one for one in every if one.department == place.department)
    return OutboxEntry(place.subject, place.department, _parcel(tx, place.subject), delivery, place.again)


def _parcel(tx: Transaction, subject: str) -> Accepted | Asked:
    if correction_rows.is_correction(tx, subject):
        return Asked(correction_rows.one(tx, subject), correction_rows.evidence(tx, subject))
    application, decision = case_rows.confirmed(tx, subject)
    return Accepted(application, decision, standing(tx, subject).status)
