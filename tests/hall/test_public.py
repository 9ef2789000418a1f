"""The public listener: a certificate is checked by its code, and nothing else is learned."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from flows.application import Action
from flows.certificate import Certificate, grouped
from hall.amendments import Said
from hall.certificates import Issued
from hall.public.app import AT_ONCE, HEADERS
from hall.public.pace import MOST_ADDRESSES, Pace
from hall.public.verify import genuine
from tests.hall.console_stage import Stage, running_hall
from tests.hall.fakes import ME, NOON
from tests.patience import SOON_S

NUMBERS = iter(range(0xD000, 0xDFFF))


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture
def anybody(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.public, timeout=SOON_S) as browser:
        yield browser


def code_of(stage: Stage) -> str:
    visit = stage.submit("lyu", next(NUMBERS), matter="letter-at-once").visit
    issued = stage.do(stage.services.store.certificate(visit))
    assert issued
    return issued.code


def test_a_genuine_certificate_is_said_to_be_so_with_masked_name_and_number(stage: Stage, anybody: httpx.Client) -> None:
    answer = anybody.get(f"/verify/{code_of(stage)}")
    assert answer.status_code == 200
    for said in ("证明真实有效", "Genuine and valid", "参保证明", "2026-11-23", "吕**", "4****************3"):
        assert said in answer.text
    assert not [value for value in ("吕晓岚", "440602199202299863", "云岫") if value in answer.text]


def test_the_form_leads_to_the_address_that_the_qr_code_has(stage: Stage, anybody: httpx.Client) -> None:
    code = code_of(stage)
    assert 'action="/verify"' in anybody.get("/verify").text
    answer = anybody.get("/verify", params={"code": grouped(code).lower()})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/verify/{code}")
    assert "16 位字母和数字" in anybody.get("/verify", params={"code": "12"}).text


def test_an_unknown_code_is_one_answer_whatever_it_is(stage: Stage, anybody: httpx.Client) -> None:
    asked = ("0000000000000000", "short", "0" * 4000, "%E5%90%95", "..%2F..%2Fhall.toml")
    answers = [anybody.get(f"/verify/{code}") for code in asked]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers if "没有这份证明" in answer.text}) == 1
    assert "No such certificate" in answers[0].text


def test_a_revoked_certificate_is_said_to_be_so(stage: Stage, anybody: httpx.Client) -> None:
    code = code_of(stage)
    issued = stage.do(stage.services.store.certificate_by(code))
    assert issued
    stage.do(stage.services.queue.requeue(issued.visit, "张敏", "again"))
    stage.do(stage.services.queue.call_next("3", "张敏", "call"))
    clerk = {"window": "3", "clerk": "张敏", "key": "reject"}

    stage.do(stage.services.desk.decide(issued.visit, Action.REJECT, said=Said("NOT_ELIGIBLE"), **clerk))
    answer = anybody.get(f"/verify/{code}")
    assert "证明已撤销，不再有效" in answer.text
    assert "证明真实有效" not in answer.text


def test_after_its_last_day_a_certificate_is_genuine_but_valid_no_more() -> None:
    paper = Certificate("证明", "", "某局", (), valid_to=NOON.date())
    issued = Issued("v", "0" * 16, paper, ME.name, ME.number, NOON)
    later = NOON.replace(day=24)
    assert (genuine(issued, NOON).state, genuine(issued, later).state) == ("valid", "expired")


def test_codes_cannot_be_tried_out(stage: Stage, anybody: httpx.Client) -> None:
    code = code_of(stage)
    answers = [anybody.get(f"/verify/{number:016}") for number in range(AT_ONCE)]
    assert {answer.status_code for answer in answers} == {404}
    answer = anybody.get(f"/verify/{code}")
    assert answer.status_code == 429
    assert "查询太频繁" in answer.text
    assert anybody.get("/verify").status_code == 200


def test_every_answer_is_without_cookie_and_script_and_carries_the_headers(stage: Stage, anybody: httpx.Client) -> None:
    for path in ("/verify", f"/verify/{code_of(stage)}", "/verify/x", "/nowhere", "/static/public.css", "/static/nothing"):
        answer = anybody.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS), path
        assert "set-cookie" not in answer.headers
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", answer.text), path
    assert anybody.post("/verify", data={"code": "1"}).status_code == 405


def test_an_address_may_ask_again_after_a_while_and_another_meanwhile() -> None:
    now = [0.0]
    pace = Pace(2, 6, lambda: now[0])
    assert [pace.admits("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert pace.admits("192.0.2.2")
    now[0] += 10
    assert [pace.admits("192.0.2.1") for _ in range(2)] == [True, False]


def test_a_whole_ipv6_network_is_one_asker_and_memory_is_bounded() -> None:
    pace = Pace(1, 1, lambda: 0.0)
    assert [pace.admits(address) for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")] == [True, False, True]
    for number in range(MOST_ADDRESSES + 5):
        pace.admits(f"client {number}")
    assert len(pace._allowances) == MOST_ADDRESSES
