"""The catalogue and its code tables as anybody may read them: what machines get as JSON and pages draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows import codes
from flows.items import ITEMS, Sensitivity
from flows.policy import Grade
from hall.catalogue import Catalogue
from hall.datasets import Cycle, Dataset, Sharing

Way = Literal["interface", "database", "file"]
"""共享方式: 接口, 库表, 文件."""

WAYS: Mapping[str, Way] = {"rest": "interface", "soap": "interface", "sql": "database", "file_drop": "file"}


@dataclass(frozen=True)
class PublishedDepartment:
    """`provider` is the unified social credit code (GB 32100-2015)."""

    code: str
    title: str
    provider: str


@dataclass(frozen=True)
class PublishedDataset:
    """One resource; `valid_to` is its last day, null until further notice."""

    code: str
    title: str
    department: str
    summary: str
    sharing: Sharing
    condition: str
    matters: tuple[str, ...]
    way: Way
    updated: Cycle
    published: date
    valid_from: date
    valid_to: date | None
    items: tuple[str, ...]


@dataclass(frozen=True)
class PublishedItem:
    """One kind of shared data. `longest` is in characters, 0 where `form` (a regular expression) says it; `authority`
    are the departments that have it, the one whose record counts first in front."""

    key: str
    title: str
    type: str
    longest: int
    form: str
    codes: Mapping[str, str]
    sensitivity: Sensitivity
    authority: tuple[str, ...]
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class PublishedCode:
    """One code and its days; `valid_to` is the last on which it was given out."""

    code: str
    meaning: str
    valid_from: date
    valid_to: date | None
    source: str
    grade: Grade


@dataclass(frozen=True)
class PublishedCodes:
    name: str
    title: str
    standard: str
    codes: tuple[PublishedCode, ...]


@dataclass(frozen=True)
class PublishedCatalogue:
    """公共数据资源目录: all of it, on one day."""

    hall: str
    name: str
    day: date
    departments: tuple[PublishedDepartment, ...]
    datasets: tuple[PublishedDataset, ...]
    items: tuple[PublishedItem, ...]
    code_tables: tuple[str, ...]

    def title_of(self, department: str) -> str:
        return next(one.title for one in self.departments if one.code == department)

    def item(self, key: str) -> PublishedItem | None:
        return next((one for one in self.items if one.key == key), None)

    def dataset(self, code: str) -> PublishedDataset | None:
        return next((one for one in self.datasets if one.code == code), None)

    def found(self, words: str, department: str, sharing: str) -> tuple[PublishedDataset, ...]:
        """The datasets in which every word stands: in their names, summaries and items, by key or by title."""
        wanted = words.casefold().split()
        return tuple(
            one
            for one in self.datasets
            if department in ("", one.department)
            and sharing in ("", one.sharing)
            and all(word in self._text(one) for word in wanted)
        )

    def _text(self, one: PublishedDataset) -> str:
        items = [f"{key} {ITEMS[key].title}" for key in one.items]
        return " ".join([one.code, one.title, one.summary, self.title_of(one.department), *items]).casefold()


def published(
    catalogue: Catalogue, titles: Mapping[str, str], kinds: Mapping[str, str], *, hall: str, name: str, day: date
) -> PublishedCatalogue:
    """`kinds` are the kinds of connection by department."""
    return PublishedCatalogue(
        hall=hall,
        name=name,
        day=day,
        departments=tuple(PublishedDepartment(code, titles[code], catalogue.providers[code]) for code in catalogue.order),
        datasets=tuple(_dataset(one, WAYS[kinds[one.department]]) for one in catalogue.datasets),
        items=tuple(_item(key, catalogue) for key in catalogue.suppliers),
        code_tables=codes.names(),
    )


def published_codes(name: str) -> PublishedCodes | None:
    """A code table whole, retired codes too; None when there is none of that name."""
    parts = codes.parts(name)
    if not parts:
        return None
    every = (
        PublishedCode(code, meaning, part.effective_from, part.effective_to, part.source, part.grade)
        for part in parts
        for code, meaning in part.codes.items()
    )
    in_order = tuple(sorted(every, key=lambda one: (one.code, one.valid_from)))
    return PublishedCodes(name, parts[0].title, parts[0].standard, in_order)


def _dataset(one: Dataset, way: Way) -> PublishedDataset:
    return PublishedDataset(
        one.code,
        one.title,
        one.department,
        one.summary,
        one.sharing,
        one.condition,
        one.matters,
        way,
        one.updated,
        one.published,
        one.valid_from,
        one.valid_to,
        one.items,
    )


def _item(key: str, catalogue: Catalogue) -> PublishedItem:
    item, described = ITEMS[key], ITEMS[key].kind.described
    holding = tuple(one.code for one in catalogue.datasets if key in one.items)
    authority = catalogue.suppliers[key]
    return PublishedItem(
        key,
        item.title,
        described.type,
        described.longest,
        described.form,
        described.codes,
        item.sensitivity,
        authority,
        holding,
    )
