"""A department that makes documents: how far each application is, over time, and the feed that tells it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from hall.demo.acceptances import CHINA, Acceptances, Receipt
from hall.demo.behaviour import Place

TABLE = """
CREATE TABLE IF NOT EXISTS progress (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL,
  state TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (number, state)
)"""
PART = 200


@dataclass(frozen=True)
class Pace:
    """Seconds after which it begins to make a document, has it ready, and it was collected or posted."""

    making: float = 20.0
    ready: float = 90.0
    gone: float = 600.0


class Making:
    """Its officers work when somebody asks: what is due by then was done at its time."""

    def __init__(self, place: Place, acceptances: Acceptances) -> None:
        self._place, self._acceptances = place, acceptances
        self._base = sqlite3.connect(place.folder / "progress.sqlite", isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute(TABLE)

    def since(self, mark: str) -> dict[str, Any]:
        """What is new after a mark, the number of the last message."""
        self._work(datetime.now(CHINA))
        after = int(mark) if mark.isdecimal() else 0
        rows = self._base.execute(
            "SELECT serial, number, state, at FROM progress WHERE serial > ? ORDER BY serial LIMIT ?", (after, PART + 1)
        ).fetchall()
        page = rows[:PART]
        entries = [{"id": str(serial), "number": number, "state": state, "at": at} for serial, number, state, at in page]
        return {"entries": entries, "mark": str(page[-1][0]) if page else mark, "more": len(rows) > len(page)}

    def close(self) -> None:
        self._base.close()

    def _work(self, now: datetime) -> None:
        pace = told(self._place)
        steps = [step for receipt, contents in self._acceptances.everything() for step in _steps(receipt, contents, pace)]
        for at, number, state in sorted((step for step in steps if step[0] <= now), key=lambda step: step[0]):
            self._base.execute(
                "INSERT INTO progress (number, state, at) VALUES (?, ?, ?) ON CONFLICT (number, state) DO NOTHING",
                (number, state, at.isoformat(timespec="seconds")),
            )


def _steps(receipt: Receipt, contents: bytes, pace: Pace) -> Iterator[tuple[datetime, str, str]]:
    """In this department's own words. What is posted is never ready to be collected."""
    if receipt.state == "refused" or receipt.outcome == "withdrawn":
        return
    begin = datetime.fromisoformat(receipt.acceptedAt)
    posted = json.loads(contents).get("answers", {}).get("delivery", {}).get("value") == "EMS"
    yield begin + timedelta(seconds=pace.making), receipt.number, "ZZ"
    if not posted:
        yield begin + timedelta(seconds=pace.ready), receipt.number, "DL"
    yield begin + timedelta(seconds=pace.gone), receipt.number, "YJ" if posted else "YL"


def tell(place: Place, pace: Pace) -> None:
    """Tells a running department how fast it works from now on."""
    path = place.state / "demo" / f"{place.code}.pace"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{pace.making:g} {pace.ready:g} {pace.gone:g}", "ascii")


def told(place: Place) -> Pace:
    try:
        return Pace(*map(float, (place.state / "demo" / f"{place.code}.pace").read_text("ascii").split()))
    except (OSError, ValueError, TypeError):
        return Pace()


def routes(making: Making) -> list[HTTPRouteHandler]:
    """The feed."""

    @get("/progress")
    async def progress(since: FromQuery[str] = "") -> dict[str, Any]:
        return making.since(since)

    return [progress]
