"""Where somebody who comes now stands in the line: by the card's birthday, an appointment, and the hall's hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flows.application import Identity
from hall.hours import Hours
from hall.line_policy import APPOINTMENT, ELDERLY, ORDINARY, Order, order_on
from hall.store.appointments import Slot
from hall.store.standing import Place
from hall.working_day import working_day


def line_class(identity: Identity, day: date) -> str:
    """The class of a person by the birthday on the card."""
    had_birthday = (day.month, day.day) >= (identity.birth.month, identity.birth.day)
    age = day.year - identity.birth.year - (not had_birthday)
    return ELDERLY if age >= order_on(day).elderly_from else ORDINARY


def place_of(identity: Identity, arrived: datetime, now: datetime, hours: Hours, slot: Slot | None = None) -> Place:
    """The place of one who comes at `arrived` (never after now). Whose submission comes late by the outbox keeps the hour of
    arrival, within today. After closing it is the next open day's line."""
    day = hours.line_day(now)
    order = order_on(day)
    came = arrived if arrived <= now and working_day(arrived) == working_day(now) else now
    own = line_class(identity, day)
    if slot is None:
        return Place(day, came - order.bonus(own), came, own)
    if came > slot.slot + timedelta(minutes=order.grace_min):
        return Place(day, came - order.bonus(own), came, own, appointment=slot.appointment, late=True)
    return _booked(order, slot, own, came, day)


def _booked(order: Order, slot: Slot, own: str, came: datetime, day: date) -> Place:
    """Counts as having come a head start before its slot, the larger of the two, and is not called before that."""
    due = slot.slot - max(order.bonus(APPOINTMENT), order.bonus(own))
    return Place(day, due, came, APPOINTMENT, not_before=due, appointment=slot.appointment)
