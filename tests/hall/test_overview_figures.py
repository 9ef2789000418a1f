"""A day's figures against days counted by hand, and against an independent count of a generated one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.application import Action
from hall.chain import LinkName
from hall.day_figures import DayFigures, Read, figures_of
from hall.heartbeats import Heartbeats
from hall.hours import ALWAYS, Hours, Opening
from hall.metrics import Metrics
from hall.overview import Overview
from hall.roles import Role
from hall.steps import step_times
from hall.store.line import Measured
from hall.store.overview import CaseTimes, Presence
from hall.store.queries import QUERIES
from hall.store.request import Request
from hall.store.staff import Ended, StaffSession
from hall.windows import Windows
from tests.hall.fakes import AT_ONCE, EMPTY, NOON, Hall, open_hall, visit_id
from tests.hall.overview_day import DAY, OPENS, Happened, made_up, write_down

NIGHT = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
TWO = Windows(("3", "4"))
FULL = Hours(usual=(Opening(9 * 60, 17 * 60),))
TODAY = NOON.date()


def overview(hall: Hall) -> Overview:
    return Overview(
        hall.store,
        hall.clock,
        queue=hall.queue,
        heartbeats=Heartbeats(hall.store, hall.clock),
        metrics=Metrics(),
        departments=("household",),
    )


async def served(hall: Hall, number: int, action: Action = Action.CONFIRM) -> None:
    """Filled in for 4 minutes, waits 6, walks 1, is handled for 5."""
    visit = visit_id(number)
    from tests.hall.fakes import FLOW, filled_in, somebody

    opened = await hall.open(visit, "K07", FLOW.code, somebody(number))
    hall.clock.later(minutes=4)
    await hall.visits.submit(visit, "K07", filled_in(visit, opened.lookup, hall.clock(), somebody(number)))
    hall.clock.later(minutes=6)
    await hall.queue.call_next("3", "zhang", f"call {number}")
    hall.clock.later(minutes=1)
    await hall.desk.case(visit, "3", "zhang")
    hall.clock.later(minutes=5)
    await hall.decide(action, f"decide {number}") if number == 1 else None


def test_one_visit_is_one_link_after_another(tmp_path: Path) -> None:
    async def story() -> DayFigures:
        async with open_hall(tmp_path, windows=TWO) as hall:
            await served(hall, 1)
            hall.clock.later(minutes=2)
            await hall.store.step_done(visit_id(1), "exit_entry", "accept", "E-1", hall.clock())
            half = await overview(hall).of_day(TODAY)
            assert (half.chain.link(LinkName.SENDING).counted, half.chain.link(LinkName.SENDING).under_way) == (0, 1)
            hall.clock.later(minutes=3)
            await hall.store.step_done(visit_id(1), "household", "accept", "H-1", hall.clock())
            return await overview(hall).of_day(TODAY)

    figures = asyncio.run(story())
    minutes = {link.name: (link.counted, link.median_s and link.median_s / 60) for link in figures.chain.links}
    assert minutes == {
        LinkName.FORM: (1, 4),
        LinkName.WAITING: (1, 6),
        LinkName.WALKING: (1, 1),
        LinkName.HANDLING: (1, 5),
        LinkName.WHOLE: (1, 16),
        LinkName.SENDING: (1, 5),
    }
    assert (figures.chain.within, figures.chain.over, figures.chain.unknown) == (1, 0, 0)
    assert (figures.cases, figures.ended, figures.on_the_spot) == (1, 1, 1)
    assert [(one.window, one.handled) for one in figures.windows] == [("3", 1), ("4", 0)]


def test_given_back_is_an_outcome_but_not_on_the_spot_and_stays_so_when_it_comes_again_tomorrow(tmp_path: Path) -> None:
    async def story() -> tuple[DayFigures, DayFigures]:
        async with open_hall(tmp_path, windows=TWO) as hall:
            await served(hall, 1, Action.RETURN)
            await hall.submit(2, flow=AT_ONCE)
            first = await overview(hall).of_day(TODAY)
            hall.clock.later(days=1)
            await hall.queue.requeue(visit_id(1), "zhang", "again")
            await hall.queue.call_next("3", "zhang", "call again")
            await hall.decide(Action.CONFIRM, "decide again")
            return first, await overview(hall).of_day(TODAY)

    first, later = asyncio.run(story())
    for figures in (first, later):
        assert (figures.cases, figures.ended, figures.on_the_spot) == (2, 2, 1)
        assert figures.chain.link(LinkName.WHOLE).counted == 2
        assert figures.whole.handled == 1


def test_a_clock_that_was_set_back_is_said_and_its_minutes_are_not_counted(tmp_path: Path) -> None:
    async def story() -> DayFigures:
        async with open_hall(tmp_path, windows=TWO) as hall:
            await hall.submit(1)
            hall.clock.later(minutes=-30)
            await hall.queue.call_next("3", "zhang", "call")
            await hall.desk.case(visit_id(1), "3", "zhang")
            hall.clock.later(minutes=4)
            await hall.decide(Action.CONFIRM, "decide")
            return await overview(hall).of_day(TODAY)

    figures = asyncio.run(story())
    assert figures.clock_moved == 1
    assert figures.chain.link(LinkName.WAITING).left_out == {"clock": 1}
    assert figures.chain.link(LinkName.HANDLING).counted == 1
    assert (figures.chain.within, figures.chain.over, figures.chain.unknown) == (0, 0, 1)
    assert all(one.waiting >= 0 for one in figures.quarters)


def test_figures_of_later_than_now_are_counted_anew_when_the_clock_is_set_back(tmp_path: Path) -> None:
    async def story() -> tuple[datetime, datetime]:
        async with open_hall(tmp_path, windows=TWO) as hall:
            page = overview(hall)
            first = (await page.of_day(TODAY)).at
            hall.clock.later(minutes=-5)
            return first, (await page.of_day(TODAY)).at

    first, second = asyncio.run(story())
    assert second == first - timedelta(minutes=5)


def test_a_restart_in_the_middle_of_the_day_loses_no_figure(tmp_path: Path) -> None:
    async def before() -> DayFigures:
        async with open_hall(tmp_path, windows=TWO) as hall:
            await served(hall, 1)
            return await overview(hall).of_day(TODAY)

    async def after(now: datetime) -> DayFigures:
        async with open_hall(tmp_path, now, windows=TWO) as hall:
            return await overview(hall).of_day(TODAY)

    first = asyncio.run(before())
    assert asyncio.run(after(first.at)) == first


def test_who_stays_over_night_waits_to_the_end_of_the_day_it_came(tmp_path: Path) -> None:
    hours = Hours(usual=(Opening(9 * 60, 13 * 60),), keep=True)

    async def story() -> tuple[DayFigures, DayFigures]:
        async with open_hall(tmp_path, hours=hours) as hall:
            await hall.submit(1)
            hall.clock.later(days=1)
            await hall.queue.turn()
            await hall.queue.call_next("3", "zhang", "call")
            page = overview(hall)
            return await page.of_day(TODAY), await page.of_day(TODAY + timedelta(days=1))

    evening, morning = asyncio.run(story())
    assert [one.waiting for one in evening.quarters][-1] == 1
    assert sum(one.arrived for one in evening.quarters) == 1
    assert (morning.cases, morning.quarters[0].waiting, morning.quarters[-1].waiting) == (0, 1, 0)
    assert morning.chain.link(LinkName.WAITING).left_out == {"carried": 1}


def presence(*lines: tuple[str, int]) -> list[Presence]:
    return [Presence("3", OPENS + timedelta(minutes=minutes), event) for event, minutes in lines]


@pytest.mark.parametrize(
    ("lines", "minutes", "unsure"),
    [
        ([("staff_logged_in", 0), ("staff_logged_out", 90)], 90, False),
        ([("staff_logged_in", 0), ("staff_locked", 30), ("staff_unlocked", 50), ("staff_session_ended", 60)], 40, False),
        ([("staff_logged_in", 0), ("staff_locked", 30), ("staff_session_ended", 60), ("staff_logged_in", 70)], 30 + 410, False),
        ([("staff_logged_in", -120)], 8 * 60, True),
        ([("staff_unlocked", 5), ("staff_logged_out", 20)], 0, False),
        ([("staff_logged_in", -15 * 60), ("staff_logged_out", -14 * 60)], 0, False),
        ([("staff_logged_in", 20), ("staff_logged_in", 40), ("staff_logged_out", 30)], 20, False),
    ],
    ids=["plain", "locked", "again", "never ended", "no log-in", "the day before", "the clock was set back"],
)
def test_a_window_is_staffed_while_somebody_is_logged_in_and_not_locked(
    lines: list[tuple[str, int]], minutes: int, unsure: bool
) -> None:
    read = Read([], [], presence(*lines))
    (window,) = figures_of(read, DAY, OPENS + timedelta(hours=8), ALWAYS, ("3",)).windows
    assert (window.staffed, window.unsure) == (timedelta(minutes=minutes), unsure)


def test_log_ins_are_read_out_of_the_audit_by_window_and_by_nobodys_name(tmp_path: Path) -> None:
    async def story() -> DayFigures:
        async with open_hall(tmp_path, windows=TWO) as hall:
            start = hall.clock()
            session = StaffSession("zhang", "3", start, start, frozenset({Role.CLERK}))
            await hall.store.start_session("token", session, Request("in", "clerk:zhang", start, "3"))
            hall.clock.later(minutes=45)
            await hall.store.end_session("token", Ended.LOGGED_OUT, Request("out", "clerk:zhang", hall.clock(), "3"))
            hall.clock.later(minutes=45)
            return await overview(hall).of_day(TODAY)

    figures = asyncio.run(story())
    assert figures.windows[0].staffed == timedelta(minutes=45)
    assert "zhang" not in str(figures)


def test_a_hall_that_begins_has_an_empty_day(tmp_path: Path) -> None:
    async def story() -> DayFigures:
        async with open_hall(tmp_path, windows=TWO) as hall:
            return await overview(hall).of_day(TODAY)

    figures = asyncio.run(story())
    assert (figures.cases, figures.quarters, figures.chain.known, figures.whole.an_hour) == (0, (), 0, None)


def test_a_generated_day_of_2500_cases_is_what_an_independent_count_says(tmp_path: Path) -> None:
    day = made_up(2500)
    (tmp_path / "hall.db").write_bytes(EMPTY)
    write_down(tmp_path / "hall.db", day)

    async def story() -> DayFigures:
        async with open_hall(tmp_path, NIGHT, hours=FULL) as hall:
            return await overview(hall).of_day(DAY)

    figures = asyncio.run(story())
    _check_counts(figures, day)
    _check_chain(figures, day)
    _check_quarters(figures, day)


def _check_counts(figures: DayFigures, day: Sequence[Happened]) -> None:
    assert figures.cases == 2500
    assert figures.ended == sum(bool(one.event) for one in day)
    assert figures.on_the_spot == sum(one.event in ("case_confirmed", "certificate_issued") for one in day)
    for matter in figures.matters:
        assert matter.cases == sum(one.matter == matter.matter for one in day)
    for window in figures.windows:
        assert window.handled == sum(one.window == window.window and one.ended is not None for one in day)


def _check_chain(figures: DayFigures, day: Sequence[Happened]) -> None:
    spans: dict[LinkName, list[float]] = {name: [] for name in LinkName}
    left_out = dict.fromkeys(LinkName, 0)

    def take(name: LinkName, minutes: float, trusted: bool) -> None:
        if trusted:
            spans[name].append(round(minutes, 3))
        else:
            left_out[name] += 1

    for one in day:
        if one.card is not None and not one.at_counter:
            take(LinkName.FORM, one.issued - one.card, 0 <= one.issued - one.card <= 60)
        if one.called is not None and one.opened is not None and one.ended is not None:
            take(LinkName.WAITING, one.called - one.issued, True)
            take(LinkName.WALKING, one.opened - one.called, not one.doubt and one.opened - one.called <= 20)
            take(LinkName.HANDLING, one.ended - one.opened, not one.doubt)
        if one.event and one.ended is not None:
            known = one.card is not None and not one.at_counter and one.ended >= one.card
            take(LinkName.WHOLE, one.ended - (one.card or 0), known)
        if one.taken is not None and one.ended is not None:
            take(LinkName.SENDING, one.taken - one.ended, True)
    for name in LinkName:
        link, minutes = figures.chain.link(name), sorted(spans[name])
        assert (name, link.counted, link.doubtful) == (name, len(minutes), left_out[name])
        last, whole = len(minutes) - 1, int(0.9 * (len(minutes) - 1))
        middle = (minutes[last // 2] + minutes[-(-last // 2)]) / 2
        nine_in_ten = minutes[whole] + (0.9 * last - whole) * (minutes[whole + 1] - minutes[whole])
        assert link.median_s == pytest.approx(60 * middle, abs=1.5)
        assert link.p90_s == pytest.approx(60 * nine_in_ten, abs=1.5)
    assert figures.chain.within == sum(minutes <= 30 for minutes in spans[LinkName.WHOLE])
    assert figures.chain.over == sum(minutes > 30 for minutes in spans[LinkName.WHOLE])
    assert figures.chain.unknown == left_out[LinkName.WHOLE]
    assert figures.chain.link(LinkName.SENDING).under_way == sum(
        one.event == "case_confirmed" and one.taken is None for one in day
    )


def _check_quarters(figures: DayFigures, day: Sequence[Happened]) -> None:
    assert figures.quarters[0].begins == OPENS
    assert sum(one.arrived for one in figures.quarters) == 2500
    for number, quarter in enumerate(figures.quarters):
        start, end = number * 15, number * 15 + 15
        assert quarter.arrived == sum(start <= one.issued < end for one in day)
        assert quarter.waiting == sum(
            one.issued <= end and one.event != "certificate_issued" and (one.called is None or one.called > end) for one in day
        )


def test_every_statement_of_the_overview_walks_an_index_and_reads_nobody(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    path.write_bytes(EMPTY)
    ours = (Path(QUERIES_FILE)).read_text("utf-8")
    names = [line.removeprefix("-- name: ") for line in ours.splitlines() if line.startswith("-- name: ")]
    words = {"hall", "day", "most", "window", "since", "until"}
    with closing(sqlite3.connect(path)) as file:
        for name in names:
            plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}", dict.fromkeys(words, ""))]
            tables = ("SCAN t", "SCAN a", "SCAN d", "SCAN v", "SCAN ticket", "SCAN audit", "SCAN session")
            assert [step for step in plan if step.startswith(tables)] == [], name
    for column in ("sealed", "person", "clerk", "actor", "lookup", "parked", "token"):
        assert column not in " ".join(QUERIES[name] for name in names), column


QUERIES_FILE = Path(__file__).parents[2] / "hall" / "store" / "statements" / "overview.sql"


def test_a_sitting_without_an_opened_case_is_left_out_and_not_under_way() -> None:
    moment = OPENS + timedelta(minutes=5)
    measured = [Measured("v", "A001", "letter", "ordinary", "3", OPENS, moment, None, moment)]
    read = Read([CaseTimes("v", "letter", OPENS, OPENS, True)], step_times(measured, DAY), [])
    walking = figures_of(read, DAY, NIGHT, ALWAYS, ()).chain.link(LinkName.WALKING)
    assert (walking.counted, walking.left_out, walking.under_way) == (0, {"unopened": 1}, 0)
