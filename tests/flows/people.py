"""The specimens as identities, and as what the departments say of them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.application import Application, Assurance, Attached, Identity, Lookup, Outcome, Record, SourceAnswer
from flows.flow import Flow
from flows.fold import Given, State, fold, start

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 12, 4, tzinfo=UTC)
VISIT = "0198f3a2-7c11-7abc-9def-0123456789ab"
REGION = "440604"

_TABLE = tomllib.loads((Path(__file__).parents[2] / "assets" / "specimens" / "people.toml").read_text(encoding="utf-8"))
PEOPLE: Mapping[str, dict[str, Any]] = {person["key"]: person for person in _TABLE["person"]}
WITHOUT_CARD: Mapping[str, dict[str, Any]] = {person["key"]: person for person in _TABLE["without_card"]}
_EVERYBODY = {**PEOPLE, **WITHOUT_CARD}

# Department, its part of the register, and which item each key of that part answers.
DEPARTMENTS = {
    "household": (
        "household",
        {
            "number": "person.number",
            "name": "person.name",
            "former_name": "person.former_name",
            "sex": "person.sex",
            "ethnic_group": "person.ethnic_group",
            "birth": "person.birth",
            "birth_place": "person.birth_place",
            "address": "household.address",
            "police_station": "household.police_station",
            "station_code": "household.station_code",
            "family": "household.number",
            "relation": "household.relation",
        },
    ),
    "exit_entry": (
        "exit_entry",
        {
            "name": "person.name",
            "birth": "person.birth",
            "number": "permit.number",
            "issued": "permit.issued",
            "expiry": "permit.expiry",
            "surname": "permit.surname",
            "given_names": "permit.given_names",
            "route": "permit.route",
            "kinds": "permit.kinds",
            "hong_kong_until": "permit.hong_kong_until",
            "macau_until": "permit.macau_until",
            "macau_last": "permit.macau_last",
            "mobile": "contact.mobile",
            "passport": "passport.number",
            "passport_issued": "passport.issued",
            "passport_expiry": "passport.expiry",
        },
    ),
    "social_security": (
        "social_security",
        {
            "name": "person.name",
            "mobile": "contact.mobile",
            "employer": "employment.employer",
            "credit_code": "employment.credit_code",
            "occupation": "employment.occupation",
        },
    ),
    "market_regulation": ("company", {"name": "company.name", "status": "company.status"}),
    "population": (
        "residence",
        {
            "number": "residence.number",
            "address": "residence.address",
            "city": "residence.city",
            "issued": "residence.issued",
            "expiry": "residence.expiry",
            "basis": "residence.basis",
        },
    ),
}
AUTHORITY = ("household", "social_security", "exit_entry", "market_regulation", "population")


def identity(key: str) -> Identity:
    """What the resident card of a specimen says: its chip holds 15 characters of a name. Who has no card has typed
    the number."""
    person = _EVERYBODY[key]
    birth = date.fromisoformat(person["birth"])
    if key in WITHOUT_CARD:
        return Identity(person["number"], "", person["sex"], birth, "typed", Assurance.NONE)
    return Identity(
        number=person["number"],
        name=person["name"][:15],
        sex=person["sex"],
        birth=birth,
        document="resident_card",
        assurance=Assurance.SAM,
        ethnic_group=person["ethnic_group"],
        address=person["card_address"],
        card_expiry=None if person["card_to"] == "长期" else date.fromisoformat(person["card_to"]),
    )


def lookup(key: str, silent: Collection[str] = (), guardian: str = "") -> Lookup:
    """What the departments say of a specimen, and of the guardian's household; those in `silent` give no answer."""
    return Lookup(NOW, tuple(_answer(key, department, department in silent, guardian) for department in AUTHORITY))


def _answer(key: str, department: str, silent: bool, guardian: str) -> SourceAnswer:
    part, items = DEPARTMENTS[department]
    if silent:
        return SourceAnswer(department, department, Outcome.NO_ANSWER, reason="late")
    if part not in _EVERYBODY[key]:
        return SourceAnswer(department, department, Outcome.NO_RECORD)
    register = _EVERYBODY[key][part]
    # A household's `number` is the person's own; that of exit-entry is of the permit, that of residence of its card.
    known = register if part in ("exit_entry", "company", "residence") else {**_EVERYBODY[key], **register}
    if part == "exit_entry":
        known = {"name": _EVERYBODY[key]["name"], "birth": _EVERYBODY[key]["birth"], **register}
    as_of = datetime.fromisoformat(register["as_of"]).replace(tzinfo=UTC)
    doubt = register.get("doubt", "")
    records = tuple(Record(item, known[name], department, as_of, doubt) for name, item in items.items() if name in known)
    if guardian and part == "household":
        records = (*records, *_of_guardian(guardian, as_of))
    return SourceAnswer(department, department, Outcome.RECORD, records)


def _of_guardian(key: str, as_of: datetime) -> Iterator[Record]:
    register = PEOPLE[key]["household"]
    yield Record("guardian.household_number", register.get("family", ""), "household", as_of)
    yield Record("guardian.household_relation", register.get("relation", "01"), "household", as_of)


def begin_and_fold(flow: Flow, key: str, given: Mapping[str, Given], found: Lookup | None = None, *, guardian: str = "") -> State:
    """Where a specimen stands after giving this; `found` defaults to what the departments say."""
    acting = identity(guardian) if guardian else None
    found = found or lookup(key, guardian=guardian)
    return fold(flow, start(flow, identity(key), found, TODAY, region=REGION, guardian=acting), given)


def application(flow: Flow, key: str, state: State, *, guardian: str = "") -> Application:
    return Application(
        visit=VISIT,
        matter=flow.code,
        flow_version=flow.version,
        policy_version=flow.policy_version,
        identity=identity(key),
        answers=state.known.answers,
        submitted_at=NOW,
        guardian=identity(guardian) if guardian else None,
        attached=state.known.attached,
    )


def pictured(name: str, media_type: str = "image/png") -> Given:
    """A page whose only field is a picture, given."""
    attached = Attached(media_type, f"a picture of {name}".encode())
    return Given({name: attached.digest}, attached={attached.digest: attached})


ENDORSE = {
    "status": Given({"public_servant": "no", "soldier": "no"}),
    "permit": Given({}),
    "kind": Given({}),
    "hong_kong": Given({"hong_kong": "HK-G-12-2"}),
    "macau": Given({"macau": "MO-G-12-1"}),
    "who": Given({}),
    "former": Given({}),
    "household": Given({}),
    "pinyin": Given({}),
    "home": Given({"lives_at": "household"}),
    "contact": Given({}),
    "emergency": Given({"emergency_phone": "13902840011"}, frozenset({"emergency_name"})),
    "work": Given({}),
    "delivery": Given({"delivery": "PICKUP"}),
    "photo": pictured("photo", "image/jpeg"),
    "echannel": Given({"echannel": "yes"}),
    "echannel_signature": pictured("echannel_signature"),
    "declaration": pictured("signature"),
}
"""What the main person gives for a new permit with endorsements: everything else is known already."""
