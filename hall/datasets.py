"""The datasets of the shared-data catalogue (GB/T 21063): what a department shares, with whom, how fresh, how long."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Literal, cast

from flows.items import ITEMS
from hall.departments.connection import Connection

CREDIT_CODE = ITEMS["employment.credit_code"].kind


class Sharing(StrEnum):
    """共享类型 (政务数据共享条例, Decree 809)."""

    UNCONDITIONAL = "unconditional"  # 无条件共享
    CONDITIONAL = "conditional"  # 有条件共享
    NOT_SHARED = "not_shared"  # 不予共享


Cycle = Literal["real_time", "daily", "weekly", "monthly", "yearly"]
Withheld = Literal["", "not_shared", "not_for_matter", "not_in_force"]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A department as the catalogue names it: `provider` is its unified social credit code (GB 32100-2015)."""

    code: str
    provider: str


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One resource of a department. `matters` are those that may ask when sharing is conditional; `condition` says why.
    `valid_to` is the last day; None: until further notice."""

    code: str
    title: str
    department: str
    summary: str
    sharing: Sharing
    items: tuple[str, ...]
    updated: Cycle
    published: date
    valid_from: date
    valid_to: date | None = None
    condition: str = ""
    matters: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """catalogue.toml: departments and datasets, and for each item the departments that have it, by authority."""

    items: Mapping[str, tuple[str, ...]]
    department: tuple[Provider, ...] = ()
    dataset: tuple[Dataset, ...] = ()


def withheld(datasets: Collection[Dataset], item: str, department: str, matter: str, today: date) -> Withheld:
    """Why a department's item may not be asked for a matter on a day; an item of no dataset is not shared."""
    having = [one for one in datasets if one.department == department and item in one.items]
    now = [one for one in having if one.in_force(today)]
    if not now:
        return "not_in_force" if having else "not_shared"
    if any(one.sharing is Sharing.UNCONDITIONAL or matter in one.matters for one in now):
        return ""
    return "not_for_matter" if any(one.sharing is Sharing.CONDITIONAL for one in now) else "not_shared"


def unknown(table: Mapping[str, object]) -> Iterator[str]:
    """Settings that nobody reads, e.g. with a letter wrong. The table was understood otherwise."""
    for name, kind in (("department", Provider), ("dataset", Dataset)):
        settings = {field.name for field in fields(kind)}
        for entry in cast(list[dict[str, object]], table.get(name, [])):
            yield from (f"there is no setting {key} in [[{name}]] {entry.get('code')}" for key in entry if key not in settings)
    yield from (f"there is no section {name}" for name in table if name not in {field.name for field in fields(Declared)})


def problems(declared: Declared, known: Mapping[str, Connection], matters: Collection[str]) -> Iterator[str]:
    """Everything in the datasets that does not fit together, one sentence each."""
    yield from _of_providers(declared, known)
    for one in declared.dataset:
        yield from _of_dataset(one, known, matters)
    yield from _overlaps(declared.dataset)
    for item, codes in declared.items.items():
        for code in codes:
            if not any(one.department == code and item in one.items for one in declared.dataset):
                yield f"{item}: no dataset of {code} holds it"


def _of_providers(declared: Declared, known: Mapping[str, Connection]) -> Iterator[str]:
    named = [one.code for one in declared.department]
    for code in sorted({code for code in named if named.count(code) > 1}):
        yield f"the department {code} is named twice"
    for code in sorted(set(named) ^ set(known)):
        yield f"{code}: {'there is no such department' if code in named else 'the department is not in the catalogue'}"
    for one in declared.department:
        if not re.fullmatch(CREDIT_CODE.described.form, one.provider):
            yield f"{one.code}: provider must be a unified social credit code of 18 signs"


def _of_dataset(one: Dataset, known: Mapping[str, Connection], matters: Collection[str]) -> Iterator[str]:
    if one.department not in known:
        yield f"{one.code}: there is no department {one.department}"
    for item in one.items:
        if item not in ITEMS:
            yield f"{one.code}: {item} is no item of shared data"
        elif one.department in known and item not in known[one.department].items:
            yield f"{one.code}: {one.department} has no field for {item}"
    for matter in one.matters:
        if matter not in matters:
            yield f"{one.code}: there is no matter {matter}"
    if (one.sharing is Sharing.CONDITIONAL) is not bool(one.condition and one.matters):
        yield f"{one.code}: conditional sharing names its condition and its matters, and no other sharing does"
    if one.valid_to is not None and one.valid_to < one.valid_from:
        yield f"{one.code}: it ends before it begins"
    if not one.items:
        yield f"{one.code}: it holds no item"


def _overlaps(datasets: Sequence[Dataset]) -> Iterator[str]:
    """One item of one department stands in one dataset at a time: else nobody knows which sharing counts."""
    for one, other in combinations(datasets, 2):
        if one.code == other.code:
            yield f"the dataset {one.code} is there twice"
        later = max(one.valid_from, other.valid_from)
        both = set(one.items) & set(other.items)
        if both and one.department == other.department and one.in_force(later) and other.in_force(later):
            yield f"{one.code} and {other.code} both hold {', '.join(sorted(both))}"
