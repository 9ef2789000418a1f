"""Holding, passing on, taking along, putting forward; windows with skills; and what a day's turn does to the line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.application import TRANSITIONS, Action, Decision, Status
from hall.amendments import Said
from hall.errors import AnotherRequest, FormNotUnderstood, NotAllowed, NotPossible, WindowBusy
from hall.hours import Hours, Opening
from hall.store.request import Request
from hall.store.staff import Ended, StaffSession
from hall.windows import SKILL, Scope, Windows
from hall.working_day import working_day
from tests.hall.fakes import FLOW, GRANDMOTHER, JOINT, ME, NOON, Hall, dump, open_hall, somebody, visit_id
from tests.hall.test_hours import there

ONE, TWO, THREE = visit_id(1), visit_id(2), visit_id(3)
LATE_CLOSING = Hours((Opening(8 * 60, 17 * 60),))
KEEPING = replace(LATE_CLOSING, keep=True)


async def waiting(hall: Hall) -> list[str]:
    return [line.ticket.visit for line in await hall.queue.lines() if line.status is Status.SUBMITTED]


async def reject(hall: Hall, visit: str, window: str = "3") -> None:
    said = Said("NOT_ELIGIBLE")
    await hall.desk.decide(visit, Action.REJECT, window=window, clerk="zhang", key=f"reject {visit}", said=said)


def test_who_is_held_keeps_the_place_and_the_window_is_free(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.submit(2)
            await hall.submit(3)
            await hall.queue.hold(ONE, "3", "zhang", "hold")
            assert await hall.queue.call_next("3", "zhang", "next") == TWO
            with pytest.raises(WindowBusy):
                await hall.queue.resume(ONE, "3", "zhang", "busy")
            await hall.queue.resume(ONE, "4", "wang", "resume")
            assert (await hall.store.standing(ONE)).window == "4"
            await hall.queue.hold(ONE, "4", "wang", "hold 2")
            await hall.queue.requeue(ONE, "wang", "back")
            assert await waiting(hall) == [ONE, THREE]

    asyncio.run(story())


def test_a_held_ticket_is_resumed_at_one_window_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.queue.hold(ONE, "3", "zhang", "hold")
            tries = [hall.queue.resume(ONE, window, "zhang", f"resume {window}") for window in ("3", "4", "5", "6")]
            done = await asyncio.gather(*tries, return_exceptions=True)
            assert [type(one) for one in done].count(type(None)) == 1
            assert [type(one) for one in done].count(NotPossible) == 3

    asyncio.run(story())


def test_a_case_that_is_held_is_not_open_to_anybody(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.HELD)
            with pytest.raises(NotAllowed):
                await hall.desk.case(ONE, "3", "zhang")

    asyncio.run(story())


def test_what_is_passed_on_is_first_at_that_window_and_at_no_other(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.submit(2)
            await hall.queue.pass_on(ONE, "3", "zhang", "pass", to="5", why="CONFLICT")
            assert await hall.queue.call_next("4", "wang", "another") == TWO
            assert await hall.queue.call_next("6", "li", "nobody") is None
            assert await hall.queue.call_next("5", "liu", "meant") == ONE
            standing = await hall.store.standing(ONE)
            assert (standing.from_window, standing.from_clerk, standing.from_why) == ("3", "zhang", "CONFLICT")
            assert standing.calls == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("to", "why"), [("3", "CONFLICT"), ("9", "CONFLICT"), ("", "CONFLICT"), ("5", "BORED"), ("skill:x", "CONFLICT")]
)
def test_a_forged_passing_on_changes_nothing(tmp_path: Path, to: str, why: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            before = dump(hall.path)
            with pytest.raises(FormNotUnderstood):
                await hall.queue.pass_on(ONE, "3", "zhang", "pass", to=to, why=why)
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_key_is_good_for_one_target_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.queue.pass_on(ONE, "3", "zhang", "pass", to="5", why="CONFLICT")
            await hall.queue.pass_on(ONE, "3", "zhang", "pass", to="5", why="CONFLICT")
            with pytest.raises(AnotherRequest):
                await hall.queue.pass_on(ONE, "3", "zhang", "pass", to="6", why="CONFLICT")

    asyncio.run(story())


def test_nobody_is_called_to_two_windows_at_once_and_the_next_matter_is_one_click_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2, somebody(1), flow=JOINT)
            await hall.submit(3)
            assert await hall.queue.call_next("3", "zhang", "a") == ONE
            view = await hall.queue.view("3")
            assert [line.ticket.visit for line in view.beside] == [TWO]
            assert await hall.queue.call_next("4", "wang", "b") == THREE
            with pytest.raises(WindowBusy):
                await hall.queue.take(TWO, "3", "zhang", "too early")
            await reject(hall, ONE)
            await hall.queue.take(TWO, "3", "zhang", "take")
            assert (await hall.store.standing(TWO)).window == "3"

    asyncio.run(story())


@pytest.mark.parametrize("left", ["miss", "hold", "pass_on", "next", "log_out"])
def test_what_waits_beside_is_anybodys_again_once_the_person_has_left_the_window(tmp_path: Path, left: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.store.start_session("t", StaffSession("zhang", "3", NOON, NOON), Request("in", "clerk:zhang", NOON))
            await hall.submit(3)
            await hall.submit(1)
            await hall.submit(2, somebody(1), flow=JOINT)
            await hall.queue.call_next("4", "wang", "another")
            await hall.queue.call_next("3", "zhang", "a")
            assert (await hall.store.standing(TWO)).beside
            hall.clock.later(minutes=3)
            match left:
                case "miss":
                    await hall.queue.recall(ONE, "3", "zhang", "again")
                    await hall.queue.miss(ONE, "3", "zhang", "gone")
                case "hold":
                    await hall.queue.hold(ONE, "3", "zhang", "hold")
                case "pass_on":
                    await hall.queue.pass_on(ONE, "3", "zhang", "pass", to="5", why="OTHER_SKILL")
                case "next":
                    await reject(hall, ONE)
                    await hall.submit(4, GRANDMOTHER)
                    assert await hall.queue.call_next("3", "zhang", "b") == visit_id(4)
                case _:
                    await hall.store.end_session("t", Ended.LOGGED_OUT, Request("out", "clerk:zhang", NOON))
            standing = await hall.store.standing(TWO)
            assert (standing.beside, standing.meant_for) == (False, "")
            assert await hall.queue.call_next("6", "liu", "c") == TWO

    asyncio.run(story())


def test_what_is_not_beside_this_window_cannot_be_taken(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.submit(2, somebody(1), flow=JOINT)
            await hall.submit(3)
            for visit, window in ((THREE, "3"), (TWO, "4")):
                with pytest.raises(NotAllowed):
                    await hall.queue.take(visit, window, "zhang", f"take {visit} {window}")

    asyncio.run(story())


def test_a_ground_of_law_puts_forward_and_taking_it_back_restores_the_place(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            for number in (1, 2):
                await hall.submit(number)
                hall.clock.later(minutes=10)
            await hall.queue.put_forward(TWO, "usher", "forward", ground="CARE")
            assert await waiting(hall) == [TWO, ONE]
            await hall.queue.put_forward(TWO, "usher", "back", ground="")
            assert await waiting(hall) == [ONE, TWO]
            assert (await hall.store.standing(TWO)).line_class == "ordinary"
            lines = [line for line in await hall.store.audit_of(TWO) if line.event == "ticket_put_forward"]
            assert [(line.actor, line.outcome) for line in lines] == [("clerk:usher", "CARE"), ("clerk:usher", "")]
            with pytest.raises(FormNotUnderstood):
                await hall.queue.put_forward(TWO, "usher", "ill", ground="HEART_DISEASE")

    asyncio.run(story())


def test_a_window_with_few_matters_takes_the_first_of_those_and_the_page_says_what_nobody_does(tmp_path: Path) -> None:
    windows = Windows(("3", "4"), {"3": Scope((JOINT.code,), ("english",))})

    async def story() -> None:
        async with open_hall(tmp_path, windows=windows) as hall:
            at = hall.clock()
            await hall.store.start_session("t", StaffSession("zhang", "3", at, at), Request("in", "clerk:zhang", at))
            await hall.submit(1)
            await hall.submit(2, flow=JOINT)
            assert await hall.queue.undone(await hall.queue.open_windows()) == (("", FLOW.code),)
            assert await hall.queue.call_next("3", "zhang", "a") == TWO
            assert await hall.queue.call_next("4", "wang", "b") == ONE
            assert await hall.queue.undone(await hall.queue.open_windows()) == ()
            with pytest.raises(FormNotUnderstood):
                await hall.queue.pass_on(ONE, "4", "wang", "pass", to=SKILL + "english", why="LANGUAGE")
            await hall.submit(3, flow=JOINT)
            await reject(hall, ONE, "4")
            await hall.queue.call_next("4", "wang", "c")
            await hall.queue.pass_on(THREE, "4", "wang", "pass 2", to=SKILL + "english", why="LANGUAGE")
            await reject(hall, TWO)
            assert await hall.queue.call_next("4", "wang", "d") is None
            assert await hall.queue.call_next("3", "zhang", "e") == THREE

    asyncio.run(story())


def test_what_waits_for_a_window_without_a_clerk_is_said(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            at = hall.clock()
            await hall.store.start_session("t", StaffSession("zhang", "3", at, at), Request("in", "clerk:zhang", at))
            await hall.called(1)
            await hall.queue.pass_on(ONE, "3", "zhang", "pass", to="5", why="CONFLICT")
            assert await hall.queue.undone(await hall.queue.open_windows()) == (("5", ""),)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("before", "after", "turned"),
    [
        ("2026-11-23 07:59:59", "2026-11-23 08:00:00", False),
        ("2026-11-23 16:59:59", "2026-11-23 23:59:59", False),
        ("2026-11-23 16:59:59", "2026-11-24 00:00:00", True),
    ],
)
def test_the_line_ends_with_the_day_in_the_hall_and_is_said_to_have_been_closed(
    tmp_path: Path, before: str, after: str, turned: bool
) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, there(before), hours=LATE_CLOSING) as hall:
            await hall.submit(1)
            hall.clock.now = there(after)
            await hall.queue.turn()
            standing = await hall.store.standing(ONE)
            assert (standing.status, standing.ended) == ((Status.NO_SHOW, "closed") if turned else (Status.SUBMITTED, ""))
            assert [line.event for line in await hall.store.audit_of(ONE)].count("ticket_closed") == turned

    asyncio.run(story())


def test_a_hall_that_keeps_its_line_over_night_moves_nobody(tmp_path: Path) -> None:
    """Friday's last ones stand in front on Monday, in their order, with a mark."""

    async def story() -> None:
        async with open_hall(tmp_path, there("2026-11-27 16:00:00"), hours=KEEPING) as hall:
            await hall.submit(1)
            hall.clock.later(minutes=1)
            await hall.submit(2)
            hall.clock.later(minutes=50)
            await hall.submit(3, GRANDMOTHER)
            await hall.queue.call_next("3", "zhang", "friday")
            await hall.queue.hold(ONE, "3", "zhang", "hold")
            hall.clock.now = there("2026-11-30 07:30:00")
            await hall.submit(4)
            hall.clock.now = there("2026-11-30 08:00:00")
            calls = [await hall.queue.call_next(window, "zhang", f"monday {window}") for window in ("4", "5", "6")]
            assert calls == [TWO, THREE, visit_id(4)]
            assert (await hall.store.standing(TWO)).carried
            await hall.queue.resume(ONE, "3", "zhang", "resume")
            assert (await hall.queue.steps(date(2026, 11, 30)))[1].waiting.doubts == ("carried", "overnight", "too_long")

    asyncio.run(story())


def test_a_number_after_closing_stands_in_the_next_open_days_line_and_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, there("2026-11-27 20:00:00"), hours=LATE_CLOSING) as hall:
            ticket = await hall.submit(1)
            assert (ticket.working_day, ticket.number) == (date(2026, 11, 30), "A001")
            assert await hall.queue.call_next("3", "zhang", "overtime") is None
            assert (await hall.queue.view("3")).later == 1
            hall.clock.now = there("2026-11-30 08:00:00")
            assert (await hall.submit(2)).number == "A002"
            assert await hall.queue.call_next("3", "zhang", "monday") == ONE

    asyncio.run(story())


def test_a_call_after_closing_is_overtime_and_allowed(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, there("2026-11-23 16:59:00"), hours=LATE_CLOSING) as hall:
            await hall.submit(1)
            hall.clock.later(minutes=30)
            assert await hall.queue.call_next("3", "zhang", "overtime") == ONE

    asyncio.run(story())


def test_a_clock_that_ran_a_day_ahead_and_came_back_loses_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, there("2026-11-24 10:00:00"), hours=KEEPING) as hall:
            await hall.submit(1)
            hall.clock.later(days=1)
            await hall.queue.turn()
            assert await waiting(hall) == [ONE]
            hall.clock.later(days=-1)
            assert await hall.queue.call_next("3", "zhang", "call") == ONE

    asyncio.run(story())


def test_a_clock_that_is_set_back_an_hour_calls_on_in_order_and_marks_what_it_cannot_have_measured(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2)
            assert await hall.queue.call_next("3", "zhang", "first") == ONE
            hall.clock.later(hours=-1)
            await reject(hall, ONE)
            assert await hall.queue.call_next("3", "zhang", "second") == TWO
            assert await hall.store.last_at("3") == TWO
            await hall.desk.case(TWO, "3", "zhang")
            first, second = await hall.queue.steps(working_day(NOON))
            assert second.waiting.doubts == ("clock",)
            assert not second.waiting.trusted
            assert first.waiting.trusted

    asyncio.run(story())


def test_nobody_can_tell_the_time_since_a_call_that_lies_ahead(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.called(1)
            hall.clock.later(hours=-1)
            await hall.queue.recall(visit, "3", "zhang", "again")
            await hall.queue.miss(visit, "3", "zhang", "gone")
            assert (await hall.store.standing(visit)).status is Status.NO_SHOW

    asyncio.run(story())


LINE_ACTIONS = (
    Action.RECALL,
    Action.MISS,
    Action.HOLD,
    Action.RESUME,
    Action.PASS_ON,
    Action.TAKE,
    Action.PRIORITY,
    Action.REQUEUE,
)


@pytest.mark.parametrize("action", LINE_ACTIONS)
@pytest.mark.parametrize("status", list(Status))
def test_what_the_table_does_not_allow_changes_nothing(tmp_path: Path, status: Status, action: Action) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit, queue = await hall.in_status(status), hall.queue
            moves = {
                Action.RECALL: lambda: queue.recall(visit, "3", "zhang", "x"),
                Action.MISS: lambda: queue.miss(visit, "3", "zhang", "x"),
                Action.HOLD: lambda: queue.hold(visit, "3", "zhang", "x"),
                Action.RESUME: lambda: queue.resume(visit, "3", "zhang", "x"),
                Action.PASS_ON: lambda: queue.pass_on(visit, "3", "zhang", "x", to="4", why="CONFLICT"),
                Action.TAKE: lambda: queue.take(visit, "3", "zhang", "x"),
                Action.PRIORITY: lambda: queue.put_forward(visit, "zhang", "x", ground="CARE"),
                Action.REQUEUE: lambda: queue.requeue(visit, "zhang", "x"),
            }
            before = dump(hall.path)
            after = TRANSITIONS.get((status, action))
            if after is None or action in (Action.MISS, Action.TAKE):
                with pytest.raises((NotPossible, NotAllowed)):
                    await moves[action]()
                assert dump(hall.path) == before
                return
            await moves[action]()
            assert (await hall.store.standing(visit)).status is after

    asyncio.run(story())


def test_a_long_line_is_turned_in_parts(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, hours=KEEPING) as hall:
            for number in range(1, 6):
                await hall.submit(number)
            hall.clock.later(days=1)
            at = hall.clock()
            from hall.store.line import Turn

            day = working_day(at)
            turned = [await hall.store.turn_day(Turn(day, day, day), Request("", "hall", at), most=2) for _ in range(4)]
            assert turned == [2, 2, 1, 0]
            assert await waiting(hall) == [visit_id(n) for n in range(1, 6)]

    asyncio.run(story())


def test_the_decision_of_a_day_is_by_the_clerk_and_the_closing_by_the_hall(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            hall.clock.later(days=1)
            await hall.queue.turn()
            (decision,) = (await hall.store.case(ONE)).decisions
            assert decision == Decision(ONE, Action.CLOSE, "hall", "", hall.clock())
            await hall.queue.requeue(ONE, "zhang", "came again")
            assert await hall.queue.call_next("3", "zhang", "call") == ONE

    asyncio.run(story())


def test_a_day_later_the_hall_of_yesterday_has_its_own_figures(tmp_path: Path) -> None:
    """A return keeps its measured sitting when the number stands in another day's line."""

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.in_status(Status.RETURNED)
            today = await hall.queue.steps(working_day(NOON))
            hall.clock.later(days=3)
            await hall.queue.requeue(visit, "zhang", "back")
            assert await hall.queue.steps(working_day(NOON)) == today
            (again,) = await hall.queue.steps(working_day(hall.clock()))
            assert again.waiting.seconds is None

    asyncio.run(story())


def test_times_are_kept_by_step_and_doubted_by_what_happened(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, datetime(2026, 11, 23, 4, tzinfo=UTC)) as hall:
            await hall.submit(1)
            hall.clock.later(minutes=9)
            await hall.queue.call_next("3", "zhang", "call")
            hall.clock.later(minutes=1)
            await hall.desk.case(ONE, "3", "zhang")
            hall.clock.later(minutes=5)
            await hall.desk.case(ONE, "3", "zhang")
            hall.clock.later(minutes=2)
            await reject(hall, ONE)
            await hall.submit(2, ME)
            hall.clock.later(minutes=1)
            await hall.queue.call_next("3", "zhang", "call 2")
            await hall.desk.case(TWO, "3", "zhang")
            hall.clock.later(hours=3)
            at = hall.clock()
            await hall.store.start_session("t", StaffSession("wang", "3", at, at), Request("in", "clerk:wang", at))
            await reject(hall, TWO)
            first, second = await hall.queue.steps(working_day(NOON))
            steps = (first.waiting, first.walking, first.handling)
            assert [(step.seconds, step.trusted) for step in steps] == [(540, True), (60, True), (420, True)]
            assert second.handling.doubts == ("left", "too_long")
            assert timedelta(seconds=second.handling.seconds or 0) == timedelta(hours=3)

    asyncio.run(story())
