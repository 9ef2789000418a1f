"""Why a clerk amends, returns or rejects: assets/policy/reasons.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.application import Action
from flows.policy import Dated, declare, read


@dataclass(frozen=True)
class Reason:
    """Why a clerk does something, in words for the citizen."""

    code: str
    action: Action
    words: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Reasons(Dated):
    reason: tuple[Reason, ...]


_REASONS = read(Reasons, "reasons")
declare("reasons", [_REASONS])

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _REASONS.reason}


def reasons(action: Action) -> tuple[Reason, ...]:
    """The reasons a clerk may give for an action, in the order of the file."""
    return tuple(reason for reason in _REASONS.reason if reason.action is action)
