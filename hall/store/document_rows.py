"""Commands on kept documents: the picture sealed in a row of its own, found by its keyed digest, written with its document."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from cryptography.exceptions import InvalidTag

from flows.application import Answer, Application, Attached, Source, SourceKind
from flows.kept import NOON, Keeping, Origin
from flows.usage import UseKind
from flows.wire import NotUnderstood, from_json, to_json
from hall.errors import DocumentUnreadable, NotAllowed, NotKnown
from hall.store.database import Commands
from hall.store.documents import PDF, Document, How, InCase, NewDocument
from hall.store.request import Request
from hall.store.row import Row, day_of, instant
from hall.store.transaction import Transaction
from hall.store.usage import Reading, Whose
from hall.store.usage_rows import keep_reading


@dataclass(frozen=True)
class _Page:
    """The sealed part of a document's row, per page."""

    media_type: str
    digest: str


def keep(tx: Transaction, new: NewDocument, request: Request) -> str:
    """A paper given again is the one that is there: a photo does not grow young by being handed in twice."""
    person, contents = tx.key.person(new.number), _contents(tx, new)
    before = tx.one("same_document", person=person, kind=new.kind, contents=contents)
    document = str(before["document"]) if before else str(uuid4())
    if before is None:
        _add(tx, document, new, request)
    else:
        _add_contents(tx, new)
        if new.keeping is Keeping.REUSE and before["keeping"] == Keeping.CASE:
            tx.all("document_keeping", document=document, keeping=Keeping.REUSE, agreed_at=request.at)
    if _goes_with(tx, document, new.visit, "given", new.destroy_on, request) or before is None:
        tx.audit("document_kept", request, new.visit, [new.kind], new.keeping)
    if new.original_seen:
        original_seen(tx, document, new.visit, request)
    return document


def keep_of_submission(tx: Transaction, application: Application, given: tuple[NewDocument, ...], request: Request) -> None:
    """What the citizen lets the hall keep, what the hall issued, and what was taken again: with the submission."""
    for each in given:
        keep(tx, each, request)
    taken = [answer.source.name for answer in application.answers.values() if answer.source.kind is SourceKind.KEPT]
    for document in taken:
        number = application.identity.number
        if owns(tx, document, number):  # else destroyed since it was on offer: the application has the picture itself
            reuse(tx, one(tx, document), application.visit, number, application.matter, request)


def reuse(tx: Transaction, one: Document, visit: str, number: str, matter: str, request: Request) -> None:
    """Goes with another case, and the person can see that it did."""
    if _goes_with(tx, one.id, visit, "reused", one.destroy_on, request):
        reading = Reading(UseKind.REUSED, visit, matter, (Whose(number),), (one.kind,))
        keep_reading(tx, reading, request)


def original_seen(tx: Transaction, document: str, visit: str, request: Request) -> None:
    seen = tx.one("document_original_seen", document=document, visit=visit, at=request.at, window=request.window)
    if seen is not None:
        tx.audit("document_original_seen", request, visit, [one(tx, document).kind])


def withdraw(tx: Transaction, document: str, number: str, request: Request) -> Keeping | None:
    return Keeping(said) if (said := tx.once(request, lambda: _withdraw(tx, document, number, request))) else None


def _withdraw(tx: Transaction, document: str, number: str, request: Request) -> str:
    """A picture from a terminal lies in its application anyway; a paper that was scanned lies nowhere else."""
    if not owns(tx, document, number):
        raise NotAllowed
    kept = one(tx, document)
    if kept.keeping is not Keeping.REUSE:
        raise NotAllowed
    stays = kept.origin is not Origin.TERMINAL
    tx.audit("document_withdrawn", request, kept.visit, [kept.kind], Keeping.CASE if stays else "")
    if stays:
        tx.all("document_keeping", document=document, keeping=Keeping.CASE, agreed_at=None)
        return Keeping.CASE.value
    _destroy(tx, document)
    return ""


def destroy_due(tx: Transaction, day: date, request: Request, most: int) -> int:
    due = tx.all("due_documents", day=day, most=most)
    for row in due:
        _destroy(tx, row["document"])
        tx.audit("document_destroyed", request, row["visit"], [row["kind"]])
    return len(due)


def one(tx: Transaction, document: str) -> Document:
    return _document(_row(tx, document))


def owns(tx: Transaction, document: str, number: str) -> bool:
    row = tx.one("document", document=document)
    return row is not None and hmac.compare_digest(row["person"], tx.key.person(number))


def of_person(tx: Transaction, number: str) -> tuple[Document, ...]:
    return tuple(_document(row) for row in tx.all("documents_of_person", person=tx.key.person(number)))


def of_visit(tx: Transaction, visit: str) -> tuple[InCase, ...]:
    return tuple(_in_case(tx, row) for row in tx.all("document_uses", visit=visit))


def page(tx: Transaction, document: str, position: int) -> Attached:
    """The picture, proved to be the one that was kept."""
    pages = _pages(tx, _row(tx, document))
    if not 0 < position <= len(pages):
        raise NotKnown
    found = tx.one("document_page", document=document, position=position)
    if found is None or found["sealed"] is None or found["key_id"] != _key_id(tx):
        raise DocumentUnreadable
    try:
        content = tx.key.unseal(found["sealed"], "document_content", found["content"].hex())
    except InvalidTag:
        raise DocumentUnreadable from None
    attached = Attached(pages[position - 1].media_type, content)
    if attached.digest != pages[position - 1].digest:
        raise DocumentUnreadable
    return attached


def taken_answer(tx: Transaction, visit: str, value: str) -> Answer | None:
    """The answer that a picture is, if it was taken over into this case from a kept document."""
    for row in tx.all("document_uses", visit=visit):
        kept = _row(tx, row["document"])
        if row["how"] == "reused" and kept["pages"] and value in [each.digest for each in _pages(tx, kept)]:
            seen_on = date.fromisoformat(kept["seen_on"])
            return Answer(value, Source(SourceKind.KEPT, row["document"]), datetime.combine(seen_on, NOON))
    return None


def _add(tx: Transaction, document: str, new: NewDocument, request: Request) -> None:
    pages = tuple(_Page(each.media_type, each.digest) for each in new.pages)
    tx.all(
        "add_document",
        document=document,
        person=tx.key.person(new.number),
        kind=new.kind,
        contents=_contents(tx, new),
        keeping=new.keeping,
        visit=new.visit,
        matter=new.matter,
        origin=new.origin,
        place=new.place,
        seen_on=new.seen_on,
        valid_to=new.valid_to,
        destroy_on=new.destroy_on,
        agreed_at=request.at if new.keeping is Keeping.REUSE else None,
        media=new.pages[0].media_type if new.pages else PDF,
        pages=len(new.pages),
        sealed=tx.key.seal(to_json(pages), "document", document),
    )
    _add_contents(tx, new)
    for position, each in enumerate(new.pages, start=1):
        tx.all("add_document_page", document=document, position=position, content=_content(tx, each))


def _add_contents(tx: Transaction, new: NewDocument) -> None:
    for each in new.pages:
        content = _content(tx, each)
        sealed = tx.key.seal(each.content, "document_content", content.hex())
        tx.all("add_document_content", content=content, key_id=_key_id(tx), sealed=sealed)


def _goes_with(tx: Transaction, document: str, visit: str, how: How, destroy_on: date, request: Request) -> bool:
    tx.all("keep_document_longer", document=document, destroy_on=destroy_on)
    return tx.one("add_document_use", document=document, visit=visit, how=how, at=request.at) is not None


def _destroy(tx: Transaction, document: str) -> None:
    tx.all("drop_document_uses", document=document)
    for row in tx.all("drop_document_pages", document=document):
        tx.all("drop_document_content", content=row["content"])
    tx.all("drop_document", document=document)


def _row(tx: Transaction, document: str) -> Row:
    row = tx.one("document", document=document)
    if row is None:
        raise NotKnown
    return row


def _pages(tx: Transaction, row: Row) -> tuple[_Page, ...]:
    try:
        return from_json(tuple[_Page, ...], tx.key.unseal(row["sealed"], "document", row["document"]))
    except (InvalidTag, NotUnderstood):
        raise DocumentUnreadable from None


def _document(row: Row) -> Document:
    return Document(
        row["document"],
        row["kind"],
        Keeping(row["keeping"]),
        row["visit"],
        row["matter"],
        Origin(row["origin"]),
        row["place"],
        date.fromisoformat(row["seen_on"]),
        date.fromisoformat(row["destroy_on"]),
        day_of(row["valid_to"]),
        instant(row["agreed_at"]),
        row["media"],
        int(row["pages"]),
    )


def _in_case(tx: Transaction, row: Row) -> InCase:
    seen_at = instant(row["seen_at"])
    at = datetime.fromisoformat(row["at"])
    return InCase(one(tx, row["document"]), row["how"], at, seen_at, row["seen_window"])


def _contents(tx: Transaction, new: NewDocument) -> bytes:
    what = " ".join(each.digest for each in new.pages) if new.pages else f"drawn {new.visit}"
    return tx.key.index(b"document " + what.encode())


def _content(tx: Transaction, picture: Attached) -> bytes:
    return tx.key.index(b"document content " + picture.digest.encode())


def _key_id(tx: Transaction) -> str:
    return tx.key.index(b"which key").hex()[:16]


class DocumentCommands(Commands):
    """See hall.store.documents.DocumentStore."""

    async def keep_document(self, document: NewDocument, request: Request) -> str:
        return await self.write(lambda tx: tx.once(request, lambda: keep(tx, document, request)))

    async def documents_of(self, number: str) -> tuple[Document, ...]:
        return await self.read(lambda tx: of_person(tx, number))

    async def documents_in(self, visit: str) -> tuple[InCase, ...]:
        return await self.read(lambda tx: of_visit(tx, visit))

    async def document(self, document: str) -> Document:
        return await self.read(lambda tx: one(tx, document))

    async def owns_document(self, document: str, number: str) -> bool:
        return await self.read(lambda tx: owns(tx, document, number))

    async def document_page(self, document: str, position: int) -> Attached:
        return await self.read(lambda tx: page(tx, document, position))

    async def original_seen(self, document: str, visit: str, request: Request) -> None:
        def first(tx: Transaction) -> str:
            original_seen(tx, document, visit, request)
            return ""

        await self.write(lambda tx: tx.once(request, lambda: first(tx)))

    async def withdraw_document(self, document: str, number: str, request: Request) -> Keeping | None:
        return await self.write(lambda tx: withdraw(tx, document, number, request))

    async def destroy_due(self, day: date, request: Request, most: int = 200) -> int:
        return await self.write(lambda tx: destroy_due(tx, day, request, most))
