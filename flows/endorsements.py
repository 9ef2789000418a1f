"""Endorsements (签注): what can be had for which place, by whom and for how long, as dated policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from flows.fees import Entries
from flows.policy import Dated, PolicyError, declare, newest, on, read

Place = Literal["HK", "MO"]
Home = Literal["household", "residence"]
TO_THE_END = 0
"""A length in months: until the entry permit of the region ends."""


@dataclass(frozen=True, kw_only=True)
class EndorsementKind(Dated):
    """签注种类: the letter on the card. `where` it may be asked for: anywhere, in a home city of the person, in a
    home city that is listed, or in a talent area. `questions`: its offers depend on what the citizen answers."""

    letter: str
    title: str
    where: Literal["anywhere", "home", "listed_home", "talent_area"] = "anywhere"
    questions: bool = False


@dataclass(frozen=True, kw_only=True)
class Condition(Dated):
    """For whom and how an endorsement can be had.

    `who`: after these answers only, e.g. relations; or for anybody from `from_age` on. `counter`: the rest, or
    everybody, may have it from a clerk. `cities` and `district`: only for who is at home there, by one of `homes`.
    `officials`: public servants and soldiers too. `stay_from_first_entry`: the days run once, not each time.
    """

    stay_days: int
    stay_from_first_entry: bool = False
    who: tuple[str, ...] = ()
    from_age: int | None = None
    counter: Literal["", "others", "all"] = ""
    cities: tuple[str, ...] = ()
    district: str = ""
    homes: tuple[Home, ...] = ("household", "residence")
    officials: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule(Condition):
    """Rows of the policy file: the same condition for several places and lengths, each written MONTHS-ENTRIES."""

    kind: str
    places: tuple[Place, ...]
    lengths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One endorsement that can be had: a place, a kind, a length in months and how often."""

    place: Place
    kind: str
    months: int
    entries: Entries
    condition: Rule

    @property
    def key(self) -> str:
        return f"{self.place}-{self.kind}-{self.months}-{self.entries}"


@dataclass(frozen=True, kw_only=True)
class Interval(Dated):
    """How many days after an endorsement for a place another one for it may be asked for."""

    place: Place
    days: int


@dataclass(frozen=True, kw_only=True)
class TalentArea(Dated):
    """`regions` are beginnings of codes of GB/T 2260."""

    regions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CityAddition(Dated):
    cities: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Endorsements:
    kind: tuple[EndorsementKind, ...]
    rule: tuple[Rule, ...]
    interval: tuple[Interval, ...]


@dataclass(frozen=True, kw_only=True)
class TalentAreas:
    area: tuple[TalentArea, ...]


@dataclass(frozen=True, kw_only=True)
class Cities:
    addition: tuple[CityAddition, ...]


def expanded(rule: Rule) -> tuple[Offer, ...]:
    """Every offer of a row; raises PolicyError for a length that is not written as agreed."""
    offers = []
    for place in rule.places:
        for length in rule.lengths:
            months, _, times = length.partition("-")
            entries = next((known for known in get_args(Entries) if known == times), None)
            if entries is None or not months.isdecimal():
                raise PolicyError(f"{rule.kind}: no length is written {length}")
            offers.append(Offer(place=place, kind=rule.kind, months=int(months), entries=entries, condition=rule))
    return tuple(offers)


_TABLES = read(Endorsements, "endorsements")
_CITIES = read(Cities, "g_cities")
_TALENT_AREAS = read(TalentAreas, "talent_areas").area
ALL_KINDS = _TABLES.kind
ALL_OFFERS = tuple(offer for rule in _TABLES.rule for offer in expanded(rule))
"""In force or not: old applications keep their words."""

for _letter in {kind.letter for kind in ALL_KINDS}:
    declare(f"kind {_letter}", [kind for kind in ALL_KINDS if kind.letter == _letter])
for _key in {offer.key for offer in ALL_OFFERS}:
    declare(f"offer {_key}", [offer.condition for offer in ALL_OFFERS if offer.key == _key], may_lapse=True)
declare("interval MO", [row for row in _TABLES.interval if row.place == "MO"])

VERSION = f"endorsements {newest([*ALL_KINDS, *_TABLES.rule, *_TALENT_AREAS])}; cities {newest(_CITIES.addition)}"
"""The newest dates of the tables; applications keep it."""


def kinds_on(day: date) -> tuple[EndorsementKind, ...]:
    return tuple(kind for kind in ALL_KINDS if kind.in_force(day))


def kind_on(day: date, letter: str) -> EndorsementKind | None:
    return next((kind for kind in kinds_on(day) if kind.letter == letter), None)


def offers_on(day: date, place: Place, letter: str) -> tuple[Offer, ...]:
    return tuple(o for o in ALL_OFFERS if (o.place, o.kind) == (place, letter) and o.condition.in_force(day))


def offer_on(day: date, key: str) -> Offer | None:
    """An offer by its key as it is on a day; one that has ended still has its words and price."""
    found = [offer for offer in ALL_OFFERS if offer.key == key]
    return next((offer for offer in found if offer.condition.in_force(day)), found[0] if found else None)


def days_apart(day: date, place: Place) -> int:
    rows = [row for row in _TABLES.interval if row.place == place]
    return on(day, rows, f"interval {place}").days if rows else 0


def is_talent_area(day: date, region: str) -> bool:
    return any(region.startswith(area.regions) for area in _TALENT_AREAS if area.in_force(day))


def cities_on(day: date) -> frozenset[str]:
    """Cities whose residents may have individual tourism on that day."""
    found = [addition for addition in _CITIES.addition if addition.in_force(day)]
    if not found:
        raise PolicyError(f"no list of cities is in force on {day.isoformat()}")
    return frozenset(city for addition in found for city in addition.cities)
