"""A case in a clerk's hands: the application beside the records, and what is decided about it."""

from __future__ import annotations

from datetime import date

from flows.application import POSSIBLE, TRANSITIONS, Action, Application, Attached, Decision, Lookup, Status
from flows.compare import compare
from flows.flow import Flow, Known, Matters
from flows.fold import warnings
from flows.matters import MATTERS
from flows.pictures import Picture
from flows.recheck import Problem
from flows.usage import UseKind
from flows.wire import to_json
from hall.amendments import Said, Upload, blanks, changes_of
from hall.case import Basis, Case
from hall.certificates import Issued
from hall.errors import NotAllowed, NotKnown, NotPossible, NotSeen, NotTaken
from hall.exchange import Purpose
from hall.facts import due, facts, kinship, told
from hall.line_policy import ORDERS
from hall.pictures import Judge, judge, prepare
from hall.seen import marks, marks_of
from hall.store.store import KeptCase, Request, Standing, Store
from hall.store.usage import Reading, Whose
from hall.visits import Records
from hall.working_day import Clock, working_day

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

    async def case(self, visit: str, window: str, clerk: str) -> Case:
        """The case as the clerk sees it; opening it is a read of a person's records, so it is audited."""
        kept = await self._held(visit, window)
        application, status = kept.application, kept.standing.status
        await self._store.keep_reading(_opening(application), self._request("", clerk, window))
        flow = self._matters.of(application)
        now = await self._looked_up(flow, application, clerk) if status is Status.CALLED else kept.decided_upon
        known = self._known(flow, kept)
        present = self._present(flow, application, now or kept.lookup)
        differences = compare(flow, application, now or kept.lookup)
        return Case(
            application=application,
            flow=flow,
            ticket=kept.standing.ticket,
            status=status,
            window=kept.standing.window,
            then=kept.lookup,
            now=now,
            facts=present,
            differences=differences,
            warnings=warnings(flow, known),
            kinship=kinship(present),
            possible=_possible(kept.standing),
            blanks=blanks(flow, known),
            fee=flow.fee(known),
            due=due(flow.term(known), _accepted_on(kept) or working_day(self._clock())),
            decisions=kept.decisions,
            deliveries=kept.deliveries,
            marks=marks(flow, application, present, differences),
            certificate=await self._store.certificate(visit),
            corrections=kept.corrections,
        )

    async def decide(self, visit: str, action: Action, *, window: str, clerk: str, key: str, said: Said | None = None) -> Status:
        """Does one action and returns the status after it; a repeat of the key returns the same. Before a case is
        accepted the departments are asked anew: NotSeen when they say what is not among the marks of `said.seen`."""
        said = said or Said()
        contents = [visit, action.value, window, clerk, said.reason, said.note, dict(said.amended), sorted(said.seen)]
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

    async def held(self, visit: str, window: str) -> KeptCase:
        """A case that this window has before it; NotAllowed for any other."""
        return await self._held(visit, window)

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
        return kept, flow, await self._looked_up(flow, kept.application, clerk)

    async def certificate(self, visit: str, window: str, clerk: str) -> Issued:
        """For the holder of the case, to be printed again."""
        application = (await self._held(visit, window)).application
        issued = await self._store.certificate(visit)
        if issued is None or issued.revoked_at:
            raise NotKnown
        reading = Reading(UseKind.PAPER, visit, application.matter, (Whose(application.identity.number),))
        await self._store.keep_reading(reading, self._request("", clerk, window))
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
        basis = await self._basis(flow, kept, request, said) if action is Action.CONFIRM else None
        concerned = told(flow, kept.application)
        status = await self._store.act(decision, request, working_day(request.at), concerned, said.attached, basis)
        if action is not Action.AMEND:
            self._exchange.forget(visit)
        return status

    async def _held(self, visit: str, window: str) -> KeptCase:
        """The holder's; after the decision the same window's still, until it calls the next ticket."""
        kept = await self._store.case(visit)
        standing = kept.standing
        if standing.window != window or not window or standing.status in (Status.SUBMITTED, Status.NO_SHOW):
            raise NotAllowed
        if standing.status is not Status.CALLED and await self._store.last_at(window) != standing.ticket.visit:
            raise NotAllowed
        return kept

    async def _basis(self, flow: Flow, kept: KeptCase, request: Request, said: Said) -> Basis:
        """The application and what the departments say of it now, if the clerk's page showed all of it."""
        application = kept.application
        lookup = await self._looked_up(flow, application, request.by.removeprefix("clerk:"), fresh=True)
        differences = compare(flow, application, lookup)
        unseen = marks(flow, application, self._present(flow, application, lookup), differences) - said.seen
        # Of two clicks at once the first may have been taken while this one asked: then there is nothing to hold back.
        if unseen and await self._store.answered(request) is None:
            items = dict.fromkeys(difference.item for difference in differences if marks_of(difference) & unseen)
            await self._store.audit("confirmation_held", request, application.visit, tuple(items))
            raise NotSeen
        return Basis(application, lookup)

    async def _looked_up(self, flow: Flow, application: Application, clerk: str, *, fresh: bool = False) -> Lookup:
        """What the departments say now; unless `fresh`, perhaps what they said to this clerk within the last minute."""
        purpose = Purpose(application.visit, application.matter, f"clerk:{clerk}", application.flow_version)
        items = flow.items_for(child=application.guardian is not None)
        return await self._exchange.lookup(application.identity, items, purpose, guardian=application.guardian, fresh=fresh)

    def _present(self, flow: Flow, application: Application, lookup: Lookup) -> Known:
        """The answers as they stand beside these records, today."""
        return facts(flow, application, lookup, working_day(self._clock()), self._region)

    def _known(self, flow: Flow, kept: KeptCase) -> Known:
        """The answers and records as the rules saw them, on the day of submission."""
        day = working_day(kept.application.submitted_at)
        return facts(flow, kept.application, kept.lookup, day, self._region)

    def _request(self, key: str, clerk: str, window: str, contents: bytes = b"") -> Request:
        return Request(key, f"clerk:{clerk}", self._clock(), window, contents)


def _opening(application: Application) -> Reading:
    """The page shows a guardian's records too."""
    guardian = (Whose(application.guardian.number, as_guardian=True),) if application.guardian else ()
    whose = (Whose(application.identity.number), *guardian)
    return Reading(UseKind.OPENED, application.visit, application.matter, whose)


def _may_do(standing: Standing, action: Action, window: str) -> None:
    """Refuses early and in words; the store's guarded UPDATE is what decides between two clerks."""
    if action not in DESK_ACTIONS:
        raise NotAllowed
    if (standing.status, action) not in TRANSITIONS:
        raise NotPossible(standing.status)
    if standing.window != window:
        raise NotAllowed


def _possible(standing: Standing) -> frozenset[Action]:
    early = {Action.MISS} if standing.calls < ORDERS[-1].no_show_calls else set()
    return POSSIBLE[standing.status] - early


def _accepted_on(kept: KeptCase) -> date | None:
    confirmed = [decision.at for decision in kept.decisions if decision.action is Action.CONFIRM]
    return working_day(confirmed[-1]) if confirmed else None
