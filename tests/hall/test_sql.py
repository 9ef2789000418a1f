"""A department's database: whatever is asked of it, it is never written to, never waited for, never quoted."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection as Asked

from flows.application import Record
from hall.departments.connection import Connection, DepartmentFailure
from hall.departments.setting import SettingsWrong
from hall.departments.sql_database import Database
from tests.hall.demo_desk import PURPOSE
from tests.hall.servers import Postgres
from tests.hall.sql_registers import CHEN, GONE, LYU, Register, in_postgres, rows_of
from tests.hall.wire import wire
from tests.patience import SOON_S

ALL = ("postgresql", "mariadb", "sqlite")
SERVERS = ("postgresql", "mariadb")
ITEMS = ("person.name", "person.birth", "household.address", "household.number")
COLUMNS = ("GMSFHM", "XM", "CSRQ", "HKDZ", "HH", "GXSJ")
ONE = '"V_CZRK" WHERE "GMSFHM" = :key'
T = TypeVar("T")


def quoted(statement: str, name: str) -> str:
    return statement.replace('"', "`") if name == "mariadb" else statement


def select(source: str, **expressions: str) -> str:
    """All columns out of it, some of them as something else."""
    columns = [f'{expressions[name]} AS "{name}"' if name in expressions else f'"{name}"' for name in COLUMNS]
    return f"SELECT {', '.join(columns)} FROM {source}"


def query(select: str, name: str = "") -> dict[str, str]:
    """The settings of a department that is asked by this SELECT."""
    return {"rows": "", "more": f"[request]\nquery = '''{quoted(select, name)}'''"}


def told(register: Register, story: Callable[[Connection], Awaitable[T]], **changes: Any) -> T:
    async def whole() -> T:
        connection = register.connect(**changes)
        try:
            return await story(connection)
        finally:
            await connection.close()

    return asyncio.run(whole())


def look_up(register: Register, key: str = LYU, **changes: Any) -> dict[str, tuple[str, str]]:
    found: tuple[Record, ...] = told(register, lambda connection: connection.look_up(key, ITEMS, PURPOSE), **changes)
    return {record.item: (record.value, record.doubt) for record in found}


def failing(register: Register, key: str = LYU, **changes: Any) -> DepartmentFailure:
    with pytest.raises(DepartmentFailure) as caught:
        look_up(register, key, **changes)
    return caught.value


def counted(register: Register) -> int:
    """How many rows the table has, asked with every right there is."""

    async def story() -> int:
        database = Database(register.setting(user=register.may_write) if register.may_write else register.setting())
        try:
            name = '"T_CZRK"' if "mysql" not in register.address else "`T_CZRK`"
            return await database.ask(lambda asked: int(asked.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()), 5)
        finally:
            database.close()

    return asyncio.run(story())


def no_thread_of_a_department() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("sql-"):
            thread.join(SOON_S)
            assert not thread.is_alive()


@pytest.mark.parametrize("name", ALL)
def test_times_days_numbers_and_padded_texts_become_records(registers: Mapping[str, Register], name: str) -> None:
    async def ask(connection: Connection) -> tuple[Record, ...]:
        return await connection.look_up(LYU, ITEMS, PURPOSE)

    found = told(registers[name], ask)
    assert {record.item: record.value for record in found} == {
        "person.number": LYU,
        "person.name": "吕晓岚",
        "person.birth": "1992-02-29",
        "household.address": "佛山市禅城区祖庙街道莲花路36号",
        "household.number": "4406040001",
    }
    assert {record.as_of for record in found} == {datetime(2026, 9, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize("name", ALL)
def test_a_department_without_a_view_is_asked_by_a_select_of_its_own(registers: Mapping[str, Register], name: str) -> None:
    asked = 'WITH c AS (SELECT * FROM "T_CZRK") ' + select('c WHERE "GMSFHM" = :key AND "XM" <> \'a:b%\'')
    user = registers[name].may_write
    assert look_up(registers[name], **query(asked, name), user=user) == look_up(registers[name])


@pytest.mark.parametrize("name", ALL)
def test_what_the_register_calls_gone_is_no_record_and_a_lost_character_is_in_doubt(
    registers: Mapping[str, Register], name: str
) -> None:
    collected = '[collect]\nmark = "GXSJ"\ngone = "ZXBZ"'
    assert look_up(registers[name], GONE)["person.name"] == ("何文静", "")
    assert look_up(registers[name], GONE, more=collected) == {}
    assert look_up(registers[name], CHEN, more=collected)["person.name"] == ("梁?彤", "lost_character")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("key", ["' OR '1'='1", "\\' OR 1=1 -- ", "縗' OR 1=1 -- ", "%", "𠮷", "", "\x00"])
def test_a_key_with_sql_in_it_finds_nobody(registers: Mapping[str, Register], name: str, key: str) -> None:
    async def ask(connection: Connection) -> object:
        try:
            return await connection.look_up(key, ITEMS, PURPOSE)
        except DepartmentFailure as failure:
            return failure.reason  # a key that its character set cannot even write

    assert told(registers[name], ask) in ((), "garbled")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "statement",
    [
        'DELETE FROM "T_CZRK"',
        'UPDATE "T_CZRK" SET "XM" = NULL',
        'INSERT INTO "T_CZRK" ("GMSFHM") VALUES (1)',
        'DROP TABLE "T_CZRK"',
        'CREATE TABLE "T_NEW" ("A" INT)',
        'WITH d AS (DELETE FROM "T_CZRK" RETURNING *) SELECT * FROM d',
    ],
)
def test_the_database_refuses_whatever_would_write_even_of_a_user_who_may(
    registers: Mapping[str, Register], name: str, statement: str
) -> None:
    register = registers[name]

    async def story() -> None:
        database = Database(register.setting(user=register.may_write) if register.may_write else register.setting())

        def write(asked: Asked) -> None:
            asked.exec_driver_sql(quoted(statement, name))
            asked.commit()

        try:
            await database.ask(write, 5)
        finally:
            database.close()

    with pytest.raises(DepartmentFailure, match=r"garbled|refused"):
        asyncio.run(story())
    assert counted(register) == 3


@pytest.mark.parametrize("name", SERVERS)
def test_a_select_of_a_function_that_writes_writes_nothing(registers: Mapping[str, Register], name: str) -> None:
    asked = query(select('"V_CZRK"', XM="written(:key)"), name)
    failure = failing(registers[name], **asked, user=registers[name].may_write)
    assert (failure.reason, failure.detail) == ("garbled", "it would write, which is refused")
    assert counted(registers[name]) == 3


REFUSED = {
    "DELETE FROM T WHERE K = :key": "is no SELECT",
    "": "needs either rows",
    "SELECT A FROM T WHERE K = :key; DELETE FROM T": "holds a semicolon",
    "SELECT A INTO OUTFILE '/tmp/x' FROM T WHERE K = :key": "(INTO)",
    "SELECT A INTO B FROM T WHERE K = :key": "(INTO)",
    "WITH d AS (DELETE FROM T RETURNING *) SELECT * FROM d WHERE K = :key": "(DELETE)",
    "WITH d AS (SELECT 1) INSERT INTO T SELECT * FROM d WHERE K = :key": "(INSERT)",
    "WITH d AS (SELECT 1) UPDATE T SET A = 1 WHERE K = :key": "(UPDATE)",
    "select A from T where K = :key for update": "(UPDATE)",
    "SELECT A FROM T WHERE K = :key FOR NO KEY UPDATE": "lock (FOR NO)",
    "SELECT A FROM T WHERE K = :key FOR SHARE": "lock (FOR SHARE)",
    "SELECT A FROM T WHERE K = :key LOCK IN SHARE MODE": "(LOCK)",
    "SELECT A FROM T WHERE K = :key AND pg_sleep(9) IS NULL": "(PG_SLEEP)",
    "SELECT setval('s', 1), A FROM T WHERE K = :key": "(SETVAL)",
    "SELECT A /*!, sleep(9) */ FROM T WHERE K = :key": "holds a comment (/*)",
    "SELECT A FROM T WHERE K = :key -- AND B": "holds a comment (--)",
    "SELECT A FROM T WHERE K = :key # AND B": "holds a comment (#)",
    r"SELECT A FROM T WHERE K = :key AND B = '\' OR 1=1 OR '": "holds a backslash",
    "SELECT A FROM T WHERE K = :key AND B = $$'$$": "quotes with $",
    "SELECT A FROM T WHERE K = :key AND [']; DROP TABLE T [']": "quotes with [ ]",
    "SELECT A FROM T WHERE K = :key AND B = 'open": "quotation mark that is not closed",
    "SELECT A FROM T WHERE K = :name": "asks for :key and nothing else",
    "SELECT A FROM T WHERE K = ':key'": "asks for :key and nothing else",
    "SELECT A FROM T": "asks for :key and nothing else",
    "(SELECT A FROM T WHERE K = :key)": "is no SELECT",
}


@pytest.mark.parametrize("select", REFUSED)
def test_a_query_that_is_not_one_harmless_select_is_refused_at_load(registers: Mapping[str, Register], select: str) -> None:
    with pytest.raises(SettingsWrong, match=re.escape(REFUSED[select])):
        registers["sqlite"].setting(**query(select))


@pytest.mark.parametrize(
    "select",
    [
        "SELECT replace(A, 'x', 'y'), substring(B FOR 3), \"UPDATE\", to_char(C, 'HH24:MI;SS'), D::text FROM T WHERE K = :key",
        "select `delete`, 'it''s -- no comment' from T where K = :key or K = concat(:key, 'X') order by 1",
    ],
)
def test_words_within_quotation_marks_and_plain_functions_are_no_reason_to_refuse(
    registers: Mapping[str, Register], select: str
) -> None:
    assert registers["sqlite"].setting(**query(select)).request["query"] == select


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"address": "mysql://h/d"}, "the driver of mysql is not installed (MySQLdb)"),
        ({"address": "oracle+oracledb://h/d"}, "the driver of oracle+oracledb is not installed (oracledb)"),
        ({"address": "dm+dmPython://h/d"}, "there is no SQLAlchemy dialect dm+dmPython: install the package that brings it"),
        ({"address": "mysql+pymysql://u:secret@h/d"}, "user and password do not belong into the address"),
        ({"address": "mysql+pymysql://h/d"}, "a mysql department needs password_file"),
        ({"address": "127.0.0.1"}, "address is no database URL"),
        ({"address": "sqlite://"}, "a SQLite address names a file"),
        ({"rows": "T; DROP TABLE T"}, "is no name of a table or column"),
        ({"rows": ""}, "either rows, a table or view, or request.query"),
        ({"more": '[request]\nquery = "SELECT :key"'}, "either rows, a table or view, or request.query"),
        ({"more": '[request]\nsql = "SELECT :key"'}, "request.sql is nothing that can be set"),
        ({"more": "[request]\nquery = 3", "rows": ""}, "request.query must be text in quotes"),
        ({"more": '[collect]\nbatch = "0"'}, "collect.mark is missing"),
        ({"more": '[collect]\nmark = "M"\nbatch = "many"'}, "collect.batch must be a whole number from 1 to 1000"),
        ({"more": '[collect]\nmark = "M;"\nsince = "x"'}, "collect.since is nothing that can be set"),
        ({"more": '[collect]\nmark = "M"\nquery = "SELECT 1"'}, "belongs to request.query and to nothing else"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told_in_words(
    registers: Mapping[str, Register], changes: dict[str, str], problem: str
) -> None:
    with pytest.raises(SettingsWrong) as caught:
        registers["sqlite"].setting(**changes)
    assert any(problem in one for one in caught.value.problems), caught.value.problems
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ALL)
def test_a_look_up_that_takes_too_long_is_late_and_ended_at_the_server_too(
    registers: Mapping[str, Register], name: str, postgres: Postgres
) -> None:
    assert failing(registers[name], rows="V_SLOW", deadline_s=0.3).reason == "late"
    no_thread_of_a_department()
    if name == "postgresql":
        with postgres.owner("register") as owner:
            running = (
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%V_SLOW%' AND state = 'active' AND usename = 'hall'"
            )
            while owner.execute(running).fetchone() != (0,):
                threading.Event().wait(0.01)


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("manner", ["swallows", "drips"])
def test_a_server_that_hangs_or_answers_byte_by_byte_is_late_and_no_thread_stays(
    registers: Mapping[str, Register], name: str, manner: Any
) -> None:
    async def story() -> None:
        register = registers[name]
        port = int(re.findall(r":(\d+)/", register.address)[0])
        with wire(port) as line:
            line.manner = manner
            connection = register.connect(address=register.address.replace(f":{port}/", f":{line.port}/"), deadline_s=0.4)
            asking = [connection.look_up(LYU, ITEMS, PURPOSE) for _ in range(20)]
            answers = await asyncio.gather(*asking, return_exceptions=True)
            assert {getattr(answer, "reason", None) for answer in answers} == {"late"}
            assert sum(thread.name.startswith("sql-household") for thread in threading.enumerate()) <= connection.at_once
            await connection.close()
            await asyncio.to_thread(no_thread_of_a_department)

    asyncio.run(story())


@pytest.mark.parametrize("name", SERVERS)
def test_a_connection_that_something_on_the_way_forgot_is_never_met_again(registers: Mapping[str, Register], name: str) -> None:
    async def story() -> None:
        register = registers[name]
        port = int(re.findall(r":(\d+)/", register.address)[0])
        with wire(port) as line:
            connection = register.connect(address=register.address.replace(f":{port}/", f":{line.port}/"))
            for _ in range(2):
                assert await connection.look_up(LYU, ITEMS, PURPOSE)
                line.forget()
            assert line.opened == 2
            await connection.close()

    asyncio.run(story())


@pytest.mark.parametrize("name", SERVERS)
def test_who_is_not_let_in_and_who_is_not_there_are_told_apart(
    registers: Mapping[str, Register], name: str, tmp_path: Path
) -> None:
    register = registers[name]
    assert failing(register, address=re.sub(r":\d+/", ":1/", register.address)).reason == "down"
    if name == "postgresql":
        assert failing(register, user="nobody").reason == "refused"
        assert failing(register, rows="T_CZRK").reason == "refused"
        assert failing(register, address=register.address + "_2").reason == "down"
        assert failing(register, address=register.address + "?sslmode=verify-full").reason in ("down", "untrusted")
    other = query(select(ONE, HH='"HHH"'), name)
    for changes in ({"rows": "V_OTHER"}, other):
        assert failing(register, **changes, user=register.may_write).reason == "garbled"


def test_a_sqlite_file_that_is_missing_none_or_held_by_its_writer_is_told_apart(registers: Mapping[str, Register]) -> None:
    register = registers["sqlite"]
    assert failing(register, address="sqlite:///${state}/missing.db").reason == "down"
    assert not (register.folder / "missing.db").exists()
    assert failing(register, address="sqlite:///${state}/departments/household.toml").reason == "garbled"
    with rows_of(register) as base:
        base.execute("BEGIN EXCLUSIVE")
        assert failing(register, deadline_s=0.2).reason == "late"
    assert look_up(register)


def test_a_new_password_needs_no_restart(registers: Mapping[str, Register], postgres: Postgres) -> None:
    register = registers["postgresql"]

    async def story(connection: Connection) -> list[bool]:
        found = []
        for password in ("new and secret", "open sesame"):
            postgres.run(f"ALTER ROLE hall PASSWORD '{password}'")
            with pytest.raises(DepartmentFailure, match="refused"):
                await connection.look_up(LYU, ITEMS, PURPOSE)
            (register.folder / "password").write_text(password, "ascii")
            found.append(bool(await connection.look_up(LYU, ITEMS, PURPOSE)))
        return found

    assert told(register, story) == [True, True]


def test_a_database_that_knows_no_character_set_is_read_in_the_one_that_the_address_names(
    postgres: Postgres, tmp_path: Path
) -> None:
    register = in_postgres(postgres, tmp_path, "raw", "SQL_ASCII")
    with postgres.owner("raw") as owner:
        owner.execute("SET client_encoding = 'SQL_ASCII'")
        written = "UPDATE \"T_CZRK\" SET \"HKDZ\" = NULL, \"XM\" = convert_from(decode('{}', 'hex'), 'SQL_ASCII')"
        owner.execute(written.format("吕晓岚𠮷".encode("gb18030").hex()))
        assert look_up(register, address=register.address + "?client_encoding=GB18030")["person.name"] == ("吕晓岚𠮷", "")
        owner.execute(written.format("c2ff"))
    failure = failing(register, address=register.address + "?client_encoding=GB18030")
    assert failure.reason == "garbled"


@pytest.mark.parametrize("name", ALL)
def test_bytes_that_are_no_text_are_garbled(registers: Mapping[str, Register], name: str) -> None:
    some = {"postgresql": "decode('ff', 'hex')", "mariadb": "X'FF'", "sqlite": "X'FF'"}[name]
    failure = failing(registers[name], **query(select(ONE, XM=some), name))
    assert (failure.reason, failure.detail) == ("garbled", "the column XM holds bytes")


@pytest.mark.parametrize("name", ALL)
def test_no_row_and_no_key_is_in_any_log_or_error(
    registers: Mapping[str, Register], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt = query(select(ONE, HH='CAST("XM" AS DECIMAL)'), name)
    with caplog.at_level(logging.DEBUG):
        assert look_up(registers[name])
        failures = [failing(registers[name], rows="V_OTHER")]
        if name == "postgresql":  # the others make a number of anything
            failures.append(failing(registers[name], **spoilt))
    said = " ".join([*caplog.messages, *(f"{failure!r} {failure.detail} {failure.__cause__}" for failure in failures)])
    assert not [value for value in (LYU, "吕晓岚", "莲花路") if value in said]
