"""What departments said when they were asked about a person: frozen values that travel with the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Record:
    """One item as one department has it. `doubt` is the department's own code, empty when sure. `origin`: where a
    department that passes records on has it from, step by step, e.g. "chancheng/household"; `as_of` is the origin's, and
    `known_at` says when the origin last had it so; None: it has it so now."""

    item: str
    value: str
    department: str
    as_of: datetime
    doubt: str = ""
    origin: str = ""
    known_at: datetime | None = None


class Outcome(StrEnum):
    """What came of asking one department. Four different things, never one empty answer."""

    NOT_ASKED = "not_asked"
    NO_ANSWER = "no_answer"
    NO_RECORD = "no_record"
    RECORD = "record"


@dataclass(frozen=True)
class SourceAnswer:
    """One department's part of a look-up. `reason` is a code such as late, down, busy, garbled, wrong_person,
    no_key, not_shared; empty when the department itself answered.

    `asked` are the items it was to tell; `withheld` says why others, of which it has a field, were not asked for:
    not_shared, not_for_matter or not_in_force. `collected_at` is set when the department did not answer and the records
    are the ones that the hall's base library had collected by then. `heard_at` is set when it had answered earlier in
    the same visit and was not asked again. `apart` holds what came of items about somebody else, a guardian, where
    that is not what came of the rest.
    """

    department: str
    title: str
    outcome: Outcome
    records: tuple[Record, ...] = ()
    reason: str = ""
    elapsed_ms: int = 0
    asked: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    collected_at: datetime | None = None
    heard_at: datetime | None = None
    apart: Mapping[str, Outcome] = field(default_factory=dict)

    def outcome_of(self, item: str) -> Outcome:
        """What came of asking this department for one item. What the library lacks, the silent department may have."""
        if any(record.item == item for record in self.records):
            return Outcome.RECORD
        if item not in self.asked:
            return Outcome.NOT_ASKED
        if item in self.apart:
            return self.apart[item]
        if self.outcome is not Outcome.RECORD:
            return self.outcome
        return Outcome.NO_ANSWER if self.collected_at else Outcome.NO_RECORD


@dataclass(frozen=True)
class Lookup:
    """What all departments said at one moment, in their order of authority for each item."""

    at: datetime
    sources: tuple[SourceAnswer, ...] = ()

    def records(self, item: str) -> tuple[Record, ...]:
        """Every department's record of an item; the first is the one with authority."""
        return tuple(r for source in self.sources for r in source.records if r.item == item)
