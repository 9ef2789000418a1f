"""What the hall overview reads; it changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from flows.application import Status
from hall.store.database import Commands
from hall.store.dead_letters import Counts
from hall.store.overview import CaseTimes, LastCalled, Presence, SittingAt, WaitingGroup
from hall.store.row import Row, instant
from hall.store.transaction import Transaction
from hall.working_day import SHANGHAI


def cases_of_day(tx: Transaction, day: date) -> Sequence[CaseTimes]:
    until = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    ends: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for row in tx.all("ends_of_day", day=day, until=until):
        ends[row["visit"]].append((row["event"], datetime.fromisoformat(row["at"])))
    sent = {row["visit"]: row for row in tx.all("sent_of_day", day=day)}
    return [_case(row, tuple(ends[row["visit"]]), sent.get(row["visit"])) for row in tx.all("cases_of_day", day=day)]


def _case(row: Row, ends: tuple[tuple[str, datetime], ...], sent: Row | None) -> CaseTimes:
    return CaseTimes(
        visit=row["visit"],
        matter=row["matter"],
        issued_at=datetime.fromisoformat(row["issued_at"]),
        began_at=instant(row["began_at"]),
        at_terminal=bool(row["terminal"]) and not row["terminal"].startswith("window:"),
        ends=ends,
        accepted_at=instant(sent["accepted_at"]) if sent else None,
        missing=int(sent["missing"]) if sent else 0,
        by_hand=int(sent["by_hand"]) if sent else 0,
    )


def sittings_at(tx: Transaction) -> Mapping[str, SittingAt]:
    found: dict[str, SittingAt] = {}
    for row in tx.all("sessions_at_windows"):
        started, seen = datetime.fromisoformat(row["started_at"]), datetime.fromisoformat(row["seen_at"])
        before = found.get(row["window"])
        if before is None or before.seen_at < seen:
            found[row["window"]] = SittingAt(started, seen, instant(row["locked_at"]))
    return found


def last_called(tx: Transaction, windows: Sequence[str]) -> Mapping[str, LastCalled]:
    rows = {window: tx.one("last_of_window", window=window) for window in windows}
    return {window: _last(row) for window, row in rows.items() if row is not None}


def _last(row: Row) -> LastCalled:
    since, decided = instant(row["calls_since"]), instant(row["decided_at"])
    return LastCalled(row["number"], row["matter"], Status(row["status"]), since, decided)


def _group(row: Row) -> WaitingGroup:
    return WaitingGroup(row["matter"], row["class"], int(row["waiting"]), datetime.fromisoformat(row["since"]))


def _days(tx: Transaction) -> tuple[date, date] | None:
    row = tx.one("first_number")
    return (date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) if row and row["first"] else None


class OverviewCommands(Commands):
    """See hall.store.overview.OverviewStore."""

    async def waiting_groups(self, day: date, most: int) -> Sequence[WaitingGroup]:
        return [_group(row) for row in await self.read(lambda tx: tx.all("waiting_groups", day=day, most=most))]

    async def sittings_at(self) -> Mapping[str, SittingAt]:
        return await self.read(sittings_at)

    async def last_called(self, windows: Sequence[str]) -> Mapping[str, LastCalled]:
        return await self.read(lambda tx: last_called(tx, windows))

    async def deliveries_open(self) -> Mapping[str, Counts]:
        rows = await self.read(lambda tx: tx.all("deliveries_open"))
        return {r["department"]: Counts(int(r["under_way"]), int(r["troubled"]), int(r["dead"])) for r in rows}

    async def cases_of_day(self, day: date) -> Sequence[CaseTimes]:
        return await self.read(lambda tx: cases_of_day(tx, day))

    async def presence(self, since: datetime, until: datetime) -> Sequence[Presence]:
        rows = await self.read(lambda tx: tx.all("presence", since=since, until=until))
        return [Presence(r["window"], datetime.fromisoformat(r["at"]), r["event"]) for r in rows if r["window"]]

    async def days(self) -> tuple[date, date] | None:
        return await self.read(_days)
