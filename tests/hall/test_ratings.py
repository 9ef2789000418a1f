"""好差评: one for each time somebody was served, by whom nobody learns, and low ones are followed up."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import Action, Status
from hall.amendments import Said
from hall.errors import FormNotUnderstood, NotKnown, RatedAlready, ScreenMoved
from hall.ratings import Part, _parts, rule_on
from hall.second_screen import Idle, Rate
from hall.store.queries import QUERIES
from hall.store.ratings import SERVED, Contact, Counted
from hall.working_day import working_day
from tests.hall.fakes import NOON, dump, visit_id
from tests.hall.screen_stage import Screens, key, open_screens

ONE = visit_id(1)
RULE = rule_on(NOON.date())
DAY = working_day(NOON)


async def served(stage: Screens, number: int = 1) -> str:
    """What the screen names the turn by, once the case of this visit was decided at window 3."""
    visit = await stage.hall.called(number)
    seen = await stage.hall.seen(visit)
    await stage.hall.desk.decide(visit, Action.CONFIRM, window="3", clerk="zhang", key=key(), said=Said(seen=seen))
    shown = await stage.shown()
    assert isinstance(shown, Rate)
    return shown.about


def test_the_first_touch_counts_and_a_second_one_does_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            about, touch = await served(stage), key()
            await stage.rate(about, 5, key=touch)
            await stage.rate(about, 1, key=touch)
            with pytest.raises(RatedAlready):
                await stage.rate(about, 1)
            figures = await stage.ratings.figures(DAY)
            assert (figures.served, figures.rated, figures.grades) == (1, 1, {5: 1})
            assert await stage.shown() == Idle()

    asyncio.run(story())


def test_a_second_touch_after_the_next_one_was_called_is_still_the_first(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            about, touch = await served(stage), key()
            await stage.rate(about, 5, key=touch)
            await stage.hall.called(2)
            await stage.rate(about, 1, key=touch)
            assert (await stage.ratings.figures(DAY)).grades == {5: 1}

    asyncio.run(story())


def test_the_former_citizens_touch_does_not_rate_the_next_ones_case(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            about = await served(stage)
            await stage.hall.called(2)
            with pytest.raises(ScreenMoved):
                await stage.rate(about, 1)
            assert (await stage.ratings.figures(DAY)).rated == 0

    asyncio.run(story())


def test_the_invitation_closes_by_itself_and_a_slow_touch_still_counts_for_a_while(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            about = await served(stage)
            stage.hall.clock.later(seconds=RULE.shown_s)
            assert await stage.shown() == Idle()
            await stage.rate(about, 4)
            about = await served(stage, 2)
            stage.hall.clock.later(seconds=3 * RULE.shown_s)
            with pytest.raises(ScreenMoved):
                await stage.rate(about, 4)

    asyncio.run(story())


def test_nobody_is_asked_before_the_decision_or_when_nobody_came(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.hall.called(1)
            turn = await stage.hall.store.turn_at("3")
            assert turn is not None
            with pytest.raises(ScreenMoved):
                await stage.rate(turn.about, 5)

    asyncio.run(story())


def test_who_is_served_twice_may_rate_twice(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.hall.called(1)
            await stage.hall.decide(Action.RETURN)
            first = await stage.shown()
            assert isinstance(first, Rate)
            await stage.rate(first.about, 2)
            await stage.hall.queue.requeue(ONE, "zhang", key())
            await stage.hall.queue.call_next("3", "zhang", key())
            await stage.hall.decide(Action.CONFIRM, "confirm")
            second = await stage.shown()
            assert isinstance(second, Rate)
            await stage.rate(second.about, 5)
            assert (await stage.ratings.figures(DAY)).grades == {2: 1, 5: 1}

    asyncio.run(story())


@pytest.mark.parametrize(("grade", "tags"), [(0, ()), (6, ()), (1, ("NO_TAG",))])
def test_a_grade_or_a_tag_that_there_is_not_is_refused(tmp_path: Path, grade: int, tags: tuple[str, ...]) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            about = await served(stage)
            with pytest.raises(FormNotUnderstood):
                await stage.rate(about, grade, *tags)

    asyncio.run(story())


def test_nothing_that_is_kept_tells_who_rated_what(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.rate(await served(stage), 1, "WAIT")
            with closing(sqlite3.connect(stage.hall.path)) as file:
                file.row_factory = sqlite3.Row
                (rating,) = [dict(row) for row in file.execute("SELECT * FROM rating")]
                (back,) = [dict(row) for row in file.execute("SELECT * FROM call_back")]
                (mark,) = [dict(row) for row in file.execute("SELECT * FROM rated")]
            assert set(rating) == {"hall", "id", "day", "at_window", "matter", "grade", "tags"}
            assert (back["sealed"], rating["id"] == back["id"]) == (None, False)
            assert set(mark) == {"hall", "visit", "turn"}
            lines = [line for line in await stage.hall.store.audit_of(ONE) if line.event == "rating_given"]
            assert [(line.actor, line.items, line.outcome) for line in lines] == [("screen:3", (), "")]
            held = [line for line in dump(stage.hall.path) if ONE in line and ("WAIT" in line or '"rating"' in line)]
            assert held == []

    asyncio.run(story())


def test_a_low_grade_is_followed_up_without_a_name(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.rate(await served(stage), 2, "WAIT", "MANNER")
            await stage.rate(await served(stage, 2), 3, "WAIT", wants_call=True)
            (one,) = await stage.ratings.call_backs()
            assert (one.grade, one.tags, one.wanted, one.window) == (2, ("MANNER", "WAIT"), False, "3")
            assert one.due > one.day + timedelta(days=RULE.call_back_days)
            assert (await stage.ratings.call_back(one.id, "li")).contact is None

    asyncio.run(story())


def test_whoever_wants_to_be_called_is_known_to_the_supervisor_until_it_is_done(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.rate(await served(stage), 1, wants_call=True)
            assert not any("139 0013 9000" in line or "13900139000" in line for line in dump(stage.hall.path))
            (listed,) = await stage.ratings.call_backs()
            assert (listed.wanted, listed.contact) == (True, None)
            opened = await stage.ratings.call_back(listed.id, "li")
            assert opened.contact == Contact("吕晓岚", "13900139000", "A001")
            done = key()
            for _ in range(2):
                await stage.ratings.close(listed.id, "REACHED", by="li", key=done)
            with pytest.raises(NotKnown):
                await stage.ratings.close(listed.id, "MENDED", by="li", key=key())
            (closed,) = await stage.ratings.call_backs()
            assert (closed.outcome, closed.closed_by, closed.wanted) == ("REACHED", "li", False)
            assert (await stage.ratings.call_back(listed.id, "li")).contact is None
            events = [(e.event, e.actor, e.outcome) for e in await stage.hall.store.audit_of(f"call_back:{listed.id}")]
            shown, ended = ("call_back_shown", "clerk:li", ""), ("call_back_closed", "clerk:li", "REACHED")
            assert events == [shown, ended, shown]
            with pytest.raises(FormNotUnderstood):
                await stage.ratings.close(listed.id, "NO_SUCH", by="li", key=key())
            with pytest.raises(NotKnown):
                await stage.ratings.call_back("no such", "li")

    asyncio.run(story())


def test_a_low_grade_at_the_end_of_a_year_has_its_day_too(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            stage.hall.clock.now = NOON.replace(year=2099)
            await stage.rate(await served(stage), 1)
            (one,) = await stage.ratings.call_backs()
            assert one.due == date(2099, NOON.month, NOON.day) + timedelta(days=21)

    asyncio.run(story())


def test_a_window_is_told_only_where_enough_people_rated(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            for number in range(1, RULE.least + 1):
                before = await stage.ratings.figures(DAY)
                assert all(part.grades is None for part in before.by_window)
                await stage.rate(await served(stage, number), 4)
            figures = await stage.ratings.figures(DAY)
            assert figures.by_window == (Part("3", {4: RULE.least}),)
            assert figures.by_matter == (Part("letter", {4: RULE.least}),)

    asyncio.run(story())


@given(st.dictionaries(st.sampled_from("123456"), st.integers(1, 9)))
def test_no_small_part_can_be_worked_out_from_the_others(ratings: dict[str, int]) -> None:
    counted = [Counted(window, "letter", 5, (), many) for window, many in ratings.items()]
    parts = _parts(counted, lambda one: one.window, RULE.least)
    assert {part.name for part in parts} == set(ratings)
    hidden = sum(ratings[part.name] for part in parts if part.grades is None)
    assert hidden == 0 or hidden >= RULE.least or hidden == sum(ratings.values())
    assert all(part.grades is None or part.grades[5] == ratings[part.name] >= RULE.least for part in parts)


def test_every_ending_at_the_counter_may_be_rated() -> None:
    assert {status for status in Status if status not in SERVED} == {
        Status.SUBMITTED,
        Status.CALLED,
        Status.HELD,
        Status.NO_SHOW,
        Status.HELD,
        Status.ISSUED,
        Status.REPLACED,
        Status.TO_APPROVE,
        Status.SENT_BACK,
    }
    assert {status for status in Status if f"'{status}'" in QUERIES["served_on"]} == SERVED
