"""Commands on the index of reads: its rows point at audit lines and hold nothing personal but a blind index."""

from __future__ import annotations

from flows.usage import Kept, UseKind
from flows.wire import from_json, to_json
from hall.errors import AuditUnavailable
from hall.store.audit_file import audit_line
from hall.store.database import Commands
from hall.store.line_rows import case_seen
from hall.store.request import Request
from hall.store.transaction import Transaction
from hall.store.usage import KeptUse, Reading, Shown


class UsageCommands(Commands):
    """See hall.store.usage.UsageStore."""

    async def keep_reading(self, reading: Reading, request: Request) -> None:
        await self.write(lambda tx: keep_reading(tx, reading, request))

    async def show_usage(self, reading: Reading, kept: Kept, request: Request) -> Shown:
        return await self.write(lambda tx: show_usage(tx, reading, kept, request))

    async def usage_of(self, number: str, before: int, most: int) -> tuple[KeptUse, ...]:
        return await self.read(lambda tx: usage_of(tx, number, before, most))


def keep_reading(tx: Transaction, reading: Reading, request: Request) -> int:
    """The audit line's number. A read that its person could not find is not allowed to happen."""
    line = tx.audit(reading.kind, request, reading.visit, reading.items, reading.outcome)
    window = _window(tx, reading.visit, request)
    if reading.kind is UseKind.OPENED:
        case_seen(tx, reading.visit, request.at)
    try:
        for whose in reading.of:
            who, guardian = tx.key.person(whose.number), int(whose.as_guardian)
            tx.all("add_usage", person=who, line=line, matter=reading.matter, window=window, as_guardian=guardian)
    except tx.failure as error:
        raise AuditUnavailable from error
    return line


def show_usage(tx: Transaction, reading: Reading, kept: Kept, request: Request) -> Shown:
    def first() -> str:
        return to_json(Shown(keep_reading(tx, reading, request), kept)).decode()

    return from_json(Shown, tx.once(request, first))


def usage_of(tx: Transaction, number: str, before: int, most: int) -> tuple[KeptUse, ...]:
    rows = tx.all("usage_of", person=tx.key.person(number), before=before, most=most)
    return tuple(KeptUse(audit_line(row), row["matter"], row["window"], bool(row["as_guardian"])) for row in rows)


def _window(tx: Transaction, visit: str, request: Request) -> str:
    """Where a clerk sits who reads: the exchange is told the clerk's name only; the ticket knows the window, or what
    is being filled in there and has no ticket yet."""
    if request.window or not request.by.startswith("clerk:"):
        return request.window
    if row := tx.one("ticket", visit=visit):
        return str(row["window"])
    draft = tx.one("draft_window", visit=visit)
    return str(draft["at_window"]) if draft else ""
