"""Brings the tables of a PostgreSQL up to date, and refuses a database that the hall could not trust."""

from __future__ import annotations

from pathlib import Path

import psycopg
import yoyo
from psycopg import Connection
from psycopg.rows import DictRow
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri

from hall.store.database import DatabaseUnfit
from hall.store.field_key import FieldKey
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.postgresql_connection import connect
from hall.store.queries import POSTGRESQL

MIGRATIONS = Path(__file__).with_name("migrations") / "postgresql"
ONE_AT_A_TIME = 0x79696D656E  # "yimen": the key of the lock under which tables are changed
ORDER = """
SELECT datcollate AS collation, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()
"""
PATIENT = "SET client_encoding = 'UTF8'; SET lock_timeout = 0; SET statement_timeout = 0;"


def prepare(address: PostgresqlAddress, hall: str, key: FieldKey) -> None:
    """Migrates under a lock that ends with its process, founds the hall, and compares its key; raises DatabaseUnfit."""
    try:
        with connect(address, PATIENT) as connection:
            _check_order(connection)
            connection.execute("SELECT pg_advisory_lock(%s)", (ONE_AT_A_TIME,))
            _migrate(address)
            connection.execute(POSTGRESQL["found_hall"], {"hall": hall})
            connection.execute(POSTGRESQL["found_key"], {"hall": hall, "print": _print(key, hall)})
            (kept,) = connection.execute(POSTGRESQL["key"], {"hall": hall}).fetchall()
    except (psycopg.Error, OSError) as error:
        raise DatabaseUnfit(f"the hall's database cannot be used: {_why(error)}") from None
    if kept["print"] != _print(key, hall):
        raise DatabaseUnfit(
            "the field key is not the one that the hall's database was begun with: give every process the same field.key"
        )


def _migrate(address: PostgresqlAddress) -> None:
    backend = _Backend(address)
    try:
        backend.init_database()
        backend.break_lock()  # left by a process that was killed: ours is the only one that counts
        backend.apply_migrations(backend.to_apply(yoyo.read_migrations(str(MIGRATIONS))))
    finally:
        backend.connection.close()


class _Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """Connects as the store does: with several hosts, services and password files."""

    def __init__(self, address: PostgresqlAddress) -> None:
        self._address = address
        super().__init__(parse_uri("postgresql+psycopg:///"), "_yoyo_migration")

    def connect(self, dburi: object) -> Connection[tuple[object, ...]]:
        connection = connect(self._address, PATIENT)
        connection.row_factory = psycopg.rows.tuple_row  # type: ignore[assignment]
        return connection  # type: ignore[return-value]

    def copy(self) -> _Backend:
        return _Backend(self._address)


def _check_order(connection: Connection[DictRow]) -> None:
    """Instants are compared as text, and so are numbers of tickets."""
    (found,) = connection.execute(ORDER).fetchall()
    if found["collation"] not in ("C", "POSIX", "C.UTF-8", "C.utf8") or found["encoding"] != "UTF8":
        raise DatabaseUnfit("the hall's database must sort by code: createdb --template=template0 --encoding=UTF8 --locale=C")


def _print(key: FieldKey, hall: str) -> bytes:
    return key.index(f"hall {hall}".encode())


def _why(error: psycopg.Error | OSError) -> str:
    if isinstance(error, psycopg.Error):
        return " ".join(str(error).split()) or type(error).__name__
    return f"{error.filename}: {error.strerror}"
