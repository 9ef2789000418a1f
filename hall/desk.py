"""A case in a clerk's hands: the application beside the records, and what is decided about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flows.application import POSSIBLE, TRANSITIONS, Action, Application, Attached, Decision, Lookup, Status
from flows.compare import compare
from flows.flow import Flow, Known, Matters
from flows.fold import warnings
from flows.matters import MATTERS
from flows.pictures import Picture
from flows.recheck import Problem
from flows.wire import to_json
from hall.amendments import Said, Upload, blanks, changes_of
from hall.case import Case
from hall.certificates import Issued
from hall.errors import NotAllowed, NotKnown, NotPossible, NotTaken
from hall.exchange import Purpose
from hall.facts import due, facts, kinship, told
from hall.pictures import Judge, judge, prepare
from hall.store.store import LEAST_CALLS, KeptCase, Request, Standing, Store
from hall.visits import Records
from hall.working_day import Clock, working_day

FRESH = timedelta(seconds=60)
"""How long a look-up serves the same window: a page that reloads does not hammer the departments."""

DESK_ACTIONS = frozenset({Action.AMEND, Action.CONFIRM, Action.RETURN, Action.REJECT})


class Desk:
    """Only the window that called a ticket may see its case, until it calls the next one."""

    def __init__(
        self,
        store: Store,
        exchange: Records,
        clock: Clock,
        *,
        matters: Matters = MATTERS,
        region: str = "",
        judge: Judge = judge,
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._clock = clock
        self._matters = matters
        self._region = region
        self._judge = judge
        self._looked: dict[str, tuple[str, datetime, Lookup]] = {}

    async def case(self, visit: str, window: str, clerk: str) -> Case:
        """The case as the clerk sees it; opening it is a read of a person's records, so it is audited."""
        kept = await self._held(visit, window)
        await self._store.audit("case_opened", self._request("", clerk, window), visit)
        application, status = kept.application, kept.standing.status
        flow = self._matters.of(application)
        now = await self._fresh(flow, application, window, clerk) if status is Status.CALLED else None
        known = self._known(flow, kept)
        present = facts(flow, application, now or kept.lookup, working_day(self._clock()), self._region)
        return Case(
            application=application,
            flow=flow,
            ticket=kept.standing.ticket,
            status=status,
            window=kept.standing.window,
            then=kept.lookup,
            now=now,
            facts=present,
            differences=compare(flow, application, now or kept.lookup),
            warnings=warnings(flow, known),
            kinship=kinship(present),
            possible=_possible(kept.standing),
            blanks=blanks(flow, known),
            fee=flow.fee(known),
            due=due(flow.term(known), _accepted_on(kept) or working_day(self._clock())),
            decisions=kept.decisions,
            deliveries=kept.deliveries,
            certificate=await self._store.certificate(visit),
            corrections=kept.corrections,
        )

    async def decide(self, visit: str, action: Action, *, window: str, clerk: str, key: str, said: Said | None = None) -> Status:
        """Does one action and returns the status after it; a repeat of the key returns the same."""
        said = said or Said()
        contents = [visit, action.value, window, clerk, said.reason, said.note, dict(said.amended)]
        return await self._decide(self._request(key, clerk, window, to_json(contents)), visit, action, said)

    async def replace_picture(self, visit: str, upload: Upload, *, window: str, clerk: str, key: str, reason: str = "") -> Status:
        """An amendment whose value is a picture. What the checks find stops it unless it is forced."""
        name, digest = upload.field, Attached("", upload.content).digest
        contents = [visit, "picture", window, clerk, reason, name, digest, upload.forced]
        request = self._request(key, clerk, window, to_json(contents))
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._store.case(visit)
        _may_do(kept.standing, Action.AMEND, window)
        asked = self._matters.of(kept.application).fields.get(name)
        if asked is None or not isinstance(asked.kind, Picture):
            raise NotKnown
        prepared = await prepare(upload.content, asked.kind, working_day(request.at), self._judge)
        if prepared.faults and not upload.forced:
            raise NotTaken(tuple(Problem(name, "mistaken", words) for words in prepared.faults))
        one = prepared.attached
        return await self._decide(request, visit, Action.AMEND, Said(reason, "", {name: one.digest}, {one.digest: one}))

    async def picture(self, visit: str, name: str, window: str) -> Attached:
        """The picture that a field of the case holds; its reading is covered by the opening of the case."""
        application = (await self._held(visit, window)).application
        answer = application.answers.get(name)
        found = application.attached.get(answer.value) if answer else None
        if found is None:
            raise NotKnown
        return found

    async def records(self, visit: str, window: str, clerk: str) -> tuple[KeptCase, Flow, Lookup]:
        """A case that this window has before it, and what the departments say of it now."""
        kept = await self._held(visit, window)
        if kept.standing.status is not Status.CALLED:
            raise NotPossible(kept.standing.status)
        flow = self._matters.of(kept.application)
        return kept, flow, await self._fresh(flow, kept.application, window, clerk)

    async def certificate(self, visit: str, window: str, clerk: str) -> Issued:
        """For the holder of the case, to be printed again."""
        await self._held(visit, window)
        issued = await self._store.certificate(visit)
        if issued is None or issued.revoked_at:
            raise NotKnown
        await self._store.audit("certificate_shown", self._request("", clerk, window), visit)
        return issued

    async def _decide(self, request: Request, visit: str, action: Action, said: Said) -> Status:
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._store.case(visit)
        _may_do(kept.standing, action, request.window)
        flow = self._matters.of(kept.application)
        changes = changes_of(flow, self._known(flow, kept), action, said)
        clerk = request.by.removeprefix("clerk:")
        decision = Decision(visit, action, clerk, request.window, request.at, said.reason, said.note, changes)
        concerned = told(flow, kept.application)
        return await self._store.act(decision, request, working_day(request.at), concerned, said.attached)

    async def _held(self, visit: str, window: str) -> KeptCase:
        """The holder's; after the decision the same window's still, until it calls the next ticket."""
        kept = await self._store.case(visit)
        standing = kept.standing
        if standing.window != window or not window or standing.status in (Status.SUBMITTED, Status.NO_SHOW):
            raise NotAllowed
        if standing.status is not Status.CALLED and await self._store.last_at(window) != standing.ticket.visit:
            raise NotAllowed
        return kept

    async def _fresh(self, flow: Flow, application: Application, window: str, clerk: str) -> Lookup:
        """What the departments say now; kept in memory for this window's present case only."""
        visit, at, lookup = self._looked.get(window, ("", self._clock(), None))
        if visit == application.visit and lookup is not None and self._clock() - at < FRESH:
            return lookup
        purpose = Purpose(application.visit, application.matter, f"clerk:{clerk}", application.flow_version)
        items = flow.items_for(child=application.guardian is not None)
        lookup = await self._exchange.lookup(application.identity, items, purpose, guardian=application.guardian)
        self._looked[window] = (application.visit, self._clock(), lookup)
        return lookup

    def _known(self, flow: Flow, kept: KeptCase) -> Known:
        """The answers and records as the rules saw them, on the day of submission."""
        day = working_day(kept.application.submitted_at)
        return facts(flow, kept.application, kept.lookup, day, self._region)

    def _request(self, key: str, clerk: str, window: str, contents: bytes = b"") -> Request:
        return Request(key, f"clerk:{clerk}", self._clock(), window, contents)


def _may_do(standing: Standing, action: Action, window: str) -> None:
    """Refuses early and in words; the store's guarded UPDATE is what decides between two clerks."""
    if action not in DESK_ACTIONS:
        raise NotAllowed
    if (standing.status, action) not in TRANSITIONS:
        raise NotPossible(standing.status)
    if standing.window != window:
        raise NotAllowed


def _possible(standing: Standing) -> frozenset[Action]:
    early = {Action.MISS} if standing.calls < LEAST_CALLS else set()
    return POSSIBLE[standing.status] - early


def _accepted_on(kept: KeptCase) -> date | None:
    confirmed = [decision.at for decision in kept.decisions if decision.action is Action.CONFIRM]
    return working_day(confirmed[-1]) if confirmed else None
