"""What the commands of every topic stand on: one database, written in groups and read beside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from hall.store.transaction import Transaction
from hall.working_day import Clock

T = TypeVar("T")


class DatabaseUnfit(Exception):
    """The database cannot be used; the text says why and what to do, with nothing secret in it."""


class Database(Protocol):
    """SqliteDatabase or PostgresqlDatabase. Commands of one hall are carried out one after the other, whatever process
    they come from: a command may read, think and write without a lock of its own."""

    clock: Clock

    @property
    def changed(self) -> asyncio.Event:
        """Set by the next commit, then replaced: take it BEFORE reading, wait on it after."""
        ...

    async def write(self, command: Callable[[Transaction], T]) -> T:
        """The command's result once it is on the disk; what it raises undoes it alone."""
        ...

    async def read(self, question: Callable[[Transaction], T]) -> T:
        """All statements of one question see the same committed moment."""
        ...

    async def close(self) -> None:
        """Finishes what was handed over, takes nothing more."""
        ...


class Commands:
    """The commands of one topic; HallStore is all of them on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def clock(self) -> Clock:
        return self._database.clock

    @property
    def changed(self) -> asyncio.Event:
        return self._database.changed

    async def write(self, command: Callable[[Transaction], T]) -> T:
        return await self._database.write(command)

    async def read(self, question: Callable[[Transaction], T]) -> T:
        return await self._database.read(question)

    async def close(self) -> None:
        await self._database.close()
