"""Kept documents at the counter: scanned for a case, seen in the original, taken over from what is kept of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flows.application import Action, Attached, Decision, Status
from flows.flow import Flow, Matters
from flows.kept import CERTIFICATE, DEPARTMENT_OUTCOME, OUTCOMES, Keeping, Origin, fields_for, kinds_for, rule
from flows.matters import MATTERS
from flows.recheck import Problem
from flows.usage import UseKind
from flows.wire import to_json
from hall.amendments import Said, changes_of
from hall.by import By
from hall.certificates import Issued
from hall.documents import serves, usable_until
from hall.errors import NotKnown, NotPossible, NotTaken
from hall.facts import facts
from hall.scans import scanned
from hall.store.documents import Adoption, Document, InCase, NewDocument
from hall.store.request import Request
from hall.store.store import KeptCase, Store
from hall.store.usage import Reading, Whose
from hall.working_day import Clock, working_day

TAKEN_OVER = "KEPT_DOCUMENT"
"""Why an answer is amended by a kept document: a code of assets/policy/reasons.toml."""


class Held(Protocol):
    """The desk, as far as documents need it: a case that a window has before it."""

    async def held(self, visit: str, window: str) -> KeptCase: ...


@dataclass(frozen=True)
class Scan:
    """A paper from the counter, file by file. `seen`: the clerk holds the original; `agreed`: the citizen lets the hall
    keep it for other matters."""

    kind: str
    files: Sequence[bytes]
    seen: bool = False
    agreed: bool = False


@dataclass(frozen=True)
class OnOffer:
    """Something kept of the same person that this matter asks for. `field` is the question that it would answer, "" when
    it would only lie with the case."""

    document: Document
    until: date | None
    field: str = ""


@dataclass(frozen=True)
class CaseDocuments:
    """What a case has, and what of the same person could be taken over. `kinds` may be scanned for this matter."""

    here: tuple[InCase, ...]
    on_offer: tuple[OnOffer, ...]
    kinds: tuple[str, ...]


class DocumentDesk:
    """Only the window that has a case before it. A repeat of a click changes nothing."""

    def __init__(self, store: Store, desk: Held, clock: Clock, *, matters: Matters = MATTERS, region: str = "") -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._matters = matters
        self._region = region

    async def of_case(self, visit: str, window: str) -> CaseDocuments:
        """Covered by the opening of the case: names and days, no picture."""
        return await self._of_case(await self._desk.held(visit, window))

    async def page(self, visit: str, document: str, position: int, by: By) -> Attached:
        """A picture of the case itself is covered by its opening; one that is only on offer is a reading of its own."""
        await self._may_look(visit, document, by)
        return await self._store.document_page(document, position)

    async def certificate(self, visit: str, document: str, by: By) -> Issued:
        """A certificate that the hall issued, to be drawn anew; not one that is worth nothing any more."""
        found = await self._may_look(visit, document, by)
        issued = await self._store.certificate(found.visit) if found.kind == CERTIFICATE else None
        if issued is None or issued.revoked_at:
            raise NotKnown
        return issued

    async def scan(self, visit: str, scan: Scan, by: By) -> str:
        """Keeps what was scanned with the case, and for other matters only if the citizen agreed."""
        digests = [Attached("", file).digest for file in scan.files]
        request = by.request(self._clock(), [visit, scan.kind, digests, scan.seen, scan.agreed])
        if (answer := await self._store.answered(request)) is not None:
            return answer
        kept, day = await self._open_case(visit, by.window), working_day(request.at)
        if scan.kind not in _scannable(self._flow(kept), day):
            raise NotTaken((Problem("kind", "unfinished", "请选择这是什么材料"),))
        found = rule(scan.kind, day)
        reused = found.keeping is Keeping.REUSE and scan.agreed
        new = NewDocument(
            kind=scan.kind,
            keeping=Keeping.REUSE if reused else Keeping.STATUTORY if found.keeping is Keeping.STATUTORY else Keeping.CASE,
            number=kept.application.identity.number,
            visit=visit,
            matter=kept.application.matter,
            origin=Origin.WINDOW,
            place=by.window,
            seen_on=day,
            destroy_on=found.destroy_on(day),
            pages=await scanned(scan.files),
            original_seen=scan.seen,
        )
        return await self._store.keep_document(new, request)

    async def seen(self, visit: str, document: str, by: By) -> None:
        """原件已核: the clerk compared it with the original."""
        await self._open_case(visit, by.window)
        await self._in_case(visit, document)
        await self._store.original_seen(document, visit, by.request(self._clock(), [visit, document, "seen"]))

    async def take_over(self, visit: str, document: str, by: By, *, agreed: bool) -> Status | None:
        """采用留存材料: goes with this case from now on, and answers the question that it fits."""
        request = by.request(self._clock(), [visit, document, "take", agreed])
        if await self._store.answered(request) is not None:
            return None
        kept = await self._open_case(visit, by.window)
        offer = next((one for one in (await self._of_case(kept)).on_offer if one.document.id == document), None)
        if offer is None:
            raise NotKnown
        if not agreed:
            raise NotTaken((Problem("agreed", "unfinished", "请先问过申请人，同意了再勾选"),))
        day = working_day(request.at)
        destroy_on = rule(offer.document.kind, day).destroy_on(day)
        if not offer.field:
            return await self._store.adopt(Adoption(document, visit, destroy_on), request, day)
        picture = await self._store.document_page(document, 1)
        said = Said(TAKEN_OVER, "", {offer.field: picture.digest}, {picture.digest: picture})
        application = kept.application
        known = facts(self._flow(kept), application, kept.lookup, working_day(application.submitted_at), self._region)
        changes = changes_of(self._flow(kept), known, Action.AMEND, said)
        decision = Decision(visit, Action.AMEND, by.clerk, by.window, request.at, TAKEN_OVER, "", changes)
        return await self._store.adopt(Adoption(document, visit, destroy_on, decision, said.attached), request, day)

    async def withdraw(self, visit: str, document: str, by: By) -> Keeping | None:
        """The citizen at the counter takes the consent back."""
        kept = await self._desk.held(visit, by.window)
        request = by.request(self._clock(), [visit, document, "withdraw"])
        return await self._store.withdraw_document(document, kept.application.identity.number, request)

    async def from_department(self, visit: str, department: str, files: Sequence[bytes], key: str) -> str:
        """What a department gives back at the end: kept by law with the case."""
        digests = [Attached("", file).digest for file in files]
        request = Request(key, "hall", self._clock(), contents=to_json([visit, department, digests]))
        if (answer := await self._store.answered(request)) is not None:
            return answer
        application, day = (await self._store.case(visit)).application, working_day(request.at)
        new = NewDocument(
            kind=DEPARTMENT_OUTCOME,
            keeping=Keeping.STATUTORY,
            number=application.identity.number,
            visit=visit,
            matter=application.matter,
            origin=Origin.DEPARTMENT,
            place=department,
            seen_on=day,
            destroy_on=rule(DEPARTMENT_OUTCOME, day).destroy_on(day),
            pages=await scanned(files),
        )
        return await self._store.keep_document(new, request)

    async def _of_case(self, kept: KeptCase) -> CaseDocuments:
        application, flow, day = kept.application, self._flow(kept), working_day(self._clock())
        here = await self._store.documents_in(application.visit)
        found = await self._store.documents_of(application.identity.number)
        had, wanted = {one.document.id for one in here}, kinds_for(flow, day)
        fitting = (one for one in found if one.id not in had and one.kind in wanted and serves(one, day))
        known = facts(flow, application, kept.lookup, working_day(application.submitted_at), self._region)
        asked = {field.name for page in flow.asked(known) for field in page.fields}
        on_offer = tuple(OnOffer(one, usable_until(one, day), _field(flow, one, asked)) for one in fitting)
        return CaseDocuments(here, on_offer, _scannable(flow, day))

    async def _may_look(self, visit: str, document: str, by: By) -> Document:
        documents = await self.of_case(visit, by.window)
        for one in documents.here:
            if one.document.id == document:
                return one.document
        for offer in documents.on_offer:
            if offer.document.id == document:
                application = (await self._store.case(visit)).application
                whose, kinds = (Whose(application.identity.number),), (offer.document.kind,)
                reading = Reading(UseKind.DOCUMENT, visit, application.matter, whose, kinds)
                await self._store.keep_reading(reading, By(by.clerk, by.window).request(self._clock(), []))
                return offer.document
        raise NotKnown

    async def _in_case(self, visit: str, document: str) -> None:
        if document not in {one.document.id for one in await self._store.documents_in(visit)}:
            raise NotKnown

    async def _open_case(self, visit: str, window: str) -> KeptCase:
        kept = await self._desk.held(visit, window)
        if kept.standing.status is not Status.CALLED:
            raise NotPossible(kept.standing.status)
        return kept

    def _flow(self, kept: KeptCase) -> Flow:
        return self._matters.of(kept.application)


def _scannable(flow: Flow, day: date) -> tuple[str, ...]:
    """A photo has its own way, with its checks; an outcome is nobody's to bring. Anything else may turn out needful."""
    papers = [code for code in kinds_for(flow, day) if not code.startswith("photo.") and code not in OUTCOMES]
    return tuple(dict.fromkeys([*papers, "other"]))


def _field(flow: Flow, one: Document, asked: set[str]) -> str:
    names = (name for name in fields_for(flow, one.kind) if name in asked and one.pages == 1)
    return next(names, "")
