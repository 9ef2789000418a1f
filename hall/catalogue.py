"""The shared-data catalogue (公共数据资源目录): who has an item, the one with authority first, and who may ask for it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import msgspec

from flows.items import ITEMS
from flows.matters import MATTERS
from hall import datasets
from hall.datasets import Dataset, Declared, Withheld
from hall.departments.connection import OWN_KEY, Connection
from hall.departments.setting import SettingsWrong


@dataclass(frozen=True)
class Catalogue:
    """`suppliers` holds department codes by item, by authority (一数一源); `order` is the one order of departments that
    honours every item's. `providers` are the departments' unified social credit codes."""

    suppliers: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]
    datasets: tuple[Dataset, ...]
    providers: Mapping[str, str]

    def withheld(self, item: str, department: str, matter: str, today: date) -> Withheld:
        """Why this department's item may not be asked for this matter on that day; "" when it may."""
        return datasets.withheld(self.datasets, item, department, matter, today)


def load(path: Path, connections: Sequence[Connection], matters: Collection[str] = MATTERS) -> Catalogue:
    """Reads catalogue.toml; raises SettingsWrong with everything that does not fit the departments and matters."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        declared = msgspec.convert(table, type=Declared)
    except (OSError, ValueError) as error:
        said = error if isinstance(error, msgspec.ValidationError) else type(error).__name__
        raise SettingsWrong([f"{path.name}: cannot be read ({said})"]) from error
    known = {connection.code: connection for connection in connections}
    found = [*datasets.unknown(table), *_problems(declared.items, known), *datasets.problems(declared, known, matters)]
    if found:
        raise SettingsWrong([f"{path.name}: {problem}" for problem in found])
    providers = {one.code: one.provider for one in declared.department}
    return Catalogue(declared.items, _order(declared.items), declared.dataset, providers)


def _problems(suppliers: Mapping[str, tuple[str, ...]], known: Mapping[str, Connection]) -> Iterator[str]:
    yield from (f"{item} is no item of shared data" for item in suppliers if item not in ITEMS)
    for item, codes in suppliers.items():
        yield from (f"{item}: there is no department {code}" for code in codes if code not in known)
        yield from (f"{item}: {code} has no field for it" for code in codes if code in known and item not in known[code].items)
    for connection in known.values():
        givers = [known[code] for code in suppliers.get(connection.key, ()) if code in known]
        if connection.key != OWN_KEY and not any(giver.key == OWN_KEY for giver in givers):
            yield f"{connection.code}: no department that knows people by their number has its key {connection.key}"
    try:
        _order(suppliers)
    except CycleError as error:
        yield "the orders of authority contradict each other: " + ", ".join(dict.fromkeys(error.args[1]))


def _order(suppliers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Raises CycleError. Where the items leave it open, the department named first in the file goes first."""
    graph: TopologicalSorter[str] = TopologicalSorter()
    for codes in suppliers.values():
        for number, code in enumerate(codes):
            graph.add(code, *codes[:number])
    named = list(dict.fromkeys(code for codes in suppliers.values() for code in codes))
    graph.prepare()
    order: list[str] = []
    ready: list[str] = []
    while graph.is_active():
        ready = sorted((*ready, *graph.get_ready()), key=named.index)
        order.append(ready.pop(0))
        graph.done(order[-1])
    return tuple(order)
