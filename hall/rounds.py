"""The rounds of one look-up: the applicant's, and a guardian's, in which the same items have other names."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flows.application import Identity, SourceAnswer
from hall.departments.connection import Purpose
from hall.inquiries import Inquiry
from hall.ledger import Ledger

GUARDIANS: Mapping[str, str] = {
    "guardian.household_number": "household.number",
    "guardian.household_relation": "household.relation",
}
"""Items about a guardian, and what they are called in the guardian's own record."""


@dataclass(frozen=True)
class Round:
    """What is asked about one person. `names` are this visit's names of the departments' items; `asking` is filled
    department by department, in order of authority. `until` is the loop's time at which everything ends."""

    person: str
    names: Mapping[str, str]
    inquiries: Sequence[Inquiry]
    purpose: Purpose
    until: float
    ledger: Ledger
    fresh: bool = False
    asking: dict[str, asyncio.Task[SourceAnswer]] = field(default_factory=dict)

    def named(self, items: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.names[item] for item in items)

    def answer(self, answer: SourceAnswer) -> SourceAnswer:
        """A department's answer in the words of this visit."""
        return replace(
            answer,
            records=tuple(replace(record, item=self.names[record.item]) for record in answer.records),
            asked=self.named(answer.asked),
            withheld={self.names[item]: why for item, why in answer.withheld.items()},
        )


def persons(identity: Identity, guardian: Identity | None, items: Sequence[str]) -> list[tuple[str, Mapping[str, str]]]:
    """Whose records are looked up, and the names of the items in each one's round."""
    found: list[tuple[str, Mapping[str, str]]] = [(identity.number, {item: item for item in items if item not in GUARDIANS})]
    names = {GUARDIANS[item]: item for item in items if item in GUARDIANS}
    if guardian is not None and names:
        found.append((guardian.number, names))
    return found


def together(answers: Sequence[SourceAnswer]) -> tuple[SourceAnswer, ...]:
    """One answer per department, the applicant's round first: how the asking ended is said of the applicant."""
    found: dict[str, SourceAnswer] = {}
    for answer in answers:
        first = found.get(answer.department)
        found[answer.department] = answer if first is None else _both(first, answer)
    return tuple(found.values())


def _both(own: SourceAnswer, other: SourceAnswer) -> SourceAnswer:
    """Where one of the two was collected, both are marked with that age: what is sure passes for less, never more."""
    first, second = (own, other) if own.asked else (other, own)
    both = replace(
        first,
        records=(*first.records, *second.records),
        asked=(*first.asked, *second.asked),
        withheld={**first.withheld, **second.withheld},
        collected_at=first.collected_at or second.collected_at,
        reason=first.reason or (second.reason if second.collected_at else ""),
    )
    each = {item: part.outcome_of(item) for part in (first, second) for item in part.asked}
    return replace(both, apart={item: outcome for item, outcome in each.items() if outcome is not both.outcome_of(item)})
