"""A filled-in matter as a fold of the answers: terminal and hall replay the same steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flows.application import CARD, CITIZEN, LEFT_TO_COUNTER, Answer, Identity, Lookup, Record, Source, SourceKind
from flows.fields import Choice
from flows.flow import Field, Flow, Known, Page
from flows.items import ITEMS

CARD_ITEMS = {
    "person.number": "number",
    "person.name": "name",
    "person.sex": "sex",
    "person.ethnic_group": "ethnic_group",
    "person.birth": "birth",
}
"""Items that the card in the citizen's hand answers before any department."""


@dataclass(frozen=True)
class Given:
    """What the citizen gave on one page; `left` names the fields left for the clerk."""

    values: Mapping[str, str]
    left: frozenset[str] = frozenset()


@dataclass(frozen=True)
class State:
    """Where a fold stands: `page` is the first still to be answered, None when nothing is left."""

    known: Known
    page: Page | None
    mistakes: Mapping[str, str]


def start(flow: Flow, identity: Identity, lookup: Lookup | None, today: date) -> Known:
    """What is known before the citizen says anything: the card first, then the departments."""
    best = _best(flow, lookup)
    answers = {}
    for field in flow.fields.values():
        answer = _from_card(field, identity) or _from_record(field, best.get(field.item))
        if answer:
            answers[field.name] = answer
    return Known(answers, {item: ITEMS[item].kind.normal(record.value) for item, record in best.items()}, today)


def fold(flow: Flow, begin: Known, given: Mapping[str, Given]) -> State:
    """Replays what was given, page by page, until a page is unanswered or mistaken."""
    known = begin
    done: set[str] = set()
    while page := next((p for p in flow.asked(known) if p.name not in done), None):
        if page.name not in given:
            return State(known, page, {})
        known = replace(known, answers={**known.answers, **answers_on(page, known, given[page.name])})
        if mistakes := mistakes_on(page, known):
            return State(known, page, mistakes)
        done.add(page.name)
    return State(_only_asked(flow, known), None, {})


def answers_on(page: Page, known: Known, given: Given) -> dict[str, Answer]:
    """The answers that a page's input makes. A value equal to its prefill keeps its source."""
    made: dict[str, Answer] = {}
    for field in page.fields:
        before = known.answers.get(field.name)
        if is_locked(field, before):
            continue
        if field.name in given.left and field.may_be_left:
            made[field.name] = Answer("", LEFT_TO_COUNTER)
            continue
        if field.name in given.values:
            value = field.kind.normal(given.values[field.name])
            made[field.name] = before if before and before.value == value else Answer(value, CITIZEN)
    return made


def mistakes_on(page: Page, known: Known) -> dict[str, str]:
    """What is wrong on an answered page, by field name, in words."""
    found = {field.name: _mistake(field, known) for field in page.fields}
    return {name: words for name, words in found.items() if words}


def is_locked(field: Field, prefilled: Answer | None) -> bool:
    """Whether the citizen can only read this value: an empty prefill is always a question."""
    return field.locked and prefilled is not None and prefilled.source.kind in (SourceKind.CARD, SourceKind.DEPARTMENT)


def _mistake(field: Field, known: Known) -> str:
    answer = known.answers.get(field.name)
    if is_locked(field, answer) or (answer is not None and answer.source == LEFT_TO_COUNTER):
        return ""
    if answer is None or not answer.value:
        if not field.required:
            return ""
        return "请选择一项" if isinstance(field.kind, Choice) else "请填写这一项"
    return field.kind.mistake(answer.value, known)


def _from_card(field: Field, identity: Identity) -> Answer | None:
    attribute = CARD_ITEMS.get(field.item)
    value = field.kind.normal(str(getattr(identity, attribute))) if attribute else ""
    return Answer(value, CARD) if value else None


def _from_record(field: Field, record: Record | None) -> Answer | None:
    if record is None or not (value := field.kind.normal(record.value)):
        return None
    return Answer(value, Source(SourceKind.DEPARTMENT, record.department), record.as_of)


def _best(flow: Flow, lookup: Lookup | None) -> dict[str, Record]:
    """Per item the record with authority; one that its department doubts gives way to a sure one."""
    best: dict[str, Record] = {}
    for item in flow.items:
        records = [r for r in lookup.records(item) if r.value.strip()] if lookup else []
        sure = [record for record in records if not record.doubt] or records
        if sure:
            best[item] = sure[0]
    return best


def _only_asked(flow: Flow, known: Known) -> Known:
    """Without the answers of pages that this citizen is not asked."""
    names = {field.name for page in flow.asked(known) for field in page.fields}
    return replace(known, answers={n: a for n, a in known.answers.items() if n in names})
