"""Departments that give the hall their tables: a database to read, files in a folder."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.application import Record
from hall import departments
from hall.demo.behaviour import Mode, Place
from hall.departments import KINDS
from hall.departments.connection import Connection, DepartmentFailure
from hall.departments.setting import Setting
from tests.hall.demo_desk import LYU, PURPOSE, DemoDesk

FILES = Setting(
    kind="file_drop",
    code="market_regulation",
    title="市场监管",
    address="",
    key="employment.credit_code",
    as_of="文件日期",
    items={"employment.credit_code": "代码", "company.name": "名称"},
)
CODE = "91440604MA9XK7P27D"


def table(*rows: str, end: str = "") -> bytes:
    return "\r\n".join(["代码,名称,其他", *rows, end or f"END,{len(rows)}", ""]).encode("gb18030")


def in_folder(folder: Path, key: str = CODE) -> tuple[Record, ...]:
    async def story() -> tuple[Record, ...]:
        connection = KINDS["file_drop"].connect(replace(FILES, address=str(folder)))
        try:
            return await connection.look_up(key, ("company.name",), PURPOSE)
        finally:
            await connection.close()

    return asyncio.run(story())


def test_the_newest_complete_file_answers_with_its_own_date(tmp_path: Path) -> None:
    (tmp_path / "R_20261101.csv").write_bytes(table(f"{CODE},旧名,x"))
    (tmp_path / "R_20261102T093000.csv").write_bytes(table(f'{CODE},"云岫 ""软件"", 有限公司𠮷",x'))
    (tmp_path / "R_20261103.part").write_bytes(table(f"{CODE},没写完")[:-9])
    (tmp_path / "notes.csv").write_bytes(b"\xff")
    found = in_folder(tmp_path)
    assert by_item(found)["company.name"] == ('云岫 "软件", 有限公司𠮷', "")
    assert found[0].as_of == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert in_folder(tmp_path, "91440605MA4W0K3T4U") == ()


@pytest.mark.parametrize(
    "content",
    [
        table(f"{CODE},云岫,x")[:-4],
        table(f"{CODE},云岫,x", end="END,2"),
        table(f"{CODE},云岫"),
        table(f'{CODE},"云岫,x'),
        table().replace("名称".encode("gb18030"), b"name"),
        b"\xff\xff\xff",
        b"",
    ],
)
def test_a_torn_file_is_garbled_and_no_older_one_takes_its_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "R_20261101.csv").write_bytes(table(f"{CODE},旧名,x"))
    (tmp_path / "R_20261102.csv").write_bytes(content)
    with pytest.raises(DepartmentFailure, match="garbled"):
        in_folder(tmp_path)


def test_a_folder_without_files_or_no_folder_is_down(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(DepartmentFailure, match="down"):
            in_folder(folder)


def household(desk: DemoDesk, story: Callable[[Connection], Any], **changes: str) -> Any:
    setting = next(s for s in departments.read_settings(desk.settings, desk.state) if s.code == "household")
    options = {name: changes.get(name, value) for name, value in setting.options.items()}

    async def whole() -> Any:
        connection = KINDS["sql"].connect(
            replace(setting, options=options, rows=changes.get("rows", setting.rows), deadline_s=1.0)
        )
        try:
            return await story(connection)
        finally:
            await connection.close()

    return asyncio.run(whole())


@pytest.mark.parametrize("key", ["' OR '1'='1", "\\' OR 1=1 -- ", "縗' OR 1=1 -- ", "%", "𠮷"])
def test_a_key_with_sql_in_it_finds_nobody(demo_desk: DemoDesk, key: str) -> None:
    async def ask(connection: Connection) -> tuple[str, ...]:
        try:
            return tuple(record.value for record in await connection.look_up(key, ("person.name",), PURPOSE))
        except DepartmentFailure as failure:
            return (failure.reason,)  # a key that its character set cannot even write

    assert household(demo_desk, ask) in ((), ("garbled",))


def test_a_wrong_password_a_missing_view_and_a_missing_password_file_are_told_in_words(
    demo_desk: DemoDesk, tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_text("guess", "ascii")
    for changes in ({"password_file": str(tmp_path / "wrong")}, {"rows": "V_OTHER"}, {"password_file": str(tmp_path / "none")}):
        assert household(demo_desk, lambda connection: connection.check(), **changes)[0].words.startswith("公安户籍: ")
    assert (
        "there is no password_file"
        in household(demo_desk, lambda connection: connection.check(), password_file=str(tmp_path / "none"))[0].words
    )


def test_a_database_that_hangs_is_late_and_gives_its_thread_back(demo_desk: DemoDesk) -> None:
    async def ask(connection: Connection) -> str:
        with pytest.raises(DepartmentFailure) as caught:
            await connection.look_up(LYU.number, ("person.name",), PURPOSE)
        return caught.value.reason

    with demo_desk.told("household", Mode.SLOW, 30):
        assert household(demo_desk, ask) == "late"
    for thread in threading.enumerate():
        if thread.name.startswith("sql-"):
            thread.join(5)
            assert not thread.is_alive()


def test_the_password_is_readable_by_its_owner_only(demo_desk: DemoDesk) -> None:
    for code in ("household", "exit_entry", "social_security"):
        assert (demo_desk.state / "demo" / f"{code}.password").stat().st_mode & 0o077 == 0
        assert len(Place(demo_desk.state, code).password()) == 32


def by_item(records: Sequence[Record]) -> dict[str, tuple[str, str]]:
    return {record.item: (record.value, record.doubt) for record in records}
