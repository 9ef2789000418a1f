"""Who read a person's records: what the hall tells whoever the records are about, and no value of any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Final, Literal
from zoneinfo import ZoneInfo

from flows.application import Identity
from flows.kept import KeptPaper

VERSION: Final = 1
CHINA = ZoneInfo("Asia/Shanghai")

PURPOSES: Mapping[str, str] = {"collection": "资料汇集"}
"""Why records are read other than for a matter."""


class UseKind(StrEnum):
    """What was done with the records. The values are codes of hall.audit.EVENTS."""

    ASKED = "records_asked"  # a department, or what was collected from it, was asked for items
    OPENED = "case_opened"  # a clerk opened the application beside the records
    GIVEN = "library_given"  # another hall collected them for its base library
    PAPER = "certificate_shown"  # a certificate was given out as a paper
    DISPUTE = "correction_shown"  # a clerk opened what this person had said is wrong with a record
    EXPORTED = "delivery_exported"  # the application was taken out as a file, to be carried to a department
    DOCUMENT = "document_shown"  # a kept document was looked at
    REUSED = "document_reused"  # a kept document went with another matter
    SHOWN = "usage_shown"  # the person looked at this very list


class Reader(StrEnum):
    """Who read. A clerk is named by the window: docs/decisions/0009-who-is-named-as-a-reader.md."""

    TERMINAL = "terminal"
    WINDOW = "window"
    HALL = "hall"
    ANOTHER_HALL = "another_hall"


@dataclass(frozen=True)
class Use:
    """One reading of a person's records. `name` is the terminal's, the window's or the other hall's, "" when it was
    not kept; `visit` an opaque id; `items` are titles. `as_guardian`: read because the person acts for a child."""

    at: datetime
    kind: UseKind
    reader: Reader
    name: str
    visit: str
    matter: str = ""
    matter_title: str = ""
    department_title: str = ""
    items: tuple[str, ...] = ()
    from_library: bool = False
    as_guardian: bool = False

    @property
    def day(self) -> date:
        """The day in the hall, not the UTC date."""
        return self.at.astimezone(CHINA).date()


@dataclass(frozen=True)
class Kept:
    """What the hall keeps about a person at a moment: applications, base libraries with an entry (population,
    legal_entity, credit), requests to correct a record that are under way, and documents."""

    applications: int
    libraries: tuple[str, ...] = ()
    corrections: int = 0
    documents: tuple[KeptPaper, ...] = ()


@dataclass(frozen=True)
class ShowUsage:
    """Terminal to hall: the person with this card asks who read their records. `before` is `UsageShown.older` of the
    page before, 0 for the newest."""

    identity: Identity
    before: int = 0
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class UsageShown:
    """Hall to terminal: one page, newest first, as it was when the person first asked. `older` is 0 on the last one."""

    uses: tuple[Use, ...]
    kept: Kept
    older: int = 0
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class UsesOfVisit:
    """What belongs together: the readings of one day in one visit and one part, newest first."""

    day: date
    matter_title: str
    as_guardian: bool
    uses: tuple[Use, ...]


def by_visit(uses: Iterable[Use]) -> tuple[UsesOfVisit, ...]:
    """Readings by day and visit, both newest first; none is left out and none comes twice. A person's own looks at
    the list belong to no visit and stand together."""
    found: list[UsesOfVisit] = []
    for day, of_day in groupby(uses, key=lambda use: use.day):
        visits: dict[tuple[str, str, bool], list[Use]] = {}
        for use in of_day:
            visit = "" if use.kind is UseKind.SHOWN else use.visit
            visits.setdefault((visit, use.matter_title, use.as_guardian), []).append(use)
        found += [UsesOfVisit(day, title, guardian, tuple(each)) for (_, title, guardian), each in visits.items()]
    return tuple(found)
