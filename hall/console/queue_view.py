"""The queue as the console draws it: today's tickets, and the one at this window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.application import Status
from hall.case import QueueLine
from hall.console import words
from hall.console.clock import at_time, waited


@dataclass(frozen=True)
class QueueRow:
    """One ticket. `mine`: it is at this clerk's window."""

    visit: str
    number: str
    matter: str
    status: Status
    status_word: str
    waited: str
    issued: str
    window: str
    calls: int
    mine: bool


@dataclass(frozen=True)
class QueueView:
    """`held` is the ticket this window has called and not decided."""

    rows: tuple[QueueRow, ...]
    waiting: int
    held: QueueRow | None

    @property
    def standings(self) -> tuple[tuple[Status, int], ...]:
        return tuple((status, sum(row.status is status for row in self.rows)) for status in Status)


def queue_view(lines: Iterable[QueueLine], window: str, now: datetime) -> QueueView:
    rows = tuple(_row(line, window, now) for line in lines)
    held = next((row for row in rows if row.mine and row.status is Status.CALLED), None)
    return QueueView(rows, sum(row.status is Status.SUBMITTED for row in rows), held)


def _row(line: QueueLine, window: str, now: datetime) -> QueueRow:
    waiting = line.status is Status.SUBMITTED
    return QueueRow(
        visit=line.ticket.visit,
        number=line.ticket.number,
        matter=line.matter_title,
        status=line.status,
        status_word=words.STATUS[line.status],
        waited=waited(line.ticket.issued_at, now) if waiting else "",
        issued=at_time(line.ticket.issued_at)[:5],
        window="" if waiting else line.window,
        calls=line.calls,
        mine=line.window == window and not waiting,
    )
