"""A case in a clerk's hands: the application beside the records, and what is decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.application import ACCEPTING, Action, Application, Attached, Change, Decision, Lookup, Status
from flows.compare import compare
from flows.flow import Flow, Known, Matters
from flows.fold import warnings
from flows.matters import MATTERS
from flows.pictures import Picture
from flows.promise import Ground, Promise
from flows.recheck import Problem
from flows.usage import UseKind
from flows.wire import to_json
from hall.amendments import FULL, Said, Upload, blanks, changes_of
from hall.basis import Basis
from hall.case import Case, Counter
from hall.certificates import Issued
from hall.errors import NotAllowed, NotKnown, NotPossible, NotSeen, NotTaken, SamePerson
from hall.exchange import Purpose
from hall.facts import due, facts, kinship, told
from hall.grounds import TOLD, grounds_of
from hall.papers.notice import Notice, PaperKind
from hall.papers.wording import About, notice, papers_of
from hall.pictures import Judge, judge, prepare
from hall.possible import AT_THE_WINDOW, OF_THE_SECOND, CounterRules, possible, possible_for_second
from hall.promises import last_day, promise_of, promiser
from hall.seen import marks, marks_of
from hall.store.promise_commands import hands
from hall.store.request import Request
from hall.store.store import KeptCase, Store
from hall.store.usage import Reading, Whose
from hall.visits import Records
from hall.working_day import Clock, working_day

DESK_ACTIONS = AT_THE_WINDOW - {Action.TAKE_UP}
"""Decided by Desk.decide."""


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
        rules: CounterRules | None = None,
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._clock = clock
        self._matters = matters
        self._region = region
        self._judge = judge
        self.rules = rules or CounterRules()

    async def case(self, visit: str, window: str, clerk: str) -> Case:
        """The case as the clerk sees it; opening it is a read of a person's records, so it is audited."""
        kept = await self._held(visit, window)
        return await self._case(kept, self._request("", clerk, window), possible(kept, self.rules, self._today()))

    async def for_second(self, visit: str, clerk: str, window: str) -> Case:
        """As its second person sees it, with what the departments say now; never for whoever had it in hand."""
        kept = await self._store.case(visit)
        if kept.standing.status is not Status.TO_APPROVE:
            raise NotPossible(kept.standing.status)
        if clerk in hands(kept):
            raise SamePerson
        return await self._case(kept, self._request("", clerk, window), possible_for_second(kept))

    async def _case(self, kept: KeptCase, request: Request, allowed: frozenset[Action]) -> Case:
        application, today, clerk = kept.application, self._today(), request.by.removeprefix("clerk:")
        await self._store.keep_reading(_opening(application), request)
        flow = self._matters.of(application)
        asked = kept.standing.status is Status.CALLED or bool(allowed & OF_THE_SECOND)
        now = await self._looked_up(flow, application, clerk) if asked else kept.decided_upon
        known = self._known(flow, kept)
        present = self._present(flow, application, now or kept.lookup)
        differences = compare(flow, application, now or kept.lookup)
        return Case(
            application=application,
            flow=flow,
            ticket=kept.standing.ticket,
            status=kept.standing.status,
            window=kept.standing.window,
            then=kept.lookup,
            now=now,
            facts=present,
            differences=differences,
            warnings=warnings(flow, known),
            kinship=kinship(present),
            possible=allowed,
            blanks=blanks(flow, known),
            fee=flow.fee(known),
            due=due(flow.term(known), accepted_on(kept) or today),
            decisions=kept.decisions,
            deliveries=kept.deliveries,
            marks=marks(flow, application, present, differences),
            certificate=await self._store.certificate(application.visit),
            corrections=kept.corrections,
            counter=Counter(
                self.rules.why_second(kept, today),
                self.rules.papers(kept, today),
                last_day(self.rules.lacking, today),
                promiser(application),
                kept.promised,
                papers_of(kept),
            ),
        )

    async def decide(self, visit: str, action: Action, *, window: str, clerk: str, key: str, said: Said | None = None) -> Status:
        """Does one action and returns the status after it; a repeat of the key returns the same. Before a case is
        accepted the departments are asked anew: NotSeen when they say what is not among the marks of `said.seen`."""
        said = said or Said()
        contents = [visit, action.value, window, clerk, *said.contents()]
        return await self._decide(self._request(key, clerk, window, to_json(contents)), visit, action, said)

    async def replace_picture(self, visit: str, upload: Upload, *, window: str, clerk: str, key: str, reason: str = "") -> Status:
        """An amendment whose value is a picture. What the checks find stops it unless it is forced."""
        name, digest = upload.field, Attached("", upload.content).digest
        contents = [visit, "picture", window, clerk, reason, name, digest, upload.forced]
        request = self._request(key, clerk, window, to_json(contents))
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._store.case(visit)
        self._may_do(kept, Action.AMEND, window)
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

    async def paper(self, visit: str, kind: PaperKind, window: str, clerk: str, follow: str = "") -> Notice:
        """One of the case's papers, for its holder to print; `follow` is the address of the ticket's page."""
        kept = await self._held(visit, window)
        application, flow = kept.application, self._matters.of(kept.application)
        known = self._known(flow, kept)
        term = due(flow.term(known), accepted_on(kept) or self._today())
        found = notice(About(kept, flow, flow.fee(known), term), kind, follow)
        if found is None:
            raise NotKnown
        reading = Reading(UseKind.PAPER, visit, application.matter, (Whose(application.identity.number),), (), kind.value)
        await self._store.keep_reading(reading, self._request("", clerk, window))
        return found

    async def _decide(self, request: Request, visit: str, action: Action, said: Said) -> Status:
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._store.case(visit)
        self._may_do(kept, action, request.window)
        flow = self._matters.of(kept.application)
        decision = self._decision(flow, kept, request, action, said)
        basis = await self.basis(flow, kept, request, said.seen) if action in FULL else None
        concerned = told(flow, kept.application)
        status = await self._store.act(decision, request, working_day(request.at), concerned, said.attached, basis)
        if action is not Action.AMEND:
            self._exchange.forget(visit)
        return status

    def _decision(self, flow: Flow, kept: KeptCase, request: Request, action: Action, said: Said) -> Decision:
        """Everything that is wrong with it at once."""
        problems: list[Problem] = []
        grounds: tuple[Ground, ...] = ()
        changes: tuple[Change, ...] = ()
        promise: Promise | None = None
        try:
            changes = changes_of(flow, self._known(flow, kept), action, said)
        except NotTaken as error:
            problems += error.problems
        if action in TOLD:
            grounds, wrong = grounds_of(action, said.grounds, said.note)
            problems += wrong
        try:
            promise = self._promise(kept, action, said, request)
        except NotTaken as error:
            problems += error.problems
        if problems:
            raise NotTaken(tuple(problems))
        by, reason = request.by.removeprefix("clerk:"), grounds[0].code if grounds else said.reason
        decision = Decision(kept.application.visit, action, by, request.window, request.at, reason, said.note, changes)
        return replace(decision, grounds=grounds, promise=promise)

    def _promise(self, kept: KeptCase, action: Action, said: Said, request: Request) -> Promise | None:
        if action is Action.ACCEPT_LACKING or (action is Action.PROPOSE and said.lacking):
            return promise_of(self.rules.lacking, kept.application.matter, said, working_day(request.at))
        if said.lacking:
            raise NotAllowed  # a promise given with another action would be lost
        return None

    async def _held(self, visit: str, window: str) -> KeptCase:
        """The holder's; after the decision the same window's still, until it calls the next ticket."""
        kept = await self._store.case(visit)
        standing = kept.standing
        if standing.window != window or not window or standing.status in (Status.SUBMITTED, Status.NO_SHOW):
            raise NotAllowed
        if standing.status is not Status.CALLED and await self._store.last_at(window) != standing.ticket.visit:
            raise NotAllowed
        return kept

    async def basis(self, flow: Flow, kept: KeptCase, request: Request, seen: frozenset[str]) -> Basis:
        """The application and what the departments say of it now, if the clerk's page showed all of it."""
        application = kept.application
        lookup = await self._looked_up(flow, application, request.by.removeprefix("clerk:"), fresh=True)
        differences = compare(flow, application, lookup)
        unseen = marks(flow, application, self._present(flow, application, lookup), differences) - seen
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

    def _today(self) -> date:
        return working_day(self._clock())

    def _present(self, flow: Flow, application: Application, lookup: Lookup) -> Known:
        """The answers as they stand beside these records, today."""
        return facts(flow, application, lookup, working_day(self._clock()), self._region)

    def _known(self, flow: Flow, kept: KeptCase) -> Known:
        """The answers and records as the rules saw them, on the day of submission."""
        day = working_day(kept.application.submitted_at)
        return facts(flow, kept.application, kept.lookup, day, self._region)

    def _may_do(self, kept: KeptCase, action: Action, window: str) -> None:
        """Refuses early and in words; the store's guarded UPDATE is what decides between two clerks."""
        if action not in DESK_ACTIONS:
            raise NotAllowed
        if action not in possible(kept, self.rules, self._today()):
            raise NotPossible(kept.standing.status)
        if kept.standing.window != window:
            raise NotAllowed

    def _request(self, key: str, clerk: str, window: str, contents: bytes = b"") -> Request:
        return Request(key, f"clerk:{clerk}", self._clock(), window, contents)


def _opening(application: Application) -> Reading:
    """The page shows a guardian's records too."""
    guardian = (Whose(application.guardian.number, as_guardian=True),) if application.guardian else ()
    whose = (Whose(application.identity.number), *guardian)
    return Reading(UseKind.OPENED, application.visit, application.matter, whose)


def accepted_on(kept: KeptCase) -> date | None:
    accepted = [decision.at for decision in kept.decisions if decision.action in ACCEPTING]
    return working_day(accepted[-1]) if accepted else None
