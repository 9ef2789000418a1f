"""The nightly reconciliation: what every department has, compared with what it was sent and said to have."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from hall.config import Plan
from hall.delivery import delivery_key
from hall.departments.connection import DepartmentFailure
from hall.store.reconciliations import Compared, FindingKind, Mismatch, Sent
from hall.store.request import Request
from hall.store.store import Store
from hall.targets import Differs, Held
from hall.working_day import SHANGHAI, Clock, working_day

log = logging.getLogger(__name__)

LEASE = timedelta(hours=2)
MARGIN = timedelta(days=2)
"""A department's clock may be wrong: its list is asked for from this much earlier."""
PACE_S = 0.2
"""Between two that are read back one by one: the department has other things to do."""
ASKED_S = 15.0
LISTED_S = 600.0
MOST_FOUND = 2000
KEEP = timedelta(days=400)
HELD_FOR = timedelta(days=60)
LOOK_S = 60.0


class Comparable(Protocol):
    """A department as it is asked what it has."""

    @property
    def department(self) -> str: ...

    async def listed(self, since: datetime) -> Sequence[Held] | None: ...

    async def read_back(self, key: str, number: str, sent: str) -> bool: ...


class Reconciliation:
    """Once a day and department, over however many processes; a department that does not answer has its line, and the
    next night goes on."""

    def __init__(
        self,
        store: Store,
        departments: Sequence[Comparable],
        clock: Clock,
        plan: Plan,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._departments = tuple(departments)
        self._clock = clock
        self._plan = plan
        self._rest = rest

    @property
    def plan(self) -> Plan:
        return self._plan

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(one.department for one in self._departments)

    async def run(self) -> None:
        """For ever. A hall that was off at the time does it when it is back."""
        while True:
            try:
                if self.due():
                    await self.night()
            except Exception as error:  # the store is away; its error may hold a row, so only its type is logged
                log.error("reconciliation_stopped", extra={"error": type(error).__name__})
            await asyncio.sleep(LOOK_S)

    def due(self) -> bool:
        """Whether today's time has come: in the hall, not in UTC."""
        return self._clock().astimezone(SHANGHAI).time() >= self._plan.at

    async def asked(self, clerk: str, window: str, key: str) -> bool:
        """A person wants it done once more today; False for the same click again."""
        return await self._store.reconciliation_asked(Request(key, f"clerk:{clerk}", self._clock(), window))

    async def night(self, only: str = "", by: str = "hall", *, again: bool = False) -> int:
        """Every department at once; how many were compared. `again` compares what was compared today once more."""
        day = working_day(self._clock())
        chosen = [one for one in self._departments if only in ("", one.department)]
        done = await asyncio.gather(*(self._department(day, one, by, again=again) for one in chosen))
        if any(done):
            await self._store.forget_reports(day - KEEP)
        return sum(done)

    async def _department(self, day: date, department: Comparable, by: str, *, again: bool) -> bool:
        began, code = self._clock(), department.department
        if not await self._store.claim_reconciliation(day, code, began, began + LEASE, again=again):
            return False
        compared = await self._compared(department)
        log.info("reconciled", extra={"department": code, "problem": compared.problem, "found": len(compared.found)})
        await self._store.keep_report(day, code, began, compared, Request("", by, self._clock()))
        # What lost cases may have lost messages too, e.g. to an old backup: its feed is read anew, repeats are harmless.
        lost = compared.count(FindingKind.MISSING) > 0
        await self._store.tidy_feed(code, self._clock() - HELD_FOR, rewind=lost)
        return True

    async def _compared(self, department: Comparable) -> Compared:
        since = self._clock() - timedelta(days=self._plan.days)
        ours = await self._store.accepted_since(department.department, since)
        try:
            async with asyncio.timeout(LISTED_S):
                theirs = await department.listed(since - MARGIN)
            if theirs is None:
                return await self._one_by_one(department, ours)
            return await self._beside(department, ours, theirs)
        except DepartmentFailure as failure:
            return Compared(problem=failure.reason)
        except TimeoutError:
            return Compared(problem="late")
        except Exception as error:  # one department's nonsense ends no other's comparison
            log.error("reconciliation_broke", extra={"department": department.department, "error": type(error).__name__})
            return Compared(problem="broken")

    async def _beside(self, department: Comparable, ours: Sequence[Sent], theirs: Sequence[Held]) -> Compared:
        code = department.department
        beside = compare(ours, theirs, code)
        # Not on the list may only mean that the department's clock is wrong.
        asked = await self._one_by_one(department, beside.absent)
        surplus = [one for each in beside.surplus if (one := await self._surplus(code, each)) is not None]
        found = (*beside.different, *asked.found, *surplus)
        return Compared(beside.matched + asked.matched, found[:MOST_FOUND])

    async def _one_by_one(self, department: Comparable, ours: Sequence[Sent]) -> Compared:
        found: list[Mismatch] = []
        for position, one in enumerate(ours):
            if position:
                await self._rest(PACE_S)
            key = "" if one.by_hand else delivery_key(one.subject, department.department)
            try:
                async with asyncio.timeout(ASKED_S):
                    there = await department.read_back(key, one.number, one.sent)
                if not there:
                    found.append(Mismatch(FindingKind.MISSING, one.subject, one.number))
            except Differs:
                found.append(Mismatch(FindingKind.DIFFERENT, one.subject, one.number, one.number))
        return Compared(len(ours) - len(found), tuple(found))

    async def _surplus(self, department: str, held: Held) -> Mismatch | None:
        """None for what the hall knows of all the same: older than the days compared, or on its way just now."""
        if await self._store.has_number(department, held.number):
            return None
        subject, _, told = held.key.rpartition(":")
        known = await self._store.delivery_known(department, subject) if told == department else "unknown"
        if known == "under_way":
            return None
        return Mismatch(FindingKind.SURPLUS, "" if known == "unknown" else subject, "", held.number)


@dataclass(frozen=True)
class Beside:
    """Both sides beside one another: what is the same, what is not, and what only one of them has."""

    matched: int
    different: tuple[Mismatch, ...]
    absent: tuple[Sent, ...]
    surplus: tuple[Held, ...]


def compare(ours: Sequence[Sent], theirs: Iterable[Held], department: str) -> Beside:
    """A list by itself. A case is found by the department's number; one that was carried by hand has no key there."""
    wanted = {one.number: one for one in ours}
    seen: dict[str, bool] = {}
    surplus = []
    for held in theirs:
        one = wanted.get(held.number)
        if one is None:
            surplus.append(held)
            continue
        same_key = one.by_hand or held.key == delivery_key(one.subject, department)
        same = not one.sent or not held.fingerprint or one.sent == held.fingerprint
        seen[one.number] = seen.get(one.number, True) and same_key and same
    different = [
        Mismatch(FindingKind.DIFFERENT, one.subject, one.number, one.number) for one in ours if not seen.get(one.number, True)
    ]
    absent = tuple(one for one in ours if one.number not in seen)
    return Beside(sum(seen.values()), tuple(different), absent, tuple(surplus))
