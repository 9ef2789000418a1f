"""异议: what a citizen says is wrong with a department's record. It never changes the record; its owner is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.policy import Dated, declare, read


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


@dataclass(frozen=True)
class DisputeReason:
    """Why a record is said to be wrong: in words for the citizen, and `formal` for those who look into it."""

    code: str
    words: str
    note: str
    formal: str


@dataclass(frozen=True)
class Settlement:
    """How a dispute was settled so that its owner need not be asked; only an `offered` one is a clerk's to choose."""

    code: str
    words: str
    offered: bool = True


REPEATED = "REPEATED"
"""The same citizen said the same of the same record in a newer application."""


@dataclass(frozen=True, kw_only=True)
class Disputes(Dated):
    reason: tuple[DisputeReason, ...]
    settlement: tuple[Settlement, ...]


_DISPUTES = read(Disputes, "disputes")
declare("disputes", [_DISPUTES])

DISPUTE_REASONS: Mapping[str, DisputeReason] = {reason.code: reason for reason in _DISPUTES.reason}
SETTLEMENTS: Mapping[str, Settlement] = {settlement.code: settlement for settlement in _DISPUTES.settlement}
