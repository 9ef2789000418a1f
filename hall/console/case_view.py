"""A case as the console draws it: every field in one table, beside every department's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.application import CARD, Action, Answer, Identity, Lookup, Outcome, Record, Source, SourceAnswer, SourceKind
from flows.compare import Difference, DifferenceKind
from flows.fields import Choice, Code, Date
from flows.flow import Flow, Kind, Known
from flows.fold import CARD_ITEMS, GUARDIANS_CARD
from flows.items import ITEMS
from flows.pictures import Photo, Picture
from hall.case import Case
from hall.console import words
from hall.console.clock import at_time, on_day
from hall.console.correction_view import DisputeView, claims, disputed_rows


@dataclass(frozen=True)
class RecordLine:
    """One record in a department's cell. `kind` is None when it agrees with the answer; `was` is
    what the same department said at the terminal, when that was something else; `raw` is given
    only for a record that could be taken over as the answer."""

    value: str
    as_of: str
    kind: DifferenceKind | None = None
    kind_word: str = ""
    label: str = ""
    was: str = ""
    doubt: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Offer:
    """A department's value that a clerk may take over with one touch."""

    title: str
    raw: str


@dataclass(frozen=True)
class Row:
    """One field of the matter. `options` are (value, label) when it is chosen, not typed; `kind` is
    set when the answer itself is what to look at: the card's words are those of the day it was issued.
    `picture` is "photo" when the photo checks apply, "paper" for every other picture. `claims` are what may be said to
    be right of a record of `item`, when that is chosen; `disputes` are those of its records that wait for the clerk."""

    name: str
    label: str
    value: str
    raw: str
    source: str
    tone: str
    blank: bool
    cells: tuple[tuple[RecordLine, ...], ...]
    amendable: bool = False
    input: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    offers: tuple[Offer, ...] = ()
    kind: DifferenceKind | None = None
    picture: Literal["", "photo", "paper"] = ""
    item: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    disputes: tuple[DisputeView, ...] = ()

    @property
    def differs(self) -> bool:
        return self.kind is not None or any(line.kind for cell in self.cells for line in cell)


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """One department asked for this case, with what came of asking."""

    code: str
    title: str
    outcome: Outcome
    outcome_word: str
    reason: str
    at: str


@dataclass(frozen=True)
class CaseView:
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class _Said:
    """One value of the application, wherever it stands: an answer, or the card."""

    name: str
    label: str
    item: str
    kind: Kind
    answer: Answer | None


def case_view(case: Case, at: datetime) -> CaseView:
    """`at` stands in where no look-up says when it was."""
    flow, lookup = case.flow, case.now or case.then or Lookup(at)
    drawing = _Drawing(case, lookup)
    # The pages' own titles speak to a citizen: here they only keep together what belongs together.
    sections = [Section("", drawing.rows(_said(case, flow, [f.name for f in page.fields]))) for page in flow.pages]
    sections.append(Section("身份证上的其他内容", drawing.rows(_card(case, flow))))
    sections.append(Section("办理规则还核验的登记", drawing.needs(flow)))
    columns = tuple(_column(source, lookup.at) for source in lookup.sources)
    return CaseView(columns, tuple(section for section in sections if section.rows))


class _Drawing:
    """What every row needs to be drawn."""

    def __init__(self, case: Case, lookup: Lookup) -> None:
        self._case = case
        self._lookup = lookup
        self._known = case.facts
        self._titles = {source.department: source.title for source in lookup.sources}
        self._disputed = disputed_rows(case)

    def rows(self, said: Iterable[_Said]) -> tuple[Row, ...]:
        return tuple(self._row(one) for one in said)

    def needs(self, flow: Flow) -> tuple[Row, ...]:
        """Records that the rules read although no field shows them; a clerk sees what they saw."""
        beside = {difference.item for difference in self._case.differences}
        shown = {field.item for field in flow.fields.values()} | beside
        items = [item for item in flow.needs if item not in shown and self._lookup.records(item)]
        return tuple(
            Row(
                item,
                ITEMS[item].title,
                *("", "", "", ""),
                False,
                tuple(self._cell(item, item, source) for source in self._lookup.sources),
                item=item,
                claims=claims(item),
                disputes=tuple(one for one in self._disputed if one.row == item),
            )
            for item in items
        )

    def _row(self, said: _Said) -> Row:
        cells = tuple(self._cell(said.name, said.item, source) for source in self._lookup.sources)
        raw = said.answer.value if said.answer else ""
        own = said.name in self._case.application.answers or said.name in self._case.blanks
        return Row(
            name=said.name,
            label=said.label,
            value=said.kind.shown(raw) if raw else "",
            raw=raw,
            source=self._source(said.answer),
            tone=(said.answer.source.kind if said.answer else SourceKind.COUNTER).value,
            blank=said.name in self._case.blanks,
            cells=cells,
            amendable=own and Action.AMEND in self._case.possible,
            input="date" if isinstance(said.kind, Date) else "text",
            options=_options(said, self._known),
            offers=tuple(self._offers(cells, raw)),
            kind=next((d.kind for d in self._case.differences if d.field == said.name and _on_the_card(d)), None),
            picture="photo" if isinstance(said.kind, Photo) else "paper" if isinstance(said.kind, Picture) else "",
            item=said.item,
            claims=claims(said.item),
            disputes=tuple(one for one in self._disputed if one.row == said.name),
        )

    def _offers(self, cells: tuple[tuple[RecordLine, ...], ...], raw: str) -> Iterable[Offer]:
        for source, cell in zip(self._lookup.sources, cells, strict=True):
            for line in cell:
                if line.raw and line.raw != raw:
                    yield Offer(source.title, line.raw)

    def _source(self, answer: Answer | None) -> str:
        source = answer.source if answer else Source(SourceKind.COUNTER)
        if source == GUARDIANS_CARD:
            return "监护人证件"
        department = self._titles.get(source.name) if source.kind is SourceKind.DEPARTMENT else None
        return department or words.SOURCE[source.kind]

    def _cell(self, name: str, item: str, source: SourceAnswer) -> tuple[RecordLine, ...]:
        found = {d.item: d for d in self._case.differences if d.field == name and d.department == source.department}
        lines = []
        for record in source.records:
            if record.item in (item, *found) and record.item:
                lines.append(self._line(record, found.pop(record.item, None), own=record.item == item))
        return (*lines, *(_absent(difference) for difference in found.values()))

    def _line(self, record: Record, difference: Difference | None, *, own: bool) -> RecordLine:
        kind = ITEMS[record.item].kind
        value, before = kind.normal(record.value), kind.normal(self._before(record))
        return RecordLine(
            value=kind.shown(value),
            as_of=on_day(record.as_of),
            kind=difference.kind if difference and not _on_the_card(difference) else None,
            kind_word=words.DIFFERENCE[difference.kind] if difference else "",
            label="" if own else ITEMS[record.item].title,
            was=kind.shown(before) if before != value else "",
            doubt=record.doubt,
            raw=value if own else "",
        )

    def _before(self, record: Record) -> str:
        """What this department said of the item while the citizen was at the terminal."""
        then = self._case.then.records(record.item) if self._case.then else ()
        return next((old.value for old in then if old.department == record.department), record.value)


def _said(case: Case, flow: Flow, names: Iterable[str]) -> Iterable[_Said]:
    for name in names:
        field, answer = flow.fields[name], case.application.answers.get(name)
        if answer is not None or name in case.blanks:
            yield _Said(name, field.label, field.item, field.kind, answer)


def _card(case: Case, flow: Flow) -> Iterable[_Said]:
    """What the card says and no field repeats. Its address is that of the day it was issued."""
    shown = {field.item for name, field in flow.fields.items() if name in case.application.answers}
    differing = {difference.field for difference in case.differences}
    for item, attribute in (*CARD_ITEMS.items(), ("household.address", "address")):
        name, value = f"card.{attribute}", _on_card(case.application.identity, attribute)
        if value and (item not in shown or name in differing or attribute == "address"):
            label = "身份证地址" if attribute == "address" else ITEMS[item].title
            yield _Said(name, label, item, ITEMS[item].kind, Answer(value, CARD))


def _on_the_card(difference: Difference) -> bool:
    return difference.field.startswith("card.")


def _on_card(identity: Identity, attribute: str) -> str:
    return str(getattr(identity, attribute))


def _absent(difference: Difference) -> RecordLine:
    """A difference with no record behind it: the department has nothing, or no longer."""
    as_of = on_day(difference.as_of) if difference.as_of else ""
    return RecordLine(difference.record, as_of, difference.kind, words.DIFFERENCE[difference.kind], doubt=difference.doubt)


def _column(source: SourceAnswer, at: datetime) -> Column:
    why = words.reason(source.reason) if source.reason else ""
    return Column(source.department, source.title, source.outcome, words.OUTCOME[source.outcome], why, at_time(at))


def _options(said: _Said, facts: Known) -> tuple[tuple[str, str], ...]:
    match said.kind:
        case Choice() as choice:
            offered = [(option.key, option.label) for option in choice.at_the_counter().options(facts) if not option.why_not]
        case Code() as code:
            offered = list(code.table.items())
        case _:
            return ()
    present = said.answer.value if said.answer else ""
    if present and present not in dict(offered):
        offered.insert(0, (present, said.kind.shown(present)))
    return tuple(offered)
