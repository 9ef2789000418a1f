"""A filled-in matter as a fold of the answers: terminal and hall replay the same steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flows.application import (
    CARD,
    CITIZEN,
    LEFT_TO_COUNTER,
    Answer,
    Attached,
    Identity,
    Lookup,
    Outcome,
    Record,
    Source,
    SourceKind,
)
from flows.fields import Choice
from flows.flow import Field, Flow, Known, Page
from flows.items import ITEMS
from flows.pictures import Picture

CARD_ITEMS = {
    "person.number": "number",
    "person.name": "name",
    "person.sex": "sex",
    "person.ethnic_group": "ethnic_group",
    "person.birth": "birth",
}
"""Items that the card in the citizen's hand answers before any department."""

GUARDIAN_ITEMS = {"guardian.number": "number", "guardian.name": "name"}
"""The same of the guardian's card, when a guardian acts for a child."""

HEARD = (Outcome.RECORD, Outcome.NO_RECORD)
"""What a department said; anything else is silence, also where the base library has something to say for it."""

OWN = (SourceKind.CITIZEN, SourceKind.KEPT)
"""What the citizen gave: said, or taken again of what the hall keeps."""

GUARDIANS_CARD = Source(SourceKind.CARD, "guardian")


@dataclass(frozen=True)
class Given:
    """What the citizen gave on one page; `left` names the fields left for the clerk. `attached` holds, by
    digest, the pictures that values name."""

    values: Mapping[str, str]
    left: frozenset[str] = frozenset()
    attached: Mapping[str, Attached] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """Where a fold stands: `page` is the first still to be answered, None when nothing is left."""

    known: Known
    page: Page | None
    mistakes: Mapping[str, str]


def start(
    flow: Flow,
    identity: Identity,
    lookup: Lookup | None,
    today: date,
    *,
    region: str = "",
    guardian: Identity | None = None,
    shared: Mapping[str, Answer] | None = None,
) -> Known:
    """What is known before the citizen says anything: the card first, then what was said for another matter of
    this visit (`shared`, by share key), then the departments. What was only collected of a silent one prefills, but
    may be old: it is the citizen's to correct, and to every rule as good as doubted."""
    best = _best(flow, lookup)
    sources = lookup.sources if lookup else ()
    collected = frozenset(source.department for source in sources if source.collected_at)
    answers = {}
    for asked in flow.fields.values():
        answer = (
            _from_card(asked, identity, guardian)
            or _from_before(asked, shared or {}, best.get(asked.item), collected)
            or _from_record(asked, best.get(asked.item), collected)
        )
        if answer:
            answers[asked.name] = answer
    records = {item: ITEMS[item].kind.normal(record.value) for item, record in best.items()}
    doubted = frozenset(item for item, record in best.items() if record.doubt or record.department in collected)
    heard = (source for source in sources if source.outcome in HEARD and not source.collected_at)
    return Known(
        answers,
        records,
        today,
        region,
        guardian,
        doubted=doubted,
        differing=_differing(flow, identity, lookup),
        answered=frozenset(source.department for source in heard),
    )


def fold(flow: Flow, begin: Known, given: Mapping[str, Given]) -> State:
    """Replays what was given, page by page, until a page is unanswered or mistaken."""
    known = begin
    done: set[str] = set()
    while page := next((p for p in flow.pages if p.name not in done and p.asked_when(known)), None):
        known = derived_on(page, known)
        if page.name not in given:
            return State(known, page, {})
        known = answered(page, known, given[page.name])
        if mistakes := mistakes_on(page, known):
            return State(known, page, mistakes)
        done.add(page.name)
    return State(only_asked(flow, known), None, {})


def derived_on(page: Page, known: Known) -> Known:
    """With what rules work out for a page; a record goes before a rule."""
    for asked in page.fields:
        if asked.derive is None or asked.name in known.answers:
            continue
        if value := asked.derive(known):
            known = replace(known, answers={**known.answers, asked.name: derived(asked, value)})
    return known


def derived(asked: Field, value: str) -> Answer:
    return Answer(asked.kind.normal(value), Source(SourceKind.RULE, asked.name))


def answered(page: Page, known: Known, given: Given) -> Known:
    """With what was given on a page, right or wrong."""
    answers = {**known.answers, **answers_on(page, known, given)}
    return replace(known, answers=answers, attached={**known.attached, **given.attached})


def answers_on(page: Page, known: Known, given: Given) -> dict[str, Answer]:
    """The answers that a page's input makes. A value equal to its prefill keeps its source."""
    made: dict[str, Answer] = {}
    for asked in page.fields:
        before = known.answers.get(asked.name)
        if is_locked(asked, before):
            continue
        if asked.name in given.left and asked.may_be_left:
            made[asked.name] = Answer("", LEFT_TO_COUNTER)
            continue
        if asked.name in given.values:
            value = asked.kind.normal(given.values[asked.name])
            said = known.kept.get(value, Answer(value, CITIZEN)) if isinstance(asked.kind, Picture) else Answer(value, CITIZEN)
            made[asked.name] = before if before and before.value == value else said
    return made


def mistakes_on(page: Page, known: Known) -> dict[str, str]:
    """What is wrong on an answered page, by field name, in words."""
    found = {asked.name: _mistake(asked, known) for asked in page.fields}
    return {name: words for name, words in found.items() if words}


def warnings(flow: Flow, known: Known) -> dict[str, str]:
    """What somebody should look at, by field name, in words: it stops nobody."""
    found = {name: flow.fields[name].kind.warning(a.value, known) for name, a in known.answers.items() if a.value}
    return {name: words for name, words in found.items() if words}


def is_locked(asked: Field, prefilled: Answer | None) -> bool:
    """Whether the citizen can only read this value: an empty prefill is always a question."""
    if not asked.locked or prefilled is None:
        return False
    return prefilled.source.kind in (SourceKind.CARD, SourceKind.DEPARTMENT, SourceKind.RULE)


def share(flow: Flow, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """What the citizen said themselves and another matter of this visit need not ask again, by share key."""
    said = {name: answer for name, answer in answers.items() if answer.source.kind in OWN and answer.value}
    return {key: answer for name, answer in said.items() if name in flow.fields and (key := flow.fields[name].share_key)}


def still_kept(shared: Mapping[str, Answer], kept: Mapping[str, Answer]) -> dict[str, Answer]:
    """Without what was taken of a kept document that is not on offer for this matter."""
    return {key: one for key, one in shared.items() if one.source.kind is not SourceKind.KEPT or kept.get(one.value) == one}


def named(attached: Mapping[str, Attached], answers: Mapping[str, Answer]) -> dict[str, Attached]:
    """The pictures that an answer names, and no other."""
    values = {answer.value for answer in answers.values()}
    return {digest: picture for digest, picture in attached.items() if digest in values}


def _mistake(asked: Field, known: Known) -> str:
    answer = known.answers.get(asked.name)
    if is_locked(asked, answer) or (answer is not None and answer.source == LEFT_TO_COUNTER):
        return ""
    if answer is None or not answer.value:
        if not asked.required:
            return ""
        return "请选择一项" if isinstance(asked.kind, Choice) else "请填写这一项"
    return asked.kind.mistake(answer.value, known)


def _from_card(asked: Field, identity: Identity, guardian: Identity | None) -> Answer | None:
    if guardian is not None and asked.item in GUARDIAN_ITEMS:
        said = asked.kind.normal(str(getattr(guardian, GUARDIAN_ITEMS[asked.item])))
        return Answer(said, GUARDIANS_CARD) if said else None  # of a typed number nobody knows the name
    attribute = CARD_ITEMS.get(asked.item)
    value = asked.kind.normal(str(getattr(identity, attribute))) if attribute else ""
    return Answer(value, CARD) if value else None


def _from_before(asked: Field, shared: Mapping[str, Answer], record: Record | None, collected: frozenset[str]) -> Answer | None:
    """A locked value comes from its register, whatever was said before."""
    locked = asked.locked and record is not None and bool(record.value.strip()) and record.department not in collected
    return None if locked or not asked.share_key else shared.get(asked.share_key)


def _from_record(asked: Field, record: Record | None, collected: frozenset[str]) -> Answer | None:
    if record is None or not (value := asked.kind.normal(record.value)):
        return None
    kind = SourceKind.LIBRARY if record.department in collected else SourceKind.DEPARTMENT
    return Answer(value, Source(kind, record.department), record.as_of)


def _best(flow: Flow, lookup: Lookup | None) -> dict[str, Record]:
    """Per item the record with authority; one that its department doubts gives way to a sure one."""
    best: dict[str, Record] = {}
    for item in flow.items:
        records = [r for r in lookup.records(item) if r.value.strip()] if lookup else []
        sure = [record for record in records if not record.doubt] or records
        if sure:
            best[item] = sure[0]
    return best


def _differing(flow: Flow, identity: Identity, lookup: Lookup | None) -> frozenset[str]:
    """Even a name cut off on the chip counts: what a certificate says has to be beyond question."""
    found = set()
    for item in flow.items:
        said = {record.value for record in lookup.records(item)} if lookup else set()
        said |= {str(getattr(identity, CARD_ITEMS[item]))} if item in CARD_ITEMS else set()
        if len({ITEMS[item].kind.normal(value) for value in said} - {""}) > 1:
            found.add(item)
    return frozenset(found)


def only_asked(flow: Flow, known: Known) -> Known:
    """Without the answers of pages that this citizen is not asked, and without pictures that no answer names."""
    names = {asked.name for page in flow.asked(known) for asked in page.fields}
    answers = {n: a for n, a in known.answers.items() if n in names}
    return replace(known, answers=answers, attached=named(known.attached, answers))
