"""One department's cell beside one row of a case: its records and how they differ, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.application import Outcome, Record, SourceAnswer
from flows.compare import ALSO_KNOWN_AS, Difference, DifferenceKind
from flows.items import ITEMS
from hall.case import Case
from hall.console import words
from hall.console.clock import at_time, on_day
from hall.console.language import say
from hall.console.shown import shown
from hall.seen import mark_of, marks_of


@dataclass(frozen=True)
class RecordLine:
    """One record in a department's cell. `kind` is None when it agrees with the answer; `was` is
    what the same department said at the terminal, when that was something else; `raw` is given
    only for a record that could be taken over as the answer. `new`: not so when the page was drawn before."""

    value: str
    as_of: str
    kind: DifferenceKind | None = None
    kind_word: str = ""
    label: str = ""
    was: str = ""
    doubt: str = ""
    raw: str = ""
    new: bool = False


@dataclass(frozen=True)
class Cell:
    """What one department has of one row. Without lines `outcome` says what came of asking for it, and `word` says
    the same to a clerk: "" where there was nothing to ask this department for."""

    lines: tuple[RecordLine, ...]
    outcome: Outcome
    word: str = ""


@dataclass(frozen=True)
class Column:
    """One department asked for this case, with what came of asking and when. `aged`: it is silent, and its records are
    those that were collected earlier."""

    code: str
    title: str
    outcome: Outcome
    outcome_word: str
    reason: str
    at: str
    aged: bool = False


class Cells:
    """What every cell needs to be drawn; `unseen` are marks of what the page before did not show."""

    def __init__(self, case: Case, unseen: frozenset[str]) -> None:
        self._differences = case.differences
        self._then = case.then
        self._unseen = unseen

    def cell(self, name: str, item: str, source: SourceAnswer) -> Cell:
        found = [d for d in self._differences if d.field == name and d.department == source.department]
        lines = []
        for record in source.records:
            if item and record.item in (item, *ALSO_KNOWN_AS.get(item, ())):
                difference = next((d for d in found if _is_about(d, record)), None)
                lines.append(self._line(record, difference, own=record.item == item))
        empty = [d for d in found if d.kind is DifferenceKind.MISSING and not d.record]
        lines += [] if lines else [self._absent(difference) for difference in empty[:1]]
        return Cell(tuple(lines), source.outcome_of(item), _nothing(item, source))

    def _line(self, record: Record, difference: Difference | None, *, own: bool) -> RecordLine:
        kind = ITEMS[record.item].kind
        value, before = kind.normal(record.value), kind.normal(self._before(record))
        return RecordLine(
            value=shown(kind, value),
            as_of=on_day(record.as_of),
            kind=difference.kind if difference and not difference.field.startswith("card.") else None,
            kind_word=say(words.DIFFERENCE[difference.kind]) if difference else "",
            label="" if own else say(ITEMS[record.item].title),
            was=shown(kind, before) if before != value else "",
            doubt=words.doubt(record.doubt),
            raw=value if own else "",
            new=mark_of(record) in self._unseen,
        )

    def _absent(self, difference: Difference) -> RecordLine:
        """A difference with no record behind it: the department has nothing, or no longer."""
        word = say(words.DIFFERENCE[difference.kind])
        doubt, new = words.doubt(difference.doubt), bool(marks_of(difference) & self._unseen)
        return RecordLine("", "", difference.kind, word, doubt=doubt, new=new)

    def _before(self, record: Record) -> str:
        """What this department said of the item while the citizen was at the terminal."""
        then = self._then.records(record.item) if self._then else ()
        return next((old.value for old in then if old.department == record.department), record.value)


def column(source: SourceAnswer, at: datetime) -> Column:
    why, word = words.reason(source.reason) if source.reason else "", say(words.OUTCOME[source.outcome])
    if source.collected_at is not None:
        why = say("{day} 归集；{why}", day=on_day(source.collected_at), why=why)
        word = say(words.COLLECTED)
    when, aged = at_time(source.heard_at or at), source.collected_at is not None
    return Column(source.department, say(source.title), source.outcome, word, why, when, aged)


def _is_about(difference: Difference, record: Record) -> bool:
    shown = ITEMS[record.item].kind.shown(ITEMS[record.item].kind.normal(record.value))
    about = (difference.item, difference.record, difference.as_of, difference.doubt)
    return about == (record.item, shown, record.as_of, record.doubt)


def _nothing(item: str, source: SourceAnswer) -> str:
    """Why a department's cell is empty. Four outcomes are four words; one that was never to be asked needs none."""
    match source.outcome_of(item) if item else Outcome.NOT_ASKED:
        case Outcome.NO_RECORD | Outcome.RECORD:
            return say("没有登记")
        case Outcome.NO_ANSWER:
            return say("没有答复")
        case Outcome.NOT_ASKED if item in source.withheld:
            return words.reason(source.withheld[item])
        case Outcome.NOT_ASKED if item in source.asked:
            return say("没有查询")
        case Outcome.NOT_ASKED:
            return ""
