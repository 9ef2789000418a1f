"""出入境管理: a modern department with REST and JSON, which also takes applications and gives them its own number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Litestar, post

from hall.demo.acceptances import Acceptances, routes
from hall.demo.behaviour import Mode, Place
from hall.demo.people import after, by_number
from hall.demo.person import ExitEntry, Person
from hall.demo.web import serve

PORT = 8101
ROUTES = {"terminal": "SELF", "counter": "WINDOW"}


@dataclass(frozen=True)
class Question:
    """Who is asked for; `items` are the fields wanted, as a protocol of the asking."""

    idNo: str  # noqa: N815
    items: list[str]


async def run(place: Place, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves until cancelled."""
    acceptances = Acceptances(place, "440600")
    try:
        await serve(application(place, acceptances), place, PORT if port is None else port, ready)
    finally:
        acceptances.close()


def application(place: Place, acceptances: Acceptances) -> Litestar:
    @post("/persons/query", status_code=200)
    async def query(data: Question) -> dict[str, list[dict[str, Any]]]:
        wrong = place.behaviour().mode is Mode.WRONG
        person = after(data.idNo) if wrong else by_number().get(data.idNo)
        return {"persons": [shown(person, person.exit_entry)] if person and person.exit_entry else []}

    return Litestar([query, *routes(acceptances)], openapi_config=None)


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
