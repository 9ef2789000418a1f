"""A guardian acts for a child: what the register says of both is asked in one visit, and shown to the clerk."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.application import Assurance, Identity, Lookup, Outcome
from flows.flow import Field, Flow, Matters, Page
from flows.items import ITEMS
from flows.wire import OpenVisit
from hall.console.cautions import Caution, cautions
from hall.departments.connection import Access, Purpose
from hall.errors import NotAllowed
from hall.exchange import Exchange
from hall.visits import Visits
from tests.hall.fake_departments import FakeDepartment, everything_shared, failing
from tests.hall.fakes import FLOW, ME, NOON, filled_in, open_hall, visit_id

ONE = visit_id(1)
CHILD = Identity("440604201805203217", "", "1", date(2018, 5, 20), "typed", Assurance.NONE)
NEEDS = ("household.number", "household.relation", "guardian.household_number", "guardian.household_relation")
OWN = ("household.number", "household.relation")
FAMILY = Flow(
    code="child",
    version="1",
    title="未成年人申请",
    for_child=True,
    needs=NEEDS,
    pages=(
        Page(
            name="who",
            title="核对",
            fields=(
                Field(name="name", label="姓名", kind=ITEMS["person.name"].kind, item="person.name"),
                Field(name="number", label="号码", kind=ITEMS["person.number"].kind, item="person.number", locked=True),
            ),
        ),
    ),
)
MATTERS = Matters([FAMILY, FLOW])
CATALOGUE = everything_shared({**{item: ("household",) for item in OWN}, "person.name": ("household",)}, ("household",))


class Register(FakeDepartment):
    """The household register: another person for each number."""

    people: dict[str, dict[str, str]]

    async def look_up(self, key, items, purpose):  # type: ignore[no-untyped-def]
        self.values = self.people.get(key, {})
        return await super().look_up(key, items, purpose) if self.values else ()


def person(number: str, household: str, relation: str, **more: str) -> dict[str, str]:
    return {"person.number": number, "household.number": household, "household.relation": relation, **more}


def register(child: dict[str, str], guardian: dict[str, str]) -> Register:
    made = Register("household", {})
    made.people = {CHILD.number: child, ME.number: guardian}
    return made


SAME = (person(CHILD.number, "440604012345", "20"), person(ME.number, "440604012345", "10"))


def exchange_of(made: Register, logged: list[tuple[str, tuple[str, ...]]]) -> Exchange:
    async def log(access: Access) -> None:
        assert not made.asked, "the read is written down before anybody is asked"
        logged.append((access.purpose.visit, access.items))

    return Exchange([made], CATALOGUE, log, matters=MATTERS, budget_s=5.0)


def looked_up(made: Register, logged: list[tuple[str, tuple[str, ...]]] | None = None) -> Lookup:
    exchange = exchange_of(made, [] if logged is None else logged)
    purpose = Purpose(ONE, "child", "terminal:K07", "1")
    return asyncio.run(exchange.lookup(CHILD, FAMILY.items, purpose, guardian=ME))


def values(lookup: Lookup) -> dict[str, str]:
    return {item: lookup.records(item)[0].value for item in NEEDS if lookup.records(item)}


def test_what_the_register_says_of_both_comes_back_in_one_look_up() -> None:
    made, logged = register(*SAME), list[tuple[str, tuple[str, ...]]]()
    lookup = looked_up(made, logged)
    assert values(lookup) == dict(zip(NEEDS, ("440604012345", "20", "440604012345", "10"), strict=True))
    assert [source.department for source in lookup.sources] == ["household"]
    assert {key for key, _ in made.asked} == {CHILD.number, ME.number}
    assert logged == [(ONE, ("person.name", *OWN)), (ONE, NEEDS[2:])]


def test_of_a_guardian_nothing_is_asked_but_what_the_matter_declares() -> None:
    made = register(*SAME)
    looked_up(made)
    assert [items for key, items in made.asked if key == ME.number] == [OWN]
    alone = register(*SAME)
    exchange = exchange_of(alone, [])
    asyncio.run(exchange.lookup(CHILD, ("person.name",), Purpose(ONE, "child", "terminal:K07"), guardian=ME))
    assert [key for key, _ in alone.asked] == [CHILD.number]


def test_a_register_that_does_not_know_the_child_still_knows_the_guardian() -> None:
    lookup = looked_up(register({}, SAME[1]))
    assert lookup.sources[0].outcome is Outcome.NO_RECORD
    assert values(lookup) == {"guardian.household_number": "440604012345", "guardian.household_relation": "10"}


def test_an_answer_about_somebody_else_is_kept_of_neither() -> None:
    other = person("440602195001010028", "440604012345", "10")
    assert values(looked_up(register(SAME[0], other))) == {"household.number": "440604012345", "household.relation": "20"}


def test_a_register_that_fails_stops_nothing() -> None:
    made = register(*SAME)
    made.before = failing(OSError("gone"))
    lookup = looked_up(made)
    assert (lookup.sources[0].outcome, values(lookup)) == (Outcome.NO_ANSWER, {})


def test_a_guardian_has_no_place_in_a_matter_that_is_not_for_children(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            with pytest.raises(NotAllowed):
                await hall.visits.open(ONE, "K07", OpenVisit(FLOW.code, "1", CHILD, ME))
            alone = replace(filled_in(ONE, None, NOON), guardian=ME)
            with pytest.raises(NotAllowed):
                await hall.visits.submit_sealed(ONE, "K07", alone)
            assert hall.exchange.asked == []

    asyncio.run(story())


async def told(folder: Path, made: Register) -> Caution:
    """The clerk's caution about the guardian, after a whole visit."""
    async with open_hall(folder, matters=MATTERS) as hall:
        exchange = exchange_of(made, [])
        made.asked = []
        visits = Visits(hall.store, exchange, hall.clock, matters=MATTERS)
        opened = await visits.open(ONE, "K07", OpenVisit("child", "1", CHILD, ME))
        made.asked = []
        form = filled_in(ONE, opened.lookup, NOON, CHILD, flow=FAMILY, name="吕小满")
        await visits.submit(ONE, "K07", replace(form, guardian=ME))
        await hall.queue.call_next("3", "zhang", "call")
        hall.desk._exchange = exchange
        case = await hall.desk.case(ONE, "3", "zhang")
        return next(caution for caution in cautions(case, NOON) if caution.mark == "监护人")


@pytest.mark.parametrize(
    ("guardian", "weight", "words"),
    [
        (SAME[1], "note", "可以证明监护关系"),
        (person(ME.number, "440604012345", "80"), "care", "登记的关系不能证明监护"),
        (person(ME.number, "440604099999", "02"), "grave", "没有证明监护关系"),
        ({}, "grave", "没有证明监护关系"),
    ],
    ids=["spouse of the head", "a lodger", "another household", "not known"],
)
def test_the_clerk_is_told_whether_the_register_proves_the_relation(
    tmp_path: Path, guardian: dict[str, str], weight: str, words: str
) -> None:
    caution = asyncio.run(told(tmp_path, register(SAME[0], guardian)))
    assert (caution.weight, words in caution.words) == (weight, True)
    assert "4****************3" in caution.words
    assert ME.number not in caution.words


def test_what_somebody_should_look_at_is_said_to_the_clerk_and_stops_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, employer="佛山市\ue000公司")
            case = await hall.desk.case(ONE, "3", "zhang")
            found = [caution for caution in cautions(case, NOON) if caution.mark == "请核对"]
            assert [(caution.weight, caution.rows) for caution in found] == [("care", (("employer", "工作单位"),))]
            assert case.blanks == ()

    asyncio.run(story())


def test_the_outcome_of_a_guardians_items_is_their_own() -> None:
    made = register({}, SAME[1])
    source = looked_up(made).sources[0]
    assert source.asked == ("person.name", *NEEDS)
    assert [source.outcome_of(item) for item in NEEDS] == [Outcome.NO_RECORD] * 2 + [Outcome.RECORD] * 2
    unknown = looked_up(register(SAME[0], {})).sources[0]
    assert [unknown.outcome_of(item) for item in NEEDS] == [Outcome.RECORD] * 2 + [Outcome.NO_RECORD] * 2


def test_a_register_that_fails_for_the_guardian_alone_stays_silent_about_the_guardian_alone() -> None:
    other = person("440602195001010028", "440604012345", "10")
    source = looked_up(register(SAME[0], other)).sources[0]
    assert (source.outcome, source.reason) == (Outcome.RECORD, "")
    assert [source.outcome_of(item) for item in NEEDS] == [Outcome.RECORD] * 2 + [Outcome.NO_ANSWER] * 2
