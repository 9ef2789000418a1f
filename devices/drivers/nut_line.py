"""The line to upsd, the server of Network UPS Tools: one question, one answer (NUT developer guide, network protocol)."""

from __future__ import annotations

import re
import shlex
import socket
import time
from contextlib import suppress

CONNECT_S = 2.0
ANSWER_S = 2.0
LONGEST = 1024
ERROR_WORD = re.compile("[A-Z]+(-[A-Z]+){0,4}")


class UpsGone(Exception):
    """Nobody listens there, or upsd hung up."""


class UpsSilent(Exception):
    """upsd is there and does not answer in time."""


class UpsNonsense(Exception):
    """What answers is no upsd."""


class UpsRefuses(Exception):
    """upsd says ERR; `word` is one of its own, e.g. DATA-STALE."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class UpsLine:
    """Blocking, with deadlines; belongs to one thread. After any of its errors but UpsRefuses it is of no more use."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self._line = socket.create_connection((host, port), CONNECT_S)
        except OSError as error:
            raise UpsGone("cannot be reached") from error
        self._held = b""

    def variable(self, ups: str, name: str) -> str:
        self._send(f"GET VAR {ups} {name}\n")
        match self._words():
            case ["VAR", said_ups, said_name, value] if (said_ups, said_name) == (ups, name):
                return value
            case ["ERR", word, *_] if ERROR_WORD.fullmatch(word):
                raise UpsRefuses(word)
            case _:
                raise UpsNonsense("answers nonsense")

    def close(self) -> None:
        with suppress(OSError):
            self._line.close()

    def _send(self, question: str) -> None:
        try:
            self._line.sendall(question.encode())
        except OSError as error:
            raise UpsGone("hung up") from error

    def _words(self) -> list[str]:
        try:
            return shlex.split(self._answer().decode())
        except ValueError:  # also what is no UTF-8
            raise UpsNonsense("answers nonsense") from None

    def _answer(self) -> bytes:
        end = time.monotonic() + ANSWER_S
        while b"\n" not in self._held:
            if len(self._held) > LONGEST:
                raise UpsNonsense("answers without end")
            self._held += self._received(end - time.monotonic())
        answer, _, self._held = self._held.partition(b"\n")
        return answer

    def _received(self, within_s: float) -> bytes:
        try:
            self._line.settimeout(max(within_s, 0.001))
            received = self._line.recv(LONGEST)
        except TimeoutError:
            raise UpsSilent("does not answer") from None
        except OSError as error:
            raise UpsGone("hung up") from error
        if not received:
            raise UpsGone("hung up")
        return received
