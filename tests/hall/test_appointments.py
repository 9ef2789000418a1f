"""Appointments: made at a window or taken over from a booking system, kept or missed at the terminal, found blindly."""

from __future__ import annotations

import asyncio
import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.application import Status
from flows.resident_number import check_character
from hall.appointment_commands import import_file
from hall.appointments import Wish
from hall.config import read
from hall.errors import AppointmentMoved, AppointmentTaken, SlotWrong
from hall.hours import Hours, Opening
from hall.store.appointments import AppointmentState
from hall.store.hall_store import HallStore
from tests.hall.fakes import FLOW, GRANDMOTHER, JOINT, ME, NOON, FakeClock, Hall, dump, open_hall, visit_id
from tests.hall.test_config import GOOD, written
from tests.hall.test_hours import there

WISH = Wish(ME.number, ME.name, FLOW.code, "2026-11-24", "10:00")
NOBODY = "440602199202299862"
ELDER = replace(GRANDMOTHER, number=GRANDMOTHER.number[:17] + check_character(GRANDMOTHER.number[:17]))


async def booked(hall: Hall, wish: Wish = WISH, key: str = "book") -> str:
    return await hall.appointments.book(wish, "zhang", "3", key)


async def states(hall: Hall, day: date = date(2026, 11, 24)) -> list[AppointmentState]:
    return [one.state for one in await hall.appointments.of(day, "zhang", "3")]


def test_whoever_comes_in_time_is_called_from_a_quarter_of_an_hour_before_the_slot(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            hall.clock.now = there("2026-11-24 09:30:00")
            await hall.submit(1)
            hall.clock.now = there("2026-11-24 09:44:00")
            await hall.submit(2)
            assert await hall.queue.call_next("3", "zhang", "a") == visit_id(2)
            assert await hall.queue.call_next("4", "wang", "b") is None
            hall.clock.now = there("2026-11-24 09:45:00")
            assert await hall.queue.call_next("4", "wang", "c") == visit_id(1)
            assert (await hall.store.standing(visit_id(1))).line_class == "appointment"
            assert await states(hall) == [AppointmentState.TAKEN]

    asyncio.run(story())


def test_it_comes_before_those_who_came_within_the_head_start(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            for at, number in (("09:40:00", 2), ("09:50:00", 3), ("09:55:00", 1)):
                hall.clock.now = there(f"2026-11-24 {at}")
                await hall.submit(number)
            lines = [line.ticket.visit for line in await hall.queue.lines()]
            assert lines == [visit_id(2), visit_id(1), visit_id(3)]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("at", "line_class", "state"),
    [("10:15:00", "appointment", AppointmentState.TAKEN), ("10:15:01", "ordinary", AppointmentState.LATE)],
)
def test_a_quarter_of_an_hour_late_is_in_time_and_later_is_an_ordinary_place(
    tmp_path: Path, at: str, line_class: str, state: AppointmentState
) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            hall.clock.now = there(f"2026-11-24 {at}")
            await hall.submit(1)
            assert (await hall.store.standing(visit_id(1))).line_class == line_class
            assert await states(hall) == [state]

    asyncio.run(story())


def test_it_is_for_that_matter_and_that_person_alone(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            hall.clock.now = there("2026-11-24 09:50:00")
            await hall.submit(2, ME, flow=JOINT)
            await hall.submit(3)
            assert await states(hall) == [AppointmentState.BOOKED]
            await hall.submit(1)
            assert await states(hall) == [AppointmentState.TAKEN]

    asyncio.run(story())


def test_submitting_again_keeps_the_appointments_place_and_does_not_bring_it_forward(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            hall.clock.now = there("2026-11-24 09:00:00")
            await hall.submit(1, ME)
            await hall.submit(4, ME)
            standing = await hall.store.standing(visit_id(4))
            assert standing.not_before == standing.due == there("2026-11-24 09:45:00")
            assert await hall.queue.call_next("3", "zhang", "early") is None

    asyncio.run(story())


def test_an_elderly_persons_head_start_is_the_larger_of_the_two(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall, replace(WISH, number=ELDER.number))
            hall.clock.now = there("2026-11-24 09:30:00")
            await hall.submit(5, ELDER)
            assert await hall.queue.call_next("3", "zhang", "a") == visit_id(5)

    asyncio.run(story())


def test_a_second_one_the_same_day_is_refused_and_a_cancelled_one_leaves_the_place(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            first = await booked(hall)
            assert await booked(hall) == first
            before = dump(hall.path)
            with pytest.raises(AppointmentTaken):
                await booked(hall, replace(WISH, time="11:00"), "another")
            assert dump(hall.path) == before
            for _ in range(2):
                await hall.appointments.cancel(first, "zhang", "3", "cancel")
            with pytest.raises(AppointmentMoved):
                await hall.appointments.cancel(first, "zhang", "3", "cancel again")
            await booked(hall, replace(WISH, time="11:00"), "another")
            assert await states(hall) == [AppointmentState.CANCELLED, AppointmentState.BOOKED]

    asyncio.run(story())


def test_who_did_not_come_has_missed_it_when_the_day_is_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            hall.clock.now = there("2026-11-24 23:59:59")
            await hall.queue.turn()
            assert await states(hall) == [AppointmentState.BOOKED]
            hall.clock.now = there("2026-11-25 00:00:00")
            await hall.queue.turn()
            assert await states(hall) == [AppointmentState.MISSED]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"number": NOBODY}, "number"),
        ({"number": ""}, "number"),
        ({"name": "  "}, "name"),
        ({"name": "吕" * 61}, "name"),
        ({"matter": "flying"}, "matter"),
        ({"day": "24.11.2026"}, "when"),
        ({"day": "2026-02-30"}, "when"),
        ({"time": "25:00"}, "when"),
        ({"day": "2026-11-20"}, "past"),
        ({"day": "2027-06-01"}, "far"),
        ({"day": "2026-11-28"}, "closed"),
        ({"time": "12:30"}, "closed"),
        ({"time": "10:07"}, "step"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(tmp_path: Path, wrong: dict[str, str], problem: str) -> None:
    hours = Hours((Opening(9 * 60, 12 * 60), Opening(14 * 60, 17 * 60)))

    async def story() -> None:
        async with open_hall(tmp_path, hours=hours) as hall:
            before = dump(hall.path)
            with pytest.raises(SlotWrong) as refused:
                await booked(hall, replace(WISH, **wrong))
            assert refused.value.problem == problem
            assert dump(hall.path) == before

    asyncio.run(story())


def test_neither_name_nor_number_lies_in_the_file_and_a_look_at_the_list_is_audited(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await booked(hall)
            (one,) = await hall.appointments.of(date(2026, 11, 24), "zhang", "3")
            assert (one.number, one.name, one.slot) == (ME.number, ME.name, there("2026-11-24 10:00:00"))
            assert ME.number not in "".join(dump(hall.path))
            assert ME.name not in "".join(dump(hall.path))
            (line,) = await hall.store.audit_of("appointments:2026-11-24")
            assert (line.event, line.actor) == ("appointments_shown", "clerk:zhang")
            assert ME.name not in repr(await hall.appointments.today())

    asyncio.run(story())


HEAD = ("公民身份号码", "姓名", "事项", "日期", "时间", "预约编号")
GOOD_LINE = (ME.number, ME.name, "passport", "2026-11-25", "10:00", "C-1")
OTHER_LINE = (ELDER.number, ELDER.name, "passport", "2026-11-25", "10:15", "C-2")


def csv_file(folder: Path, *lines: tuple[str, ...], encoding: str = "utf-8-sig") -> Path:
    path = folder / "booked.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEAD, *lines])
    return path


def imported(folder: Path, file: Path) -> int:
    if not (folder / "hall.toml").exists():
        written(folder, GOOD)
    return asyncio.run(import_file(read(folder / "hall.toml", folder / "state"), file, FakeClock()))


def kept(folder: Path) -> list[AppointmentState]:
    async def story() -> list[AppointmentState]:
        store = HallStore.open(folder / "state" / "hall" / "hall.sqlite", hall="H1")
        try:
            return [slot.state for slot in await store.slots(date(2026, 11, 25))]
        finally:
            await store.close()

    return asyncio.run(story())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_taken_over_once_however_often_it_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    file = csv_file(tmp_path, GOOD_LINE, encoding=encoding)
    assert imported(tmp_path, file) == 0
    assert imported(tmp_path, csv_file(tmp_path, GOOD_LINE, OTHER_LINE, encoding=encoding)) == 0
    assert "1 appointments are new, 1 were known" in capsys.readouterr().out
    assert len(kept(tmp_path)) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ((NOBODY, *OTHER_LINE[1:]), "第 3 行：公民身份号码不对"),
        ((*OTHER_LINE[:2], "flying", *OTHER_LINE[3:]), "第 3 行：没有这个事项"),
        ((*OTHER_LINE[:3], "25/11/2026", *OTHER_LINE[4:]), "第 3 行：日期或时间写得不对"),
        ((*OTHER_LINE[:5], ""), "第 3 行：没有预约编号"),
        ((*OTHER_LINE[:5], "C-1"), "第 3 行：与第 2 行重复"),
        ((*GOOD_LINE[:5], "C-9"), "第 3 行：与第 2 行重复"),
        (OTHER_LINE[:3], "第 3 行：日期或时间写得不对"),
    ],
)
def test_a_wrong_line_is_named_without_its_person_and_nothing_is_taken_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: tuple[str, ...], said: str
) -> None:
    assert imported(tmp_path, csv_file(tmp_path, GOOD_LINE, line)) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "nothing was taken over" in told
    for value in (ME.number, ME.name, ELDER.number, ELDER.name, NOBODY):
        assert value not in told
    assert kept(tmp_path) == []


def test_a_person_who_is_booked_already_undoes_the_whole_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(tmp_path, csv_file(tmp_path, GOOD_LINE)) == 0
    another = (*GOOD_LINE[:4], "11:00", "C-7")
    assert imported(tmp_path, csv_file(tmp_path, OTHER_LINE, another)) == 1
    assert "第 3 行：此人当天已预约同一事项" in capsys.readouterr().err
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "第 1 行要有这些列名"),
        (b"", "第 1 行要有这些列名"),
        (",".join(HEAD).encode(), "文件里没有预约"),
        (",".join(HEAD).encode() + b'\n"x', "不是 CSV 格式"),
        (b"\xff\xfe\x00\x81", "不是 UTF-8"),
    ],
)
def test_what_is_no_such_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    assert imported(tmp_path, tmp_path / "x.csv") == 1
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(tmp_path, tmp_path / "none.csv") == 1
    assert "none.csv 打不开" in capsys.readouterr().err


def test_an_appointment_that_was_cancelled_while_its_person_was_at_the_terminal_is_an_ordinary_place(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            one = await booked(hall)
            hall.clock.now = there("2026-11-24 10:00:00")
            await hall.appointments.cancel(one, "zhang", "3", "cancel")
            await hall.submit(1)
            standing = await hall.store.standing(visit_id(1))
            assert (standing.line_class, standing.status) == ("ordinary", Status.SUBMITTED)

    asyncio.run(story())


def test_an_appointment_for_a_return_is_kept_by_the_matter_submitted_anew(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, NOON + timedelta(minutes=1)) as hall:
            await hall.in_status(Status.RETURNED)
            await booked(hall)
            hall.clock.now = there("2026-11-24 09:50:00")
            await hall.submit(7, ME)
            assert await states(hall) == [AppointmentState.TAKEN]

    asyncio.run(story())
