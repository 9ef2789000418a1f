"""Verifies the audit of every hall in a store, without the hall: `python -m hall.verify FILE`, or `postgresql:ADDRESS`."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from hall.audit import Chain
from hall.store.audit_file import Place, audit_lines
from hall.store.postgresql_address import SCHEME, PostgresqlAddress


def judge(place: Place) -> dict[str, Chain]:
    """Every hall's chain in a store, followed to its end."""
    chains = {}
    for hall, of_hall in groupby(audit_lines(place), key=lambda found: found[0]):
        chains[hall] = Chain()
        chains[hall].follow(line for _, line in of_hall)
    return chains


def verify(place: Place) -> dict[str, int | None]:
    """The first broken line of every hall in a store; None where the chain is intact."""
    return {hall: chain.broken for hall, chain in judge(place).items()}


def main(arguments: list[str]) -> int:
    """Verifies a store without the hall; 1 when a chain is broken."""
    place = _place(arguments[0]) if len(arguments) == 1 else None
    if place is None:
        print("python -m hall.verify FILE: the hall's database file, or postgresql:ADDRESS without a password", file=sys.stderr)
        return 2
    chains = judge(place)
    for hall, chain in chains.items():
        if chain.broken is None:
            print(f"{hall}: {chain.lines} lines, intact, newest hash {chain.hash}")
        else:
            print(f"{hall}: broken at line {chain.broken} of {chain.lines}")
    return int(any(chain.broken is not None for chain in chains.values()))


def _place(written: str) -> Place | None:
    if not written.startswith(SCHEME):
        return Path(written) if Path(written).is_file() else None
    try:
        return PostgresqlAddress.read(written)
    except ValueError as error:
        print(f"the address {error}", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
