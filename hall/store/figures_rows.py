"""Counts for open data: from the tickets and the audit's times, never from a sealed column."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from hall.store.database import SqliteDatabase
from hall.store.figures import CaseFigure
from hall.store.transaction import Transaction
from hall.working_day import working_day


def figures_of(tx: Transaction, day: date) -> Sequence[CaseFigure]:
    return [
        CaseFigure(row["matter"], _waited_s(row["issued_at"], row["called_at"]), _on_the_spot(day, row))
        for row in tx.all("figures_of", day=day)
    ]


class SqliteFigures(SqliteDatabase):
    """See hall.store.figures.FigureStore."""

    async def figures_of(self, day: date) -> Sequence[CaseFigure]:
        return self.read(lambda tx: figures_of(tx, day))

    async def first_day(self) -> date | None:
        row = self.read(lambda tx: tx.one("first_day"))
        return date.fromisoformat(row["day"]) if row and row["day"] else None


def _waited_s(issued_at: str, called_at: str | None) -> int | None:
    if called_at is None:
        return None
    return round((datetime.fromisoformat(called_at) - datetime.fromisoformat(issued_at)).total_seconds())


def _on_the_spot(day: date, row: sqlite3.Row) -> bool:
    status, accepted_at, returned = row["status"], row["accepted_at"], row["returned"]
    if status == "issued":
        return True
    return accepted_at is not None and not returned and working_day(datetime.fromisoformat(accepted_at)) == day
