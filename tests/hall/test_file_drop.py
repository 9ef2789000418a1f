"""Departments that drop their tables as files into a folder."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.application import Record
from hall.departments import KINDS
from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from tests.hall.demo_desk import PURPOSE

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


def by_item(records: Sequence[Record]) -> dict[str, tuple[str, str]]:
    return {record.item: (record.value, record.doubt) for record in records}
