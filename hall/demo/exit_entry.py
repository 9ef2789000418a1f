"""出入境管理: a modern department with REST and JSON, which also takes applications and gives them its own number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Litestar, Request, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import Parameter

from hall.demo.behaviour import Mode, Place
from hall.demo.people import after, by_number
from hall.demo.person import Person
from hall.demo.web import serve

PORT = 8101
ROUTES = {"terminal": "SELF", "counter": "WINDOW"}
TABLE = """
CREATE TABLE IF NOT EXISTS application (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  number TEXT UNIQUE,
  accepted_at TEXT NOT NULL,
  contents BLOB NOT NULL
)"""


@dataclass(frozen=True)
class Question:
    """Who is asked for; `items` are the fields wanted, as a protocol of the asking."""

    idNo: str  # noqa: N815
    items: list[str]


@dataclass(frozen=True)
class Receipt:
    """受理回执."""

    number: str
    key: str
    acceptedAt: str  # noqa: N815


class AnotherUnderThisKey(ClientException):
    """The key was used for another application."""

    status_code = 409


class Acceptances:
    """The department's own book of applications: one per key, however often it is sent."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute(TABLE)

    def accept(self, key: str, contents: bytes) -> Receipt:
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        self._base.execute("BEGIN IMMEDIATE")
        with self._base:
            row = self._base.execute(
                "INSERT INTO application (key, accepted_at, contents) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING RETURNING serial",
                (key, now.isoformat(timespec="seconds"), contents),
            ).fetchone()
            if row:
                number = f"440600{now:%Y%m%d}{row[0]:06}"
                self._base.execute("UPDATE application SET number = ? WHERE serial = ?", (number, row[0]))
            receipt, kept = self._found("key", key)
        if kept != contents:
            raise AnotherUnderThisKey()
        return receipt

    def receipt(self, number: str) -> Receipt:
        return self._found("number", number)[0]

    def close(self) -> None:
        self._base.close()

    def _found(self, column: str, value: str) -> tuple[Receipt, bytes]:
        statement = f"SELECT number, key, accepted_at, contents FROM application WHERE {column} = ?"  # noqa: S608
        row = self._base.execute(statement, (value,)).fetchone()
        if row is None:
            raise NotFoundException()
        return Receipt(*row[:3]), row[3]


async def run(place: Place, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves until cancelled."""
    acceptances = Acceptances(place.folder / "applications.sqlite")
    try:
        await serve(application(place, acceptances), place, PORT if port is None else port, ready)
    finally:
        acceptances.close()


def application(place: Place, acceptances: Acceptances) -> Litestar:
    @post("/persons/query", status_code=200)
    async def query(data: Question) -> dict[str, list[dict[str, Any]]]:
        wrong = place.behaviour().mode is Mode.WRONG
        person = after(data.idNo) if wrong else by_number().get(data.idNo)
        return {"persons": [_shown(person)] if person and person.exit_entry else []}

    @post("/applications", status_code=201)
    async def accept(request: Request[Any, Any, Any], key: Annotated[str, Parameter(header="Idempotency-Key")]) -> Receipt:
        contents = await request.body()
        msgspec.json.decode(contents, type=dict[str, Any])
        return acceptances.accept(key, contents)

    @get("/applications/{number:str}")
    async def receipt(number: str) -> Receipt:
        return acceptances.receipt(number)

    @get("/status")
    async def status() -> dict[str, str]:
        return {"status": "well"}

    return Litestar([query, accept, receipt, status], openapi_config=None)


def _shown(person: Person) -> dict[str, Any]:
    entry = person.exit_entry
    assert entry is not None
    return {
        "idNo": person.number,
        "name": entry.name,
        "birthDate": person.birth,
        "permit": {"no": entry.number, "issueDate": entry.issued, "expiryDate": entry.expiry},
        "pinyin": {"surname": entry.surname, "givenNames": entry.given_names},
        "route": ROUTES[entry.route],
        "mobile": entry.mobile,
        "underReview": entry.doubt,
        "updatedAt": f"{entry.as_of}T09:00:00+08:00",
    }
