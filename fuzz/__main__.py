"""Coverage-guided fuzzing of the devices: any bytes, and nothing but worded errors may come out of them."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import shlex
import sys
from collections.abc import Sequence

from fuzz.campaign import FOLDER, ROOT, Outcome, fuzzed
from fuzz.target import Target
from fuzz.targets import TARGETS

_ROW = "{:<18}{:>11}{:>9}{:>9}{:>8}{:>9}{:>9}"
_HEAD = _ROW.format("target", "runs", "runs/s", "corpus+", "edges", "peak MB", "crashes")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0, help="for all targets together (10)")
    options.add_argument("targets", nargs="*", metavar="TARGET", help=f"one of {', '.join(TARGETS)}; none: all")
    given = options.parse_args()
    if unknown := [name for name in given.targets if name not in TARGETS]:
        options.error(f"no such target: {', '.join(unknown)}")
    if importlib.util.find_spec("atheris") is None:
        print("The fuzzer is not installed: pip install atheris", file=sys.stderr)
        return 1
    targets = [TARGETS[name] for name in given.targets or TARGETS]
    return asyncio.run(_told(targets, given.minutes * 60))


async def _told(targets: Sequence[Target], seconds: float) -> int:
    print(_HEAD, flush=True)
    well = True
    async for outcome in fuzzed(targets, seconds):
        print(_line(outcome), flush=True)
        for repeat in _repeats(outcome):
            print(f"  {repeat}", flush=True)
        well = well and outcome.ended_well
    print(f"The corpus is in {FOLDER.relative_to(ROOT)}." if well else "Something was found.")
    return 0 if well else 1


def _line(outcome: Outcome) -> str:
    crashes = len(outcome.crashes) or int(not outcome.ended_well)
    return _ROW.format(
        outcome.target,
        f"{outcome.runs:,}",
        f"{outcome.runs_per_s:,}",
        outcome.new_entries,
        outcome.edges,
        outcome.peak_memory_mb,
        crashes,
    )


def _repeats(outcome: Outcome) -> list[str]:
    """What to type to see it again."""
    if not outcome.ended_well and not outcome.crashes:
        return [f"ended by itself: see {FOLDER.relative_to(ROOT) / outcome.target / 'log.txt'}"]
    return [f"python -m fuzz.worker {outcome.target} {shlex.quote(str(kept.relative_to(ROOT)))}" for kept in outcome.crashes]


if __name__ == "__main__":
    sys.exit(main())
