"""The commands of the line, and what is read of it: a page, counts that stop, measured times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flows.application import Status
from hall.store.database import Commands
from hall.store.line import MOST_COUNTED, Handled, LinePage, Measured, TicketMove, Turn
from hall.store.line_rows import call_next, move_ticket, turn_day
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.standing import Standing
from hall.store.ticket_rows import standing_of
from hall.store.transaction import Transaction
from hall.windows import ANY, Scope

MOST_HELD = 50
SHOWN_APART = (Status.SUBMITTED, Status.CALLED, Status.HELD)


def line_page(tx: Transaction, day: date, most: int, skip: int, recent: int) -> LinePage:
    others = [one for status in Status if status not in SHOWN_APART for one in _in_status(tx, day, status, recent)]
    return LinePage(
        waiting=_standings(tx.all("waiting", day=day, most=most, skip=skip)),
        at_windows=_standings(tx.all("at_windows")),
        held=_in_status(tx, day, Status.HELD, MOST_HELD)[::-1],
        others=tuple(others),
        tallies={status: _tally(tx, day, status) for status in Status},
        later=int(tx.all("line_tally_later", day=day, most=MOST_COUNTED)[0]["count"]),
    )


def ahead(tx: Transaction, day: date, visit: str | None, most: int) -> int | None:
    if visit is None:
        return int(tx.all("ahead_of_line", day=day, most=most)[0]["ahead"])
    row = tx.one("ticket", visit=visit)
    if row is None or row["status"] != Status.SUBMITTED:
        return None
    return int(tx.all("ahead", day=row["queue_day"], due=row["due"], id=row["id"], most=most)[0]["ahead"])


def stranded(tx: Transaction, day: date, lines: Sequence[tuple[str, str]], at: datetime) -> tuple[tuple[str, str], ...]:
    def waits(line: str, matter: str) -> bool:
        if line:
            return tx.one("head_meant", line=line, day=day, at=at) is not None
        return tx.one("head_of_matter", matter=matter, day=day, at=at) is not None

    return tuple((line, matter) for line, matter in lines if waits(line, matter))


def _in_status(tx: Transaction, day: date, status: Status, most: int) -> tuple[Standing, ...]:
    return _standings(tx.all("in_status", day=day, status=status, most=most))


def _tally(tx: Transaction, day: date, status: Status) -> int:
    return int(tx.all("line_tally", day=day, status=status, most=MOST_COUNTED)[0]["count"])


def _standings(rows: Sequence[Row]) -> tuple[Standing, ...]:
    return tuple(standing_of(row) for row in rows)


def _measured(row: Row) -> Measured:
    return Measured(
        visit=row["visit"],
        number=row["number"],
        matter=row["matter"],
        line_class=row["class"],
        window=row["window"],
        arrived_at=instant(row["arrived_at"]),
        called_at=instant(row["called_first_at"]),
        opened_at=instant(row["opened_at"]),
        decided_at=instant(row["decided_at"]),
        doubts=frozenset(row["doubts"].split()),
    )


def _handled(row: Row) -> Handled:
    called, decided = datetime.fromisoformat(row["called_first_at"]), datetime.fromisoformat(row["decided_at"])
    return Handled(row["matter"], called, decided, frozenset(row["doubts"].split()))


class LineCommands(Commands):
    """See hall.store.line.LineStore."""

    async def call_next(self, day: date, request: Request, scope: Scope = ANY) -> str | None:
        return await self.write(lambda tx: call_next(tx, day, request, scope))

    async def move_ticket(self, move: TicketMove, request: Request) -> Status:
        return await self.write(lambda tx: move_ticket(tx, move, request))

    async def turn_day(self, turn: Turn, request: Request, most: int = 200) -> int:
        return await self.write(lambda tx: turn_day(tx, turn, request, most))

    async def line_page(self, day: date, *, most: int, skip: int = 0, recent: int = 20) -> LinePage:
        return await self.read(lambda tx: line_page(tx, day, most, skip, recent))

    async def ahead(self, day: date, visit: str | None, most: int) -> int | None:
        return await self.read(lambda tx: ahead(tx, day, visit, most))

    async def stranded(self, day: date, lines: Sequence[tuple[str, str]], at: datetime) -> tuple[tuple[str, str], ...]:
        return await self.read(lambda tx: stranded(tx, day, lines, at))

    async def open_windows(self, since: datetime, earliest: datetime) -> tuple[str, ...]:
        rows = await self.read(lambda tx: tx.all("open_windows", since=since, earliest=earliest))
        return tuple(str(row["window"]) for row in rows)

    async def busy_windows(self) -> tuple[str, ...]:
        return tuple(str(row["window"]) for row in await self.read(lambda tx: tx.all("busy_windows")))

    async def beside(self, window: str) -> tuple[Standing, ...]:
        return await self.read(lambda tx: _standings(tx.all("beside", window=window)))

    async def step_times(self, day: date) -> tuple[Measured, ...]:
        return tuple(_measured(row) for row in await self.read(lambda tx: tx.all("step_times", day=day)))

    async def handled(self, day: date, most: int) -> tuple[Handled, ...]:
        rows = await self.read(lambda tx: tx.all("handled", day=day, most=most))
        return tuple(_handled(row) for row in rows if row["called_first_at"])
