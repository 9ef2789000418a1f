"""What upsd says of one UPS, on a TCP port of this machine; for whatever a real upsd (devices.simulators.upsd) never says."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping

UPS = "ups"
DATA_STALE = "ERR DATA-STALE"
DRIVER_NOT_CONNECTED = "ERR DRIVER-NOT-CONNECTED"


class UpsSimulator:
    """`says` are its variables. `instead` is the answer to everything, whatever was asked; `silent` gives none."""

    def __init__(self, says: Mapping[str, str]) -> None:
        self.says: Mapping[str, str] = says
        self.instead: bytes = b""
        self.silent = False
        self.questions = 0
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Client", (_Client,), {"ups": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def gone(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, question: str) -> bytes:
        self.questions += 1
        if self.instead:
            return self.instead
        match question.split():
            case ["GET", "VAR", ups, _] if ups != UPS:
                return b"ERR UNKNOWN-UPS\n"
            case ["GET", "VAR", ups, name] if name in self.says:
                return f'VAR {ups} {name} "{self.says[name]}"\n'.encode()
            case ["GET", "VAR", _, _]:
                return b"ERR VAR-NOT-SUPPORTED\n"
            case _:
                return b"ERR UNKNOWN-COMMAND\n"


class _Client(socketserver.StreamRequestHandler):
    ups: UpsSimulator

    def handle(self) -> None:
        while question := self.rfile.readline():
            answer = self.ups.answer(question.decode(errors="replace"))
            if not self.ups.silent:
                self.wfile.write(answer)
