"""Counts for open data: from the tickets and the audit's times, never from a sealed column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from hall.store.database import Commands
from hall.store.figures import CaseFigure
from hall.store.transaction import Transaction
from hall.working_day import SHANGHAI


def figures_of(tx: Transaction, day: date) -> Sequence[CaseFigure]:
    until = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return [
        CaseFigure(row["matter"], _waited_s(row["issued_at"], row["called_at"]), bool(row["done"]))
        for row in tx.all("figures_of", day=day, until=until)
    ]


class FigureCommands(Commands):
    """See hall.store.figures.FigureStore."""

    async def figures_of(self, day: date) -> Sequence[CaseFigure]:
        return await self.read(lambda tx: figures_of(tx, day))

    async def first_day(self) -> date | None:
        row = await self.read(lambda tx: tx.one("first_day"))
        return date.fromisoformat(row["day"]) if row and row["day"] else None


def _waited_s(issued_at: str, called_at: str | None) -> int | None:
    if called_at is None:
        return None
    return round((datetime.fromisoformat(called_at) - datetime.fromisoformat(issued_at)).total_seconds())
