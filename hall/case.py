"""What a clerk sees: the queue and one case, as values that the console only draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.application import ACCEPTING, Action, Application, Decision, Lookup, Status, Ticket
from flows.compare import Difference
from flows.correction import Correction
from flows.delivery import Delivery
from flows.flow import Fee, Flow, Known, Term
from flows.lacking import SecondaryPaper
from hall.certificates import Issued
from hall.papers.notice import PaperKind
from hall.store.promises import PromisedPaper
from hall.store.standing import Standing


@dataclass(frozen=True)
class Due:
    """办结期限. `day` is None when the holidays are not published that far; `begins` is the day of acceptance."""

    term: Term
    begins: date
    day: date | None


@dataclass(frozen=True)
class Kinship:
    """What the household register says of a guardian and the child; relations are codes of GB/T 4761. `proven`:
    by the rule of flows.guardian, the one that the terminal goes by."""

    same_household: bool
    guardian_is: str
    child_is: str
    proven: bool


@dataclass(frozen=True)
class QueueLine:
    """One ticket of today's queue. No name: the queue is visible to everybody at the counter."""

    ticket: Ticket
    status: Status
    window: str
    calls: int
    matter_title: str
    standing: Standing | None = None
    may_miss: bool = False


@dataclass(frozen=True)
class Counter:
    """What the hall's own rules add to a case: `why_second` says why a second person has to agree, "" when nobody has to;
    `may_lack` are papers that may be promised until `last_day` (None: no day can be given) by `promiser`; `promised` are
    those that were; `papers` can be printed."""

    why_second: str = ""
    may_lack: tuple[SecondaryPaper, ...] = ()
    last_day: date | None = None
    promiser: str = ""
    promised: tuple[PromisedPaper, ...] = ()
    papers: tuple[PaperKind, ...] = ()


@dataclass(frozen=True)
class Case:
    """One application in a clerk's hands.

    `then` is what the departments said at the terminal, `now` what they say as the case is open, or said as it was
    accepted; `marks` are what its page shows of all that a decision rests on (hall.seen).
    `blanks` are fields left for the clerk: confirming is refused while one is empty. `facts` is what the rules
    look at as the case stands; `warnings` are words by field. `due` counts from today until it is accepted.
    """

    application: Application
    flow: Flow
    ticket: Ticket
    status: Status
    window: str
    then: Lookup | None
    now: Lookup | None
    facts: Known
    differences: tuple[Difference, ...]
    warnings: Mapping[str, str]
    kinship: Kinship | None
    possible: frozenset[Action]
    blanks: tuple[str, ...]
    fee: Fee
    due: Due | None
    decisions: tuple[Decision, ...]
    deliveries: tuple[Delivery, ...]
    marks: frozenset[str] = frozenset()
    certificate: Issued | None = None
    corrections: tuple[Correction, ...] = ()
    counter: Counter = Counter()

    @property
    def deciding(self) -> bool:
        """Whether this clerk may accept it, alone or with or as a second person."""
        return bool(self.possible & {Action.CONFIRM, Action.PROPOSE, Action.APPROVE})

    @property
    def accepted(self) -> bool:
        return any(decision.action in ACCEPTING for decision in self.decisions)
