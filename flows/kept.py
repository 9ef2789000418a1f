"""证件、证明、结果留存: what is kept of a paper, by which rule, and what of it may serve another matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from flows.application import Answer, Source, SourceKind
from flows.flow import Field, Flow
from flows.pages import months_later
from flows.pictures import Paper, Photo
from flows.policy import Dated, declare, on, read


class Keeping(StrEnum):
    """On what ground something is kept."""

    STATUTORY = "statutory"  # by law, with its case
    REUSE = "reuse"  # with the citizen's consent, who may take it back
    CASE = "case"  # for one case alone


class Origin(StrEnum):
    """By whom the hall came to have it."""

    TERMINAL = "terminal"
    WINDOW = "window"
    HALL = "hall"
    DEPARTMENT = "department"


@dataclass(frozen=True, kw_only=True)
class DocumentKind(Dated):
    """One kind of document and its rule. `months` it may be used again from the day it was first seen, 0: no end of
    its own; `keep_days` it is kept."""

    code: str
    title: str
    keeping: Keeping
    months: int
    keep_days: int

    def valid_until(self, seen_on: date) -> date | None:
        """The last day it may be used again; None: no end of its own."""
        return months_later(seen_on, self.months) if self.months else None

    def destroy_on(self, day: date) -> date:
        return day + timedelta(days=self.keep_days)


@dataclass(frozen=True, kw_only=True)
class Wanted(Dated):
    """What the counter of a matter asks for beside the pictures of its own questions."""

    matter: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Policy:
    kind: tuple[DocumentKind, ...]
    wanted: tuple[Wanted, ...]


_POLICY = read(Policy, "documents")
KINDS: Mapping[str, tuple[DocumentKind, ...]] = {
    code: tuple(kind for kind in _POLICY.kind if kind.code == code) for code in dict.fromkeys(k.code for k in _POLICY.kind)
}
_WANTED = {one.matter: tuple(w for w in _POLICY.wanted if w.matter == one.matter) for one in _POLICY.wanted}
for _code, _rows in KINDS.items():
    declare(f"document kind {_code}", _rows)
for _matter, _asked in _WANTED.items():
    declare(f"documents wanted for {_matter}", _asked)

NOON = time(4, tzinfo=UTC)
"""In China: a day without a time of its own."""

OTHER = "other"
CERTIFICATE = "certificate"
DEPARTMENT_OUTCOME = "department_outcome"
OUTCOMES = frozenset({CERTIFICATE, DEPARTMENT_OUTCOME})
"""Nobody brings these: the hall or a department issues them."""


def rule(code: str, day: date) -> DocumentKind:
    """The rule of a kind on a day; raises PolicyError where there is none."""
    return on(day, KINDS.get(code, ()), f"document kind {code}")


def title_of(code: str) -> str:
    """A message id; the code itself when no rule was ever known."""
    return KINDS[code][-1].title if code in KINDS else code


def kind_of(asked: Field) -> str:
    """The kind of document that a field's picture is; "" for what is none, a signature too."""
    match asked.kind:
        case Photo(sheet=sheet):
            return f"photo.{sheet}"
        case Paper(document=document):
            return document or OTHER
        case _:
            return ""


def fields_for(flow: Flow, code: str) -> tuple[str, ...]:
    """The fields of a matter that a document of this kind answers. What has no rule of its own answers none."""
    return tuple(name for name, asked in flow.fields.items() if kind_of(asked) == code and code != OTHER)


def kinds_for(flow: Flow, day: date) -> tuple[str, ...]:
    """The kinds that a matter may ask for: pictures of its questions, then what its counter wants to see."""
    pictured = [kind_of(asked) for asked in flow.fields.values()]
    wanted = [code for one in _WANTED.get(flow.code, ()) if one.in_force(day) for code in one.kinds]
    return tuple(code for code in dict.fromkeys([*pictured, *wanted]) if code)


def may_serve(code: str, keeping: Keeping, seen_on: date, valid_to: date | None, day: date) -> bool:
    """Whether something kept may be used for another matter on a day, by the rule of that day. `valid_to` is what the
    paper says of itself."""
    if keeping is Keeping.CASE or rule(code, day).keeping is Keeping.CASE:
        return False
    return all(end is None or day <= end for end in (rule(code, day).valid_until(seen_on), valid_to))


@dataclass(frozen=True)
class Offer:
    """A kept picture that may answer a field of this visit's matter: what it is and since when, not the picture.
    `digest` is the SM3 of the picture; `matter` the title of the matter that it was first given for."""

    document: str
    field: str
    kind: str
    digest: str
    seen_on: date
    until: date | None
    matter: str
    origin: Origin

    @property
    def answer(self) -> Answer:
        """What a field's answer is when the citizen takes it."""
        return Answer(self.digest, Source(SourceKind.KEPT, self.document), datetime.combine(self.seen_on, NOON))


def answers_of(offers: Iterable[Offer]) -> dict[str, Answer]:
    """The answers that a citizen may take, by their value."""
    return {offer.digest: offer.answer for offer in offers}


@dataclass(frozen=True)
class KeptPaper:
    """A document as its person is told of it. `until`: the last day it may be used again, None where it has no end or
    is not used again. `deletable`: the person may ask the hall to destroy it."""

    document: str
    title: str
    seen_on: date
    until: date | None
    keeping: Keeping
    deletable: bool
