"""Kinds of social insurance and whose facts they are: assets/policy/insurance.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.fields import Pattern
from flows.policy import Dated, declare, newest, read


@dataclass(frozen=True, kw_only=True)
class InsuranceKind(Dated):
    """险种. `department` answers for it: medical insurance (310) left social security in 2018."""

    code: str
    title: str
    department: str


@dataclass(frozen=True, kw_only=True)
class Insurance:
    kind: tuple[InsuranceKind, ...]


_INSURANCE = read(Insurance, "insurance")
for _code in sorted({kind.code for kind in _INSURANCE.kind}):
    declare(f"insurance {_code}", [kind for kind in _INSURANCE.kind if kind.code == _code])

VERSION = f"insurance {newest(_INSURANCE.kind)}"
TITLES = {kind.code: kind.title for kind in _INSURANCE.kind}


def kinds_on(day: date) -> tuple[InsuranceKind, ...]:
    return tuple(kind for kind in _INSURANCE.kind if kind.in_force(day))


@dataclass(frozen=True)
class Codes(Pattern):
    """Codes of kinds with commas between them, shown by their titles."""

    form: str = r"\d{3}(,\d{3})*"
    wrong: str = "险种代码不正确"

    def shown(self, value: str) -> str:
        return "、".join(TITLES.get(code, code) for code in value.split(","))
