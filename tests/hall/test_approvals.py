"""并联审批: one application, several departments; all agree, or one refuses and the others are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flows.application import Action, Application, Decision, Status
from flows.delivery import Delivery
from hall.delivery import Deliverer
from hall.departments.connection import DepartmentFailure
from hall.targets import Ending, State
from tests.hall.fakes import JOINT, Hall, open_hall, visit_id

ONE = visit_id(1)
AGREED, PENDING, REFUSED = State("agreed"), State("pending"), State("refused", "not_eligible")


class Killed(BaseException):
    """The hall's process ends here."""


@dataclass
class Department:
    """A department with an officer who decides when told to; `fails` come first, one per call of a kind."""

    department: str
    says: State = PENDING
    down: set[str] = field(default_factory=set)
    kills: str = ""
    given: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    ended: list[str] = field(default_factory=list)
    poll_s: float = 2.0

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        self._called("accept")
        return self.given.setdefault(key, f"{self.department}-{len(self.given) + 1}")

    def fingerprint(self, application: Application, decision: Decision) -> str:
        return ""

    async def found(self, key: str) -> str:
        self._called("found")
        return self.given.get(key, "")

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        return self.given.get(key) == number

    async def state(self, number: str) -> State:
        self._called("state")
        assert number in self.given.values()
        self.asked += 1
        return self.says

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        self._called("end")
        assert self.given[key] == number
        if outcome not in self.ended:
            self.ended.append(outcome)

    def _called(self, what: str) -> None:
        if self.kills == what:
            self.kills = ""
            raise Killed
        if what in self.down:
            raise DepartmentFailure("down")


@dataclass
class Joint:
    """A confirmed case with its departments, and a deliverer that works when told to."""

    hall: Hall
    population: Department
    social_security: Department
    traffic: Department
    deliverer: Deliverer

    async def rounds(self, number: int = 1) -> None:
        """The deliverer's looks at the outbox, far enough apart for every poll and every lease."""
        for _ in range(number):
            await self.deliverer.run_once()
            self.hall.clock.later(seconds=61)

    async def status(self) -> Status:
        return (await self.hall.store.standing(ONE)).status

    async def steps(self) -> dict[str, dict[str, str]]:
        """By department, what is done: the step and what it brought."""
        deliveries = (await self.hall.store.case(ONE)).deliveries
        return {d.department: {step.name: step.number for step in d.steps if step.done_at} for d in deliveries}

    async def deliveries(self) -> tuple[Delivery, ...]:
        return (await self.hall.store.case(ONE)).deliveries


@asynccontextmanager
async def confirmed(folder: Path, register_traffic: str = "yes") -> AsyncIterator[Joint]:
    async with open_hall(folder) as hall:
        await hall.called(1, flow=JOINT, register_traffic=register_traffic)
        await hall.decide(Action.CONFIRM)
        population, social_security, traffic = departments = [Department(code) for code in JOINT.told]
        deliverer = Deliverer(hall.store, departments, hall.clock, asyncio.Event())
        yield Joint(hall, population, social_security, traffic, deliverer)


def test_all_are_told_at_once_and_when_all_agree_each_hears_that_it_is_complete(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            every = (joint.population, joint.social_security, joint.traffic)
            await joint.rounds()
            assert [len(one.given) for one in every] == [1, 1, 1]
            assert await joint.status() is Status.ACCEPTED
            joint.population.says = joint.traffic.says = AGREED
            await joint.rounds()
            assert await joint.status() is Status.ACCEPTED
            assert [one.ended for one in every] == [[], [], []]
            joint.social_security.says = AGREED
            await joint.rounds(2)
            assert await joint.status() is Status.APPROVED
            assert [one.ended for one in every] == [["complete"]] * 3
            assert all(delivery.done for delivery in await joint.deliveries())
            events = [line.event for line in await joint.hall.store.audit_of(ONE)]
            assert (events.count("department_decided"), events.count("case_approved")) == (3, 1)

    asyncio.run(story())


def test_thinking_is_no_failure_and_a_department_that_agreed_is_not_asked_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            joint.traffic.says = AGREED
            await joint.rounds(20)
            steps = [step for delivery in await joint.deliveries() for step in delivery.steps]
            assert {(step.tries, step.problem) for step in steps if step.name == "approval" and not step.done_at} == {(0, "")}
            assert (joint.traffic.asked, joint.population.asked) == (1, 20)

    asyncio.run(story())


def test_one_refuses_and_the_others_are_told_also_those_that_had_agreed_or_still_think(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            joint.population.says = AGREED
            await joint.rounds()
            joint.traffic.says = REFUSED
            await joint.rounds(2)
            assert await joint.status() is Status.REFUSED
            assert (joint.population.ended, joint.social_security.ended) == (["withdrawn"], ["withdrawn"])
            assert joint.traffic.ended == []
            done = await joint.steps()
            verdicts = {code: steps["approval"] for code, steps in done.items()}
            expected = {"population": "agreed", "social_security": "withdrawn", "traffic": "refused not_eligible"}
            assert verdicts == expected
            assert all(delivery.done for delivery in await joint.deliveries())
            events = [line.event for line in await joint.hall.store.audit_of(ONE)]
            assert events.count("case_refused") == 1

    asyncio.run(story())


def test_two_refusals_at_once_end_the_case_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            joint.population.says = joint.traffic.says = REFUSED
            await joint.rounds(3)
            assert await joint.status() is Status.REFUSED
            events = [line.event for line in await joint.hall.store.audit_of(ONE)]
            assert events.count("case_refused") == 1
            assert all(delivery.done for delivery in await joint.deliveries())

    asyncio.run(story())


def test_a_refusal_after_the_case_was_completed_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            joint.population.says = joint.social_security.says = joint.traffic.says = AGREED
            await joint.rounds(2)
            joint.traffic.says = REFUSED
            await joint.hall.store.decided(ONE, "traffic", "refused", joint.hall.clock())
            await joint.rounds(3)
            assert await joint.status() is Status.APPROVED
            assert joint.population.ended == ["complete"]
            assert joint.traffic.asked == 1

    asyncio.run(story())


def test_a_department_that_is_down_while_it_is_asked_is_asked_again_and_its_failures_are_forgotten(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            await joint.rounds()
            joint.traffic.down.add("state")
            await joint.rounds(5)
            approval = (await joint.deliveries())[2].steps[2]
            assert (approval.tries, approval.problem) == (5, "down")
            joint.traffic.down.clear()
            await joint.rounds(4)
            approval = (await joint.deliveries())[2].steps[2]
            assert (approval.tries, approval.problem) == (0, "")

    asyncio.run(story())


def test_nobody_waits_for_a_department_that_is_down_when_another_refuses(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            joint.traffic.down.add("accept")
            joint.population.says = REFUSED
            await joint.rounds(2)
            assert await joint.status() is Status.REFUSED
            assert joint.social_security.ended == ["withdrawn"]
            joint.traffic.down.clear()
            await joint.rounds(2)
            assert joint.traffic.ended == ["withdrawn"]
            assert joint.traffic.asked == 0

    asyncio.run(story())


@pytest.mark.parametrize("place", ["accept", "state", "end"])
def test_a_hall_killed_between_two_steps_goes_on_where_it_was(tmp_path: Path, place: str) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            every = (joint.population, joint.social_security, joint.traffic)
            for one in every:
                one.says = AGREED
            joint.traffic.kills = place
            with pytest.raises(Killed):
                await joint.rounds(3)
            joint.hall.clock.later(seconds=61)
        async with open_hall(tmp_path, joint.hall.clock()) as again:
            deliverer = Deliverer(again.store, every, again.clock, asyncio.Event())
            for _ in range(4):
                await deliverer.run_once()
                again.clock.later(seconds=61)
            assert (await again.store.standing(ONE)).status is Status.APPROVED
            assert [one.ended for one in every] == [["complete"]] * 3
            assert [len(one.given) for one in every] == [1, 1, 1]

    asyncio.run(story())


def test_a_department_that_the_citizen_need_not_tell_is_told_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path, register_traffic="no") as joint:
            joint.population.says = joint.social_security.says = AGREED
            await joint.rounds(2)
            assert await joint.status() is Status.APPROVED
            assert joint.traffic.given == {}
            assert set(await joint.steps()) == {"population", "social_security"}

    asyncio.run(story())


def test_a_reason_in_free_words_is_not_kept(tmp_path: Path) -> None:
    async def story() -> None:
        async with confirmed(tmp_path) as joint:
            joint.traffic.says = State("refused", "吕晓岚名下车辆有违章")
            await joint.rounds(2)
            assert (await joint.steps())["traffic"]["approval"] == "refused"

    asyncio.run(story())
