"""受理: the departments are asked once more, and nobody accepts what the page did not show."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from flows.application import CITIZEN, Action, Answer, Lookup, Outcome, Record, SourceAnswer, Status
from flows.compare import compare
from flows.flow import Flow, Route
from hall.amendments import Said
from hall.errors import NotSeen
from hall.facts import facts
from hall.seen import NO_PROOF, TO_COUNTER, answers_mark, marks, marks_of, read, written
from hall.working_day import working_day
from tests.hall.fakes import FLOW, ME, NOON, RECORDS, Hall, dump, filled_in, open_hall, visit_id

ONE = visit_id(1)
MOVED = {**RECORDS, "household.address": "佛山市禅城区文华路2号"}


async def confirm(hall: Hall, seen: frozenset[str], key: str = "key") -> Status:
    return await hall.desk.decide(ONE, Action.CONFIRM, window="3", clerk="zhang", key=key, said=Said(seen=seen))


async def opened(hall: Hall) -> frozenset[str]:
    """The marks of the page that a clerk has before them."""
    await hall.called(1)
    return (await hall.desk.case(ONE, "3", "zhang")).marks


def test_what_changed_since_the_page_was_drawn_holds_the_acceptance_back_until_it_is_seen(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            seen = await opened(hall)
            hall.exchange.records = MOVED
            with pytest.raises(NotSeen):
                await confirm(hall, seen, "first")
            assert hall.exchange.asked_anew[-1]
            assert (await hall.store.standing(ONE)).status is Status.CALLED
            case = await hall.desk.case(ONE, "3", "zhang")
            unseen = {(d.field, d.record) for d in case.differences if marks_of(d) & (case.marks - seen)}
            assert unseen == {(name, MOVED["household.address"]) for name in ("address", "card.address")}
            assert await confirm(hall, case.marks, "second") is Status.ACCEPTED
            lines = [(line.event, line.items) for line in await hall.store.audit_of(ONE)]
            assert ("confirmation_held", ("household.address",)) in lines
            assert lines[-1][0] == "case_confirmed"

    asyncio.run(story())


def test_an_acceptance_that_was_held_back_leaves_only_that_records_were_read(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            seen = await opened(hall)
            hall.exchange.records = MOVED
            before = dump(hall.path)
            with pytest.raises(NotSeen):
                await confirm(hall, seen)
            new = [line for line in dump(hall.path) if line not in before]
            assert [line.split('"')[1] for line in new] == ["audit", "audit", "usage"]

    asyncio.run(story())


def test_what_was_decided_upon_is_kept_sealed_and_told_after_a_restart(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await opened(hall)
            hall.exchange.records = MOVED
            await confirm(hall, (await hall.desk.case(ONE, "3", "zhang")).marks)
            assert "文华路" not in "\n".join(dump(hall.path))
        async with open_hall(tmp_path) as hall:
            hall.exchange.records = {}
            asked = len(hall.exchange.asked)
            case = await hall.desk.case(ONE, "3", "zhang")
            assert case.then is not None
            assert case.now is not None
            assert case.then.records("household.address")[0].value == RECORDS["household.address"]
            assert case.now.records("household.address")[0].value == MOVED["household.address"]
            assert "address" in [difference.field for difference in case.differences]
            assert len(hall.exchange.asked) == asked, "the question what they said then asks nobody"

    asyncio.run(story())


def test_a_page_of_one_process_is_decided_upon_in_another(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            seen = await opened(hall)
        async with open_hall(tmp_path) as other:
            assert await confirm(other, seen) is Status.ACCEPTED

    asyncio.run(story())


def test_a_department_that_fell_silent_blocks_nothing_and_is_told_of(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            hall.exchange.records = MOVED
            await hall.called(1, address="佛山市禅城区同济路1号")
            seen = (await hall.desk.case(ONE, "3", "zhang")).marks
            hall.exchange.outcome = Outcome.NO_ANSWER
            assert await confirm(hall, seen) is Status.ACCEPTED
            now = (await hall.desk.case(ONE, "3", "zhang")).now
            assert now is not None
            assert [source.outcome for source in now.sources] == [Outcome.NO_ANSWER]

    asyncio.run(story())


def test_a_department_that_answers_again_blocks_only_with_what_differs(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            hall.exchange.records = employed = {**RECORDS, "employment.employer": "佛山市某某有限公司"}
            await hall.called(1, mobile=RECORDS["contact.mobile"])
            hall.exchange.outcome = Outcome.NO_ANSWER
            seen = (await hall.desk.case(ONE, "3", "zhang")).marks
            hall.exchange.outcome, hall.exchange.records = Outcome.RECORD, MOVED
            with pytest.raises(NotSeen):
                await confirm(hall, seen, "first")
            hall.exchange.records = employed
            assert await confirm(hall, seen, "second") is Status.ACCEPTED

    asyncio.run(story())


def test_a_repeated_click_gets_its_first_answer_whatever_the_records_say_by_then(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            seen = await opened(hall)
            assert await confirm(hall, seen) is Status.ACCEPTED
            hall.exchange.records = MOVED
            before, asked = dump(hall.path), len(hall.exchange.asked)
            assert await confirm(hall, seen) is Status.ACCEPTED
            assert (dump(hall.path), len(hall.exchange.asked)) == (before, asked)

    asyncio.run(story())


def test_of_a_double_click_the_one_that_finds_a_change_gets_the_answer_of_the_one_that_did_not(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            seen = await opened(hall)

            async def the_other_click_first() -> None:
                assert await confirm(hall, seen) is Status.ACCEPTED
                hall.exchange.records = MOVED

            hall.exchange.meanwhile = the_other_click_first
            assert await confirm(hall, seen) is Status.ACCEPTED
            decisions = (await hall.store.case(ONE)).decisions
            assert [decision.action for decision in decisions].count(Action.CONFIRM) == 1
            assert "confirmation_held" not in [line.event for line in await hall.store.audit_of(ONE)]

    asyncio.run(story())


def test_a_page_from_before_an_amendment_decides_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            stale = await opened(hall)
            await hall.decide(Action.AMEND, "amend", mobile=RECORDS["contact.mobile"])
            with pytest.raises(NotSeen):
                await confirm(hall, stale)
            assert (await hall.store.standing(ONE)).status is Status.CALLED

    asyncio.run(story())


def test_an_amendment_while_the_departments_are_asked_is_not_accepted_unseen(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            seen = await opened(hall)
            hall.exchange.meanwhile = lambda: hall.decide(Action.AMEND, "amend")
            with pytest.raises(NotSeen):
                await confirm(hall, seen)
            kept = await hall.store.case(ONE)
            assert (kept.standing.status, kept.decided_upon) == (Status.CALLED, None)

    asyncio.run(story())


@pytest.mark.parametrize("action", [Action.AMEND, Action.RETURN, Action.REJECT])
def test_only_an_acceptance_asks_anew(tmp_path: Path, action: Action) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await opened(hall)
            asked = len(hall.exchange.asked)
            await hall.decide(action)
            assert len(hall.exchange.asked) == asked
            assert (await hall.store.case(ONE)).decided_upon is None

    asyncio.run(story())


def marked(flow: Flow, *sources: SourceAnswer, **answers: str) -> frozenset[str]:
    lookup = Lookup(NOON, sources)
    application = replace(filled_in(ONE, None, NOON), answers={name: Answer(v, CITIZEN) for name, v in answers.items()})
    present = facts(flow, application, lookup, working_day(NOON), "")
    return marks(flow, application, present, compare(flow, application, lookup)) - {answers_mark(application)}


def told(code: str, item: str, value: str, doubt: str = "") -> SourceAnswer:
    return SourceAnswer(code, code, Outcome.RECORD, (Record(item, value, code, NOON, doubt),), asked=(item,))


def test_silence_of_one_department_is_no_news_of_another() -> None:
    item = "employment.employer"
    flow = replace(FLOW, needs=("employment.occupation",))
    a, b, c = told("a", item, "甲"), told("b", item, "乙"), told("c", item, "丙")
    assert marked(flow, b, c) <= marked(flow, a, b, c)
    assert marked(flow, b, c, employer="甲") == marked(flow, a, b, c, employer="甲")
    older = replace(b, records=(replace(b.records[0], as_of=NOON.replace(year=2020)),))
    assert marked(flow, older, employer="丁") <= marked(flow, a, older, employer="丁"), "a conflict now, an old value before"


def test_the_cards_old_address_is_no_news_when_the_household_register_falls_silent_or_answers() -> None:
    household = told("household", "household.address", "佛山市禅城区同济路1号")
    silent = SourceAnswer("household", "household", Outcome.NO_ANSWER, asked=("household.address",))
    for one in (household, silent):
        assert marked(FLOW, one, address="佛山市禅城区同济路1号") == frozenset()
    assert ME.address == "佛山市禅城区祖庙街道"


def test_a_changed_value_a_doubt_and_a_conclusion_of_the_rules_are_news() -> None:
    item, counter = "employment.employer", replace(FLOW, route=lambda known: Route.COUNTER)
    one = marked(FLOW, told("a", item, "乙"), employer="甲")
    assert marked(FLOW, told("a", item, "丙"), employer="甲").isdisjoint(one)
    assert marked(FLOW, told("a", item, "甲", "stale"), employer="甲")
    assert marked(counter, told("a", item, "甲"), employer="甲") == {TO_COUNTER}
    child = replace(filled_in(ONE, None, NOON), guardian=ME)
    present = facts(FLOW, child, Lookup(NOON), working_day(NOON), "")
    assert NO_PROOF in marks(FLOW, child, present, ())


def test_marks_come_back_from_a_form_as_they_went() -> None:
    some = frozenset({"0a1b", TO_COUNTER})
    assert read(written(some)) == some
    assert read("") == frozenset()
