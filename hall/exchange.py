"""One identity to many departments: in parallel, under one deadline, each with one of four outcomes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from flows.application import Identity, Lookup, Outcome, Record, SourceAnswer
from flows.flow import Flow, Matters
from flows.items import ITEMS
from flows.matters import MATTERS
from hall.catalogue import Catalogue
from hall.departments.connection import OWN_KEY, Access, Connection, DepartmentFailure, Finding, Purpose
from hall.errors import NotAllowed, NotKnown

__all__ = ["AccessLog", "Breaker", "Exchange", "Purpose"]

log = logging.getLogger(__name__)

BUDGET_S = 3.0
FAILURES_TO_OPEN = 3
FIRST_REST_S = 5.0
LONGEST_REST_S = 60.0

GUARDIANS: Mapping[str, str] = {
    "guardian.household_number": "household.number",
    "guardian.household_relation": "household.relation",
}
"""Items about a guardian, and what they are called in the guardian's own record."""

AccessLog = Callable[[Access], Awaitable[None]]
"""Writes down that a department is about to be asked; if it raises, nobody is asked."""


@dataclass
class Breaker:
    """Spares a failing department: three failures in a row open it, then one probe after each rest."""

    clock: Callable[[], float]
    reason: str = ""
    _failures: int = 0
    _rest_s: float = FIRST_REST_S
    _until: float = 0.0

    def admits(self) -> bool:
        """Whether to ask now."""
        if self._failures < FAILURES_TO_OPEN:
            return True
        if self.clock() < self._until:
            return False
        # The probe holds the door for one rest: when its asker goes away, it says nothing about
        # the department, and the next asker probes.
        self._until = self.clock() + self._rest_s
        return True

    def succeeded(self) -> None:
        self._failures, self._rest_s = 0, FIRST_REST_S

    def failed(self, reason: str) -> None:
        self._failures, self.reason = self._failures + 1, reason
        if self._failures >= FAILURES_TO_OPEN:
            self._until = self.clock() + self._rest_s
            self._rest_s = min(self._rest_s * 2, LONGEST_REST_S)


@dataclass(frozen=True)
class _Round:
    """One person's look-up under way; `asking` is filled department by department, in order of authority.
    `named` are items that this visit knows by another name."""

    identity: Identity
    items: tuple[str, ...]
    purpose: Purpose
    until: float
    named: Mapping[str, str] = field(default_factory=dict)
    asking: dict[str, asyncio.Task[SourceAnswer]] = field(default_factory=dict)


class Exchange:
    """The only way to a department's records.

    `matters` are the matters that may be a purpose: no item is asked that the matter does not declare.
    """

    def __init__(
        self,
        connections: Sequence[Connection],
        catalogue: Catalogue,
        access_log: AccessLog,
        *,
        matters: Matters = MATTERS,
        budget_s: float = BUDGET_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        by_code = {connection.code: connection for connection in connections}
        self._connections = {code: by_code[code] for code in catalogue.order}
        self._catalogue = catalogue
        self._access_log = access_log
        self._matters = matters
        self._budget_s = budget_s
        self._breakers = {code: Breaker(monotonic) for code in self._connections}

    async def lookup(
        self, identity: Identity, items: Sequence[str], purpose: Purpose, *, guardian: Identity | None = None
    ) -> Lookup:
        """What the departments know of this person, never later than the budget.

        A department that has none of the items does not appear. Of a guardian only what the matter declares is
        asked, within the same budget.
        """
        if not set(items) <= set(self._flow(purpose).items):
            raise NotAllowed()
        until = asyncio.get_running_loop().time() + self._budget_s
        own = tuple(item for item in items if item not in GUARDIANS)
        rounds = [_Round(identity, own, purpose, until)]
        named = {GUARDIANS[item]: item for item in items if item in GUARDIANS}
        if guardian is not None and named:
            rounds.append(_Round(guardian, tuple(named), purpose, until, named))
        admitted = [await self._admitted(under_way) for under_way in rounds]
        for under_way, connections in zip(rounds, admitted, strict=True):
            self._begin(under_way, connections)
        asking = [task for under_way in rounds for task in under_way.asking.values()]
        answers = await _all(asking)
        count = len(rounds[0].asking)
        return Lookup(datetime.now(UTC), _together(answers[:count], answers[count:], named))

    async def check(self) -> dict[str, Sequence[Finding]]:
        """What a check finds, by department."""
        found = await asyncio.gather(*(connection.check() for connection in self._connections.values()))
        return dict(zip(self._connections, found, strict=True))

    async def close(self) -> None:
        for connection in self._connections.values():
            await connection.close()

    def _flow(self, purpose: Purpose) -> Flow:
        matters = self._matters
        known = matters.version(purpose.matter, purpose.flow_version) if purpose.flow_version else matters.get(purpose.matter)
        if known is None:
            raise NotKnown()
        return known

    def _concerned(self, under_way: _Round) -> list[Connection]:
        return [c for c in self._connections.values() if self._catalogue.items_from(c.code, under_way.items)]

    async def _admitted(self, under_way: _Round) -> list[Connection]:
        """Who is asked at once, written down before anybody is."""
        ready = [c for c in self._concerned(under_way) if c.key == OWN_KEY and self._breakers[c.code].admits()]
        await self._write_accesses(ready, under_way)
        return ready

    def _begin(self, under_way: _Round, admitted: Sequence[Connection]) -> None:
        for connection in self._concerned(under_way):
            if connection in admitted:
                told = self._ask(connection, under_way.identity.number, under_way)
            elif connection.key == OWN_KEY:
                told = self._spared(connection)
            else:
                told = self._ask_by_found_key(connection, under_way)
            under_way.asking[connection.code] = asyncio.create_task(told)

    async def _write_accesses(self, connections: Sequence[Connection], under_way: _Round) -> None:
        def items(code: str) -> tuple[str, ...]:
            return tuple(under_way.named.get(item, item) for item in self._catalogue.items_from(code, under_way.items))

        accesses = [Access(under_way.purpose, c.code, items(c.code), under_way.identity.number) for c in connections]
        await asyncio.gather(*(self._access_log(access) for access in accesses))

    async def _ask_by_found_key(self, connection: Connection, under_way: _Round) -> SourceAnswer:
        key = await self._found_key(connection.key, under_way)
        if not key:
            return SourceAnswer(connection.code, connection.title, Outcome.NOT_ASKED, reason="no_key")
        if not self._breakers[connection.code].admits():
            return await self._spared(connection)
        await self._write_accesses([connection], under_way)
        return await self._ask(connection, key, under_way)

    async def _found_key(self, item: str, under_way: _Round) -> str:
        """The key as the departments tell it, the one with authority first; "" when none does."""
        if item not in under_way.items:
            return ""
        for code in self._catalogue.suppliers[item]:
            if code in under_way.asking:
                answer = await asyncio.shield(under_way.asking[code])
                found = next((record.value for record in answer.records if record.item == item), "")
                if found:
                    return found
        return ""

    async def _spared(self, connection: Connection) -> SourceAnswer:
        reason = self._breakers[connection.code].reason
        return SourceAnswer(connection.code, connection.title, Outcome.NO_ANSWER, reason=reason)

    async def _ask(self, connection: Connection, key: str, under_way: _Round) -> SourceAnswer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        items = self._catalogue.items_from(connection.code, under_way.items)
        told: tuple[Record, ...] = ()
        reason = ""
        try:
            async with asyncio.timeout_at(min(began + connection.deadline_s, under_way.until)):
                told = await connection.look_up(key, items, under_way.purpose)
            _refuse_another(connection, key, told)
        except TimeoutError:
            reason = "late"
        except DepartmentFailure as failure:
            reason = failure.reason
        except Exception as error:
            # One badly behaved connection must not stop the form. The error may quote the answer,
            # so only its type is logged.
            log.error("department_connection_broke", extra={"department": connection.code, "error": type(error).__name__})
            reason = "garbled"
        self._judge(connection.code, reason)
        elapsed_ms = round((loop.time() - began) * 1000)
        if reason:
            return SourceAnswer(connection.code, connection.title, Outcome.NO_ANSWER, (), reason, elapsed_ms)
        outcome = Outcome.RECORD if told else Outcome.NO_RECORD
        asked_for = tuple(record for record in told if record.item in items)
        return SourceAnswer(connection.code, connection.title, outcome, asked_for, "", elapsed_ms)

    def _judge(self, code: str, reason: str) -> None:
        log.info("department_asked", extra={"department": code, "reason": reason})
        match reason:
            case "":
                self._breakers[code].succeeded()
            case "wrong_person":
                pass  # the fault of one record, not of the department's service
            case _:
                self._breakers[code].failed(reason)


async def _all(asking: Sequence[asyncio.Task[SourceAnswer]]) -> tuple[SourceAnswer, ...]:
    try:
        return tuple(await asyncio.gather(*asking))
    finally:
        for task in asking:
            task.cancel()


def _together(
    answers: Sequence[SourceAnswer], guardians: Sequence[SourceAnswer], named: Mapping[str, str]
) -> tuple[SourceAnswer, ...]:
    """One answer per department: what it told of the guardian goes under the guardian's items. How the asking
    ended is said of the applicant."""
    found = {answer.department: answer for answer in answers}
    for answer in guardians:
        told = tuple(replace(record, item=named[record.item]) for record in answer.records)
        own = found.get(answer.department, replace(answer, records=()))
        found[answer.department] = replace(own, records=(*own.records, *told))
    return tuple(found.values())


def _refuse_another(connection: Connection, key: str, told: Sequence[Record]) -> None:
    """An answer about somebody else, or that does not say about whom, is not kept."""
    normal = ITEMS[connection.key].kind.normal
    owners = {normal(record.value) for record in told if record.item == connection.key}
    if told and not owners:
        raise DepartmentFailure("garbled")
    if owners - {normal(key)}:
        raise DepartmentFailure("wrong_person")
