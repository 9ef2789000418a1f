"""One department's database: asked in threads of its own, within a deadline, and never written to."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL, make_url

from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from hall.departments.sql_errors import failure_of

T = TypeVar("T")

RESTRAINED = ("postgresql", "mysql", "mariadb", "sqlite", "oracle", "dm")
"""Where the hall itself sees to it that nothing can be written; elsewhere only the user's rights do."""

# At DEBUG SQLAlchemy would log the rows it fetches.
logging.getLogger("sqlalchemy").setLevel(logging.WARNING)


class Database:
    """Each question is a connection of its own, which costs 10 ms (PostgreSQL) to 20 ms (MariaDB) of its deadline. One
    that was kept open would be half dead when it is needed: what stands between two authorities forgets a quiet connection
    and tells neither end, and to find that out by asking first costs the whole deadline."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._threads = ThreadPoolExecutor(setting.at_once, thread_name_prefix=f"sql-{setting.code}")
        self._engines: dict[tuple[URL, float], Engine] = {}
        self._making = Lock()
        self._here = local()

    async def ask(self, work: Callable[[Connection], T], within_s: float) -> T:
        """What `work` makes of a connection that can only read; raises DepartmentFailure."""
        question = _Question()
        try:
            async with asyncio.timeout(within_s):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, self._answer, work, question, within_s)
        except TimeoutError:
            raise DepartmentFailure("late", "it does not answer in time") from None
        finally:
            question.leave()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, work: Callable[[Connection], T], question: _Question, within_s: float) -> T:
        self._here.question = question
        try:
            with self._engine(within_s).connect() as connection, question.asking(_waking(connection)):
                _restrain(connection, within_s)
                return work(connection)
        except DepartmentFailure:
            raise
        except Exception as error:
            raise failure_of(error) from None

    def _engine(self, within_s: float) -> Engine:
        """Made anew when the password file has changed."""
        url = _with_credentials(self._setting)
        with self._making:
            if (url, within_s) not in self._engines:
                self._engines = {at: engine for at, engine in self._engines.items() if at[0] == url}
                self._engines[url, within_s] = self._made(url, within_s)
            return self._engines[url, within_s]

    def _made(self, url: URL, within_s: float) -> Engine:
        engine = create_engine(
            url,
            poolclass=NullPool,
            pool_reset_on_return=None,  # the connection is closed, and nothing was written
            hide_parameters=True,
            connect_args=_patience(url, within_s),
        )
        if url.get_driver_name() == "pymysql":
            event.listen(engine, "do_connect", self._greeted)
        return engine

    def _greeted(self, dialect: Any, record: Any, positional: Any, named: Any) -> Any:
        """A connection of PyMySQL on a line that is known from the start: its own deadline begins anew at each byte of
        the server's greeting."""
        raw = dialect.loaded_dbapi.connect(*positional, defer_connect=True, **named)
        line = socket.create_connection((raw.host, raw.port), raw.connect_timeout)
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._here.question.asking(lambda: _shut(line.fileno())):
                raw.connect(line)
        except BaseException:
            line.close()
            raise
        return raw


class _Question:
    """Lets the asker go away while the database hangs: the thread that waits for the answer is woken up."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wake: Callable[[], None] | None = None
        self._left = False

    @contextmanager
    def asking(self, wake: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            if self._left:
                raise DepartmentFailure("late")
            self._wake = wake
        try:
            yield
        finally:
            with self._lock:
                self._wake = None

    def leave(self) -> None:
        with self._lock:
            self._left = True
            if self._wake:
                self._wake()


def _with_credentials(setting: Setting) -> URL:
    url = make_url(setting.address)
    if url.get_backend_name() != "sqlite":
        return url.set(username=setting.options["user"], password=setting.password())
    # mode=ro: SQLite itself refuses to write, and makes no file where there is none.
    place = Path(url.database or "").absolute().as_uri()
    return URL.create(url.drivername, database=place, query={**url.query, "mode": "ro", "uri": "true"})


def _patience(url: URL, within_s: float) -> Mapping[str, float]:
    """How long the driver waits by itself; the others are woken up, or wait in one of the department's threads."""
    match url.get_driver_name():
        case "psycopg":
            return {"connect_timeout": math.ceil(within_s)}
        case "pymysql":
            return {"connect_timeout": within_s, "read_timeout": within_s, "write_timeout": within_s}
        case "pysqlite":
            return {"timeout": within_s}
        case _:
            return {}


def _waking(connection: Connection) -> Callable[[], None]:
    """What makes a thread that waits for this connection go on, called from another thread."""
    raw: Any = connection.connection.driver_connection
    match connection.dialect.driver:
        case "psycopg":
            return lambda: _shut(raw.fileno())
        case "pymysql":
            return lambda: _shut(raw._sock.fileno())  # PyMySQL shows its socket nowhere else
        case "pysqlite":
            interrupt: Callable[[], None] = raw.interrupt
            return interrupt
        case _:
            return lambda: None


def _shut(line: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(line)) as same:  # OSError: the other end was quicker
        same.shutdown(socket.SHUT_RDWR)


def _restrain(connection: Connection, within_s: float) -> None:
    """Nothing asked from here on can write or go on for ever, whatever the user may do and the query says."""
    limit_ms = math.ceil(within_s * 1000)
    match connection.dialect.name:
        case "postgresql":
            connection.exec_driver_sql(f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {limit_ms}")
        case "mysql" | "mariadb":
            connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            for limit in _limits(connection, limit_ms):
                connection.exec_driver_sql(limit)
        case "oracle" | "dm":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _limits(connection: Connection, limit_ms: int) -> Iterator[str]:
    """Older servers have no limit for a statement; they are left alone."""
    dialect: Any = connection.dialect
    version = dialect.server_version_info or ()
    if dialect.is_mariadb and version >= (10, 1, 1):
        yield f"SET SESSION max_statement_time = {limit_ms / 1000}"
    elif not dialect.is_mariadb and version >= (5, 7, 8):
        yield f"SET SESSION max_execution_time = {limit_ms}"
