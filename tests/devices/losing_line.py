"""A line to CUPS that carries everything but loses a submission, or what CUPS answered to it."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import threading
from enum import StrEnum
from pathlib import Path

from pyipp.enums import IppOperation

PRINT_JOB = int(IppOperation.PRINT_JOB).to_bytes(2, "big")


class Loses(StrEnum):
    NOTHING = "nothing"
    ANSWER = "answer"
    SUBMISSION = "submission"


class LosingLine:
    """Listens on `socket` and passes on to `beyond`."""

    def __init__(self, path: Path, beyond: Path) -> None:
        self.socket, self.beyond = path, beyond
        self.loses = Loses.NOTHING
        self._server = socketserver.ThreadingUnixStreamServer(os.fspath(path), type("Passed", (_Passed,), {"line": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def gone(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Passed(socketserver.StreamRequestHandler):
    line: LosingLine

    def handle(self) -> None:
        head, body = self._request()
        loses = self.line.loses if body[2:4] == PRINT_JOB else Loses.NOTHING
        if loses is Loses.SUBMISSION:
            return
        with socket.socket(socket.AF_UNIX) as beyond:
            beyond.connect(os.fspath(self.line.beyond))
            beyond.sendall(head + body)
            answer = b"".join(iter(lambda: beyond.recv(65536), b""))
        if loses is Loses.NOTHING:
            with contextlib.suppress(OSError):
                self.wfile.write(answer)

    def _request(self) -> tuple[bytes, bytes]:
        head = b"".join(iter(self.rfile.readline, b"\r\n")) + b"\r\n"
        length = next(int(line[15:]) for line in head.splitlines() if line.lower().startswith(b"content-length:"))
        return head, self.rfile.read(length)
