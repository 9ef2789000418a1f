"""The citizen without a terminal: a clerk begins and fills in an application at a window, by the same flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from flows.application import Application, Attached, Identity, Lookup, Ticket
from flows.counter import Sheet, at_the_counter, laid_out
from flows.flow import Flow, Matters
from flows.fold import named, start
from flows.matters import MATTERS
from flows.party import GUARDIAN_FROM, NotServed, is_child, is_under, typed
from flows.recheck import Problem
from flows.wire import OpenVisit, from_json, to_json
from hall.counter_sheet import Posted, taken_down, with_pictures
from hall.errors import AnotherRequest, DraftMoved, NotKnown, NotTaken
from hall.pictures import Judge, judge
from hall.store.counter import CounterDraft, Elsewhere, Handed
from hall.store.request import Request
from hall.store.standing import Standing
from hall.store.store import KeptVisit, Store
from hall.visits import AtWindow, Records, Visits
from hall.working_day import Clock, working_day

NOT_PASSED = "照片检查没有通过"
"""The mistake of a photo whose draft says what the checks did not like."""


@dataclass(frozen=True)
class Wanted:
    """Who stands at the window and for what, as a clerk typed it. `visit` is the page's fresh UUIDv7."""

    visit: str
    matter: str
    number: str
    guardian: str = ""


class Way(StrEnum):
    """Where a filled-in application goes."""

    HERE = "here"  # called to this window at once
    LINE = "line"  # into the line: its citizen has to fetch something
    ISSUE = "issue"  # the original card was seen: the hall's certificate at once, if every fact for it is sure


@dataclass(frozen=True)
class Filling:
    """What is being filled in, beside what the departments said as it was begun. `stale`: another page saved something
    else meanwhile; what this page would have saved is in here and nowhere else yet."""

    draft: CounterDraft
    flow: Flow
    lookup: Lookup
    sheet: Sheet
    mistakes: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False

    @property
    def is_done(self) -> bool:
        return self.sheet.is_done and not self.mistakes and not self.stale


class Counter:
    """A draft belongs to one clerk at one window and is gone at the end of the day; what departments say is kept with
    its visit, bound to the window."""

    def __init__(
        self,
        store: Store,
        visits: Visits,
        exchange: Records,
        clock: Clock,
        *,
        matters: Matters = MATTERS,
        region: str = "",
        judge: Judge = judge,
    ) -> None:
        self._store = store
        self._visits = visits
        self._exchange = exchange
        self._clock = clock
        self._matters = matters
        self._region = region
        self._judge = judge

    async def elsewhere(self, wanted: Wanted) -> tuple[Elsewhere, ...]:
        """The same matter of the same person, where it is open already or waits; NotTaken for what cannot be begun."""
        _, identity, _ = self._party(wanted)
        return await self._store.elsewhere(identity.number, wanted.matter, wanted.visit)

    async def begin(self, wanted: Wanted, at: AtWindow) -> CounterDraft:
        """Asks the departments, in a visit opened by this clerk for this purpose. The draft that is open at this window
        already goes before a new one; NotTaken for what cannot be begun."""
        flow, identity, guardian = self._party(wanted)
        now = self._clock()
        mine = CounterDraft(wanted.visit, at.window, at.clerk, flow.code, working_day(now), now, identity, guardian, flow.version)
        draft = await self._store.begin_draft(mine)
        if draft.visit == mine.visit:
            try:
                await self._opened(draft, at)
            except (NotKnown, AnotherRequest):
                await self._store.drop_draft(draft, self._leaving(draft.visit, at))
                raise
        return draft

    async def draft(self, at: AtWindow) -> CounterDraft | None:
        """What this clerk is filling in at this window today."""
        draft = await self._store.draft_at(at.window, at.clerk)
        return draft if draft is not None and draft.day == working_day(self._clock()) else None

    async def filling(self, visit: str, at: AtWindow) -> Filling:
        """NotKnown when this clerk is not filling it in here."""
        return await self._filling(await self._own(visit, at), at)

    async def keep(self, visit: str, at: AtWindow, posted: Posted) -> Filling:
        """Saves what was typed, right or wrong."""
        filling = await self.filling(visit, at)
        draft, refused = await taken_down(filling.draft, filling.sheet, posted, self._judge)
        changed = draft.pictures != filling.draft.pictures
        try:
            draft = await self._store.keep_draft(replace(draft, version=posted.version), changed)
        except DraftMoved:
            now = await self._own(visit, at)
            draft = replace(draft, version=now.version, pictures={**now.pictures, **draft.pictures})
            return replace(await self._filling(draft, at, refused), stale=True)
        return await self._filling(draft, at, refused)

    async def submit(self, visit: str, at: AtWindow, posted: Posted, way: Way, key: str) -> Ticket | Filling:
        """Saves and hands in; what is not finished comes back. A repeat of the key gives the first ticket.
        WindowTaken and AtAnotherWindow: nothing was submitted, what was typed is saved."""
        request = Request(key, f"clerk:{at.clerk}", self._clock(), at.window, to_json(["counter", visit, way.value]))
        if (answer := await self._store.answered(request)) is not None:
            return from_json(Ticket, answer)
        filling = await self.keep(visit, at, posted)
        if not filling.is_done:
            return filling
        try:
            judged = await self._visits.judged(visit, at, self._application(filling))
        except NotTaken as error:
            return replace(filling, mistakes=_by_field(error.problems))
        issued = judged.issued if way is Way.ISSUE else None
        handed = Handed(judged.application, judged.place, judged.request, issued, here=way is not Way.LINE)
        ticket = await self._store.submit_at_counter(handed, request)
        self._exchange.forget(visit)
        return ticket

    async def give_up(self, visit: str, at: AtWindow) -> None:
        """The citizen goes without submitting: what was typed and looked up is forgotten, like at a terminal."""
        draft = await self.draft(at)
        if draft is not None and draft.visit == visit:
            await self._store.drop_draft(draft, self._leaving(visit, at))
            self._exchange.forget(visit)

    async def handed_in(self, visit: str, at: AtWindow) -> Standing | None:
        """How the ticket stands that was handed in at this window; None when there is none."""
        kept = await self._store.visit(visit)
        if kept is None or not kept.submitted or kept.terminal != str(at):
            return None
        return await self._store.standing(visit)

    async def picture(self, visit: str, name: str, at: AtWindow) -> Attached:
        """The picture of a field: the one that stands, else the one that the checks did not like."""
        draft = await self._own(visit, at)
        values = [given.values[name] for given in draft.given.values() if given.values.get(name)]
        digests = [*values, *([draft.faulty[name].digest] if name in draft.faulty else [])]
        found = next((draft.pictures[digest] for digest in digests if digest in draft.pictures), None)
        if found is None:
            raise NotKnown
        return found

    async def _own(self, visit: str, at: AtWindow) -> CounterDraft:
        draft = await self.draft(at)
        if draft is None or draft.visit != visit:
            raise NotKnown
        return draft

    async def _opened(self, draft: CounterDraft, at: AtWindow) -> KeptVisit:
        """The visit with its records. A hall that stopped while the departments were asked asks them again."""
        kept = await self._store.visit(draft.visit)
        if kept is None:
            opening = OpenVisit(draft.matter, draft.flow_version, draft.identity, draft.guardian)
            await self._visits.open(draft.visit, at, opening)
            kept = await self._store.visit(draft.visit)
        if kept is None:
            raise NotKnown
        return kept

    async def _filling(self, draft: CounterDraft, at: AtWindow, refused: Mapping[str, str] = {}) -> Filling:
        kept = await self._opened(draft, at)
        flow = self._matters.version(draft.matter, draft.flow_version)
        if flow is None:
            raise NotKnown
        flow = at_the_counter(flow)
        begin = start(flow, draft.identity, kept.lookup, kept.today, region=self._region, guardian=draft.guardian)
        sheet = laid_out(flow, begin, with_pictures(draft))
        faults = dict.fromkeys(draft.faulty, NOT_PASSED)
        return Filling(draft, flow, kept.lookup, sheet, {**sheet.mistakes, **faults, **refused})

    def _application(self, filling: Filling) -> Application:
        """With a question that nobody can answer from the list, it goes to a clerk as far as it got."""
        draft, flow, answers = filling.draft, filling.flow, filling.sheet.answers
        return Application(
            visit=draft.visit,
            matter=flow.code,
            flow_version=flow.version,
            policy_version=flow.policy_version,
            identity=draft.identity,
            answers=answers,
            submitted_at=self._clock(),
            to_counter=bool(filling.sheet.stuck),
            guardian=draft.guardian,
            attached=named(filling.sheet.known.attached, answers),
        )

    def _party(self, wanted: Wanted) -> tuple[Flow, Identity, Identity | None]:
        """Whom it is for; everything that is wrong at once."""
        flow, today = self._matters.get(wanted.matter), working_day(self._clock())
        problems = [] if flow else [Problem("matter", "unfinished", "请选择事项")]
        identity, wrong = _typed(wanted.number, today)
        problems += [Problem("number", "mistaken", wrong)] if wrong else []
        guardian, wrong = _typed(wanted.guardian, today) if wanted.guardian.strip() else (None, "")
        if guardian and is_under(GUARDIAN_FROM, guardian.birth, today):
            wrong = "监护人要年满 18 周岁"
        problems += [Problem("guardian", "mistaken", wrong)] if wrong else []
        if flow and identity and (words := _guardian_mistake(flow, identity, bool(wanted.guardian.strip()), today)):
            problems.append(Problem("guardian", "mistaken", words))
        if flow is None or identity is None or problems:
            raise NotTaken(tuple(problems))
        return flow, identity, guardian

    def _leaving(self, visit: str, at: AtWindow) -> Request:
        return Request(f"leave:{visit}", f"clerk:{at.clerk}", self._clock(), at.window)


def _typed(number: str, today: date) -> tuple[Identity | None, str]:
    try:
        return typed(number, today), ""
    except NotServed as error:
        return None, error.words


def _guardian_mistake(flow: Flow, identity: Identity, guardian: bool, today: date) -> str:
    child = flow.for_child and is_child(identity, today)
    if child and not guardian:
        return "申请人未满 16 周岁，请填写监护人的公民身份号码"
    if guardian and not child:
        return "申请人不需要监护人代办，请清空这一栏" if not flow.for_child else "申请人已满 16 周岁，请清空这一栏"
    return ""


def _by_field(problems: tuple[Problem, ...]) -> dict[str, str]:
    return {problem.field: problem.words for problem in problems}
