"""The shared-data catalogue: which departments have an item, the one with authority first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from flows.items import ITEMS
from hall.departments.connection import OWN_KEY, Connection
from hall.departments.setting import SettingsWrong


@dataclass(frozen=True)
class Catalogue:
    """`suppliers` holds department codes by item, by authority (一数一源); `order` is the one order
    of departments that honours every item's."""

    suppliers: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]

    def withheld(self, item: str, department: str, matter: str, today: date) -> str:
        """Why this department's item may not be asked for this matter on that day: not_shared, not_for_matter or
        not_in_force; "" when it may."""
        return ""

    def items_from(self, department: str, items: Sequence[str]) -> tuple[str, ...]:
        """Those of `items` for which this department is to be asked. One that has authority for none of them is not
        asked at all: a name that another register answers is no reason to tell it who stands here."""
        if not any(self.suppliers.get(item, ("",))[0] == department for item in items):
            return ()
        return tuple(item for item in dict.fromkeys(items) if department in self.suppliers.get(item, ()))


def load(path: Path, connections: Sequence[Connection]) -> Catalogue:
    """Reads catalogue.toml; raises SettingsWrong with everything that does not fit the departments."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsWrong([f"{path.name}: cannot be read ({type(error).__name__})"]) from error
    items = table.get("items")
    if not isinstance(items, dict) or not all(_is_list_of_text(codes) for codes in items.values()):
        raise SettingsWrong([f"{path.name}: [items] must give a list of department codes for each item"])
    suppliers = {item: tuple(codes) for item, codes in items.items()}
    problems = [f"{path.name}: {problem}" for problem in _problems(suppliers, {c.code: c for c in connections})]
    if problems:
        raise SettingsWrong(problems)
    return Catalogue(suppliers, _order(suppliers))


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _problems(suppliers: Mapping[str, tuple[str, ...]], known: Mapping[str, Connection]) -> list[str]:
    problems = [f"{item} is no item of shared data" for item in suppliers if item not in ITEMS]
    for item, codes in suppliers.items():
        problems += [f"{item}: there is no department {code}" for code in codes if code not in known]
        problems += [f"{item}: {code} has no field for it" for code in codes if code in known and item not in known[code].items]
    for connection in known.values():
        givers = [known[code] for code in suppliers.get(connection.key, ()) if code in known]
        if connection.key != OWN_KEY and not any(giver.key == OWN_KEY for giver in givers):
            problems.append(f"{connection.code}: no department that knows people by their number has its key {connection.key}")
    try:
        _order(suppliers)
    except CycleError as error:
        problems.append("the orders of authority contradict each other: " + ", ".join(dict.fromkeys(error.args[1])))
    return problems


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
