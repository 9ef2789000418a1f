"""Collecting from a REST department: what is new since a mark, in parts, without losing or inventing anything."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hall.departments.connection import Batch, DepartmentFailure
from hall.departments.setting import Setting
from tests.hall.canned import Canned, http
from tests.hall.test_departments import NUMBER, REST, by_item

OTHER = "440603194807123514"
FED = replace(
    REST,
    collect={"path": "/changes", "mark": "next", "mark_name": "since", "rows": "rows", "more": "more", "gone": "deleted == 'Y'"},
)


PASSED_ON = replace(
    FED, origin="from", known_at="since", collect={**FED.collect, "whole": "all", "known_at": "upTo", "items_name": "fields"}
)


def collected(canned: Canned, mark: str = "", setting: Setting = FED) -> Batch:
    async def story() -> Batch:
        async with canned.connected(setting) as connection:
            found: Batch = await connection.changes(mark, ("person.name",))
            return found

    return asyncio.run(story())


def answer(*rows: dict[str, Any], **more: Any) -> Canned:
    return http(json.dumps({"rows": rows, "next": "m2", **more}).encode())


def row(key: str = NUMBER, **more: Any) -> dict[str, Any]:
    return {"id": key, "at": "2026-09-01", "name": "吕晓岚", "route": "SELF", **more}


def test_entries_come_by_key_with_the_mark_where_the_next_question_goes_on() -> None:
    canned = answer(row(), row(OTHER, name="何焕章"), more=True)
    batch = collected(canned, "m1")
    head, _, body = canned.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /changes HTTP/1.1")
    assert json.loads(body) == {"since": "m1"}
    assert (batch.mark, batch.more, batch.whole) == ("m2", True, False)
    assert [subject.key for subject in batch.subjects] == [NUMBER, OTHER]
    assert by_item(batch.subjects[1].records) == {"person.number": (OTHER, ""), "person.name": ("何焕章", "")}


def test_an_entry_that_was_struck_off_is_gone_and_has_nothing_else_to_tell() -> None:
    (subject,) = collected(answer({"id": NUMBER, "deleted": "Y"})).subjects
    assert (subject.key, subject.records, subject.gone) == (NUMBER, (), True)


def test_one_person_told_twice_in_one_answer_is_one_entry_in_doubt() -> None:
    (subject,) = collected(answer(row(), row(name="吕小岚", at="2026-09-02"))).subjects
    assert by_item(subject.records)["person.name"] == ("吕小岚", "twice")


def test_one_entry_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    batch = collected(answer(row(at="yesterday"), {"at": "2026-09-01"}, row(id=[OTHER]), row(OTHER)))
    assert [subject.key for subject in batch.subjects] == [OTHER]


def test_an_answer_larger_than_a_look_ups_is_taken() -> None:
    assert len(collected(answer(*[row(unasked="x" * 1000)] * 600)).subjects) == 1


def test_one_that_passes_records_on_says_whose_they_are_and_how_old_its_own_news_is() -> None:
    canned = answer(row(**{"from": "household"}), row(OTHER, since="2026-09-03T08:00:00+08:00"), all=True, upTo="2026-09-04")
    batch = collected(canned, "m1", PASSED_ON)
    assert json.loads(canned.asked[0].partition(b"\r\n\r\n")[2]) == {"since": "m1", "fields": ["id", "name"]}
    assert (batch.whole, batch.known_at) == (True, datetime(2026, 9, 3, 16, tzinfo=UTC))
    first, second = (subject.records[0] for subject in batch.subjects)
    assert (first.origin, first.known_at) == ("household", None)
    assert (second.origin, second.known_at) == ("", datetime(2026, 9, 3, tzinfo=UTC))


def test_nothing_new_keeps_the_mark() -> None:
    batch = collected(answer(next=None), "m1")
    assert (batch.subjects, batch.mark, batch.more) == ((), "m1", False)


@pytest.mark.parametrize(
    ("canned", "said"),
    [
        (answer(row(), next="m1", more=True), "nothing to go on from"),
        (answer(row(), next=None, more=True), "nothing to go on from"),
        (answer(row(), next={"a": 1}), "nothing to go on from"),
        (answer(row(), more="yes"), "must give true or false"),
        (answer(row(), upTo="2026-09-04", all="yes"), "whole: all must give true or false"),
        (answer(row()), "known_at: upTo gives no time"),
        (answer({"at": "2026-09-01"}, row(at="yesterday")), "no entry of the collection can be read"),
        (http(b'{"next": "m2"}'), "rows gives null; the answer has the fields next"),
        (http(b"{}", status="404 Not Found"), "is the path right?"),
    ],
)
def test_a_collection_that_cannot_go_on_is_garbled_and_says_why(canned: Canned, said: str) -> None:
    with pytest.raises(DepartmentFailure, match="garbled") as caught:
        collected(canned, "m1", PASSED_ON)
    assert said in caught.value.detail
