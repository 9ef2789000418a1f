"""Who used my data, over mutual TLS: real store, real console, and every way in which it is refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from flows.application import Assurance, Identity
from flows.usage import Reader, ShowUsage, UsageShown, UseKind
from flows.wire import Refusal, from_json, to_json
from hall.access_log import access_log
from hall.departments.connection import Access, Purpose
from hall.store.audit_file import stored_audit
from kiosk.hall_client import connect
from kiosk.visit import Ended, serve_one
from tests.hall.console_fakes import person
from tests.hall.console_stage import Stage, running_hall
from tests.hall.fakes import dump
from tests.hall.test_app import called, logged_in
from tests.hall.test_terminals import client, enrolled, opened, refusal
from tests.kiosk.fakes import Stage as Kiosk
from tests.patience import SOON_S
from tests.visits.playing import Script, ScriptedDisplay, Story
from tests.visits.stories_usage import DONE, SHOW

ME, ANOTHER = person("lyu"), person("holder")
LOOKS = (f"019ab000-0000-7000-8000-{number:012x}" for number in range(0xA000, 0xA100))
VISITS = (f"019ab000-0000-7000-8000-{number:012x}" for number in range(0xB000, 0xB100))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path / "hall") as stage:
        yield stage


@pytest.fixture
def k07(stage: Stage, tmp_path: Path) -> Iterator[httpx.Client]:
    with client(stage, enrolled(stage, "K07", tmp_path / "k07")) as terminal:
        yield terminal


def looked(terminal: httpx.Client, who: Identity, look: str = "") -> UsageShown:
    answer = terminal.put(f"/api/usage/{look or next(LOOKS)}", content=to_json(ShowUsage(who)))
    assert answer.status_code == 200, answer.text
    return from_json(UsageShown, answer.content)


def test_what_terminal_and_window_read_is_shown_to_whom_it_is_about(stage: Stage, k07: httpx.Client) -> None:
    left = next(VISITS)
    opened(k07, left)
    k07.delete(f"/api/visits/{left}")
    with logged_in(stage, "张敏", "3") as zhang:
        visit = called(stage, zhang)
        zhang.get(f"/cases/{visit}")
    uses = looked(k07, ME).uses
    by_visit = {one: [(use.kind, use.reader, use.name) for use in uses if use.visit == one] for one in (left, visit)}
    terminal, window = (UseKind.ASKED, Reader.TERMINAL, "K07"), (UseKind.ASKED, Reader.WINDOW, "3")
    assert by_visit[left] == [terminal] * 4
    assert by_visit[visit] == [*[window] * 4, (UseKind.OPENED, Reader.WINDOW, "3"), *[terminal] * 4]
    lines = [line for line in stored_audit(stage.file)["H1"] if line.event in set(UseKind)]
    assert len(uses) == len(lines) - 1, "every line but that of this very look"
    assert looked(k07, ANOTHER).uses == ()


def test_an_answer_names_no_clerk_no_number_and_no_value(stage: Stage, k07: httpx.Client) -> None:
    with logged_in(stage, "张敏", "3") as zhang:
        zhang.get(f"/cases/{called(stage, zhang)}")
    text = k07.put(f"/api/usage/{next(LOOKS)}", content=to_json(ShowUsage(ME))).text
    assert "出入境管理" in text
    assert "往来港澳通行证号码" in text
    assert not [word for word in ("张敏", "吕晓岚", ME.number, "C23456781", "莲花路") if word in text]


def test_nothing_personal_is_in_a_log_or_an_address(stage: Stage, k07: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        opened(k07, next(VISITS))
        looked(k07, ME)
        k07.put(f"/api/usage/{next(LOOKS)}", content=to_json(ShowUsage(ME)).replace(b'"birth"', b'"borne"'))
    said = "".join(str(vars(record)) for record in caplog.records)
    assert "/api/usage/" in said
    assert not [value for value in (ME.number, ME.name) if value in said]


def test_what_is_not_understood_or_not_allowed_leaves_nothing(stage: Stage, k07: httpx.Client) -> None:
    before = dump(stage.file)
    typed = to_json(ShowUsage(replace(ME, assurance=Assurance.NONE)))
    whole = to_json(ShowUsage(ME))
    for look, body, status, code in (
        (next(LOOKS), b"{}", 400, "not_understood"),
        (next(LOOKS), whole.replace(b'"version":1', b'"version":2'), 400, "not_understood"),
        (next(LOOKS), b'"' + b"[" * 100_000, 400, "not_understood"),
        ("440602199202299863", whole, 400, "not_understood"),
        (next(LOOKS), typed, 403, "not_allowed"),
    ):
        answer = k07.put(f"/api/usage/{look}", content=body)
        assert refusal(answer, status) == Refusal(code)
        assert ME.number not in answer.text
    assert dump(stage.file) == before


def test_the_number_of_a_look_serves_nobody_else(stage: Stage, k07: httpx.Client, tmp_path: Path) -> None:
    look = next(LOOKS)
    looked(k07, ME, look)
    with client(stage, enrolled(stage, "K08", tmp_path / "k08")) as k08:
        for terminal, who in ((k07, ANOTHER), (k08, ME)):
            answer = terminal.put(f"/api/usage/{look}", content=to_json(ShowUsage(who)))
            assert refusal(answer, 409).code == "another_request"


def test_a_revoked_terminal_is_shown_nothing_more(stage: Stage, tmp_path: Path) -> None:
    with client(stage, enrolled(stage, "K09", tmp_path / "k09")) as k09:
        looked(k09, ME)
        stage.services.terminals.revoke("K09")
        answer = k09.put(f"/api/usage/{next(LOOKS)}", content=to_json(ShowUsage(ME)))
        assert refusal(answer, 403).code == "not_allowed"
        assert len([line for line in stored_audit(stage.file)["H1"] if line.event == UseKind.SHOWN]) == 1


def test_the_console_has_words_for_a_read_of_what_was_collected(stage: Stage) -> None:
    with logged_in(stage, "张敏", "3") as zhang:
        visit = called(stage, zhang)
        purpose = Purpose(visit, "hk-macau-permit", "clerk:张敏")
        access = Access(purpose, "household", ("household.address",), ME.number, from_library=True)
        stage.do(access_log(stage.services.store, stage.clock)(access))
        page = zhang.get(f"/audit/{visit}").text
        assert "公安户籍 （汇集的资料）" in page
        assert "链条完整" in page


def test_a_citizen_at_a_real_terminals_line_sees_what_window_and_terminal_read(stage: Stage, tmp_path: Path) -> None:
    with logged_in(stage, "张敏", "3") as zhang:
        zhang.get(f"/cases/{called(stage, zhang)}")
    terminals_own = connect(stage.terminals, enrolled(stage, "K07", tmp_path / "k07"), deadline_s=SOON_S)

    async def looks() -> Script:
        kiosk = Kiosk()
        script = Script(Story("looks", (*SHOW, *DONE), Ended.LOOKED), kiosk)
        try:
            assert await serve_one(replace(kiosk.terminal(ScriptedDisplay(script)), hall=terminals_own)) is Ended.LOOKED
        finally:
            await terminals_own.close()
        return script

    (view,) = [view for view in asyncio.run(looks()).shown if view.kind == "review"]
    said = {(line.label.partition("  ")[2], line.value.partition("：")[0]) for group in view.groups for line in group.lines}
    assert ("3 号窗口工作人员", "打开了您的申请") in said
    assert {("3 号窗口工作人员", "向公安户籍查询了"), ("自助终端 K07", "向公安户籍查询了")} <= said
