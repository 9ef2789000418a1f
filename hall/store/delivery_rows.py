"""Commands on the outbox: deliveries, their leases and their remembered steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from flows.application import Status
from flows.delivery import NUMBERING, Delivery, DeliveryStep, Progress
from hall.store import feed_rows
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.standing import Told
from hall.store.transaction import Transaction

STEPS = ("accept", "read_back")
APPROVAL_STEPS = (*STEPS, "approval", "outcome")
LEASE = timedelta(seconds=60)
AT_ONCE = 8
"""Deliveries of one department that one sender has under way; the others wait for a place, not for a department."""
UNTIL_SETTLED = datetime(9999, 12, 31, tzinfo=UTC)
"""A department that agreed is told nothing before the others have decided; `decided` wakes it. A failure that is put off
until then is a dead letter."""


@dataclass(frozen=True)
class Leased:
    """One delivery taken by a sender. `subject` is the visit, or the correction; `again`: somebody had taken it before,
    and nobody knows what became of that."""

    subject: str
    department: str
    again: bool = False


def add_deliveries(tx: Transaction, visit: str, told: Told, at: datetime) -> None:
    for department in told.departments:
        add_delivery(tx, visit, department, APPROVAL_STEPS if told.approvals else STEPS, at)


def add_delivery(tx: Transaction, subject: str, department: str, steps: Sequence[str], at: datetime) -> None:
    """Due at once."""
    tx.all("add_delivery", subject=subject, department=department, at=at)
    for position, name in enumerate(steps, start=1):
        tx.all("add_step", subject=subject, department=department, position=position, name=name)


def lease(tx: Transaction, now: datetime, busy: Mapping[str, int]) -> tuple[Leased, ...]:
    taken: list[Leased] = []
    for row in tx.all("due_departments", now=now):
        department = row["department"]
        if (most := AT_ONCE - busy.get(department, 0)) > 0:
            rows = tx.all("lease", now=now, until=now + LEASE, department=department, most=most)
            taken += [Leased(one["subject"], one["department"], one["leases"] > 1) for one in rows]
    return tuple(taken)


def next_delivery_at(tx: Transaction) -> datetime | None:
    row = tx.all("next_delivery")[0]
    return instant(row["next_try"])


def deliveries(tx: Transaction, subject: str) -> tuple[Delivery, ...]:
    rows = tx.all("deliveries", subject=subject)
    return tuple(_delivery(subject, list(steps)) for _, steps in groupby(rows, key=lambda row: str(row["department"])))


def _delivery(subject: str, rows: Sequence[Row]) -> Delivery:
    first = rows[0]
    return Delivery(
        subject,
        first["department"],
        tuple(_step(row) for row in rows),
        next_try=instant(first["next_try"]),
        dead_at=instant(first["dead_at"]),
        by_hand=first["by_hand"],
        progress=Progress(first["progress"]) if first["progress"] else None,
        progress_at=instant(first["progress_at"]),
    )


def _step(row: Row) -> DeliveryStep:
    done_at, since = instant(row["done_at"]), instant(row["failing_since"])
    return DeliveryStep(row["name"], row["tries"], done_at, row["number"], row["problem"], row["sent"], since)


@dataclass(frozen=True)
class Reached:
    """A step that was done: what the department gave in return, and the fingerprint of what it was sent."""

    step: str
    number: str
    at: datetime
    sent: str = ""


def step_done(tx: Transaction, place: Leased, reached: Reached) -> None:
    """Once; the last step closes the delivery. A second number for what has one is written down, and changes nothing."""
    names = {"subject": place.subject, "department": place.department}
    step, at = reached.step, reached.at
    request = Request("", "hall", at)
    if tx.one("step_done", **names, name=step, number=reached.number, at=at, sent=reached.sent) is None:
        kept = tx.one("number_kept", **names, name=step)
        if step in NUMBERING and kept is not None and kept["number"] != reached.number:
            tx.audit("delivery_numbered_twice", request, _case(tx, place), (step,), place.department)
        return
    if step == "accept":
        tx.all("has_accepted", **names, at=at)
    tx.all("go_on", **names, now=at, until=at + LEASE)
    tx.audit("delivery_step_done", request, _case(tx, place), (step,), place.department)
    close(tx, place, request)
    if step == "accept":
        feed_rows.release(tx, place.department, reached.number, at)


def step_waits(tx: Transaction, place: Leased, step: str, next_try: datetime) -> None:
    names = {"subject": place.subject, "department": place.department, "name": step}
    if tx.one("wait_on", **names, next_try=next_try) is not None:
        tx.all("step_answered", **names)


def decided(tx: Transaction, place: Leased, verdict: str, at: datetime) -> None:
    """Once. Only here a case leaves `accepted`, in the same commit as the decision that ends it."""
    names = {"subject": place.subject, "department": place.department}
    request = Request("", "hall", at)
    if tx.one("step_done", **names, name="approval", number=verdict, at=at, sent="") is None:
        return
    tx.event("department_decided", at, place.subject)
    tx.audit("department_decided", request, place.subject, ("approval",), f"{place.department} {verdict}")
    verdicts = {row["department"]: row["number"] for row in tx.all("approvals", subject=place.subject)}
    if verdict != "agreed":
        tx.all("end_approvals", subject=place.subject, at=at)
        tx.all("spare_outcome", **names, at=at)
        _settle(tx, place.subject, Status.REFUSED, request)
        close(tx, place, request)
    elif all(said == "agreed" for said in verdicts.values()):
        _settle(tx, place.subject, Status.APPROVED, request)
    else:
        tx.all("put_off", **names, next_try=UNTIL_SETTLED)


def _settle(tx: Transaction, visit: str, after: Status, request: Request) -> None:
    if tx.one("settle", visit=visit, after=after) is not None:
        tx.event(f"case_{after.value}", request.at, visit)
        tx.audit(f"case_{after.value}", request, visit)
    tx.all("deliver_now", subject=visit, at=request.at)
    for delivery in deliveries(tx, visit):
        feed_rows.release(tx, delivery.department, delivery.number, request.at)


def _case(tx: Transaction, place: Leased) -> str:
    """The visit that a line of the audit is about."""
    row = tx.one("visit_of_correction", correction=place.subject)
    return str(row["visit"]) if row else place.subject


def close(tx: Transaction, place: Leased, request: Request) -> None:
    """Done, when every step is."""
    if tx.one("close_delivery", subject=place.subject, department=place.department) is not None:
        tx.event("delivery_done", request.at, place.subject)
        tx.audit("delivery_done", request, place.subject, outcome=place.department)


def step_failed(tx: Transaction, place: Leased, step: str, problem: str, at: tuple[datetime, datetime]) -> None:
    """`at`: now, and the next try."""
    now, next_try = at
    names = {"subject": place.subject, "department": place.department, "name": step}
    dead = next_try >= UNTIL_SETTLED
    if tx.one("put_off_step", **names, next_try=next_try, dead_at=now if dead else None) is None:
        return
    tx.all("step_failed", **names, problem=problem, at=now)
    case, request, outcome = _case(tx, place), Request("", "hall", now), f"{place.department} {problem}"
    tx.audit("delivery_step_failed", request, case, (step,), outcome)
    if dead:
        tx.event("delivery_dead", now, place.subject)
        tx.audit("delivery_dead", request, case, (step,), outcome)
