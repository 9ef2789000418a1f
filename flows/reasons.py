"""Why a clerk amends, returns, rejects or sends back: assets/policy/reasons.toml; and what can be done against a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.application import Action
from flows.policy import Dated, declare, on, read


@dataclass(frozen=True)
class Reason:
    """Why a clerk does something, in words for the citizen. `exactly`: it says nothing without lines that say what."""

    code: str
    action: Action
    words: str
    remedy: str
    exactly: bool = False


@dataclass(frozen=True, kw_only=True)
class Reasons(Dated):
    reason: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Remedy(Dated):
    """救济途径: what a refused citizen can do, word for word as the paper says it."""

    words: str


@dataclass(frozen=True, kw_only=True)
class Remedies:
    remedy: tuple[Remedy, ...]


_REASONS = read(Reasons, "reasons")
declare("reasons", [_REASONS])
_REMEDIES = read(Remedies, "remedies").remedy
declare("remedies", _REMEDIES)

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _REASONS.reason}


def reasons(action: Action) -> tuple[Reason, ...]:
    """The reasons a clerk may give for an action, in the order of the file."""
    return tuple(reason for reason in _REASONS.reason if reason.action is action)


def remedy_on(day: date) -> str:
    """What can be done against a refusal of that day; raises PolicyError where no table says it."""
    return on(day, _REMEDIES, "remedies").words
