"""Kept documents of a case as the console draws them: what each is, whence, on what ground, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.application import Application
from flows.flow import Flow, Matters
from flows.kept import Keeping, Origin, title_of
from hall.console.clock import at_time, day_and_time
from hall.console.document_words import KEEPING, ORIGIN
from hall.console.language import listed, say
from hall.document_desk import CaseDocuments, OnOffer
from hall.store.documents import Document, InCase


@dataclass(frozen=True)
class DocumentTile:
    """One document. `whence` says from which day, place and matter it is; `ground` why it is kept; `seen` who saw the
    original. `field` is the label of the question that it would answer, `replaces`: it has an answer already."""

    id: str
    title: str
    pages: int
    is_paper: bool
    whence: str
    ground: str
    reused: bool = False
    seen: str = ""
    may_be_seen: bool = False
    withdrawable: bool = False
    field: str = ""
    replaces: bool = False


@dataclass(frozen=True)
class DocumentsView:
    here: tuple[DocumentTile, ...]
    on_offer: tuple[DocumentTile, ...]
    kinds: tuple[tuple[str, str], ...]


def documents_view(
    documents: CaseDocuments, application: Application, flow: Flow, titles: Mapping[str, str], matters: Matters
) -> DocumentsView:
    drawing = _Drawing(application, flow, titles, matters)
    return DocumentsView(
        tuple(drawing.here(one) for one in documents.here),
        tuple(drawing.offered(one) for one in documents.on_offer),
        tuple((code, say(title_of(code))) for code in documents.kinds),
    )


class _Drawing:
    def __init__(self, application: Application, flow: Flow, titles: Mapping[str, str], matters: Matters) -> None:
        self._application = application
        self._flow = flow
        self._titles = titles
        self._matters = matters

    def here(self, one: InCase) -> DocumentTile:
        kept = one.document
        return DocumentTile(
            id=kept.id,
            title=say(title_of(kept.kind)),
            pages=kept.pages,
            is_paper=not kept.pages,
            whence=self._whence(kept, one),
            ground=_ground(kept, None),
            reused=one.how == "reused",
            seen=_seen(one),
            may_be_seen=not one.seen_at and kept.origin in (Origin.WINDOW, Origin.TERMINAL) and not _is_photo(kept),
            withdrawable=kept.keeping is Keeping.REUSE,
        )

    def offered(self, one: OnOffer) -> DocumentTile:
        kept = one.document
        answered = self._application.answers.get(one.field)
        return DocumentTile(
            id=kept.id,
            title=say(title_of(kept.kind)),
            pages=kept.pages,
            is_paper=not kept.pages,
            whence=self._whence(kept, None),
            ground=_ground(kept, one.until),
            withdrawable=kept.keeping is Keeping.REUSE,
            field=say(self._flow.fields[one.field].label) if one.field else "",
            replaces=bool(answered and answered.value),
        )

    def _whence(self, kept: Document, here: InCase | None) -> str:
        """A document of this very visit needs no day and no matter: only where it came in."""
        place = say(ORIGIN[kept.origin], place=say(self._titles.get(kept.place, kept.place)))
        if here is not None and kept.visit == self._application.visit:
            return listed([place, at_time(here.at)], "，")
        matter = say(self._matters[kept.matter].title) if kept.matter in self._matters else kept.matter
        return say("{day} 办「{matter}」时，{place}", day=kept.seen_on.isoformat(), matter=matter, place=place)


def _is_photo(kept: Document) -> bool:
    return kept.kind.startswith("photo.")


def _seen(one: InCase) -> str:
    if not one.seen_at:
        return ""
    return say("{window} 号窗口 {at} 已核原件", window=one.seen_window, at=day_and_time(one.seen_at))


def _ground(kept: Document, until: date | None) -> str:
    ground = say(KEEPING[kept.keeping])
    return say("{ground}，可用到 {until}", ground=ground, until=until.isoformat()) if until else ground
