"""64 clerks in processes of their own while kill -9 falls on the hall's: nothing lost, called twice, decided or sent twice.

`python -m benchmarks.race` is the same race for as long as one likes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hall.store.postgresql_address import PostgresqlAddress
from tests.hall import engines
from tests.hall.race.race import Race, run

ON = {"sqlite": Race(tickets=24, kill_every=10), "postgresql": Race(tickets=24, kill_every=10, processes=3)}
CALM = 0
TRIES = 4


def database(tmp_path: Path) -> PostgresqlAddress | None:
    place = engines.place(tmp_path / "hall.db")
    return None if isinstance(place, Path) else place


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_nothing_is_lost_and_nothing_happens_twice(engine: str, tmp_path: Path) -> None:
    found = run(ON[engine], tmp_path, database(tmp_path))
    assert found.faults == []
    assert found.counts["kills"] >= 3
    assert found.counts["tickets"] == found.counts["calls"] == found.counts["decisions"] == ON[engine].tickets
    assert found.counts["deliveries"] > 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("engine", "mutant", "kill_every", "noticed"),
    [
        ("sqlite", "claim_without_its_guard", CALM, "was called"),
        ("postgresql", "claim_without_its_guard", CALM, "was called"),
        ("postgresql", "hall_without_its_lock", CALM, "was called"),
        ("sqlite", "answer_before_the_commit", 6, "the hall has none"),
        ("postgresql", "answer_before_the_commit", 6, "the hall has none"),
    ],
    indirect=["engine"],
)
def test_the_race_notices_a_rule_that_was_taken_out(
    engine: str, mutant: str, kill_every: int, noticed: str, tmp_path: Path
) -> None:
    """What is lost or doubled is a matter of chance: the race may run a few times, and has to notice in one of them."""
    race = replace(ON[engine], tickets=30, kill_every=kill_every, mutant=mutant)
    for seed in range(TRIES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        found = run(replace(race, seed=seed), folder, database(folder))
        if any(noticed in fault for fault in found.faults):
            return
    raise AssertionError(f"nothing was noticed: {found.faults}")
