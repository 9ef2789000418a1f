"""The fictional people whom the demonstration departments know: the specimens and some sixty families."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hall.demo.families import families
from hall.demo.person import Company, ExitEntry, Household, Person, SocialSecurity

SPECIMENS = Path(__file__).parents[2] / "assets" / "specimens" / "people.toml"
LAST_HEARD = "2024-01-01"


@cache
def everybody(specimens: Path = SPECIMENS) -> tuple[Person, ...]:
    """All people, the same at every start."""
    table = tomllib.loads(specimens.read_text("utf-8"))
    return (*(_specimen(entry) for entry in table["person"]), *families())


def by_number() -> Mapping[str, Person]:
    return {person.number: person for person in everybody()}


def after(number: str) -> Person:
    """Somebody else: whom a confused department answers about."""
    return next(person for person in everybody() if person.number != number and person.exit_entry and person.social_security)


def _specimen(entry: Mapping[str, Any]) -> Person:
    name = entry["name"]
    part = {register: {"name": name, "as_of": LAST_HEARD, **entry[register]} for register in REGISTERS if register in entry}
    social = SocialSecurity(**part["social_security"]) if "social_security" in part else None
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
    )


REGISTERS = ("household", "exit_entry", "social_security", "company")
