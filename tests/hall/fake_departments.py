"""Departments in memory behind a real exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flows.application import Assurance, Identity, Lookup, Outcome, Record
from flows.flow import Flow, Matters
from hall.catalogue import Catalogue
from hall.datasets import Dataset, Sharing, Withheld
from hall.departments.connection import Access, Batch, DepartmentFailure, Finding, Purpose
from hall.errors import AuditUnavailable
from hall.exchange import Exchange
from tests.hall.virtual_time import VirtualTime

NUMBER = "440602199202299863"
ME = Identity(NUMBER, "吕晓岚", "2", date(1992, 2, 29), "resident_card", Assurance.SAM)
VISIT = Purpose("visit-1", "permit", "terminal:K07")
ITEMS = ("person.name", "household.address", "permit.number", "contact.mobile", "employment.credit_code", "company.name")
MATTERS = Matters([Flow(code="permit", version="1", title="", pages=(), needs=ITEMS)])
SUPPLIERS = {
    "household.address": ("household",),
    "person.name": ("household", "social_security"),
    "contact.mobile": ("social_security", "exit_entry"),
    "employment.credit_code": ("social_security",),
    "permit.number": ("exit_entry",),
    "company.name": ("market_regulation",),
}
ORDER = ("household", "social_security", "exit_entry", "market_regulation")
WHEN = datetime(2026, 9, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
COLLECTED = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
VALUES = {
    "household": {"person.number": NUMBER, "person.name": "吕晓岚", "household.address": "佛山市禅城区祖庙街道"},
    "social_security": {
        "person.number": NUMBER,
        "person.name": "吕晓岚",
        "contact.mobile": "13802845678",
        "employment.credit_code": "91440604MA9XK7P27D",
    },
    "exit_entry": {"person.number": NUMBER, "permit.number": "CB2345678", "contact.mobile": "13702840011"},
    "market_regulation": {"employment.credit_code": "91440604MA9XK7P27D", "company.name": "佛山市禅城区云岫软件有限公司"},
}


async def nothing() -> None:
    """A department that answers at once."""


async def for_ever() -> None:
    await asyncio.Event().wait()


def taking(*seconds: float) -> Callable[[], Awaitable[None]]:
    """As long as this for the first question, the second and so on; the last for all that follow."""
    left = list(seconds)

    async def take() -> None:
        await asyncio.sleep(left.pop(0) if len(left) > 1 else left[0])

    return take


def in_turn(*each: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Another behaviour for each question; the last for all that follow."""
    left = list(each)

    async def turn() -> None:
        await (left.pop(0) if len(left) > 1 else left[0])()

    return turn


def failing(error: Exception) -> Callable[[], Awaitable[None]]:
    async def fail() -> None:
        raise error

    return fail


@dataclass
class FakeDepartment:
    """Knows `values`; `before` runs before it answers."""

    code: str
    values: dict[str, str]
    key: str = "person.number"
    deadline_s: float = 5.0
    at_once: int = 16
    hedged: bool = False
    collects: bool = False
    before: Callable[[], Awaitable[None]] = nothing
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    @property
    def title(self) -> str:
        return self.code

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(self.values)

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        self.asked.append((key, tuple(items)))
        self.under_way += 1
        self.most_under_way = max(self.under_way, self.most_under_way)
        try:
            await self.before()
        finally:
            self.under_way -= 1
        return tuple(Record(item, value, self.code, WHEN) for item, value in self.values.items())

    async def check(self) -> Sequence[Finding]:
        return (Finding("look-up", "answers", good=True),)

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        raise DepartmentFailure("garbled")

    async def close(self) -> None: ...


def everything_shared(suppliers: Mapping[str, tuple[str, ...]], order: tuple[str, ...]) -> Catalogue:
    """A catalogue in which every department shares all it has with everybody."""
    since = date(2026, 1, 1)
    datasets = [
        Dataset(
            code=code,
            title=code,
            department=code,
            summary="",
            sharing=Sharing.UNCONDITIONAL,
            items=tuple(item for item, codes in suppliers.items() if code in codes),
            updated="daily",
            published=since,
            valid_from=since,
        )
        for code in order
    ]
    return Catalogue(suppliers, order, tuple(datasets), dict.fromkeys(order, ""))


@dataclass(frozen=True)
class Withholding(Catalogue):
    """A catalogue in which `why` says what may not be asked, by item and department."""

    why: Mapping[tuple[str, str], Withheld] = field(default_factory=dict)

    def withheld(self, item: str, department: str, matter: str, today: date) -> Withheld:
        return self.why.get((item, department), "")


@dataclass
class FakeLibrary:
    """What was collected, by department and key; remembers what was looked for."""

    collected: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    looked_for: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    before: Callable[[], Awaitable[None]] = nothing

    async def kept(self, department: str, key: str, items: Sequence[str]) -> tuple[datetime, tuple[Record, ...]] | None:
        self.looked_for.append((department, key, tuple(items)))
        await self.before()
        found = self.collected.get((department, key))
        if found is None:
            return None
        return COLLECTED, tuple(Record(item, value, department, WHEN) for item, value in found.items())


class Hall:
    """Four departments, an access log and an exchange over them."""

    def __init__(
        self,
        budget_s: float = 5.0,
        *,
        at_once: int = 16,
        hedged: bool = False,
        withheld: Mapping[tuple[str, str], Withheld] | None = None,
        library: FakeLibrary | None = None,
    ) -> None:
        self.household, self.social_security, self.exit_entry, self.market_regulation = self.departments = [
            FakeDepartment(code, dict(VALUES[code]), at_once=at_once, hedged=hedged) for code in ORDER
        ]
        self.market_regulation.key = "employment.credit_code"
        self.logged: list[tuple[str, tuple[str, ...]]] = []
        self.accesses: list[Access] = []
        self.now = NOON
        self.library = library
        self.log_refuses = ""
        self.time = VirtualTime()
        self.exchange = Exchange(
            self.departments,
            Withholding(SUPPLIERS, ORDER, (), {}, withheld or {}),
            self._write,
            matters=MATTERS,
            library=library,
            budget_s=budget_s,
            clock=lambda: self.now,
        )

    def lookup(self, items: Sequence[str] = ITEMS, purpose: Purpose = VISIT, *, fresh: bool = False) -> Lookup:
        return self.time.run(self.exchange.lookup(ME, items, purpose, fresh=fresh))

    async def _write(self, access: Access) -> None:
        if access.department == self.log_refuses:
            raise AuditUnavailable()
        self.accesses.append(access)
        self.logged.append((access.department, access.items))


def outcomes(found: Lookup) -> dict[str, tuple[Outcome, str]]:
    return {source.department: (source.outcome, source.reason) for source in found.sources}


WELL = (Outcome.RECORD, "")
