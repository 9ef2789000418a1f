"""A random citizen who walks through a matter: answers well or badly, leaves things, goes back, opens pages again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from flows.application import LEFT_TO_COUNTER, Answer, Application, Attached, Identity, Lookup, SourceAnswer
from flows.flow import Field, Flow, Known, Page, Route
from flows.fold import CARD_ITEMS, Given, is_locked, share, start
from flows.matters import MATTERS
from flows.recheck import recheck
from kiosk.draft import Draft
from tests.flows.guesses import child, guess, registers, somebody
from tests.flows.people import NOW, TODAY, VISIT, identity

PATIENCE = 25
"""So many touches the citizen plays about; then every answer is meant."""
LONGEST = 300
"""Whoever still has not come to an end after so many touches never will."""
TRIES = 150


class DeadEnd(AssertionError):
    """The matter leaves its citizen without a way on."""


@dataclass(frozen=True)
class Visitor:
    """Who walks, and what is known of them."""

    identity: Identity
    guardian: Identity | None
    lookup: Lookup | None
    region: str
    today: date = TODAY


@dataclass(frozen=True)
class Walked:
    """How a walk ended: `counter` when a clerk goes on. `turned` names pages that had no answer as things stood:
    the citizen had to think of something else on an earlier page."""

    application: Application
    counter: bool
    pages: frozenset[str]
    touches: int
    turned: tuple[str, ...]


def visitor(flow: Flow, chance: Random) -> Visitor:
    """A specimen, or a child with a specimen for guardian; some departments silent, some in doubt, perhaps no hall."""
    key = somebody(chance)
    found = None if chance.random() < 0.05 else registers(flow, chance, key)
    region = chance.choice(("440604", "440604", "440604", "440304", ""))
    if not flow.for_child or chance.random() < 0.7:
        return Visitor(identity(key), None, found, region)
    said = found and replace(found, sources=tuple(_about_nobody(source) for source in found.sources))
    return Visitor(child(chance), identity(key), said, region)


def _about_nobody(source: SourceAnswer) -> SourceAnswer:
    """Without what a specimen's record says of the specimen's own person."""
    return replace(source, records=tuple(record for record in source.records if record.item not in CARD_ITEMS))


def walk(flow: Flow, chance: Random, who: Visitor, before: Application | None = None) -> Walked:
    """One walk to its end, perhaps after another matter of the same visit; raises DeadEnd, or AssertionError when
    terminal and hall do not agree."""
    begin = _begin(flow, who, before)
    draft, seen, turned = Draft(flow, begin), set[str](), tuple[str, ...]()
    for touches in range(LONGEST):
        playful = touches < PATIENCE
        if not draft.mistakes and flow.route(draft.known) is Route.COUNTER:
            return Walked(_handed_in(draft, who, counter=True), True, frozenset(seen), touches, turned)
        page = draft.page
        if page is None:
            if not (playful and chance.random() < 0.5):
                _check_finished(draft)
                return Walked(_handed_in(draft, who, counter=False), False, frozenset(seen), touches, turned)
            draft = draft.back() if chance.random() < 0.3 else draft.edit(chance.choice(draft.asked).name)
            continue
        seen.add(page.name)
        if playful and chance.random() < 0.2:
            draft = draft.back()
            continue
        answered = _answered(draft, page, chance, sense=0.75 if playful else 1)
        if answered is None:
            draft, turned = _turned_back(draft, page, chance), (*turned, page.name)
            continue
        draft = draft.answer(page, answered)
    raise DeadEnd(f"{flow.code}: no end after {LONGEST} touches, last on {draft.page and draft.page.name}")


def walk_two(one: Flow, other: Flow, chance: Random) -> tuple[Walked, Walked]:
    """Two matters in one visit: the second knows what was said for the first."""
    who = visitor(one, chance)
    first = walk(one, chance, who)
    found = who.lookup and registers(other, chance, somebody(chance))
    second = Visitor(who.identity, who.guardian if other.for_child else None, found, who.region)
    return first, walk(other, chance, second, first.application)


def _begin(flow: Flow, who: Visitor, before: Application | None) -> Known:
    shared = share(MATTERS.of(before), before.answers) if before else {}
    known = start(flow, who.identity, who.lookup, who.today, region=who.region, guardian=who.guardian, shared=shared)
    return replace(known, attached=_named(before.attached, known.answers)) if before else known


def _named(attached: Mapping[str, Attached], answers: Mapping[str, Answer]) -> dict[str, Attached]:
    """As the terminal does: no picture travels that no answer names."""
    values = {answer.value for answer in answers.values()}
    return {digest: picture for digest, picture in attached.items() if digest in values}


def _turned_back(draft: Draft, page: Page, chance: Random) -> Draft:
    """Opens an earlier page, to answer something else there; on the first page there is no other way."""
    names = [asked.name for asked in draft.asked]
    if names.index(page.name) == 0:
        raise DeadEnd(f"{draft.flow.code}: the first page {page.name} cannot be answered")
    return draft.edit(chance.choice(names[: names.index(page.name)]))


def _answered(draft: Draft, page: Page, chance: Random, *, sense: float) -> Given | None:
    """The page filled in. Who means it tries again until nothing is wrong; None when nothing helps."""
    good = None
    for _ in range(TRIES):
        given = _filled(draft, page, chance, sense)
        after = draft.answer(page, given)
        if sense == 1 and after.mistakes and after.page and after.page.name == page.name:
            continue
        good = given
        # Whatever leads to the counter ends the walk: most walks are to go further.
        if chance.random() < 0.1 or after.mistakes or draft.flow.route(after.known) is Route.TERMINAL:
            break
    return good


def _filled(draft: Draft, page: Page, chance: Random, sense: float) -> Given:
    values: dict[str, str] = {}
    left: set[str] = set()
    pictures: dict[str, Attached] = {}
    for asked in page.fields:
        before = draft.begin.answers.get(asked.name) or draft.known.answers.get(asked.name)
        if is_locked(asked, before) and sense == 1:
            continue
        if asked.may_be_left and chance.random() < 0.2:
            left.add(asked.name)
        elif _is_kept(asked, before, chance):
            continue
        else:
            values[asked.name], shown = guess(asked, draft.known, chance, sense=sense)
            pictures |= shown
    return Given(values, frozenset(left), pictures)


def _is_kept(asked: Field, before: Answer | None, chance: Random) -> bool:
    """What stands there already, or need not be said, is often left as it is."""
    return chance.random() < 0.5 and (not asked.required or (before is not None and before.value != ""))


def _check_finished(draft: Draft) -> None:
    for page in draft.asked:
        for asked in page.fields:
            answer = draft.answers.get(asked.name)
            empty = answer is None or (not answer.value and answer.source != LEFT_TO_COUNTER)
            assert not (asked.required and empty), f"{draft.flow.code}: {asked.name} is unfinished"


def _handed_in(draft: Draft, who: Visitor, *, counter: bool) -> Application:
    """What the terminal would submit; the hall must find nothing wrong with it."""
    flow, known = draft.flow, draft.known
    flow.fee(known), flow.term(known)
    if not counter:
        flow.certificate(known)
    application = Application(
        visit=VISIT,
        matter=flow.code,
        flow_version=flow.version,
        policy_version=flow.policy_version,
        identity=who.identity,
        answers=known.answers,
        submitted_at=NOW,
        to_counter=counter,
        guardian=who.guardian,
        attached=_named(known.attached, known.answers),
    )
    problems = recheck(flow, application, who.lookup, who.today, who.region)
    assert not problems, f"{flow.code}: the hall does not agree: {[(p.field, p.code, p.words) for p in problems]}"
    return application
