"""A case as the console draws it: every field in one table, beside every department's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.application import CARD, Action, Answer, Identity, Lookup, Outcome, Source, SourceKind
from flows.compare import CARD_ADDRESS, ON_THE_CARD, Difference, DifferenceKind
from flows.fields import Choice, Code, Date
from flows.flow import Flow, Kind, Known
from flows.fold import CARD_ITEMS, GUARDIANS_CARD
from flows.items import ITEMS
from flows.party import TYPED
from flows.pictures import Photo, Picture
from hall.case import Case
from hall.console import words
from hall.console.case_cells import Cell, Cells, Column, column
from hall.console.clock import on_day
from hall.console.correction_view import DisputeView, claims, disputed_rows
from hall.console.language import listed, say
from hall.console.shown import shown

REGISTERED = (SourceKind.DEPARTMENT, SourceKind.LIBRARY)


@dataclass(frozen=True)
class Offer:
    """A department's value that a clerk may take over with one touch."""

    title: str
    raw: str


@dataclass(frozen=True)
class Row:
    """One field of the matter. `options` are (value, label) when it is chosen, not typed; `kind` is
    set when the answer itself is what to look at: the card's words are those of the day it was issued.
    `picture` is "photo" when the photo checks apply, "paper" for every other picture; `checks` say what they found.
    `claims` are what may be said to be right of a record of `item`, when that is chosen; `disputes` are those of its
    records that wait for the clerk."""

    name: str
    label: str
    value: str
    raw: str
    source: str
    tone: str
    blank: bool
    cells: tuple[Cell, ...]
    amendable: bool = False
    input: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    offers: tuple[Offer, ...] = ()
    kind: DifferenceKind | None = None
    picture: Literal["", "photo", "paper"] = ""
    checks: str = ""
    checks_weight: Literal["note", "care"] = "note"
    item: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    disputes: tuple[DisputeView, ...] = ()

    @property
    def differs(self) -> bool:
        return self.kind is not None or any(line.kind for cell in self.cells for line in cell.lines)


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Row, ...]


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


def case_view(case: Case, at: datetime, unseen: frozenset[str] = frozenset()) -> CaseView:
    """`at` stands in where no look-up says when it was; `unseen` are marks of what the page before did not show."""
    flow, lookup = case.flow, case.now or case.then or Lookup(at)
    drawing = _Drawing(case, lookup, unseen)
    # The pages' own titles speak to a citizen: here they only keep together what belongs together.
    sections = [Section("", drawing.rows(_said(case, flow, [f.name for f in page.fields]))) for page in flow.pages]
    sections.append(Section(say("身份证上的其他内容"), drawing.rows(_card(case, flow))))
    sections.append(Section(say("办理规则还核验的登记"), drawing.needs(flow)))
    columns = tuple(column(source, lookup.at) for source in lookup.sources)
    return CaseView(columns, tuple(section for section in sections if section.rows))


class _Drawing:
    """What every row needs to be drawn."""

    def __init__(self, case: Case, lookup: Lookup, unseen: frozenset[str]) -> None:
        self._case = case
        self._lookup = lookup
        self._cells = Cells(case, unseen)
        self._known = case.facts
        self._titles = {source.department: source.title for source in lookup.sources}
        self._disputed = disputed_rows(case)

    def rows(self, said: Iterable[_Said]) -> tuple[Row, ...]:
        return tuple(self._row(one) for one in said)

    def needs(self, flow: Flow) -> tuple[Row, ...]:
        """Records that the rules read although no field shows them, and those of which departments do not agree; a
        clerk sees what they saw, and who did not answer."""
        fields = {field.item for field in flow.fields.values()} | {d.item for d in self._case.differences if d.field != d.item}
        wanted = [item for item in flow.needs if item not in fields]
        wanted += [difference.item for difference in self._case.differences if difference.field == difference.item]
        items = [item for item in dict.fromkeys(wanted) if self._is_told(item)]
        return tuple(
            Row(
                item,
                say(ITEMS[item].title),
                *("", "", "", ""),
                False,
                self._of_all(item, item),
                item=item,
                claims=claims(item),
                disputes=tuple(one for one in self._disputed if one.row == item),
            )
            for item in items
        )

    def _of_all(self, name: str, item: str) -> tuple[Cell, ...]:
        return tuple(self._cells.cell(name, item, source) for source in self._lookup.sources)

    def _is_told(self, item: str) -> bool:
        outcomes = {source.outcome_of(item) for source in self._lookup.sources}
        return bool(outcomes & {Outcome.RECORD, Outcome.NO_ANSWER})

    def _row(self, said: _Said) -> Row:
        cells = self._of_all(said.name, said.item)
        raw = said.answer.value if said.answer else ""
        checks, checks_weight = self._checks(said)
        own = said.name in self._case.application.answers or said.name in self._case.blanks
        return Row(
            name=said.name,
            label=say(said.label),
            value=shown(said.kind, raw) if raw else "",
            raw=raw,
            source=self._source(said.answer),
            tone=(said.answer.source.kind if said.answer else SourceKind.COUNTER).value,
            blank=said.name in self._case.blanks,
            cells=cells,
            amendable=own and Action.AMEND in self._case.possible,
            input="date" if isinstance(said.kind, Date) else "text",
            options=_options(said, self._known),
            offers=tuple(self._offers(cells, raw)),
            kind=self._kind_of_card(said) if said.name.startswith("card.") else None,
            picture="photo" if isinstance(said.kind, Photo) else "paper" if isinstance(said.kind, Picture) else "",
            checks=checks,
            checks_weight=checks_weight,
            item=said.item,
            claims=claims(said.item),
            disputes=tuple(one for one in self._disputed if one.row == said.name),
        )

    def _checks(self, said: _Said) -> tuple[str, Literal["note", "care"]]:
        """What the photo checks found when the photo came to the case: at the terminal, or when a clerk replaced it."""
        found = self._case.application.attached.get(said.answer.value) if said.answer else None
        if found is None or not isinstance(said.kind, Photo):
            return "", "note"
        by_clerk = said.answer is not None and said.answer.source.kind is SourceKind.CLERK
        match found.findings:
            case None:
                return say("没有照片检查的记录，请当面核对"), "care"
            case ():
                return say("窗口更换时照片检查全部通过" if by_clerk else "终端拍摄时照片检查全部通过"), "note"
            case faults:
                message = "窗口更换时检查发现：{faults}" if by_clerk else "终端拍摄时检查发现：{faults}"
                return say(message, faults=listed((say(fault) for fault in faults), "；")), "care"

    def _kind_of_card(self, said: _Said) -> DifferenceKind | None:
        """The heaviest of what the card's words are to a record, or to the answer."""
        beside = (d.kind for d in self._case.differences if d.field == said.name or _is_beside_card(d, said.item))
        return next(beside, None)

    def _offers(self, cells: tuple[Cell, ...], raw: str) -> Iterable[Offer]:
        for source, cell in zip(self._lookup.sources, cells, strict=True):
            for line in cell.lines:
                if line.raw and line.raw != raw:
                    yield Offer(say(source.title), line.raw)

    def _source(self, answer: Answer | None) -> str:
        source = answer.source if answer else Source(SourceKind.COUNTER)
        if source.kind is SourceKind.CARD and (typed := self._typed(source)):
            return typed
        if source == GUARDIANS_CARD:
            return say("监护人证件")
        department = say(self._titles.get(source.name, "")) if source.kind in REGISTERED else ""
        if answer is not None and answer.as_of is not None and source.kind is SourceKind.KEPT:
            return f"{say(words.SOURCE[source.kind])} {on_day(answer.as_of)}"
        aged = say(words.COLLECTED) if source.kind is SourceKind.LIBRARY else ""
        return f"{department} {aged}".strip() or say(words.SOURCE[source.kind])

    def _typed(self, source: Source) -> str:
        """Of whom no card was read, nothing is said to come from one."""
        application, guardians = self._case.application, source == GUARDIANS_CARD
        who = application.guardian if guardians else application.identity
        if who is None or who.document != TYPED:
            return ""
        return say("监护人号码为手工输入" if guardians else "号码为手工输入")


def _said(case: Case, flow: Flow, names: Iterable[str]) -> Iterable[_Said]:
    for name in names:
        field, answer = flow.fields[name], case.application.answers.get(name)
        if answer is not None or name in case.blanks:
            yield _Said(name, field.label, field.item, field.kind, answer)


def _card(case: Case, flow: Flow) -> Iterable[_Said]:
    """What the card says and no field repeats. Its address is that of the day it was issued."""
    shown = {field.item for name, field in flow.fields.items() if name in case.application.answers}
    differing = {difference.field for difference in case.differences}
    beside = {difference.item for difference in case.differences if difference.department == ON_THE_CARD}
    for item, attribute in (*CARD_ITEMS.items(), (CARD_ADDRESS, "address")):
        name, value = f"card.{attribute}", _on_card(case.application.identity, attribute)
        if value and (item not in shown or name in differing or item in beside or attribute == "address"):
            label = "身份证地址" if attribute == "address" else ITEMS[item].title
            yield _Said(name, label, item, ITEMS[item].kind, Answer(value, CARD))


def _is_beside_card(difference: Difference, item: str) -> bool:
    return (difference.department, difference.item) == (ON_THE_CARD, item)


def _on_card(identity: Identity, attribute: str) -> str:
    return str(getattr(identity, attribute))


def _options(said: _Said, facts: Known) -> tuple[tuple[str, str], ...]:
    match said.kind:
        case Choice() as choice:
            offered = [(option.key, say(option.label)) for option in choice.at_the_counter().options(facts) if not option.why_not]
        case Code() as code:
            offered = [(key, say(label)) for key, label in code.table.items()]
        case _:
            return ()
    present = said.answer.value if said.answer else ""
    if present and present not in dict(offered):
        offered.insert(0, (present, shown(said.kind, present)))
    return tuple(offered)
