"""How two values of one item that are not the same may still say the same: as its kind of value is written."""

from __future__ import annotations

from collections.abc import Mapping

from flows import address_likeness, names
from flows.fields import Code, PartialDate, Text
from flows.guardian import HEADS
from flows.items import ITEMS
from flows.names import Likeness

PLACES = frozenset(key for key in ITEMS if key.endswith(".address")) | {
    "household.moved_from",
    "person.birth_place",
    "residence.city",
}
"""Items that say where, from a province down to a door."""

UNSAID: Mapping[str, frozenset[str]] = {"person.sex": frozenset("09"), "person.marriage": frozenset({"90"})}
"""Codes by which a register says that it does not know (GB/T 2261): they contradict nothing."""

STEPPED = frozenset({"household.relation", "guardian.household_relation", "person.marriage", "person.education"})
"""Items whose codes with a final 0 stand for all of their ten: 20 已婚 is also 21 初婚, 10 配偶 also 12 妻."""


def likeness(item: str, one: str, other: str) -> Likeness | None:
    """None when one contradicts the other. Both are canonical values; their order does not count."""
    if item in PLACES:
        return address_likeness.likeness(one, other)
    match ITEMS[item].kind:
        case PartialDate():
            return Likeness.CUT if one.startswith(f"{other}-") or other.startswith(f"{one}-") else None
        case Code():
            return _of_codes(item, {one, other})
        case Text():
            return names.likeness(one, other)
        case _:
            return None


def _of_codes(item: str, codes: set[str]) -> Likeness | None:
    if item in STEPPED and codes <= HEADS:
        return Likeness.SPELLING
    stepped = item in STEPPED and len({code[:1] for code in codes}) == 1 and any(code.endswith("0") for code in codes)
    return Likeness.CUT if stepped or codes & UNSAID.get(item, frozenset()) else None
