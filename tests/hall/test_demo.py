"""The demonstration departments are real servers: each speaks its own protocol over its own data."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pymysql
import pytest
import zeep
from zeep.transports import Transport

from flows.application import Lookup, Outcome, SourceAnswer
from flows.matters import MATTERS
from hall import departments
from hall.demo.behaviour import Mode, Place
from hall.demo.people import SPECIMENS, by_number, everybody
from hall.demo.person import check_digit, credit_code
from hall.departments.connection import Batch, Subject
from hall.exchange import Exchange
from tests.hall.demo_desk import LYU, NAMES, PURPOSE, ROOT, TOO_LONG, DemoDesk
from tests.patience import SOON_S, eventually

ITEMS = MATTERS["hk-macau-permit"].items
EMPLOYER = "佛山市禅城区云岫软件有限公司"


def lookup(exchange: Exchange) -> Lookup:
    async def story() -> Lookup:
        try:
            return await exchange.lookup(LYU, ITEMS, PURPOSE)
        finally:
            await exchange.close()

    return asyncio.run(story())


def of(found: Lookup, department: str) -> SourceAnswer:
    return next(source for source in found.sources if source.department == department)


def test_departments_that_are_well_prefill_more_than_ten_items(demo_desk: DemoDesk) -> None:
    found = lookup(demo_desk.exchange())
    assert [(source.department, source.outcome) for source in found.sources] == [
        (code, Outcome.RECORD) for code in ("household", "social_security", "exit_entry", "market_regulation", "population")
    ]
    assert len({record.item for source in found.sources for record in source.records}) >= 10
    assert found.records("household.address")[0].value == "广东省佛山市禅城区祖庙街道莲花路36号802房"
    assert found.records("permit.expiry")[0].value == "2025-10-08"


def test_the_two_departments_that_know_a_mobile_number_differ_and_the_one_with_authority_comes_first(demo_desk: DemoDesk) -> None:
    mobiles = lookup(demo_desk.exchange()).records("contact.mobile")
    assert [(record.department, record.value) for record in mobiles] == [
        ("social_security", "13802845678"),
        ("exit_entry", "13702840011"),
    ]


def test_every_connection_finds_nothing_wrong_when_all_are_well(demo_desk: DemoDesk) -> None:
    async def story() -> list[bool]:
        connections = departments.connect(demo_desk.read())
        try:
            return [finding.good for connection in connections for finding in await connection.check()]
        finally:
            for connection in connections:
                await connection.close()

    assert set(asyncio.run(story())) == {True}


def test_a_register_is_collected_part_by_part_to_the_last_entry_and_then_has_nothing_new(demo_desk: DemoDesk) -> None:
    async def story() -> tuple[list[Subject], Batch]:
        connection = next(c for c in departments.connect(demo_desk.read()) if c.code == "population")
        try:
            told: list[Subject] = []
            batch = await connection.changes("", connection.items)
            while batch.more:
                told += batch.subjects
                batch = await connection.changes(batch.mark, connection.items)
            return [*told, *batch.subjects], await connection.changes(batch.mark, connection.items)
        finally:
            await connection.close()

    told, after = asyncio.run(story())
    held = [person for person in everybody() if person.resident_card or person.residence]
    assert sorted(subject.key for subject in told) == sorted(person.number for person in held)
    assert all(record.department == "population" for subject in told for record in subject.records)
    assert (after.subjects, after.more) == ((), False)


@pytest.mark.parametrize("name", NAMES[:3])
@pytest.mark.parametrize(
    ("mode", "reason"),
    [(Mode.SLOW, "late"), (Mode.DOWN, "down"), (Mode.NONSENSE, "garbled"), (Mode.WRONG, "wrong_person")],
)
def test_one_failing_department_is_named_and_the_others_still_answer(
    demo_desk: DemoDesk, name: str, mode: Mode, reason: str
) -> None:
    code = name.replace("-", "_")
    with demo_desk.told(name, mode, TOO_LONG):
        found = lookup(demo_desk.exchange(late=code if mode is Mode.SLOW else ""))
    assert (of(found, code).outcome, of(found, code).reason, of(found, code).records) == (Outcome.NO_ANSWER, reason, ())
    others = [source.outcome for source in found.sources if source.department not in (code, "market_regulation")]
    assert others == [Outcome.RECORD] * 3


def test_without_the_employer_the_company_register_is_not_asked(demo_desk: DemoDesk) -> None:
    with demo_desk.told("social-security", Mode.DOWN):
        found = lookup(demo_desk.exchange())
    assert (of(found, "market_regulation").outcome, of(found, "market_regulation").reason) == (Outcome.NOT_ASKED, "no_key")


def test_a_company_file_may_be_torn_hold_the_wrong_names_or_be_missing(demo_desk: DemoDesk) -> None:
    folder = Place(demo_desk.state, "market_regulation").folder
    with demo_desk.told("market-regulation", Mode.NONSENSE):
        eventually(lambda: of(lookup(demo_desk.exchange()), "market_regulation").reason == "garbled")
    with demo_desk.told("market-regulation", Mode.WRONG):
        eventually(lambda: [r.value for r in lookup(demo_desk.exchange()).records("company.name")] not in ([], [EMPLOYER]))
    with demo_desk.told("market-regulation", Mode.DOWN):
        eventually(lambda: not list(folder.glob("*.csv")))
        assert of(lookup(demo_desk.exchange()), "market_regulation").reason == "down"
    eventually(lambda: [r.value for r in lookup(demo_desk.exchange()).records("company.name")] == [EMPLOYER])


def test_the_old_register_loses_characters_outside_its_set_and_the_record_is_in_doubt(demo_desk: DemoDesk) -> None:
    name = _household(demo_desk, "440604198803162027")["XM"]
    assert name == "梁?彤"


def test_the_halls_user_can_read_its_view_and_nothing_else(demo_desk: DemoDesk) -> None:
    with _household_connection(demo_desk) as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.err.OperationalError):
            cursor.execute("SELECT * FROM T_CZRK")
        with pytest.raises(pymysql.err.OperationalError):
            cursor.execute("UPDATE V_CZRK_YM SET XM = 'X'")


def test_the_password_is_readable_by_its_owner_only(demo_desk: DemoDesk) -> None:
    for code in ("household", "exit_entry", "social_security"):
        assert (demo_desk.state / "demo" / f"{code}.password").stat().st_mode & 0o077 == 0
        assert len(_password(demo_desk, code)) == 32


def test_root_is_locked_out_of_the_old_register(demo_desk: DemoDesk) -> None:
    port = _port(demo_desk, "household")
    with pytest.raises(pymysql.err.OperationalError):
        pymysql.connect(host="127.0.0.1", port=port, user="root", password="")


def test_a_soap_client_that_knows_only_the_wsdl_is_understood(demo_desk: DemoDesk) -> None:
    import requests

    with requests.Session() as session:
        session.auth = ("hall", _password(demo_desk, "social_security"))
        address = f"http://127.0.0.1:{_port(demo_desk, 'social_security')}/social?wsdl"
        client = zeep.Client(address, transport=Transport(session=session))
        insured = client.service.queryInsured(aac002=LYU.number, purpose="test", askedBy="test")
        nobody = client.service.queryInsured(aac002="440602194901010012", purpose="test", askedBy="test")
    assert (insured["aac003"], insured["aab003"]) == ("吕晓岚", "91440604MA9XK7P27D")
    assert nobody is None


def test_nobody_is_let_in_without_the_password(demo_desk: DemoDesk) -> None:
    port = _port(demo_desk, "exit_entry")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=SOON_S) as client:
        assert client.post("/persons/query", json={"idNo": LYU.number, "items": []}).status_code == 401
        wrong = {"Authorization": "Basic " + base64.b64encode(b"hall:guess").decode()}
        assert client.get("/applications/1", headers=wrong).status_code == 401


def test_the_invented_people_are_many_valid_and_the_same_at_every_start() -> None:
    people = everybody()
    assert len(people) == len(by_number()) >= 200
    assert all(person.number[17] == check_digit(person.number[:17]) for person in people)
    assert everybody.__wrapped__() == people
    names = "".join(person.name for person in people)
    assert all(sign in names for sign in "㼆𠮷䶮·")
    assert any(person.household is None for person in people)
    assert any(person.household and person.household.doubt for person in people)
    assert any(person.household and person.household.name != person.name for person in people)
    assert credit_code("350100", "M000100Y") == "91350100M000100Y43"


def test_every_specimen_is_known_to_exactly_the_departments_that_its_file_says(demo_desk: DemoDesk) -> None:
    people = [person for person in everybody() if person.number in _specimen_numbers()]

    async def story() -> list[Lookup]:
        exchange = demo_desk.exchange()
        try:
            who = [replace(LYU, number=person.number, name=person.name) for person in people]
            return [await exchange.lookup(identity, ITEMS, PURPOSE) for identity in who]
        finally:
            await exchange.close()

    for person, found in zip(people, asyncio.run(story()), strict=True):
        for code in ("household", "exit_entry", "social_security"):
            expected = Outcome.RECORD if getattr(person, code) else Outcome.NO_RECORD
            assert of(found, code).outcome is expected
        without_company = Outcome.NO_RECORD if person.social_security else Outcome.NOT_ASKED
        assert of(found, "market_regulation").outcome is (Outcome.RECORD if person.company else without_company)
        if person.household:
            assert {r.doubt for r in found.records("household.address")} == {person.household.doubt}


def test_a_missing_mariadb_ends_in_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    ended = _demo("household", "--state", str(tmp_path), "--port", "0", PATH=str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr == "household: mariadb-install-db is missing: install the Debian package mariadb-server-core\n"


def test_a_busy_port_ends_in_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        ended = _demo("exit-entry", "--state", str(tmp_path), "--port", str(port))
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert str(port) in ended.stderr


def test_a_department_is_told_from_the_command_line(tmp_path: Path) -> None:
    assert _demo("tell", "exit-entry", "slow", "9", "--state", str(tmp_path)).returncode == 0
    told = Place(tmp_path, "exit_entry").behaviour()
    assert (told.mode, told.seconds) == (Mode.SLOW, 9.0)
    assert _demo("tell", "exit-entry", "slow", "--state", str(tmp_path)).returncode == 2


def test_the_old_register_starts_a_second_time_from_the_data_it_has(demo_desk: DemoDesk) -> None:
    made = Place(demo_desk.state, "household").folder / "made-of"
    before = made.stat().st_mtime_ns
    assert demo_desk.stop("household") == 0
    demo_desk.start("household")
    assert made.stat().st_mtime_ns == before
    assert _household(demo_desk, LYU.number)["HKDZ"].startswith("广东省佛山市禅城区")


def _specimen_numbers() -> set[str]:
    return {person["number"] for person in tomllib.loads(SPECIMENS.read_text("utf-8"))["person"]}


def _demo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hall.demo", *arguments]
    surroundings = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=SOON_S, check=False)


def _port(desk: DemoDesk, code: str) -> int:
    setting = next(setting for setting in desk.read() if setting.code == code)
    return int(setting.address.split(":")[2].split("/")[0])


def _password(desk: DemoDesk, code: str) -> str:
    return Place(desk.state, code).password()


def _household_connection(desk: DemoDesk) -> pymysql.connections.Connection[pymysql.cursors.DictCursor]:
    return pymysql.connect(
        host="127.0.0.1",
        port=_port(desk, "household"),
        user="hall",
        password=_password(desk, "household"),
        database="register",
        charset="gbk",
        cursorclass=pymysql.cursors.DictCursor,
    )


def _household(desk: DemoDesk, number: str) -> dict[str, Any]:
    with _household_connection(desk) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM V_CZRK_YM WHERE GMSFHM = %s", (number,))
        row = cursor.fetchone()
    assert row is not None
    return row
