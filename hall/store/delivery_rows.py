"""Commands on the outbox: deliveries, their leases and their remembered steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from flows.application import Status
from flows.delivery import Delivery, DeliveryStep
from hall.store.store import Request, Told
from hall.store.transaction import Transaction

STEPS = ("accept", "read_back")
APPROVAL_STEPS = (*STEPS, "approval", "outcome")
LEASE = timedelta(seconds=60)
UNTIL_SETTLED = datetime(9999, 12, 31, tzinfo=UTC)
"""A department that agreed is told nothing before the others have decided; `decided` wakes it."""


@dataclass(frozen=True)
class Leased:
    """One delivery taken by a sender. `subject` is the visit, or the correction."""

    subject: str
    department: str


def add_deliveries(tx: Transaction, visit: str, told: Told, at: datetime) -> None:
    for department in told.departments:
        add_delivery(tx, visit, department, APPROVAL_STEPS if told.approvals else STEPS, at)


def add_delivery(tx: Transaction, subject: str, department: str, steps: Sequence[str], at: datetime) -> None:
    """Due at once."""
    tx.all("add_delivery", subject=subject, department=department, at=at)
    for position, name in enumerate(steps, start=1):
        tx.all("add_step", subject=subject, department=department, position=position, name=name)


def lease(tx: Transaction, now: datetime) -> tuple[Leased, ...]:
    rows = tx.all("lease", now=now, until=now + LEASE)
    return tuple(Leased(row["subject"], row["department"]) for row in rows)


def next_delivery_at(tx: Transaction) -> datetime | None:
    row = tx.all("next_delivery")[0]
    return datetime.fromisoformat(row["next_try"]) if row["next_try"] else None


def deliveries(tx: Transaction, subject: str) -> tuple[Delivery, ...]:
    rows = tx.all("deliveries", subject=subject)
    return tuple(
        Delivery(
            subject,
            department,
            tuple(
                DeliveryStep(
                    row["name"],
                    row["tries"],
                    datetime.fromisoformat(row["done_at"]) if row["done_at"] else None,
                    row["number"],
                    row["problem"],
                )
                for row in steps
            ),
        )
        for department, steps in groupby(rows, key=lambda row: str(row["department"]))
    )


def step_done(tx: Transaction, place: Leased, step: str, number: str, at: datetime) -> None:
    """Once; the last step closes the delivery."""
    names = {"subject": place.subject, "department": place.department}
    request = Request("", "hall", at)
    if tx.one("step_done", **names, name=step, number=number, at=at) is None:
        return
    tx.audit("delivery_step_done", request, _case(tx, place), (step,), place.department)
    _close(tx, place, request)


def step_waits(tx: Transaction, place: Leased, step: str, next_try: datetime) -> None:
    names = {"subject": place.subject, "department": place.department, "name": step}
    if tx.one("wait_on", **names, next_try=next_try) is not None:
        tx.all("step_answered", **names)


def decided(tx: Transaction, place: Leased, verdict: str, at: datetime) -> None:
    """Once. Only here a case leaves `accepted`, in the same commit as the decision that ends it."""
    names = {"subject": place.subject, "department": place.department}
    request = Request("", "hall", at)
    if tx.one("step_done", **names, name="approval", number=verdict, at=at) is None:
        return
    tx.event("department_decided", at, place.subject)
    tx.audit("department_decided", request, place.subject, ("approval",), f"{place.department} {verdict}")
    verdicts = {row["department"]: row["number"] for row in tx.all("approvals", subject=place.subject)}
    if verdict != "agreed":
        tx.all("end_approvals", subject=place.subject, at=at)
        tx.all("spare_outcome", **names, at=at)
        _settle(tx, place.subject, Status.REFUSED, request)
        _close(tx, place, request)
    elif all(said == "agreed" for said in verdicts.values()):
        _settle(tx, place.subject, Status.APPROVED, request)
    else:
        tx.all("put_off", **names, next_try=UNTIL_SETTLED)


def _settle(tx: Transaction, visit: str, after: Status, request: Request) -> None:
    if tx.one("settle", visit=visit, after=after) is not None:
        tx.event(f"case_{after.value}", request.at, visit)
        tx.audit(f"case_{after.value}", request, visit)
    tx.all("deliver_now", subject=visit, at=request.at)


def _case(tx: Transaction, place: Leased) -> str:
    """The visit that a line of the audit is about."""
    row = tx.one("visit_of_correction", correction=place.subject)
    return str(row["visit"]) if row else place.subject


def _close(tx: Transaction, place: Leased, request: Request) -> None:
    if tx.one("close_delivery", subject=place.subject, department=place.department) is not None:
        tx.event("delivery_done", request.at, place.subject)
        tx.audit("delivery_done", request, place.subject, outcome=place.department)


def step_failed(tx: Transaction, place: Leased, step: str, problem: str, at: tuple[datetime, datetime]) -> None:
    """`at`: now, and the next try."""
    now, next_try = at
    names = {"subject": place.subject, "department": place.department}
    if tx.one("put_off", **names, next_try=next_try) is None:
        return
    if tx.one("step_failed", **names, name=step, problem=problem) is not None:
        tx.audit("delivery_step_failed", Request("", "hall", now), _case(tx, place), (step,), f"{place.department} {problem}")
