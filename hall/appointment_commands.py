"""python -m hall appointments import FILE.csv: what a city's booking system has booked; all of it or nothing."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from hall.appointments import PROBLEMS, Appointments, Wish
from hall.bootstrap import cupboard
from hall.config import HallConfig
from hall.errors import AppointmentTaken, SlotWrong
from hall.store.appointments import Booking
from hall.working_day import Clock, utc_now

COLUMNS = {"公民身份号码": "number", "姓名": "name", "事项": "matter", "日期": "day", "时间": "time", "预约编号": "reference"}
"""What the first line of the file must name, in any order; other columns are not read."""

MOST = 10_000

if TYPE_CHECKING:
    Group = argparse._SubParsersAction


class FileWrong(Exception):
    """The file cannot be taken; `problems` says why, one sentence a line, never with what stands there."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def add_appointment_commands(commands: Group[argparse.ArgumentParser], usual: argparse.ArgumentParser) -> None:
    appointments = commands.add_parser("appointments", help="take over appointments").add_subparsers(required=True)
    take = appointments.add_parser("import", parents=[usual], help="a CSV file of a booking system; all of it or nothing")
    take.add_argument("file", type=Path)
    take.set_defaults(run=_import)


async def _import(config: HallConfig, asked: argparse.Namespace) -> int:
    return await import_file(config, asked.file, utc_now)


async def import_file(config: HallConfig, file: Path, clock: Clock) -> int:
    """1 when the file is not taken; what is wrong stands on the error output, line by line."""
    _, _, store, _ = cupboard(config, clock)
    try:
        appointments = Appointments(store, clock, hours=config.hours)
        bookings = read_bookings(appointments, _text(file))
        taken = await _taken_over(appointments, bookings)
    except FileWrong as error:
        for problem in error.problems:
            print(f"hall: {problem}", file=sys.stderr)
        print("hall: nothing was taken over", file=sys.stderr)
        return 1
    finally:
        await store.close()
    print(f"{taken} appointments are new, {len(bookings) - taken} were known")
    return 0


async def _taken_over(appointments: Appointments, bookings: dict[int, Booking]) -> int:
    lines = {one.appointment: number for number, one in bookings.items()}
    try:
        return await appointments.take_over(list(bookings.values()))
    except AppointmentTaken as error:
        raise FileWrong([f"第 {lines[error.appointment]} 行：此人当天已预约同一事项，或预约编号已用于别的预约"]) from None


def read_bookings(appointments: Appointments, text: str) -> dict[int, Booking]:
    """The bookings by the number of their line; FileWrong names every line that is wrong."""
    problems: list[str] = []
    bookings: dict[int, Booking] = {}
    seen: dict[tuple[str, ...], int] = {}
    for line, wish in _wishes(text):
        try:
            one = appointments.booking(wish, str(uuid4()))
        except SlotWrong as error:
            problems.append(f"第 {line} 行：{PROBLEMS[error.problem]}")
            continue
        if not one.reference:
            problems.append(f"第 {line} 行：没有预约编号")
        for what in ((one.reference,), (one.number, one.matter, wish.day.strip())):
            if what != ("",) and seen.setdefault(what, line) != line:
                problems.append(f"第 {line} 行：与第 {seen[what]} 行重复")
                break
        bookings[line] = one
    if problems:
        raise FileWrong(problems)
    if not bookings:
        raise FileWrong(["文件里没有预约"])
    return bookings


def _wishes(text: str) -> Iterator[tuple[int, Wish]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [title for title in COLUMNS if title not in (reader.fieldnames or ())]
        if missing:
            raise FileWrong([f"第 1 行要有这些列名：{'、'.join(COLUMNS)}；缺 {'、'.join(missing)}"])
        for row in reader:
            if reader.line_num > MOST:
                raise FileWrong([f"文件超过 {MOST} 行，请分成几份"])
            yield reader.line_num, Wish(**{name: row[title] or "" for title, name in COLUMNS.items()})
    except csv.Error:
        raise FileWrong([f"第 {reader.line_num} 行：不是 CSV 格式，引号没有配对"]) from None


def _text(file: Path) -> str:
    """UTF-8, with or without a mark, or what a Chinese Windows writes."""
    try:
        written = file.read_bytes()
    except OSError as error:
        raise FileWrong([f"{file.name} 打不开：{error.strerror}"]) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileWrong([f"{file.name} 不是 UTF-8 或 GB18030 编码的文本"])
