"""A department's process that accepts applications and then misbehaves on the wire, as departments do.

python -m tests.hall.stubborn_department FOLDER: prints its port. FOLDER/book.jsonl is what it accepted, one line each;
FOLDER/fault says how it behaves: well, hang, cut, twice, garbled, renumber (it gives another number to every request).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from hall.departments.setting import Setting
from tests.patience import SOON_S

Request = tuple[str, str, str, bytes]
Entry = dict[str, str]
GARBLED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n<html/>"


@dataclass
class Book:
    """What it accepted. Its numbers begin at 51286 (Open Forms: one form drew 51286, 51287 and 51288)."""

    folder: Path

    def entries(self) -> list[Entry]:
        path = self.folder / "book.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def accept(self, key: str, body: bytes, *, renumber: bool) -> Entry:
        same = [one for one in self.entries() if one["key"] == key]
        if same and not renumber:
            return same[0]
        digest = hashlib.new("sm3", body).hexdigest()
        entry = {"number": str(51286 + len(self.entries())), "key": key, "digest": digest, "state": "agreed"}
        with (self.folder / "book.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        return entry

    def find(self, name: str, value: str) -> Entry | None:
        return next((one for one in self.entries() if one[name] == value), None)


class Department:
    def __init__(self, folder: Path) -> None:
        self._book, self._told = Book(folder), folder / "fault"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await _read(reader)) is not None:
            fault = self._told.read_text("ascii")
            answer = self._answer(request, fault)
            if fault == "hang":
                await asyncio.Event().wait()
            if fault == "cut":
                break
            writer.write(GARBLED if fault == "garbled" else answer * (2 if fault == "twice" else 1))
            await writer.drain()
        writer.close()

    def _answer(self, request: Request, fault: str) -> bytes:
        method, path, key, body = request
        if method == "POST":
            return _said(self._book.accept(key, body, renumber=fault == "renumber"))
        if path.startswith("/by-key/"):
            return _said(self._book.find("key", unquote(path.removeprefix("/by-key/"))))
        if path.startswith("/list?"):
            return _said({"entries": self._book.entries(), "mark": "", "more": False})
        return _said(self._book.find("number", path.removeprefix("/cases/")))


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    method, path, _ = head[0].split(" ")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    return method, path, headers.get("idempotency-key", ""), await reader.readexactly(int(headers.get("content-length", 0)))


def _said(found: object) -> bytes:
    body = json.dumps(found).encode()
    status = b"404 Not Found" if found is None else b"200 OK"
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    return head + body


async def _main(folder: Path) -> None:
    server = await asyncio.start_server(Department(folder).serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@dataclass
class Stubborn:
    """The running process, as a test sees it."""

    folder: Path
    port: int

    def tell(self, fault: str) -> None:
        (self.folder / "fault").write_text(fault, "ascii")

    def numbers(self, key: str) -> list[str]:
        return [one["number"] for one in Book(self.folder).entries() if one["key"] == key]

    def forget(self) -> None:
        """Restored from a backup of before the first case."""
        (self.folder / "book.jsonl").unlink(missing_ok=True)

    def setting(self, deadline_s: float = SOON_S, **options: str) -> Setting:
        usual = {"applications_path": "/cases", "compare": "digest", "by_key_path": "/by-key", "list_path": "/list"}
        given = {name: value for name, value in {**usual, **options}.items() if value}
        address = f"http://127.0.0.1:{self.port}"
        return Setting(
            kind="rest", code="exit_entry", title="", address=address, key="", items={}, deadline_s=deadline_s, options=given
        )


@contextmanager
def running_stubborn(folder: Path) -> Iterator[Stubborn]:
    (folder / "fault").write_text("well", "ascii")
    command = [sys.executable, "-m", "tests.hall.stubborn_department", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Stubborn(folder, int(process.stdout.readline()))
        process.kill()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
