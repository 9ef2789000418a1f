"""The hall's store and pages against limits measured in the same run. `python -m benchmarks.hall [PART ...]`, 1 when one misses.

compare   submit and call-next as the service does them, against the very same statements on the bare database with one commit
          per command; 1, 8 and 64 clients
millions  the same commands with 1,000,000 waiting and 1,000,000 finished tickets, against an empty hall
slow      the same on a disk whose every fsync takes 10 ms more, against one commit per command there
crowd     200 clerks and 40 terminals over HTTP, 100 requests a second for a minute
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import crowd, fill, raw
from benchmarks.workload import CLIENTS, KINDS, Measured, Trace, opened, ours, traces
from hall.store.audit_file import Place
from hall.store.postgresql_address import PostgresqlAddress
from tests.hall.servers import Postgres, running_postgres

ROUNDS = 3
COMMANDS = {1: 300, 8: 800, 64: 1920}
MOST = max(CLIENTS)
LEAST_RATIO, MOST_COST, LEAST_ON_SLOW = 1.0, 1.3, 10.0
SLOW_US = 10_000
SERVER: Mapping[str, str | int] = {"shared_buffers": "256MB", "max_connections": 100, "max_wal_size": "4GB", "autovacuum": "on"}
ENGINES = ("SQLite", "PostgreSQL")


class Verdicts:
    """Prints each line as it is known, and remembers whether one missed."""

    def __init__(self) -> None:
        self.missed = 0

    def say(self, good: bool, words: str) -> None:
        self.missed += not good
        print(f"{'PASS  ' if good else 'MISSED'}  {words}", flush=True)


@dataclass
class Databases:
    """Empty ones, as many as are asked for."""

    folder: Path
    server: Postgres | None
    made: int = field(default=0)

    def new(self, engine: str) -> Place:
        self.made += 1
        if engine == "SQLite":
            return self.folder / f"hall-{self.made}.db"
        assert self.server
        self.server.run(f"CREATE DATABASE bench_{self.made} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        where = f"host={self.server.folder} port={self.server.port} user=owner dbname=bench_{self.made}"
        return PostgresqlAddress.read(f"postgresql:{where}")


@contextmanager
def databases(engines: Sequence[str] = ENGINES) -> Iterator[Databases]:
    with TemporaryDirectory(prefix="yimen-bench-") as made:
        if "PostgreSQL" not in engines:
            yield Databases(Path(made), None)
            return
        with running_postgres(fsync=True, **SERVER) as server:
            yield Databases(Path(made), server)


Rates = dict[str, Measured]
Pair = tuple[Rates, Rates]


async def _pair(engine: str, at: Databases, known: Mapping[str, Sequence[Trace]], count: int) -> Pair:
    """Ours and the limit, one after the other on the same disk."""
    numbers, place = range(COMMANDS[count]), at.new(engine)
    store = opened(place, at.folder)
    mine = {kind: await ours(store, kind, numbers, count) for kind in KINDS}
    await store.close()
    place = at.new(engine)
    await opened(place, at.folder).close()
    bare = raw.on_sqlite if isinstance(place, Path) else raw.on_postgresql
    limit = {kind: bare(place, known[kind][: len(numbers)], count) for kind in KINDS}  # type: ignore[arg-type]
    return mine, limit


def _best(pairs: Sequence[Pair], side: int, kind: str) -> Measured:
    return max((pair[side][kind] for pair in pairs), key=lambda one: one.per_s)


def compare(verdicts: Verdicts) -> None:
    with databases() as at:
        known = asyncio.run(traces(at.folder, range(max(COMMANDS.values()))))
        for engine in ENGINES:
            for count in CLIENTS:
                pairs = [asyncio.run(_pair(engine, at, known, count)) for _ in range(ROUNDS)]
                for kind in KINDS:
                    mine, limit = _best(pairs, 0, kind), _best(pairs, 1, kind)
                    ratio = mine.per_s / limit.per_s
                    words = f"{engine:10} {kind:9} {count:2} clients  {mine}   one commit each {limit}   {ratio:.2f} x"
                    verdicts.say(
                        count != MOST or ratio >= LEAST_RATIO, f"{words}{f' (>= {LEAST_RATIO})' if count == MOST else ''}"
                    )


def millions(verdicts: Verdicts) -> None:
    for engine in ENGINES:
        with databases([engine]) as at:
            empty, full = at.new(engine), at.new(engine)
            for place in (empty, full):
                asyncio.run(opened(place, at.folder).close())
            if isinstance(full, Path):
                fill.sqlite(full)
            else:
                fill.postgresql(full)
            rounds = asyncio.run(_in_turn(at, (empty, full)))
            for kind in KINDS:
                few, many = (_best(rounds, side, kind) for side in (0, 1))
                cost = few.per_s / many.per_s
                words = f"{engine:10} {kind:9} {MOST} clients  2,000,000 tickets {many}   empty {few}   cost {cost:.2f} x"
                verdicts.say(cost <= MOST_COST, f"{words} (<= {MOST_COST})")


async def _in_turn(at: Databases, places: tuple[Place, Place]) -> list[Pair]:
    """The empty and the full one in turn; the first time is for warming up."""
    stores = [opened(place, at.folder) for place in places]
    rounds = []
    for turn in range(ROUNDS + 1):
        numbers = range(turn * COMMANDS[MOST], (turn + 1) * COMMANDS[MOST])
        both = [{kind: await ours(store, kind, numbers, MOST) for kind in KINDS} for store in stores]
        rounds.append((both[0], both[1]))
    for store in stores:
        await store.close()
    return rounds[1:]


def slow(verdicts: Verdicts) -> None:
    """Again in a process whose fsync is slow, and so is that of the server it starts."""
    with TemporaryDirectory(prefix="yimen-slow-") as made:
        library = Path(made) / "slowsync.so"
        source = Path(__file__).with_name("slowsync.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)  # noqa: S603, S607
        Path(made).chmod(0o755)  # the server is another user
        slowed = {**os.environ, "LD_PRELOAD": str(library), "SLOW_US": str(SLOW_US)}
        done = subprocess.run([sys.executable, "-m", "benchmarks.hall", "on-a-slow-disk"], env=slowed, check=False)
        verdicts.missed += done.returncode


def on_a_slow_disk(verdicts: Verdicts) -> None:
    with databases() as at:
        known = asyncio.run(traces(at.folder, range(COMMANDS[8])))
        for engine in ENGINES:
            mine, limit = asyncio.run(_on_a_slow_disk(engine, at, known))
            for kind in KINDS:
                ratio = mine[kind].per_s / limit[kind].per_s
                words = f"{engine:10} {kind:9} {MOST} clients, fsync + {SLOW_US // 1000} ms  {mine[kind]}"
                verdicts.say(
                    ratio >= LEAST_ON_SLOW, f"{words}   one commit each {limit[kind]}   {ratio:.1f} x (>= {LEAST_ON_SLOW})"
                )


async def _on_a_slow_disk(engine: str, at: Databases, known: Mapping[str, Sequence[Trace]]) -> Pair:
    place = at.new(engine)
    store = opened(place, at.folder)
    mine = {kind: await ours(store, kind, range(COMMANDS[MOST]), MOST) for kind in KINDS}
    await store.close()
    place = at.new(engine)
    await opened(place, at.folder).close()
    bare = raw.on_sqlite if isinstance(place, Path) else raw.on_postgresql
    return mine, {kind: bare(place, known[kind][:512], MOST) for kind in KINDS}  # type: ignore[arg-type]


PARTS: Mapping[str, Callable[[Verdicts], None]] = {
    "compare": compare,
    "millions": millions,
    "slow": slow,
    "crowd": lambda verdicts: crowd.measure(verdicts.say),
}


def main(arguments: Sequence[str]) -> int:
    verdicts = Verdicts()
    if arguments == ["on-a-slow-disk"]:
        on_a_slow_disk(verdicts)
        return verdicts.missed
    if unknown := [part for part in arguments if part not in PARTS]:
        print(f"there is no part {unknown[0]}, only {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in arguments or PARTS:
        print(f"-- {name}", flush=True)
        PARTS[name](verdicts)
    return int(verdicts.missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
