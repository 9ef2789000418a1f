"""A department's own book of correction requests, and the corrections that its officer makes in its own register."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from litestar import Request, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from hall.demo.acceptances import AnotherUnderThisKey
from hall.demo.behaviour import Place

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CHINA = ZoneInfo("Asia/Shanghai")
THINKS = timedelta(seconds=3)
"""How long the department's own officer takes over a request."""
LARGEST_REQUEST = 4 * 1024 * 1024
TABLES = """
CREATE TABLE IF NOT EXISTS correction (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  number TEXT UNIQUE,
  asked_at TEXT NOT NULL,
  contents BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending',
  reason TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS corrected (
  person TEXT NOT NULL,
  item TEXT NOT NULL,
  value TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (person, item)
);
"""

Entry = TypeVar("Entry", bound="DataclassInstance")


class Judges(StrEnum):
    """What the department's officer does with requests just now: told while it runs."""

    CORRECT = "correct"
    UPHOLD = "uphold"
    ASK = "ask"
    HOLD = "hold"


@dataclass(frozen=True)
class Reply:
    """The department's number, and what it says to the request."""

    number: str
    key: str
    item: str
    askedAt: str  # noqa: N815
    state: Literal["pending", "corrected", "upheld", "needs_more"]
    reason: str = ""


class Corrections:
    """One request per key, however often it is sent. `items` are those that an officer can correct in the register;
    `prefix` begins the department's numbers."""

    def __init__(self, place: Place, prefix: str, items: Iterable[str]) -> None:
        place.folder.mkdir(parents=True, exist_ok=True)
        self._place, self._prefix, self._items = place, prefix, frozenset(items)
        self._base = sqlite3.connect(place.folder / "corrections.sqlite", isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.executescript(TABLES)

    def ask(self, key: str, contents: bytes) -> Reply:
        now = datetime.now(CHINA)
        self._base.execute("BEGIN IMMEDIATE")
        with self._base:
            row = self._base.execute(
                "INSERT INTO correction (key, asked_at, contents) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING serial",
                (key, now.isoformat(timespec="seconds"), contents),
            ).fetchone()
            if row:
                number = f"{self._prefix}JH{now:%Y%m%d}{row[0]:05}"
                self._base.execute("UPDATE correction SET number = ? WHERE serial = ?", (number, row[0]))
            reply, kept = self._found("key", key)
        if kept != contents:
            raise AnotherUnderThisKey()
        return reply

    def reply(self, number: str) -> Reply:
        """How it stands; the officer has looked at it by then, unless told to hold."""
        reply, contents = self._found("number", number)
        judges = _told(self._place)
        thought = datetime.now(CHINA) - datetime.fromisoformat(reply.askedAt) >= THINKS
        if reply.state == "pending" and thought and judges is not Judges.HOLD:
            self._judge(number, json.loads(contents), judges)
            reply, _ = self._found("number", number)
        return reply

    def as_corrected(self, person: str, entry: Entry, columns: Mapping[str, str]) -> Entry:
        """A person's entry in the register, with what was corrected since and the day of that. `columns` are the
        register's own names of the entry's items."""
        rows = self._base.execute("SELECT item, value, day FROM corrected WHERE person = ?", (person,)).fetchall()
        changed = [(columns[item], value, day) for item, value, day in rows if item in columns]
        if not changed:
            return entry
        values: dict[str, Any] = {column: value for column, value, _ in changed}
        return replace(entry, **values, as_of=max(day for _, _, day in changed))

    def close(self) -> None:
        self._base.close()

    def _judge(self, number: str, asked: Mapping[str, Any], judges: Judges) -> None:
        """Only what is said to be right can be written into the register; else papers are wanted."""
        state, reason = "needs_more", "no_right_value"
        if judges is Judges.UPHOLD:
            state, reason = "upheld", "as_in_the_archive"
        elif judges is Judges.ASK:
            state, reason = "needs_more", "original_wanted"
        elif asked.get("claim") and asked.get("item") in self._items:
            state, reason = "corrected", ""
        with self._base:
            moved = self._base.execute(
                "UPDATE correction SET state = ?, reason = ? WHERE number = ? AND state = 'pending'", (state, reason, number)
            )
            if moved.rowcount and state == "corrected":
                entry = (asked["idNo"], asked["item"], asked["claim"], f"{datetime.now(CHINA):%Y-%m-%d}")
                self._base.execute("INSERT OR REPLACE INTO corrected (person, item, value, day) VALUES (?, ?, ?, ?)", entry)

    def _found(self, column: str, value: str) -> tuple[Reply, bytes]:
        statement = f"SELECT number, key, asked_at, state, reason, contents FROM correction WHERE {column} = ?"  # noqa: S608
        row = self._base.execute(statement, (value,)).fetchone()
        if row is None:
            raise NotFoundException()
        item = str(json.loads(row[5]).get("item", ""))
        return Reply(row[0], row[1], item, row[2], row[3], row[4]), row[5]


def tell(place: Place, judges: Judges) -> None:
    """Tells a running department's officer what to do from now on."""
    path = place.state / "demo" / f"{place.code}.judges"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(judges, "ascii")


def routes(corrections: Corrections) -> list[HTTPRouteHandler]:
    """How the hall reaches the book."""

    @post("/corrections", status_code=201, request_max_body_size=LARGEST_REQUEST)
    async def ask(request: Request[Any, Any, Any], key: Annotated[str, Parameter(header="Idempotency-Key")]) -> Reply:
        contents = await request.body()
        try:
            understood = isinstance(json.loads(contents), dict)
        except ValueError:
            understood = False
        if not understood:
            raise ClientException()
        return corrections.ask(key, contents)

    @get("/corrections/{number:str}")
    async def reply(number: str) -> Reply:
        return corrections.reply(number)

    return [ask, reply]


def _told(place: Place) -> Judges:
    try:
        return Judges((place.state / "demo" / f"{place.code}.judges").read_text("ascii"))
    except (OSError, ValueError):
        return Judges.CORRECT
