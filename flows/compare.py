"""实时比对: an application beside every department's records. The signature is fixed; see Difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.application import Application, Lookup
from flows.flow import Flow


class DifferenceKind(StrEnum):
    """Why two values are not the same, by weight: the first is the heaviest."""

    CONFLICT = "conflict"
    IN_DOUBT = "in_doubt"
    OLD_VALUE = "old_value"
    CUT = "cut"
    SPELLING = "spelling"
    MISSING = "missing"


@dataclass(frozen=True)
class Difference:
    """One answer beside one department's record of the same item. `label` is a Chinese message id;
    values are as shown to a person."""

    field: str
    item: str
    label: str
    answer: str
    department: str
    record: str
    kind: DifferenceKind
    as_of: datetime | None
    doubt: str = ""


def compare(flow: Flow, application: Application, lookup: Lookup | None) -> tuple[Difference, ...]:
    """Every difference between what was submitted and what any department has, heaviest first."""
    raise NotImplementedError
