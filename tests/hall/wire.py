"""A line to a server that can be spoilt: it swallows, lets through a byte at a time, or forgets a quiet connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from tests.hall.servers import HOST

Manner = Literal["well", "swallows", "drips"]
DRIP_S = 0.05


@dataclass
class Wire:
    """`forget` lets what is connected now hang for ever, without a word to either end."""

    to: int
    manner: Manner = "well"
    opened: int = 0
    forgotten: int = 0
    _listening: socket.socket = field(default_factory=lambda: socket.create_server((HOST, 0)))
    _ends: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _closed: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def forget(self) -> None:
        self.forgotten = self.opened

    def open(self) -> None:
        self._begin(self._let_in)

    def close(self) -> None:
        self._closed.set()
        for end in (self._listening, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (self._listening, *self._ends):
            end.close()

    def _let_in(self) -> None:
        with suppress(OSError):
            while not self._closed.is_set():
                outer, _ = self._listening.accept()
                self._ends.append(outer)
                inner = socket.create_connection((HOST, self.to))
                self._ends.append(inner)
                self.opened += 1
                number = self.opened
                self._begin(lambda a=outer, b=inner, n=number: self._pass_on(a, b, n, "well"))
                self._begin(lambda a=inner, b=outer, n=number: self._pass_on(a, b, n, self.manner))

    def _begin(self, work: object) -> None:
        thread = threading.Thread(target=work, name="wire")  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, number: int, manner: Manner) -> None:
        with suppress(OSError):
            while sent := source.recv(65536):
                if manner == "swallows" or number <= self.forgotten:
                    continue
                for piece in [sent[at : at + 1] for at in range(len(sent))] if manner == "drips" else [sent]:
                    target.sendall(piece)
                    if manner == "drips" and self._closed.wait(DRIP_S):
                        return
        with suppress(OSError):
            if number > self.forgotten:
                target.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(to: int) -> Iterator[Wire]:
    line = Wire(to)
    line.open()
    try:
        yield line
    finally:
        line.close()
