"""Hand-written stand-ins for the world of a visit; each keeps what it was told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.application import Application, Attached, Identity, Lookup, Ticket
from flows.correction import CorrectionNews
from flows.flow import Flow
from flows.heartbeat import PartKind
from flows.kept import Offer
from flows.matters import MATTERS
from flows.recheck import Problem
from flows.usage import Kept, UsageShown, Use
from flows.wire import Submitted, VisitOpened, Withdrawn
from kiosk.config import Department
from kiosk.hall_client import HallAway, Refused
from kiosk.privacy import IdleTimes
from kiosk.terminal import Place, Terminal
from kiosk.view import Display
from kiosk.words import all_words
from tests.kiosk.fake_devices import A_PAGE, FakeCamera, FakeJudge, FakePagePrinter, FakePlate, FakePrinter
from tests.kiosk.people import AUTHORITY, NOW, RECORDS, TITLES, lookup

WORDS = all_words()
PLACE = Place(
    terminal="K07",
    hall_name="禅城区行政服务中心",
    phone="12345",
    departments=tuple(Department(code, TITLES[code], tuple(RECORDS[code])) for code in AUTHORITY),
    region="440604",
)
CODE = "7Q4MZ8KD2XVW9RTA"
PDF = b"%PDF-1.7 a certificate"


class FakeTime:
    """Time that passes only when a story says so; waits end in order, and may begin new ones."""

    SETTLED = 25
    """Turns of the loop after which everybody woken by the last wait waits again."""

    def __init__(self) -> None:
        self.now = NOW
        self._until = NOW
        self._waiting: list[tuple[datetime, asyncio.Future[None]]] = []
        self._passing: asyncio.Task[None] | None = None

    def clock(self) -> datetime:
        return self.now

    async def wait(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self.now + timedelta(seconds=seconds), future))
        self._pass()
        try:
            await future
        finally:
            self._waiting = [entry for entry in self._waiting if entry[1] is not future]

    def pass_by(self, seconds: float) -> None:
        self._until = self.now + timedelta(seconds=seconds)
        self._pass()

    def _pass(self) -> None:
        if self._next() and (self._passing is None or self._passing.done()):
            self._passing = asyncio.get_running_loop().create_task(self._on())

    async def _on(self) -> None:
        while self._next():
            for _ in range(self.SETTLED):
                await asyncio.sleep(0)
            if found := self._next():
                self.now = max(self.now, found[0])
                found[1].set_result(None)

    def _next(self) -> tuple[datetime, asyncio.Future[None]] | None:
        due = [entry for entry in self._waiting if entry[0] <= self._until and not entry[1].done()]
        return min(due, key=lambda entry: entry[0], default=None)


class FakeHall:
    """A hall with one queue. `away` and the rest are set by a story at any moment."""

    def __init__(self) -> None:
        self.away = False
        self.says: Lookup = lookup()
        self.refuses_terminal = False
        self.refuses: tuple[Problem, ...] = ()
        self.refuses_the_clerks_case_too = False
        self.forgets = False
        self.loses_answers = 0
        self.ahead = 3
        self.opened: list[tuple[str, str, Identity]] = []
        self.submissions: list[Application] = []
        self.said: list[Lookup] = []
        self.left: list[str] = []
        self.tickets: dict[str, Ticket] = {}
        self.guardians: list[Identity | None] = []
        self.news: tuple[CorrectionNews, ...] = ()
        self.read: list[str] = []
        self.issues = False
        self.goes_after_issuing = False
        self.answering = asyncio.Event()
        self.answering.set()
        self.uses: tuple[Use, ...] = ()
        self.kept = Kept(0)
        self.looks: list[tuple[str, Identity, int]] = []
        self.on_offer: dict[str, tuple[Offer, Attached]] = {}
        self.keeps_no_key = False
        self.fetched: list[str] = []
        self.withdrawn: list[tuple[str, Identity, str]] = []
        self.destroys = True

    async def open(self, visit: str, flow: Flow, identity: Identity, guardian: Identity | None) -> VisitOpened:
        if self.refuses_terminal:
            raise Refused("not_allowed")
        self.opened.append((visit, flow.code, identity))
        self.guardians.append(guardian)
        await self.answering.wait()
        self._reachable()
        self.said.append(self.says)
        return VisitOpened(
            self.says, "2026-11-23", "440604", tuple(one for one in self.news if one.id not in self.read), self.offers(flow)
        )

    async def submit(self, application: Application) -> Submitted:
        self._reachable()
        self.submissions.append(application)
        if self.forgets:
            raise Refused("not_known")
        if self.refuses and (self.refuses_the_clerks_case_too or not application.to_counter):
            raise Refused("not_taken", self.refuses)
        ticket = self.ticket(application.visit, application.matter)
        if self.loses_answers:
            self.loses_answers -= 1
            raise HallAway
        return Submitted(ticket, CODE if self.issues and not application.to_counter else "")

    async def certificate(self, visit: str) -> bytes:
        self.away = self.away or self.goes_after_issuing
        self._reachable()
        assert visit in self.tickets
        return PDF

    def offers(self, flow: Flow) -> tuple[Offer, ...]:
        return tuple(offer for offer, _ in self.on_offer.values() if offer.field in flow.fields)

    async def kept_picture(self, visit: str, document: str) -> Attached:
        self._reachable()
        if self.keeps_no_key:
            raise Refused("document_unreadable")
        self.fetched.append(document)
        return self.on_offer[document][1]

    async def withdraw(self, look: str, identity: Identity, document: str) -> Withdrawn:
        self._reachable()
        self.withdrawn.append((look, identity, document))
        if self.loses_answers:
            self.loses_answers -= 1
            raise HallAway
        return Withdrawn(self.destroys)

    async def heard(self, visit: str, corrections: tuple[str, ...]) -> None:
        self._reachable()
        self.read += corrections

    async def leave(self, visit: str) -> None:
        self._reachable()
        self.left.append(visit)

    async def usage(self, look: str, identity: Identity, before: int) -> UsageShown:
        """Pages of a thousand; `before` is where the page before it ended."""
        if self.refuses_terminal:
            raise Refused("not_allowed")
        self.looks.append((look, identity, before))
        await self.answering.wait()
        self._reachable()
        if self.loses_answers:
            self.loses_answers -= 1
            raise HallAway
        at = len(self.uses) - before if before else 0
        end = at + 1000
        return UsageShown(self.uses[at:end], self.kept, max(0, len(self.uses) - end))

    def ticket(self, visit: str, matter: str) -> Ticket:
        number = f"A{len(self.tickets) + 23:03}"
        return self.tickets.setdefault(visit, Ticket(number, visit, matter, NOW.date(), NOW, self.ahead))

    def _reachable(self) -> None:
        if self.away:
            raise HallAway


class FakePost:
    """An outbox in memory, emptied into the hall when it is there."""

    def __init__(self, hall: FakeHall) -> None:
        self._hall = hall
        self.full = False
        self.kept: dict[str, Application] = {}
        self.sent: list[Application] = []

    def keep(self, application: Application) -> None:
        if self.full:
            raise OSError(28, "disk full")
        self.kept[application.visit] = application

    def waiting(self) -> tuple[str, ...]:
        return tuple(self.kept)

    async def send(self, visit: str) -> Submitted | None:
        if self._hall.away:
            return None
        application = self.kept.pop(visit)
        self.sent.append(application)
        return Submitted(self._hall.ticket(visit, application.matter))


@dataclass
class Stage:
    """The world of one visit, for a story to change. `fingers`: when one is on the glass without touching a button."""

    plate: FakePlate = field(default_factory=FakePlate)
    hall: FakeHall = field(default_factory=FakeHall)
    printer: FakePrinter = field(default_factory=FakePrinter)
    camera: FakeCamera | None = field(default_factory=lambda: FakeCamera(b"somebody"))
    document_camera: FakeCamera | None = field(default_factory=lambda: FakeCamera(A_PAGE))
    judge: FakeJudge = field(default_factory=FakeJudge)
    page_printer: FakePagePrinter | None = field(default_factory=FakePagePrinter)
    out: set[PartKind] = field(default_factory=set)
    time: FakeTime = field(default_factory=FakeTime)
    fingers: list[datetime] = field(default_factory=list)
    matters: dict[str, Flow] = field(default_factory=lambda: {"hk-macau-permit": MATTERS["hk-macau-permit"]})
    idle: IdleTimes = field(default_factory=lambda: IdleTimes(glance_s=0))
    place: Place = PLACE
    post: FakePost = field(init=False)

    def __post_init__(self) -> None:
        self.post = FakePost(self.hall)

    def terminal(self, display: Display) -> Terminal:
        return Terminal(
            display=display,
            plate=self.plate,
            hall=self.hall,
            post=self.post,
            paper=self.printer,
            matters=self.matters,
            words=WORDS,
            place=self.place,
            idle=self.idle,
            clock=self.time.clock,
            wait=self.time.wait,
            judge=self.judge,
            camera=self.camera,
            document_camera=self.document_camera,
            page_printer=self.page_printer,
            out=lambda: frozenset(self.out),
        )
