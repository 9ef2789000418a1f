"""A fictional person, and what each demonstration department has about them."""

from __future__ import annotations

from dataclasses import dataclass

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


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
    former_name: str = ""
    station_code: str = ""
    moved_in: str = ""
    moved_from: str = ""


@dataclass(frozen=True)
class ExitEntry:
    """Permit and passports as exit-entry has them; `route` is all that a terminal may learn. `kinds` are the
    letters of endorsements that this person may ask for; `..._until` end what is still unused."""

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
    kinds: str = "DGLQST"
    fingerprints: bool = True
    hong_kong_until: str = ""
    macau_until: str = ""
    macau_last: str = ""
    passport: str = ""
    passport_issued: str = ""
    passport_expiry: str = ""
    taiwan: str = ""
    taiwan_issued: str = ""
    taiwan_expiry: str = ""


@dataclass(frozen=True)
class SocialSecurity:
    """The insured person and the employer who pays. `kinds` are codes of insurance types, `months` the months
    paid in all, `months_paid` those without a gap until now; `address` is what the insured once gave."""

    name: str
    mobile: str
    employer: str
    credit_code: str
    occupation: str
    as_of: str
    number: str = ""
    state: str = "insured"
    kinds: str = "110,210,410"
    since: str = "2014-07"
    months: str = "148"
    months_paid: str = "96"
    address: str = ""


@dataclass(frozen=True)
class Medical:
    """医疗保险: another authority's since 2018."""

    name: str
    as_of: str
    state: str = "insured"
    since: str = "2014-07"
    months: str = "148"


@dataclass(frozen=True)
class ResidentCard:
    """The last resident card as the issuing police have it."""

    issued: str
    expiry: str
    as_of: str
    state: str = "valid"
    fingerprints: bool = True


@dataclass(frozen=True)
class Residence:
    """居住证 of somebody whose household is registered elsewhere."""

    number: str
    address: str
    city: str
    issued: str
    expiry: str
    basis: str
    as_of: str


@dataclass(frozen=True)
class Vehicle:
    """A vehicle and the address on its licence."""

    plate: str
    address: str
    as_of: str


@dataclass(frozen=True)
class Company:
    """A company in the register, found by its credit code. `credit`: 1 on no list, 2 of abnormal operation, 3 of
    serious offences."""

    credit_code: str
    name: str
    status: str
    as_of: str
    credit: str = "1"


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
    medical: Medical | None = None
    resident_card: ResidentCard | None = None
    residence: Residence | None = None
    vehicle: Vehicle | None = None


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
