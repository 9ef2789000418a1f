"""实时比对: an application beside every department's records, and the card beside both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.application import CARD, LEFT_TO_COUNTER, Answer, Application, Identity, Lookup, Outcome, Record, SourceKind
from flows.flow import Flow
from flows.fold import CARD_ITEMS
from flows.items import ITEMS
from flows.names import is_cut, spelling


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
    """One answer beside one department's record of the same item. `label` is a Chinese message id;
    values are as shown to a person."""

    field: str
    item: str
    label: str
    answer: str
    department: str
    record: str
    kind: DifferenceKind
    as_of: datetime | None
    doubt: str = ""


def compare(flow: Flow, application: Application, lookup: Lookup | None) -> tuple[Difference, ...]:
    """Every difference between what was submitted and what any department has, heaviest first."""
    if lookup is None:
        return ()
    sides = tuple(_sides(flow, application))
    found = [difference for side in sides for difference in _beside(side, lookup)]
    found += _card_address(application.identity, lookup)
    found += [difference for side in sides for difference in _missing(side, lookup)]
    found += _doubted(sides, lookup, {(d.department, d.doubt) for d in found if d.kind is DifferenceKind.IN_DOUBT})
    return tuple(sorted(found, key=lambda difference: _WEIGHT[difference.kind]))


_WEIGHT = {kind: weight for weight, kind in enumerate(DifferenceKind)}

ALSO_KNOWN_AS = {"employment.employer": ("company.name",)}
"""Items that say the same thing under another key: an employer is a registered company."""


@dataclass(frozen=True)
class _Side:
    """One value of the application, to be put beside the records of `item`."""

    field: str
    item: str
    label: str
    answer: Answer


def _sides(flow: Flow, application: Application) -> Iterator[_Side]:
    """Every value that says an item: the answers, then what the card says and no answer repeats."""
    said: set[tuple[str, str]] = set()
    for name, answer in application.answers.items():
        field = flow.fields.get(name)
        if field is None or not field.item or answer.source == LEFT_TO_COUNTER:
            continue
        said.add((field.item, _normal(field.item, answer.value)))
        for item in (field.item, *ALSO_KNOWN_AS.get(field.item, ())):
            yield _Side(name, item, field.label, answer)
    for item, attribute in CARD_ITEMS.items():
        value = str(getattr(application.identity, attribute))
        if value and (item, _normal(item, value)) not in said:
            yield _Side(f"card.{attribute}", item, ITEMS[item].title, Answer(value, CARD))


def _beside(side: _Side, lookup: Lookup) -> Iterator[Difference]:
    for record in lookup.records(side.item):
        if _value(record) not in ("", _normal(side.item, side.answer.value)):
            yield _difference(side, record, _kind(side.answer, record, lookup))


def _kind(answer: Answer, record: Record, lookup: Lookup) -> DifferenceKind:
    if (kind := _written(answer.value, record.value)) is not None:
        return kind
    if record.doubt:
        return DifferenceKind.IN_DOUBT
    authority = next((r for r in lookup.records(record.item) if not r.doubt), record)
    newest = max(authority.as_of, answer.as_of or authority.as_of)
    return DifferenceKind.OLD_VALUE if record.as_of < newest else DifferenceKind.CONFLICT


def _written(one: str, other: str) -> DifferenceKind | None:
    """The kind of a difference that lies in the writing only."""
    if spelling(one) == spelling(other):
        return DifferenceKind.SPELLING
    return DifferenceKind.CUT if is_cut(one, other) else None


def _card_address(identity: Identity, lookup: Lookup) -> Iterator[Difference]:
    """The address printed on the card is that of its day of issue; household has the newest."""
    item = "household.address"
    side = _Side("card.address", item, "身份证地址", Answer(identity.address, CARD))
    for record in lookup.records(item):
        if identity.address and _value(record) not in ("", _normal(item, identity.address)):
            kind = _written(identity.address, record.value) or DifferenceKind.OLD_VALUE
            yield _difference(side, record, kind)


def _missing(side: _Side, lookup: Lookup) -> Iterator[Difference]:
    """A department that has the rest of a family of items but not the one the citizen had to say."""
    if side.answer.source.kind is not SourceKind.CITIZEN or not side.answer.value:
        return
    family = side.item.partition(".")[0]
    for source in lookup.sources:
        here = [r for r in source.records if r.item == side.item]
        # Several departments hold some part of person.*, none all of it: nothing is missing there unless said.
        kin = family != "person" and any(r.item.startswith(f"{family}.") for r in source.records)
        empty = Record(side.item, "", source.department, lookup.at)
        if source.outcome is Outcome.RECORD and not any(_value(r) for r in here) and (here or kin):
            yield _difference(side, here[0] if here else empty, DifferenceKind.MISSING)


def _doubted(sides: tuple[_Side, ...], lookup: Lookup, shown: set[tuple[str, str]]) -> Iterator[Difference]:
    """A department's doubt about records that agree, once: the clerk should know it even so."""
    for side in sides:
        for record in lookup.records(side.item):
            agrees = _value(record) == _normal(side.item, side.answer.value)
            if record.doubt and agrees and (record.department, record.doubt) not in shown:
                shown.add((record.department, record.doubt))
                yield _difference(side, record, DifferenceKind.IN_DOUBT)


def _difference(side: _Side, record: Record, kind: DifferenceKind) -> Difference:
    shown = ITEMS[side.item].kind.shown
    return Difference(
        field=side.field,
        item=side.item,
        label=side.label,
        answer=shown(_normal(side.item, side.answer.value)),
        department=record.department,
        record=shown(_value(record)),
        kind=kind,
        as_of=record.as_of,
        doubt=record.doubt,
    )


def _value(record: Record) -> str:
    return _normal(record.item, record.value)


def _normal(item: str, value: str) -> str:
    return ITEMS[item].kind.normal(value)
