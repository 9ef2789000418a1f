"""The specimens as identities, and as what four departments say of them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.application import Application, Assurance, Identity, Lookup, Outcome, Record, SourceAnswer
from flows.flow import Flow
from flows.fold import Given, State, fold, start

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 12, 4, tzinfo=UTC)
VISIT = "0198f3a2-7c11-7abc-9def-0123456789ab"

_TEXT = (Path(__file__).parents[2] / "assets" / "specimens" / "people.toml").read_text(encoding="utf-8")
PEOPLE: Mapping[str, dict[str, Any]] = {person["key"]: person for person in tomllib.loads(_TEXT)["person"]}

# Department, its part of the register, and which item each key of that part answers.
DEPARTMENTS = {
    "household": (
        "household",
        {
            "number": "person.number",
            "name": "person.name",
            "sex": "person.sex",
            "ethnic_group": "person.ethnic_group",
            "birth": "person.birth",
            "birth_place": "person.birth_place",
            "address": "household.address",
            "police_station": "household.police_station",
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
            "mobile": "contact.mobile",
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
}
AUTHORITY = ("household", "social_security", "exit_entry", "market_regulation")


def identity(key: str) -> Identity:
    """What the resident card of a specimen says: its chip holds 15 characters of a name."""
    person = PEOPLE[key]
    return Identity(
        number=person["number"],
        name=person["name"][:15],
        sex=person["sex"],
        birth=date.fromisoformat(person["birth"]),
        document="resident_card",
        assurance=Assurance.SAM,
        ethnic_group=person["ethnic_group"],
        address=person["card_address"],
        card_expiry=None if person["card_to"] == "长期" else date.fromisoformat(person["card_to"]),
    )


def lookup(key: str, silent: Collection[str] = ()) -> Lookup:
    """What the departments say of a specimen; those named in `silent` give no answer."""
    return Lookup(NOW, tuple(_answer(key, department, department in silent) for department in AUTHORITY))


def _answer(key: str, department: str, silent: bool) -> SourceAnswer:
    part, items = DEPARTMENTS[department]
    if silent:
        return SourceAnswer(department, department, Outcome.NO_ANSWER, reason="late")
    if part not in PEOPLE[key]:
        return SourceAnswer(department, department, Outcome.NO_RECORD)
    register = PEOPLE[key][part]
    # A household's `number` is the person's own; an exit-entry `number` is that of the permit.
    known = register if part in ("exit_entry", "company") else {**PEOPLE[key], **register}
    if part == "exit_entry":
        known = {"name": PEOPLE[key]["name"], "birth": PEOPLE[key]["birth"], **register}
    as_of = datetime.fromisoformat(register["as_of"]).replace(tzinfo=UTC)
    doubt = register.get("doubt", "")
    records = tuple(Record(item, known[name], department, as_of, doubt) for name, item in items.items() if name in known)
    return SourceAnswer(department, department, Outcome.RECORD, records)


def begin_and_fold(flow: Flow, key: str, given: Mapping[str, Given], found: Lookup | None = None) -> State:
    """Where a specimen stands after giving this; `found` defaults to what the departments say."""
    return fold(flow, start(flow, identity(key), found or lookup(key), TODAY), given)


def application(flow: Flow, key: str, state: State) -> Application:
    return Application(
        visit=VISIT,
        matter=flow.code,
        flow_version=flow.version,
        policy_version=flow.policy_version,
        identity=identity(key),
        answers=state.known.answers,
        submitted_at=NOW,
    )


ENDORSE = {
    "who": Given({}),
    "household": Given({}),
    "permit": Given({}),
    "work": Given({}),
    "contact": Given({}),
    "hong_kong": Given({"hong_kong": "HK-G-12-2"}),
    "macau": Given({"macau": "MO-G-12-1"}),
    "status": Given({"public_servant": "no", "soldier": "no"}),
    "delivery": Given({"delivery": "PICKUP"}),
}
"""What the main person gives: everything else is known already."""
