"""A department under the race: it keeps what it accepted by its key, on the disk, and tells the same number again."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock


def keep(book: Path, port: int) -> None:
    """Serves until it is ended. Each line of the book: key, number, and whether it was the first time."""
    numbers: dict[str, str] = {}
    lock = Lock()

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            key = self.path.removeprefix("/")
            with lock, book.open("a", encoding="utf-8") as lines:
                first = key not in numbers
                number = numbers.setdefault(key, f"D-{len(numbers) + 1}")
                lines.write(json.dumps([key, number, first]) + "\n")
            self._answer({"number": number})

        def do_GET(self) -> None:
            self._answer({"number": numbers.get(self.path.removeprefix("/"), "")})

        def _answer(self, said: dict[str, str]) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return None

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A hall that is killed hangs up in the middle of a word."""

    book.touch()
    Quiet(("127.0.0.1", port), Desk).serve_forever()
