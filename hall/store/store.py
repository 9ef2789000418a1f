"""What the hall keeps and how it may change: the seam to the database, one command per method.

Every command that changes something is one transaction with its audit line and carries a Request;
a repeat of the same request changes nothing and returns the first answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flows.application import Application, Attached, Decision, Identity, Lookup, Status, Ticket
from flows.correction import Correction, CorrectionNews
from flows.delivery import Delivery
from flows.kept import Offer
from hall.audit import AuditEvent
from hall.basis import Basis
from hall.certificates import Issued
from hall.store.appointments import AppointmentStore
from hall.store.board import BoardStore
from hall.store.corrections import CorrectionStore
from hall.store.counter import CounterStore
from hall.store.dead_letters import DeadLetterStore
from hall.store.documents import DocumentStore, NewDocument
from hall.store.feeds import FeedStore
from hall.store.figures import FigureStore
from hall.store.libraries import LibraryStore
from hall.store.line import LineStore
from hall.store.outbox import OutboxStore
from hall.store.overview import OverviewStore
from hall.store.promises import PromisedPaper, PromiseStore, ReviewStore
from hall.store.ratings import RatingStore
from hall.store.reconciliations import ReconciliationStore
from hall.store.request import Request
from hall.store.screens import HandOverStore, ScreenStore
from hall.store.staff import StaffStore
from hall.store.standing import NOBODY, Place, Standing, Told
from hall.store.terminal_states import TerminalStateStore
from hall.store.usage import UsageStore


@dataclass(frozen=True)
class KeptVisit:
    """A visit as it was opened. `lookup` is gone once the citizen left without submitting; `corrections` were news
    to the citizen then, `kept` the documents on offer."""

    visit: str
    terminal: str
    matter: str
    identity: Identity
    lookup: Lookup
    today: date
    submitted: bool = False
    flow_version: str = ""
    guardian: Identity | None = None
    corrections: tuple[CorrectionNews, ...] = ()
    kept: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class KeptCase:
    """Everything kept about one submitted visit; `lookup` is what was known at the terminal, `decided_upon` what the
    departments said as the case was accepted."""

    standing: Standing
    application: Application
    lookup: Lookup
    decisions: tuple[Decision, ...]
    deliveries: tuple[Delivery, ...]
    decided_upon: Lookup | None = None
    corrections: tuple[Correction, ...] = ()
    promised: tuple[PromisedPaper, ...] = ()


@dataclass(frozen=True)
class Event:
    """Something the pages want to know of. `number` is dense and rising within the hall: when the
    first event after N is not N+1, older ones are gone and the page must reload."""

    number: int
    name: str
    visit: str
    window: str


class VisitStore(Protocol):
    """Visits and submitted applications."""

    async def keep_visit(self, kept: KeptVisit, request: Request) -> KeptVisit:
        """Keeps a visit, or returns the one kept first under this id. NotKnown when it was left."""
        ...

    async def visit(self, visit: str) -> KeptVisit | None:
        """A visit that is open or submitted; None when never opened here or left."""
        ...

    async def leave(self, visit: str, request: Request) -> None:
        """Drops the records of an unsubmitted visit; one not yet known is refused when it comes."""
        ...

    async def ticket(self, request: Request) -> Ticket | None:
        """The ticket that this very submission got before; AnotherRequest for other contents."""
        ...

    async def submit(
        self,
        application: Application,
        place: Place,
        request: Request,
        lookup: Lookup | None = None,
        issued: Issued | None = None,
        documents: tuple[NewDocument, ...] = (),
    ) -> Ticket:
        """Keeps the application and issues its ticket. `lookup` is for a visit never opened here; `issued` is
        what ends the matter at once; `documents` are kept for other matters too."""
        ...

    async def certificate(self, visit: str) -> Issued | None:
        """What the hall issued in a visit, revoked or not."""
        ...

    async def certificate_by(self, code: str) -> Issued | None:
        """The certificate with this verification code, found without opening any other."""
        ...

    async def visits_of(self, number: str) -> tuple[str, ...]:
        """The visits of the person with this number, oldest first, found without opening any."""
        ...


class QueueStore(Protocol):
    """Tickets and what clerks do with them."""

    async def act(
        self,
        decision: Decision,
        request: Request,
        day: date,
        told: Told = NOBODY,
        attached: Mapping[str, Attached] = {},
        basis: Basis | None = None,
    ) -> Status:
        """Moves the state machine; NotKnown, NotAllowed (another window), NotPossible(status), NotSeen (the application
        is not that of `basis` any more). `attached` are pictures that the decision's changes name."""
        ...

    async def answered(self, request: Request) -> str | None:
        """The answer that this request got before, as text; AnotherRequest for other contents."""
        ...

    async def standing(self, visit: str) -> Standing:
        """How a ticket stands; NotKnown when there is none."""
        ...

    async def lines(self, day: date) -> tuple[Standing, ...]:
        """The day's tickets: waiting in calling order first, then the others, last called first."""
        ...

    async def last_at(self, window: str) -> str | None:
        """The visit called last at a window, decided or not."""
        ...

    async def case(self, visit: str) -> KeptCase:
        """NotKnown when nothing was submitted under this id."""
        ...


class EventStore(Protocol):
    """Events for the pages and the audit."""

    @property
    def changed(self) -> asyncio.Event:
        """Set by the next commit, then replaced: take it BEFORE reading, wait on it after."""
        ...

    async def events_after(self, number: int, limit: int = 500) -> tuple[Event, ...]: ...

    async def last_event(self) -> int:
        """The number of the newest event; 0 when there is none."""
        ...

    async def audit(self, event: str, request: Request, about: str, items: Sequence[str] = (), outcome: str = "") -> None:
        """One line of its own; `event` is a code of hall.audit.EVENTS. Never replayed by key."""
        ...

    async def audit_of(self, about: str) -> tuple[AuditEvent, ...]:
        """Every audit line about a visit (or a clerk), oldest first."""
        ...

    async def audit_after(self, number: int, limit: int) -> tuple[AuditEvent, ...]:
        """So many lines that follow this number, oldest first."""
        ...

    async def last_audit(self) -> int:
        """The number of the newest audit line."""
        ...


class Store(
    VisitStore,
    QueueStore,
    LineStore,
    AppointmentStore,
    OutboxStore,
    DeadLetterStore,
    ReconciliationStore,
    FeedStore,
    CorrectionStore,
    DocumentStore,
    PromiseStore,
    ReviewStore,
    EventStore,
    BoardStore,
    StaffStore,
    FigureStore,
    UsageStore,
    LibraryStore,
    ScreenStore,
    RatingStore,
    HandOverStore,
    CounterStore,
    TerminalStateStore,
    OverviewStore,
    Protocol,
):
    """All that the hall keeps. Opened by HallStore.open(path, hall=...), closed by close()."""

    async def forget(self, events_before: date, answers_before: datetime) -> None:
        """Drops events and first answers that nobody asks for any more."""
        ...

    async def close(self) -> None: ...
