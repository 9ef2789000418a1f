"""The line as physics: M/M/c against Erlang's formula and simpy, and the fairness of a head start, on a virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest

from benchmarks import physics
from hall.store.queries import QUERIES


@pytest.fixture
def folder() -> Iterator[Path]:
    with physics.virtual_disk() as folder:
        yield folder


@pytest.mark.parametrize("load", [pytest.param(0.7, marks=pytest.mark.long), pytest.param(0.8, marks=pytest.mark.long), 0.9])
def test_the_mean_wait_is_erlangs_and_the_95th_percentile_the_other_simulators(folder: Path, load: float) -> None:
    found = physics.compared(folder, load, physics.SHORT[load])
    assert found.holds, str(found)


def test_erlangs_formula_for_one_window_is_the_known_one() -> None:
    """M/M/1: the load over one less the load, in services."""
    assert physics.erlang_c(0.8, 1) == pytest.approx(4 * physics.SERVICE_S)


def test_the_other_simulator_agrees_with_the_formula_over_far_more_customers() -> None:
    waits = physics.theirs(physics.openings(0.8, 20_000, seed=11))
    assert fmean(waits) == pytest.approx(physics.erlang_c(0.8), rel=0.02)


@pytest.mark.parametrize(
    ("usual", "mutant"),
    [
        ("ORDER BY due, id LIMIT 1\n    ) AS anybodys", "ORDER BY due DESC, id DESC LIMIT 1\n    ) AS anybodys"),
    ],
    ids=["last come, first called"],
)
def test_a_line_in_another_order_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch, usual: str, mutant: str) -> None:
    assert usual in QUERIES["claim"]
    monkeypatch.setitem(QUERIES, "claim", QUERIES["claim"].replace(usual, mutant))
    found = physics.compared(folder, 0.9, 60)
    assert not found.holds, str(found)


def test_every_single_customer_waits_as_long_as_in_the_other_simulator(folder: Path) -> None:
    given = physics.openings(0.8, 40)
    assert asyncio.run(physics.ours(folder, given)) == pytest.approx(physics.theirs(given), abs=0.01)
