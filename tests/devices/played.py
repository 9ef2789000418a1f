"""Recorded talks, played to a driver: what it sends must come in turn, and each gets the answer that was recorded.

A talk is text: `> ` and what the driver sends, `< ` and what it was answered, in hexadecimal digits; lines without a mark go on
from the one before, `# ` is a remark. `>* ` may come again, as often as it likes, until the first exchange without a star.
"""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"
PIECE = 4096


class Exchange(NamedTuple):
    """In hexadecimal digits; `again` is a star."""

    sent: str
    answered: str
    again: bool = False


class OutOfTurn(AssertionError):
    """Something else was sent than in the talk that was recorded."""


def exchanges(talk: str) -> list[Exchange]:
    marked: list[str] = []
    for line in map(str.strip, talk.splitlines()):
        if line.startswith((">", "<")):
            marked.append(line)
        elif line and not line.startswith("#"):
            marked[-1] += line
    sent, answered = marked[::2], marked[1::2]
    assert all(line[0] == ">" for line in sent)
    assert all(line[0] == "<" for line in answered)
    return [
        Exchange(_digits(one.lstrip(">*")), _digits(other.lstrip("<")), one.startswith(">*"))
        for one, other in zip(sent, answered, strict=True)
    ]


def _digits(text: str) -> str:
    return "".join(text.split()).upper()


class Played:
    """The other side of one talk; `left` is what has not been said."""

    def __init__(self, talk: str) -> None:
        self.left = exchanges(talk)
        self._again: list[Exchange] = []

    @classmethod
    def recorded(cls, name: str) -> Played:
        """One of tests/transcripts."""
        return cls((TRANSCRIPTS / name).read_text(encoding="utf-8"))

    def transmit(self, command: bytes) -> bytes:
        """A whole message, as a card gets it."""
        answer = self.heard(command)
        if answer is None:
            raise self._out_of_turn(command)
        return answer

    def heard(self, received: bytes) -> bytes | None:
        """What came over a line since the last answer; None when it is only the beginning of what is to come."""
        sent, may_come = received.hex().upper(), (*self.left[:1], *reversed(self._again))
        for exchange in may_come:
            if exchange.sent == sent:
                self._go_on(exchange)
                return bytes.fromhex(exchange.answered)
        if any(exchange.sent.startswith(sent) for exchange in may_come):
            return None
        raise self._out_of_turn(received)

    def _go_on(self, exchange: Exchange) -> None:
        if self.left and exchange is self.left[0]:
            del self.left[0]
            self._again = [*self._again, exchange] if exchange.again else []

    def _out_of_turn(self, sent: bytes) -> OutOfTurn:
        return OutOfTurn(f"{sent.hex()} was sent, {self.left[0].sent if self.left else 'nothing'} was to come")


class PlayedLine:
    """A talk at the far end of a serial line. From what comes out of turn on it is silent."""

    def __init__(self, played: Played) -> None:
        self._played = played
        self._ours, self._theirs = pty.openpty()
        for end in (self._ours, self._theirs):
            tty.setraw(end)
        self.path = os.ttyname(self._theirs)
        self._wake_out, self._wake_in = os.pipe()
        self._wrong: OutOfTurn | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="played line", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Raises OutOfTurn when anything was."""
        os.write(self._wake_in, b"x")
        self._thread.join()
        for end in (self._ours, self._theirs, self._wake_in, self._wake_out):
            os.close(end)
        if self._wrong:
            raise self._wrong

    def _serve(self) -> None:
        received = b""
        while self._ours in select.select([self._ours, self._wake_out], [], [])[0]:
            received += os.read(self._ours, PIECE)
            try:
                answer = self._played.heard(received)
            except OutOfTurn as wrong:
                self._wrong = wrong
                return
            if answer is not None:
                received = b""
                os.write(self._ours, answer)


@contextmanager
def on_a_line(played: Played) -> Iterator[str]:
    """The path of the line. At the end all of the talk must have been said, but for stars, and nothing out of turn."""
    line = PlayedLine(played)
    try:
        yield line.path
    finally:
        line.close()
    assert all(exchange.again for exchange in played.left)


class Recorder:
    """Notes a talk; what is said twice in turn gets a star, and `again` is noted once."""

    def __init__(self) -> None:
        self.noted: list[Exchange] = []

    def note(self, sent: bytes, answered: bytes, *, again: bool = False) -> bytes:
        """What was answered."""
        exchange = Exchange(sent.hex().upper(), answered.hex().upper(), again)
        if again and exchange in self.noted:
            return answered
        if self.noted and self.noted[-1][:2] == exchange[:2]:
            exchange = self.noted.pop()._replace(again=True)
        self.noted.append(exchange)
        return answered

    def talk(self, remark: str) -> str:
        lines = [f"# {remark}"]
        for exchange in self.noted:
            lines += [f">{'*' if exchange.again else ''} {_wrapped(exchange.sent)}", f"< {_wrapped(exchange.answered)}"]
        return "\n".join(lines) + "\n"


def _wrapped(digits: str) -> str:
    return "\n  ".join(digits[at : at + 112] for at in range(0, len(digits), 112))
