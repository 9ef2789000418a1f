"""Dated policy: fees, endorsements, cities and reasons, read once from assets/policy/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from flows.application import Action

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "policy"

Grade = Literal["A", "B", "C", "G", "P"]
"""How far a table can be trusted: official text, press copy, weak page, general knowledge, our own."""

Place = Literal["HK", "MO"]
Entries = Literal["1", "2", "M"]


class PolicyError(ValueError):
    """The policy tables leave a day without a rule, or give it two."""


@dataclass(frozen=True, kw_only=True)
class Dated:
    """What every table says of itself. `effective_to` is the last day; None: until further notice."""

    effective_from: date
    source: str
    grade: Grade
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, kw_only=True)
class FeeRow:
    entries: Entries
    months_from: int
    yuan: int


@dataclass(frozen=True, kw_only=True)
class FeeTable(Dated):
    rows: tuple[FeeRow, ...]

    @property
    def name(self) -> str:
        """What a receipt and a clerk's screen call this table."""
        return f"收费标准 {self.effective_from.isoformat()}"

    def yuan(self, entries: Entries, months: int) -> int:
        """The price of one endorsement of this length."""
        rows = [row for row in self.rows if row.entries == entries and row.months_from <= months]
        if not rows:
            raise PolicyError(f"no fee for {entries} entries in {months} months since {self.effective_from}")
        return max(rows, key=lambda row: row.months_from).yuan


@dataclass(frozen=True, kw_only=True)
class Limits(Dated):
    """`months_left`: a permit that ends sooner is renewed first. `adult_from`: age in whole years."""

    months_left: int
    adult_from: int


@dataclass(frozen=True, kw_only=True)
class EndorsementKind(Dated):
    """签注种类: the letter on the card. `terminal`: a citizen may choose it without a clerk."""

    letter: str
    title: str
    terminal: bool = False
    listed_cities: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer(Dated):
    """One endorsement that can be had. `cities`: only for their residents; empty: for everybody."""

    place: Place
    kind: str
    months: int
    entries: Entries
    stay_days: int
    cities: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.place}-{self.kind}-{self.months}-{self.entries}"


@dataclass(frozen=True, kw_only=True)
class CityAddition(Dated):
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """Why a clerk amends, returns or rejects, in words for the citizen."""

    code: str
    action: Action
    words: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Fees:
    table: tuple[FeeTable, ...]


@dataclass(frozen=True, kw_only=True)
class Endorsements:
    limits: tuple[Limits, ...]
    kind: tuple[EndorsementKind, ...]
    offer: tuple[Offer, ...]


@dataclass(frozen=True, kw_only=True)
class Cities:
    addition: tuple[CityAddition, ...]


@dataclass(frozen=True, kw_only=True)
class Reasons(Dated):
    reason: tuple[Reason, ...]


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


def read_table(kind: type[T], text: str) -> T:
    """A policy file's text as its typed tables; raises PolicyError naming the place that is wrong."""
    try:
        return msgspec.convert(tomllib.loads(text), type=kind, strict=True)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PolicyError(f"{kind.__name__}: {error}") from error


def on(day: date, tables: Sequence[D], what: str) -> D:
    """The one table in force on a day; raises PolicyError when there is none or more than one."""
    found = [table for table in tables if table.in_force(day)]
    if len(found) != 1:
        raise PolicyError(f"{'no' if not found else 'more than one'} table of {what} is in force on {day.isoformat()}")
    return found[0]


def check_apart(tables: Mapping[str, Sequence[Dated]]) -> None:
    """Refuses two rows of the same key that are in force on one day, or a row that ends before it begins."""
    for what, rows in tables.items():
        for row in rows:
            if row.effective_to is not None and row.effective_to < row.effective_from:
                raise PolicyError(f"{what} ends before it begins on {row.effective_from.isoformat()}")
        for one, other in combinations(rows, 2):
            later = max(one.effective_from, other.effective_from)
            if one.in_force(later) and other.in_force(later):
                raise PolicyError(f"two tables of {what} are in force on {later.isoformat()}")


def _read(kind: type[T], name: str) -> T:
    return read_table(kind, (FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _newest(tables: Iterable[Dated]) -> str:
    return max(table.effective_from for table in tables).isoformat()


_FEES = _read(Fees, "fees")
_ENDORSEMENTS = _read(Endorsements, "endorsements")
_CITIES = _read(Cities, "g_cities")
_REASONS = _read(Reasons, "reasons")
_ROWS: dict[str, list[Dated]] = {"fees": list(_FEES.table), "limits": list(_ENDORSEMENTS.limits)}
for _kind in _ENDORSEMENTS.kind:
    _ROWS.setdefault(f"kind {_kind.letter}", []).append(_kind)
for _offer in _ENDORSEMENTS.offer:
    _ROWS.setdefault(f"offer {_offer.key}", []).append(_offer)
check_apart(_ROWS)

ALL_KINDS = _ENDORSEMENTS.kind
ALL_OFFERS = _ENDORSEMENTS.offer
"""In force or not: old applications keep their words."""

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _REASONS.reason}
VERSION = (
    f"fees {_newest(_FEES.table)}; endorsements {_newest([*_ENDORSEMENTS.kind, *_ENDORSEMENTS.offer])}; "
    f"cities {_newest(_CITIES.addition)}"
)
"""The newest dates of the tables that a matter's rules read; applications keep it."""


def fees_on(day: date) -> FeeTable:
    return on(day, _FEES.table, "fees")


def limits_on(day: date) -> Limits:
    return on(day, _ENDORSEMENTS.limits, "limits")


def kinds_on(day: date) -> tuple[EndorsementKind, ...]:
    return tuple(kind for kind in _ENDORSEMENTS.kind if kind.in_force(day))


def offers_on(day: date) -> tuple[Offer, ...]:
    return tuple(offer for offer in _ENDORSEMENTS.offer if offer.in_force(day))


def offer(key: str) -> Offer | None:
    """An offer by its key, in force or not."""
    return next((offer for offer in ALL_OFFERS if offer.key == key), None)


def cities_on(day: date) -> frozenset[str]:
    """Cities whose residents may have individual tourism on that day."""
    found = [addition for addition in _CITIES.addition if addition.in_force(day)]
    if not found:
        raise PolicyError(f"no list of cities is in force on {day.isoformat()}")
    return frozenset(city for addition in found for city in addition.cities)


def reasons(action: Action) -> tuple[Reason, ...]:
    """The reasons a clerk may give for an action, in the order of the file."""
    return tuple(reason for reason in _REASONS.reason if reason.action is action)
