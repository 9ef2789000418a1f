"""异议: what a citizen says is wrong with a department's record. It never changes the record; its owner is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Dispute:
    """One record as it was shown, and why it is said to be wrong. `reason` is a code of assets/policy/disputes.toml;
    `claim` is the right value as far as it could be given at a terminal, normalised, else empty."""

    item: str
    department: str
    value: str
    as_of: datetime
    reason: str
    claim: str = ""
