"""One SQLite file with the hall's tables: a writing connection under group commit, a reading one beside it."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

import yoyo

from hall.store.field_key import FieldKey
from hall.store.group_commit import GroupCommit
from hall.store.queries import QUERIES
from hall.store.row import Row, Stored
from hall.store.transaction import Transaction
from hall.working_day import Clock, utc_now

MIGRATIONS = Path(__file__).with_name("migrations") / "sqlite"

# synchronous=FULL: an answer that left survives the loss of power. wal_autocheckpoint 4000 pages:
# the default of 1000 costs a third of the speed.
PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA wal_autocheckpoint=4000;
PRAGMA foreign_keys=ON;
PRAGMA busy_timeout=2000;
"""

MANY, FEW = 1_000_000, 1_000
"""Rows that every table is taken to have, and those of them that an index of some only is about."""

T = TypeVar("T")


class SqliteDatabase:
    """See hall.store.database.Database. Reads are short enough for the event loop."""

    def __init__(self, path: Path, hall: str, key: FieldKey, clock: Clock) -> None:
        self.clock = clock
        self._changed = asyncio.Event()
        self._writing = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._writing.executescript(PRAGMAS)
        self._reading = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        self._tx = _transaction(self._writing, hall, key)
        self._view = _transaction(self._reading, hall, key)
        self._group = GroupCommit(self._writing, self._ring)
        self._tx.all("found_hall")

    @classmethod
    def open(cls, path: Path, *, hall: str, key_file: Path | None = None, clock: Clock = utc_now) -> Self:
        """Opens the file, brings its tables up to date; `key_file` is field.key beside it by default."""
        path.parent.mkdir(parents=True, exist_ok=True)
        key = FieldKey.open(key_file or path.with_name("field.key"))
        path.touch(mode=0o600)
        _migrate(path)
        return cls(path, hall, key, clock)

    async def close(self) -> None:
        await self._group.close()
        self._reading.close()
        self._writing.close()

    @property
    def changed(self) -> asyncio.Event:
        return self._changed

    def _ring(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def write(self, command: Callable[[Transaction], T]) -> T:
        return await self._group.run(lambda: command(self._tx))

    async def read(self, question: Callable[[Transaction], T]) -> T:
        self._reading.execute("BEGIN")
        try:
            return question(self._view)
        finally:
            self._reading.execute("COMMIT")


def _transaction(connection: sqlite3.Connection, hall: str, key: FieldKey) -> Transaction:
    connection.row_factory = sqlite3.Row

    def run(query: str, values: Mapping[str, Stored]) -> list[Row]:
        # Always read to the end: an open RETURNING blocks COMMIT.
        return connection.execute(QUERIES[query], values).fetchall()

    return Transaction(run, sqlite3.Error, hall, key)


def _migrate(path: Path) -> None:
    """Applies what hall/store/migrations has and the file has not, one process at a time, under a lock that ends with it."""
    with path.with_name(f"{path.name}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        backend = yoyo.get_backend(f"sqlite:///{quote(str(path.absolute()))}")
        try:
            backend.break_lock()  # yoyo's own outlives a process that is killed
            backend.apply_migrations(backend.to_apply(yoyo.read_migrations(str(MIGRATIONS))))
        finally:
            backend.connection.close()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            _plan_for_many(connection)


def _plan_for_many(connection: sqlite3.Connection) -> None:
    """Has every statement planned as in a hall of many years. Left to itself SQLite takes a hall for ten rows, and reads all
    of them by their key rather than a few by the index that was made for the purpose."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    wanted = {
        (table, name, _figures(columns, FEW if partial else MANY, bool(unique)))
        for table in tables
        for _, name, unique, _, partial in connection.execute(f"PRAGMA index_list('{table}')").fetchall()
        if (columns := [row[2] for row in connection.execute(f"PRAGMA index_info('{name}')")])[0] == "hall"
    }
    if "sqlite_stat1" in tables and wanted == set(connection.execute("SELECT tbl, idx, stat FROM sqlite_stat1")):
        return
    connection.executescript("PRAGMA analysis_limit = 1; ANALYZE; BEGIN IMMEDIATE; DELETE FROM sqlite_stat1;")
    connection.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", sorted(wanted))
    connection.execute("COMMIT")


def _figures(columns: Sequence[str], rows: int, unique: bool) -> str:
    """As ANALYZE would have found them: all rows are of one hall, a few of each further key."""
    alike = [max(rows // 1000**place, 10) for place in range(len(columns))]
    return " ".join(map(str, [rows, *alike[:-1], 1 if unique else alike[-1]]))
