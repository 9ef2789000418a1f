"""What a clerk sees: the queue and one case, as values that the console only draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.application import Action, Application, Decision, Delivery, Lookup, Status, Ticket
from flows.compare import Difference
from flows.flow import Fee


@dataclass(frozen=True)
class QueueLine:
    """One ticket of today's queue. No name: the queue is visible to everybody at the counter."""

    ticket: Ticket
    status: Status
    window: str
    calls: int
    matter_title: str


@dataclass(frozen=True)
class Case:
    """One application in a clerk's hands.

    `then` is what the departments said at the terminal, `now` what they say as the case is open;
    `blanks` are fields left for the clerk: confirming is refused while one is empty.
    """

    application: Application
    ticket: Ticket
    status: Status
    window: str
    then: Lookup | None
    now: Lookup | None
    differences: tuple[Difference, ...]
    possible: frozenset[Action]
    blanks: tuple[str, ...]
    fee: Fee
    decisions: tuple[Decision, ...]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class AuditEvent:
    """One line of the audit. `object` is a visit or a ticket; `items` are names, never values."""

    number: int
    at: datetime
    event: str
    actor: str
    object: str
    items: tuple[str, ...]
    outcome: str
    hash: str
