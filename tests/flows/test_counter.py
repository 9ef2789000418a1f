"""A matter on one sheet at the counter: answered in any order it comes to what the terminal's pages come to."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from flows.application import Answer, Application, Assurance, Attached, Identity
from flows.counter import Sheet, at_the_counter, laid_out
from flows.flow import Field, Flow, Known
from flows.fold import Given, fold, is_locked, named, only_asked, start
from flows.matters import MATTERS
from flows.party import TYPED
from flows.recheck import recheck
from tests.flows.guesses import guess
from tests.flows.people import NOW, VISIT
from tests.flows.walking import Visitor, visitor

ROUNDS = 400
WALKS = 25


def without_card(who: Identity) -> Identity:
    return Identity(who.number, "", who.sex, who.birth, TYPED, Assurance.NONE)


def filled(sheet: Sheet, page_name: str, chance: Random) -> Given:
    """One page as a clerk types it: what is prefilled often stays, what may be filled in later is sometimes left."""
    values: dict[str, str] = {}
    left: set[str] = set()
    pictures: dict[str, Attached] = {}
    page = next(page for page in sheet.pages if page.name == page_name)
    for asked in page.fields:
        begun = sheet.begun.get(asked.name)
        if is_locked(asked, begun) or asked.name in sheet.stuck or stays(asked, begun, sheet, chance):
            continue
        if asked.may_be_left and chance.random() < 0.2:
            left.add(asked.name)
            continue
        values[asked.name], shown = guess(asked, sheet.known, chance, sense=1)
        pictures |= shown
    return Given(values, frozenset(left), pictures)


def stays(asked: Field, begun: Answer | None, sheet: Sheet, chance: Random) -> bool:
    wrong = asked.name in sheet.mistakes
    return not wrong and chance.random() < 0.6 and (begun is not None or not asked.required)


def walked(flow: Flow, begin: Known, chance: Random) -> tuple[Sheet, dict[str, Given]]:
    """Pages in any order, again where something is wrong, until nothing is missing."""
    given: dict[str, Given] = {}
    for _ in range(ROUNDS):
        sheet = laid_out(flow, begin, given)
        if sheet.is_done:
            return sheet, given
        wrong = [page.name for page in sheet.pages if any(f.name in sheet.mistakes for f in page.fields)]
        # An answer that nothing fits any more has its reason on another page.
        other = [chance.choice(sheet.pages).name] if chance.random() < 0.2 else []
        name = chance.choice([*sheet.unread, *wrong, *other])
        given[name] = filled(sheet, name, chance)
    raise AssertionError(f"{flow.code}: no end: {sheet.mistakes}")


def application(flow: Flow, who: Visitor, sheet: Sheet) -> Application:
    return Application(
        visit=VISIT,
        matter=flow.code,
        flow_version=flow.version,
        policy_version=flow.policy_version,
        identity=who.identity,
        answers=sheet.answers,
        submitted_at=NOW,
        to_counter=bool(sheet.stuck),
        guardian=who.guardian,
        attached=named(sheet.known.attached, sheet.answers),
    )


def at_window(flow: Flow, chance: Random) -> Visitor:
    who = visitor(flow, chance)
    guardian = without_card(who.guardian) if who.guardian else None
    return replace(who, identity=without_card(who.identity), guardian=guardian)


@pytest.mark.parametrize("code", sorted(MATTERS))
def test_every_matter_is_finished_on_one_sheet_and_the_hall_finds_nothing_wrong(code: str) -> None:
    flow = at_the_counter(MATTERS[code])
    for seed in range(WALKS):
        chance = Random(f"{code} {seed}")
        who = at_window(flow, chance)
        begin = start(flow, who.identity, who.lookup, who.today, region=who.region, guardian=who.guardian)
        sheet, given = walked(flow, begin, chance)
        made = application(flow, who, sheet)
        assert recheck(flow, made, who.lookup, who.today, who.region) == (), (code, seed)
        if not sheet.stuck:
            state = fold(flow, begin, given)
            assert (state.page, state.mistakes) == (None, {}), (code, seed)
            assert state.known.answers == sheet.answers == only_asked(flow, sheet.known).answers
            flow.fee(sheet.known), flow.term(sheet.known)


@pytest.mark.parametrize("code", sorted(MATTERS))
def test_an_empty_sheet_says_what_it_will_need_and_reproaches_nobody(code: str) -> None:
    flow = at_the_counter(MATTERS[code])
    who = at_window(flow, Random(code))
    sheet = laid_out(flow, start(flow, who.identity, None, who.today), {})
    assert sheet.mistakes == {}
    assert sheet.unread == {page.name for page in sheet.pages}
    assert sheet.ahead
    assert not [name for name in sheet.ahead if flow.fields[name].may_be_left]
