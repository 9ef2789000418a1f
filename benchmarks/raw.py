"""The limit: the very statements of the hall's commands on the bare database, one commit per command."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.workload import Measured, Trace, measured
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.postgresql_connection import connect
from hall.store.queries import POSTGRESQL, QUERIES
from hall.store.sqlite import PRAGMAS

PATIENT = "SET client_encoding = 'UTF8'; SET enable_seqscan = off"


def on_sqlite(path: Path, traces: Sequence[Trace], count: int) -> Measured:
    """One writer, as SQLite allows; with more of them each would wait for the others."""
    took: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None, cached_statements=256)) as raw:
        raw.executescript(PRAGMAS)
        began = time.perf_counter()
        for trace in traces:
            at = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            for query, values in trace:
                raw.execute(QUERIES[query], values).fetchall()
            raw.execute("COMMIT")
            took.append(time.perf_counter() - at)
        return measured(took, time.perf_counter() - began)


def on_postgresql(address: PostgresqlAddress, traces: Sequence[Trace], count: int) -> Measured:
    """As many connections as clients, each with prepared statements; the hall's row is locked first as the hall does it,
    or the same ticket would be called twice."""
    took: list[float] = []
    failed: list[BaseException] = []
    ready = threading.Barrier(count + 1)

    def client(own: Sequence[Trace]) -> None:
        try:
            with connect(address, PATIENT) as raw:
                ready.wait()
                for trace in own:
                    at = time.perf_counter()
                    raw.execute("BEGIN")
                    raw.execute(POSTGRESQL["lock_hall"], {"hall": "H1"}).fetchall()
                    for query, values in trace:
                        cursor = raw.execute(POSTGRESQL[query], values)
                        _ = cursor.fetchall() if cursor.description else ()
                    raw.execute("COMMIT")
                    took.append(time.perf_counter() - at)
        except BaseException as error:
            failed.append(error)
            ready.abort()

    threads = [threading.Thread(target=client, args=(traces[first::count],)) for first in range(count)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return measured(took, time.perf_counter() - began)
