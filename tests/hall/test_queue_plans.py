"""The statements of the hot path walk an index and stop: none reads a whole line, or sorts it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hall.store.queries import QUERIES
from tests.hall.fakes import EMPTY

HOT = ("claim", "claim_this", "head", "head_of_matter", "head_meant", "ahead", "held", "last_at", "let_go", "beside", "advance",
       "recall", "miss", "hold", "pass_on", "ticket", "waiting", "in_status", "at_windows", "line_tally", "busy_windows",
       "left_over", "left_held", "appointment_of", "step_times", "handled")  # fmt: skip


@pytest.mark.parametrize("name", HOT)
def test_a_hot_statement_scans_no_table_and_sorts_nothing_that_grows(tmp_path: Path, name: str) -> None:
    plan = _plan(tmp_path, name)
    assert [step for step in plan if step.startswith("SCAN ticket")] == []
    assert [step for step in plan if step.startswith("SCAN hall")] == []
    if name in ("claim", "head", "head_of_matter", "head_meant", "waiting", "in_status", "last_at"):
        # `claim` orders the two heads it found, and nothing else.
        assert sum("USE TEMP B-TREE" in step for step in plan) <= (name == "claim")


def test_what_else_a_person_waits_for_is_found_by_the_person_and_not_among_all_who_wait(tmp_path: Path) -> None:
    assert [step for step in _plan(tmp_path, "keep_beside") if "ticket_day" in step or step.startswith("SCAN")] == []


def _plan(folder: Path, name: str) -> list[str]:
    path = folder / "hall.db"
    path.write_bytes(EMPTY)
    with closing(sqlite3.connect(path)) as connection:
        bound = dict.fromkeys(_bound(QUERIES[name]), "")
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}", bound)]


def _bound(statement: str) -> set[str]:
    return set(re.findall(r"(?<!:):([a-z_]+)", statement))
