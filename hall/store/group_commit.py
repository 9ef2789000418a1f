"""Group commit in the event loop: all waiting commands share one transaction and one fsync.

The statements run in the loop; only COMMIT goes to a thread, and meanwhile the loop takes the next
requests. An answer leaves after its commit. With one caller the group is one: no added latency.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from hall.errors import AuditUnavailable

log = logging.getLogger(__name__)

GROUP = 128

T = TypeVar("T")
Settle = Callable[[Exception | None], None]


class GroupCommit:
    """The only writer of a connection. `committed` is called after each commit, in the loop."""

    def __init__(self, connection: sqlite3.Connection, committed: Callable[[], None]) -> None:
        self._connection = connection
        self._committed = committed
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hall-commit")
        self._waiting: list[Callable[[], Settle]] = []
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    async def run(self, command: Callable[[], T]) -> T:
        """The command's result once it is on the disk. A caller that is cancelled cancels only its
        waiting: the command, once handed over, is carried out."""
        if self._closed:
            raise AuditUnavailable
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._waiting.append(lambda: self._attempt(command, answer))
        if self._idle.is_set():
            self._idle.clear()
            loop.call_soon(self._flush)
        return await answer

    async def close(self) -> None:
        """Finishes what was handed over, takes nothing more."""
        self._closed = True
        await self._idle.wait()
        self._thread.shutdown()

    def _flush(self) -> None:
        group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
        try:
            # IMMEDIATE: a plain BEGIN that reads first gets SQLITE_BUSY_SNAPSHOT at its first write,
            # whatever busy_timeout says.
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._settled([attempt() for attempt in group], error)
            return
        settles = [attempt() for attempt in group]
        if not self._connection.in_transaction:  # commit() would then do nothing and call it a success
            self._settled(settles, sqlite3.OperationalError("rolled back"))
            return
        commit = asyncio.get_running_loop().run_in_executor(self._thread, self._connection.commit)
        commit.add_done_callback(lambda done: self._settled(settles, done.exception()))

    def _attempt(self, command: Callable[[], T], answer: asyncio.Future[T]) -> Settle:
        """Runs one command in its savepoint, so that a bad one fails alone; tells nobody yet."""
        result: T | None = None
        failure: Exception | None = None
        execute = self._connection.execute
        if not self._connection.in_transaction:  # a full disk rolls everything back by itself
            return lambda error: _fail(answer, AuditUnavailable())
        execute("SAVEPOINT command")
        try:
            result = command()
        except Exception as error:
            failure = _meant(error)
            if self._connection.in_transaction:
                execute("ROLLBACK TO command")
        if self._connection.in_transaction:
            execute("RELEASE command")

        def settle(error: Exception | None) -> None:
            if error is not None or failure is not None:  # a refusal too may rest on what is undone with the group
                _fail(answer, AuditUnavailable() if error is not None else failure or AuditUnavailable())
            elif not answer.done():
                answer.set_result(result)  # type: ignore[arg-type]

        return settle

    def _settled(self, settles: list[Settle], error: BaseException | None) -> None:
        if error is not None:
            log.error("commit_failed", extra={"error": type(error).__name__, "commands": len(settles)})
            if self._connection.in_transaction:
                self._connection.rollback()
        for settle in settles:
            settle(AuditUnavailable() if error is not None else None)
        self._committed()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        else:
            self._idle.set()


def _meant(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.OperationalError):
        return error
    log.error("command_failed", extra={"error": str(error)})
    return AuditUnavailable()


def _fail(answer: asyncio.Future[T], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
