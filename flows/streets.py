"""An address chosen step by step from the hall's own library: district, town, road; only the door is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.addresses import DISTRICT, Address, joined
from flows.fields import Choice, Option, Pattern
from flows.flow import ALWAYS, Field, Kind, Known, Page, When
from flows.policy import Dated, declare, read

OTHER = "other"
NOT_HERE = "不在这里面"
AT_THE_COUNTER = "由窗口填写"


@dataclass(frozen=True, kw_only=True)
class Library(Dated):
    """Roads by district (six digits) and town. `city` is four digits of GB/T 2260."""

    city: str
    districts: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True)
class Streets:
    library: tuple[Library, ...]


LIBRARIES = read(Streets, "streets").library
for _city in {library.city for library in LIBRARIES}:
    declare(f"streets of {_city}", [library for library in LIBRARIES if library.city == _city])


def address_pages(name: str, label: str, row: str, asked_when: When = ALWAYS) -> tuple[Page, ...]:
    """The pages of one address; its whole text is the answer `name`. What the library has not is left to the
    counter, with as much as is known. Two matters that ask the same `name` ask it once in a visit."""
    steps = _Steps(name)
    in_library = When("所在区在列表里时", lambda known: asked_when(known) and known[steps.district] not in ("", OTHER))
    on_a_road = When("路名在列表里时", lambda known: in_library(known) and known[steps.road] not in ("", OTHER))

    def field(step: str, words: str, kind: Kind, **more: Any) -> Field:
        return Field(name=step, label=words, kind=kind, row=row, shares=f"address.{step}", **more)

    def page(part: str, title: str, *fields: Field, when: When = in_library) -> Page:
        return Page(name=part, title=title, lead=label, asked_when=when, fields=fields)

    door = (
        field(steps.number, "门牌号", Pattern(r"\d{1,5}", "门牌号只写数字"), hint="例如 36"),
        field(steps.room, "房号", Pattern(r"\d{1,5}", "房号只写数字"), hint="例如 802；没有可以不填", required=False),
    )
    whole = Field(name=name, label=label, kind=Address(), row=row, locked=True, derive=steps.written, may_be_left=True)
    return (
        page(steps.district, "在哪个区", field(steps.district, "区", Choice(_districts, _district)), when=asked_when),
        page(steps.town, "在哪个镇街", field(steps.town, "镇、街道", Choice(steps.towns, _itself))),
        page(steps.road, "在哪条路", field(steps.road, "路名", Choice(steps.roads, _road))),
        page(f"{name}_door", "门牌号是多少", *door, when=on_a_road),
        page(name, label, whole, when=asked_when),
    )


@dataclass(frozen=True)
class _Steps:
    """The answers that lead to an address, and what each offers after the one before."""

    name: str

    @property
    def district(self) -> str:
        return f"{self.name}_district"

    @property
    def town(self) -> str:
        return f"{self.name}_town"

    @property
    def road(self) -> str:
        return f"{self.name}_road"

    @property
    def number(self) -> str:
        return f"{self.name}_number"

    @property
    def room(self) -> str:
        return f"{self.name}_room"

    def towns(self, known: Known) -> tuple[Option, ...]:
        return tuple(Option(each, each) for each in _towns(known, known[self.district]))

    def roads(self, known: Known) -> tuple[Option, ...]:
        here = _towns(known, known[self.district]).get(known[self.town], ())
        return (*(Option(each, each) for each in here), Option(OTHER, NOT_HERE, AT_THE_COUNTER))

    def written(self, known: Known) -> str:
        """The whole address; "" while a part of it is the counter's to write."""
        if OTHER in (known[self.district], known[self.road]) or not known[self.road]:
            return ""
        room = f"{known[self.room]}房" if known[self.room] else ""
        return joined(known[self.district], f"{known[self.town]}{known[self.road]}{known[self.number]}号{room}")


def _districts(known: Known) -> tuple[Option, ...]:
    """Those of the library; where the hall has none, the counter writes the whole address."""
    here = tuple(option for option in DISTRICT.options(known) if _towns(known, option.key))
    return (*here, Option(OTHER, NOT_HERE, AT_THE_COUNTER))


def _district(key: str) -> str:
    return NOT_HERE if key == OTHER else DISTRICT.shown(key)


def _towns(known: Known, district: str) -> Mapping[str, tuple[str, ...]]:
    found = [library for library in LIBRARIES if library.city == known.region[:4] and library.in_force(known.today)]
    return found[0].districts.get(district, {}) if found else {}


def _itself(key: str) -> str:
    return key


def _road(key: str) -> str:
    return NOT_HERE if key == OTHER else key
