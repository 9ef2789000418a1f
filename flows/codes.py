"""Code tables of national standards by their days: sex, ethnic group, marriage, education, family relation, document kind.

Codes are strings: leading zeros count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flows import regions
from flows.policy import Dated, read


@dataclass(frozen=True, kw_only=True)
class CodeTable(Dated):
    """Codes that came and went on the same days, each with its meaning. A table of one name may have several parts."""

    name: str
    title: str
    standard: str
    codes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class CodeTables:
    table: tuple[CodeTable, ...]


def _regions() -> Iterator[CodeTable]:
    for part in regions.TABLES:
        yield CodeTable(
            effective_from=part.effective_from,
            effective_to=part.effective_to,
            source=part.source,
            grade=part.grade,
            name="region",
            title="行政区划",
            standard="GB/T 2260",
            codes=part.names,
        )


TABLES: tuple[CodeTable, ...] = (*read(CodeTables, "codes").table, *_regions())


def parts(name: str) -> tuple[CodeTable, ...]:
    """Every part of a table; () when there is no such table."""
    return tuple(table for table in TABLES if table.name == name)


def names() -> tuple[str, ...]:
    """The names of all tables, in the order of the file."""
    return tuple(dict.fromkeys(table.name for table in TABLES))


def in_force(name: str, code: str, day: date) -> bool:
    """Whether a table has this code for that day; a retired code is still read, but no longer given out."""
    return any(code in table.codes and table.in_force(day) for table in parts(name))


def _meanings(name: str) -> Mapping[str, str]:
    return {code: meaning for table in parts(name) for code, meaning in table.codes.items()}


SEXES = _meanings("sex")
ETHNIC_GROUPS = _meanings("ethnic_group")
MARRIAGES = _meanings("marriage")
EDUCATIONS = _meanings("education")
RELATIONS = _meanings("relation")
