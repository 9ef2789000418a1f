"""公安人口, 公安交管, 医疗保障: three registers that answer REST with JSON, each in field names of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from litestar import Litestar, post

from hall.demo import corrections
from hall.demo.acceptances import Acceptances, routes
from hall.demo.behaviour import Mode, Place
from hall.demo.corrections import Corrections
from hall.demo.people import after, by_number, everybody
from hall.demo.person import Person
from hall.demo.web import serve

PART = 10
"""Entries in one part of a collection."""

Shown = Callable[[Person], dict[str, Any] | None]


@dataclass(frozen=True)
class Register:
    """One department: its port, what its own numbers begin with, how it shows a person, and the parts of a person that
    its officer can correct, with their columns by item."""

    port: int
    prefix: str
    shown: Shown
    columns: Mapping[str, Mapping[str, str]]

    async def run(self, place: Place, port: int | None, ready: Callable[[str], None]) -> None:
        """Serves until cancelled."""
        items = [item for part in self.columns.values() for item in part]
        acceptances, asked = Acceptances(place, self.prefix), Corrections(place, self.prefix, items)
        try:
            await serve(self._application(place, acceptances, asked), place, self.port if port is None else port, ready)
        finally:
            acceptances.close()
            asked.close()

    def _application(self, place: Place, acceptances: Acceptances, asked: Corrections) -> Litestar:
        @post("/query", status_code=200)
        async def query(data: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
            number = str(data.get("sfzh", ""))
            person = after(number) if place.behaviour().mode is Mode.WRONG else by_number().get(number)
            row = self.shown(self._as_corrected(person, asked)) if person else None
            return {"rows": [row] if row else []}

        @post("/changes", status_code=200)
        async def changes(data: dict[str, str]) -> dict[str, Any]:
            entries = self._entries()
            since = int(data.get("since") or 0)
            until = min(since + PART, len(entries))
            return {"rows": entries[since:until], "next": str(until), "more": until < len(entries)}

        return Litestar([query, changes, *routes(acceptances), *corrections.routes(asked)], openapi_config=None)

    def _entries(self) -> list[dict[str, Any]]:
        """The whole register in the order of its changes; a mark is how many of them have been told."""
        shown = (self.shown(person) for person in everybody())
        return sorted((row for row in shown if row), key=lambda row: (row["gxsj"], row["sfzh"]))

    def _as_corrected(self, person: Person, asked: Corrections) -> Person:
        parts = {part: getattr(person, part) for part in self.columns}
        return replace(
            person,
            **{
                part: asked.as_corrected(person.number, entry, self.columns[part])
                for part, entry in parts.items()
                if entry is not None
            },
        )


def population(person: Person) -> dict[str, Any] | None:
    card, residence = person.resident_card, person.residence
    if card is None and residence is None:
        return None
    told: dict[str, Any] = {"sfzh": person.number, "xm": person.name, "gxsj": (residence or card).as_of}  # type: ignore[union-attr]
    if card:
        told["sfz"] = {"qfrq": card.issued, "yxqz": card.expiry, "zt": card.state, "zw": "1" if card.fingerprints else "0"}
    if residence:
        told["jzz"] = {
            "zjhm": residence.number,
            "dz": residence.address,
            "cs": residence.city,
            "qfrq": residence.issued,
            "yxqz": residence.expiry,
            "sy": residence.basis,
        }
    return told


def traffic(person: Person) -> dict[str, Any] | None:
    vehicle = person.vehicle
    if vehicle is None:
        return None
    return {"sfzh": person.number, "xm": person.name, "hphm": vehicle.plate, "xszdz": vehicle.address, "gxsj": vehicle.as_of}


def medical_insurance(person: Person) -> dict[str, Any] | None:
    entry = person.medical
    if entry is None:
        return None
    return {
        "sfzh": person.number,
        "xm": entry.name,
        "cbzt": entry.state,
        "sccb": entry.since,
        "ljjf": entry.months,
        "gxsj": entry.as_of,
    }


REGISTERS = {
    "population": Register(
        8104,
        "RK",
        population,
        {
            "residence": {"residence.number": "number", "residence.address": "address", "residence.city": "city"},
            "resident_card": {"resident_card.issued": "issued", "resident_card.expiry": "expiry"},
        },
    ),
    "traffic": Register(8105, "JG", traffic, {"vehicle": {"vehicle.plate": "plate", "vehicle.address": "address"}}),
    "medical-insurance": Register(
        8106,
        "YB",
        medical_insurance,
        {"medical": {"person.name": "name", "medical.state": "state", "medical.since": "since", "medical.months": "months"}},
    ),
}
