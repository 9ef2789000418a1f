"""A department that fails is spared, and asked again in time."""

from __future__ import annotations

import asyncio

import pytest

from flows.application import Outcome
from hall.departments.connection import DepartmentFailure
from tests.hall.fake_departments import ME, VISIT, FakeDepartment, Hall, failing, for_ever, nothing, outcomes


@pytest.mark.parametrize("reason", ["late", "down", "garbled"])
def test_after_three_failures_a_department_is_spared_until_one_probe_finds_it_well(reason: str) -> None:
    hall = Hall()
    department = hall.exit_entry
    if reason == "late":
        department.before, department.deadline_s = for_ever, 0.01
    else:
        department.before = failing(DepartmentFailure(reason))  # type: ignore[arg-type]
    calls = [_times_asked(hall, department) for _ in range(4)]
    assert calls == [1, 1, 1, 0]
    hall.time.now += 5.0
    assert _times_asked(hall, department) == 1  # the probe fails
    hall.time.now += 5.0
    assert _times_asked(hall, department) == 0  # and the rest doubles
    hall.time.now += 5.0
    department.before, department.deadline_s = nothing, 5.0
    assert [_times_asked(hall, department) for _ in range(2)] == [1, 1]


def test_a_spared_department_keeps_its_reason_and_makes_no_access() -> None:
    hall = Hall()
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    for _ in range(3):
        _times_asked(hall, hall.exit_entry)
    hall.logged.clear()
    for department in hall.departments:
        department.asked.clear()
    assert outcomes(hall.lookup())["exit_entry"] == (Outcome.NO_ANSWER, "down")
    assert "exit_entry" not in dict(hall.logged)


def test_two_lookups_at_once_send_one_probe() -> None:
    hall = Hall()
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    for _ in range(3):
        _times_asked(hall, hall.exit_entry)
    hall.time.now += 5.0
    hall.exit_entry.asked.clear()

    async def story() -> None:
        await asyncio.gather(*(hall.exchange.lookup(ME, ("permit.number",), VISIT) for _ in range(2)))

    asyncio.run(story())
    assert len(hall.exit_entry.asked) == 1


def test_an_asker_who_goes_away_says_nothing_about_the_department() -> None:
    hall = Hall()

    async def walk_away() -> None:
        begun = asyncio.Event()

        async def hang() -> None:
            begun.set()
            await for_ever()

        hall.exit_entry.before = hang
        asking = asyncio.create_task(hall.exchange.lookup(ME, ("permit.number",), VISIT))
        await begun.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    for _ in range(5):
        hall.exit_entry.asked.clear()
        asyncio.run(walk_away())
    hall.exit_entry.before = nothing
    assert _times_asked(hall, hall.exit_entry) == 1


def test_another_persons_record_does_not_close_a_whole_department() -> None:
    hall = Hall()
    hall.exit_entry.values["person.number"] = "440603194807123514"
    assert [_times_asked(hall, hall.exit_entry) for _ in range(5)] == [1] * 5


def _times_asked(hall: Hall, department: FakeDepartment) -> int:
    department.asked.clear()
    hall.lookup(("permit.number",), fresh=True)
    return len(department.asked)
