"""What a check of a department's database tells: each step by name, the first that fails in words that help, no value."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hall.departments.connection import Finding
from tests.hall.servers import Postgres
from tests.hall.sql_registers import LYU, Register
from tests.hall.test_sql import ALL, ONE, query, select, told

GOOD = ["settings", "connection", "read-only", "columns", "types", "look-up", "collection"]
COLLECTED = '[collect]\nmark = "GXSJ"\ngone = "ZXBZ"'


def check(register: Register, **changes: Any) -> Sequence[Finding]:
    found = told(register, lambda connection: connection.check(), **changes)
    assert not [f for f in found for value in (LYU, "吕晓岚", "莲花路") if value in f.words], "no check tells a value"
    assert all(finding.good for finding in found[:-1]) or changes.get("check_key")
    return found


def words(register: Register, **changes: Any) -> tuple[str, str]:
    """The step that fails, and why."""
    last = check(register, **changes)[-1]
    assert not last.good
    return last.step, last.words


@pytest.mark.parametrize("name", ALL)
def test_a_register_that_is_as_it_should_be_passes_every_step(registers: Mapping[str, Register], name: str) -> None:
    found = check(registers[name], more=COLLECTED)
    assert [(finding.step, finding.good) for finding in found] == [(step, True) for step in GOOD]
    said = {finding.step: finding.words for finding in found}
    assert said["connection"].startswith(f"{name} ")
    assert said["read-only"] == "an attempt to write is refused"
    assert said["look-up"].startswith("it finds nobody, as it should")


@pytest.mark.parametrize("name", ALL)
def test_a_query_is_checked_like_a_view(registers: Mapping[str, Register], name: str) -> None:
    found = check(registers[name], **query(select(ONE), name))
    assert [finding.step for finding in found if finding.good] == ["settings", "connection", "read-only", "columns", "look-up"]
    step, said = words(registers[name], **query(select(ONE).replace('"XM", ', ""), name))
    assert (step, said) == ("columns", "there is no column XM, only GMSFHM, CSRQ, HKDZ, HH, GXSJ")


@pytest.mark.parametrize("name", ALL)
def test_with_a_check_key_every_item_is_tried(registers: Mapping[str, Register], name: str) -> None:
    found = check(registers[name], check_key=LYU)
    assert {finding.step: finding.good for finding in found}["household.address"]
    assert {finding.step: finding.words for finding in found}["person.birth"] == "CSRQ gives a Date"
    assert words(registers[name], check_key="440602190001010000")[0] == "look-up"


@pytest.mark.parametrize("name", ALL)
def test_a_missing_column_or_table_is_told_beside_those_there_are(registers: Mapping[str, Register], name: str) -> None:
    gone = '[collect]\nmark = "GENGXIN"\ngone = "ZX"'
    said = "there is no column GENGXIN, ZX, only GMSFHM, XM, HKDZ, CSRQ, HH, ZXBZ, GXSJ"
    assert words(registers[name], more=gone) == ("columns", said)
    step, said = words(registers[name], rows="V_OTHER")
    assert step == "columns"
    assert said.startswith("there is no V_OTHER that its user may read, only ")
    assert "V_CZRK" in said


@pytest.mark.parametrize("name", ALL)
def test_a_column_that_cannot_be_read_is_told_before_anybody_is_looked_up(registers: Mapping[str, Register], name: str) -> None:
    register = registers[name]
    photo = register.toml(rows="T_CZRK", user=register.may_write).replace('"XM"', '"ZP"')
    step, said = _checked(register, photo)
    assert step in ("types", "read-only")  # who may write is told so first
    number = register.toml().replace('"GMSFHM"', '"HH"').replace('"household.number" = "HH"', "")
    step, said = _checked(register, number)
    assert (step, said.split(",")[0].rpartition(" ")[0]) == ("types", "the column HH is")


def test_a_user_who_may_write_is_told_by_the_rights(registers: Mapping[str, Register], postgres: Postgres) -> None:
    register = registers["postgresql"]
    step, said = words(register, user="careless")
    assert (step, said) == (
        "read-only",
        "its user may DELETE, INSERT, TRUNCATE, UPDATE: it should be allowed to SELECT and nothing else",
    )
    postgres.run("CREATE ROLE chief LOGIN SUPERUSER PASSWORD 'open sesame'")
    assert "everything, as a superuser" in words(register, user="chief")[1]


def test_who_cannot_be_reached_or_lets_nobody_in_is_told_at_the_first_step(
    registers: Mapping[str, Register], tmp_path: Path
) -> None:
    register = registers["postgresql"]
    assert words(register, user="stranger") == ("connection", "the user or the password is not accepted")
    assert words(register, address="postgresql+psycopg://127.0.0.1:1/register")[0] == "connection"
    missing = words(registers["sqlite"], address="sqlite:///${state}/missing.db")
    assert missing == ("connection", "the file is not there or cannot be opened")
    without = f'user = "hall"\npassword_file = "{tmp_path}/none"'
    assert words(register, options=without) == ("connection", f"there is no password_file {tmp_path}/none")


@pytest.mark.parametrize("name", ALL)
def test_entries_that_would_never_be_collected_are_told(registers: Mapping[str, Register], name: str) -> None:
    bare = query(select(ONE), name)["more"] + "\n[collect]\nmark = 'GXSJ'\nquery = '''"
    without = select('"V_CZRK"', GXSJ="NULL").replace('"', "`" if name == "mariadb" else '"')
    assert words(registers[name], rows="", more=f"{bare}{without}'''") == (
        "collection",
        "entries without GXSJ would never be collected",
    )


def _checked(register: Register, toml: str) -> tuple[str, str]:
    from hall import departments

    folder = register.folder / "other"
    folder.mkdir(exist_ok=True)
    (folder / "a.toml").write_text(toml, "utf-8")

    async def whole() -> Finding:
        connection = departments.connect(departments.read_settings(folder, register.folder))[0]
        try:
            return (await connection.check())[-1]
        finally:
            await connection.close()

    last = asyncio.run(whole())
    return last.step, last.words
