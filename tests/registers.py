"""What the demonstration departments say of a specimen, without running them: their own rows, read by their own settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jmespath

from flows.application import Identity, Lookup, Outcome, Record, SourceAnswer
from hall.catalogue import Catalogue
from hall.catalogue import load as load_catalogue
from hall.demo import exit_entry, household, registers, social_security
from hall.demo.people import by_number
from hall.demo.person import Person
from hall.departments import connect, read_settings
from hall.departments.records import records_of
from hall.departments.setting import Setting
from hall.inquiries import inquiries
from tests.hall.fake_departments import everything_shared

NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)  # 09:12 in the hall
DEMO = Path(__file__).parent.parent / "hall" / "demo"
GUARDIAN_ITEMS = {"household.number": "guardian.household_number", "household.relation": "guardian.household_relation"}

Rows = Callable[[Person], Sequence[Mapping[str, Any]]]


def _household(person: Person) -> Sequence[Mapping[str, Any]]:
    if person.household is None:
        return []
    columns = household.COLUMNS.split(", ")
    return [dict(zip(columns, household.values(person), strict=True))]


def _social_security(person: Person) -> Sequence[Mapping[str, Any]]:
    if person.social_security is None:
        return []
    return [{f"d:{name}": text for name, text in social_security.fields(person)}]


def _exit_entry(person: Person) -> Sequence[Mapping[str, Any]]:
    return [exit_entry.shown(person, person.exit_entry)] if person.exit_entry else []


def _market_regulation(person: Person) -> Sequence[Mapping[str, Any]]:
    company = person.company
    if company is None:
        return []
    row = {"统一社会信用代码": company.credit_code, "企业名称": company.name, "登记状态": company.status}
    return [{**row, "文件日期": company.as_of}]


def _alone(shown: registers.Shown) -> Rows:
    """At most one row of a person."""
    return lambda person: [row] if (row := shown(person)) else []


ROWS: Mapping[str, Rows] = {
    "household": _household,
    "social_security": _social_security,
    "exit_entry": _exit_entry,
    "market_regulation": _market_regulation,
    **{name.replace("-", "_"): _alone(register.shown) for name, register in registers.REGISTERS.items()},
}


@cache
def settings() -> Mapping[str, Setting]:
    return {setting.code: setting for setting in read_settings(DEMO / "departments", Path("var"))}


@cache
def _catalogue() -> Catalogue:
    return load_catalogue(DEMO / "catalogue.toml", connect(read_settings(DEMO / "departments", Path("var"))))


def lookup_of(number: str, items: Sequence[str], *, silent: Sequence[str] = (), guardian: Identity | None = None) -> Lookup:
    """What a hall's look-up gives: only the departments that have any of the items, only these items."""
    person = by_number().get(number)
    sources = []
    known = _catalogue()
    for inquiry in inquiries(everything_shared(known.suppliers, known.order), items, "", NOW.date()):
        setting = settings()[inquiry.department]
        found = _answer(setting, person, inquiry.items, is_silent=setting.code in silent)
        sources.append(_with_guardian(found, setting, guardian, items))
    return Lookup(NOW, tuple(sources))


def _answer(setting: Setting, person: Person | None, items: Sequence[str], *, is_silent: bool) -> SourceAnswer:
    if is_silent:
        return SourceAnswer(setting.code, setting.title, Outcome.NO_ANSWER, reason="late")
    records = _records(setting, person, items)
    return SourceAnswer(setting.code, setting.title, Outcome.RECORD if records else Outcome.NO_RECORD, records)


def _records(setting: Setting, person: Person | None, items: Sequence[str]) -> tuple[Record, ...]:
    rows = ROWS[setting.code](person) if person else []
    return tuple(r for r in records_of(setting, rows, items, _read(setting)) if r.item in items)


def _read(setting: Setting) -> Callable[[Mapping[str, Any], str], object]:
    if setting.kind == "rest":
        return lambda row, path: jmespath.search(path, row)
    return lambda row, path: row.get(path.removeprefix("string(").removesuffix(")"))


def _with_guardian(found: SourceAnswer, setting: Setting, guardian: Identity | None, items: Sequence[str]) -> SourceAnswer:
    if guardian is None or setting.code != "household" or found.outcome is Outcome.NO_ANSWER:
        return found
    if not set(GUARDIAN_ITEMS.values()) & set(items):
        return found
    own = _records(setting, by_number().get(guardian.number), list(GUARDIAN_ITEMS))
    more = tuple(replace(record, item=GUARDIAN_ITEMS[record.item]) for record in own)
    return replace(found, records=(*found.records, *more))
