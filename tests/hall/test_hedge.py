"""A question that takes unusually long is put once more, within the same deadline and places."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from flows.application import Outcome
from hall.departments.connection import DepartmentFailure
from hall.hedge import ENOUGH, SAVED_UP, SHARE, Hedge
from tests.hall.fake_departments import ME, NUMBER, VISIT, WELL, Hall, failing, for_ever, in_turn, outcomes, taking

PERMIT = ("permit.number",)


def practised(*after: Callable[[], Awaitable[None]], at_once: int = 16, hedged: bool = True) -> Hall:
    """A hall that knows its exit-entry department to answer in 0.1 s; then it does as told."""
    hall = Hall(budget_s=3.0, at_once=at_once, hedged=hedged)
    hall.exit_entry.deadline_s = 2.0
    hall.exit_entry.before = taking(0.1)
    for _ in range(ENOUGH):
        hall.lookup(PERMIT, fresh=True)
    hall.exit_entry.before = in_turn(*after)
    hall.exit_entry.asked.clear()
    hall.accesses.clear()
    hall.exit_entry.most_under_way = 0
    return hall


def test_an_unusually_late_answer_is_overtaken_by_a_second_question() -> None:
    hall = practised(taking(1.9), taking(0.1))
    found = hall.lookup(PERMIT, fresh=True)
    assert outcomes(found)["exit_entry"] == WELL
    assert found.sources[0].elapsed_ms == 200
    assert hall.exit_entry.asked == [(NUMBER, PERMIT)] * 2
    assert len(hall.accesses) == 1, "one question, put twice: one line"
    assert hall.exit_entry.under_way == 0, "the one that lost is called off"


def test_the_first_answer_still_counts_when_it_is_the_first_to_come() -> None:
    hall = practised(taking(0.15), for_ever)
    found = hall.lookup(PERMIT, fresh=True)
    assert (outcomes(found)["exit_entry"], found.sources[0].elapsed_ms) == (WELL, 150)
    assert hall.exit_entry.under_way == 0


def test_both_may_be_late_and_the_deadline_stays() -> None:
    hall = practised(for_ever)
    found = hall.lookup(PERMIT, fresh=True)
    assert outcomes(found)["exit_entry"] == (Outcome.NO_ANSWER, "late")
    assert (len(hall.exit_entry.asked), found.sources[0].elapsed_ms, hall.exit_entry.under_way) == (2, 2000, 0)


def test_a_line_that_broke_is_tried_once_more_at_once() -> None:
    hall = practised(failing(DepartmentFailure("down")), taking(0.1))
    found = hall.lookup(PERMIT, fresh=True)
    assert (outcomes(found)["exit_entry"], len(hall.exit_entry.asked)) == (WELL, 2)
    down = practised(failing(DepartmentFailure("down")))
    assert outcomes(down.lookup(PERMIT, fresh=True))["exit_entry"] == (Outcome.NO_ANSWER, "down")
    assert len(down.exit_entry.asked) == 2


@pytest.mark.parametrize("reason", ["garbled", "refused", "untrusted", "late", "wrong_person"])
def test_what_was_said_is_not_asked_away(reason: str) -> None:
    hall = practised(failing(DepartmentFailure(reason)), taking(0.1))  # type: ignore[arg-type]
    assert outcomes(hall.lookup(PERMIT, fresh=True))["exit_entry"] == (Outcome.NO_ANSWER, reason)
    assert len(hall.exit_entry.asked) == 1


async def nonsense_after_a_while() -> None:
    await asyncio.sleep(0.2)
    raise DepartmentFailure("garbled")


def test_nor_while_a_second_question_is_under_way() -> None:
    hall = practised(nonsense_after_a_while, taking(1.0))
    assert outcomes(hall.lookup(PERMIT, fresh=True))["exit_entry"] == (Outcome.NO_ANSWER, "garbled")
    assert hall.exit_entry.under_way == 0


async def broken_after_a_while() -> None:
    await asyncio.sleep(0.2)
    raise DepartmentFailure("down")


def test_when_one_line_breaks_the_other_is_waited_for() -> None:
    hall = practised(broken_after_a_while, taking(0.5))
    found = hall.lookup(PERMIT, fresh=True)
    assert (outcomes(found)["exit_entry"], found.sources[0].elapsed_ms) == (WELL, 600)


def test_a_record_of_somebody_else_does_not_win() -> None:
    hall = practised(taking(0.2), taking(1.0))
    hall.exit_entry.values["person.number"] = "440603194807123514"
    assert outcomes(hall.lookup(PERMIT, fresh=True))["exit_entry"] == (Outcome.NO_ANSWER, "wrong_person")


def test_a_second_question_takes_a_place_only_where_one_is_free() -> None:
    hall = practised(taking(0.5), at_once=1)
    found = hall.lookup(PERMIT, fresh=True)
    assert (outcomes(found)["exit_entry"], len(hall.exit_entry.asked)) == (WELL, 1)


def test_where_it_is_not_safe_nothing_is_asked_twice() -> None:
    hall = practised(taking(1.0), hedged=False)
    hall.lookup(PERMIT, fresh=True)
    assert len(hall.exit_entry.asked) == 1


def test_before_there_is_anything_usual_nothing_is_asked_twice() -> None:
    hall = Hall(hedged=True)
    hall.exit_entry.before = taking(1.0)
    for _ in range(3):
        hall.lookup(PERMIT, fresh=True)
    assert len(hall.exit_entry.asked) == 3


def test_second_questions_stay_a_small_share() -> None:
    hedge = Hedge(2.0)
    again = 0
    for _ in range(1000):
        hedge.asked()
        again += hedge.allows()
    assert again == pytest.approx(1000 * SHARE, abs=2)
    for _ in range(1000):
        hedge.asked()
    assert [hedge.allows() for _ in range(10)].count(True) == SAVED_UP


def test_a_department_that_became_slow_is_not_asked_twice_each_time() -> None:
    hall = practised(taking(*(0.6 + number / 100 for number in range(60))))
    for _ in range(30):
        hall.lookup(PERMIT, fresh=True)
    assert len(hall.exit_entry.asked) == 30 + round((ENOUGH + 30) * SHARE)


def test_what_is_usual_is_measured_lately_and_kept_within_bounds() -> None:
    hedge = Hedge(2.0)
    assert hedge.unusual_s is None
    for number in range(100):
        hedge.answered(0.1 + number / 1000)
    assert hedge.unusual_s == pytest.approx(0.195)
    for _ in range(200):
        hedge.answered(0.001)
    assert hedge.unusual_s == 0.05, "not sooner"
    for _ in range(200):
        hedge.answered(1.9)
    assert hedge.unusual_s == 1.0, "nor when there is no time left to answer"


def test_an_asker_who_goes_away_calls_both_questions_off() -> None:
    hall = practised(for_ever)

    async def story() -> None:
        asking = asyncio.create_task(hall.exchange.lookup(ME, PERMIT, VISIT, fresh=True))
        await asyncio.sleep(0.5)
        assert hall.exit_entry.under_way == 2
        asking.cancel()
        await asyncio.wait([asking])
        assert hall.exit_entry.under_way == 0

    hall.time.run(story())
