"""Dated policy: what every table of assets/policy/*.toml says of itself, and how one day finds its rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "policy"

Grade = Literal["A", "B", "C", "G", "P"]
"""How far a table can be trusted: official text, press copy, weak page, general knowledge, our own."""


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


T = TypeVar("T")
D = TypeVar("D", bound=Dated)

TABLES: dict[str, tuple[Dated, ...]] = {}
"""Every declared table by its name: `python -m flows check` looks here for days without a rule."""


LAPSING: set[str] = set()
"""Tables of things that come and go: a day without a row is no fault."""


def read(kind: type[T], name: str) -> T:
    """The policy file NAME.toml as its typed tables."""
    return read_table(kind, (FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read_table(kind: type[T], text: str) -> T:
    """A policy file's text as its typed tables; raises PolicyError naming the place that is wrong."""
    try:
        return msgspec.convert(tomllib.loads(text), type=kind, strict=True)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PolicyError(f"{kind.__name__}: {error}") from error


def declare(what: str, rows: Iterable[Dated], *, may_lapse: bool = False) -> None:
    """Makes a table known; refuses rows that overlap, or a row that ends before it begins."""
    TABLES[what] = tuple(rows)
    if may_lapse:
        LAPSING.add(what)
    check_apart(what, TABLES[what])


def on(day: date, tables: Sequence[D], what: str) -> D:
    """The one table in force on a day; raises PolicyError when there is none or more than one."""
    found = [table for table in tables if table.in_force(day)]
    if len(found) != 1:
        raise PolicyError(f"{'no' if not found else 'more than one'} table of {what} is in force on {day.isoformat()}")
    return found[0]


def check_apart(what: str, rows: Sequence[Dated]) -> None:
    """Refuses two rows that are in force on one day, or a row that ends before it begins."""
    for row in rows:
        if row.effective_to is not None and row.effective_to < row.effective_from:
            raise PolicyError(f"{what} ends before it begins on {row.effective_from.isoformat()}")
    for one, other in combinations(rows, 2):
        later = max(one.effective_from, other.effective_from)
        if one.in_force(later) and other.in_force(later):
            raise PolicyError(f"two tables of {what} are in force on {later.isoformat()}")


def newest(tables: Iterable[Dated]) -> str:
    """The date of the newest of some tables: what an application notes as its policy version."""
    return max(table.effective_from for table in tables).isoformat()
