"""Commands on reconciliations: claimed by one process, kept with their findings and an audit line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from hall.store.database import Commands
from hall.store.reconciliations import Compared, Finding, FindingKind, Known, Mismatch, Report, Sent
from hall.store.request import Request
from hall.store.row import Row, Value, day_of, instant
from hall.store.transaction import Transaction

Names = Mapping[str, Value]


def keep_report(tx: Transaction, day: date, department: str, began_at: datetime, compared: Compared, request: Request) -> None:
    counts = {kind.value: compared.count(kind) for kind in FindingKind}
    state = "failed" if compared.problem else "done"
    names: Names = {"day": day, "department": department}
    kept = tx.one(
        "reconciled",
        **names,
        began_at=began_at,
        at=request.at,
        state=state,
        problem=compared.problem,
        matched=compared.matched,
        **counts,
    )
    if kept is None:
        return
    tx.all("drop_findings", **names)
    for position, one in enumerate(compared.found, start=1):
        where: Names = {"position": position, "kind": one.kind, "subject": one.subject}
        tx.all("add_finding", **names, **where, ours=one.ours, theirs=one.theirs)
    said = " ".join(f"{name} {count}" for name, count in {"matched": compared.matched, **counts}.items())
    tx.event("reconciled", request.at, "")
    tx.audit("reconciled", request, f"department:{department}", (), f"{said} {compared.problem}".rstrip())


class ReconciliationCommands(Commands):
    """See hall.store.reconciliations.ReconciliationStore."""

    async def claim_reconciliation(self, day: date, department: str, now: datetime, until: datetime, *, again: bool) -> bool:
        names: Names = {"day": day, "department": department, "now": now, "until": until, "again": int(again)}
        return await self.write(lambda tx: tx.one("claim_reconciliation", **names)) is not None

    async def keep_report(self, day: date, department: str, began_at: datetime, compared: Compared, request: Request) -> None:
        await self.write(lambda tx: keep_report(tx, day, department, began_at, compared, request))

    async def accepted_since(self, department: str, since: datetime) -> tuple[Sent, ...]:
        rows = await self.read(lambda tx: tx.all("accepted_since", department=department, since=since))
        return tuple(Sent(row["subject"], row["number"], row["sent"], bool(row["by_hand"])) for row in rows)

    async def has_number(self, department: str, number: str) -> bool:
        found = await self.read(lambda tx: tx.one("known_number", department=department, number=number))
        return found is not None

    async def delivery_known(self, department: str, subject: str) -> Known:
        row = await self.read(lambda tx: tx.one("known_delivery", department=department, subject=subject))
        if row is None:
            return "unknown"
        if row["done_at"]:
            return "taken"
        return "dead" if row["dead_at"] else "under_way"

    async def reconciliation_days(self, most: int = 60) -> tuple[date, ...]:
        rows = await self.read(lambda tx: tx.all("reconciliation_days", most=most))
        return tuple(date.fromisoformat(row["day"]) for row in rows)

    async def reports(self, day: date) -> tuple[Report, ...]:
        return tuple(map(_report, await self.read(lambda tx: tx.all("reconciliations", day=day))))

    async def findings(self, day: date, most: int = 5000) -> tuple[Finding, ...]:
        return tuple(map(_finding, await self.read(lambda tx: tx.all("findings", day=day, most=most))))

    async def reconciliation_asked(self, request: Request) -> bool:
        return await self.write(lambda tx: _asked(tx, request))

    async def forget_reports(self, before: date) -> None:
        await self.write(lambda tx: (tx.all("forget_findings", before=before), tx.all("forget_reconciliations", before=before)))


def _asked(tx: Transaction, request: Request) -> bool:
    if tx.answered(request) is not None:
        return False
    tx.once(request, lambda: str(tx.audit("reconciliation_asked", request, "reconciliation")))
    return True


def _report(row: Row) -> Report:
    return Report(
        row["department"],
        row["state"],
        datetime.fromisoformat(row["began_at"]),
        instant(row["ended_at"]),
        row["problem"],
        row["matched"],
        row["missing"],
        row["different"],
        row["surplus"],
    )


def _finding(row: Row) -> Finding:
    return Finding(
        row["department"],
        Mismatch(FindingKind(row["kind"]), row["subject"], row["ours"], row["theirs"]),
        row["ticket"] or "",
        day_of(row["working_day"]),
        row["matter"] or "",
        row["done"] == 0,
    )
