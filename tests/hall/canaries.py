"""A thousand fictional people of whom every personal value can be told at a glance, and two departments that know them."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from hall.demo.person import check_digit

FEW, MANY = 200, 1000
"""Visits: always, and in `make long`."""
BIRD = "金丝雀"
NAMES = "甲乙丙丁戊己庚辛壬癸"
ITEMS = {
    "register": ("person.number", "person.name", "household.address"),
    "insurance": ("person.number", "person.name", "contact.mobile", "residence.number", "residence.city"),
}


@dataclass(frozen=True)
class Canary:
    place: int

    @property
    def number(self) -> str:
        first = f"4406041990{1 + self.place % 12:02}{1 + self.place % 28:02}{self.place:03}"
        return first + check_digit(first)

    @property
    def name(self) -> str:
        return BIRD + "".join(NAMES[int(digit)] for digit in f"{self.place:03}")

    @property
    def address(self) -> str:
        return f"广东省佛山市禅城区{BIRD}街道{BIRD}路{self.place}号"

    @property
    def mobile(self) -> str:
        return f"1390757{self.place:04}"


FLOCK = tuple(Canary(place) for place in range(MANY))
BY_NUMBER = {canary.number: canary for canary in FLOCK}

NUMBER = r"4406041990\d{7}[\dX]"
MOBILE = r"1390757\d{4}"
SIGNS = re.compile(
    b"|".join(
        (
            *(BIRD.encode(coding) for coding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
            quote(BIRD).encode(),
            re.escape(json.dumps(BIRD)[1:-1]).encode(),
            NUMBER.encode(),
            MOBILE.encode(),
        )
    ),
    re.IGNORECASE,
)
"""What a canary leaves wherever it was: in any writing that text takes on its way."""


def found_in(content: bytes) -> list[bytes]:
    return sorted(set(SIGNS.findall(content)))


def register(path: Path) -> None:
    """公安户籍 as a SQLite file. Of some people it has bytes that are no characters: a driver quotes them in its error."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE people (number TEXT, name TEXT, address TEXT, changed TEXT)")
        for canary in FLOCK:
            name = canary.name.encode() + (b"\xff" if canary.place % 50 == 9 else b"")
            row = (canary.number, name, canary.address, "2026-01-02")
            database.execute("INSERT INTO people VALUES (?, CAST(? AS TEXT), ?, ?)", row)


class Insurance(BaseHTTPRequestHandler):
    """A REST department that behaves badly now and then, each time with the person's values in its words. Not so often that
    the hall would spare it."""

    protocol_version = "HTTP/1.1"
    lines: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        canary = BY_NUMBER[json.loads(self.rfile.read(length))["idNo"]]
        self.lines.append(f"{self.requestline} {self.headers}")
        told = {"idNo": canary.number, "name": canary.name, "mobile": canary.mobile, "at": "2026-01-03"}
        whole = json.dumps({"people": [told]}, ensure_ascii=False).encode()
        match canary.place % 50:
            case 5:
                self._answer(500, "text/plain", f"no such row: {canary.number} {canary.name}".encode())
            case 13:
                self._answer(200, "text/html", f"<h1>{canary.name}</h1>".encode())
            case 21:
                self._answer(200, "application/json", whole[:-3])
            case 29:
                self._answer(200, "application/json", json.dumps({"people": [{**told, "idNo": FLOCK[0].number}]}).encode())
            case 37:
                self._answer(200, "application/json", json.dumps({"people": [{**told, "mobile": [canary.mobile]}]}).encode())
            case 45:
                self._answer(302, "text/plain", b"", Location=f"/people/{canary.number}")
            case _:
                self._answer(200, "application/json", whole)

    def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Its own log is not the hall's."""


@contextmanager
def insurance() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Insurance)
    thread = threading.Thread(target=server.serve_forever, name="insurance")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


CATALOGUE = "\n".join(
    [
        *(f'[[department]]\ncode = "{code}"\nprovider = "114406040070391271"' for code in ITEMS),
        *(
            f'[[dataset]]\ncode = "{code}.people"\ntitle = "{code}"\ndepartment = "{code}"\nsummary = ""\n'
            f'sharing = "unconditional"\nupdated = "daily"\npublished = 2026-01-01\nvalid_from = 2026-01-01\n'
            f"items = {json.dumps(items)}"
            for code, items in ITEMS.items()
        ),
        "[items]",
        '"person.number" = ["register"]',
        '"person.name" = ["register", "insurance"]',
        '"household.address" = ["register"]',
        '"contact.mobile" = ["insurance"]',
    ]
)
REGISTER = """
kind = "sql"
code = "register"
title = "公安户籍"
address = "sqlite:///${state}/register.db"
key = "person.number"
rows = "people"
as_of = "changed"

[items]
"person.number" = "number"
"person.name" = "name"
"household.address" = "address"
"""
INSURANCE = """
kind = "rest"
code = "insurance"
title = "人力资源和社会保障"
address = "%s"
key = "person.number"
rows = "people"
as_of = "at"

[request]
path = "/query"

[request.body]
idNo = "{key}"

[items]
"person.number" = "idNo"
"person.name" = "name"
"contact.mobile" = "mobile"
"residence.number" = "permit"
"residence.city" = "city"
"""
HALL = """
[hall]
id = "H1"
name = "禅城区行政服务中心"
region = "440604"
phone = "0757-82340000"
windows = [1, 2, 3]

[listen]
console = "127.0.0.1:%d"
terminals = "127.0.0.1:%d"
public = "127.0.0.1:%d"

[folders]
departments = "departments"

[catalogue]
file = "catalogue.toml"

[staff]
second_factor = "none"
"""
