"""Promised papers and second persons: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from flows.application import Attached, Decision, Status
from hall.basis import Basis
from hall.store.request import Request
from hall.store.standing import Standing, Told

MOST_LISTED = 500


class PaperState(StrEnum):
    """How a promised paper stands."""

    OPEN = "open"
    BROUGHT = "brought"
    CLOSED = "closed"  # it is not waited for any more


@dataclass(frozen=True)
class PromisedPaper:
    """One paper of a promise. `paper` is a code of assets/policy/lacking.toml, `words` what it was called when it was
    promised; `window` where it was brought or followed up; `pictured`: a picture of it is kept."""

    visit: str
    paper: str
    words: str
    until: date
    promised_by: str
    made_at: datetime
    state: PaperState = PaperState.OPEN
    closed_at: datetime | None = None
    window: str = ""
    pictured: bool = False


@dataclass(frozen=True)
class InReview:
    """A case that waits for a second person, or was sent back. `last` is the decision that brought it there."""

    standing: Standing
    last: Decision


class PromiseStore(Protocol):
    """Promised papers."""

    async def open_promises(self) -> tuple[tuple[Standing, tuple[PromisedPaper, ...]], ...]:
        """The cases that wait for papers, due soon first, with all of their papers."""
        ...

    async def bring(self, decision: Decision, request: Request, pictures: Mapping[str, Attached]) -> Status:
        """The papers that the decision names are there; NotPossible when one of them is not waited for any more."""
        ...

    async def follow_up(self, decision: Decision, request: Request, *, closes: bool) -> Status:
        """What was done about a promise that was not kept; `closes`: what is still open is not waited for any more."""
        ...

    async def promised_picture(self, visit: str, paper: str) -> Attached:
        """NotKnown when nothing was kept of it."""
        ...


class ReviewStore(Protocol):
    """Cases that a second person has to agree to."""

    async def approve(self, decision: Decision, request: Request, told: Told, basis: Basis) -> Status:
        """Accepts it; SamePerson for whoever amended or proposed it, NotPossible, NotSeen."""
        ...

    async def send_back(self, decision: Decision, request: Request) -> Status:
        """SamePerson, NotPossible."""
        ...

    async def take_up(self, decision: Decision, request: Request) -> Status:
        """Brings what was sent back to a window; NotFree when it holds another, NotPossible."""
        ...

    async def in_review(self) -> tuple[InReview, ...]:
        """The longest waiting first."""
        ...
