"""Which department is asked for what, and why not for the rest: settled by the catalogue before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hall.catalogue import Catalogue


@dataclass(frozen=True)
class Inquiry:
    """What one department is asked about one person. `withheld` says why others of the items, of which it has a field,
    are not asked for; with no item left it is not asked at all."""

    department: str
    items: tuple[str, ...]
    withheld: Mapping[str, str]


def inquiries(catalogue: Catalogue, items: Sequence[str], matter: str, today: date) -> tuple[Inquiry, ...]:
    """One for each department concerned, in order of authority.

    A department that has authority for none of the items is not asked: a name that another register answers is no
    reason to tell it who stands here. Where the one with authority withholds an item from this matter, the next that
    shares it takes its place. Where the one with authority is silent nobody does: its failure is no reason either, and
    the record of another that is asked anyway counts as it is, by `Lookup.records`.
    """
    wanted = [item for item in dict.fromkeys(items) if item in catalogue.suppliers]
    withheld: dict[str, dict[str, str]] = {code: {} for code in catalogue.order}
    sharing: dict[str, list[str]] = {}
    for item in wanted:
        for code in catalogue.suppliers[item]:
            if why := catalogue.withheld(item, code, matter, today):
                withheld[code][item] = why
        sharing[item] = [code for code in catalogue.suppliers[item] if item not in withheld[code]]
    leading = {codes[0] for codes in sharing.values() if codes}
    concerned = leading | {catalogue.suppliers[item][0] for item in wanted}
    return tuple(
        Inquiry(code, tuple(item for item in wanted if code in leading and code in sharing[item]), withheld[code])
        for code in catalogue.order
        if code in concerned
    )
