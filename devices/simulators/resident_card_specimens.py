"""Fictional cards of the resident card family, in the fields that the simulated module takes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devices.simulators.specimens import Specimen

CARDS = Path(__file__).parents[2] / "assets" / "specimens" / "resident_cards.toml"


@dataclass(frozen=True)
class ResidentCardSpecimen:
    """`fields` are those of a wish to the simulator, `kind` among them."""

    key: str
    note: str
    fields: Mapping[str, str]

    @property
    def kind(self) -> str:
        return self.fields["kind"]

    @property
    def name(self) -> str:
        return self.fields["name"]

    @property
    def number(self) -> str:
        return self.fields["number"]


def resident_card_specimens(path: Path = CARDS) -> tuple[ResidentCardSpecimen, ...]:
    rows: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["card"]
    return tuple(ResidentCardSpecimen(row.pop("key"), row.pop("note"), row) for row in rows)


def resident_card_fields(person: Specimen) -> Mapping[str, str]:
    """Of the 居民身份证 that this person would have."""
    return {
        "name": person.name,
        "sex": person.sex,
        "ethnic_group": person.ethnic_group,
        "birth": person.birth.isoformat(),
        "address": person.address,
        "number": person.number,
        "issuer": person.issuer,
        "valid_from": person.valid_from.isoformat(),
        "valid_to": person.valid_to,
    }
