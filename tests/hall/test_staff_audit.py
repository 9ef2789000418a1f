"""The auditor: reads the whole audit, sees whether it holds, takes it out, and changes nothing."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from hall.audit import EVENTS, AuditEvent, Chain
from hall.console import audit_words, staff_words
from hall.roles import Role
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.patience import SOON_S

NUMBERS = iter(range(0x100, 0xFFF))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        stage.do(stage.services.staff.add("林审", PASSWORD, frozenset({Role.AUDITOR})))
        yield stage


@pytest.fixture
def auditor(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.console, timeout=SOON_S, headers={"Origin": stage.console.rstrip("/")}) as client:
        client.post("/login", data={"name": "林审", "password": PASSWORD, "window": ""})
        yield client


def behind_its_back(stage: Stage, statement: str) -> None:
    with closing(sqlite3.connect(stage.services.config.secrets / "hall.sqlite")) as file, file:
        file.execute(statement)


def exported(auditor: httpx.Client) -> list[AuditEvent]:
    text = auditor.post("/audit", data={"key": str(uuid4())}).text
    return [
        AuditEvent(
            int(row["number"]),
            datetime.fromisoformat(row["at"]),
            row["event"],
            row["actor"],
            row["object"],
            tuple(row["items"].split()),
            row["outcome"],
            row["hash"],
        )
        for row in csv.DictReader(io.StringIO(text))
    ]


def test_the_file_that_is_taken_out_holds_the_whole_chain_and_says_that_it_was(stage: Stage, auditor: httpx.Client) -> None:
    for _ in range(400):  # more lines than one piece
        stage.submit("lyu", next(NUMBERS))
    lines = exported(auditor)
    assert len(lines) > 1000
    chain = Chain()
    chain.follow(lines)
    assert (chain.lines, chain.broken) == (len(lines), None)
    again = exported(auditor)
    assert [line.event for line in again[len(lines) :]] == ["audit_exported"]
    assert "吕晓岚" not in str(again)


def test_a_hundred_lines_a_page_the_newest_first(stage: Stage, auditor: httpx.Client) -> None:
    for _ in range(40):
        stage.submit("lyu", next(NUMBERS))
    newest = stage.do(stage.services.store.last_audit())
    page = auditor.get("/audit").text
    assert "链条完整" in page
    assert page.index(f'<td class="time">{newest}</td>') < page.index(f'<td class="time">{newest - 1}</td>')
    assert f'href="/audit?before={newest - 100}"' in page
    earlier = auditor.get(f"/audit?before={newest - 100}").text
    assert f'<td class="time">{newest - 100}</td>' in earlier
    assert f'href="/audit?before={newest}"' in earlier
    assert auditor.get("/audit?before=nonsense").status_code == 200
    assert auditor.get("/audit?before=0").status_code == 200


def test_a_line_that_was_changed_behind_the_halls_back_is_seen(stage: Stage, auditor: httpx.Client) -> None:
    behind_its_back(stage, "UPDATE audit SET actor = 'clerk:nobody' WHERE number = 2")
    page = auditor.post("/audit/proof", follow_redirects=True).text
    assert "链条被破坏" in page
    assert "第 2 条与前一条对不上" in page
    assert "yimen_audit_broken_line 2.0" in auditor.get("/metrics").text


def test_a_line_that_cannot_even_be_read_is_seen_and_shown(stage: Stage, auditor: httpx.Client) -> None:
    behind_its_back(stage, "UPDATE audit SET items = 'no list', at = 'never' WHERE number = 2")
    page = auditor.post("/audit/proof", follow_redirects=True).text
    assert "第 2 条与前一条对不上" in page
    assert "staff_added" in page


def test_an_open_page_says_so_when_lines_are_cut_off_while_the_hall_goes_on(stage: Stage, auditor: httpx.Client) -> None:
    stage.submit("lyu", next(NUMBERS))
    with auditor.stream("GET", "/audit/events") as told:
        lines = told.iter_lines()
        assert any("链条完整" in line for line in lines)
        behind_its_back(stage, "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)")
        stage.submit("lyu", next(NUMBERS))
        assert any("链条被破坏" in line for line in lines)


def test_every_event_of_the_audit_has_words() -> None:
    assert sorted(EVENTS.keys() - audit_words.EVENT.keys() - staff_words.EVENT.keys()) == []
