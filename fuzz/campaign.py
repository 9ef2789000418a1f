"""Every target for its share of the time, and what came of it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.target import Target

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "fuzz"
AT_ONCE = 2
INPUT_S = 25
"""So long one input may take on a machine that has much else to do: after that it hangs."""
MOST_MEMORY_MB = 512


@dataclass(frozen=True)
class Outcome:
    """What libFuzzer says at its end. `crashes` are the inputs that it kept."""

    target: str
    runs: int
    runs_per_s: int
    new_entries: int
    edges: int
    peak_memory_mb: int
    ended_well: bool
    crashes: tuple[Path, ...]


async def fuzzed(targets: Sequence[Target], seconds: float, folder: Path = FOLDER) -> AsyncIterator[Outcome]:
    """Two at a time; `seconds` is what all of them take together."""
    share_s = max(1, int(seconds * AT_ONCE / max(AT_ONCE, len(targets))))
    turn = asyncio.Semaphore(AT_ONCE)

    async def in_turn(target: Target) -> Outcome:
        async with turn:
            return await _fuzzed(target, share_s, folder / target.name)

    for ended in asyncio.as_completed([in_turn(target) for target in targets]):
        yield await ended


async def _fuzzed(target: Target, share_s: int, folder: Path) -> Outcome:
    corpus, findings = folder / "corpus", folder / "findings"
    for made in (corpus, findings):
        made.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number:02}").write_bytes(seed)
    before = set(findings.iterdir())
    options = (
        f"-max_total_time={share_s}",
        f"-timeout={INPUT_S}",
        f"-rss_limit_mb={MOST_MEMORY_MB}",
        f"-artifact_prefix={findings}{os.sep}",
        "-print_final_stats=1",
    )
    command = (sys.executable, "-m", "fuzz.worker", target.name, *options, str(corpus))
    with (folder / "log.txt").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=log, stderr=log)
        ended = await process.wait()
    said = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    crashes = tuple(sorted(set(findings.iterdir()) - before))
    return _outcome(target.name, said, ended_well=ended == 0, crashes=crashes)


def _outcome(name: str, said: str, *, ended_well: bool, crashes: tuple[Path, ...]) -> Outcome:
    def last(pattern: str) -> int:
        found = re.findall(pattern, said)
        return int(found[-1]) if found else 0

    return Outcome(
        target=name,
        runs=last(r"number_of_executed_units:\s*(\d+)"),
        runs_per_s=last(r"average_exec_per_sec:\s*(\d+)"),
        new_entries=last(r"new_units_added:\s*(\d+)"),
        edges=last(r"cov: (\d+)"),
        peak_memory_mb=last(r"peak_rss_mb:\s*(\d+)"),
        ended_well=ended_well,
        crashes=crashes,
    )
