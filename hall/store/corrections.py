"""Disputes about records and what their owners answer: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flows.application import Attached
from flows.correction import Correction, CorrectionAction, CorrectionState
from hall.store.request import Request


@dataclass(frozen=True)
class Move:
    """What is done with a dispute. `reason` is a code, `note` what a clerk writes; `evidence` comes with ADD_EVIDENCE."""

    action: CorrectionAction
    reason: str = ""
    note: str = ""
    evidence: Attached | None = None


class CorrectionStore(Protocol):
    """Disputes. They are opened by a submission too, and sent by every decision, in the same transaction."""

    async def open_correction(self, correction: Correction, request: Request) -> str:
        """Opens one that a clerk was told of, while that window has the case; returns its id."""
        ...

    async def move_correction(self, correction: str, move: Move, request: Request) -> CorrectionState:
        """One move of the table; NotKnown, CorrectionMoved, NotAllowed (an answer that is not a clerk's to give)."""
        ...

    async def correction(self, correction: str) -> Correction: ...

    async def evidence(self, correction: str) -> tuple[Attached, ...]: ...

    async def corrections(self, visit: str) -> tuple[Correction, ...]:
        """Those of a case."""
        ...

    async def corrections_of(self, number: str) -> tuple[Correction, ...]:
        """Those of the person with this number, found without opening any other."""
        ...

    async def unheard(self, number: str) -> tuple[Correction, ...]:
        """Answered, and not yet read by the person with this number."""
        ...

    async def sent_corrections(self) -> tuple[Correction, ...]:
        """Those whose owner has not answered."""
        ...

    async def heard(self, number: str, corrections: Sequence[str], request: Request) -> None:
        """The person has read these answers; what is not theirs is left alone."""
        ...

    async def send_left(self, day: date, request: Request) -> int:
        """Sends the open ones of cases that nobody came for before this day; how many."""
        ...
