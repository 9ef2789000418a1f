"""What departments said within a visit is used again for a minute, in that visit, for that purpose and asker only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.application import Identity, Lookup, Outcome, SourceAnswer
from hall import memory
from hall.departments.connection import DepartmentFailure, Purpose
from hall.memory import FRESH_S, Mark, Memory
from tests.hall.fake_departments import ITEMS, ME, VISIT, WELL, Hall, failing, nothing, outcomes, taking
from tests.hall.fakes import open_hall, visit_id
from tests.hall.virtual_time import VirtualTime

CLERK = replace(VISIT, asked_by="clerk:zhang")
SOMEBODY_ELSE = replace(ME, number="440602195001010028")


def times_asked(hall: Hall) -> list[int]:
    return [len(department.asked) for department in hall.departments]


def test_within_a_minute_nobody_is_asked_again_and_the_answer_says_when_it_was_given() -> None:
    hall = Hall()
    hall.household.before = taking(0.3)
    first, then = hall.lookup(), hall.now
    hall.now += timedelta(seconds=50)
    hall.time.now += 50
    again = hall.lookup()
    assert times_asked(hall) == [1, 1, 1, 1]
    assert len(hall.logged) == 4
    assert {source.heard_at for source in first.sources} == {None}
    assert {source.heard_at for source in again.sources} == {then}
    assert again.at == hall.now
    assert [source.elapsed_ms for source in again.sources] == [source.elapsed_ms for source in first.sources]
    assert again.sources[0].elapsed_ms == 300
    assert [source.records for source in again.sources] == [source.records for source in first.sources]
    hall.time.now += 10
    hall.lookup()
    assert times_asked(hall) == [2, 2, 2, 2]


def test_fresh_asks_everybody_and_the_newest_answer_is_the_one_that_is_remembered() -> None:
    hall = Hall()
    hall.lookup()
    hall.household.values["household.address"] = "佛山市禅城区文华路2号"
    assert address(hall.lookup()) == "佛山市禅城区祖庙街道"
    assert address(hall.lookup(fresh=True)) == address(hall.lookup()) == "佛山市禅城区文华路2号"
    assert times_asked(hall) == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("person", "purpose"),
    [
        (ME, replace(VISIT, visit="visit-2")),
        (ME, replace(VISIT, asked_by="terminal:K08")),
        (ME, CLERK),
        (ME, replace(VISIT, flow_version="1")),
        (SOMEBODY_ELSE, VISIT),
    ],
    ids=["another visit", "another terminal", "a clerk", "another version", "another person"],
)
def test_nothing_is_shared(person: Identity, purpose: Purpose) -> None:
    hall = Hall()
    hall.lookup(("permit.number",))
    hall.exit_entry.values["person.number"] = person.number
    hall.time.run(hall.exchange.lookup(person, ("permit.number",), purpose))
    assert len(hall.exit_entry.asked) == 2


def test_a_department_that_did_not_answer_is_asked_again() -> None:
    hall = Hall()
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    assert outcomes(hall.lookup())["exit_entry"] == (Outcome.NO_ANSWER, "down")
    hall.exit_entry.before = nothing
    assert outcomes(hall.lookup())["exit_entry"] == WELL
    assert times_asked(hall) == [1, 1, 2, 1]


def test_that_there_is_no_record_is_an_answer_too() -> None:
    hall = Hall()
    hall.exit_entry.values = {}
    assert outcomes(hall.lookup())["exit_entry"] == outcomes(hall.lookup())["exit_entry"] == (Outcome.NO_RECORD, "")
    assert len(hall.exit_entry.asked) == 1


def test_fewer_items_are_told_from_memory_and_more_are_asked() -> None:
    hall = Hall()
    hall.lookup(("household.address",))
    hall.lookup(("household.address", "person.name"))
    assert len(hall.household.asked) == 2
    assert [record.item for record in hall.lookup(("person.name",)).sources[0].records] == ["person.name"]
    assert len(hall.household.asked) == 2


def test_a_visit_that_is_over_is_forgotten_and_no_other() -> None:
    hall = Hall()
    another = replace(VISIT, visit="visit-2")
    for purpose in (VISIT, another):
        hall.lookup(ITEMS, purpose)
    hall.exchange.forget("visit-1")
    for purpose in (VISIT, another):
        hall.lookup(ITEMS, purpose)
    assert times_asked(hall) == [3, 3, 3, 3]


def test_nothing_stays_longer_although_nobody_asks_and_never_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 10)

    async def sizes() -> Sequence[int]:
        kept, answer = Memory(), SourceAnswer("household", "", Outcome.NO_RECORD)
        for number in range(12):
            kept.keep(Mark(replace(VISIT, visit=f"visit-{number}"), ME.number, "household", ME.number), answer)
        most = len(kept)
        await asyncio.sleep(FRESH_S / 2)
        kept.keep(Mark(VISIT, ME.number, "exit_entry", ME.number), answer)
        await asyncio.sleep(FRESH_S / 2 + 1)
        later = len(kept)
        await asyncio.sleep(FRESH_S / 2)
        return most, later, len(kept)

    assert VirtualTime().run(sizes()) == (10, 1, 0)


def test_a_visit_that_is_submitted_or_left_is_forgotten(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.visits.leave(visit_id(2), "K07")
            assert hall.exchange.forgotten == [visit_id(1), visit_id(2)]

    asyncio.run(story())


def address(found: Lookup) -> str:
    return found.records("household.address")[0].value
