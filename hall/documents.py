"""Kept documents at a terminal: what is on offer in a visit, what a submission leaves, what a person takes back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date

from flows.application import Application, Assurance, Attached, Identity, SourceKind
from flows.flow import Flow, Matters
from flows.kept import CERTIFICATE, KINDS, Keeping, KeptPaper, Offer, Origin, fields_for, kind_of, may_serve, rule, title_of
from flows.usage import UseKind
from flows.wire import Withdrawal, to_json
from hall.certificates import Issued
from hall.errors import DocumentUnreadable, NotAllowed, NotKnown
from hall.store.documents import Document, NewDocument
from hall.store.request import Request
from hall.store.store import Store
from hall.store.usage import Reading, Whose
from hall.working_day import Clock, working_day

log = logging.getLogger(__name__)


class Documents:
    """Only for a card that was really read, only within its own visit, only what the visit's matter asks for."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def picture(self, visit: str, terminal: str, document: str) -> Attached:
        """What the citizen wants to look at before taking it again; each look is written down."""
        kept = await self._store.visit(visit)
        if kept is None:
            raise NotKnown
        if kept.terminal != terminal or kept.submitted:
            raise NotAllowed
        offer = next((offer for offer in kept.kept if offer.document == document), None)
        if offer is None:
            raise NotKnown
        reading = Reading(UseKind.DOCUMENT, visit, kept.matter, (Whose(kept.identity.number),), (offer.kind,))
        await self._store.keep_reading(reading, self._request("", terminal))
        return await self._store.document_page(document, 1)

    async def of(self, number: str) -> tuple[KeptPaper, ...]:
        """What is kept of a person, as the person is told of it."""
        day = working_day(self._clock())
        return tuple(_paper(one, day) for one in await self._store.documents_of(number))

    async def withdraw(self, look: str, terminal: str, asked: Withdrawal) -> Keeping | None:
        """The person takes the consent back. `look` is the number of the look at one's own data that it belongs to."""
        if asked.identity.assurance is Assurance.NONE:
            raise NotAllowed
        request = self._request(f"withdraw:{look}:{asked.document}", terminal, to_json(asked))
        return await self._store.withdraw_document(asked.document, asked.identity.number, request)

    async def destroy_due(self) -> int:
        """Destroys what had to be kept until yesterday, some at a time so that nobody waits for it."""
        now, count = self._clock(), 0
        while destroyed := await self._store.destroy_due(working_day(now), Request("", "hall", now)):
            count += destroyed
        return count

    def _request(self, key: str, terminal: str, contents: bytes = b"") -> Request:
        return Request(key, f"terminal:{terminal}", self._clock(), contents=contents)


async def offers(store: Store, identity: Identity, flow: Flow, day: date, matters: Matters) -> tuple[Offer, ...]:
    """The newest kept picture for each field of this matter that one may still answer. One that cannot be read is left
    out: the question is then asked as if nothing were kept."""
    if identity.assurance is Assurance.NONE:
        return ()
    found: dict[str, Offer] = {}
    for one in await store.documents_of(identity.number):
        fields = [name for name in fields_for(flow, one.kind) if name not in found] if one.pages == 1 else []
        if fields and serves(one, day) and (digest := await _digest(store, one)):
            for name in fields:
                found[name] = _offer(one, name, digest, day, matters)
    return tuple(found.values())


def serves(one: Document, day: date) -> bool:
    """Whether a document may be used for another matter. A kind that has no rule any more serves nothing."""
    known = any(kind.in_force(day) for kind in KINDS.get(one.kind, ()))
    return known and may_serve(one.kind, one.keeping, one.seen_on, one.valid_to, day)


def usable_until(one: Document, day: date) -> date | None:
    """The last day it may be used again; None: no end, or no use."""
    if not serves(one, day):
        return None
    ends = [end for end in (rule(one.kind, day).valid_until(one.seen_on), one.valid_to) if end]
    return min(ends, default=None)


def of_submission(flow: Flow, application: Application, place: str, issued: Issued | None, day: date) -> tuple[NewDocument, ...]:
    """What is kept of a submission beside the application itself: pictures that the citizen lets the hall keep, and the
    certificate that it issued."""
    return (*_agreed(flow, application, place, day), *_issued(application, issued, day))


def matter_title(one: Document, matters: Matters) -> str:
    return matters[one.matter].title if one.matter in matters else ""


def _agreed(flow: Flow, application: Application, place: str, day: date) -> Iterator[NewDocument]:
    for name, answer in application.answers.items():
        code = kind_of(flow.fields[name]) if name in flow.fields else ""
        if not code or answer.value not in application.agreed or answer.source.kind is SourceKind.KEPT:
            continue
        found = rule(code, day)
        if found.keeping is Keeping.REUSE:
            yield NewDocument(
                kind=code,
                keeping=Keeping.REUSE,
                number=application.identity.number,
                visit=application.visit,
                matter=application.matter,
                origin=Origin.TERMINAL,
                place=place,
                seen_on=day,
                destroy_on=found.destroy_on(day),
                pages=(application.attached[answer.value],),
            )


def _issued(application: Application, issued: Issued | None, day: date) -> Iterator[NewDocument]:
    if issued is not None:
        yield NewDocument(
            kind=CERTIFICATE,
            keeping=Keeping.STATUTORY,
            number=application.identity.number,
            visit=application.visit,
            matter=application.matter,
            origin=Origin.HALL,
            place="",
            seen_on=day,
            destroy_on=rule(CERTIFICATE, day).destroy_on(day),
            valid_to=issued.certificate.valid_to,
        )


def _offer(one: Document, field: str, digest: str, day: date, matters: Matters) -> Offer:
    until, title = usable_until(one, day), matter_title(one, matters)
    return Offer(one.id, field, one.kind, digest, one.seen_on, until, title, one.origin)


async def _digest(store: Store, one: Document) -> str:
    try:
        return (await store.document_page(one.id, 1)).digest
    except DocumentUnreadable:
        log.error("document_unreadable", extra={"document": one.id})
        return ""


def _paper(one: Document, day: date) -> KeptPaper:
    deletable = one.keeping is Keeping.REUSE
    return KeptPaper(one.id, title_of(one.kind), one.seen_on, usable_until(one, day), one.keeping, deletable)
