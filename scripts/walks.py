"""Walks every matter many times and says what became of it: `python -m scripts.walks [--walks 10000] [MATTER ...]`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random

from flows.matters import MATTERS
from tests.flows.walking import visitor, walk


@dataclass
class Figures:
    """What became of the walks of one matter. `turned` counts, by page, how often it had no answer as things stood."""

    code: str
    walks: int = 0
    submitted: int = 0
    counter: int = 0
    touches: int = 0
    seen: set[str] = field(default_factory=set)
    turned: Counter[str] = field(default_factory=Counter)
    failures: dict[str, int] = field(default_factory=dict)


def figures(code: str, walks: int) -> Figures:
    """Every walk has its number for a seed, so that a failing one can be repeated."""
    flow, found = MATTERS[code], Figures(code, walks)
    for seed in range(walks):
        chance = Random(seed)
        try:
            walked = walk(flow, chance, visitor(flow, chance))
        except AssertionError as error:
            found.failures.setdefault(str(error).splitlines()[0], seed)
            continue
        found.submitted += not walked.counter
        found.counter += walked.counter
        found.touches += walked.touches
        found.seen |= walked.pages
        found.turned.update(walked.turned)
    return found


def said(found: Figures) -> str:
    names = [page.name for page in MATTERS[found.code].pages]
    lines = [
        f"{found.code}: {found.walks} walks, {found.submitted} submitted, {found.counter} to the counter, "
        f"{found.touches / max(1, found.walks):.1f} touches each, {len(found.seen)} of {len(names)} pages seen"
    ]
    if never := [name for name in names if name not in found.seen]:
        lines.append(f"  never seen: {', '.join(never)}")
    if found.turned:
        lines.append("  had no answer as things stood: " + ", ".join(f"{name} {n}" for name, n in found.turned.most_common()))
    lines += [f"  FAILED, first in walk {seed}: {words}" for words, seed in found.failures.items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts.walks")
    parser.add_argument("matters", nargs="*", default=sorted(MATTERS), metavar="MATTER")
    parser.add_argument("--walks", type=int, default=10_000)
    asked = parser.parse_args()
    failed = 0
    with ProcessPoolExecutor() as processes:
        for found in processes.map(figures, asked.matters, [asked.walks] * len(asked.matters)):
            print(said(found), flush=True)
            failed += bool(found.failures)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
