"""Appointments: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hall.store.request import Request


class AppointmentState(StrEnum):
    BOOKED = "booked"
    TAKEN = "taken"  # submitted in time at a terminal or counter
    LATE = "late"  # submitted after the grace: an ordinary place
    MISSED = "missed"  # the day is over
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Booking:
    """A person comes for a matter at a slot. `reference` is the booking system's own, "" for one made at a window."""

    appointment: str
    number: str
    name: str
    matter: str
    slot: datetime
    reference: str = ""


@dataclass(frozen=True)
class Appointment:
    """One appointment as it stands; `visit` has taken it."""

    appointment: str
    number: str
    name: str
    matter: str
    day: date
    slot: datetime
    state: AppointmentState
    visit: str = ""
    booked_by: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Slot:
    """An appointment without its person, for pages that everybody at the counter sees."""

    appointment: str
    matter: str
    slot: datetime
    state: AppointmentState


class AppointmentStore(Protocol):
    """Whoever has booked is found by a blind index and kept sealed."""

    async def book(self, bookings: Sequence[Booking], request: Request) -> int:
        """All of them or none; how many were new. AppointmentTaken when a person has one that day and matter already."""
        ...

    async def cancel_appointment(self, appointment: str, request: Request) -> None:
        """NotKnown, AppointmentMoved."""
        ...

    async def appointments(self, day: date, request: Request) -> tuple[Appointment, ...]:
        """The day's, with their persons: a read, so audited."""
        ...

    async def slots(self, day: date) -> tuple[Slot, ...]: ...

    async def appointment_of(self, number: str, matter: str, day: date) -> Slot | None: ...
