"""Group commit on PostgreSQL, in a thread of its own: all waiting commands share one transaction and one fsync.

Each group first locks the hall's row, so that commands of one hall are carried out one after the other over all
processes: the same serial world as on SQLite. An answer leaves after its commit; a caller that goes away cancels nothing,
because a statement that was cancelled while it waited for a standby may or may not be kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.errors import Diagnostic
from psycopg.rows import DictRow

from hall.errors import AuditUnavailable
from hall.store.field_key import FieldKey
from hall.store.group_commit import GROUP
from hall.store.postgresql_connection import Plans
from hall.store.postgresql_group import Group
from hall.store.transaction import Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")


class _Waiting:
    """A command, whom to tell, and what came of it."""

    def __init__(self, command: Callable[[Transaction], Any], answer: asyncio.Future[Any]) -> None:
        self.command = command
        self.answer = answer
        self.result: Any = None
        self.failure: Exception | None = None

    def settle(self) -> None:
        if self.answer.done():
            return
        if self.failure is not None:
            self.answer.set_exception(self.failure)
        else:
            self.answer.set_result(self.result)


class _Doubtful(Exception):
    """The server ended the transaction otherwise than by keeping it."""


class PostgresqlWriter:
    """The only writer of this process. `committed` is called after each group, in the loop."""

    def __init__(
        self, connect: Callable[[], Connection[DictRow]], hall: str, key: FieldKey, committed: Callable[[], None]
    ) -> None:
        self._connect, self._hall, self._key, self._committed = connect, hall, key, committed
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._connection: Connection[DictRow] | None = None
        self._warned = False
        self._closed = False
        self._thread = Thread(target=self._work, name="hall-writer", daemon=True)
        self._thread.start()

    @property
    def backend(self) -> int | None:
        """The server's process that this writer is served by."""
        connection = self._connection
        return connection.info.backend_pid if connection and not connection.closed else None

    async def run(self, command: Callable[[Transaction], T]) -> T:
        if self._closed:
            raise AuditUnavailable
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put(_Waiting(command, answer))
        return await answer

    async def close(self) -> None:
        """Finishes what was handed over, takes nothing more."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            ending = False
            while len(group) < GROUP and not ending:
                try:
                    another = self._waiting.get_nowait()
                except Empty:
                    break
                ending = another is None
                group += [another] if another is not None else []
            self._carry_out(group)
            if ending:
                break
        self._drop()

    def _carry_out(self, group: Sequence[_Waiting]) -> None:
        try:
            self._in_one_transaction(self._connected(), group)
        except (psycopg.Error, _Doubtful, OSError) as error:
            log.error("commit_failed", extra={"error": type(error).__name__, "commands": len(group)})
            self._drop()
            for one in group:
                one.failure = AuditUnavailable()
        loops = {one.answer.get_loop(): [] for one in group}  # type: dict[asyncio.AbstractEventLoop, list[_Waiting]]
        for one in group:
            loops[one.answer.get_loop()].append(one)
        for loop, settled in loops.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._tell, settled)

    def _tell(self, settled: Sequence[_Waiting]) -> None:
        for one in settled:
            one.settle()
        self._committed()

    def _connected(self) -> Connection[DictRow]:
        if self._connection is None:
            self._connection = self._connect()
            self._connection.add_notice_handler(self._notice)
            self._plans = Plans()
        return self._connection

    def _notice(self, said: Diagnostic) -> None:
        """A commit that was not waited for to the end says so in a warning, and calls itself a success."""
        self._warned = self._warned or said.severity_nonlocalized == "WARNING"

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _in_one_transaction(self, connection: Connection[DictRow], waiting: Sequence[_Waiting]) -> None:
        self._warned = False
        self._plans.used(connection, len(waiting))
        with connection.pipeline() as pipeline:
            group = Group(connection, pipeline, self._hall, self._key)
            if not group.begin():
                raise _Doubtful
            for one in waiting:
                self._attempt(group, one)
                if connection.closed:
                    raise _Doubtful
            said = group.commit(channel(self._hall))
        if said != "COMMIT" or self._warned:
            raise _Doubtful

    def _attempt(self, group: Group, one: _Waiting) -> None:
        """A bad one fails alone; tells nobody yet."""
        try:
            one.result = group.attempt(one.command)
        except Exception as error:
            one.failure = _meant(error)


def channel(hall: str) -> str:
    """Where a commit of this hall is rung: a bell, never data."""
    return f"yimen_{hall}"


def _meant(error: Exception) -> Exception:
    if not isinstance(error, psycopg.OperationalError):
        return error
    log.error("command_failed", extra={"error": type(error).__name__, "sqlstate": error.sqlstate})
    return AuditUnavailable()
