"""What a department may send, and what each kind of connection makes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.application import Record
from hall.departments.connection import DepartmentFailure
from hall.departments.records import instant
from hall.departments.setting import Setting
from tests.hall.canned import Canned, http
from tests.hall.demo_desk import LYU

NUMBER = LYU.number
REST = Setting(
    kind="rest",
    code="exit_entry",
    title="出入境管理",
    address="",
    key="person.number",
    deadline_s=2.0,
    rows="persons",
    as_of="at",
    doubts={"permit.expiry": "doubt"},
    items={"person.number": "id", "person.name": "name", "permit.expiry": "permit.expiry", "permit.route": "route"},
    codes={"permit.route": {"SELF": "terminal"}, "doubt": {"0": ""}},
    request={
        "path": "/q",
        "headers": {"X-Asked-By": "{asked_by}", "X-Purpose": "{purpose}"},
        "body": {"id": "{key}", "items": "{paths}"},
    },
)
SOAP = Setting(
    kind="soap",
    code="social_security",
    title="人社",
    address="",
    key="person.number",
    deadline_s=2.0,
    rows="d:p",
    items={"person.number": "d:id", "person.name": "d:name"},
    options={"namespace": "urn:t", "operation": "ask", "wsdl": str(Path(__file__).parent / "ask.wsdl")},
    request={"body": {"id": "{key}", "asker": "{asked_by}"}},
)
ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<askResponse xmlns="urn:t">%s</askResponse></s:Body></s:Envelope>'
)


def persons(*rows: dict[str, Any]) -> Canned:
    complete = [{"id": NUMBER, "at": "2026-09-01", **row} for row in rows]
    return http(json.dumps({"persons": complete}, ensure_ascii=False).encode())


def xml(body: str) -> Canned:
    return http((ENVELOPE % body).encode(), "text/xml; charset=utf-8")


def reason_of(canned: Canned, setting: Setting = REST) -> str:
    with pytest.raises(DepartmentFailure) as caught:
        canned.look_up(setting, tuple(setting.items))
    assert NUMBER not in repr(caught.value)
    return caught.value.reason


def by_item(records: Sequence[Record]) -> dict[str, tuple[str, str]]:
    return {record.item: (record.value, record.doubt) for record in records}


def test_a_record_is_translated_normalised_and_dated() -> None:
    told = {"name": "吕晓岚", "permit": {"expiry": "20310314"}, "route": "SELF", "doubt": "0"}
    found = persons(told).look_up(REST, tuple(REST.items))
    assert by_item(found) == {
        "person.number": (NUMBER, ""),
        "person.name": ("吕晓岚", ""),
        "permit.expiry": ("2031-03-14", ""),
        "permit.route": ("terminal", ""),
    }
    assert {record.as_of for record in found} == {datetime(2026, 8, 31, 16, tzinfo=UTC)}


def test_the_number_travels_in_the_body_and_never_in_the_address() -> None:
    canned = persons()
    canned.look_up(REST, ("permit.expiry",))
    head, _, body = canned.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /q HTTP/1.1")
    assert NUMBER.encode() not in head
    assert json.loads(body) == {"id": NUMBER, "items": ["id", "permit.expiry"]}


def test_only_what_was_asked_and_the_key_become_records() -> None:
    assert set(by_item(persons({"name": "吕晓岚"}).look_up(REST, ("permit.expiry",)))) == {"person.number"}


def test_nobody_found_is_an_answer() -> None:
    assert persons().look_up(REST, ("person.name",)) == ()
    assert xml("").look_up(SOAP, ("person.name",)) == ()


def test_the_departments_own_doubt_covers_only_the_items_it_is_about() -> None:
    found = by_item(
        persons({"name": "吕晓岚", "permit": {"expiry": "2031-03-14"}, "doubt": "lost"}).look_up(REST, tuple(REST.items))
    )
    assert found["permit.expiry"] == ("2031-03-14", "lost")
    assert found["person.name"] == ("吕晓岚", "")


def test_a_person_who_is_registered_twice_is_in_doubt_where_the_two_differ() -> None:
    old = {"name": "吕晓岚", "permit": {"expiry": "2021-03-14"}, "at": "2011-03-15"}
    new = {"name": "吕晓岚", "permit": {"expiry": "2031-03-14"}, "at": "2021-03-15"}
    found = by_item(persons(old, new).look_up(REST, tuple(REST.items)))
    assert found["permit.expiry"] == ("2031-03-14", "twice")
    assert found["person.name"] == ("吕晓岚", "")


def test_two_different_people_in_one_answer_are_the_wrong_person() -> None:
    assert reason_of(persons({}, {"id": "440603194807123514"})) == "wrong_person"


def test_an_unknown_code_is_kept_in_doubt() -> None:
    assert by_item(persons({"route": "BOAT"}).look_up(REST, ("permit.route",)))["permit.route"] == ("BOAT", "unknown_code")


def test_a_lost_character_puts_a_value_in_doubt() -> None:
    assert by_item(persons({"name": "梁?彤"}).look_up(REST, ("person.name",)))["person.name"] == ("梁?彤", "lost_character")


@pytest.mark.parametrize("name", ["O'Brien\"; DROP TABLE T_CZRK; --", "<b>&amp;</b>", "𠮷·㼆"])
def test_a_name_is_only_text(name: str) -> None:
    assert by_item(persons({"name": name}).look_up(REST, ("person.name",)))["person.name"] == (name, "")
    escaped = name.replace("&", "&amp;").replace("<", "&lt;")
    answer = xml(f"<p><id>{NUMBER}</id><name>{escaped}</name></p>")
    assert by_item(answer.look_up(SOAP, ("person.name",)))["person.name"] == (name, "")


GARBLED = {
    "a page of HTML": http(b"<html>", "text/html"),
    "HTML that calls itself JSON": http(b"<html>"),
    "GBK that calls itself UTF-8": http(
        json.dumps({"persons": [{"id": NUMBER, "name": "吕"}]}, ensure_ascii=False).encode("gbk")
    ),
    "UTF-8 that was read as GBK": persons({"name": "佛山市禅城".encode().decode("gbk", "replace").replace("\ufffd", "")}),
    "half an answer": Canned(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"),
    "no HTTP at all": Canned(b"220 smtp ready\r\n\r\n"),
    "an answer too large": persons({"name": "吕晓岚", "unasked": "x" * 300_000}),
    "an answer that unpacks": http(b"\x1f\x8b", more="Content-Encoding: gzip\r\n"),
    "a redirect": http(b"", status="302 Found", more="Location: http://127.0.0.1:9/other\r\n"),
    "a missing address": http(b"{}", status="404 Not Found"),
    "no list of persons": http(b'{"persons": null}'),
    "persons that are no objects": http(b'{"persons": [1]}'),
    "a value that is a list": persons({"name": ["吕晓岚"]}),
    "a value without end": persons({"name": "岚" * 5000}),
    "a date that is none": persons({"at": "yesterday"}),
    "very deep JSON": http(b"[" * 100_000),
}


@pytest.mark.parametrize("what", GARBLED)
def test_nonsense_over_rest_is_garbled(what: str) -> None:
    assert reason_of(GARBLED[what]) == "garbled"


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_service_that_does_not_let_the_hall_in_refuses(status: str) -> None:
    assert reason_of(http(b"{}", status=status)) == "refused"


def test_a_check_tells_in_words_that_an_address_is_missing() -> None:
    async def story() -> str:
        async with GARBLED["a missing address"].connected(REST) as connection:
            return (await connection.check())[-1].words

    assert asyncio.run(story()) == "it answers with status 404: is the path right?"


@pytest.mark.parametrize("answer", [Canned(b""), http(b"", status="503 Busy"), http(b"", status="429 Slow Down")])
def test_a_service_that_gives_up_is_down(answer: Canned) -> None:
    assert reason_of(answer) == "down"


BOMB = '<!DOCTYPE b [<!ENTITY a "boom"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BROKEN_XML = {
    "an XML bomb": http((BOMB + ENVELOPE % f"<p><id>{NUMBER}</id><name>&c;</name></p>").encode(), "text/xml"),
    "an entity from a file": http(
        (
            '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + ENVELOPE % f"<p><id>{NUMBER}</id><name>&a;</name></p>"
        ).encode(),
        "text/xml",
    ),
    "broken XML": http(b"<a><b></a>", "text/xml"),
    "another operation's answer": http((ENVELOPE % "").replace("askResponse", "tellResponse").encode(), "text/xml"),
    "JSON": http(b"{}"),
}


@pytest.mark.parametrize("what", BROKEN_XML)
def test_nonsense_over_soap_is_garbled(what: str) -> None:
    assert reason_of(BROKEN_XML[what], SOAP) == "garbled"


def test_a_soap_fault_is_a_department_that_is_down() -> None:
    assert reason_of(http(b"<fault/>", "text/xml", "500 Fault"), SOAP) == "down"


def test_a_number_with_markup_in_it_cannot_leave_its_element() -> None:
    canned = xml("")
    canned.look_up(SOAP, (), key="</id><id>440603194807123514")
    assert canned.asked[0].count(b"440603194807123514") == 1
    assert b"&lt;/id&gt;&lt;id&gt;440603194807123514" in canned.asked[0]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("20261123", "2026-11-22T16:00:00+00:00"),
        ("20261123080000", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23 08:00:00", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T08:00:00+08:00", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00+00:00"),
    ],
)
def test_a_departments_time_of_day_is_beijing_time(text: str, utc: str) -> None:
    assert instant(text).isoformat() == utc


def test_a_clerk_with_a_chinese_name_may_ask_every_kind_of_web_service() -> None:
    rest, soap = persons({"name": "吕晓岚"}), xml(f"<p><id>{NUMBER}</id><name>吕晓岚</name></p>")
    for canned, setting in ((rest, REST), (soap, SOAP)):
        found = canned.look_up(setting, ("person.number", "person.name"), asked_by="clerk:张敏")
        assert by_item(found)["person.name"] == ("吕晓岚", "")
    assert "X-Asked-By: clerk:%E5%BC%A0%E6%95%8F" in rest.asked[0].decode()
    assert "clerk:张敏" in soap.asked[0].decode()
