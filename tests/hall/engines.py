"""The databases that stories of the store are told on: a file, or a real PostgreSQL, behind one small face."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import pytest

from hall.store import queries
from hall.store.hall_store import HallStore
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.queries import for_postgresql
from hall.working_day import Clock, utc_now
from tests.hall.servers import Postgres


class Engine(Protocol):
    """`path` names a hall's database on any engine: where its file is, or would be."""

    def store(self, path: Path, hall: str, clock: Clock) -> HallStore: ...

    def place(self, path: Path) -> Path | PostgresqlAddress: ...

    def dump(self, path: Path) -> list[str]:
        """Every row of every table, as a statement that would insert it."""
        ...

    def change(self, path: Path, statement: str) -> None:
        """What somebody with the database in hand could do."""
        ...

    def refuse(self, path: Path, table: str) -> None:
        """From now on nothing can be added to a table."""
        ...

    def allow(self, path: Path, table: str) -> None: ...


def _empty_file() -> bytes:
    """A hall's file before the first visit, made once: migrating takes longer than most stories."""

    async def story(path: Path) -> None:
        await HallStore.open(path, hall="H1").close()

    with TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder) / "hall.db"))
        return (Path(folder) / "hall.db").read_bytes()


EMPTY = _empty_file()


def begin(path: Path) -> None:
    """An empty hall's file, where none is yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(EMPTY)


class OnFile:
    """SQLite."""

    def store(self, path: Path, hall: str, clock: Clock) -> HallStore:
        begin(path)
        return HallStore.open(path, hall=hall, clock=clock)

    def place(self, path: Path) -> Path:
        return path

    def dump(self, path: Path) -> list[str]:
        with closing(sqlite3.connect(path)) as connection:
            return list(connection.iterdump())

    def change(self, path: Path, statement: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
            connection.commit()

    def refuse(self, path: Path, table: str) -> None:
        self.change(path, f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no more'); END")

    def allow(self, path: Path, table: str) -> None:
        self.change(path, f"DROP TRIGGER full_{table}")


TEMPLATE = "hall_template"
REFUSING = """
CREATE OR REPLACE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more'; END $$;
CREATE TRIGGER full_{table} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_more();
"""
EMPTYING = """
SET session_replication_role = replica;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tgname, tgrelid::regclass AS of FROM pg_trigger WHERE tgname LIKE 'full\\_%' LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.of);
  END LOOP;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'yoyo' AND tablename <> 'hall' LOOP
    EXECUTE format('DELETE FROM %I', one.tablename);
  END LOOP;
  DELETE FROM hall WHERE hall <> 'H1';
  UPDATE hall SET event = 0;
END $$;
"""


@dataclass
class OnPostgresql:
    """One server for all stories; to each a database of its own, made from a template or emptied after an earlier one."""

    server: Postgres
    _databases: dict[Path, str] = field(default_factory=dict)
    _empty: list[str] = field(default_factory=list)
    _made: int = 0

    def store(self, path: Path, hall: str, clock: Clock) -> HallStore:
        path.parent.mkdir(parents=True, exist_ok=True)
        return HallStore.open(self.place(path), hall=hall, key_file=path.with_name("field.key"), clock=clock)

    def place(self, path: Path) -> PostgresqlAddress:
        return self.address(self.database(path))

    def database(self, path: Path) -> str:
        if path not in self._databases:
            self._databases[path] = self._empty.pop() if self._empty else self._new()
        return self._databases[path]

    def _new(self) -> str:
        self._made += 1
        self.server.run(f"CREATE DATABASE hall_{self._made} TEMPLATE {TEMPLATE}")
        return f"hall_{self._made}"

    def address(self, database: str) -> PostgresqlAddress:
        where = f"host={self.server.folder} port={self.server.port} user=owner dbname={database}"
        return PostgresqlAddress.read(f"postgresql:{where}")

    def dump(self, path: Path) -> list[str]:
        lines = []
        with self.server.owner(self.database(path)) as connection:
            named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'yoyo' ORDER BY 1"
            for (table,) in connection.execute(named).fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
                lines += sorted(f'INSERT INTO "{table}" VALUES({",".join(map(_written, row))});' for row in rows)
        return lines

    def change(self, path: Path, statement: str) -> None:
        words = for_postgresql(statement).replace("%%", "%").replace("x'", r"'\x")
        self.server.run(words, self.database(path))

    def refuse(self, path: Path, table: str) -> None:
        self.server.run(REFUSING.format(table=table), self.database(path))

    def allow(self, path: Path, table: str) -> None:
        self.server.run(f"DROP TRIGGER full_{table} ON {table}", self.database(path))

    def forget(self) -> None:
        """What the stories that ended have written."""
        for database in self._databases.values():
            self.server.run(EMPTYING, database)
        self._empty += self._databases.values()
        self._databases.clear()

    def __post_init__(self) -> None:
        self.server.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")

        async def story(key_file: Path) -> None:
            await HallStore.open(self.address(TEMPLATE), hall="H1", key_file=key_file).close()

        with TemporaryDirectory() as folder:
            asyncio.run(story(Path(folder) / "field.key"))
        self.server.run("DELETE FROM field_key", TEMPLATE)  # each story has a key of its own


def _written(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bytes():
            return f"X'{value.hex().upper()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)


_chosen: list[Engine] = [OnFile()]


@contextmanager
def told_on(engine: Engine) -> Iterator[None]:
    """Until it ends, every story's hall is kept on this engine."""
    _chosen.append(engine)
    try:
        yield
    finally:
        _chosen.pop()


def engine() -> Engine:
    return _chosen[-1]


def store(path: Path, hall: str = "H1", clock: Clock = utc_now) -> HallStore:
    return engine().store(path, hall, clock)


def place(path: Path) -> Path | PostgresqlAddress:
    """What the audit is verified by."""
    return engine().place(path)


def dump(path: Path) -> list[str]:
    return engine().dump(path)


def change(path: Path, statement: str) -> None:
    engine().change(path, statement)


def refuse(path: Path, table: str = "audit") -> None:
    engine().refuse(path, table)


def allow(path: Path, table: str = "audit") -> None:
    engine().allow(path, table)


def with_statement(monkeypatch: pytest.MonkeyPatch, name: str, statement: str) -> None:
    """A statement of a story's own, or another in the place of the store's."""
    monkeypatch.setitem(queries.QUERIES, name, statement)
    monkeypatch.setitem(queries.POSTGRESQL, name, for_postgresql(statement))
