"""The line: one ticket to one window, a head start for the elderly, and the no-show rule."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.application import Action, Status
from hall.errors import AnotherRequest, NotAllowed, NotKnown, NotPossible
from hall.place import line_class
from hall.working_day import working_day
from tests.hall.engines import with_statement
from tests.hall.fakes import GRANDMOTHER, ME, NOON, dump, open_hall, visit_id

TICKETS = 2000
CLERKS = 64
DAY = working_day(NOON)


def test_the_first_who_came_is_called_first(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            for number in (1, 2):
                await hall.submit(number)
                hall.clock.later(minutes=1)
            assert await hall.queue.call_next("3", "zhang", "a") == visit_id(1)
            assert await hall.queue.call_next("4", "wang", "b") == visit_id(2)
            assert await hall.queue.call_next("5", "liu", "c") is None
            line = (await hall.queue.lines())[0]
            assert (line.ticket.number, line.status, line.window, line.calls) == ("A002", Status.CALLED, "4", 1)
            assert line.matter_title == "开具证明"

    asyncio.run(story())


def test_a_repeated_click_gets_the_same_ticket_even_after_it_was_decided(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2)
            first = await hall.queue.call_next("3", "zhang", "click")
            await hall.decide(Action.CONFIRM, "done")
            assert await hall.queue.call_next("3", "zhang", "click") == first == visit_id(1)
            assert (await hall.store.standing(visit_id(2))).status is Status.SUBMITTED

    asyncio.run(story())


def test_a_click_key_of_another_window_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.queue.call_next("3", "zhang", "click")
            with pytest.raises(AnotherRequest):
                await hall.queue.call_next("4", "zhang", "click")

    asyncio.run(story())


def test_a_window_that_holds_a_ticket_gets_that_one_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2)
            assert await hall.queue.call_next("3", "zhang", "a") == visit_id(1)
            assert await hall.queue.call_next("3", "zhang", "b") == visit_id(1)
            assert (await hall.store.standing(visit_id(1))).calls == 1
            assert (await hall.store.standing(visit_id(2))).status is Status.SUBMITTED

    asyncio.run(story())


def test_the_elderly_count_as_having_come_half_an_hour_earlier_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            hall.clock.later(minutes=20)
            await hall.submit(2)
            await hall.submit(3, GRANDMOTHER)
            hall.clock.later(minutes=20)
            await hall.submit(4, replace(GRANDMOTHER, number="440602195001010023"))
            lines = await hall.queue.lines()
            assert [line.ticket.visit for line in lines] == [visit_id(n) for n in (3, 1, 4, 2)]
            assert [line.ticket.ahead for line in lines] == [0, 1, 2, 3]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2009, 12, 31), "ordinary"), (date(2010, 1, 1), "elderly"), (date(2026, 11, 23), "elderly")]
)
def test_sixty_is_reached_on_the_birthday(day: date, expected: str) -> None:
    assert line_class(GRANDMOTHER, day) == expected


def test_nobody_is_a_no_show_before_the_second_call_and_three_minutes(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.called(1)
            with pytest.raises(NotPossible) as refused:
                await hall.queue.miss(visit, "3", "zhang", "too early")
            assert refused.value.status is Status.CALLED
            await hall.queue.recall(visit, "3", "zhang", "again")
            with pytest.raises(NotPossible):
                await hall.queue.miss(visit, "3", "zhang", "still too early")
            hall.clock.later(seconds=180)
            await hall.queue.miss(visit, "3", "zhang", "gone")
            assert (await hall.store.standing(visit)).status is Status.NO_SHOW

    asyncio.run(story())


def test_one_who_comes_back_keeps_the_number_and_stands_at_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.in_status(Status.NO_SHOW)
            await hall.submit(2)
            hall.clock.later(minutes=1)
            await hall.queue.requeue(visit, "zhang", "back")
            lines = await hall.queue.lines()
            assert [(line.ticket.number, line.calls, line.window) for line in lines] == [("A002", 0, ""), ("A001", 0, "")]

    asyncio.run(story())


def test_one_who_comes_back_another_day_with_papers_keeps_the_number_and_stands_in_that_days_line(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.in_status(Status.RETURNED)
            hall.clock.later(days=3)
            assert await hall.queue.lines() == ()
            await hall.queue.requeue(visit, "zhang", "back")
            (line,) = await hall.queue.lines()
            assert (line.ticket.number, line.ticket.working_day) == ("A001", DAY)
            assert await hall.queue.call_next("3", "zhang", "next") == visit

    asyncio.run(story())


def test_only_the_window_that_called_may_call_again_or_give_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.called(1)
            await hall.queue.recall(visit, "3", "zhang", "again")
            before = dump(hall.path)
            with pytest.raises(NotAllowed):
                await hall.queue.recall(visit, "4", "wang", "a")
            with pytest.raises(NotAllowed):
                await hall.queue.miss(visit, "4", "wang", "b")
            with pytest.raises(NotKnown):
                await hall.queue.recall(visit_id(9), "4", "wang", "c")
            assert dump(hall.path) == before

    asyncio.run(story())


def test_yesterdays_waiting_tickets_are_not_called_and_numbers_begin_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            hall.clock.later(days=1)
            assert await hall.queue.call_next("3", "zhang", "early") is None
            ticket = await hall.submit(2)
            assert (ticket.number, ticket.ahead) == ("A001", 0)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("before", "after", "second"),
    [
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC), "A002"),
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), "A001"),
    ],
    ids=["over eight in the morning the count goes on", "over midnight it begins again"],
)
def test_numbers_follow_the_day_in_the_hall(tmp_path: Path, before: datetime, after: datetime, second: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, now=before) as hall:
            assert (await hall.submit(1)).number == "A001"
            hall.clock.now = after
            assert (await hall.submit(2)).number == second

    asyncio.run(story())


def test_a_number_is_never_given_again_after_a_restart(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
        async with open_hall(tmp_path) as hall:
            assert (await hall.submit(2)).number == "A002"

    asyncio.run(story())


def test_the_file_itself_refuses_a_second_ticket_at_a_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced = "UPDATE ticket SET status = 'called', window = '3' WHERE hall = :hall AND number = 'A002'"
    with_statement(monkeypatch, "forced", forced)

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.submit(2)
            before = dump(hall.path)
            with pytest.raises(
                Exception, match=r"UNIQUE constraint failed: ticket\.hall, ticket\.window|unique constraint \"ticket_at_window\""
            ):
                await hall.store.write(lambda tx: tx.all("forced"))
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_client_that_goes_away_in_the_middle_of_a_call_does_not_undo_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            click = asyncio.create_task(hall.queue.call_next("3", "zhang", "click"))
            await asyncio.sleep(0)
            click.cancel()
            with pytest.raises(asyncio.CancelledError):
                await click
            assert await hall.queue.call_next("3", "zhang", "click") == visit_id(1)
            assert (await hall.store.standing(visit_id(1))).calls == 1

    asyncio.run(story())


def test_a_ticket_held_over_night_is_still_at_its_window(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.called(1)
            hall.clock.now += timedelta(days=1)
            assert [line.ticket.visit for line in await hall.queue.lines()] == [visit]
            assert await hall.queue.call_next("3", "zhang", "morning") == visit

    asyncio.run(story())


def test_no_name_and_no_number_is_in_the_line(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            drawn = repr(await hall.queue.lines())
            assert ME.name not in drawn
            assert ME.number not in drawn

    asyncio.run(story())
