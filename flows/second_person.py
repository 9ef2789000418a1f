"""复核: where a second person has to agree before a case is accepted: assets/policy/second_person.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.application import Application, Assurance
from flows.policy import Dated, declare, read

Occasion = Literal["always", "child_typed", "typed"]

_HOLDS: Mapping[Occasion, Callable[[Application], bool]] = {
    "always": lambda application: True,
    "child_typed": lambda application: application.guardian is not None and application.identity.assurance is Assurance.NONE,
    "typed": lambda application: application.identity.assurance is Assurance.NONE,
}


@dataclass(frozen=True, kw_only=True)
class Rule(Dated):
    """`why` is told to the clerk."""

    matter: str
    when: Occasion
    why: str


@dataclass(frozen=True, kw_only=True)
class SecondPerson:
    rule: tuple[Rule, ...]

    def why(self, application: Application, day: date) -> str:
        """Why a second person has to agree, in words; "" when nobody has to."""
        asked = (rule for rule in self.rule if rule.matter == application.matter and rule.in_force(day))
        return next((rule.why for rule in asked if _HOLDS[rule.when](application)), "")


SECOND_PERSON = read(SecondPerson, "second_person")
for _of in dict.fromkeys((rule.matter, rule.when) for rule in SECOND_PERSON.rule):
    declare(f"second person {' '.join(_of)}", [r for r in SECOND_PERSON.rule if (r.matter, r.when) == _of], may_lapse=True)
