"""Inputs near the seeds without coverage: the same ones each time, for a short run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

_MOST_CHANGES = 4
_EDGES = (b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\x00\x00", b"\xff\xff", b"\x80\x00")


def variants(seeds: Sequence[bytes], count: int, longest: int) -> Iterator[bytes]:
    """First the seeds themselves, then so many others."""
    random = Random(0)  # noqa: S311
    yield from seeds
    for _ in range(count):
        entry = random.choice(seeds)
        for _ in range(random.randint(1, _MOST_CHANGES)):
            entry = _changed(entry, random, seeds)
        yield entry[:longest]


def _changed(entry: bytes, random: Random, seeds: Sequence[bytes]) -> bytes:
    at, stop = sorted((random.randint(0, len(entry)), random.randint(0, len(entry))))
    match random.randrange(6):
        case 0 if entry:
            at = min(at, len(entry) - 1)
            return entry[:at] + bytes((entry[at] ^ 1 << random.randrange(8),)) + entry[at + 1 :]
        case 1:
            return entry[:at] + random.randbytes(random.randint(1, 8)) + entry[at:]
        case 2:
            return entry[:at] + entry[stop:]
        case 3:
            edge = random.choice(_EDGES)
            return entry[:at] + edge + entry[at + len(edge) :]
        case 4:
            return entry[:at] + random.choice(seeds)[at:]
        case _:
            return entry[:stop] + entry[at:stop] + entry[stop:]
