"""A virtual card laid on a virtual reader of pcscd: the card's side of the vpcd protocol, and its faults."""

from __future__ import annotations

import contextlib
import functools
import operator
import socket
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

_AGAIN_S = 0.2
_PATIENCE_S = 15.0


class CardPulled(Exception):
    """The card leaves the reader instead of answering."""


class CardProgram(Protocol):
    """What runs inside a card. `answer` may raise CardPulled."""

    @property
    def atr(self) -> bytes: ...
    def reset(self) -> None: ...
    def answer(self, command: bytes) -> bytes: ...


def contactless(historical: bytes = b"") -> bytes:
    """The answer to reset that a reader makes up for a contactless card (PC/SC part 3, 3.1.3.2.3)."""
    made_up = bytes((0x80 | len(historical), 0x80, 0x01)) + historical
    return b"\x3b" + made_up + bytes((functools.reduce(operator.xor, made_up),))


class VirtualCard:
    """A card program in the hand of somebody: `insert` and `pull`. It stays on the reader when pcscd
    restarts, as a real card does, and is gone when pcscd stays away."""

    def __init__(self, program: CardProgram, port: int) -> None:
        self._program = program
        self._address = ("127.0.0.1", port)
        self._pulled = threading.Event()
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def insert(self) -> Self:
        """Raises ConnectionRefusedError when no reader waits on the port."""
        self._pulled.clear()
        self._socket = socket.create_connection(self._address)
        self._thread = threading.Thread(target=self._lie, args=(self._socket,), name="virtual-card", daemon=True)
        self._thread.start()
        return self

    def pull(self) -> None:
        self._leave()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def wait(self, timeout_s: float) -> bool:
        """Whether the card has left within that time."""
        return self._pulled.wait(timeout_s)

    def _leave(self) -> None:
        self._pulled.set()
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self.insert()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.pull()

    def _lie(self, line: socket.socket) -> None:
        while not self._pulled.is_set():
            with line, contextlib.suppress(OSError):
                self._talk(line)
            line = self._again() or line
        line.close()

    def _again(self) -> socket.socket | None:
        end = time.monotonic() + _PATIENCE_S
        while not self._pulled.wait(_AGAIN_S):
            with contextlib.suppress(OSError):
                self._socket = socket.create_connection(self._address)
                return self._socket
            if time.monotonic() > end:
                self._pulled.set()
        return None

    def _talk(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while message := _receive(line):
            match message:
                case b"\x00":  # power off
                    pass
                case b"\x01" | b"\x02":  # power on, reset: neither wants an answer
                    self._program.reset()
                case b"\x04":
                    _send(line, self._program.atr)
                case _:
                    try:
                        _send(line, self._program.answer(message))
                    except CardPulled:
                        return self._leave()


def _receive(line: socket.socket) -> bytes:
    length = _exactly(line, 2)
    return _exactly(line, int(struct.unpack(">H", length)[0])) if length else b""


def _exactly(line: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        # vpcd 3.3 sends length and payload apart: without this, delayed ACK costs 44 ms an APDU.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(length - len(got))
        if not part:
            return b""
        got += part
    return got


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(struct.pack(">H", len(message)) + message)


class Scripted:
    """A card that answers every command the same way, or by a function."""

    def __init__(self, says: bytes | Callable[[bytes], bytes], *, atr: bytes = contactless()) -> None:
        self._says = says
        self.atr = atr

    def reset(self) -> None:
        pass

    def answer(self, command: bytes) -> bytes:
        return self._says if isinstance(self._says, bytes) else self._says(command)


class FaultAt:
    """Another program with one fault in place of its n-th answer, counted from 1 since it was made."""

    def __init__(self, program: CardProgram, nth: int, fault: Callable[[], bytes]) -> None:
        self._program = program
        self._nth = nth
        self._fault = fault
        self._count = 0

    @property
    def atr(self) -> bytes:
        return self._program.atr

    def reset(self) -> None:
        self._program.reset()

    def answer(self, command: bytes) -> bytes:
        self._count += 1
        return self._fault() if self._count == self._nth else self._program.answer(command)


def pulled() -> bytes:
    """The fault of a card taken away while it should answer."""
    raise CardPulled


class Hang:
    """The fault of a card that is silent until `release`; `begun` is set when it has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._end = threading.Event()

    def __call__(self) -> bytes:
        self.begun.set()
        self._end.wait()
        return b"\x6f\x00"

    def release(self) -> None:
        self._end.set()
