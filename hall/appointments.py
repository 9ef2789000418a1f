"""Appointments (预约): a person comes for a matter at a slot; made by a clerk or by a city's booking system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4, uuid5

from flows.flow import Matters
from flows.matters import MATTERS
from flows.resident_number import ResidentNumber, WrongNumber, normal
from flows.wire import to_json
from hall.errors import SlotWrong
from hall.hours import ALWAYS, Hours, Moment
from hall.line_policy import order_on
from hall.store.appointments import Appointment, Booking, Slot
from hall.store.request import Request
from hall.store.store import Store
from hall.working_day import SHANGHAI, Clock, working_day

OURS = UUID("4f1d7d2a-6b1c-5d3e-8a57-0d5f0c5e7f10")
"""The ids of appointments are made from the key of the click, so that a repeat means the same one."""

LONGEST_NAME = 60


PROBLEMS = {
    "number": "公民身份号码不对，请检查每一位",
    "name": "请填写姓名",
    "matter": "没有这个事项",
    "when": "日期或时间写得不对，例如 2026-11-25 和 09:30",
    "past": "这个时间已经过去",
    "far": "不能预约这么远的日子",
    "closed": "大厅那一天不办公，或者这个时间不在办公时间内",
    "step": "时间要落在预约的时段上",
}
"""What a clerk reads, and whoever imports a file; never the value that was wrong."""


@dataclass(frozen=True)
class Wish:
    """What somebody typed, or a line of a file."""

    number: str
    name: str
    matter: str
    day: str
    time: str
    reference: str = ""


class Appointments:
    """A person is kept as a blind index and sealed."""

    def __init__(self, store: Store, clock: Clock, *, matters: Matters = MATTERS, hours: Hours = ALWAYS) -> None:
        self._store = store
        self._clock = clock
        self._matters = matters
        self._hours = hours

    async def book(self, wish: Wish, clerk: str, window: str, key: str) -> str:
        """The appointment's id; SlotWrong, AppointmentTaken."""
        contents = to_json([wish.number, wish.name, wish.matter, wish.day, wish.time])
        booking = self.booking(wish, str(uuid5(OURS, key)))
        await self._store.book([booking], Request(key, f"clerk:{clerk}", self._clock(), window, contents))
        return booking.appointment

    async def cancel(self, appointment: str, clerk: str, window: str, key: str) -> None:
        contents = to_json(["cancel", appointment])
        await self._store.cancel_appointment(appointment, Request(key, f"clerk:{clerk}", self._clock(), window, contents))

    async def of(self, day: date, clerk: str, window: str) -> tuple[Appointment, ...]:
        """A day's, with their persons: a read, so it is audited."""
        return await self._store.appointments(day, Request("", f"clerk:{clerk}", self._clock(), window))

    async def today(self) -> tuple[Slot, ...]:
        """Today's without their persons."""
        return await self._store.slots(working_day(self._clock()))

    async def take_over(self, bookings: Sequence[Booking]) -> int:
        """A booking system's, all or none; how many were new."""
        return await self._store.book(bookings, Request(f"import:{uuid4()}", "hall", self._clock()))

    def booking(self, wish: Wish, appointment: str) -> Booking:
        """What was wished, checked; SlotWrong names the first thing that is wrong."""
        try:
            number = ResidentNumber.read(wish.number).text
        except WrongNumber:
            raise SlotWrong("number") from None
        name = " ".join(wish.name.split())
        if not name or len(name) > LONGEST_NAME:
            raise SlotWrong("name")
        if wish.matter not in self._matters:
            raise SlotWrong("matter")
        return Booking(appointment, normal(number), name, wish.matter, self._slot(wish), wish.reference.strip())

    def _slot(self, wish: Wish) -> datetime:
        try:
            slot = datetime.combine(date.fromisoformat(wish.day.strip()), time.fromisoformat(wish.time.strip()), SHANGHAI)
        except ValueError:
            raise SlotWrong("when") from None
        now = self._clock()
        order = order_on(working_day(now))
        if slot <= now:
            raise SlotWrong("past")
        if working_day(slot) > working_day(now) + timedelta(days=order.book_days):
            raise SlotWrong("far")
        if self._hours.moment(slot) is not Moment.OPEN:
            raise SlotWrong("closed")
        if slot.second or slot.microsecond or (slot.hour * 60 + slot.minute) % order.slot_min:
            raise SlotWrong("step")
        return slot


def masked(one: Appointment) -> Appointment:
    """As a list shows it: family name and the last four digits are enough to find somebody who stands there."""
    return replace(one, name=one.name[:1] + "**", number=one.number[-4:])
