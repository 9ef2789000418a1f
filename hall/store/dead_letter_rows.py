"""Commands on deliveries that were given up: sent again, opened again, carried by hand; each with its audit line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from hall.errors import DeliveryMoved, NotKnown, NumberTaken
from hall.store import feed_rows
from hall.store.case_rows import confirmed
from hall.store.database import Commands
from hall.store.dead_letters import Addressed, Counts, Troubled
from hall.store.delivery_rows import Leased, close, deliveries
from hall.store.outbox import Accepted
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.ticket_rows import standing
from hall.store.transaction import Transaction


def resend(tx: Transaction, letters: Sequence[Addressed], request: Request) -> int:
    sent = 0
    for one in letters:
        if tx.one("revive", **_names(one), at=request.at) is not None:
            tx.all("fresh_budget", **_names(one))
            _told(tx, "delivery_resent", one, request)
            sent += 1
    return sent


def reopen(tx: Transaction, letters: Sequence[Addressed], request: Request) -> int:
    opened = 0
    for one in letters:
        if tx.one("reopen", **_names(one), at=request.at) is not None:
            tx.all("reopen_steps", **_names(one))
            _told(tx, "delivery_reopened", one, request)
            opened += 1
    return opened


def carried(tx: Transaction, at: Addressed, number: str, request: Request) -> str:
    """What is left to do, e.g. an approval, goes on under the number that the person brought back."""
    if tx.one("number_taken", **_names(at), number=number) is not None:
        raise NumberTaken
    clerk = request.by.removeprefix("clerk:")
    if tx.one("carried", **_names(at), clerk=clerk, at=request.at) is None:
        raise DeliveryMoved
    tx.all("carried_steps", **_names(at), number=number, at=request.at)
    _told(tx, "delivery_by_hand", at, request)
    close(tx, Leased(at.subject, at.department), request)
    feed_rows.release(tx, at.department, number, request.at)
    return number


def letter(tx: Transaction, at: Addressed) -> Accepted:
    if all(delivery.department != at.department for delivery in deliveries(tx, at.subject)):
        raise NotKnown
    application, decision = confirmed(tx, at.subject)
    return Accepted(application, decision, standing(tx, at.subject).status)


def _told(tx: Transaction, event: str, at: Addressed, request: Request) -> None:
    tx.event(event, request.at, at.subject, request.window)
    tx.audit(event, request, at.subject, (), at.department)


def _names(at: Addressed) -> dict[str, str]:
    return {"subject": at.subject, "department": at.department}


class DeadLetterCommands(Commands):
    """See hall.store.dead_letters.DeadLetterStore."""

    async def delivery_counts(self, since: datetime) -> Mapping[str, Counts]:
        return await self.read(lambda tx: _counts(tx, since))

    async def troubled(self, department: str, most: int) -> tuple[Troubled, ...]:
        rows = await self.read(lambda tx: tx.all("troubled_deliveries", department=department, most=most))
        return tuple(map(_troubled, rows))

    async def troubled_at(self, at: Addressed) -> Troubled | None:
        row = await self.read(lambda tx: tx.one("troubled_at", **_names(at)))
        return None if row is None else _troubled(row)

    async def dead_letters(self, department: str) -> tuple[Addressed, ...]:
        rows = await self.read(lambda tx: tx.all("dead_of", department=department))
        return tuple(Addressed(row["subject"], row["department"]) for row in rows)

    async def resend(self, letters: Sequence[Addressed], request: Request) -> int:
        return int(await self.write(lambda tx: tx.once(request, lambda: str(resend(tx, letters, request)))))

    async def reopen(self, letters: Sequence[Addressed], request: Request) -> int:
        return int(await self.write(lambda tx: tx.once(request, lambda: str(reopen(tx, letters, request)))))

    async def letter(self, at: Addressed) -> Accepted:
        return await self.read(lambda tx: letter(tx, at))

    async def carried(self, at: Addressed, number: str, request: Request) -> None:
        await self.write(lambda tx: tx.once(request, lambda: carried(tx, at, number, request)))


def _counts(tx: Transaction, since: datetime) -> Mapping[str, Counts]:
    accepted = {row["department"]: row["accepted"] for row in tx.all("delivered_since", since=since)}
    open_ones = {row["department"]: row for row in tx.all("delivery_counts")}
    found = {}
    for department in accepted | open_ones:
        row, took = open_ones.get(department), accepted.get(department, 0)
        found[department] = Counts(row["under_way"], row["troubled"], row["dead"], took) if row else Counts(accepted=took)
    return found


def _troubled(row: Row) -> Troubled:
    return Troubled(
        Addressed(row["subject"], row["department"]),
        row["ticket"],
        date.fromisoformat(row["working_day"]),
        row["matter"],
        row["name"],
        row["tries"],
        row["problem"],
        instant(row["failing_since"]),
        datetime.fromisoformat(row["next_try"]),
        instant(row["dead_at"]),
    )
