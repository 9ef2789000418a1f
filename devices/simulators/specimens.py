"""The fictional people whose cards can be laid on a virtual reader: assets/specimens/people.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PEOPLE = Path(__file__).parents[2] / "assets" / "specimens" / "people.toml"


@dataclass(frozen=True)
class Specimen:
    """What is written on a fictional person's cards. `valid_to` is a date, or 长期."""

    key: str
    name: str
    number: str
    sex: str
    ethnic_group: str
    birth: date
    address: str
    issuer: str
    valid_from: date
    valid_to: str
    card_version: str
    card_expiry: date
    card_number: str
    note: str


def specimens(path: Path = PEOPLE) -> tuple[Specimen, ...]:
    people: list[Mapping[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["person"]
    return tuple(_specimen(person) for person in people)


def find_specimen(wanted: str, path: Path = PEOPLE) -> Specimen | None:
    """A specimen by key, name or number."""
    return next((person for person in specimens(path) if wanted in (person.key, person.name, person.number)), None)


def _specimen(person: Mapping[str, str]) -> Specimen:
    return Specimen(
        key=person["key"],
        name=person["name"],
        number=person["number"],
        sex=person["sex"],
        ethnic_group=person["ethnic_group"],
        birth=date.fromisoformat(person["birth"]),
        address=person["card_address"],
        issuer=person["card_issuer"],
        valid_from=date.fromisoformat(person["card_from"]),
        valid_to=person["card_to"],
        card_version=person["ssc_version"],
        card_expiry=date.fromisoformat(person["ssc_expiry"]),
        card_number=person["card_number"],
        note=person["note"],
    )
