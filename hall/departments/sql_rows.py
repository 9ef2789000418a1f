"""What is asked of a department's database, and its values as the texts that records are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnClause, Connection, FromClause, RowMapping, bindparam, column, select, table

from hall.departments.connection import DepartmentFailure
from hall.departments.records import is_gone
from hall.departments.setting import Setting
from hall.departments.sql_query import clause

MOST_ROWS = 50
"""Under one key; registers keep what is gone beside what is there."""

Row = RowMapping


def columns(setting: Setting, items: Sequence[str]) -> tuple[str, ...]:
    """The columns that hold these items, the key and what the register says of an entry, each once."""
    names = [setting.items[item] for item in (setting.key, *items)]
    names += [setting.as_of, *setting.doubts.values(), setting.collect.get("gone", "")]
    return tuple(dict.fromkeys(filter(None, names)))


def source(setting: Setting, names: Sequence[str], query: object = None) -> FromClause:
    """The table or view, or the query as a part of another one: whatever writes cannot stand there."""
    named: list[ColumnClause[Any]] = [column(name) for name in names]
    if query:
        return clause(str(query)).columns(*named).subquery("asked")
    schema, _, name = setting.rows.rpartition(".")
    return table(name, *named, schema=schema or None)


def look_up(connection: Connection, setting: Setting, items: Sequence[str], key: str) -> list[Row]:
    """What the register has under this key and does not say is gone."""
    asked = source(setting, columns(setting, items), setting.request.get("query"))
    statement = select(*asked.c).limit(MOST_ROWS)
    if setting.rows:
        # The parameter has no type of its own: a cast would keep PostgreSQL from the index of a CHAR column.
        statement = statement.where(asked.c[setting.items[setting.key]] == bindparam("key"))
    rows = connection.execute(statement, {"key": key}).mappings().all()
    return [row for row in rows if not row_is_gone(setting, row)]


def row_is_gone(setting: Setting, row: Row) -> bool:
    name = setting.collect.get("gone")
    return bool(name) and is_gone(setting, read(row, str(name)))


def read(row: Row, name: str) -> object:
    """A value as text, a number or None; whatever else a database can hold is no record."""
    match row[name]:
        case datetime() as at:
            midnight = at.tzinfo is None and at.time() == time()  # a day, in databases that have no other type for it
            return at.date().isoformat() if midnight else at.isoformat()
        case date() as day:
            return day.isoformat()
        case bool() as truth:
            return truth
        case Decimal() | float() as number:
            return str(int(number)) if number == number // 1 else str(number)
        case bytes() | bytearray() | memoryview():
            raise DepartmentFailure("garbled", f"the column {name} holds bytes")
        case value:
            return value
