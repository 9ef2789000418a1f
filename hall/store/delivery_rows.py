"""Commands on the outbox: deliveries, their leases and their remembered steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flows.application import Delivery, DeliveryStep
from hall.store.store import Request
from hall.store.transaction import Transaction

STEPS = ("accept", "read_back")
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Leased:
    """One delivery taken by a sender."""

    visit: str
    department: str


def add_deliveries(tx: Transaction, visit: str, departments: Sequence[str], at: datetime) -> None:
    for department in departments:
        tx.all("add_delivery", visit=visit, department=department, at=at)
        for position, name in enumerate(STEPS, start=1):
            tx.all("add_step", visit=visit, department=department, position=position, name=name)


def lease(tx: Transaction, now: datetime) -> tuple[Leased, ...]:
    rows = tx.all("lease", now=now, until=now + LEASE)
    return tuple(Leased(row["visit"], row["department"]) for row in rows)


def next_delivery_at(tx: Transaction) -> datetime | None:
    row = tx.all("next_delivery")[0]
    return datetime.fromisoformat(row["next_try"]) if row["next_try"] else None


def deliveries(tx: Transaction, visit: str) -> tuple[Delivery, ...]:
    rows = tx.all("deliveries", visit=visit)
    return tuple(
        Delivery(
            visit,
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
    names = {"visit": place.visit, "department": place.department}
    request = Request("", "hall", at)
    if tx.one("step_done", **names, name=step, number=number, at=at) is None:
        return
    tx.audit("delivery_step_done", request, place.visit, (step,), place.department)
    if tx.one("close_delivery", **names) is not None:
        tx.event("delivery_done", at, place.visit)
        tx.audit("delivery_done", request, place.visit, outcome=place.department)


def step_failed(tx: Transaction, place: Leased, step: str, problem: str, at: tuple[datetime, datetime]) -> None:
    """`at`: now, and the next try."""
    now, next_try = at
    names = {"visit": place.visit, "department": place.department}
    if tx.one("put_off", **names, next_try=next_try) is None:
        return
    if tx.one("step_failed", **names, name=step, problem=problem) is not None:
        tx.audit("delivery_step_failed", Request("", "hall", now), place.visit, (step,), f"{place.department} {problem}")
