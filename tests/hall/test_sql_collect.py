"""Collecting a register: nothing is lost, whatever changes meanwhile, and what is collected is what a look-up finds."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection as Asked
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool

from flows.application import Record
from hall.departments.connection import Connection, DepartmentFailure, Subject
from hall.departments.records import records_of
from hall.departments.setting import Setting
from hall.departments.sql_collect import OVERLAP, STAMP, Collection
from hall.departments.sql_rows import look_up, read
from tests.hall.sql_registers import CHEN, GONE, LYU, Register
from tests.hall.test_sql import ALL, told
from tests.hall.test_sql import look_up as asked

BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
SETTING = Setting(
    kind="sql",
    code="household",
    title="公安户籍",
    address="sqlite:///unused",
    key="person.number",
    items={"person.number": "K", "person.name": "V"},
    rows="T",
    as_of="A",
    collect={"mark": "M", "gone": "G", "batch": "2"},
)
ITEMS = ("person.number", "person.name")

Deed = tuple[Literal["write", "late", "twice", "cross out", "delete", "restart", "wait"], int]
DEEDS = st.tuples(
    st.sampled_from(["write", "write", "write", "late", "late", "twice", "cross out", "restart", "wait"]), st.integers(0, 6)
)


class Town:
    """A register that lives on while it is collected, page by page."""

    def __init__(self, base: Asked, setting: Setting) -> None:
        self.base, self.setting = base, setting
        self.now = BEGAN
        self.collection, self.mark, self.more = Collection(setting), "", False
        self.collected: dict[str, tuple[Record, ...]] = {}
        base.execute(text("DROP TABLE IF EXISTS T"))
        base.execute(text("CREATE TABLE T (K TEXT, V TEXT, A TEXT, M, G TEXT)"))
        self.written = 0

    def do(self, deed: str, who: int) -> None:
        key = f"44060219920229986{who}"
        match deed:
            case "write":
                self.base.execute(text("DELETE FROM T WHERE K = :k"), {"k": key})
                self._insert(key, self.now)
            case "late":  # written a while ago, and only now to be seen
                self._insert(key, self.now - OVERLAP + timedelta(seconds=1 + who))
            case "twice":
                self._insert(key, self.now)
            case "cross out":
                self.base.execute(text("UPDATE T SET G = '1', M = :m WHERE K = :k"), {"m": self._marked(self.now), "k": key})
            case "restart":
                self.collection = Collection(self.setting)
            case "wait":
                self.now += timedelta(minutes=4 * who)
        self.now += timedelta(seconds=who % 2)

    def page(self) -> None:
        batch = self.collection.batch(self.base, self.mark, ITEMS, self.now)
        self.mark, self.more = batch.mark, batch.more
        for subject in batch.subjects:
            self.collected[subject.key] = subject.records

    def looked_up(self) -> dict[str, tuple[Record, ...]]:
        keys = [row[0] for row in self.base.execute(text("SELECT DISTINCT K FROM T"))]
        rows = {key: look_up(self.base, self.setting, ITEMS, key) for key in keys}
        return {key: records_of(self.setting, found, ITEMS, read) for key, found in rows.items()}

    def _insert(self, key: str, at: datetime) -> None:
        self.written += 1
        written = BEGAN + timedelta(seconds=self.written)
        row = {"k": key, "v": f"第{self.written}", "a": written.strftime(STAMP), "m": self._marked(at)}
        self.base.execute(text("INSERT INTO T VALUES (:k, :v, :a, :m, '0')"), row)

    def _marked(self, at: datetime) -> object:
        """A time of whole seconds, or a number that rises with it."""
        if self.setting.title == "numbers":
            return int((at - BEGAN).total_seconds()) + 10_000
        return at.strftime(STAMP)


@pytest.mark.parametrize("title", ["times", "numbers"])
@given(deeds=st.lists(st.lists(DEEDS, max_size=4), max_size=12), batch=st.integers(1, 4))
@settings(max_examples=150)
def test_whatever_changes_between_two_pages_all_is_collected_in_the_end(title: str, deeds: list[list[Deed]], batch: int) -> None:
    setting = replace(SETTING, title=title, collect={**SETTING.collect, "batch": str(batch)})
    with create_engine("sqlite://", poolclass=StaticPool).connect() as base:
        town = Town(base, setting)
        for meanwhile in deeds:
            for deed, who in meanwhile:
                town.do(deed, who)
            town.page()
        town.page()
        while town.more:
            town.page()
        town.page()
        while town.more:
            town.page()
        there = {key: records for key, records in town.looked_up().items() if records}
        assert {key: records for key, records in town.collected.items() if records} == there


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("batch", [1, 2, 500])
def test_what_is_collected_is_what_a_look_up_finds(registers: Mapping[str, Register], name: str, batch: int) -> None:
    more = f'[collect]\nmark = "GXSJ"\ngone = "ZXBZ"\nbatch = "{batch}"'

    async def story(connection: Connection) -> dict[str, Subject]:
        subjects: dict[str, Subject] = {}
        mark, more = "", True
        while more:
            found = await connection.changes(mark, connection.items)
            assert len(found.subjects) <= batch
            assert not [number for number in (LYU, CHEN, GONE) if number in found.mark], "a mark is kept: it holds no number"
            mark, more = found.mark, found.more
            subjects |= {subject.key: subject for subject in found.subjects}
        return subjects

    found = told(registers[name], story, more=more)
    assert {key: subject.gone for key, subject in found.items()} == {LYU: False, CHEN: False, GONE: True}
    for key in (LYU, CHEN):
        collected = {record.item: (record.value, record.doubt) for record in found[key].records}
        assert collected == asked(registers[name], key, more=more)


def test_a_register_loaded_at_one_moment_is_read_again_once_and_then_left_alone() -> None:
    with create_engine("sqlite://", poolclass=StaticPool).connect() as base:
        town = Town(base, SETTING)
        for who in range(7):
            town.do("write", who)
        base.execute(text("UPDATE T SET M = '20260901090000'"))
        told_again = []
        for minutes in (0, 1, 30, 30, 30):
            town.now += timedelta(minutes=minutes)
            count = 0
            while True:
                batch = town.collection.batch(base, town.mark, ITEMS, town.now)
                town.mark, count = batch.mark, count + len(batch.subjects)
                if not batch.more:
                    break
            told_again.append(count)
        assert told_again == [7, 7, 7, 0, 0]


@pytest.mark.parametrize("slip", ["99991231000000", "20991231000000"])
def test_a_mark_in_the_far_future_hides_nothing_that_comes_after_it(slip: str) -> None:
    with create_engine("sqlite://", poolclass=StaticPool).connect() as base:
        town = Town(base, SETTING)
        town.do("write", 1)
        base.execute(text("UPDATE T SET M = :slip"), {"slip": slip})
        for who in (2, 3, 4):
            town.do("write", who)
            town.do("wait", 6)
            town.page()
            while town.more:
                town.page()
        assert sorted(key[-1] for key in town.collected) == ["1", "2", "3", "4"]


def test_one_spoilt_entry_does_not_hold_up_the_others_and_is_counted_without_its_number(caplog: pytest.LogCaptureFixture) -> None:
    with create_engine("sqlite://", poolclass=StaticPool).connect() as base, caplog.at_level(logging.DEBUG):
        town = Town(base, SETTING)
        town.do("write", 1)
        town.do("write", 2)
        base.execute(text("UPDATE T SET A = 'yesterday' WHERE K LIKE '%1'"))
        town.page()
        assert [key[-1] for key in town.collected] == ["2"]
    assert "subjects_unreadable" in caplog.messages
    assert "440602" not in "".join(str(vars(record)) for record in caplog.records)


@pytest.mark.parametrize(
    "mark", ["{}", '["time", "yesterday", "", false, "", ""]', "20260901", '["shell", "1", "", false, "", ""]']
)
def test_a_mark_that_is_none_of_this_department_is_refused(mark: str) -> None:
    with create_engine("sqlite://", poolclass=StaticPool).connect() as base, pytest.raises(DepartmentFailure, match="garbled"):
        Collection(SETTING).batch(base, mark, ITEMS)


def test_a_department_without_collection_cannot_be_collected(registers: Mapping[str, Register]) -> None:
    async def story(connection: Connection) -> Any:
        with pytest.raises(DepartmentFailure, match="garbled"):
            await connection.changes("", ())
        return connection.collects

    assert told(registers["sqlite"], story) is False
