"""容缺受理: what may be promised and until when; what becomes of it, at any window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.application import TRANSITIONS, Action, Application, Attached, Decision, Status
from flows.calendar import due_day, is_working_day
from flows.flow import Matters, Term
from flows.lacking import LACKING, FollowUp, Lacking
from flows.masking import masked_number
from flows.matters import MATTERS
from flows.pictures import Paper
from flows.policy import PolicyError
from flows.promise import Promise
from flows.recheck import Problem
from flows.usage import UseKind
from hall.amendments import Said
from hall.by import By
from hall.errors import NotKnown, NotPossible, NotTaken
from hall.pictures import prepare
from hall.store.promises import PaperState, PromisedPaper
from hall.store.request import Request
from hall.store.standing import Standing
from hall.store.store import KeptCase, Store
from hall.store.usage import Reading, Whose
from hall.working_day import Clock, working_day

LONGEST_NAME = 40
OUTSIDE = "承诺补齐的日期要在今天以后、{0}-{1}-{2} 以前（含当天）"


def last_day(lacking: Lacking, today: date) -> date | None:
    """The latest day that may be promised; None while the holidays up to it are not published."""
    try:
        return due_day(Term(lacking.working_days(today), "working_days"), today)
    except PolicyError:
        return None


def promise_of(lacking: Lacking, matter: str, said: Said, today: date) -> Promise:
    """NotTaken with everything that is wrong with it."""
    offered = {paper.code: paper.words for paper in lacking.of(matter, today)}
    problems = [*_paper_problems(offered, said), *_day_problems(lacking, said.until, today)]
    if not said.promised_by or len(said.promised_by) > LONGEST_NAME:
        problems.append(Problem("promised_by", "unfinished", "请填写承诺人姓名"))
    if problems:
        raise NotTaken(tuple(problems))
    papers = tuple(code for code in offered if code in said.lacking)
    return Promise(papers, tuple(offered[code] for code in papers), date.fromisoformat(said.until), said.promised_by)


def _paper_problems(offered: Mapping[str, str], said: Said) -> list[Problem]:
    if not said.lacking:
        return [Problem("lacking", "unfinished", "请勾选缺少的材料")]
    if set(said.lacking) - set(offered):
        return [Problem("lacking", "mistaken", "勾选的材料不在本事项可以容缺的清单里")]
    return []


def _day_problems(lacking: Lacking, until: str, today: date) -> list[Problem]:
    last = last_day(lacking, today)
    if last is None:
        return [Problem("until", "mistaken", "期限内的节假日安排尚未公布，现在不能容缺受理")]
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return [Problem("until", "unfinished", "请填写承诺补齐的日期")]
    if not today < day <= last:
        return [Problem("until", "mistaken", OUTSIDE.format(*last.isoformat().split("-")))]
    if not is_working_day(day):
        return [Problem("until", "mistaken", "承诺补齐的日期是休息日，请改为工作日")]
    return []


@dataclass(frozen=True)
class OpenPromise:
    """One case that still waits for papers: no name, it is a list for everybody at the counter."""

    standing: Standing
    title: str
    papers: tuple[PromisedPaper, ...]
    until: date
    overdue: bool


@dataclass(frozen=True)
class PromiseSheet:
    """A promise opened by a clerk. `number` is masked; `possible` are the actions of the one table."""

    standing: Standing
    title: str
    name: str
    number: str
    papers: tuple[PromisedPaper, ...]
    until: date
    overdue: bool
    decisions: tuple[Decision, ...]
    possible: frozenset[Action]


class Promises:
    """The promised papers of the hall's cases. Any window takes them."""

    def __init__(self, store: Store, clock: Clock, *, matters: Matters = MATTERS, lacking: Lacking = LACKING) -> None:
        self._store = store
        self._clock = clock
        self._matters = matters
        self._lacking = lacking

    @property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """What may be done about a promise that was not kept, in the order of the file."""
        return self._lacking.follow_up

    async def waiting(self) -> tuple[OpenPromise, ...]:
        """Due soon first."""
        today = working_day(self._clock())
        return tuple(self._open(standing, papers, today) for standing, papers in await self._store.open_promises())

    async def sheet(self, visit: str, by: By) -> PromiseSheet:
        """For the citizen who brings a paper; it shows whose promise it is, so it is written down as a read."""
        kept = await self._kept(visit)
        application, now = kept.application, self._clock()
        reading = Reading(UseKind.OPENED, visit, application.matter, (Whose(application.identity.number),), (), "promise")
        await self._store.keep_reading(reading, Request("", f"clerk:{by.clerk}", now, by.window))
        overdue = is_overdue(kept.promised, working_day(now))
        return PromiseSheet(
            kept.standing,
            self._matters.of(application).title,
            application.name,
            masked_number(application.identity.number),
            kept.promised,
            max(paper.until for paper in kept.promised),
            overdue,
            kept.decisions,
            possible_with(kept, overdue=overdue),
        )

    async def bring(self, visit: str, papers: Mapping[str, bytes], note: str, by: By) -> Status:
        """Papers by code; empty contents where the original was seen and no picture is kept of it."""
        said = {paper: Attached("", content).digest if content else "" for paper, content in papers.items()}
        request = by.request(self._clock(), ["bring", visit, said, note])
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._kept(visit)
        _may_do(kept, Action.BRING)
        if not papers:
            raise NotTaken((Problem("papers", "unfinished", "请勾选已带来的材料"),))
        if set(papers) - {paper.paper for paper in kept.promised}:
            raise NotKnown
        day = working_day(request.at)
        pictures = {code: (await prepare(one, Paper(), day)).attached for code, one in papers.items() if one}
        decision = Decision(visit, Action.BRING, by.clerk, by.window, request.at, note=note, papers=tuple(papers))
        return await self._store.bring(decision, request, pictures)

    async def follow_up(self, visit: str, code: str, note: str, by: By) -> Status:
        """What was done about a promise whose day has passed. It ends no case: that is the department's to decide."""
        request = by.request(self._clock(), ["follow_up", visit, code, note])
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept, chosen = await self._kept(visit), self._lacking.follow_ups.get(code)
        if Action.FOLLOW_UP not in possible_with(kept, overdue=is_overdue(kept.promised, working_day(request.at))):
            raise NotPossible(kept.standing.status)
        if chosen is None:
            raise NotTaken((Problem("reason", "unfinished", "请选择怎样处理"),))
        decision = Decision(visit, Action.FOLLOW_UP, by.clerk, by.window, request.at, chosen.code, note)
        return await self._store.follow_up(decision, request, closes=chosen.closes)

    async def picture(self, visit: str, paper: str) -> Attached:
        return await self._store.promised_picture(visit, paper)

    async def _kept(self, visit: str) -> KeptCase:
        kept = await self._store.case(visit)
        if not kept.promised:
            raise NotKnown
        return kept

    def _open(self, standing: Standing, papers: tuple[PromisedPaper, ...], today: date) -> OpenPromise:
        until = min(paper.until for paper in papers if paper.state is PaperState.OPEN)
        return OpenPromise(standing, self._matters[standing.ticket.matter].title, papers, until, is_overdue(papers, today))


def is_overdue(papers: tuple[PromisedPaper, ...], today: date) -> bool:
    return any(paper.state is PaperState.OPEN and paper.until < today for paper in papers)


def possible_with(kept: KeptCase, *, overdue: bool) -> frozenset[Action]:
    """What the table allows of what can be done with a promise."""
    owed = any(paper.state is PaperState.OPEN for paper in kept.promised)
    wanted = {Action.BRING, *({Action.FOLLOW_UP} if overdue else ())} if owed else set()
    return frozenset(action for action in wanted if (kept.standing.status, action) in TRANSITIONS)


def _may_do(kept: KeptCase, action: Action) -> None:
    if action not in possible_with(kept, overdue=False):
        raise NotPossible(kept.standing.status)


def promiser(application: Application) -> str:
    """Whose promise it is, as far as the hall can guess: the guardian's for a child."""
    return application.guardian.name if application.guardian else application.name
