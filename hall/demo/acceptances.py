"""A department's own book of applications: what it was sent, its own number for it, and what it decides."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post, put
from litestar.exceptions import ClientException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, Parameter

from hall.demo.behaviour import Place

CHINA = ZoneInfo("Asia/Shanghai")
THINKS = timedelta(seconds=3)
"""How long the department's own officer takes over an application."""
PART = 200
"""Entries in one part of the list."""
TABLE = """
CREATE TABLE IF NOT EXISTS application (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  number TEXT UNIQUE,
  accepted_at TEXT NOT NULL,
  contents BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending',
  outcome TEXT NOT NULL DEFAULT ''
)"""


class Decides(StrEnum):
    """What the department's officer does with applications just now: told while it runs."""

    AGREE = "agree"
    REFUSE = "refuse"
    HOLD = "hold"


@dataclass(frozen=True)
class Receipt:
    """受理回执, and how the application stands."""

    number: str
    key: str
    acceptedAt: str  # noqa: N815
    state: Literal["pending", "agreed", "refused"]
    outcome: str
    reason: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Listed:
    """Part of the book, oldest first."""

    entries: list[Receipt]
    mark: str
    more: bool


@dataclass(frozen=True)
class Ending:
    """What the hall says in the end: every department agreed, or one did not."""

    outcome: Literal["complete", "withdrawn"]


class AnotherUnderThisKey(ClientException):
    """The key was used for another application."""

    status_code = 409


class Acceptances:
    """One application per key, however often it is sent. `prefix` begins the department's own numbers."""

    def __init__(self, place: Place, prefix: str) -> None:
        place.folder.mkdir(parents=True, exist_ok=True)
        self._place = place
        self._prefix = prefix
        self._base = sqlite3.connect(place.folder / "applications.sqlite", isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute(TABLE)

    def accept(self, key: str, contents: bytes) -> Receipt:
        now = datetime.now(CHINA)
        self._base.execute("BEGIN IMMEDIATE")
        with self._base:
            row = self._base.execute(
                "INSERT INTO application (key, accepted_at, contents) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING RETURNING serial",
                (key, now.isoformat(timespec="seconds"), contents),
            ).fetchone()
            if row:
                number = f"{self._prefix}{now:%Y%m%d}{row[0]:06}"
                self._base.execute("UPDATE application SET number = ? WHERE serial = ?", (number, row[0]))
            receipt, kept = self._found("key", key)
        if kept != contents:
            raise AnotherUnderThisKey()
        return receipt

    def receipt(self, number: str) -> Receipt:
        """How it stands; the officer has looked at it by then, unless told to hold."""
        receipt, _ = self._found("number", number)
        decides = _told(self._place)
        thought = datetime.now(CHINA) - datetime.fromisoformat(receipt.acceptedAt) >= THINKS
        if receipt.state == "pending" and thought and decides is not Decides.HOLD:
            state = "agreed" if decides is Decides.AGREE else "refused"
            self._base.execute("UPDATE application SET state = ? WHERE number = ? AND state = 'pending'", (state, number))
            receipt, _ = self._found("number", number)
        return receipt

    def of_visit(self, visit: str) -> tuple[Receipt, bytes] | None:
        """The application that came from a visit of the hall; None when none has come."""
        of_visit = "json_extract(CAST(contents AS TEXT), '$.visit') = ?"
        statement = f"SELECT number FROM application WHERE {of_visit} ORDER BY serial DESC LIMIT 1"  # noqa: S608
        row = self._base.execute(statement, (visit,)).fetchone()
        return self._found("number", row[0]) if row else None

    def under(self, key: str) -> Receipt:
        """What was accepted under a key of the hall's."""
        return self._found("key", key)[0]

    def listed(self, since: str, mark: str) -> Listed:
        """What was accepted since an instant, after the serial number in the mark."""
        after = int(mark) if mark.isdecimal() else 0
        rows = self._base.execute(
            "SELECT serial, number, accepted_at FROM application WHERE serial > ? ORDER BY serial LIMIT ?", (after, PART + 1)
        ).fetchall()
        begin = datetime.fromisoformat(since)
        page = rows[:PART]
        found = [self._found("number", number)[0] for _, number, at in page if datetime.fromisoformat(at) >= begin]
        return Listed(found, str(page[-1][0]) if page else mark, len(rows) > len(page))

    def everything(self) -> list[tuple[Receipt, bytes]]:
        """The whole book with what was sent."""
        numbers = self._base.execute("SELECT number FROM application ORDER BY serial").fetchall()
        return [self._found("number", number) for (number,) in numbers]

    def end(self, number: str, outcome: str) -> Receipt:
        """The first ending stays; another one is refused."""
        receipt, _ = self._found("number", number)
        if receipt.outcome not in ("", outcome):
            raise AnotherUnderThisKey()
        self._base.execute("UPDATE application SET outcome = ? WHERE number = ?", (outcome, number))
        return self._found("number", number)[0]

    def close(self) -> None:
        self._base.close()

    def _found(self, column: str, value: str) -> tuple[Receipt, bytes]:
        statement = f"SELECT number, key, accepted_at, state, outcome, contents FROM application WHERE {column} = ?"  # noqa: S608
        row = self._base.execute(statement, (value,)).fetchone()
        if row is None:
            raise NotFoundException()
        reason = "not_eligible" if row[3] == "refused" else ""
        digest = hashlib.new("sm3", row[5]).hexdigest()
        return Receipt(row[0], row[1], row[2], row[3], row[4], reason, digest), row[5]


def tell(place: Place, decides: Decides) -> None:
    """Tells a running department's officer what to do from now on."""
    path = place.state / "demo" / f"{place.code}.decides"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(decides, "ascii")


def routes(acceptances: Acceptances) -> list[HTTPRouteHandler]:
    """How the hall reaches the book."""

    @post("/applications", status_code=201)
    async def accept(request: Request[Any, Any, Any], key: Annotated[str, Parameter(header="Idempotency-Key")]) -> Receipt:
        contents = await request.body()
        msgspec.json.decode(contents, type=dict[str, Any])
        return acceptances.accept(key, contents)

    @get("/applications/{number:str}")
    async def receipt(number: str) -> Receipt:
        return acceptances.receipt(number)

    @put("/applications/{number:str}/outcome")
    async def ending(number: str, data: Ending) -> Receipt:
        return acceptances.end(number, data.outcome)

    @get("/accepted-by-key/{key:str}")
    async def under(key: str) -> Receipt:
        return acceptances.under(key)

    @get("/accepted")
    async def listed(since: FromQuery[str], mark: FromQuery[str] = "") -> Listed:
        return acceptances.listed(since, mark)

    return [accept, receipt, ending, under, listed]


def _told(place: Place) -> Decides:
    try:
        return Decides((place.state / "demo" / f"{place.code}.decides").read_text("ascii"))
    except (OSError, ValueError):
        return Decides.AGREE
