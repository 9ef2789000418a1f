"""Hears that another process committed something: NOTIFY as a bell, and a look twice a second in case it was not heard."""

from __future__ import annotations

import asyncio
import logging
import selectors
import socket
from collections.abc import Callable
from threading import Thread

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow

from hall.store.postgresql_writer import channel
from hall.store.queries import POSTGRESQL

log = logging.getLogger(__name__)

LOOK_S = 0.5


class Bell:
    """`changed` is set by the next commit, of whatever process, then replaced. Listens from the first use on."""

    def __init__(self, connect: Callable[[], Connection[DictRow]], hall: str, own: Callable[[], int | None]) -> None:
        self._connect, self._hall, self._own = connect, hall, own
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._stopping, self._stop = socket.socketpair()

    @property
    def changed(self) -> asyncio.Event:
        if self._thread is None:
            self._loop = asyncio.get_running_loop()
            self._thread = Thread(target=self._listen, name="hall-bell", daemon=True)
            self._thread.start()
        return self._changed

    def ring(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def close(self) -> None:
        self._stop.close()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
        self._stopping.close()

    def _listen(self) -> None:
        while not self._told_to_stop(0):
            try:
                with self._connect() as connection:
                    connection.execute(f'LISTEN "{channel(self._hall)}"')
                    self._ring_from_here()  # whatever was missed
                    self._hear(connection)
                    return
            except (psycopg.Error, OSError) as error:
                log.warning("bell_lost", extra={"error": type(error).__name__})
                self._told_to_stop(LOOK_S)

    def _hear(self, connection: Connection[DictRow]) -> None:
        """Until told to stop; raises psycopg.Error when the connection is lost."""
        seen = self._newest(connection)
        while not self._told_to_stop(LOOK_S, connection.fileno()):
            heard = any(said.pid != self._own() for said in connection.notifies(timeout=0))
            newest = self._newest(connection)
            if heard or newest != seen:
                seen = newest
                self._ring_from_here()

    def _newest(self, connection: Connection[DictRow]) -> DictRow:
        (row,) = connection.execute(POSTGRESQL["newest"], {"hall": self._hall}).fetchall()
        return row

    def _told_to_stop(self, within_s: float, *others: int) -> bool:
        """Waits until there is something to be heard, the time is up, or the hall closes."""
        with selectors.DefaultSelector() as waiting:
            for one in (self._stopping.fileno(), *others):
                waiting.register(one, selectors.EVENT_READ)
            return any(key.fd == self._stopping.fileno() for key, _ in waiting.select(within_s))

    def _ring_from_here(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.ring)
