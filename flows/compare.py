"""实时比对: an application beside the card and every department's records, and the records beside each other.

The kinds, their order and the rules of writing are told with examples in docs/comparison.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from flows.application import CARD, LEFT_TO_COUNTER, Answer, Application, Lookup, Outcome, Record, Source, SourceKind
from flows.flow import Flow
from flows.fold import CARD_ITEMS, GUARDIAN_ITEMS
from flows.items import ITEMS
from flows.likeness import likeness
from flows.names import Likeness


class DifferenceKind(StrEnum):
    """Why two values are not the same, by weight: the first is the heaviest."""

    CONFLICT = "conflict"
    IN_DOUBT = "in_doubt"
    OLD_VALUE = "old_value"
    CUT = "cut"
    SPELLING = "spelling"
    MISSING = "missing"


@dataclass(frozen=True)
class Difference:
    """One value beside one record of the same item. `label` is a Chinese message id; values are as shown to a person.

    `field` is the answer's, "card.name" and the like for what a card says, or the item itself where neither says it:
    then `answer` is the record of the department `said_by`. `department` is the record's, or ON_THE_CARD where an answer
    is beside the card. `collected_at`: the record is what the base library had collected by then.
    """

    field: str
    item: str
    label: str
    answer: str
    department: str
    record: str
    kind: DifferenceKind
    as_of: datetime | None
    doubt: str = ""
    said_by: str = ""
    collected_at: datetime | None = None


ON_THE_CARD = "card"
"""Stands for a department where the other side is the card in the citizen's hand."""

ALSO_KNOWN_AS = {"employment.employer": ("company.name",)}
"""Items that say the same thing under another key: an employer is a registered company."""

CARD_ADDRESS = "household.address"
"""The address printed on a card is that of its day of issue; the household register has the newest."""


def compare(flow: Flow, application: Application, lookup: Lookup | None) -> tuple[Difference, ...]:
    """Every difference, the heaviest first; within a kind in the order of the form, then of authority.

    Each value and each record of its item that differ make one. What departments doubt of records that agree is told
    once for each reason. `lookup` None: the hall was away, and only the card stands beside the answers.
    """
    records = lookup or Lookup(application.submitted_at)
    answers = tuple(_answers(flow, application))
    cards = tuple(side for side in _cards(application) if not any(_same(side, said) for said in answers))
    others = tuple(_others(flow, application, records, {side.item for side in (*answers, *cards)}))
    sides = (*answers, *cards, *others)
    found = [*_beside_cards(answers, cards, records)]
    found += [difference for side in sides for difference in (*_beside(side, records), *_missing(side, records))]
    found += _doubted(sides, records, {(d.department, d.doubt) for d in found if d.kind is DifferenceKind.IN_DOUBT})
    return tuple(sorted(dict.fromkeys(found), key=lambda difference: _WEIGHT[difference.kind]))


_WEIGHT = {kind: weight for weight, kind in enumerate(DifferenceKind)}
_KINDS = {
    Likeness.SPELLING: DifferenceKind.SPELLING,
    Likeness.FORMER: DifferenceKind.OLD_VALUE,
    Likeness.CUT: DifferenceKind.CUT,
}


@dataclass(frozen=True)
class _Side:
    """One value, to be put beside the records of `item`."""

    field: str
    item: str
    label: str
    answer: Answer
    said_by: str = ""

    @cached_property
    def value(self) -> str:
        return _normal(self.item, self.answer.value)


def _answers(flow: Flow, application: Application) -> Iterator[_Side]:
    """Every answer that says an item, in the order of the form."""
    for name, field in flow.fields.items():
        answer = application.answers.get(name)
        if answer is not None and field.item and answer.source != LEFT_TO_COUNTER:
            for item in (field.item, *ALSO_KNOWN_AS.get(field.item, ())):
                yield _Side(name, item, field.label, answer)


def _cards(application: Application) -> Iterator[_Side]:
    """Everything that the card says, and a guardian's."""
    said = {item: ("card.", application.identity, attribute) for item, attribute in CARD_ITEMS.items()}
    said[CARD_ADDRESS] = ("card.", application.identity, "address")
    if application.guardian is not None:
        said |= {item: ("card.guardian_", application.guardian, attribute) for item, attribute in GUARDIAN_ITEMS.items()}
    for item, (prefix, identity, attribute) in said.items():
        if value := str(getattr(identity, attribute)):
            label = "身份证地址" if item == CARD_ADDRESS else ITEMS[item].title
            yield _Side(prefix + attribute, item, label, Answer(value, CARD))


def _others(flow: Flow, application: Application, lookup: Lookup, said: set[str]) -> Iterator[_Side]:
    """What no answer and no card says, but departments do: the record with authority stands for the answer."""
    names = {field.item: name for name, field in flow.fields.items() if name in application.answers}
    for item in flow.items:
        told = [record for record in lookup.records(item) if _value(record)] if item not in said else []
        if told:
            first = _authority(told)
            answer = Answer(first.value, Source(SourceKind.DEPARTMENT, first.department), first.as_of)
            yield _Side(names.get(item, item), item, ITEMS[item].title, answer, first.department)


def _same(one: _Side, other: _Side) -> bool:
    return (one.item, one.value) == (other.item, other.value)


def _beside_cards(answers: Iterable[_Side], cards: Sequence[_Side], lookup: Lookup) -> Iterator[Difference]:
    """An answer beside the card; where a record says what the answer says, that record is beside the card instead."""
    for side in answers:
        recorded = any(_value(record) == side.value for record in lookup.records(side.item))
        for card in cards:
            if card.item == side.item and not recorded:
                alike = likeness(side.item, side.value, card.value)
                other = DifferenceKind.OLD_VALUE if side.item == CARD_ADDRESS else DifferenceKind.CONFLICT
                kind = _KINDS[alike] if alike else other
                yield _difference(side, Record(side.item, card.value, ON_THE_CARD, lookup.at), kind)


def _beside(side: _Side, lookup: Lookup) -> Iterator[Difference]:
    for source in lookup.sources:
        for record in source.records:
            if record.item == side.item and _value(record) not in ("", side.value):
                yield _difference(side, record, _kind(side, record, lookup), source.collected_at)


def _kind(side: _Side, record: Record, lookup: Lookup) -> DifferenceKind:
    if alike := likeness(side.item, side.value, _value(record)):
        return _KINDS[alike]
    if side.answer.source == CARD and side.item == CARD_ADDRESS:
        return DifferenceKind.OLD_VALUE
    if record.doubt:
        return DifferenceKind.IN_DOUBT
    authority = _authority([each for each in lookup.records(record.item) if _value(each)])
    newest = max(authority.as_of, side.answer.as_of or authority.as_of)
    return DifferenceKind.OLD_VALUE if record.as_of < newest else DifferenceKind.CONFLICT


def _authority(records: Sequence[Record]) -> Record:
    """The first that its department does not doubt, else the first."""
    return next((record for record in records if not record.doubt), records[0])


def _missing(side: _Side, lookup: Lookup) -> Iterator[Difference]:
    """A department that knows this person, was asked for what the citizen then had to say, and has none."""
    if side.answer.source.kind is not SourceKind.CITIZEN or not side.answer.value:
        return
    for source in lookup.sources:
        here = [record for record in source.records if record.item == side.item]
        asked_in_vain = source.outcome is Outcome.RECORD and source.outcome_of(side.item) is Outcome.NO_RECORD
        if asked_in_vain or (here and not any(_value(record) for record in here)):
            empty = here[0] if here else Record(side.item, "", source.department, lookup.at)
            yield _difference(side, empty, DifferenceKind.MISSING)


def _doubted(sides: Iterable[_Side], lookup: Lookup, shown: set[tuple[str, str]]) -> Iterator[Difference]:
    """A department's doubt about records that agree, once: the clerk should know it even so."""
    for side in sides:
        for record in lookup.records(side.item):
            if record.doubt and _value(record) == side.value and (record.department, record.doubt) not in shown:
                shown.add((record.department, record.doubt))
                yield _difference(side, record, DifferenceKind.IN_DOUBT)


def _difference(side: _Side, record: Record, kind: DifferenceKind, collected_at: datetime | None = None) -> Difference:
    shown = ITEMS[side.item].kind.shown
    return Difference(
        field=side.field,
        item=side.item,
        label=side.label,
        answer=shown(side.value),
        department=record.department,
        record=shown(_value(record)),
        kind=kind,
        as_of=None if record.department == ON_THE_CARD else record.as_of,
        doubt=record.doubt,
        said_by=side.said_by,
        collected_at=collected_at,
    )


def _value(record: Record) -> str:
    return _normal(record.item, record.value)


def _normal(item: str, value: str) -> str:
    return ITEMS[item].kind.normal(value)
