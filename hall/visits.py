"""What a terminal, or a clerk at a window, may ask of the hall in one visit: open, submit, leave; each may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from flows.application import Answer, Application, Assurance, Identity, Lookup, Status, Ticket
from flows.correction import CorrectionNews
from flows.counter import at_the_counter
from flows.flow import Flow, Matters
from flows.kept import answers_of
from flows.matters import MATTERS
from flows.recheck import Problem, recheck
from flows.usage import UseKind
from flows.wire import OpenVisit, Submitted, VisitOpened, to_json
from hall.certificates import Issued, certificate_of, new_code
from hall.corrections import news_of
from hall.documents import of_submission, offers
from hall.errors import AnotherApplication, AnotherRequest, NotAllowed, NotKnown, NotTaken, VersionNotKnown
from hall.exchange import Purpose
from hall.facts import applicant_name, facts, picture_problems
from hall.queue import Queue
from hall.store.request import Request
from hall.store.standing import Place
from hall.store.store import KeptVisit, Store
from hall.store.usage import Reading, Whose
from hall.working_day import Clock, working_day

NOTHING_KEPT: Mapping[str, Answer] = {}


class Records(Protocol):
    """The exchange, as far as visits and the desk need it."""

    async def lookup(
        self,
        identity: Identity,
        items: Sequence[str],
        purpose: Purpose,
        *,
        guardian: Identity | None = None,
        fresh: bool = False,
    ) -> Lookup: ...

    def forget(self, visit: str) -> None: ...


@dataclass(frozen=True)
class AtWindow:
    """A clerk who opens a visit for somebody at a window. The visit stays bound to the window."""

    window: str
    clerk: str

    def __str__(self) -> str:
        return f"window:{self.window}"


Opener = str | AtWindow
"""Who opened a visit: the name of a terminal, or a clerk."""


@dataclass(frozen=True)
class Judged:
    """An application that is all right, its place in the line, and what ends it at once."""

    application: Application
    place: Place
    request: Request
    issued: Issued | None


class Line(Protocol):
    """The queue, as far as visits need it."""

    async def place(self, application: Application, arrived: datetime, now: datetime, *, at_once: bool = False) -> Place: ...


class Visits:
    """The visit's UUID is the key of everything: a repeat changes nothing and gets the first answer."""

    def __init__(
        self,
        store: Store,
        exchange: Records,
        clock: Clock,
        *,
        matters: Matters = MATTERS,
        region: str = "",
        new_code: Callable[[], str] = new_code,
        line: Line | None = None,
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._clock = clock
        self._matters = matters
        self._region = region
        self._new_code = new_code
        self._line: Line = line or Queue(store, clock, matters=matters)

    async def open(self, visit: str, terminal: Opener, opening: OpenVisit) -> VisitOpened:
        """Asks the departments and keeps what they said with the visit, for the recheck."""
        flow = self._flow(opening.matter, opening.flow_version)
        if opening.guardian is not None and not flow.for_child:
            raise NotAllowed
        request = self._request(f"open:{visit}", terminal, to_json(opening))
        repeated = await self._store.answered(request) is not None
        kept = await self._store.visit(visit)
        if repeated and kept is None:
            raise NotKnown
        if kept is None:
            lookup = await self._lookup(flow, opening.identity, opening.guardian, visit, request.by)
            day, version, guardian = working_day(request.at), flow.version, opening.guardian
            news = await self._news(opening.identity)
            on_offer = await offers(self._store, opening.identity, flow, day, self._matters)
            opened = (visit, str(terminal), flow.code, opening.identity, lookup, day, False, version, guardian)
            fresh = KeptVisit(*opened, news, on_offer)
            kept = await self._store.keep_visit(fresh, request)
        _same_terminal(kept, terminal)
        return VisitOpened(kept.lookup, kept.today.isoformat(), self._region, kept.corrections, kept.kept)

    async def heard(self, visit: str, terminal: Opener, corrections: Sequence[str]) -> None:
        """The person of this visit has read what became of their disputes: it is not told again."""
        kept = await self._opened(visit, terminal)
        contents = to_json([visit, *corrections])
        await self._store.heard(kept.identity.number, corrections, self._request(f"heard:{visit}", terminal, contents))

    async def submit(self, visit: str, terminal: Opener, application: Application) -> Submitted:
        """Rechecks with the hall's own records, keeps the application and issues its ticket; or ends the
        matter at once with a certificate."""
        request = self._submission(visit, terminal, application)
        kept = await self._opened(visit, terminal)
        if (ticket := await self._earlier(request)) is None:
            judged = await self._judged(kept, application, request)
            ticket = await self._keep(application, judged.place, request, issued=judged.issued)
        issued = await self._store.certificate(visit)
        return Submitted(ticket, issued.code if issued else "")

    async def judged(self, visit: str, clerk: AtWindow, application: Application) -> Judged:
        """An application from the counter, rechecked like a terminal's; hall.counter keeps it. Also to be called for one
        that the store has already: the key says so there."""
        request = self._submission(visit, clerk, application)
        return await self._judged(await self._opened(visit, clerk), application, request)

    async def submit_sealed(self, visit: str, terminal: Opener, application: Application) -> Submitted:
        """From a terminal's outbox: its citizen has left, so nothing is issued but a ticket. A visit that was
        never opened here has no records to be checked against; they are looked up now, for the clerk."""
        request = self._submission(visit, terminal, application)
        kept = await self._store.visit(visit)
        if kept is not None:
            _same_terminal(kept, terminal)
        if ticket := await self._earlier(request):
            return Submitted(ticket)
        lookup = None
        if kept is not None:
            await self._checked(kept, application, request)
        else:
            flow = self._flow(application.matter, application.flow_version)
            await self._check(flow, application, None, working_day(application.submitted_at), request)
            lookup = await self._lookup(flow, application.identity, application.guardian, visit, request.by)
        place = await self._line.place(application, application.submitted_at, request.at)
        return Submitted(await self._keep(application, place, request, lookup))

    async def certificate(self, visit: str, terminal: Opener) -> Issued:
        """For the terminal whose citizen still stands there: on the day itself, while no clerk has the case."""
        kept, issued = await self._store.visit(visit), await self._store.certificate(visit)
        if kept is None or issued is None:
            raise NotKnown
        _same_terminal(kept, terminal)
        standing = await self._store.standing(visit)
        if standing.status is not Status.ISSUED or standing.ticket.working_day != working_day(self._clock()):
            raise NotAllowed
        reading = Reading(UseKind.PAPER, visit, kept.matter, (Whose(kept.identity.number),))
        await self._store.keep_reading(reading, self._request("", terminal, b""))
        return issued

    async def leave(self, visit: str, terminal: Opener) -> None:
        """The citizen is gone: the records of an unsubmitted visit go too."""
        kept = await self._store.visit(visit)
        if kept is not None:
            _same_terminal(kept, terminal)
        self._exchange.forget(visit)
        await self._store.leave(visit, self._request(f"leave:{visit}", terminal, b""))

    async def _opened(self, visit: str, terminal: Opener) -> KeptVisit:
        kept = await self._store.visit(visit)
        if kept is None:
            raise NotKnown
        _same_terminal(kept, terminal)
        return kept

    async def _judged(self, kept: KeptVisit, application: Application, request: Request) -> Judged:
        flow = await self._checked(kept, application, request)
        issued = self._issued(flow, kept, application, request.at)
        place = await self._line.place(application, request.at, request.at, at_once=issued is not None)
        return Judged(application, place, request, issued)

    async def _checked(self, kept: KeptVisit, application: Application, request: Request) -> Flow:
        """The flow of an application that is all right beside the records of its own visit."""
        flow = self._flow(kept.matter, kept.flow_version or application.flow_version)
        opened = (kept.matter, flow.version, kept.identity, kept.guardian)
        if (application.matter, application.flow_version, application.identity, application.guardian) != opened:
            await self._refuse((Problem("identity", "invented_source", "这一项与登记资料不一致"),), request, kept.visit)
        rules = at_the_counter(flow) if request.window else flow
        await self._check(rules, application, kept.lookup, kept.today, request, answers_of(kept.kept))
        return flow

    async def _check(
        self,
        flow: Flow,
        application: Application,
        lookup: Lookup | None,
        day: date,
        request: Request,
        kept: Mapping[str, Answer] = NOTHING_KEPT,
    ) -> None:
        if application.guardian is not None and not flow.for_child:
            raise NotAllowed
        problems = picture_problems(application) or recheck(flow, application, lookup, day, self._region, kept)
        if problems:
            await self._refuse(problems, request, application.visit)

    async def _news(self, identity: Identity) -> tuple[CorrectionNews, ...]:
        """For whoever laid the card itself: a number that was typed is no proof of who stands there."""
        if identity.assurance is Assurance.NONE:
            return ()
        return tuple(news_of(one) for one in await self._store.unheard(identity.number))

    async def _lookup(self, flow: Flow, identity: Identity, guardian: Identity | None, visit: str, asked_by: str) -> Lookup:
        purpose = Purpose(visit, flow.code, asked_by, flow.version)
        return await self._exchange.lookup(identity, flow.items_for(child=guardian is not None), purpose, guardian=guardian)

    def _issued(self, flow: Flow, kept: KeptVisit, application: Application, at: datetime) -> Issued | None:
        known = facts(flow, application, kept.lookup, kept.today, self._region)
        certificate = certificate_of(flow, application, kept.lookup, known)
        if certificate is None:
            return None
        titles = {source.department: source.title for source in kept.lookup.sources}
        certificate = replace(certificate, issuer=titles.get(certificate.issuer, certificate.issuer))
        name = applicant_name(flow, application)
        return Issued(kept.visit, self._new_code(), certificate, name, application.identity.number, at)

    async def _refuse(self, problems: tuple[Problem, ...], request: Request, visit: str) -> None:
        codes = " ".join(sorted({problem.code for problem in problems}))
        await self._store.audit("application_refused", request, visit, [problem.field for problem in problems], codes)
        raise NotTaken(problems)

    async def _earlier(self, request: Request) -> Ticket | None:
        try:
            return await self._store.ticket(request)
        except AnotherRequest:
            raise AnotherApplication from None

    async def _keep(
        self, application: Application, place: Place, request: Request, lookup: Lookup | None = None, issued: Issued | None = None
    ) -> Ticket:
        flow, day = self._matters.of(application), working_day(application.submitted_at)
        documents = of_submission(flow, application, request.by.removeprefix("terminal:"), issued, day)
        try:
            ticket = await self._store.submit(application, place, request, lookup, issued, documents)
        except AnotherRequest:
            raise AnotherApplication from None
        self._exchange.forget(application.visit)
        return ticket

    def _submission(self, visit: str, terminal: Opener, application: Application) -> Request:
        if application.visit != visit:
            raise NotAllowed
        return self._request(f"submit:{visit}", terminal, to_json(application))

    def _request(self, key: str, terminal: Opener, contents: bytes) -> Request:
        match terminal:
            case AtWindow(window, clerk):
                return Request(key, f"clerk:{clerk}", self._clock(), window, contents)
            case _:
                return Request(key, f"terminal:{terminal}", self._clock(), contents=contents)

    def _flow(self, matter: str, version: str) -> Flow:
        if matter not in self._matters:
            raise NotKnown
        flow = self._matters.version(matter, version)
        if flow is None:
            raise VersionNotKnown
        return flow


def _same_terminal(kept: KeptVisit, terminal: Opener) -> None:
    if kept.terminal != str(terminal):
        raise NotAllowed
