"""A department whose database the hall may read: one view, one parameter, a user that can only read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import urlsplit

import pymysql

from flows.application import Record
from hall.departments.connection import DepartmentFailure, Finding, Purpose, Reason
from hall.departments.records import records_of
from hall.departments.setting import Described, Kind, Setting

AT_ONCE = 4
MOST_ROWS = 3

Row = dict[str, object]
T = TypeVar("T")


class SqlConnection(Described):
    """Reads a MySQL or MariaDB view. Each look-up is a connection of its own, in one of this
    department's own threads: a connection kept open would be half dead when it is needed."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"sql-{setting.code}")

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        rows = await self._in_thread(lambda: self._select(items, key))
        return records_of(self._setting, rows, items, lambda row, column: row[column])

    async def check(self) -> Sequence[Finding]:
        try:
            await self._in_thread(lambda: self._select(self.items, "0"))
        except DepartmentFailure as failure:
            return [Finding("look-up", self._setting.words(failure), good=False)]
        return [Finding("look-up", "answers as it should", good=True)]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _select(self, items: Sequence[str], key: str) -> Sequence[Row]:
        setting = self._setting
        names = [setting.items[item] for item in (setting.key, *items)] + [setting.as_of, *setting.doubts.values()]
        columns = ", ".join(f"`{name}`" for name in dict.fromkeys(filter(None, names)))
        # Names come from the department's own settings and were checked by _wrong_path at load.
        statement = f"SELECT {columns} FROM `{setting.rows}` WHERE `{setting.items[setting.key]}` = %s LIMIT {MOST_ROWS}"  # noqa: S608
        password = setting.password()
        try:
            with self._connected(password) as connection, connection.cursor() as cursor:
                cursor.execute(statement, (key,))
                return cursor.fetchall()
        except pymysql.err.OperationalError as error:
            raise DepartmentFailure(_reason(error)) from error
        except Exception:
            # Broken bytes make the driver raise nearly anything, and quote the row in it.
            raise DepartmentFailure("garbled") from None

    def _connected(self, password: str) -> pymysql.connections.Connection[pymysql.cursors.DictCursor]:
        setting = self._setting
        place = urlsplit(setting.address)
        return pymysql.connect(
            host=place.hostname,
            port=place.port or 3306,
            user=setting.options["user"],
            password=password,
            database=setting.options["database"],
            charset=setting.options.get("charset", "utf8mb4"),
            cursorclass=pymysql.cursors.DictCursor,
            connect_timeout=setting.deadline_s,
            read_timeout=setting.deadline_s,
            write_timeout=setting.deadline_s,
            init_command="SET SESSION TRANSACTION READ ONLY",
        )


def _reason(error: pymysql.err.OperationalError) -> Reason:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, TimeoutError) or "timed out" in str(error):
        return "late"
    return "down"


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    return "" if re.fullmatch(r"[A-Za-z_]\w{0,63}", path, re.ASCII) else "is no name of a table or column"


KIND = Kind(
    connect=SqlConnection,
    needs=frozenset({"rows", "database", "user", "password_file"}),
    may=frozenset({"charset"}),
    wrong_path=_wrong_path,
)
