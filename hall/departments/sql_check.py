"""Proves step by step that a department's database can be read, that it can only be read, and that the settings fit it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Select, delete, inspect, literal_column, select, text
from sqlalchemy.exc import DBAPIError, NoSuchTableError

from flows.fields import ResidentId
from flows.items import ITEMS
from hall.departments.connection import DepartmentFailure, Finding
from hall.departments.item_check import judged
from hall.departments.setting import Setting
from hall.departments.sql_collect import NO_MARK, is_mark
from hall.departments.sql_database import RESTRAINED, Database
from hall.departments.sql_rows import Row, columns, look_up, read, source

PATIENCE_S = 10.0
NOBODY = "0"
MOST_NAMES = 30

HELD_RIGHTS: Mapping[str, str] = {
    "postgresql": """SELECT privilege_type FROM information_schema.table_privileges
        WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
        AND table_schema NOT IN ('pg_catalog', 'information_schema')
        UNION SELECT 'everything, as a superuser' FROM pg_roles WHERE rolname = current_user AND rolsuper""",
    "mysql": """SELECT privilege_type FROM (SELECT privilege_type FROM information_schema.user_privileges
        UNION SELECT privilege_type FROM information_schema.schema_privileges
        UNION SELECT privilege_type FROM information_schema.table_privileges
        UNION SELECT privilege_type FROM information_schema.column_privileges) AS held
        WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'FILE', 'SUPER')""",
    "mssql": """SELECT privilege_type FROM information_schema.table_privileges
        WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE')""",
}
HAS_INFORMATION_SCHEMA = ("postgresql", "mysql", "mssql")
NUMBERS = ("int", "num", "dec", "double", "float", "real")
BYTES = ("bytea", "blob", "binary", "image", "raw")


class Check:
    """The steps of one check; the first that fails is the last, but of the items every one is judged."""

    def __init__(self, setting: Setting, database: Database) -> None:
        self._setting = setting
        self._database = database
        self._types: Mapping[str, str] = {}
        self._rows: Sequence[Row] = ()

    async def findings(self) -> Sequence[Finding]:
        told = [Finding("settings", f"{len(self._setting.items)} items, found by {self._setting.key}", good=True)]
        for step, proves in self._steps():
            try:
                words = await self._database.ask(proves, max(PATIENCE_S, self._setting.deadline_s))
            except DepartmentFailure as failure:
                return [*told, Finding(step, failure.detail or failure.reason, good=False)]
            told.append(Finding(step, words, good=True))
            if step == "look-up" and self._rows:
                told += judged(self._setting, self._rows[0], read)
        return told

    def _steps(self) -> Iterator[tuple[str, Callable[[Connection], str]]]:
        yield "connection", _reached
        yield "read-only", self._read_only
        yield "columns", self._columns
        if self._types:
            yield "types", self._fitting
        yield "look-up", self._look_up
        if self._setting.collect:
            yield "collection", self._collected

    def _read_only(self, connection: Connection) -> str:
        held = HELD_RIGHTS.get(_family(connection))
        rights = sorted(row[0] for row in connection.execute(text(held))) if held else []
        if rights:
            raise DepartmentFailure(
                "garbled", f"its user may {', '.join(rights)}: it should be allowed to SELECT and nothing else"
            )
        if self._refuses(connection):
            return "an attempt to write is refused"
        if held:
            return "its user has no right to write"
        raise DepartmentFailure("garbled", "nothing proves that its user can only read: the department must confirm it")

    def _refuses(self, connection: Connection) -> bool:
        """Tries a DELETE that would concern no row, where the hall itself has seen to it that nothing can be written."""
        attempt: Executable
        if self._setting.rows and connection.dialect.name in RESTRAINED:
            attempt = delete(source(self._setting, ())).where(text("1 = 0"))  # type: ignore[arg-type]
        elif connection.dialect.name == "sqlite":  # whose file is opened so that nothing can be written
            attempt = text("CREATE TABLE hall_check (nothing)")
        else:
            return False
        try:
            connection.execute(attempt)
        except DBAPIError:
            return True
        raise DepartmentFailure("garbled", "an attempt to write was not refused")

    def _columns(self, connection: Connection) -> str:
        setting = self._setting
        wanted = {*columns(setting, tuple(setting.items)), *filter(None, [setting.collect.get("mark")])}
        self._types = self._described(connection)
        there = list(self._types) or self._named(connection)
        missing = sorted(wanted - set(there))
        if missing:
            raise DepartmentFailure("garbled", f"there is no column {', '.join(missing)}, only {_listed(there)}")
        return f"all {len(wanted)} columns are there"

    def _described(self, connection: Connection) -> dict[str, str]:
        """The columns with their types; {} when only the statement itself can tell."""
        if not self._setting.rows:
            return {}
        schema, _, name = self._setting.rows.rpartition(".")
        if _family(connection) in HAS_INFORMATION_SCHEMA:
            within = " AND table_schema = :schema" if schema else ""
            asked = f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :name{within}"  # noqa: S608
            ordered = text(f"{asked} ORDER BY ordinal_position")
            rows = connection.execute(ordered, {"name": name, "schema": schema} if schema else {"name": name})
            return {row[0]: str(row[1]).lower() for row in rows}
        try:
            found = inspect(connection).get_columns(name, schema=schema or None)
        except NoSuchTableError:
            return {}
        return {column["name"]: str(column["type"]).lower() for column in found}

    def _named(self, connection: Connection) -> list[str]:
        asked = source(self._setting, (), self._setting.request.get("query"))
        try:
            whole: Select[Any] = select(literal_column("*")).select_from(asked).where(text("1 = 0"))
            nothing = connection.execute(whole, {"key": NOBODY})
        except DBAPIError:
            if not self._setting.rows:
                raise
            words = f"there is no {self._setting.rows} that its user may read, only {_listed(_readable(connection)) or 'nothing'}"
            raise DepartmentFailure("garbled", words) from None
        return list(nothing.keys())

    def _fitting(self, connection: Connection) -> str:
        setting = self._setting
        for name in columns(setting, tuple(setting.items)):
            if any(kind in self._types[name] for kind in BYTES):
                raise DepartmentFailure("garbled", f"the column {name} is {self._types[name]}, which is no text")
        key = setting.items[setting.key]
        if isinstance(ITEMS[setting.key].kind, ResidentId) and self._types[key].startswith(NUMBERS):
            raise DepartmentFailure("garbled", f"the column {key} is {self._types[key]}, which cannot hold the X of a number")
        return "all columns can be read as texts, numbers and times"

    def _look_up(self, connection: Connection) -> str:
        setting = self._setting
        self._rows = look_up(connection, setting, tuple(setting.items), setting.check_key)
        if self._rows:
            return f"it finds {len(self._rows)} {'entry' if len(self._rows) == 1 else 'entries'}"
        if "check_key" in setting.options:
            raise DepartmentFailure("garbled", "it finds nobody, although check_key says whom to ask for")
        return "it finds nobody, as it should; with a check_key the columns of the items would be tried too"

    def _collected(self, connection: Connection) -> str:
        setting = self._setting
        name = setting.collect["mark"]
        asked = source(setting, (name,), setting.collect.get("query"))
        mark: Any = asked.c[name]
        if connection.execute(select(text("1")).select_from(asked).where(mark.is_(None)).limit(1)).first():
            raise DepartmentFailure("garbled", f"entries without {name} would never be collected")
        newest = connection.execute(select(mark).where(mark.is_not(None)).order_by(mark.desc()).limit(1)).first()
        if newest and not is_mark(newest[0]):
            raise DepartmentFailure("garbled", NO_MARK)
        return f"goes on from the newest {name}"


def _reached(connection: Connection) -> str:
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    name = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else connection.dialect.name
    return f"{name} {version} answers through {connection.dialect.driver}"


def _readable(connection: Connection) -> list[str]:
    """The tables and views that the user may read."""
    connection.rollback()  # after an error PostgreSQL answers nothing more
    if _family(connection) in HAS_INFORMATION_SCHEMA:
        system = "('pg_catalog', 'information_schema', 'performance_schema', 'mysql', 'sys')"
        asked = f"SELECT table_name FROM information_schema.tables WHERE table_schema NOT IN {system}"  # noqa: S608
        return sorted(row[0] for row in connection.execute(text(asked)))
    found = inspect(connection)
    return sorted((*found.get_table_names(), *found.get_view_names()))


def _family(connection: Connection) -> str:
    return "mysql" if connection.dialect.name == "mariadb" else connection.dialect.name


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
