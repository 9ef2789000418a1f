"""Commands on appointments: the person is a blind index, number and name are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flows.wire import from_json, to_json
from hall.errors import AppointmentMoved, AppointmentTaken, NotKnown
from hall.store.appointments import Appointment, AppointmentState, Booking, Slot
from hall.store.database import Commands
from hall.store.request import Request
from hall.store.row import Row, Value
from hall.store.standing import Place
from hall.store.transaction import Transaction
from hall.working_day import working_day

MOST = 1000
"""A day's appointments that are listed; more than a hall has slots."""


@dataclass(frozen=True)
class _Who:
    """The sealed part."""

    number: str
    name: str


def book(tx: Transaction, bookings: Sequence[Booking], request: Request) -> int:
    return int(tx.once(request, lambda: str(sum(_book(tx, one, request) for one in bookings))))


def _book(tx: Transaction, one: Booking, request: Request) -> bool:
    """False: the booking system sent this one before."""
    who, day = tx.key.person(one.number), working_day(one.slot)
    known = tx.one("appointment_by_reference", reference=one.reference) if one.reference else None
    if known is not None:
        same = (known["matter"], bytes(known["person"]), datetime.fromisoformat(known["slot"])) == (one.matter, who, one.slot)
        if not same:
            raise AppointmentTaken(one.appointment)
        return False
    place: dict[str, Value] = {"day": day, "slot": one.slot, "matter": one.matter, "person": who, "booked_by": request.by}
    sealed = tx.key.seal(to_json(_Who(one.number, one.name)), "appointment", one.appointment)
    if tx.one("add_appointment", appointment=one.appointment, **place, reference=one.reference, sealed=sealed) is None:
        raise AppointmentTaken(one.appointment)
    tx.event("appointment_booked", request.at, one.appointment)
    tx.audit("appointment_booked", request, one.appointment, outcome=one.matter)
    return True


def cancel_appointment(tx: Transaction, appointment: str, request: Request) -> None:
    tx.once(request, lambda: _cancel(tx, appointment, request))


def _cancel(tx: Transaction, appointment: str, request: Request) -> str:
    if tx.one("appointment", appointment=appointment) is None:
        raise NotKnown
    if tx.one("move_appointment", appointment=appointment, after=AppointmentState.CANCELLED, visit="") is None:
        raise AppointmentMoved
    tx.event("appointment_cancelled", request.at, appointment)
    tx.audit("appointment_cancelled", request, appointment)
    return ""


def take_appointment(tx: Transaction, visit: str, place: Place, request: Request) -> None:
    """The visit that came for it; one that was cancelled meanwhile is not taken."""
    after = AppointmentState.LATE if place.late else AppointmentState.TAKEN
    if place.appointment and tx.one("move_appointment", appointment=place.appointment, after=after, visit=visit):
        tx.audit("appointment_kept", request, place.appointment, outcome=after)


def appointments(tx: Transaction, day: date, request: Request) -> tuple[Appointment, ...]:
    tx.audit("appointments_shown", request, f"appointments:{day.isoformat()}")
    return tuple(_appointment(tx, row) for row in tx.all("appointments_of", day=day, most=MOST))


def slots(tx: Transaction, day: date) -> tuple[Slot, ...]:
    return tuple(_slot(row) for row in tx.all("appointments_of", day=day, most=MOST))


def appointment_of(tx: Transaction, number: str, matter: str, day: date) -> Slot | None:
    row = tx.one("appointment_of", person=tx.key.person(number), matter=matter, day=day)
    return _slot(row) if row else None


def _slot(row: Row) -> Slot:
    return Slot(row["appointment"], row["matter"], datetime.fromisoformat(row["slot"]), AppointmentState(row["state"]))


def _appointment(tx: Transaction, row: Row) -> Appointment:
    who = from_json(_Who, tx.key.unseal(row["sealed"], "appointment", row["appointment"]))
    slot = _slot(row)
    rest = {"visit": row["visit"], "booked_by": row["booked_by"], "reference": row["reference"]}
    day = date.fromisoformat(row["day"])
    return Appointment(slot.appointment, who.number, who.name, slot.matter, day, slot.slot, slot.state, **rest)


class AppointmentCommands(Commands):
    """See hall.store.appointments.AppointmentStore."""

    async def book(self, bookings: Sequence[Booking], request: Request) -> int:
        return await self.write(lambda tx: book(tx, bookings, request))

    async def cancel_appointment(self, appointment: str, request: Request) -> None:
        await self.write(lambda tx: cancel_appointment(tx, appointment, request))

    async def appointments(self, day: date, request: Request) -> tuple[Appointment, ...]:
        return await self.write(lambda tx: appointments(tx, day, request))

    async def slots(self, day: date) -> tuple[Slot, ...]:
        return await self.read(lambda tx: slots(tx, day))

    async def appointment_of(self, number: str, matter: str, day: date) -> Slot | None:
        return await self.read(lambda tx: appointment_of(tx, number, matter, day))
