"""Reads the audit out of a store, on either engine, without the hall and without changing anything."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from hall.audit import AuditEvent
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.row import Row

EVERY = "SELECT hall, number, at, event, actor, object, items, outcome, hash FROM audit ORDER BY hall, number"
AT_ONCE = 2000
NEVER = datetime.min.replace(tzinfo=UTC)

Place = Path | PostgresqlAddress
"""Where a hall's store is."""


def audit_lines(place: Place) -> Iterator[tuple[str, AuditEvent]]:
    """Every line with its hall: hall by hall, in order of their numbers, a few at a time."""
    for row in _in_file(place) if isinstance(place, Path) else _in_postgresql(place):
        yield row["hall"], audit_line(row)


def stored_audit(place: Place) -> dict[str, tuple[AuditEvent, ...]]:
    """Every hall's audit lines in order of their numbers."""
    lines: dict[str, list[AuditEvent]] = {}
    for hall, line in audit_lines(place):
        lines.setdefault(hall, []).append(line)
    return {hall: tuple(of_hall) for hall, of_hall in lines.items()}


def _in_file(path: Path) -> Iterator[Row]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield from connection.execute(EVERY)


def _in_postgresql(address: PostgresqlAddress) -> Iterable[Row]:
    from hall.store.postgresql_connection import REPORTING, connect  # a hall on a file does without

    with connect(address, REPORTING) as connection, connection.transaction(), connection.cursor("every_line") as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(EVERY)


def audit_line(row: Row) -> AuditEvent:
    """A line in which somebody left what is no time or no list has another one instead, and so breaks its chain."""
    try:
        at, items = datetime.fromisoformat(row["at"]), tuple(map(str, json.loads(row["items"])))
    except (TypeError, ValueError):
        at, items = NEVER, ()
    return AuditEvent(
        number=row["number"],
        at=at,
        event=row["event"],
        actor=row["actor"],
        object=row["object"],
        items=items,
        outcome=row["outcome"],
        hash=row["hash"],
    )
