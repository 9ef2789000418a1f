"""A small matter, a fictional person, an exchange that answers from a table, and a hall on a real file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.application import Action, Application, Assurance, Identity, Lookup, Outcome, Record, SourceAnswer, Status, Ticket
from flows.certificate import Certificate
from flows.compare import compare
from flows.delivery import Progress
from flows.fields import YES_NO, Choice, Option, Text
from flows.flow import Fee, FeeLine, Field, Flow, Known, Matters, Page, When
from flows.fold import Given, fold, start
from flows.items import ITEMS
from flows.lacking import LACKING, Lacking, SecondaryPaper
from flows.second_person import Rule, SecondPerson
from flows.wire import OpenVisit, VisitOpened
from hall.access_log import access_log
from hall.amendments import FULL, Said
from hall.appointments import Appointments
from hall.by import By
from hall.corrections import Corrections
from hall.counter import Counter
from hall.departments.connection import Access
from hall.desk import Desk
from hall.exchange import Purpose
from hall.facts import facts
from hall.hours import ALWAYS, Hours
from hall.possible import CounterRules
from hall.promises import Promises
from hall.queue import Queue
from hall.reviews import Reviews
from hall.seen import marks
from hall.store.feeds import Message
from hall.store.hall_store import HallStore
from hall.store.request import Request
from hall.usage import Usage
from hall.visits import Visits
from hall.windows import Windows
from hall.working_day import working_day
from tests.hall import engines
from tests.hall.engines import EMPTY, change, dump

__all__ = ["EMPTY", "change", "dump"]

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
ME = Identity(
    "440602199202299863", "吕晓岚", "2", date(1992, 2, 29), "resident_card", Assurance.SAM, "01", "佛山市禅城区祖庙街道"
)
GRANDMOTHER = replace(ME, number="440602195001010028", name="吕阿婆", birth=date(1950, 1, 1))
REASON = {Action.AMEND: "TYPING_ERROR", Action.RETURN: "MATERIAL_MISSING", Action.REJECT: "NOT_ELIGIBLE"}
TICKED = {Action.RETURN: {"MATERIAL_MISSING": ("同意函原件", "结婚证")}}
RECORDS = {"household.address": "佛山市禅城区同济路1号", "contact.mobile": "13800138000"}


def visit_id(number: int) -> str:
    return f"019ab000-0000-7000-8000-{number:012x}"


def _ways(known: Known) -> tuple[Option, ...]:
    return (
        Option("pickup", "自取"),
        Option("post", "邮寄"),
        Option("courier", "专人送达", why_not="请到人工窗口办理", counter=True),
        Option("balloon", "气球", why_not="今天没有风"),
    )


def _item(name: str, item: str, *, locked: bool = False, may_be_left: bool = False) -> Field:
    kind, label = ITEMS[item].kind, ITEMS[item].title
    return Field(name=name, label=label, kind=kind, item=item, locked=locked, may_be_left=may_be_left)


FLOW = Flow(
    code="letter",
    version="1",
    title="开具证明",
    pages=(
        Page(
            name="who",
            title="核对",
            fields=(
                _item("name", "person.name", locked=True),
                _item("number", "person.number", locked=True),
                _item("address", "household.address", locked=True, may_be_left=True),
            ),
        ),
        Page(
            name="contact",
            title="联系",
            fields=(_item("mobile", "contact.mobile"), _item("employer", "employment.employer", may_be_left=True)),
        ),
        Page(name="way", title="领取", fields=(Field(name="way", label="方式", kind=Choice(_ways, str)),)),
        Page(
            name="post",
            title="邮寄",
            fields=(Field(name="post_to", label="地址", kind=Text(20)),),
            asked_when=When("邮寄时", lambda known: known["way"] == "post"),
        ),
    ),
    fee=lambda known: Fee((FeeLine("工本费", 15),), "specimen"),
    told=("exit_entry", "household"),
)


def _certificate(known: Known) -> Certificate | None:
    """Shows the address, so that a dispute about it matters and one about the mobile does not."""
    if not known["address"]:
        return None
    rows = (("姓名", known["name"]), ("地址", known["address"]))
    return Certificate("户口所在地证明", "兹证明以下登记属实。", "佛山市公安局禅城分局", rows)


AT_ONCE = replace(FLOW, code="at-once", title="当场证明", told=(), certificate=_certificate)
CARS = Field(name="register_traffic", label="要改行驶证吗", kind=YES_NO)
JOINT = replace(
    FLOW,
    code="joint",
    title="一件事",
    told=("population", "social_security", "traffic"),
    approvals=True,
    pages=(*FLOW.pages, Page(name="cars", title="车", fields=(CARS,))),
)
EARLIER = replace(FLOW, version="0", needs=("household.moved_in",))
WINDOWS = Windows(("3", "4", "5", "6"))
CHECKED = replace(FLOW, code="checked", title="需要复核的证明")
SINCE = {"effective_from": date(2026, 1, 1), "source": "the tests", "grade": "P"}
SECONDARY = tuple(
    SecondaryPaper(matter=code, code=paper, words=words, kind="copy", why="登记里有", **SINCE)  # type: ignore[arg-type]
    for code in (FLOW.code, CHECKED.code)
    for paper, words in (("LEASE", "租赁合同复印件"), ("LICENCE", "营业执照复印件"))
)
RULES = CounterRules(
    Lacking(limit=LACKING.limit, paper=SECONDARY, follow_up=LACKING.follow_up),
    SecondPerson(rule=(Rule(matter=CHECKED.code, when="always", why="测试要求复核", **SINCE),)),  # type: ignore[arg-type]
)
MATTERS = Matters([FLOW, EARLIER, AT_ONCE, JOINT, CHECKED])


def somebody(number: int) -> Identity:
    """The first is the main person."""
    return ME if number == 1 else replace(ME, number=f"44060219920229{number:04}")


@dataclass
class FakeClock:
    """Stands still until a story moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class FakeExchange:
    """One department that answers at once from a table; remembers who asked. The access log comes first. `meanwhile`
    happens once, while a decision asks anew."""

    store: HallStore
    clock: FakeClock
    records: Mapping[str, str] = field(default_factory=lambda: dict(RECORDS))
    asked: list[Purpose] = field(default_factory=list)
    asked_items: list[tuple[str, ...]] = field(default_factory=list)
    asked_anew: list[bool] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    outcome: Outcome = Outcome.RECORD
    meanwhile: Callable[[], Awaitable[object]] | None = None

    def forget(self, visit: str) -> None:
        self.forgotten.append(visit)

    async def lookup(
        self,
        identity: Identity,
        items: Sequence[str],
        purpose: Purpose,
        *,
        guardian: Identity | None = None,
        fresh: bool = False,
    ) -> Lookup:
        await access_log(self.store, self.clock)(Access(purpose, "household", tuple(items), identity.number))
        self.asked.append(purpose)
        self.asked_anew.append(fresh)
        self.asked_items.append(tuple(items))
        if fresh and self.meanwhile is not None:
            happening, self.meanwhile = self.meanwhile, None
            await happening()
        return self.said(identity, items)

    def said(self, identity: Identity, items: Sequence[str]) -> Lookup:
        found = {"person.number": identity.number, "person.name": identity.name, **self.records}
        told = tuple(Record(i, found[i], "household", self.clock()) for i in items if i in found)
        return Lookup(
            self.clock(),
            (
                SourceAnswer(
                    "household", "公安户籍", self.outcome, told if self.outcome is Outcome.RECORD else (), asked=tuple(items)
                ),
            ),
        )


MADE = {Status.MAKING: Progress.MAKING, Status.READY: Progress.READY, Status.DELIVERED: Progress.POSTED}


@dataclass
class Hall:
    """The hall's service without its HTTP. `path` names its database."""

    path: Path
    store: HallStore
    clock: FakeClock
    exchange: FakeExchange
    visits: Visits
    queue: Queue
    desk: Desk
    usage: Usage
    matters: Matters
    corrections: Corrections
    counter: Counter
    appointments: Appointments
    reviews: Reviews
    promises: Promises

    async def submit(self, number: int, identity: Identity | None = None, flow: Flow = FLOW, **values: str) -> Ticket:
        """A whole visit at terminal K07, of somebody else at each number."""
        visit, identity = visit_id(number), identity or somebody(number)
        opened = await self.open(visit, "K07", flow.code, identity)
        application = filled_in(visit, opened.lookup, self.clock(), identity, frozenset(), flow, **values)
        return (await self.visits.submit(visit, "K07", application)).ticket

    async def open(self, visit: str, terminal: str, matter: str, identity: Identity, version: str = FLOW.version) -> VisitOpened:
        return await self.visits.open(visit, terminal, OpenVisit(matter, version, identity))

    async def called(self, number: int, window: str = "3", flow: Flow = FLOW, **values: str) -> str:
        """A whole visit, then called to a window; returns the visit."""
        await self.submit(number, None, flow, **values)
        visit = await self.queue.call_next(window, "zhang", f"call {number}")
        assert visit == visit_id(number)
        return visit

    async def decide(self, action: Action, key: str = "key", window: str = "3", **amended: str) -> Status:
        """A decision about the first visit, with a reason where one is needed."""
        values = amended or ({"mobile": "13700137000"} if action is Action.AMEND else {})
        seen = await self.seen(visit_id(1)) if action in FULL else frozenset()
        said = Said(REASON.get(action, ""), amended=values, seen=seen, ticked=TICKED.get(action, {}))
        if action is Action.ACCEPT_LACKING:
            said = replace(said, lacking=("LEASE",), until="2026-11-27", promised_by="吕晓岚")
        return await self.desk.decide(visit_id(1), action, window=window, clerk="zhang", key=key, said=said)

    async def seen(self, visit: str) -> frozenset[str]:
        """What the page of a clerk shows who opened the case at this moment, and leaves no trace of it."""
        application = (await self.store.case(visit)).application
        flow = self.matters.of(application)
        lookup = self.exchange.said(application.identity, flow.items_for(child=application.guardian is not None))
        present = facts(flow, application, lookup, working_day(self.clock()), "")
        return marks(flow, application, present, compare(flow, application, lookup))

    async def in_status(self, status: Status) -> str:
        """The first visit's case at window 3, brought to a status by the commands that lead there."""
        if status is Status.SUBMITTED:
            return (await self.submit(1)).visit
        if status is Status.ISSUED:
            return (await self.submit(1, flow=AT_ONCE)).visit
        if status is Status.REPLACED:
            first = await self.submit(1, ME)
            await self.submit(2, ME)
            return first.visit
        ended, checked = status in (Status.APPROVED, Status.REFUSED), status in (Status.TO_APPROVE, Status.SENT_BACK)
        visit = await self.called(1, flow=JOINT if ended else CHECKED if checked else FLOW)
        if ended or checked or status in MADE:
            await self._beyond_the_window(visit, status)
        if status is Status.NO_SHOW:
            await self.queue.recall(visit, "3", "zhang", "recall")
            self.clock.later(minutes=3)
            await self.queue.miss(visit, "3", "zhang", "miss")
        if status is Status.HELD:
            await self.queue.hold(visit, "3", "zhang", "hold")
        ways = {Status.RETURNED: Action.RETURN, Status.NOT_ACCEPTED: Action.REJECT, Status.ACCEPTED: Action.CONFIRM}
        if status in ways:
            await self.decide(ways[status], "decide")
        return visit

    async def _beyond_the_window(self, visit: str, status: Status) -> None:
        """What a second person or departments do with it."""
        if status in (Status.TO_APPROVE, Status.SENT_BACK):
            await self.decide(Action.PROPOSE, "propose")
            if status is Status.SENT_BACK:
                await self.reviews.send_back(visit, Said(ticked={"REVIEW_PAPERS": ()}), By("wang", "4", "send back"))
            return
        await self.decide(Action.CONFIRM, "decide")
        if status in MADE:
            await self.store.step_done(visit, "exit_entry", "accept", "E-1", self.clock())
            await self.store.hear("exit_entry", [Message("1", "E-1", MADE[status])], None, Request("", "hall", self.clock()))
            return
        for department in JOINT.told:
            await self.store.decided(visit, department, "agreed" if status is Status.APPROVED else "refused", self.clock())


def filled_in(
    visit: str,
    lookup: Lookup | None,
    at: datetime,
    identity: Identity = ME,
    left: frozenset[str] = frozenset(),
    flow: Flow = FLOW,
    **values: str,
) -> Application:
    """What a citizen submits who reads every page; values by field name, `left` for the counter."""
    typed = {
        "mobile": "13900139000",
        "employer": "佛山市某某有限公司",
        "address": "佛山市",
        "way": "pickup",
        "register_traffic": "yes",
        **values,
    }
    begin = start(flow, identity, lookup, working_day(at))
    given = {
        page.name: Given({f.name: typed[f.name] for f in page.fields if f.name in typed and f.name not in left}, left)
        for page in flow.pages
    }
    answers = fold(flow, begin, given).known.answers
    return Application(visit, flow.code, flow.version, "", identity, answers, at)


@asynccontextmanager
async def open_hall(
    folder: Path, now: datetime = NOON, matters: Matters = MATTERS, hours: Hours = ALWAYS, windows: Windows = WINDOWS
) -> AsyncIterator[Hall]:
    """A hall on this folder's database; a second one on the same folder is the hall after a restart."""
    clock = FakeClock(now)
    store = engines.store(folder / "hall.db", clock=clock)
    exchange = FakeExchange(store, clock)
    queue = Queue(store, clock, matters=matters, hours=hours, windows=windows)
    visits = Visits(store, exchange, clock, matters=matters, line=queue)
    desk = Desk(store, exchange, clock, matters=matters, rules=RULES)
    try:
        yield Hall(
            folder / "hall.db",
            store,
            clock,
            exchange,
            visits,
            queue,
            desk,
            Usage(store, clock, {"household": "公安户籍"}, matters=matters),
            matters,
            Corrections(store, desk, clock),
            Counter(store, visits, exchange, clock, matters=matters),
            Appointments(store, clock, matters=matters, hours=hours),
            Reviews(store, desk, clock, matters=matters),
            Promises(store, clock, matters=matters, lacking=RULES.lacking),
        )
    finally:
        await store.close()
