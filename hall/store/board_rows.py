"""Questions of the calling board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flows.application import Status
from hall.store.board import LastCall, SpokenCall
from hall.store.database import Commands
from hall.store.row import Row


class BoardCommands(Commands):
    """See hall.store.board.BoardStore."""

    async def calls_since(self, since: datetime, most: int) -> Sequence[LastCall]:
        return [_call(row) for row in await self.read(lambda tx: tx.all("calls_since", since=since, most=most))]

    async def waiting_on(self, day: date, most: int) -> int:
        return int(await self.read(lambda tx: tx.all("waiting_on", day=day, most=most)[0]["waiting"]))

    async def to_collect(self, most: int) -> Sequence[str]:
        return [str(row["number"]) for row in await self.read(lambda tx: tx.all("to_collect", most=most))]

    async def call_of_event(self, number: int) -> SpokenCall | None:
        row = await self.read(lambda tx: tx.one("call_of_event", number=number))
        return SpokenCall(row["number"], row["window"], row["name"] == "ticket_recalled") if row else None


def _call(row: Row) -> LastCall:
    at = datetime.fromisoformat(row["called_at"])
    return LastCall(row["number"], row["window"], int(row["calls"]), at, Status(row["status"]))
