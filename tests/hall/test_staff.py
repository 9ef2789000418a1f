"""Clerks: a password, a window, a working day."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hall.entrance import Waiting
from hall.staff import Session, Staff
from hall.staff_errors import TooManyTries
from hall.store.request import Request
from tests.hall.fakes import Hall, dump, open_hall

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@asynccontextmanager
async def staffed(folder: Path) -> AsyncIterator[tuple[Hall, Staff]]:
    async with open_hall(folder) as hall:
        staff = Staff(hall.store, hall.clock, QUICK)
        await staff.add("zhang", "correct horse")
        yield hall, staff


async def logged_in(staff: Staff, window: str = "3") -> str:
    token = await staff.log_in("zhang", "correct horse", window)
    assert token is not None
    return token


def test_a_clerk_logs_in_at_a_window_and_out_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            token = await logged_in(staff)
            assert await staff.who(token) == Session("zhang", "3")
            await staff.log_out(token)
            await staff.log_out(token)
            assert await staff.who(token) is None
            events = [line.event for line in await hall.store.audit_of("clerk:zhang")]
            assert events == ["staff_added", "staff_logged_in", "staff_logged_out"]

    asyncio.run(story())


@pytest.mark.parametrize(("name", "password"), [("zhang", "guessed"), ("nobody", "correct horse")])
def test_a_wrong_password_or_name_gets_nothing_and_is_audited_without_what_was_typed(
    tmp_path: Path, name: str, password: str
) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            before = dump(hall.path)
            assert await staff.log_in(name, password, "3") is None
            added = "\n".join(set(dump(hall.path)) - set(before))
            assert re.findall(r'INSERT INTO "(\w+)"', added).count("wrong_log_in") == 2
            assert "staff_log_in_refused" in added
            assert password not in added
            assert "nobody" not in added

    asyncio.run(story())


def test_a_made_up_token_is_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (_, staff):
            assert await staff.who("made up") is None
            assert await staff.who("") is None

    asyncio.run(story())


def test_a_session_ends_after_a_quarter_of_an_hour_of_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            token = await logged_in(staff)
            for _ in range(3):
                hall.clock.later(minutes=4)
                assert await staff.who(token) is not None
            hall.clock.later(minutes=15)
            assert await staff.who(token) is None
            hall.clock.later(minutes=-10)
            assert await staff.who(token) is None, "it is gone, not asleep"

    asyncio.run(story())


def test_an_open_page_that_asks_by_itself_does_not_keep_the_session(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            token = await logged_in(staff)
            hall.clock.later(minutes=4)
            assert await staff.still(token) == Session("zhang", "3")
            hall.clock.later(minutes=1)
            assert await staff.still(token) is None
            hall.clock.later(minutes=10)
            assert await staff.who(token) is None
            assert await staff.still("made up") is None

    asyncio.run(story())


def test_a_session_ends_after_eight_hours_whatever_is_done(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            token = await logged_in(staff)
            for _ in range(119):
                hall.clock.later(minutes=4)
                assert await staff.who(token) is not None
            hall.clock.later(minutes=4)
            assert await staff.who(token) is None

    asyncio.run(story())


def test_a_session_outlives_a_restart_of_the_hall(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            token = await logged_in(staff)
            hall.clock.later(minutes=4)
            await staff.who(token)
        async with open_hall(tmp_path) as again:
            again.clock.later(minutes=8)
            assert await Staff(again.store, again.clock, QUICK).who(token) == Session("zhang", "3")

    asyncio.run(story())


def test_a_second_log_in_of_the_clerk_or_at_the_window_ends_the_first(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (_, staff):
            await staff.add("wang", "battery staple")
            first = await logged_in(staff, "3")
            second = await logged_in(staff, "4")
            assert await staff.who(first) is None
            third = await staff.log_in("wang", "battery staple", "4")
            assert await staff.who(second) is None
            assert third is not None
            assert await staff.who(third) == Session("wang", "4")

    asyncio.run(story())


def test_a_new_password_ends_the_sessions_under_the_old_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (_, staff):
            token = await logged_in(staff)
            await staff.accounts.give_password("zhang", "new password")
            assert await staff.who(token) is None
            assert await staff.log_in("zhang", "correct horse", "3") is None
            assert isinstance(await staff.entrance.log_in("zhang", "new password", "3"), Waiting)

    asyncio.run(story())


def test_neither_password_nor_token_is_in_the_file(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            token = await logged_in(staff)
            everything = "\n".join(dump(hall.path))
            assert "correct horse" not in everything
            assert token not in everything

    asyncio.run(story())


async def wrong(staff: Staff, times: int, name: str = "zhang", window: str = "3") -> None:
    for _ in range(times):
        assert await staff.log_in(name, "guessed", window) is None


async def rests_s(hall: Hall, staff: Staff, name: str = "zhang", window: str = "3") -> float:
    """For how many seconds a log-in is refused now, even with the right password."""
    with pytest.raises(TooManyTries) as refused:
        await staff.log_in(name, "correct horse", window)
    return (refused.value.until - hall.clock()).total_seconds()


def test_after_five_wrong_passwords_log_ins_rest_for_a_time_that_doubles(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            await wrong(staff, 5)
            for minutes in (1, 2, 4):
                assert await rests_s(hall, staff) == 60 * minutes
                hall.clock.later(minutes=minutes)
                await wrong(staff, 1)
            hall.clock.later(minutes=8)
            assert await staff.log_in("zhang", "correct horse", "3") is not None

    asyncio.run(story())


def test_the_name_rests_at_every_window_and_the_window_for_every_name(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            await staff.add("wang", "battery staple")
            await wrong(staff, 5)
            assert await rests_s(hall, staff, window="4") == 60
            assert await rests_s(hall, staff, name="wang") == 60
            assert await rests_s(hall, staff, name="nobody") == 60
            assert await staff.log_in("wang", "battery staple", "4") is not None

    asyncio.run(story())


def test_a_restart_does_not_end_the_rest_and_guesses_at_once_are_counted_one_by_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (_, staff):
            guesses = await asyncio.gather(*(staff.log_in("zhang", f"{n}", "3") for n in range(9)), return_exceptions=True)
            assert [type(guess) for guess in guesses] == [type(None)] * 5 + [TooManyTries] * 4
        async with open_hall(tmp_path) as again:
            assert await rests_s(again, Staff(again.store, again.clock, QUICK)) == 60

    asyncio.run(story())


def test_the_right_password_a_new_one_and_a_quarter_of_an_hour_end_the_count(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            await wrong(staff, 4)
            await logged_in(staff)
            await wrong(staff, 4)
            hall.clock.later(minutes=15)
            await wrong(staff, 4)
            await wrong(staff, 1, window="4")
            account = await hall.store.account("zhang")
            assert account
            new = QUICK.hash("correct horse")
            assert await hall.store.choose_password("zhang", account.password, new, Request("k", "hall", hall.clock()))
            await logged_in(staff, "4")

    asyncio.run(story())


def test_a_refused_log_in_while_it_rests_is_audited_and_counts_no_more(tmp_path: Path) -> None:
    async def story() -> None:
        async with staffed(tmp_path) as (hall, staff):
            await wrong(staff, 5)
            for _ in range(3):
                assert await rests_s(hall, staff) == 60
            lines = await hall.store.audit_of("clerk:zhang")
            assert [(line.event, line.outcome) for line in lines[-4:]] == [
                ("staff_log_in_refused", "3"),
                *[("staff_log_in_barred", "3")] * 3,
            ]

    asyncio.run(story())
