"""A hall of many years in a few minutes: a million tickets that wait and a million that are finished, with their history."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.workload import DAY, NOW
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.postgresql_connection import connect

MILLION = 1_000_000
DUE = "2026-11-22T04:00:00.000000+00:00"

# {n}: a number; {visit}, {person}, {blob}: made of it. The finished ones are of earlier days.
ROWS = """
INSERT INTO application (hall, visit, person, sealed, lookup) SELECT 'H1', {visit}, {person}, {blob}, {blob} FROM {numbers};
INSERT INTO replay (hall, key, at, asked, answer) SELECT 'H1', 'submit:' || {visit}, '{at}', {person}, '' FROM {numbers};
INSERT INTO ticket (hall, visit, number, matter, working_day, queue_day, issued_at, due, status, "window", calls, called_at)
SELECT 'H1', {visit}, 'B' || n, 'hk-macau-permit', '{day}', '{day}', '{due}', '{due}',
  CASE WHEN n <= {waiting} THEN 'submitted' ELSE 'accepted' END, CASE WHEN n <= {waiting} THEN '' ELSE {window} END, 1, '{due}'
FROM {numbers};
UPDATE ticket SET queue_day = '2026-11-20', working_day = '2026-11-20' WHERE status = 'accepted';
INSERT INTO decision (hall, visit, position, action, sealed)
SELECT 'H1', {visit}, 1, 'confirm', {blob} FROM {numbers} WHERE n > {waiting};
INSERT INTO event (hall, number, day, name, visit, "window")
SELECT 'H1', n, '{day}', 'ticket_issued', {visit}, '' FROM {numbers};
INSERT INTO audit (hall, number, at, event, actor, object, items, outcome, hash)
SELECT 'H1', n, '{at}', 'ticket_issued', 'terminal:K07', {visit}, '[]', '', 'x' FROM {numbers};
UPDATE hall SET event = {all};
"""


def _rows(**words: str | int) -> list[str]:
    written = ROWS.format(**words, at=NOW.isoformat(timespec="microseconds"), day=DAY.isoformat(), due=DUE)
    return [statement for statement in written.split(";") if statement.strip()]


def sqlite(path: Path, waiting: int = MILLION, finished: int = MILLION) -> None:
    statements = _rows(
        visit="printf('019ab000-0000-7000-9000-%012x', n)",
        person="CAST(printf('%032d', n) AS BLOB)",
        blob="zeroblob(300)",
        window="'f' || (n % 64)",
        numbers="numbers",
        waiting=waiting,
        all=waiting + finished,
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executescript(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)"
        )
        file.execute(
            "INSERT INTO numbers WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ?) SELECT n FROM up",
            (waiting + finished,),
        )
        file.execute("BEGIN")
        for statement in statements:
            file.execute(statement)
        file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def postgresql(address: PostgresqlAddress, waiting: int = MILLION, finished: int = MILLION) -> None:
    statements = _rows(
        visit="'019ab000-0000-7000-9000-' || lpad(to_hex(n), 12, '0')",
        person="decode(lpad(n::text, 32, '0'), 'hex')",
        blob="decode(repeat('00', 300), 'hex')",
        window="'f' || (n % 64)",
        numbers=f"generate_series(1, {waiting + finished}) AS n",
        waiting=waiting,
        all=waiting + finished,
    )
    with connect(address, "SET statement_timeout = 0") as server:
        for statement in statements:
            server.execute(statement.encode())
        server.execute("VACUUM (ANALYZE)")
        server.execute("CHECKPOINT")
