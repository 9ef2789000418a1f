"""One group of commands in one transaction, sent down the line without waiting for what nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import TypeVar

import psycopg
from psycopg import Connection, Cursor, Pipeline
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from hall.store.field_key import FieldKey
from hall.store.queries import POSTGRESQL
from hall.store.row import Row, Stored
from hall.store.transaction import Transaction

T = TypeVar("T")


@cache
def answers(statement: str) -> bool:
    """Whether a statement gives rows."""
    return statement.lstrip().startswith(("SELECT", "WITH")) or "RETURNING" in statement


class Group:
    """Locks the hall's row, so that whatever it reads stays so until its commit. What nobody waits for goes down the line with
    the next thing that somebody does; when something of it failed, the command is carried out once more step by step, to
    know what."""

    def __init__(self, connection: Connection[DictRow], pipeline: Pipeline, hall: str, key: FieldKey) -> None:
        self._connection, self._pipeline, self._hall = connection, pipeline, hall
        self._tx = Transaction(self._run, psycopg.Error, hall, key)
        self._heads = _Heads()
        self._unsent: list[tuple[str, Mapping[str, Stored]]] = []
        self._step_by_step = False

    def begin(self) -> bool:
        """False: there is no such hall."""
        self._connection.execute("BEGIN")
        lock = self._connection.execute(POSTGRESQL["lock_hall"], {"hall": self._hall})
        self._connection.execute("SAVEPOINT command")
        self._pipeline.sync()
        locked = lock.fetchone()
        self._heads.event = locked["event"] if locked else None
        return locked is not None

    def attempt(self, command: Callable[[Transaction], T]) -> T:
        """The command's result; what it raises undoes it alone."""
        try:
            return self._carried_out(command)
        except Exception:
            failed = self._connection.info.transaction_status == TransactionStatus.INERROR
            self._undo()
            if not failed:
                raise
        self._step_by_step = True
        try:
            return self._carried_out(command)
        except Exception:
            self._undo()
            raise
        finally:
            self._step_by_step = False

    def commit(self, bell: str) -> str:
        """What the server says to it."""
        self._tx.all("ring", channel=bell)
        done = self._connection.execute("COMMIT")
        self._pipeline.sync()
        return done.statusmessage or ""

    def _carried_out(self, command: Callable[[Transaction], T]) -> T:
        result = command(self._tx)
        self._unsent += [("RELEASE command", {}), ("SAVEPOINT command", {})]
        self._send()
        return result

    def _undo(self) -> None:
        self._heads = _Heads()
        if not self._connection.closed:
            self._unsent = [("ROLLBACK TO command", {})]
            self._send()

    def _send(self) -> Cursor[DictRow] | None:
        """All that was not sent yet, and waits until it is done; the answer to the last. The server is never left in the middle:
        only when it is told to wait does it count how long this process stands still. Raises what went wrong first."""
        unsent, self._unsent, cursor = self._unsent, [], None
        try:
            for statement, values in unsent:
                cursor = self._connection.execute(statement, values)
            self._pipeline.sync()
        except psycopg.Error:
            self._hear_the_rest()
            raise
        return cursor

    def _hear_the_rest(self) -> None:
        """A failure may be heard before all was sent or answered. What came after it is skipped, as would be whatever comes
        next, until the server is told to wait; and each that was skipped says so, to whoever asks next."""
        while not self._connection.closed:
            with suppress(psycopg.Error):
                return self._pipeline.sync()

    def _run(self, query: str, values: Mapping[str, Stored]) -> Sequence[Row]:
        if query == "last_audit" and self._heads.line is not None:
            return [self._heads.line]
        statement = POSTGRESQL[query]
        self._unsent.append((statement, values))
        rows = self._heads.told(query, values)
        if self._step_by_step or (rows is None and answers(statement)):
            cursor = self._send()
            rows = cursor.fetchall() if rows is None and cursor and answers(statement) else rows
        if query == "last_audit" and rows:
            self._heads.line = rows[0]
        return rows or ()


class _Heads:
    """The last event's number and the last line of the audit. Nobody else adds to them while the hall's row is locked."""

    def __init__(self) -> None:
        self.event: int | None = None
        self.line: Row | None = None

    def told(self, query: str, values: Mapping[str, Stored]) -> Sequence[Row] | None:
        """What a statement will answer, when that is known before."""
        if query == "add_audit":
            self.line = {"number": values["number"], "hash": values["hash"]}
            return ()
        if query == "next_event" and self.event is not None:
            self.event += 1
            return [{"event": self.event}]
        return None
