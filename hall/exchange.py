"""One identity to many departments: in parallel, under one deadline, each with one of four outcomes for every item."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from flows.application import Identity, Lookup, Outcome, Record, SourceAnswer
from flows.flow import Flow, Matters
from flows.matters import MATTERS
from hall.asking import Department, ended
from hall.catalogue import Catalogue
from hall.departments.connection import OWN_KEY, Access, Connection, Purpose
from hall.errors import NotAllowed, NotKnown
from hall.inquiries import Inquiry, inquiries
from hall.ledger import AccessLog, Ledger
from hall.memory import Mark, Memory
from hall.metrics import Metrics
from hall.rounds import Round, persons, together
from hall.working_day import Clock, utc_now, working_day

__all__ = ["BUDGET_S", "AccessLog", "Collected", "Exchange", "Purpose"]

BUDGET_S = 3.0
LAST_WORD = 0.95
"""The share of the budget after which nobody is waited for: what comes after the last answer is within it too."""
LIBRARY_S = 0.25
"""What is kept of that for the base library, when there is one."""


class Collected(Protocol):
    """The hall's base library: what it collected from a department before that fell silent."""

    async def kept(self, department: str, key: str, items: Sequence[str]) -> tuple[datetime, tuple[Record, ...]] | None:
        """When it was collected, and the records; None when the library has nothing under this key."""
        ...


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
        library: Collected | None = None,
        budget_s: float = BUDGET_S,
        clock: Clock = utc_now,
    ) -> None:
        by_code = {connection.code: connection for connection in connections}
        self.metrics = Metrics()
        self._departments = {code: Department(by_code[code], budget_s, self.metrics) for code in catalogue.order}
        self._catalogue = catalogue
        self._access_log = access_log
        self._matters = matters
        self._library = library
        self._budget_s = budget_s
        self._clock = clock
        self._memory = Memory()

    async def lookup(
        self,
        identity: Identity,
        items: Sequence[str],
        purpose: Purpose,
        *,
        guardian: Identity | None = None,
        fresh: bool = False,
    ) -> Lookup:
        """What the departments know of this person, never later than the budget.

        A department that has none of the items does not appear. Of a guardian only what the matter declares is
        asked, within the same budget. What a department said a moment ago in the same visit is taken unless `fresh`.
        """
        if not set(items) <= set(self._flow(purpose).items):
            raise NotAllowed()
        until, ledger = asyncio.get_running_loop().time() + self._budget_s * LAST_WORD, Ledger(self._access_log)
        today = working_day(self._clock())
        rounds = [
            Round(person, names, inquiries(self._catalogue, tuple(names), purpose.matter, today), purpose, until, ledger, fresh)
            for person, names in persons(identity, guardian, items)
        ]
        return Lookup(self._clock(), together(await self._all(rounds)))

    def forget(self, visit: str) -> None:
        """The visit is left or decided: what departments said in it is not used again."""
        self._memory.forget(visit)

    async def close(self) -> None:
        for department in self._departments.values():
            await department.connection.close()

    def _flow(self, purpose: Purpose) -> Flow:
        matters = self._matters
        known = matters.version(purpose.matter, purpose.flow_version) if purpose.flow_version else matters.get(purpose.matter)
        if known is None:
            raise NotKnown()
        return known

    async def _all(self, rounds: Sequence[Round]) -> list[SourceAnswer]:
        for one in rounds:
            for inquiry in one.inquiries:
                one.asking[inquiry.department] = asyncio.create_task(self._answer(inquiry, one))
        asking = [task for one in rounds for task in one.asking.values()]
        try:
            return await asyncio.gather(*asking)
        finally:
            await ended(asking)

    async def _answer(self, inquiry: Inquiry, one: Round) -> SourceAnswer:
        """One department's answer in one round, from wherever it comes."""
        department = self._departments[inquiry.department]
        connection, withheld = department.connection, inquiry.withheld
        blank = SourceAnswer(connection.code, connection.title, Outcome.NOT_ASKED, withheld=withheld)
        if not inquiry.items:
            answer = replace(blank, reason=next(iter(withheld.values())))
        elif not (key := await self._key(connection.key, one)):
            answer = replace(blank, reason="no_key")
        elif (remembered := self._remembered(inquiry, key, one)) is not None:
            answer = replace(remembered, withheld=withheld)
        else:
            answer = await self._asked(department, replace(blank, asked=inquiry.items), key, one)
        self.metrics.answered(answer.department, answer.outcome, answer.reason)
        return one.answer(answer)

    async def _key(self, item: str, one: Round) -> str:
        """By what a department finds this person: the number; or what others tell, the one with authority first, ""
        when nobody does."""
        if item == OWN_KEY:
            return one.person
        tellers = [inquiry.department for inquiry in one.inquiries if item in inquiry.items]
        for code in sorted(tellers, key=self._catalogue.suppliers.get(item, ()).index):
            # One that needs a key itself could wait for this very answer.
            if self._departments[code].connection.key == OWN_KEY:
                answer = await asyncio.shield(one.asking[code])
                found = next((record.value for record in answer.records if record.item == one.names[item]), "")
                if found:
                    return found
        return ""

    def _remembered(self, inquiry: Inquiry, key: str, one: Round) -> SourceAnswer | None:
        mark = Mark(one.purpose, one.person, inquiry.department, key)
        remembered = None if one.fresh else self._memory.recall(mark, inquiry.items)
        if remembered is not None:
            self.metrics.remembered(inquiry.department)
        return remembered

    async def _asked(self, department: Department, blank: SourceAnswer, key: str, one: Round) -> SourceAnswer:
        """Asks the department, and the base library where that stays silent."""
        access = Access(one.purpose, blank.department, one.named(blank.asked), one.person)
        told = await department.ask(
            key,
            blank.asked,
            one.purpose,
            until=one.until - (LIBRARY_S if self._library else 0),
            written=lambda: one.ledger.write(access),
        )
        answer = replace(blank, outcome=told.outcome, reason=told.reason or "", elapsed_ms=told.elapsed_ms)
        if told.reason is None:
            records = _only(told.records, blank.asked)
            answer = replace(answer, records=records, collected_at=_known_at(records))
            mark = Mark(one.purpose, one.person, blank.department, key)
            self._memory.keep(mark, replace(answer, heard_at=self._clock(), withheld={}))
        elif told.reason != "wrong_person":
            answer = await self._collected(answer, replace(access, from_library=True), key, one)
        return answer

    async def _collected(self, silent: SourceAnswer, access: Access, key: str, one: Round) -> SourceAnswer:
        """What was collected of a silent department. That nothing was collected is not the department's word that it
        has no record, so it stays silent then."""
        if self._library is None:
            return silent
        try:
            async with asyncio.timeout_at(one.until):
                await one.ledger.write(access)
                kept = await self._library.kept(silent.department, key, silent.asked)
        except TimeoutError:
            return silent
        collected_at, records = kept if kept is not None else (None, ())
        told = _only(records, silent.asked)
        return replace(silent, outcome=Outcome.RECORD, records=told, collected_at=collected_at) if told else silent


def _known_at(records: Sequence[Record]) -> datetime | None:
    """When the oldest of the records that are passed on was so; None when a department told its own."""
    return min((record.known_at for record in records if record.known_at is not None), default=None)


def _only(records: Sequence[Record], items: Sequence[str]) -> tuple[Record, ...]:
    """Without what was told unasked."""
    return tuple(record for record in records if record.item in items)
