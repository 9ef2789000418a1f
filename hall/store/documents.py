"""Kept documents: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from flows.application import Attached, Decision, Status
from flows.kept import Keeping, Origin
from hall.store.request import Request

How = Literal["given", "reused"]
"""How a document came to a case: it was brought for it, or taken again of what was kept."""

PDF = "application/pdf"


@dataclass(frozen=True)
class NewDocument:
    """A document before it is kept. No `pages`: a certificate, which is drawn anew from what its visit keeps. `place` is a
    terminal, a window or a department; `valid_to` what the paper says of itself."""

    kind: str
    keeping: Keeping
    number: str
    visit: str
    matter: str
    origin: Origin
    place: str
    seen_on: date
    destroy_on: date
    pages: tuple[Attached, ...] = ()
    valid_to: date | None = None
    original_seen: bool = False


@dataclass(frozen=True)
class Document:
    """A kept document; nothing of it is personal but that it is somebody's. `pages` is how many pictures it has, `visit`
    and `matter` what it was first given for."""

    id: str
    kind: str
    keeping: Keeping
    visit: str
    matter: str
    origin: Origin
    place: str
    seen_on: date
    destroy_on: date
    valid_to: date | None
    agreed_at: datetime | None
    media: str
    pages: int


@dataclass(frozen=True)
class InCase:
    """A document in a case, with the window that saw the original."""

    document: Document
    how: How
    at: datetime
    seen_at: datetime | None = None
    seen_window: str = ""


@dataclass(frozen=True)
class Adoption:
    """A kept document taken over into a case; `decision` amends the field that it answers, if it answers one."""

    document: str
    visit: str
    destroy_on: date
    decision: Decision | None = None
    attached: Mapping[str, Attached] | None = None


class DocumentStore(Protocol):
    """Documents of people, found by the blind index of a number. Pictures are kept once, in rows of their own."""

    async def keep_document(self, document: NewDocument, request: Request) -> str:
        """Its id; that of the same paper if the person gave it before."""
        ...

    async def documents_of(self, number: str) -> tuple[Document, ...]:
        """Those of the person with this number, newest first, found without opening any."""
        ...

    async def documents_in(self, visit: str) -> tuple[InCase, ...]: ...

    async def document(self, document: str) -> Document:
        """NotKnown when it was never kept here, or is destroyed."""
        ...

    async def owns_document(self, document: str, number: str) -> bool:
        """Whether it is of the person with this number."""
        ...

    async def document_page(self, document: str, position: int) -> Attached:
        """One picture, from 1; NotKnown, or DocumentUnreadable when its key is lost or it is damaged."""
        ...

    async def original_seen(self, document: str, visit: str, request: Request) -> None: ...

    async def adopt(self, adoption: Adoption, request: Request, day: date) -> Status | None:
        """Takes it over and amends the case, or neither; the status after an amendment."""
        ...

    async def withdraw_document(self, document: str, number: str, request: Request) -> Keeping | None:
        """None: destroyed. A paper that a clerk's case rests on stays with that case alone. NotAllowed for somebody
        else's, or for what the law keeps."""
        ...

    async def destroy_due(self, day: date, request: Request, most: int = 200) -> int:
        """Destroys what had to be kept until before this day; how many."""
        ...
