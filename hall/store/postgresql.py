"""A PostgreSQL with the hall's tables: a writing thread under group commit, reading ones beside it, a bell between processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from hall.store.field_key import FieldKey
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.postgresql_bell import Bell
from hall.store.postgresql_connection import connect
from hall.store.postgresql_reader import PostgresqlReader
from hall.store.postgresql_tables import prepare
from hall.store.postgresql_writer import PostgresqlWriter
from hall.store.transaction import Transaction
from hall.working_day import Clock, utc_now

T = TypeVar("T")


class PostgresqlDatabase:
    """See hall.store.database.Database. Any number of processes may have one on the same database."""

    def __init__(self, address: PostgresqlAddress, hall: str, key: FieldKey, clock: Clock) -> None:
        self.clock = clock
        connecting = partial(connect, address)
        self._bell = Bell(connecting, hall, lambda: self._writer.backend)
        self._writer = PostgresqlWriter(connecting, hall, key, self._bell.ring)
        self._reader = PostgresqlReader(connecting, hall, key)

    @classmethod
    def open(cls, address: PostgresqlAddress, *, hall: str, key_file: Path, clock: Clock = utc_now) -> Self:
        """Brings the tables up to date; every process of the hall needs the same key file."""
        key_file.parent.mkdir(parents=True, exist_ok=True)
        key = FieldKey.open(key_file)
        prepare(address, hall, key)
        return cls(address, hall, key, clock)

    @property
    def changed(self) -> asyncio.Event:
        return self._bell.changed

    async def write(self, command: Callable[[Transaction], T]) -> T:
        return await self._writer.run(command)

    async def read(self, question: Callable[[Transaction], T]) -> T:
        return await self._reader.ask(question)

    async def close(self) -> None:
        await self._bell.close()
        await self._writer.close()
        await self._reader.close()
