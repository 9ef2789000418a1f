"""The fictional people whom the demonstration departments know: the specimens and some sixty families."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hall.demo.families import families
from hall.demo.person import (
    Company,
    ExitEntry,
    Household,
    Medical,
    Person,
    Residence,
    ResidentCard,
    SocialSecurity,
    Vehicle,
)

SPECIMENS = Path(__file__).parents[2] / "assets" / "specimens" / "people.toml"
LAST_HEARD = "2024-01-01"


@cache
def everybody(specimens: Path = SPECIMENS) -> tuple[Person, ...]:
    """All people, the same at every start."""
    table = tomllib.loads(specimens.read_text("utf-8"))
    entries = (*table["person"], *table["without_card"])
    return (*(_specimen(entry) for entry in entries), *families())


def by_number() -> Mapping[str, Person]:
    return {person.number: person for person in everybody()}


def after(number: str) -> Person:
    """Somebody else: whom a confused department answers about."""
    return next(person for person in everybody() if person.number != number and person.exit_entry and person.social_security)


def _specimen(entry: Mapping[str, Any]) -> Person:
    name = entry["name"]
    part = {register: {"name": name, "as_of": LAST_HEARD, **entry[register]} for register in REGISTERS if register in entry}
    social = SocialSecurity(**part["social_security"]) if "social_security" in part else None
    card = entry.get("card_from") and ResidentCard(
        entry["card_from"], entry["card_to"].replace("长期", ""), entry["card_from"], **entry.get("resident_card", {})
    )
    return Person(
        number=entry["number"],
        name=name,
        sex=entry["sex"],
        ethnic_group=entry["ethnic_group"],
        birth=entry["birth"],
        household=Household(**part["household"]) if "household" in part else None,
        exit_entry=ExitEntry(**part["exit_entry"]) if "exit_entry" in part else None,
        social_security=social,
        company=Company(social.credit_code, **part["company"]) if social and "company" in part else None,
        medical=Medical(**{"name": name, "as_of": social.as_of, **entry.get("medical", {})}) if social else None,
        resident_card=card or None,
        residence=Residence(**entry["residence"]) if "residence" in entry else None,
        vehicle=Vehicle(**entry["vehicle"]) if "vehicle" in entry else None,
    )


REGISTERS = ("household", "exit_entry", "social_security", "company")
