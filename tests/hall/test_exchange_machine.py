"""The exchange under everything that can happen at once: askers come and go away, departments answer, break and hang.

Time is virtual: each step of the machine is a moment in it, and what must always hold is looked at after every step.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flows.application import Lookup, Outcome, Record
from flows.flow import Flow, Matters
from hall.departments.connection import Access, DepartmentFailure, Purpose, Reason
from hall.exchange import Exchange
from hall.hedge import ENOUGH, SAVED_UP, SHARE
from tests.hall.fake_departments import ME, NUMBER, WHEN, FakeDepartment, everything_shared
from tests.hall.virtual_time import VirtualTime

BUDGET_S = 3.0
A_MOMENT = 1e-6
ITEMS = {"household": "household.address", "exit_entry": "permit.number"}
MATTERS = Matters([Flow(code="permit", version="1", title="", pages=(), needs=tuple(ITEMS.values()))])
FAILURES: tuple[Reason, ...] = ("down", "garbled", "refused", "untrusted", "late", "busy")
VISIT = Purpose("", "permit", "terminal:K07")
WORDS = st.sampled_from(["record", "nothing", "somebody else", *FAILURES])


@dataclass
class Asked(FakeDepartment):
    """Answers when it is told to; `usual_s` is set while it answers by itself."""

    usual_s: float = 0.1
    waiting: list[tuple[str, asyncio.Future[str]]] = field(default_factory=list)
    put: Counter[str] = field(default_factory=Counter)

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        self.put[purpose.visit] += 1
        said: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        question = (purpose.visit, said)
        self.waiting.append(question)
        try:
            if self.usual_s:
                await asyncio.sleep(self.usual_s)
            else:
                return self._of(await said, items)
        finally:
            self.waiting.remove(question)
        return self._of("record", items)

    def _of(self, word: str, items: Sequence[str]) -> tuple[Record, ...]:
        number = NUMBER if word == "record" else "440603194807123514"
        match word:
            case "nothing":
                return ()
            case "record" | "somebody else":
                return tuple(Record(i, number, self.code, WHEN) for i in ("person.number", *items))
            case _:
                raise DepartmentFailure(word)  # type: ignore[arg-type]


@dataclass
class Asker:
    visit: str
    since: float
    task: asyncio.Task[Lookup]
    gone: bool = False
    ended: float | None = None


class Crowd(RuleBasedStateMachine):
    """Two departments and whoever asks them."""

    @initialize(at_once=st.integers(1, 3), hedged=st.booleans(), deadline_s=st.sampled_from([0.5, 2.0, 60.0]))
    def open(self, at_once: int, hedged: bool, deadline_s: float) -> None:
        self.time = VirtualTime()
        self.runner = self.time.runner()
        self.departments = [
            Asked(code, {"person.number": NUMBER, item: "x"}, at_once=at_once, hedged=hedged, deadline_s=deadline_s)
            for code, item in ITEMS.items()
        ]
        self.written: Counter[tuple[str, str]] = Counter()
        catalogue = everything_shared({item: (code,) for code, item in ITEMS.items()}, tuple(ITEMS))
        self.exchange = Exchange(self.departments, catalogue, self._write, matters=MATTERS, budget_s=BUDGET_S)
        self.askers: list[Asker] = []
        for number in range(ENOUGH):
            self.runner.run(self.exchange.lookup(ME, tuple(ITEMS.values()), replace(VISIT, visit=f"before-{number}")))
        for department in self.departments:
            department.usual_s = 0.0

    async def _write(self, access: Access) -> None:
        self.written[access.purpose.visit, access.department] += 1

    @rule(count=st.integers(1, 4))
    def come(self, count: int) -> None:
        async def begin() -> None:
            for _ in range(count):
                visit = f"visit-{len(self.askers)}"
                asking = self.exchange.lookup(ME, tuple(ITEMS.values()), replace(VISIT, visit=visit))
                asker = Asker(visit, self.time.now, asyncio.create_task(asking))
                asker.task.add_done_callback(partial(self._ended, asker))
                self.askers.append(asker)

        self.runner.run(begin())
        self._settle()

    def _ended(self, asker: Asker, task: asyncio.Task[Lookup]) -> None:
        asker.ended = self.time.now

    @precondition(lambda self: any(asker.ended is None for asker in self.askers))
    @rule(data=st.data())
    def go_away(self, data: st.DataObject) -> None:
        asker = data.draw(st.sampled_from([asker for asker in self.askers if asker.ended is None]))
        asker.gone = True
        asker.task.cancel()
        self._settle()
        assert asker.ended == self.time.now, "who goes away is let go at once"

    @precondition(lambda self: any(department.waiting for department in self.departments))
    @rule(data=st.data(), word=WORDS)
    def answer(self, data: st.DataObject, word: str) -> None:
        department = data.draw(st.sampled_from([department for department in self.departments if department.waiting]))
        _, said = data.draw(st.sampled_from(department.waiting))
        said.set_result(word)
        self._settle()

    @rule(seconds=st.sampled_from([0.05, 0.1, 0.5, 1.0, 5.0, 60.0]))
    def wait(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))
        self._settle()

    def _settle(self) -> None:
        async def turns() -> None:
            for _ in range(20):
                await asyncio.sleep(0)

        self.runner.run(turns())

    @invariant()
    def never_more_than_its_places_are_asked_at_once(self) -> None:
        for department in getattr(self, "departments", []):
            assert len(department.waiting) <= department.at_once

    @invariant()
    def nobody_waits_longer_than_the_budget(self) -> None:
        for asker in getattr(self, "askers", []):
            assert (asker.ended or self.time.now) - asker.since <= BUDGET_S + A_MOMENT

    @invariant()
    def nothing_is_asked_without_its_line_and_nobody_twice_beyond_the_second_question(self) -> None:
        for department in getattr(self, "departments", []):
            seconds = 0
            for visit, count in department.put.items():
                assert self.written[visit, department.code] == 1
                assert count <= (2 if department.hedged else 1)
                seconds += count - 1
            assert seconds <= SHARE * len(department.put) + SAVED_UP

    @invariant()
    def whoever_stayed_has_exactly_one_answer_of_each(self) -> None:
        for asker in getattr(self, "askers", []):
            if asker.ended is None or asker.gone:
                continue
            sources = asker.task.result().sources
            assert [source.department for source in sources] == list(ITEMS)
            for source in sources:
                told = source.outcome in (Outcome.RECORD, Outcome.NO_RECORD)
                assert bool(source.reason) is not told
                assert bool(source.records) is (source.outcome is Outcome.RECORD)
                assert all(record.value == NUMBER for record in source.records)

    @invariant()
    def nothing_is_asked_for_somebody_who_is_gone(self) -> None:
        over = {asker.visit for asker in getattr(self, "askers", []) if asker.ended is not None}
        for department in getattr(self, "departments", []):
            assert not over & {visit for visit, _ in department.waiting}

    def teardown(self) -> None:
        if not hasattr(self, "runner"):
            return
        with self.runner as runner:
            self.wait(BUDGET_S)
            assert all(asker.ended is not None for asker in self.askers)
            assert asyncio.all_tasks(runner.get_loop()) == set()
            for asked in self.exchange._departments.values():
                assert (asked._places.taken, asked._places.all_taken) == (0, False)


Crowd.TestCase.settings = settings(max_examples=80, stateful_step_count=30)
TestCrowd = Crowd.TestCase
