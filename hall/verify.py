"""Verifies the audit of every hall in a store, without the hall: `python -m hall.verify FILE`, or `postgresql:ADDRESS`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from hall.audit import Chain
from hall.store.audit_file import Place, audit_lines
from hall.store.postgresql_address import SCHEME, PostgresqlAddress


@dataclass(frozen=True)
class Verdict:
    """What was found of one hall's chain. `broken`: the number of the first line that is not what it was."""

    lines: int
    newest: str
    broken: int | None


def judge(place: Place) -> dict[str, Verdict]:
    """Every hall's chain in a store, read once."""
    verdicts = {}
    for hall, of_hall in groupby(audit_lines(place), key=lambda found: found[0]):
        chain = Chain()
        chain.follow(line for _, line in of_hall)
        verdicts[hall] = Verdict(chain.lines, chain.hash, chain.broken)
    return verdicts


def verify(place: Place) -> dict[str, int | None]:
    """The first broken line of every hall in a store; None where the chain is intact."""
    return {hall: verdict.broken for hall, verdict in judge(place).items()}


def main(arguments: list[str]) -> int:
    """Verifies a store without the hall; 1 when a chain is broken."""
    place = _place(arguments[0]) if len(arguments) == 1 else None
    if place is None:
        print("python -m hall.verify FILE: the hall's database file, or postgresql:ADDRESS without a password", file=sys.stderr)
        return 2
    verdicts = judge(place)
    for hall, verdict in verdicts.items():
        if verdict.broken is None:
            print(f"{hall}: {verdict.lines} lines, intact, newest hash {verdict.newest}")
        else:
            print(f"{hall}: broken at line {verdict.broken} of {verdict.lines}")
    return int(any(verdict.broken is not None for verdict in verdicts.values()))


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
