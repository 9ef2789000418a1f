"""Events for the pages, and single lines of the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from hall.audit import AuditEvent
from hall.store.audit_file import audit_line
from hall.store.database import Commands
from hall.store.request import Request
from hall.store.store import Event


class EventCommands(Commands):
    """See hall.store.store.EventStore."""

    async def events_after(self, number: int, limit: int = 500) -> tuple[Event, ...]:
        rows = await self.read(lambda tx: tx.all("events_after", number=number, most=limit))
        return tuple(Event(row["number"], row["name"], row["visit"], row["window"]) for row in rows)

    async def last_event(self) -> int:
        return int(await self.read(lambda tx: tx.all("last_event")[0]["event"]))

    async def audit(self, event: str, request: Request, about: str, items: Sequence[str] = (), outcome: str = "") -> None:
        await self.write(lambda tx: tx.audit(event, request, about, items, outcome))

    async def audit_of(self, about: str) -> tuple[AuditEvent, ...]:
        return await self.read(lambda tx: tuple(audit_line(row) for row in tx.all("audit_of", object=about)))

    async def audit_after(self, number: int, limit: int) -> tuple[AuditEvent, ...]:
        rows = await self.read(lambda tx: tx.all("audit_after", number=number, most=limit))
        return tuple(audit_line(row) for row in rows)

    async def last_audit(self) -> int:
        row = await self.read(lambda tx: tx.one("last_audit"))
        return int(row["number"]) if row else 0

    async def forget(self, events_before: date, answers_before: datetime) -> None:
        await self.write(
            lambda tx: (tx.all("forget_events", before=events_before), tx.all("forget_answers", before=answers_before))
        )
