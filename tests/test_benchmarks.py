"""The benchmarks still run, on a small scale; what they measure says nothing here."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks import exchange, hall


def test_the_store_and_its_limit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, few in (("CLIENTS", (1,)), ("COMMANDS", {1: 8}), ("ROUNDS", 1)):
        monkeypatch.setattr(hall, name, few)
    verdicts = hall.Verdicts()
    hall.compare(verdicts)
    told = capsys.readouterr().out
    assert [told.count(what) for what in ("SQLite", "PostgreSQL", "submit", "call-next")] == [2, 2, 2, 2]
    assert not verdicts.missed  # one client has no limit to keep


def test_shared_records_with_a_department_that_hangs_and_one_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("SOURCES", (2,)), ("AT_ONCE", 2), ("PERSONS", 1), ("VISITS", 4), ("ROUNDS", 1), ("BUDGET_S", 60.0)):
        monkeypatch.setattr(exchange, name, few)
    monkeypatch.setattr(exchange, "MOST_RATIO", 60.0)
    with exchange.other_process(2) as ports:
        assert asyncio.run(exchange.measured(ports))
