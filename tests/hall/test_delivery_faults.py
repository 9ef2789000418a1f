"""One application, one number: a real department process that loses its answers, and halls that die while they ask."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.application import Action, Application, Decision, Status
from flows.delivery import Delivery
from hall.amendments import Said
from hall.by import By
from hall.config import Plan
from hall.dead_letters import DeadLetters
from hall.delivery import Deliverer
from hall.departments.connection import DepartmentFailure
from hall.reconciliation import Reconciliation
from hall.store.delivery_rows import AT_ONCE, LEASE
from hall.store.reconciliations import FindingKind, Mismatch
from hall.targets import RestTarget
from tests.hall.demo_desk import LATE_S
from tests.hall.fakes import JOINT, Hall, open_hall, visit_id
from tests.hall.stubborn_department import Stubborn, running_stubborn
from tests.hall.test_approvals import AGREED, Department
from tests.patience import SOON_S, eventually

ONE = visit_id(1)
KEY = f"{ONE}:exit_entry"


@pytest.fixture
def stubborn(tmp_path: Path) -> Iterator[Stubborn]:
    folder = tmp_path / "department"
    folder.mkdir()
    with running_stubborn(folder) as department:
        yield department


@asynccontextmanager
async def accepted(folder: Path) -> AsyncIterator[Hall]:
    """A hall whose clerk has accepted the first visit: told are exit and entry, and the household register."""
    async with open_hall(folder) as hall:
        await hall.called(1)
        await hall.decide(Action.CONFIRM)
        await hall.store.step_done(ONE, "household", "accept", "H-1", hall.clock())
        await hall.store.step_done(ONE, "household", "read_back", "", hall.clock())
        yield hall


@asynccontextmanager
async def sender(hall: Hall, *targets: RestTarget) -> AsyncIterator[Deliverer]:
    try:
        yield Deliverer(hall.store, targets, hall.clock, asyncio.Event())
    finally:
        for target in targets:
            await target.close()


async def delivery(hall: Hall) -> Delivery:
    return next(one for one in (await hall.store.case(ONE)).deliveries if one.department == "exit_entry")


@pytest.mark.parametrize(("fault", "problem"), [("hang", "late"), ("cut", "down"), ("garbled", "garbled")])
@pytest.mark.parametrize("knows_keys", [True, False])
def test_a_department_that_accepts_and_loses_its_answer_has_one_case_with_one_number(
    tmp_path: Path, stubborn: Stubborn, fault: str, problem: str, *, knows_keys: bool
) -> None:
    async def story() -> None:
        async with accepted(tmp_path) as hall:
            async with sender(hall, RestTarget(stubborn.setting(LATE_S if fault == "hang" else SOON_S))) as sending:
                stubborn.tell(fault)
                for tries in (1, 2):
                    assert await sending.run_once() == 0
                    step = (await delivery(hall)).steps[0]
                    assert (step.tries, step.problem) == (tries, problem)
                    eventually(lambda: stubborn.numbers(KEY) == ["51286"])  # it has long accepted it
                    hall.clock.later(minutes=1)
            async with sender(hall, RestTarget(stubborn.setting())) as sending:
                stubborn.tell("well" if knows_keys else "renumber")
                assert await sending.run_once() == 1
            assert (await delivery(hall)).number == "51286"
            assert stubborn.numbers(KEY) == ["51286"]

    asyncio.run(story())


def test_one_that_gives_another_number_at_the_repeat_and_cannot_be_asked_is_found_at_night(
    tmp_path: Path, stubborn: Stubborn
) -> None:
    async def story() -> None:
        async with accepted(tmp_path) as hall:
            hurried, target = (RestTarget(stubborn.setting(limit_s, by_key_path="")) for limit_s in (LATE_S, SOON_S))
            async with sender(hall, hurried) as sending:
                stubborn.tell("hang")
                await sending.run_once()
                eventually(lambda: stubborn.numbers(KEY) == ["51286"])
            async with sender(hall, target) as sending:
                stubborn.tell("renumber")
                hall.clock.later(minutes=1)
                assert await sending.run_once() == 1
                assert stubborn.numbers(KEY) == ["51286", "51287"]
                await Reconciliation(hall.store, [target], hall.clock, Plan()).night()
            (finding,) = await hall.store.findings(hall.clock().date())
            assert finding.mismatch == Mismatch(FindingKind.SURPLUS, ONE, "", "51286")

    asyncio.run(story())


def test_an_answer_that_is_said_twice_is_not_taken_for_the_next_one(tmp_path: Path, stubborn: Stubborn) -> None:
    async def story() -> None:
        async with accepted(tmp_path) as hall:
            await hall.called(2, window="4")
            seen = await hall.seen(visit_id(2))
            await hall.desk.decide(visit_id(2), Action.CONFIRM, window="4", clerk="zhang", key="2", said=Said(seen=seen))
            stubborn.tell("twice")
            async with sender(hall, RestTarget(stubborn.setting())) as sending:
                assert await sending.run_once() == 2
            other = f"{visit_id(2)}:exit_entry"
            assert sorted([*stubborn.numbers(KEY), *stubborn.numbers(other)]) == ["51286", "51287"]
            assert [(await delivery(hall)).number] == stubborn.numbers(KEY)

    asyncio.run(story())


def test_what_comes_back_otherwise_than_it_was_sent_is_trouble_and_never_done(tmp_path: Path, stubborn: Stubborn) -> None:
    async def story() -> None:
        async with accepted(tmp_path) as hall, sender(hall, RestTarget(stubborn.setting())) as sending:
            book = stubborn.folder / "book.jsonl"
            stubborn.tell("cut")
            await sending.run_once()
            book.write_text(book.read_text("utf-8").replace('"digest": "', '"digest": "0'), "utf-8")
            stubborn.tell("well")
            hall.clock.later(minutes=1)
            assert await sending.run_once() == 0
            found = await delivery(hall)
            assert (found.number, found.steps[1].problem, found.done) == ("51286", "differs", False)

    asyncio.run(story())


def test_a_department_that_is_down_for_a_day_gets_each_case_once_when_a_person_sends_them_again(
    tmp_path: Path, stubborn: Stubborn
) -> None:
    async def story() -> None:
        async with accepted(tmp_path) as hall:
            down = replace(stubborn.setting(), address="http://127.0.0.1:9")
            async with sender(hall, RestTarget(down)) as sending:
                for _ in range(24 * 4):
                    await sending.run_once()
                    hall.clock.later(minutes=15)
            found = await delivery(hall)
            assert found.dead_at is not None
            assert found.steps[0].tries == 10
            assert stubborn.numbers(KEY) == []
            letters = DeadLetters(hall.store, [], hall.clock, matters=hall.matters)
            assert await letters.resend_all("exit_entry", By("wang", "3", "again")) == 1
            async with sender(hall, RestTarget(stubborn.setting())) as sending:
                assert await sending.run_once() == 1
            assert stubborn.numbers(KEY) == ["51286"]
            events = [line.event for line in await hall.store.audit_of(ONE)]
            assert (events.count("delivery_dead"), events.count("delivery_resent")) == (1, 1)

    asyncio.run(story())


def test_two_senders_at_once_send_each_delivery_once(tmp_path: Path, stubborn: Stubborn) -> None:
    async def story() -> None:
        async with (
            accepted(tmp_path) as hall,
            sender(hall, RestTarget(stubborn.setting())) as one,
            open_hall(tmp_path, hall.clock()) as beside,
            sender(beside, RestTarget(stubborn.setting())) as other,
        ):
            assert sorted(await asyncio.gather(one.run_once(), other.run_once())) == [0, 1]
            assert stubborn.numbers(KEY) == ["51286"]
            events = [line.event for line in await hall.store.audit_of(ONE)]
            assert events.count("delivery_done") == 2  # this one, and the household register's

    asyncio.run(story())


def test_a_sender_that_comes_late_with_another_number_changes_nothing_and_is_written_down(tmp_path: Path) -> None:
    async def story() -> None:
        async with accepted(tmp_path) as hall:
            await hall.store.step_done(ONE, "exit_entry", "accept", "51286", hall.clock())
            await hall.store.step_done(ONE, "exit_entry", "accept", "51287", hall.clock())
            await hall.store.step_failed(ONE, "exit_entry", "accept", "late", hall.clock() + timedelta(hours=2))
            found = await delivery(hall)
            assert (found.number, found.steps[0].problem) == ("51286", "")
            assert found.next_try is not None
            assert found.next_try < hall.clock() + timedelta(hours=1)
            assert [line.event for line in await hall.store.audit_of(ONE)].count("delivery_numbered_twice") == 1

    asyncio.run(story())


DIES = """
import asyncio, os, sys
from datetime import datetime
from pathlib import Path
from hall.amendments import Said
from hall.config import Plan
from hall.dead_letters import DeadLetters
from hall.delivery import Deliverer
from hall.store.outbox_rows import OutboxCommands
from hall.store.reconciliations import FindingKind, Mismatch
from hall.targets import RestTarget
from tests.hall.fakes import open_hall
from tests.hall.stubborn_department import Stubborn

folder, at, department, port, step = sys.argv[1:]
real = OutboxCommands.step_done

async def step_done(self, subject, department, name, number, at, sent=""):
    if name == step:
        os.kill(os.getpid(), 9)
    await real(self, subject, department, name, number, at, sent)

OutboxCommands.step_done = step_done

async def story():
    async with open_hall(Path(folder), datetime.fromisoformat(at)) as hall:
        target = RestTarget(Stubborn(Path(department), int(port)).setting())
        await Deliverer(hall.store, [target], hall.clock, asyncio.Event()).run_once()

asyncio.run(story())
"""


@pytest.mark.parametrize("step", ["accept", "read_back"])
@pytest.mark.parametrize("knows_keys", [True, False])
def test_a_hall_killed_between_the_answer_and_remembering_it_takes_the_same_number(
    tmp_path: Path, stubborn: Stubborn, step: str, *, knows_keys: bool
) -> None:
    async def before() -> str:
        async with accepted(tmp_path) as hall:
            return hall.clock().isoformat()

    at = asyncio.run(before())
    arguments = [str(tmp_path), at, str(stubborn.folder), str(stubborn.port), step]
    died = subprocess.run([sys.executable, "-c", DIES, *arguments], check=False)
    assert died.returncode == -signal.SIGKILL
    assert stubborn.numbers(KEY) == ["51286"]
    stubborn.tell("well" if knows_keys else "renumber")

    async def after_the_restart() -> None:
        async with open_hall(tmp_path) as hall, sender(hall, RestTarget(stubborn.setting())) as sending:
            assert await sending.run_once() == 0  # the dead one's lease still stands
            hall.clock.later(seconds=LEASE.total_seconds() + 1)
            assert await sending.run_once() == 1
            found = await delivery(hall)
            assert (found.number, found.done) == ("51286", True)
            assert stubborn.numbers(KEY) == ["51286"]

    asyncio.run(after_the_restart())


def test_a_department_that_hangs_with_many_deliveries_holds_up_no_other(tmp_path: Path) -> None:
    """More of them than one sender has places: the others' are sent while they all hang."""

    class Hanging(Department):
        async def accept(self, key: str, application: Application, decision: Decision) -> str:
            self.given[key] = ""
            await asyncio.Event().wait()
            raise AssertionError

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            for number in range(1, AT_ONCE + 6):
                await hall.called(number, window=str(number))
                await confirm(hall, number)
            hanging, well = Hanging("exit_entry"), Department("household")
            wake = asyncio.Event()
            running = asyncio.create_task(Deliverer(hall.store, [hanging, well], hall.clock, wake).run())
            try:
                while len(well.given) < AT_ONCE + 5:
                    await hall.store.changed.wait()
                assert len(hanging.given) == AT_ONCE
            finally:
                running.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await running

    asyncio.run(story())


async def confirm(hall: Hall, number: int) -> None:
    said = Said(seen=await hall.seen(visit_id(number)))
    await hall.desk.decide(visit_id(number), Action.CONFIRM, window=str(number), clerk="zhang", key=f"{number}", said=said)


@pytest.mark.parametrize("step", ["approval", "outcome"])
def test_approvals_and_outcomes_that_fail_for_long_wait_for_a_person_and_go_on_after_a_resend(tmp_path: Path, step: str) -> None:
    down: Mapping[str, str] = {"approval": "state", "outcome": "end"}

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=JOINT)
            await hall.decide(Action.CONFIRM)
            every = [Department(code, says=AGREED) for code in JOINT.told]
            every[2].down.add(down[step])
            deliverer = Deliverer(hall.store, every, hall.clock, asyncio.Event())
            for _ in range(14):
                await deliverer.run_once()
                hall.clock.later(hours=3)
            traffic = next(one for one in (await hall.store.case(ONE)).deliveries if one.department == "traffic")
            assert traffic.dead_at is not None
            assert traffic.undone is not None
            assert traffic.undone.name == step
            every[2].down.clear()
            letters = DeadLetters(hall.store, every, hall.clock, matters=hall.matters)
            assert await letters.resend_all("traffic", By("wang", "3", "again")) == 1
            for _ in range(3):
                await deliverer.run_once()
                hall.clock.later(minutes=2)
            assert (await hall.store.standing(ONE)).status is Status.APPROVED
            assert [one.ended for one in every] == [["complete"]] * 3
            assert [len(one.given) for one in every] == [1, 1, 1]

    asyncio.run(story())


def test_a_second_answer_under_another_key_is_no_answer(stubborn: Stubborn) -> None:
    """What a department says of another application is not believed."""

    async def story() -> None:
        target, confused = RestTarget(stubborn.setting()), RestTarget(stubborn.setting(by_key_path="/cases"))
        stubborn.tell("well")
        book = stubborn.folder / "book.jsonl"
        book.write_text('{"number": "51286", "key": "another", "digest": "0"}\n', "utf-8")
        try:
            assert await target.found("mine") == ""
            assert not await target.read_back("mine", "51286", "")
            stubborn.tell("twice")
            assert [await target.found(key) for key in ("another", "mine", "another")] == ["51286", "", "51286"]
            stubborn.tell("well")
            with pytest.raises(DepartmentFailure, match="garbled"):
                await confused.found("51286")
        finally:
            await target.close()
            await confused.close()

    asyncio.run(story())
