"""Every night: what the departments have beside what they were sent, once, and whatever is not the same is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import Action
from hall.amendments import Said
from hall.by import By
from hall.config import Plan
from hall.dead_letters import DeadLetters
from hall.delivery import FOR_A_PERSON, Deliverer
from hall.departments.connection import DepartmentFailure, Reason
from hall.reconciliation import Reconciliation, compare
from hall.store.dead_letters import Addressed
from hall.store.reconciliations import FindingKind, Mismatch, Report, Sent
from hall.targets import Differs, Held, RestTarget
from hall.working_day import SHANGHAI, working_day
from tests.hall.fakes import Hall, open_hall, visit_id
from tests.hall.stubborn_department import running_stubborn

ONE, TWO, THREE = (visit_id(number) for number in (1, 2, 3))
MISSING, DIFFERENT, SURPLUS = FindingKind


@dataclass
class Department:
    """What a department has, as a list or only one by one; `clock_wrong`: its list misses what it thinks is old."""

    department: str = "exit_entry"
    held: list[Held] = field(default_factory=list)
    lists: bool = True
    clock_wrong: bool = False
    fails: Reason | None = None
    asked: int = 0

    async def listed(self, since: datetime) -> Sequence[Held] | None:
        self.asked += 1
        if self.fails:
            raise DepartmentFailure(self.fails)
        return ([] if self.clock_wrong else self.held) if self.lists else None

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        self.asked += 1
        if self.fails:
            raise DepartmentFailure(self.fails)
        for one in self.held:
            if one.number == number and key in ("", one.key):
                if sent and one.fingerprint and one.fingerprint != sent:
                    raise Differs
                return True
        return False


async def no_rest(seconds: float) -> None:
    """Nobody waits in a test."""


def reconciling(hall: Hall, *departments: Department, plan: Plan = Plan()) -> Reconciliation:  # noqa: B008  frozen
    return Reconciliation(hall.store, departments, hall.clock, plan, no_rest)


async def taken(hall: Hall, number: int, theirs: str, sent: str = "") -> None:
    """A visit that was accepted and delivered, with the department's number."""
    visit = visit_id(number)
    await hall.called(number, window=str(number))
    said = Said(seen=await hall.seen(visit))
    await hall.desk.decide(visit, Action.CONFIRM, window=str(number), clerk="zhang", key=f"confirm {number}", said=said)
    await hall.store.step_done(visit, "exit_entry", "accept", theirs, hall.clock(), sent)
    await hall.store.step_done(visit, "exit_entry", "read_back", "", hall.clock())


def there(number: int, theirs: str, sent: str = "") -> Held:
    return Held(theirs, f"{visit_id(number)}:exit_entry", sent)


async def report(hall: Hall) -> Report:
    (found,) = await hall.store.reports(working_day(hall.clock()))
    return found


async def found(hall: Hall) -> list[Mismatch]:
    return [one.mismatch for one in await hall.store.findings(working_day(hall.clock()))]


def told(story: Callable[[Hall], Awaitable[None]], folder: Path) -> None:
    async def run() -> None:
        async with open_hall(folder) as hall:
            await story(hall)

    asyncio.run(run())


@pytest.mark.parametrize("lists", [True, False])
def test_what_both_sides_have_alike_is_the_same_and_what_is_lost_or_changed_is_found(tmp_path: Path, *, lists: bool) -> None:
    async def story(hall: Hall) -> None:
        await taken(hall, 1, "E-1", "print 1")
        await taken(hall, 2, "E-2", "print 2")
        await taken(hall, 3, "E-3", "print 3")
        department = Department(held=[there(1, "E-1", "print 1"), there(2, "E-2", "another")], lists=lists)
        assert await reconciling(hall, department).night() == 1
        kept = await report(hall)
        assert (kept.state, kept.matched, kept.missing, kept.different, kept.surplus) == ("done", 1, 1, 1, 0)
        assert sorted(await found(hall), key=lambda one: one.subject) == [
            Mismatch(DIFFERENT, TWO, "E-2", "E-2"),
            Mismatch(MISSING, THREE, "E-3"),
        ]
        (line,) = await hall.store.audit_of("department:exit_entry")
        assert (line.event, line.outcome) == ("reconciled", "matched 1 missing 1 different 1 surplus 0")

    told(story, tmp_path)


def test_what_the_hall_does_not_know_is_found_and_what_it_knows_otherwise_is_not(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await taken(hall, 1, "E-1")
        await hall.called(2, window="2")
        said = Said(seen=await hall.seen(TWO))
        await hall.desk.decide(TWO, Action.CONFIRM, window="2", clerk="zhang", key="2", said=said)  # its answer is on its way
        held = [there(1, "E-1"), there(1, "E-9"), there(2, "E-2"), Held("E-7", "somebody:exit_entry"), Held("E-8", "nonsense")]
        department = Department(held=held)
        await reconciling(hall, department).night()
        assert await found(hall) == [
            Mismatch(SURPLUS, ONE, "", "E-9"),
            Mismatch(SURPLUS, "", "", "E-7"),
            Mismatch(SURPLUS, "", "", "E-8"),
        ]
        await hall.store.step_failed(TWO, "exit_entry", "accept", "late", FOR_A_PERSON)
        await reconciling(hall, department).night(again=True)
        assert Mismatch(SURPLUS, TWO, "", "E-2") in await found(hall)  # given up here, and there all the same

    told(story, tmp_path)


def test_an_older_case_on_the_list_is_no_surplus_and_one_that_the_list_leaves_out_is_asked_for(tmp_path: Path) -> None:
    """A department's clock may be years off: what it leaves out of its list is not missing for that."""

    async def story(hall: Hall) -> None:
        await taken(hall, 1, "E-1")
        hall.clock.later(days=20)
        await taken(hall, 2, "E-2")
        department = Department(held=[there(1, "E-1"), there(2, "E-2")])
        await reconciling(hall, department).night()
        assert ((await report(hall)).matched, await found(hall)) == (1, [])
        department.clock_wrong = True
        await reconciling(hall, department).night(again=True)
        assert ((await report(hall)).matched, await found(hall)) == (1, [])

    told(story, tmp_path)


def test_one_that_was_carried_by_hand_is_found_by_its_number(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.called(1)
        await hall.decide(Action.CONFIRM)
        await hall.store.step_failed(ONE, "exit_entry", "accept", "down", FOR_A_PERSON)
        letters = DeadLetters(hall.store, [], hall.clock, matters=hall.matters)
        await letters.carried(Addressed(ONE, "exit_entry"), "E-5", By("wang", "3", "click"))
        department = Department(held=[Held("E-5", "by hand")])
        await reconciling(hall, department).night()
        assert ((await report(hall)).matched, await found(hall)) == (1, [])
        department.held.append(there(1, "E-6"))  # and then its machine took it a second time
        await reconciling(hall, department).night(again=True)
        assert await found(hall) == [Mismatch(SURPLUS, ONE, "", "E-6")]

    told(story, tmp_path)


def test_a_department_that_is_down_has_its_line_and_the_next_night_goes_on(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await taken(hall, 1, "E-1")
        department, other = Department(fails="down", held=[there(1, "E-1")]), Department("household")
        reconciliation = reconciling(hall, department, other)
        assert await reconciliation.night() == 2
        reports = {one.department: one for one in await hall.store.reports(working_day(hall.clock()))}
        assert (reports["exit_entry"].state, reports["exit_entry"].problem) == ("failed", "down")
        assert reports["household"].state == "done"
        assert await reconciliation.night() == 0
        hall.clock.later(days=1)
        department.fails = None
        assert await reconciliation.night() == 2
        assert len(await hall.store.reconciliation_days()) == 2

    told(story, tmp_path)


def test_of_several_processes_one_compares_and_one_that_died_is_replaced_after_its_lease(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        async with open_hall(tmp_path, hall.clock()) as beside:
            department = Department()
            halls = (reconciling(hall, department), reconciling(beside, department))
            assert sorted(await asyncio.gather(*(one.night() for one in halls))) == [0, 1]
            assert department.asked == 1
        hall.clock.later(days=1)
        day, now = working_day(hall.clock()), hall.clock()
        assert await hall.store.claim_reconciliation(day, "exit_entry", now, now + timedelta(hours=2), again=False)
        assert await reconciling(hall, department).night() == 0
        assert await reconciling(hall, department).night(again=True) == 0  # nor because somebody asks for it
        hall.clock.later(hours=2)
        assert await reconciling(hall, department).night() == 1

    told(story, tmp_path)


@pytest.mark.parametrize(("clock", "due"), [(time(2, 29), False), (time(2, 30), True), (time(8, 0), True), (time(0, 0), False)])
def test_it_is_due_by_the_time_of_the_hall_and_made_up_for_when_the_hall_was_off(
    tmp_path: Path, clock: time, *, due: bool
) -> None:
    async def story() -> None:
        local = datetime.combine(date(2026, 11, 24), clock, SHANGHAI)
        async with open_hall(tmp_path, local.astimezone(UTC)) as hall:
            assert reconciling(hall, Department()).due() is due

    asyncio.run(story())


def test_the_hall_does_it_by_itself_when_it_is_due(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        running = asyncio.create_task(reconciling(hall, Department()).run())
        while not [one for one in await hall.store.reports(working_day(hall.clock())) if one.state == "done"]:
            await hall.store.changed.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    told(story, tmp_path)


@asynccontextmanager
async def with_target(target: RestTarget) -> AsyncIterator[RestTarget]:
    try:
        yield target
    finally:
        await target.close()


def test_a_department_restored_from_an_old_backup_gets_its_case_again(tmp_path: Path) -> None:
    """It had given 51286, and knows nothing of it any more."""

    async def story(hall: Hall) -> None:
        await hall.called(1)
        await hall.decide(Action.CONFIRM)
        with running_stubborn(tmp_path) as department:
            async with with_target(RestTarget(department.setting())) as target:
                deliverer = Deliverer(hall.store, [target], hall.clock, asyncio.Event())
                assert await deliverer.run_once() == 1
                reconciliation = Reconciliation(hall.store, [target], hall.clock, Plan(), no_rest)
                await reconciliation.night()
                assert ((await report(hall)).matched, await found(hall)) == (1, [])
                department.forget()
                hall.clock.later(days=1)
                await reconciliation.night()
                assert await found(hall) == [Mismatch(MISSING, ONE, "51286")]
                letters = DeadLetters(hall.store, [target], hall.clock, matters=hall.matters)
                for _ in range(2):
                    assert await letters.reopen([Addressed(ONE, "exit_entry")], By("wang", "3", "click")) == 1
                assert await deliverer.run_once() == 1
                assert department.numbers(f"{ONE}:exit_entry") == ["51286"]
                await reconciliation.night(again=True)
                assert ((await report(hall)).matched, await found(hall)) == (1, [])

    told(story, tmp_path)


PRINTS = st.sampled_from(["", "a", "b"])


@given(
    ours=st.lists(st.tuples(st.integers(1, 9), PRINTS, st.booleans()), unique_by=lambda one: one[0], max_size=9),
    theirs=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), PRINTS), max_size=12),
)
def test_nothing_of_either_side_is_lost_in_a_comparison(
    ours: list[tuple[int, str, bool]], theirs: list[tuple[int, int, str]]
) -> None:
    sent = [Sent(f"visit {n}", f"E-{n}", one, by_hand) for n, one, by_hand in ours]
    held = [Held(f"E-{n}", f"visit {subject}:exit_entry", one) for n, subject, one in theirs]
    beside = compare(sent, held, "exit_entry")
    assert beside.matched + len(beside.different) + len(beside.absent) == len(sent)
    known = {one.number for one in sent}
    assert [one.number for one in beside.surplus] == [one.number for one in held if one.number not in known]
    assert {one.number for one in beside.absent} == known - {one.number for one in held}
