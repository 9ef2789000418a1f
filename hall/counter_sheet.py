"""What a clerk's page posts of a sheet, taken down as what was given on its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flows.application import Attached
from flows.counter import Sheet
from flows.fields import Code
from flows.flow import Field, Kind, Page
from flows.fold import Given
from flows.pictures import Picture
from hall.errors import NotTaken
from hall.pictures import Judge, prepare
from hall.store.counter import CounterDraft, Faulty


@dataclass(frozen=True)
class Posted:
    """A form as it came: texts by field, `was` what the page had filled in beforehand, `pages` those that it showed.
    `forced` are photos to be taken whatever the checks say, `dropped` pictures to be taken away. `said` says what a code
    means as the page had it."""

    version: int
    pages: frozenset[str]
    values: Mapping[str, str]
    was: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, bytes] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    said: Callable[[str], str] = str


async def taken_down(draft: CounterDraft, sheet: Sheet, posted: Posted, judge: Judge) -> tuple[CounterDraft, dict[str, str]]:
    """The draft with all of it, right or wrong; and, by field, uploads that are no pictures. What only a record or a
    rule may say is judged where it is folded in, not here."""
    refused: dict[str, str] = {}
    pictures: dict[str, str] = {}
    for page in sheet.pages:
        for asked in page.fields:
            if isinstance(asked.kind, Picture) and page.name in posted.pages:
                try:
                    draft, digest = await _pictured(draft, sheet, asked, asked.kind, posted, judge)
                except NotTaken as error:
                    refused[asked.name] = "；".join(problem.words for problem in error.problems)
                    digest = _before(draft, asked.name)
                pictures[asked.name] = digest
    given = {page.name: _given(page, posted, pictures) for page in sheet.flow.pages if page.name in posted.pages}
    draft = replace(draft, given={**draft.given, **given})
    return replace(draft, pictures=_still_named(draft)), refused


def with_pictures(draft: CounterDraft) -> dict[str, Given]:
    """What was given, with the pictures that it names."""
    return {
        page: replace(given, attached={v: draft.pictures[v] for v in given.values.values() if v in draft.pictures})
        for page, given in draft.given.items()
    }


def _given(page: Page, posted: Posted, pictures: Mapping[str, str]) -> Given:
    """What nobody typed is not given: a prefilled value keeps its origin, and what a rule works out goes on following
    the answers it rests on. What is empty and may be filled in later is left for the case."""
    values: dict[str, str] = {}
    left: set[str] = set()
    for asked in page.fields:
        text = pictures.get(asked.name, "") if isinstance(asked.kind, Picture) else posted.values.get(asked.name, "")
        if text.strip():
            if posted.was.get(asked.name) != text:
                values[asked.name] = _read(asked.kind, text, posted.said)
        elif asked.may_be_left:
            left.add(asked.name)
        elif posted.was.get(asked.name):
            values[asked.name] = ""  # filled in beforehand and struck out
    return Given(values, frozenset(left))


def _read(kind: Kind, text: str, said: Callable[[str], str]) -> str:
    """The meaning of a code may be typed or chosen instead of the code."""
    if isinstance(kind, Code) and text.strip() not in kind.table:
        return next((code for code, meaning in kind.table.items() if text.strip() in (meaning, said(meaning))), text)
    return text


async def _pictured(
    draft: CounterDraft, sheet: Sheet, asked: Field, kind: Picture, posted: Posted, judge: Judge
) -> tuple[CounterDraft, str]:
    """The draft, and the digest of the picture that now stands in this field."""
    name, faulty = asked.name, dict(draft.faulty)
    if upload := posted.uploads.get(name, b""):
        prepared = await prepare(upload, kind, sheet.known.today, judge)
        one, before = prepared.attached, faulty.pop(name, None)
        draft = replace(draft, pictures={**draft.pictures, one.digest: one})
        if prepared.faults and name not in posted.forced:
            faulty[name] = Faulty(one.digest, tuple(dict.fromkeys(prepared.faults)))
            return replace(draft, faulty=faulty), _before(draft, name)
        return replace(draft, faulty=faulty) if before else draft, one.digest
    if name in posted.dropped:
        faulty.pop(name, None)
        return replace(draft, faulty=faulty), ""
    if name in posted.forced and name in faulty:
        digest = faulty.pop(name).digest
        return replace(draft, faulty=faulty), digest
    return draft, _before(draft, name)


def _before(draft: CounterDraft, name: str) -> str:
    return next((given.values[name] for given in draft.given.values() if given.values.get(name)), "")


def _still_named(draft: CounterDraft) -> dict[str, Attached]:
    values = {value for given in draft.given.values() for value in given.values.values()}
    values |= {one.digest for one in draft.faulty.values()}
    return {digest: picture for digest, picture in draft.pictures.items() if digest in values}
