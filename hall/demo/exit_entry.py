"""出入境管理: a modern department with REST and JSON, which also takes applications and gives them its own number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Litestar, post

from hall.demo import corrections, making, own_system
from hall.demo.acceptances import Acceptances, routes
from hall.demo.behaviour import Mode, Place
from hall.demo.corrections import Corrections
from hall.demo.making import Making
from hall.demo.own_system import OPEN_PATH, OwnSystem
from hall.demo.people import after, by_number
from hall.demo.person import ExitEntry, Person
from hall.demo.web import serve

PORT = 8101
COLUMNS = {
    "permit.number": "number",
    "permit.issued": "issued",
    "permit.expiry": "expiry",
    "permit.surname": "surname",
    "permit.given_names": "given_names",
    "passport.number": "passport",
    "passport.issued": "passport_issued",
    "passport.expiry": "passport_expiry",
    "taiwan.number": "taiwan",
    "taiwan.issued": "taiwan_issued",
    "taiwan.expiry": "taiwan_expiry",
    "contact.mobile": "mobile",
}
ROUTES = {"terminal": "SELF", "counter": "WINDOW"}


@dataclass(frozen=True)
class Question:
    """Who is asked for; `items` are the fields wanted, as a protocol of the asking."""

    idNo: str  # noqa: N815
    items: list[str]


async def run(place: Place, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves until cancelled."""
    acceptances, asked = Acceptances(place, "440600"), Corrections(place, "CRJ", COLUMNS)
    made, system = Making(place, acceptances), OwnSystem(place, acceptances)
    try:
        app = application(place, acceptances, asked, made, system)
        await serve(app, place, PORT if port is None else port, ready, open_path=OPEN_PATH)
    finally:
        made.close()
        acceptances.close()
        asked.close()
        system.close()


def application(place: Place, acceptances: Acceptances, asked: Corrections, made: Making, system: OwnSystem) -> Litestar:
    @post("/persons/query", status_code=200)
    async def query(data: Question) -> dict[str, list[dict[str, Any]]]:
        wrong = place.behaviour().mode is Mode.WRONG
        person = after(data.idNo) if wrong else by_number().get(data.idNo)
        entry = person.exit_entry if person else None
        if person is None or entry is None:
            return {"persons": []}
        return {"persons": [shown(person, asked.as_corrected(person.number, entry, COLUMNS))]}

    every = [*routes(acceptances), *making.routes(made), *corrections.routes(asked), *own_system.routes(system)]
    return Litestar([query, *every], openapi_config=None)


def shown(person: Person, entry: ExitEntry) -> dict[str, Any]:
    """A person as this department's interface writes them."""
    return {
        "idNo": person.number,
        "name": entry.name,
        "birthDate": person.birth,
        "permit": {
            "no": entry.number,
            "issueDate": entry.issued,
            "expiryDate": entry.expiry,
            "endorsements": {"hk": entry.hong_kong_until, "mo": entry.macau_until, "moLast": entry.macau_last},
            "mayApply": entry.kinds,
        },
        "passport": {"no": entry.passport, "issueDate": entry.passport_issued, "expiryDate": entry.passport_expiry},
        "taiwanPermit": {"no": entry.taiwan, "issueDate": entry.taiwan_issued, "expiryDate": entry.taiwan_expiry},
        "pinyin": {"surname": entry.surname, "givenNames": entry.given_names},
        "fingerprints": "Y" if entry.fingerprints else "N",
        "route": ROUTES[entry.route],
        "mobile": entry.mobile,
        "underReview": entry.doubt,
        "updatedAt": f"{entry.as_of}T09:00:00+08:00",
    }
