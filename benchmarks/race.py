"""The counter under kill -9: 64 clerks and four terminals over HTTP against hall processes that die at random.

`python -m benchmarks.race [TICKETS [SEEDS]]` says what happened and what was lost or doubled; 1 when anything was."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hall.store.postgresql_address import PostgresqlAddress
from tests.hall.engines import OnPostgresql
from tests.hall.race.race import Race, run
from tests.hall.servers import running_postgres

TICKETS = 600
SEEDS = 3
SHOWN = 5


def one(name: str, race: Race, folder: Path, database: PostgresqlAddress | None) -> bool:
    began = time.monotonic()
    found = run(race, folder, database)
    counts = ", ".join(f"{found.counts[what]} {what}" for what in ("tickets", "calls", "decisions", "deliveries", "resent"))
    verdict = "PASS" if not found.faults else "MISSED"
    print(
        f"{verdict}  {name}: {race.clerks} clerks, {race.processes} hall process(es) killed {found.counts['kills']} times "
        f"in {time.monotonic() - began:.0f} s: {counts}; lost or doubled: {len(found.faults)}",
        flush=True,
    )
    for fault in found.faults[:SHOWN]:
        print(f"        {fault}")
    return not found.faults


def main(arguments: list[str]) -> int:
    tickets, seeds = (int(given) for given in [*arguments, *map(str, (TICKETS, SEEDS)[len(arguments) :])])
    good = True
    with running_postgres(fsync=True) as server:
        halls = OnPostgresql(server)
        for seed in range(1, seeds + 1):
            with TemporaryDirectory() as made:
                good &= one("SQLite", Race(tickets, seed=seed), Path(made), None)
            with TemporaryDirectory() as made:
                place = halls.place(Path(made) / "hall.db")
                good &= one("PostgreSQL", Race(tickets, processes=3, seed=seed), Path(made), place)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
