"""What stands now: lines, windows, terminals, departments, deliveries; and that looking is cheap."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from flows.application import Action, Outcome
from flows.heartbeat import Heartbeat, Part
from hall.breaker import Spared
from hall.console.overview_view import NowView, now_view
from hall.heartbeats import Heartbeats, Mood
from hall.hours import ALWAYS, Hours, Opening
from hall.metrics import Metrics
from hall.overview import Now, Overview, WindowState
from hall.pulse import LastHour, Pulse
from hall.roles import Role
from hall.staff import IDLE
from hall.store.request import Request
from hall.store.staff import Ended, StaffSession
from hall.store.terminal_states import Heard
from hall.windows import Scope, Windows
from tests.hall.fakes import GRANDMOTHER, JOINT, MATTERS, Hall, open_hall, visit_id

T = TypeVar("T")
LUNCH = Hours(usual=(Opening(9 * 60, 12 * 60), Opening(14 * 60, 17 * 60)))
TITLES = {"household": "公安户籍", "exit_entry": "出入境管理"}


def overview(hall: Hall, metrics: Metrics | None = None) -> Overview:
    return Overview(
        hall.store,
        hall.clock,
        queue=hall.queue,
        heartbeats=Heartbeats(hall.store, hall.clock),
        metrics=metrics or Metrics(),
        departments=tuple(TITLES),
    )


def told(folder: Path, story: Callable[[Hall], Awaitable[T]], hours: Hours = ALWAYS, windows: Windows | None = None) -> T:
    async def run() -> T:
        async with open_hall(folder, hours=hours, windows=windows or Windows(("3", "4"))) as hall:
            return await story(hall)

    return asyncio.run(run())


def shown(now: Now, windows: Windows | None = None) -> NowView:
    return now_view(now, TITLES, MATTERS, windows or Windows())


async def logged_in(hall: Hall, window: str = "3") -> None:
    at = hall.clock()
    session = StaffSession(f"clerk {window}", window, at, at, frozenset({Role.CLERK}))
    await hall.store.start_session(f"token {window}", session, Request(f"in {window} {at}", "clerk:x", at, window))


def test_who_waits_is_counted_by_matter_and_class_with_the_longest_wait(tmp_path: Path) -> None:
    async def story(hall: Hall) -> Now:
        await hall.submit(1)
        hall.clock.later(minutes=20)
        await hall.submit(2, GRANDMOTHER)
        await hall.submit(3, flow=JOINT)
        hall.clock.later(minutes=5)
        return await overview(hall).now()

    view = shown(told(tmp_path, story))
    assert (view.waiting, view.longest, view.classes) == ("3", "25 分钟", ("普通", "长者"))
    assert [(row.waiting, row.counts, row.longest) for row in view.rows] == [(2, (1, 1), "25 分钟"), (1, (1, 0), "5 分钟")]


def test_a_wait_that_begins_later_than_now_is_the_fault_of_a_clock_and_says_so(tmp_path: Path) -> None:
    async def story(hall: Hall) -> Now:
        await hall.submit(1)
        hall.clock.later(minutes=-30)
        return await overview(hall).now()

    assert shown(told(tmp_path, story)).longest == "时钟不一致"


def test_a_window_is_away_then_idle_then_serving_then_idle_since_the_decision(tmp_path: Path) -> None:
    async def story(hall: Hall) -> list[tuple[WindowState, str, int | None]]:
        seen = []

        async def look() -> None:
            first = (await overview(hall).now()).windows[0]
            since = None if first.since is None else int((hall.clock() - first.since).total_seconds()) // 60
            seen.append((first.state, first.number, since))

        await look()
        await logged_in(hall)
        hall.clock.later(minutes=2)
        await look()
        await hall.submit(1)
        await hall.queue.call_next("3", "zhang", "call")
        hall.clock.later(minutes=3)
        await look()
        await hall.decide(Action.CONFIRM, "decide")
        hall.clock.later(minutes=1)
        await look()
        return seen

    assert told(tmp_path, story) == [
        (WindowState.AWAY, "", None),
        (WindowState.IDLE, "", 2),
        (WindowState.SERVING, "A001", 3),
        (WindowState.IDLE, "", 1),
    ]


@pytest.mark.parametrize("way", ["logged out", "idle", "locked"])
def test_a_ticket_whose_clerk_is_gone_is_noticed(tmp_path: Path, way: str) -> None:
    async def story(hall: Hall) -> WindowState:
        await logged_in(hall)
        await hall.called(1)
        request = Request("end", "clerk:zhang", hall.clock(), "3")
        if way == "logged out":
            await hall.store.end_session("token 3", Ended.LOGGED_OUT, request)
        elif way == "locked":
            await hall.store.lock_session("token 3", request)
        else:
            hall.clock.now += IDLE + timedelta(seconds=1)
        return (await overview(hall).now()).windows[0].state

    assert told(tmp_path, story) is (WindowState.LOCKED if way == "locked" else WindowState.DESERTED)


def test_at_the_halls_break_an_idle_window_pauses(tmp_path: Path) -> None:
    async def story(hall: Hall) -> WindowState:
        await logged_in(hall)
        return (await overview(hall).now()).windows[0].state

    assert told(tmp_path, story, LUNCH) is WindowState.PAUSE


def test_who_logged_out_makes_nobodys_wait_shorter(tmp_path: Path) -> None:
    async def story(hall: Hall) -> tuple[str, ...]:
        await logged_in(hall, "3")
        await logged_in(hall, "4")
        at = hall.clock()
        supervisor = StaffSession("supervisor", "", at, at, frozenset({Role.SUPERVISOR}))
        await hall.store.start_session("token", supervisor, Request("in", "clerk:s", at))
        await hall.store.end_session("token 4", Ended.LOGGED_OUT, Request("out", "clerk:x", at, "4"))
        return await hall.queue.open_windows()

    assert told(tmp_path, story) == ("3",)


def test_skills_and_limits_stand_on_the_window(tmp_path: Path) -> None:
    windows = Windows(("3", "4"), {"4": Scope(("letter",), ("english",))})

    async def story(hall: Hall) -> Now:
        await hall.submit(1)
        return await overview(hall).now()

    view = shown(told(tmp_path, story, windows=windows), windows)
    assert [cell.skills for cell in view.windows] == ["", f"{MATTERS['letter'].title}、english"]
    assert view.told_by_matter


def heard(hall: Hall, name: str, minutes: int, *parts: Part, outbox: int = 0, off: int = 0) -> Heard:
    at = hall.clock() - timedelta(minutes=minutes)
    return Heard(name, at, Heartbeat("0.1.0", at, at + timedelta(minutes=off), parts, outbox))


def test_terminals_stand_worst_first_each_with_what_is_wrong(tmp_path: Path) -> None:
    async def story(hall: Hall) -> Now:
        reader, paper = Part("reader", "r", "online", "notPresent"), Part("ticket_printer", "p", "online", "notPresent")
        jam = Part("page_printer", "p", "hardwareError", "jammed")
        for one in (
            heard(hall, "K01", 1, reader),
            heard(hall, "K02", 3, paper),
            heard(hall, "K03", 11, reader),
            heard(hall, "K04", 1, reader, off=90),
            heard(hall, "K05", 1, jam, Part("camera", "c", "noDevice"), outbox=3),
        ):
            await hall.store.keep_beat(one)
        return await overview(hall).now()

    rows = shown(told(tmp_path, story)).terminals
    assert [(row.terminal, row.mood, row.troubles, row.outbox, row.heard) for row in rows] == [
        ("K03", Mood.SILENT, (), 0, "11 分钟"),
        ("K02", Mood.TROUBLE, ("小票打印机缺纸",), 0, "3 分钟"),
        ("K04", Mood.TROUBLE, ("时钟不准",), 0, "1 分钟"),
        ("K05", Mood.TROUBLE, ("文书打印机卡纸", "摄像头未连接"), 3, "1 分钟"),
        ("K01", Mood.WELL, (), 0, "1 分钟"),
    ]


def test_departments_show_their_hour_their_breaker_and_what_is_on_its_way(tmp_path: Path) -> None:
    metrics = Metrics()
    for seconds in (0.1, 0.2, 0.3):
        metrics.took("household", seconds)
    metrics.answered("household", Outcome.RECORD, "")
    metrics.answered("exit_entry", Outcome.NO_ANSWER, "down")
    metrics.answered("exit_entry", Outcome.NOT_ASKED, "no_key")
    metrics.watch("exit_entry", lambda: Spared.RESTING, lambda: 0)

    async def story(hall: Hall) -> Now:
        await hall.called(1)
        await hall.decide(Action.CONFIRM, "decide")
        later = hall.clock() + timedelta(minutes=1)
        await hall.store.step_failed(visit_id(1), "exit_entry", "accept", "down", later)
        hall.clock.later(minutes=0.5)
        return await overview(hall, metrics).now()

    view = shown(told(tmp_path, story))
    household, exit_entry = view.departments
    assert (household.word, household.calls, household.failures, household.p50) == ("正常", 3, 0, "200 ms")
    assert (exit_entry.word, exit_entry.calls, exit_entry.failures, exit_entry.p50) == ("暂停查询", 1, 1, "—")
    assert (exit_entry.under_way, exit_entry.troubled, exit_entry.dead) == (1, 1, 0)
    assert view.sending == (2, 1, 0)
    assert view.since == "12:00"  # the process began just now


def test_an_hour_is_counted_by_minutes_and_forgotten_after_it() -> None:
    now = [0.0]
    pulse = Pulse(lambda: now[0])
    for minute in range(90):
        now[0] = minute * 60.0
        pulse.answered("household", 0.1 if minute % 2 else 0.3)
        pulse.failed("traffic")
    hour = pulse.of("household")
    assert (hour.calls, hour.failures, hour.p50_ms, hour.p95_ms) == (61, 0, 100, 300)
    assert pulse.of("traffic") == LastHour(61, 61)
    now[0] += 7200
    assert pulse.of("household") == LastHour()
    assert pulse.runs == timedelta(seconds=now[0])


def test_a_hundred_pages_that_look_at_once_cost_one_look(tmp_path: Path) -> None:
    async def story(hall: Hall) -> tuple[int, int]:
        reads = [0]
        ask = hall.store.waiting_groups

        async def counted(*given: object) -> object:
            reads[0] += 1
            return await ask(*given)  # type: ignore[arg-type]

        hall.store.waiting_groups = counted  # type: ignore[method-assign,assignment]
        page = overview(hall)
        first = await asyncio.gather(*(page.now() for _ in range(100)))
        await page.rested()
        await page.now()
        return len(set(map(id, first))), reads[0]

    assert told(tmp_path, story) == (1, 2)


def test_days_kept_do_not_grow_without_end(tmp_path: Path) -> None:
    async def story(hall: Hall) -> int:
        page = overview(hall)
        for back in range(30):
            await page.of_day(hall.clock().date() - timedelta(days=back))
        return len(page._days)

    assert told(tmp_path, story) == 8
