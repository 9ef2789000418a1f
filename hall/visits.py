"""What a terminal may ask of the hall in one visit: open, submit, leave; each may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from flows.application import Application, Identity, Lookup, Ticket
from flows.flow import Flow
from flows.matters import MATTERS
from flows.recheck import Problem, recheck
from flows.wire import OpenVisit, VisitOpened, to_json
from hall.errors import AnotherApplication, AnotherRequest, NotAllowed, NotKnown, NotTaken
from hall.exchange import Purpose
from hall.queue import HEAD_STARTS, line_class
from hall.store.store import KeptVisit, Place, Request, Store
from hall.working_day import Clock, working_day


class Records(Protocol):
    """The exchange, as far as visits and the desk need it."""

    async def lookup(self, identity: Identity, items: Sequence[str], purpose: Purpose) -> Lookup: ...


class Visits:
    """The visit's UUID is the key of everything: a repeat changes nothing and gets the first answer."""

    def __init__(self, store: Store, exchange: Records, clock: Clock, *, matters: Mapping[str, Flow] = MATTERS) -> None:
        self._store = store
        self._exchange = exchange
        self._clock = clock
        self._matters = matters

    async def open(self, visit: str, terminal: str, matter: str, identity: Identity) -> VisitOpened:
        """Asks the departments and keeps what they said with the visit, for the recheck."""
        flow = self._flow(matter)
        request = self._request(f"open:{visit}", terminal, to_json(OpenVisit(matter, identity)))
        repeated = await self._store.answered(request) is not None
        kept = await self._store.visit(visit)
        if repeated and kept is None:
            raise NotKnown
        if kept is None:
            lookup = await self._exchange.lookup(identity, flow.items, Purpose(visit, matter, request.by))
            fresh = KeptVisit(visit, terminal, matter, identity, lookup, working_day(request.at))
            kept = await self._store.keep_visit(fresh, request)
        _same_terminal(kept, terminal)
        return VisitOpened(kept.lookup, kept.today.isoformat())

    async def submit(self, visit: str, terminal: str, application: Application) -> Ticket:
        """Rechecks with the hall's own records, keeps the application and issues its ticket."""
        request = self._submission(visit, terminal, application)
        kept = await self._store.visit(visit)
        if kept is None:
            raise NotKnown
        return await self._submit_kept(kept, terminal, application, request, request.at)

    async def submit_sealed(self, visit: str, terminal: str, application: Application) -> Ticket:
        """From a terminal's outbox. A visit that was never opened here has no records to be checked
        against; they are looked up now, for the clerk."""
        request = self._submission(visit, terminal, application)
        kept = await self._store.visit(visit)
        if kept is not None:
            return await self._submit_kept(kept, terminal, application, request, application.submitted_at)
        if ticket := await self._earlier(request):
            return ticket
        flow = self._flow(application.matter)
        await self._check(flow, application, None, working_day(application.submitted_at), request)
        purpose = Purpose(visit, application.matter, request.by)
        lookup = await self._exchange.lookup(application.identity, flow.items, purpose)
        place = _place(application.identity, application.submitted_at, self._clock())
        return await self._keep(application, place, request, lookup)

    async def leave(self, visit: str, terminal: str) -> None:
        """The citizen is gone: the records of an unsubmitted visit go too."""
        kept = await self._store.visit(visit)
        if kept is not None:
            _same_terminal(kept, terminal)
        await self._store.leave(visit, self._request(f"leave:{visit}", terminal, b""))

    async def _submit_kept(
        self, kept: KeptVisit, terminal: str, application: Application, request: Request, arrived: datetime
    ) -> Ticket:
        _same_terminal(kept, terminal)
        if ticket := await self._earlier(request):
            return ticket
        if (application.matter, application.identity) != (kept.matter, kept.identity):
            await self._refuse((Problem("identity", "invented_source", "这一项与登记资料不一致"),), request, kept.visit)
        await self._check(self._flow(kept.matter), application, kept.lookup, kept.today, request)
        return await self._keep(application, _place(kept.identity, arrived, request.at), request)

    async def _check(self, flow: Flow, application: Application, lookup: Lookup | None, day: date, request: Request) -> None:
        if problems := recheck(flow, application, lookup, day):
            await self._refuse(problems, request, application.visit)

    async def _refuse(self, problems: tuple[Problem, ...], request: Request, visit: str) -> None:
        codes = " ".join(sorted({problem.code for problem in problems}))
        await self._store.audit("application_refused", request, visit, [problem.field for problem in problems], codes)
        raise NotTaken(problems)

    async def _earlier(self, request: Request) -> Ticket | None:
        try:
            return await self._store.ticket(request)
        except AnotherRequest:
            raise AnotherApplication from None

    async def _keep(self, application: Application, place: Place, request: Request, lookup: Lookup | None = None) -> Ticket:
        try:
            return await self._store.submit(application, place, request, lookup)
        except AnotherRequest:
            raise AnotherApplication from None

    def _submission(self, visit: str, terminal: str, application: Application) -> Request:
        if application.visit != visit:
            raise NotAllowed
        return self._request(f"submit:{visit}", terminal, to_json(application))

    def _request(self, key: str, terminal: str, contents: bytes) -> Request:
        return Request(key, f"terminal:{terminal}", self._clock(), contents=contents)

    def _flow(self, matter: str) -> Flow:
        if matter not in self._matters:
            raise NotKnown
        return self._matters[matter]


def _same_terminal(kept: KeptVisit, terminal: str) -> None:
    if kept.terminal != terminal:
        raise NotAllowed


def _place(identity: Identity, arrived: datetime, now: datetime) -> Place:
    """One whose submission comes late by the outbox keeps the hour of arrival, within today."""
    day = working_day(now)
    came = arrived if arrived <= now and working_day(arrived) == day else now
    return Place(day, came - HEAD_STARTS[line_class(identity, day)])
