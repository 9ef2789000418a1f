"""How a ticket stands, and the one place that writes history, event and audit of a move."""

from __future__ import annotations

from datetime import date, datetime

from flows.application import Decision, Lookup, Status, Ticket
from flows.wire import to_json
from hall.audit import ACTION_EVENTS
from hall.errors import NotKnown
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.standing import Standing
from hall.store.transaction import Transaction


def standing(tx: Transaction, visit: str) -> Standing:
    row = tx.one("ticket", visit=visit)
    if row is None:
        raise NotKnown
    return standing_of(row)


def standing_of(row: Row) -> Standing:
    day, at = date.fromisoformat(row["working_day"]), datetime.fromisoformat(row["issued_at"])
    ticket = Ticket(row["number"], row["visit"], row["matter"], day, at, int(row["ahead"]))
    return Standing(
        ticket,
        Status(row["status"]),
        row["window"],
        int(row["calls"]),
        line_class=row["class"],
        ground=row["ground"],
        arrived_at=instant(row["arrived_at"]),
        due=instant(row["due"]),
        not_before=instant(row["not_before"]),
        meant_for=row["meant_for"],
        beside=bool(row["beside"]),
        from_window=row["from_window"],
        from_clerk=row["from_clerk"],
        from_why=row["from_why"],
        carried=bool(row["carried"]),
        ended=row["ended"],
        calls_since=instant(row["calls_since"]),
    )


def record(tx: Transaction, decision: Decision, request: Request, upon: Lookup | None = None) -> None:
    """A move in the case's history, with what the departments said if it rests on that."""
    code = ACTION_EVENTS[decision.action]
    sealed = tx.key.seal(to_json(decision), "decision", decision.visit)
    lookup = tx.key.seal(to_json(upon), "decided_upon", decision.visit) if upon else None
    tx.all("add_decision", visit=decision.visit, action=decision.action, sealed=sealed, lookup=lookup)
    tx.event(code, request.at, decision.visit, decision.window)
    items = [*(change.field for change in decision.changes), *decision.papers]
    reason = " ".join(ground.code for ground in decision.grounds) or decision.reason
    tx.audit(code, request, decision.visit, items, reason)
