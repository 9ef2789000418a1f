"""A department is asked at most so many questions at once; waiting counts into the one deadline of the look-up."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from flows.application import Lookup, Outcome
from hall.departments.connection import DepartmentFailure
from hall.exchange import LAST_WORD
from tests.hall.fake_departments import ITEMS, ME, VISIT, WELL, Hall, failing, for_ever, in_turn, nothing, outcomes, taking

PERMIT = ("permit.number",)


async def many(hall: Hall, count: int) -> list[Lookup]:
    visits = [replace(VISIT, visit=f"visit-{number}") for number in range(count)]
    return await asyncio.gather(*(hall.exchange.lookup(ME, PERMIT, visit) for visit in visits))


def test_never_more_than_its_places_are_asked_at_once_and_everybody_is_served() -> None:
    hall = Hall(budget_s=3.0, at_once=4)
    hall.exit_entry.before = taking(0.25)
    found = hall.time.run(many(hall, 40))
    assert {outcomes(one)["exit_entry"] for one in found} == {WELL}
    assert hall.exit_entry.most_under_way == 4
    assert max(one.sources[0].elapsed_ms for one in found) == 2500


def test_whoever_gets_no_place_in_time_is_told_busy_and_nothing_was_written_down_for_them() -> None:
    hall = Hall(budget_s=3.0, at_once=4)
    hall.exit_entry.before = taking(1.1)
    began = hall.time.now
    found = hall.time.run(many(hall, 40))
    told = [outcomes(one)["exit_entry"] for one in found]
    assert (told.count(WELL), told.count((Outcome.NO_ANSWER, "late"))) == (8, 4)
    assert len(hall.accesses) == len(hall.exit_entry.asked) == 12
    assert told.count((Outcome.NO_ANSWER, "busy")) == 28
    assert hall.time.now - began == pytest.approx(3.0 * LAST_WORD)


def test_being_busy_is_no_failure_of_the_department() -> None:
    hall = Hall(budget_s=1.0, at_once=1)
    hall.exit_entry.before = in_turn(taking(0.99), nothing)
    found = hall.time.run(many(hall, 9))
    assert [outcomes(one)["exit_entry"][1] for one in found].count("busy") == 8
    assert outcomes(hall.lookup(PERMIT))["exit_entry"] == WELL


def test_too_little_time_left_after_waiting_is_no_failure_of_the_department() -> None:
    hall = Hall(budget_s=1.0, at_once=1)
    hall.exit_entry.deadline_s = 1.0

    async def story() -> None:
        for _ in range(5):
            first = asyncio.create_task(hall.exchange.lookup(ME, PERMIT, VISIT, fresh=True))
            await asyncio.sleep(0.1)
            second = asyncio.create_task(hall.exchange.lookup(ME, PERMIT, VISIT, fresh=True))
            assert outcomes(await first)["exit_entry"] == WELL
            assert outcomes(await second)["exit_entry"] == (Outcome.NO_ANSWER, "late")

    hall.exit_entry.before = taking(*[0.7] * 10)
    hall.time.run(story())
    assert len(hall.exit_entry.asked) == 10


def test_those_who_wait_for_a_department_that_hangs_are_let_go_as_soon_as_that_is_known() -> None:
    hall = Hall(budget_s=3.0, at_once=4)
    hall.exit_entry.before, hall.exit_entry.deadline_s = for_ever, 2.0
    began = hall.time.now
    found = hall.time.run(many(hall, 40))
    assert {outcomes(one)["exit_entry"] for one in found} == {(Outcome.NO_ANSWER, "late")}
    assert len(hall.exit_entry.asked) == 4
    assert hall.time.now - began == pytest.approx(2.0)


def test_many_failures_at_once_are_one_and_the_first_rest_is_short() -> None:
    hall = Hall(at_once=16)
    hall.exit_entry.before = in_turn(*[failing(DepartmentFailure("down"))] * 16, nothing)
    hall.time.run(many(hall, 16))
    hall.time.now += 5.0
    assert outcomes(hall.lookup(PERMIT))["exit_entry"] == WELL


def test_an_asker_who_goes_away_frees_the_place_and_counts_for_nothing() -> None:
    hall = Hall(at_once=1)

    async def story() -> tuple[Outcome, str]:
        for _ in range(5):
            hall.exit_entry.before = for_ever
            gone = [asyncio.create_task(hall.exchange.lookup(ME, PERMIT, VISIT, fresh=True)) for _ in range(3)]
            await asyncio.sleep(0.1)
            for asking in gone:
                asking.cancel()
            await asyncio.wait(gone)
            assert hall.exit_entry.under_way == 0
        hall.exit_entry.before = nothing
        return outcomes(await hall.exchange.lookup(ME, PERMIT, VISIT))["exit_entry"]

    assert hall.time.run(story()) == WELL


def test_one_of_four_hangs_and_one_is_down_and_all_four_are_named_within_the_budget() -> None:
    hall = Hall(budget_s=3.0)
    hall.household.before, hall.household.deadline_s = for_ever, 2.0
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    hall.social_security.before = hall.market_regulation.before = taking(0.2)
    began = hall.time.now
    found = hall.lookup(ITEMS)
    assert hall.time.now - began <= 3.0
    assert outcomes(found) == {
        "household": (Outcome.NO_ANSWER, "late"),
        "social_security": WELL,
        "exit_entry": (Outcome.NO_ANSWER, "down"),
        "market_regulation": WELL,
    }
    assert [source.elapsed_ms for source in found.sources] == [2000, 200, 0, 200]


@pytest.mark.parametrize("reason", ["refused", "untrusted", "down", "late", "garbled"])
def test_what_is_a_failure_of_the_department(reason: str) -> None:
    assert times_asked_when(reason) == 3


@pytest.mark.parametrize("reason", ["wrong_person", "busy"])
def test_what_is_no_failure_of_the_department(reason: str) -> None:
    assert times_asked_when(reason) == 6


def test_slow_answers_are_taken_and_count_as_failures() -> None:
    hall = Hall(budget_s=3.0)
    hall.exit_entry.deadline_s, hall.exit_entry.before = 2.0, taking(1.6)
    told = [outcomes(hall.lookup(PERMIT, fresh=True))["exit_entry"] for _ in range(4)]
    assert told == [WELL, WELL, WELL, (Outcome.NO_ANSWER, "late")]
    assert len(hall.exit_entry.asked) == 3


def times_asked_when(reason: str) -> int:
    hall = Hall()
    hall.exit_entry.before = failing(DepartmentFailure(reason))  # type: ignore[arg-type]
    for _ in range(6):
        assert outcomes(hall.lookup(PERMIT))["exit_entry"] == (Outcome.NO_ANSWER, reason)
    return len(hall.exit_entry.asked)
