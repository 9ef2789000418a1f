"""容缺受理: which secondary papers a matter can be accepted without, and for how long: assets/policy/lacking.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.policy import Dated, declare, on, read

PaperKind = Literal["old_document", "copy", "supporting"]
"""Identity, photo, guardianship and consent have no kind here: they are never secondary."""


@dataclass(frozen=True, kw_only=True)
class Limit(Dated):
    """How far off the promised day may be, in working days."""

    working_days: int


@dataclass(frozen=True, kw_only=True)
class SecondaryPaper(Dated):
    """A paper that a matter can be accepted without. `why`: what makes it secondary."""

    matter: str
    code: str
    words: str
    kind: PaperKind
    why: str


@dataclass(frozen=True)
class FollowUp:
    """What may be done about a promise that was not kept. `closes`: nothing is owed any more."""

    code: str
    words: str
    closes: bool
    basis: str


@dataclass(frozen=True, kw_only=True)
class Lacking:
    limit: tuple[Limit, ...]
    paper: tuple[SecondaryPaper, ...]
    follow_up: tuple[FollowUp, ...]

    def of(self, matter: str, day: date) -> tuple[SecondaryPaper, ...]:
        """What may be brought later on that day, in the order of the file."""
        return tuple(paper for paper in self.paper if paper.matter == matter and paper.in_force(day))

    def working_days(self, day: date) -> int:
        return on(day, self.limit, "promises of papers").working_days

    @property
    def follow_ups(self) -> Mapping[str, FollowUp]:
        return {one.code: one for one in self.follow_up}


LACKING = read(Lacking, "lacking")
declare("promises of papers", LACKING.limit)
for _code in dict.fromkeys((paper.matter, paper.code) for paper in LACKING.paper):
    declare(f"paper {' '.join(_code)}", [p for p in LACKING.paper if (p.matter, p.code) == _code], may_lapse=True)
