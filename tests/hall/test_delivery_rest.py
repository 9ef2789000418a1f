"""Deliveries to a real demonstration department over HTTP: once, read back, and the same case after every failure."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hall.delivery import Deliverer
from hall.demo.behaviour import Mode, Place
from hall.departments.connection import DepartmentFailure
from hall.rest_book import NotThere
from hall.targets import RestTarget, targets_of
from tests.hall.demo_desk import LATE_S, TOO_LONG, DemoDesk
from tests.hall.test_delivery import NOW, FakeOutbox, accepted
from tests.patience import SOON_S, eventually


def real(desk: DemoDesk, outbox: FakeOutbox, clock: Callable[[], datetime], deadline_s: float = SOON_S) -> int:
    """One round of deliveries to the real demonstration department."""

    async def story() -> int:
        setting = next(s for s in desk.read() if s.code == "exit_entry")
        target = RestTarget(replace(setting, deadline_s=deadline_s))
        try:
            return await Deliverer(outbox, (target,), clock, asyncio.Event()).run_once()
        finally:
            await target.close()

    return asyncio.run(story())


def cases(desk: DemoDesk, visit: str) -> list[str]:
    """The department's own numbers for a visit, straight from its own book."""
    with sqlite3.connect(Place(desk.state, "exit_entry").folder / "applications.sqlite") as book:
        rows = book.execute("SELECT number FROM application WHERE key = ?", (f"{visit}:exit_entry",)).fetchall()
    book.close()
    return [number for (number,) in rows]


def test_exit_entry_accepts_gives_its_own_number_and_still_has_it_when_asked(demo_desk: DemoDesk) -> None:
    outbox = FakeOutbox()
    outbox.put(accepted("visit-well"))
    assert real(demo_desk, outbox, lambda: NOW) == 1
    assert cases(demo_desk, "visit-well") == [outbox.delivery("visit-well").number]
    assert outbox.delivery("visit-well").number.startswith("440600")


def test_a_slow_answer_that_comes_after_our_time_out_makes_no_second_case(demo_desk: DemoDesk) -> None:
    outbox = FakeOutbox()
    outbox.put(accepted("visit-slow"))
    with demo_desk.told("exit-entry", Mode.SLOW, TOO_LONG):
        assert real(demo_desk, outbox, lambda: NOW, deadline_s=LATE_S) == 0
        eventually(lambda: bool(cases(demo_desk, "visit-slow")))  # it says so to nobody who still listens
    assert outbox.failures == [("visit-slow", "accept", "late")]
    (number,) = cases(demo_desk, "visit-slow")
    assert real(demo_desk, outbox, lambda: NOW + timedelta(seconds=1)) == 1
    assert cases(demo_desk, "visit-slow") == [number] == [outbox.delivery("visit-slow").number]


@pytest.mark.parametrize(("mode", "problem"), [(Mode.DOWN, "down"), (Mode.NONSENSE, "garbled")])
def test_a_failing_department_gets_the_same_case_later(demo_desk: DemoDesk, mode: Mode, problem: str) -> None:
    outbox, visit = FakeOutbox(), f"visit-{mode}"
    outbox.put(accepted(visit))
    with demo_desk.told("exit-entry", mode):
        assert real(demo_desk, outbox, lambda: NOW) == 0
    assert outbox.failures == [(visit, "accept", problem)]
    assert real(demo_desk, outbox, lambda: NOW + timedelta(seconds=1)) == 1
    assert len(cases(demo_desk, visit)) == 1


def test_one_key_with_other_contents_is_refused(demo_desk: DemoDesk) -> None:
    first, second = FakeOutbox(), FakeOutbox()
    first.put(accepted("visit-twice"))
    second.put(accepted("visit-twice", places="MO"))
    assert real(demo_desk, first, lambda: NOW) == 1
    assert real(demo_desk, second, lambda: NOW) == 0
    assert len(cases(demo_desk, "visit-twice")) == 1


def test_applications_are_still_there_after_the_department_was_started_again(demo_desk: DemoDesk) -> None:
    outbox = FakeOutbox()
    outbox.put(accepted("visit-restart"))
    assert real(demo_desk, outbox, lambda: NOW) == 1
    number = outbox.delivery("visit-restart").number
    assert demo_desk.stop("exit-entry") == 0
    demo_desk.start("exit-entry")
    target = next(t for t in targets_of(demo_desk.read()) if t.department == "exit_entry")

    async def story() -> Mapping[str, bool]:
        try:
            key = "visit-restart:exit_entry"
            return {"own": await target.read_back(key, number, ""), "other": await target.read_back(key, "440600000", "")}
        finally:
            await target.close()

    assert asyncio.run(story()) == {"own": True, "other": False}


def test_a_department_tells_how_an_application_stands_and_hears_its_end_however_often(demo_desk: DemoDesk) -> None:
    outbox = FakeOutbox()
    outbox.put(accepted("visit-joint"))
    assert real(demo_desk, outbox, lambda: NOW) == 1
    number, key = outbox.delivery("visit-joint").number, "visit-joint:exit_entry"
    target = next(one for one in targets_of(demo_desk.read()) if one.department == "exit_entry")

    async def story() -> None:
        try:
            assert (await target.state(number)).state in ("pending", "agreed")
            for _ in range(2):
                await target.end(key, number, "withdrawn")
            with pytest.raises(DepartmentFailure, match="garbled"):
                await target.end(key, number, "complete")
            for asking in (target.state("440600000"), target.end(key, "440600000", "complete")):
                with pytest.raises(NotThere):
                    await asking
            with demo_desk.told("exit-entry", Mode.NONSENSE), pytest.raises(DepartmentFailure, match="garbled"):
                await target.state(number)
        finally:
            await target.close()

    asyncio.run(story())
