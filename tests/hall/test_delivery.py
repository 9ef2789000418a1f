"""An accepted application reaches its department once, is read back, and never silently gets lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.application import CITIZEN, Action, Answer, Application, Decision
from flows.delivery import Delivery, DeliveryStep
from hall.delivery import FOR_A_PERSON, MOST_TRIES, Deliverer, next_try
from hall.departments.connection import DepartmentFailure
from hall.store.delivery_rows import LEASE
from hall.store.outbox import Accepted, OutboxEntry
from hall.targets import Differs, Ending, State
from tests.hall.demo_desk import LYU
from tests.patience import SOON_S

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
NONE: Mapping[str, int] = {}
NEW = Delivery("", "exit_entry", (DeliveryStep("accept"), DeliveryStep("read_back")))


def accepted(visit: str, department: str = "exit_entry", places: str = "HK") -> OutboxEntry:
    answers = {"places": Answer(places, CITIZEN)}
    application = Application(visit, "hk-macau-permit", "1", "2026-01", LYU, answers, NOW)
    decision = Decision(visit, Action.CONFIRM, "clerk:zhang", "5", NOW)
    return OutboxEntry(visit, department, Accepted(application, decision), replace(NEW, visit=visit, department=department))


@dataclass
class FakeOutbox:
    """Keeps entries and steps as the store does; everything not done and due is leased at once."""

    entries: dict[str, OutboxEntry] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    broken: int = 0
    looked: Callable[[], None] = lambda: None
    completed: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, entry: OutboxEntry) -> None:
        self.entries[entry.subject] = entry
        self.due[entry.subject] = NOW

    async def due_deliveries(self, now: datetime, busy: Mapping[str, int] = NONE) -> tuple[OutboxEntry, ...]:
        self.looked()
        if self.broken:
            self.broken -= 1
            raise OSError("the disk is full")
        due = tuple(entry for visit, entry in self.entries.items() if not entry.delivery.done and self.due[visit] <= now)
        for entry in due:
            self.due[entry.subject] = now + LEASE
            self.entries[entry.subject] = replace(entry, again=True)
        return due

    async def step_done(self, visit: str, department: str, step: str, number: str, at: datetime, sent: str = "") -> None:
        self._change(visit, step, done_at=at, number=number, problem="", sent=sent)
        if self.delivery(visit).done:
            self.completed.set()

    async def step_failed(self, visit: str, department: str, step: str, problem: str, next_try: datetime) -> None:
        self.failures.append((visit, step, problem))
        self.due[visit] = next_try
        tries = next(s.tries for s in self.entries[visit].delivery.steps if s.name == step)
        self._change(visit, step, tries=tries + 1, problem=problem)

    async def step_waits(self, visit: str, department: str, step: str, next_try: datetime) -> None:
        raise AssertionError("nobody here has to agree")

    async def decided(self, visit: str, department: str, verdict: str, at: datetime) -> None:
        raise AssertionError("nobody here has to agree")

    async def by_hand(self, subject: str, at: datetime) -> None:
        raise AssertionError("nobody disputes anything here")

    async def next_delivery_at(self) -> datetime | None:
        return min((self.due[visit] for visit, entry in self.entries.items() if not entry.delivery.done), default=None)

    def delivery(self, visit: str) -> Delivery:
        return self.entries[visit].delivery

    def _change(self, visit: str, name: str, **values: object) -> None:
        entry = self.entries[visit]
        steps = tuple(replace(s, **values) if s.name == name else s for s in entry.delivery.steps)  # type: ignore[arg-type]
        self.entries[visit] = replace(entry, delivery=replace(entry.delivery, steps=steps))


@dataclass
class FakeTarget:
    """A department that takes applications; `failures` come first, one per call."""

    failures: list[Exception] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    stuck: frozenset[str] = frozenset()
    forgets: bool = False
    differs: bool = False
    accepts: int = 0
    department: str = "exit_entry"
    poll_s: float = 2.0

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        self.accepts += 1
        if application.visit in self.stuck:
            raise DepartmentFailure("down")
        if self.failures:
            raise self.failures.pop(0)
        return self.cases.setdefault(key, f"N{len(self.cases) + 1}")

    def fingerprint(self, application: Application, decision: Decision) -> str:
        return f"print of {application.visit}"

    async def found(self, key: str) -> str:
        return self.cases.get(key, "")

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        if self.differs:
            raise Differs
        if self.failures:
            raise self.failures.pop(0)
        return not self.forgets and self.cases.get(key) == number

    async def state(self, number: str) -> State:
        raise AssertionError("nobody here has to agree")

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        raise AssertionError("nobody here has to agree")


class Sending:
    """An outbox, a target and a deliverer with a clock that can be moved."""

    def __init__(self, **target: object) -> None:
        self.now = NOW
        self.outbox = FakeOutbox()
        self.target = FakeTarget(**target)  # type: ignore[arg-type]
        self.wake = asyncio.Event()
        self.deliverer = Deliverer(self.outbox, (self.target,), lambda: self.now, self.wake)

    def once(self) -> int:
        return asyncio.run(self.deliverer.run_once())


def test_a_delivery_is_closed_by_the_departments_own_number_and_read_back() -> None:
    sending = Sending()
    sending.outbox.put(accepted("v1"))
    assert sending.once() == 1
    assert sending.outbox.delivery("v1").number == "N1"
    assert sending.outbox.delivery("v1").done
    assert sending.once() == 0


def test_a_step_that_is_done_is_never_done_again() -> None:
    sending = Sending(failures=[])
    sending.outbox.put(accepted("v1"))
    sending.target.forgets = True
    assert sending.once() == 0
    assert sending.outbox.failures == [("v1", "read_back", "not_there")]
    sending.target.forgets = False
    sending.now += timedelta(seconds=1)
    assert sending.once() == 1
    assert sending.target.accepts == 1
    assert sending.outbox.delivery("v1").number == "N1"


def test_one_stuck_delivery_holds_no_other() -> None:
    sending = Sending(stuck=frozenset({"v1"}))
    for visit in ("v1", "v2", "v3"):
        sending.outbox.put(accepted(visit))
    assert sending.once() == 2
    assert sending.outbox.failures == [("v1", "accept", "down")]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (DepartmentFailure("late"), "late"),
        (DepartmentFailure("garbled"), "garbled"),
        (KeyError("x"), "broken"),
        (TimeoutError(), "late"),
    ],
)
def test_a_failure_is_kept_as_a_problem_to_be_seen(error: Exception, problem: str) -> None:
    sending = Sending(failures=[error])
    sending.outbox.put(accepted("v1"))
    assert sending.once() == 0
    step = sending.outbox.delivery("v1").steps[0]
    assert (step.tries, step.problem, step.done_at) == (1, problem, None)


def test_a_department_that_takes_nothing_is_a_problem_too() -> None:
    sending = Sending()
    sending.outbox.put(accepted("v1", department="tax"))
    assert sending.once() == 0
    assert sending.outbox.failures == [("v1", "accept", "no_target")]


def test_ten_tries_take_four_hours_and_a_half_and_then_a_person_must_look() -> None:
    waits = [(next_try(tries, NOW) - NOW).total_seconds() for tries in range(1, MOST_TRIES)]
    assert (MOST_TRIES, waits) == (10, sorted(waits))
    assert timedelta(hours=4.4) < timedelta(seconds=sum(waits)) < timedelta(hours=4.6)
    assert next_try(10, NOW) == next_try(11, NOW) == FOR_A_PERSON


def test_a_delivery_that_always_fails_is_tried_ten_times_and_then_left_with_its_problem() -> None:
    sending = Sending(stuck=frozenset({"v1"}))
    sending.outbox.put(accepted("v1"))
    for _ in range(20):
        sending.once()
        sending.now += timedelta(hours=3)
    assert sending.target.accepts == MOST_TRIES
    assert sending.outbox.delivery("v1").steps[0].problem == "down"


def test_what_the_department_has_otherwise_than_it_was_sent_is_never_done() -> None:
    sending = Sending(differs=True)
    sending.outbox.put(accepted("v1"))
    assert sending.once() == 0
    assert sending.outbox.failures == [("v1", "read_back", "differs")]
    assert not sending.outbox.delivery("v1").done


def test_a_department_that_has_it_already_is_asked_for_its_number_and_not_told_twice() -> None:
    """The answer to the first attempt was lost, whatever lost it."""
    sending = Sending()
    sending.outbox.put(accepted("v1"))
    sending.outbox.entries["v1"] = replace(sending.outbox.entries["v1"], again=True)
    sending.target.cases["v1:exit_entry"] = "51286"
    assert sending.once() == 1
    assert (sending.target.accepts, sending.outbox.delivery("v1").number) == (0, "51286")


def test_told_to_stop_in_the_moment_something_is_confirmed_the_loop_ends() -> None:
    """Else a hall would close its doors and never end."""

    async def story() -> None:
        sending = Sending()
        running = asyncio.create_task(sending.deliverer.run())
        for _ in range(10):
            await asyncio.sleep(0)  # now it waits
        sending.wake.set()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(SOON_S):
                await running

    asyncio.run(story())


def test_the_loop_sends_what_a_clerk_has_just_confirmed_and_outlives_a_store_that_is_away() -> None:
    async def story() -> None:
        sending = Sending()
        looked = asyncio.Event()
        sending.outbox.looked = looked.set
        sending.outbox.broken = 1
        running = asyncio.create_task(sending.deliverer.run())
        async with asyncio.timeout(SOON_S):
            await looked.wait()
        sending.outbox.put(accepted("v1"))
        sending.wake.set()
        async with asyncio.timeout(SOON_S):
            await sending.outbox.completed.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(story())
