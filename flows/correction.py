"""校核: what the owner of a disputed record is asked, how that stands, and what the citizen is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.delivery import DeliveryStep
from flows.dispute import Dispute

MOST_EVIDENCE = 4
"""Pictures that go with one request."""


class CorrectionState(StrEnum):
    """How a dispute stands."""

    OPEN = "open"  # 待处理: in the clerk's hands
    SENT = "sent"  # 已送校核: its owner is asked
    CORRECTED = "corrected"  # 已更正
    UPHELD = "upheld"  # 维持登记
    NEEDS_MORE = "needs_more"  # 需补充材料
    SETTLED = "settled"  # 窗口已说明: nobody needs to be asked


class CorrectionAction(StrEnum):
    """What can be done with one. The last three are its owner's answers."""

    ADD_EVIDENCE = "evidence"
    SEND = "send"
    SETTLE = "settle"
    HAND_OVER = "hand_over"  # a person takes it to the department
    CORRECT = "corrected"
    UPHOLD = "upheld"
    ASK_MORE = "needs_more"


CORRECTION_TRANSITIONS: Mapping[tuple[CorrectionState, CorrectionAction], CorrectionState] = {
    (CorrectionState.OPEN, CorrectionAction.ADD_EVIDENCE): CorrectionState.OPEN,
    (CorrectionState.OPEN, CorrectionAction.SEND): CorrectionState.SENT,
    (CorrectionState.OPEN, CorrectionAction.SETTLE): CorrectionState.SETTLED,
    (CorrectionState.SENT, CorrectionAction.HAND_OVER): CorrectionState.SENT,
    (CorrectionState.SENT, CorrectionAction.CORRECT): CorrectionState.CORRECTED,
    (CorrectionState.SENT, CorrectionAction.UPHOLD): CorrectionState.UPHELD,
    (CorrectionState.SENT, CorrectionAction.ASK_MORE): CorrectionState.NEEDS_MORE,
}
"""The console draws its buttons from this table and the store moves by it."""

ANSWERING = frozenset({CorrectionAction.CORRECT, CorrectionAction.UPHOLD, CorrectionAction.ASK_MORE})
"""The owner's to do; a clerk writes down what came by hand."""

ANSWERS = frozenset({CorrectionState.CORRECTED, CorrectionState.UPHELD, CorrectionState.NEEDS_MORE})
"""What an owner may answer; all of them are told to the citizen."""


def possible(state: CorrectionState) -> frozenset[CorrectionAction]:
    return frozenset(action for at, action in CORRECTION_TRANSITIONS if at is state)


@dataclass(frozen=True)
class Correction:
    """One dispute on its way. `number` and `name` say whose record it is; `asked_by` is "terminal:K07" or
    "clerk:zhang". `earlier` is the department's number of a request that this one adds to.

    `pictures` counts the evidence. `by_hand`: a person takes it to the department and writes down its answer.
    `reason` is a code: of the settlement, or the department's own; `steps` are those of the way to it.
    """

    id: str
    visit: str
    field: str
    number: str
    name: str
    dispute: Dispute
    asked_by: str
    asked_at: datetime
    window: str = ""
    earlier: str = ""
    pictures: int = 0
    state: CorrectionState = CorrectionState.OPEN
    by_hand: bool = False
    reason: str = ""
    note: str = ""
    answered_at: datetime | None = None
    steps: tuple[DeliveryStep, ...] = ()

    @property
    def receipt(self) -> str:
        """The department's own number for the request; empty until it came back."""
        return next((step.number for step in self.steps if step.name == "request"), "")


@dataclass(frozen=True)
class CorrectionNews:
    """What a citizen is told of one that they asked for: never a value."""

    id: str
    item: str
    department: str
    state: CorrectionState
    asked_on: date
    answered_on: date | None = None
