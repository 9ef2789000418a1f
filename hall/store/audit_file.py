"""Reads the audit out of a store's file, without the hall and without changing anything."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from hall.case import AuditEvent
from hall.store.row import Row


def stored_audit(path: Path) -> dict[str, tuple[AuditEvent, ...]]:
    """Every hall's audit lines in order of their numbers."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM audit ORDER BY hall, number").fetchall()
    lines: dict[str, list[AuditEvent]] = {}
    for row in rows:
        lines.setdefault(row["hall"], []).append(audit_line(row))
    return {hall: tuple(of_hall) for hall, of_hall in lines.items()}


def audit_line(row: Row) -> AuditEvent:
    return AuditEvent(
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        event=row["event"],
        actor=row["actor"],
        object=row["object"],
        items=tuple(json.loads(row["items"])),
        outcome=row["outcome"],
        hash=row["hash"],
    )
