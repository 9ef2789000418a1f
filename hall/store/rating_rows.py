"""Commands on ratings: the grade goes one way and the visit another, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from flows.wire import from_json, to_json
from hall.errors import NotKnown, RatedAlready, ScreenMoved
from hall.store.database import Commands
from hall.store.ratings import SERVED, CallBack, Contact, Counted, Given
from hall.store.request import Request
from hall.store.row import Row, Value, instant
from hall.store.screen_rows import turn_at
from hall.store.screens import Turn
from hall.store.transaction import Transaction


def rated(tx: Transaction, turn: Turn) -> bool:
    return tx.one("was_rated", visit=turn.visit, turn=turn.turn) is not None


def rate(tx: Transaction, given: Given, turn: Turn, since: datetime, request: Request) -> None:
    tx.once(request, lambda: _rate(tx, given, turn, since, request))


def _rate(tx: Transaction, given: Given, turn: Turn, since: datetime, request: Request) -> str:
    now = turn_at(tx, request.window)
    if now is None or now.about != turn.about or now.status not in SERVED or now.ended_at is None or now.ended_at < since:
        raise ScreenMoved
    if not tx.all("mark_rated", visit=now.visit, turn=now.turn):
        raise RatedAlready
    # By chance, not in order: where a row stands must not tell when it came.
    kept: dict[str, Value] = {"day": given.day, "at_window": request.window, "matter": now.matter, "grade": given.grade}
    tags = json.dumps(sorted(given.tags))
    tx.all("add_rating", id=str(uuid4()), tags=tags, **kept)
    if given.due is not None:
        one = str(uuid4())
        sealed = tx.key.seal(to_json(given.contact), "call_back", one) if given.contact else None
        tx.all("add_call_back", id=one, due=given.due, tags=tags, sealed=sealed, **kept)
    tx.event("rating_given", request.at, now.visit, request.window)
    tx.audit("rating_given", request, now.visit)
    return ""


def ratings_of(tx: Transaction, day: date) -> tuple[int, Sequence[Counted]]:
    served = tx.all("served_on", day=day)[0]["served"]
    rows = tx.all("ratings_of", day=day)
    return int(served), [
        Counted(row["at_window"], row["matter"], int(row["grade"]), tuple(json.loads(row["tags"])), int(row["ratings"]))
        for row in rows
    ]


def call_back(tx: Transaction, id: str, request: Request) -> CallBack:
    row = tx.one("call_back", id=id)
    if row is None:
        raise NotKnown
    tx.audit("call_back_shown", request, f"call_back:{id}")
    contact = from_json(Contact, tx.key.unseal(row["sealed"], "call_back", id)) if row["sealed"] else None
    return _call_back(row, contact)


def close_call_back(tx: Transaction, id: str, by: str, outcome: str, request: Request) -> None:
    def first() -> str:
        if not tx.all("close_call_back", id=id, at=request.at, by=by, outcome=outcome):
            raise NotKnown
        tx.event("call_back_closed", request.at, "")
        tx.audit("call_back_closed", request, f"call_back:{id}", outcome=outcome)
        return ""

    tx.once(request, first)


def _call_back(row: Row, contact: Contact | None = None) -> CallBack:
    return CallBack(
        row["id"],
        date.fromisoformat(row["day"]),
        date.fromisoformat(row["due"]),
        row["at_window"],
        row["matter"],
        int(row["grade"]),
        tuple(json.loads(row["tags"])),
        row["sealed"] is not None,
        instant(row["closed_at"]),
        row["closed_by"],
        row["outcome"],
        contact,
    )


class RatingCommands(Commands):
    """See hall.store.ratings.RatingStore."""

    async def rated(self, turn: Turn) -> bool:
        return await self.read(lambda tx: rated(tx, turn))

    async def rate(self, given: Given, turn: Turn, since: datetime, request: Request) -> None:
        await self.write(lambda tx: rate(tx, given, turn, since, request))

    async def ratings_of(self, day: date) -> tuple[int, Sequence[Counted]]:
        return await self.read(lambda tx: ratings_of(tx, day))

    async def call_backs(self, since: date) -> Sequence[CallBack]:
        return await self.read(lambda tx: [_call_back(row) for row in tx.all("call_backs", since=since)])

    async def call_back(self, id: str, request: Request) -> CallBack:
        return await self.write(lambda tx: call_back(tx, id, request))

    async def close_call_back(self, id: str, by: str, outcome: str, request: Request) -> None:
        await self.write(lambda tx: close_call_back(tx, id, by, outcome, request))
