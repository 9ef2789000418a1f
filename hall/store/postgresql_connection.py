"""One connection to the hall's PostgreSQL, as the store needs it: durable, impatient, with numbers as SQLite gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import Connection
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Format
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import StrBinaryDumper

from hall.store.field_key import FieldKey
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.queries import POSTGRESQL
from hall.store.row import Row, Stored
from hall.store.transaction import Transaction

USUAL = {
    "connect_timeout": "5",
    "tcp_user_timeout": "10000",
    "keepalives_idle": "10",
    "target_session_attrs": "read-write",
    "application_name": "yimen",
}
"""What the address does not say itself."""

# A hall process that stands still inside a transaction loses it, so that the others go on. Every statement has an index
# written for it: a plan made while its table was small may not read the whole of it for ever.
SETTINGS = """
SET client_encoding = 'UTF8';
SET timezone = 'UTC';
SET enable_seqscan = off;
SET lock_timeout = '5s';
SET statement_timeout = '10s';
SET idle_in_transaction_session_timeout = '10s';
"""
REPORTING = "SET client_encoding = 'UTF8'; SET default_transaction_read_only = on;"
FIRST_ANEW = 64
DURABLE = ("on", "remote_write", "remote_apply")


class _Whole(Loader):
    """sum() and avg() as on SQLite: a whole number, or a float."""

    format = Format.TEXT

    def load(self, data: bytes | bytearray | memoryview) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


def connect(address: PostgresqlAddress, settings: str = SETTINGS) -> Connection[DictRow]:
    """Raises psycopg.Error, or OSError for the password file."""
    given = conninfo_to_dict(address.conninfo)
    more = {name: value for name, value in USUAL.items() if name not in given}
    conninfo = make_conninfo(address.conninfo, **more, password=address.password())
    connection = psycopg.connect(conninfo, autocommit=True, row_factory=dict_row, prepare_threshold=1)
    connection.prepared_max = 1000
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.adapters.register_dumper(str, StrBinaryDumper)
    connection.adapters.register_loader("numeric", _Whole)
    try:
        connection.execute(settings)
        (kept,) = connection.execute("SHOW synchronous_commit").fetchall()
        if kept["synchronous_commit"] not in DURABLE:
            connection.execute("SET synchronous_commit = on")
    except psycopg.Error:
        connection.close()
        raise
    return connection


class Plans:
    """Of one connection. A plan made while a table was nearly empty takes any index for as good as another and is kept for
    ever: so all are made anew whenever twice as much was done as before."""

    def __init__(self) -> None:
        self._done, self._anew = 0, FIRST_ANEW

    def used(self, connection: Connection[DictRow], times: int = 1) -> None:
        self._done += times
        if self._done >= self._anew:
            self._anew = 2 * self._done
            connection.execute("DISCARD PLANS")


def transaction(connection: Connection[DictRow], hall: str, key: FieldKey) -> Transaction:
    def run(query: str, values: Mapping[str, Stored]) -> Sequence[Row]:
        cursor = connection.execute(POSTGRESQL[query], values)
        return cursor.fetchall() if cursor.description else ()

    return Transaction(run, psycopg.Error, hall, key)
