"""Commands on the terminals' words about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flows.heartbeat import Heartbeat
from flows.wire import from_json, to_json
from hall.store.database import Commands
from hall.store.row import Row, Value
from hall.store.terminal_states import Heard
from hall.store.transaction import Transaction


class TerminalStateCommands(Commands):
    """See hall.store.terminal_states.TerminalStateStore."""

    async def keep_beat(self, heard: Heard) -> None:
        await self.write(lambda tx: _keep(tx, heard))

    async def beats(self) -> Sequence[Heard]:
        return [_heard(row) for row in await self.read(lambda tx: tx.all("terminal_states"))]

    async def changes_of(self, terminal: str, since: datetime) -> Sequence[Heard]:
        return [_heard(row) for row in await self.read(lambda tx: tx.all("terminal_changes", terminal=terminal, since=since))]

    async def forget_beats(self, before: datetime) -> None:
        await self.write(lambda tx: tx.all("forget_terminal_changes", before=before))


def _keep(tx: Transaction, heard: Heard) -> None:
    before = tx.one("terminal_state", terminal=heard.terminal)
    values: dict[str, Value] = {"terminal": heard.terminal, "at": heard.at, "state": to_json(heard.said).decode()}
    tx.all("keep_terminal_state", **values)
    if before is None or _what_counts(_heard(before).said) != _what_counts(heard.said):
        tx.all("add_terminal_change", **values)


def _what_counts(said: Heartbeat) -> tuple[object, ...]:
    return said.software, said.started_at, [part.standing for part in said.parts], said.outbox


def _heard(row: Row) -> Heard:
    return Heard(row["terminal"], datetime.fromisoformat(row["at"]), from_json(Heartbeat, row["state"]))
