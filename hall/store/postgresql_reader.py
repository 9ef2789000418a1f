"""Questions to PostgreSQL: a few reading connections, each in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, local
from typing import TypeVar

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow

from hall.errors import AuditUnavailable
from hall.store.field_key import FieldKey
from hall.store.postgresql_connection import Plans, transaction
from hall.store.transaction import Transaction

log = logging.getLogger(__name__)

READERS = 4

T = TypeVar("T")


class PostgresqlReader:
    """Sees one committed moment per question, and never writes."""

    def __init__(self, connect: Callable[[], Connection[DictRow]], hall: str, key: FieldKey) -> None:
        self._connect, self._hall, self._key = connect, hall, key
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="hall-reader")
        self._here = local()
        self._open: set[Connection[DictRow]] = set()
        self._opening = Lock()

    async def ask(self, question: Callable[[Transaction], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, question)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._open:
            connection.close()

    def _answer(self, question: Callable[[Transaction], T]) -> T:
        """Once more on a new connection when the one at hand turns out to be dead: a question changes nothing."""
        try:
            connection = self._connection()
            try:
                return self._in_one_moment(connection, question)
            except psycopg.Error:
                if not connection.closed:
                    raise
            return self._in_one_moment(self._connection(), question)
        except (psycopg.OperationalError, OSError) as error:
            log.error("read_failed", extra={"error": type(error).__name__})
            raise AuditUnavailable from error

    def _connection(self) -> Connection[DictRow]:
        """This thread's own."""
        kept: Connection[DictRow] | None = getattr(self._here, "connection", None)
        if kept is not None and not kept.closed:
            return kept
        made = self._connect()
        with self._opening:
            self._open.add(made)
            if kept is not None:
                self._open.discard(kept)
        self._here.connection, self._here.plans = made, Plans()
        return made

    def _in_one_moment(self, connection: Connection[DictRow], question: Callable[[Transaction], T]) -> T:
        self._here.plans.used(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            return question(transaction(connection, self._hall, self._key))
        finally:
            if not connection.closed:
                connection.execute("ROLLBACK")
