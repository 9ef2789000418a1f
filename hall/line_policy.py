"""Who stands where in the line and why (assets/policy/queue.toml): classes, grounds, no-show, limits of measured times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.policy import Dated, Grade, PolicyError, declare, on, read

ORDINARY, ELDERLY, PRIORITY, APPOINTMENT = "ordinary", "elderly", "priority", "appointment"
CLASSES = (ORDINARY, ELDERLY, PRIORITY, APPOINTMENT)


@dataclass(frozen=True, kw_only=True)
class LineClass:
    """`bonus_min`: whoever is of this class counts as having come so much earlier."""

    code: str
    words: str
    bonus_min: int
    source: str
    grade: Grade


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Why somebody is put forward, as far as it may be kept."""

    code: str
    words: str
    source: str
    grade: Grade


@dataclass(frozen=True, kw_only=True)
class Passing:
    """Why a ticket goes to another window."""

    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """A longer step was forgotten, not measured."""

    waiting_min: int
    walking_min: int
    handling_min: int


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """From how many days back, and how many handlings, a wait may be told; and up to where."""

    days: int
    least: int
    longest_min: int


@dataclass(frozen=True, kw_only=True)
class Order(Dated):
    """The rules of the line on a day."""

    elderly_from: int
    pass_on_bonus_min: int
    no_show_calls: int
    no_show_after_s: int
    grace_min: int
    slot_min: int
    book_days: int
    classes: tuple[LineClass, ...]
    grounds: tuple[Ground, ...]
    passings: tuple[Passing, ...]
    limits: Limits
    estimate: Estimate

    def bonus(self, line_class: str) -> timedelta:
        return timedelta(minutes=next(one.bonus_min for one in self.classes if one.code == line_class))

    def is_ground(self, code: str) -> bool:
        return any(one.code == code for one in self.grounds)

    def is_passing(self, code: str) -> bool:
        return any(one.code == code for one in self.passings)

    @property
    def no_show_after(self) -> timedelta:
        return timedelta(seconds=self.no_show_after_s)


@dataclass(frozen=True, kw_only=True)
class Orders:
    order: tuple[Order, ...]


ORDERS = read(Orders, "queue").order
declare("order of the line", ORDERS)
for _order in ORDERS:
    if tuple(sorted(one.code for one in _order.classes)) != tuple(sorted(CLASSES)):
        raise PolicyError(f"the order of the line from {_order.effective_from} must have the classes {', '.join(CLASSES)}")


def order_on(day: date) -> Order:
    return on(day, ORDERS, "order of the line")


def words_of(line_class: str) -> str:
    """A class in the words of the newest order."""
    return next((one.words for one in ORDERS[-1].classes if one.code == line_class), line_class)


def passing_words(code: str) -> str:
    return next((one.words for one in ORDERS[-1].passings if one.code == code), code)
