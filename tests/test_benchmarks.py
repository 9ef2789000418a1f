"""The benchmarks still run, on a small scale; what they measure says nothing here."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks import exchange, queue


def test_the_queue_and_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "TICKETS", 20)
    moves = {"submit", "call + decide"}
    assert set(queue.limit(tmp_path)) == set(asyncio.run(queue.ours(tmp_path / "ours", 4))) == moves


def test_shared_records_with_a_department_that_hangs_and_one_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("SOURCES", (2,)), ("AT_ONCE", 2), ("PERSONS", 1), ("VISITS", 4), ("ROUNDS", 1), ("BUDGET_S", 60.0)):
        monkeypatch.setattr(exchange, name, few)
    monkeypatch.setattr(exchange, "MOST_RATIO", 60.0)
    with exchange.other_process(2) as ports:
        assert asyncio.run(exchange.measured(ports))
