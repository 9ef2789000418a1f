"""The fictional people whom the demonstration departments know: the specimens and some sixty families."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPECIMENS = Path(__file__).parents[2] / "assets" / "specimens" / "people.toml"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LAST_HEARD = "2024-01-01"


@dataclass(frozen=True)
class Household:
    """常住人口登记. `family` is the household's number (户号), `relation` GB/T 4761."""

    name: str
    address: str
    police_station: str
    birth_place: str
    as_of: str
    family: str = ""
    relation: str = "01"
    doubt: str = ""


@dataclass(frozen=True)
class ExitEntry:
    """The permit as exit-entry has it; `route` is all that a terminal may learn."""

    name: str
    number: str
    issued: str
    expiry: str
    surname: str
    given_names: str
    mobile: str
    route: str
    as_of: str
    doubt: str = ""


@dataclass(frozen=True)
class SocialSecurity:
    """The insured person and the employer who pays."""

    name: str
    mobile: str
    employer: str
    credit_code: str
    occupation: str
    as_of: str


@dataclass(frozen=True)
class Company:
    """A company in the register, found by its credit code."""

    credit_code: str
    name: str
    status: str
    as_of: str


@dataclass(frozen=True)
class Person:
    """One person and what each department has; None: that department has no record."""

    number: str
    name: str
    sex: str
    ethnic_group: str
    birth: str
    household: Household | None = None
    exit_entry: ExitEntry | None = None
    social_security: SocialSecurity | None = None
    company: Company | None = None


def check_digit(first_17: str) -> str:
    """GB 11643-1999."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def credit_code(region: str, organisation: str) -> str:
    """A unified social credit code (GB 32100-2015) of market regulation for an organisation of 8 signs."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    mod11 = 11 - sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(organisation, weights, strict=True)) % 11
    first_17 = f"91{region}{organisation}{'0123456789X0'[mod11]}"
    total = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_17))
    return first_17 + CREDIT_SIGNS[(31 - total % 31) % 31]


@cache
def everybody(specimens: Path = SPECIMENS) -> tuple[Person, ...]:
    """All people, the same at every start."""
    from hall.demo.families import families

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
