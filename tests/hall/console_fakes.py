"""The edges of a hall under its console: departments that answer from the specimens, one that is told the outcome."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.application import Application, Assurance, Attached, Decision, Identity, Lookup, Outcome, Record, SourceAnswer
from flows.correction import Correction
from flows.fold import Given, fold, start
from hall.access_log import access_log
from hall.correction_targets import CorrectionAnswer
from hall.departments.connection import Access, DepartmentFailure, Purpose
from hall.metrics import Metrics
from hall.rest_book import NotThere
from hall.store.store import Store
from hall.targets import Ending, Held, State
from hall.working_day import working_day
from tests.hall.stage_matters import PORTRAIT, SIGNED, STAGE_MATTERS

MORNING = datetime(2026, 11, 23, 1, 25, tzinfo=UTC)
SPECIMENS = Path(__file__).parents[2] / "assets" / "specimens" / "people.toml"
PEOPLE = {person["key"]: person for person in tomllib.loads(SPECIMENS.read_text(encoding="utf-8"))["person"]}
TITLES = {
    "household": "公安户籍",
    "exit_entry": "出入境管理",
    "social_security": "人力资源和社会保障",
    "market_regulation": "市场监督管理",
    "population": "公安人口",
    "traffic": "公安交管",
}
PARTS: Mapping[str, Mapping[str, str]] = {
    "household": {
        "address": "household.address",
        "police_station": "household.police_station",
        "birth_place": "person.birth_place",
    },
    "exit_entry": {
        "number": "permit.number",
        "issued": "permit.issued",
        "expiry": "permit.expiry",
        "surname": "permit.surname",
        "given_names": "permit.given_names",
        "route": "permit.route",
        "mobile": "contact.mobile",
    },
    "social_security": {
        "mobile": "contact.mobile",
        "employer": "employment.employer",
        "credit_code": "employment.credit_code",
        "occupation": "employment.occupation",
    },
    "market_regulation": {"name": "company.name", "status": "company.status"},
}
ALL_TELL = {code: ("person.name",) if code in ("household", "exit_entry") else () for code in PARTS}
SECTIONS = {"market_regulation": "company"}
ORDER = ("household", "social_security", "exit_entry", "market_regulation")


@dataclass
class Clock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def person(key: str) -> Identity:
    """A specimen as a terminal read the card."""
    one = PEOPLE[key]
    expiry = None if one["card_to"] == "长期" else date.fromisoformat(one["card_to"])
    born = date.fromisoformat(one["birth"])
    address, group = one["card_address"], one["ethnic_group"]
    sam = Assurance.SAM
    return Identity(one["number"], one["name"][:15], one["sex"], born, "resident_card", sam, group, address, expiry)


@dataclass
class SpecimenExchange:
    """Answers at once from the specimens; `silent` departments do not answer, `withheld` are items that a department
    does not tell, `changed` what a department has registered since, by item; "" for a record struck out."""

    store: Store
    clock: Clock
    silent: set[str] = field(default_factory=set)
    metrics: Metrics = field(default_factory=Metrics)
    withheld: dict[str, dict[str, str]] = field(default_factory=dict)
    changed: dict[str, dict[str, str]] = field(default_factory=dict)

    def forget(self, visit: str) -> None:
        """Nothing is remembered here."""

    async def lookup(
        self,
        identity: Identity,
        items: Sequence[str],
        purpose: Purpose,
        *,
        guardian: Identity | None = None,
        fresh: bool = False,
    ) -> Lookup:
        return Lookup(self.clock(), tuple([await self._ask(code, identity, items, purpose) for code in ORDER]))

    async def close(self) -> None:
        return None

    async def _ask(self, code: str, identity: Identity, items: Sequence[str], purpose: Purpose) -> SourceAnswer:
        withheld = {item: why for item, why in self.withheld.get(code, {}).items() if item in items}
        own = tuple(item for item in items if item in (*PARTS[code].values(), *ALL_TELL[code]) and item not in withheld)
        await access_log(self.store, self.clock)(Access(purpose, code, own, identity.number))
        one: dict[str, Any] = next((one for one in PEOPLE.values() if one["number"] == identity.number), {})
        part = one.get(SECTIONS.get(code, code))
        if code in self.silent:
            return SourceAnswer(code, TITLES[code], Outcome.NO_ANSWER, reason="late", elapsed_ms=2000, asked=own)
        if code == "market_regulation" and "social_security" not in one:
            return SourceAnswer(code, TITLES[code], Outcome.NOT_ASKED, reason="no_key", asked=own)
        if part is None:
            return SourceAnswer(code, TITLES[code], Outcome.NO_RECORD, elapsed_ms=20, asked=own)
        as_of = datetime.fromisoformat(part.get("as_of", "2026-06-01")).replace(tzinfo=UTC)
        told = {item: part[key] for key, item in PARTS[code].items() if key in part and item in items}
        if "person.name" in own:
            told["person.name"] = part.get("name", one["name"])
        told = {item: value for item, value in {**told, **self.changed.get(code, {})}.items() if item in own and value}
        doubt = part.get("doubt", "")
        return SourceAnswer(
            code,
            TITLES[code],
            Outcome.RECORD,
            tuple(Record(item, value, code, as_of, doubt) for item, value in told.items()),
            elapsed_ms=20,
            asked=own,
            withheld=withheld,
        )


@dataclass
class OutcomeTarget:
    """The department that is told; `answers` is set when it may answer."""

    department: str = "exit_entry"
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    given: dict[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    ended: list[tuple[str, str]] = field(default_factory=list)
    accepted: list[Application] = field(default_factory=list)
    poll_s: float = 2.0

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        if not self.answers.is_set():
            raise DepartmentFailure("down")
        self.accepted.append(application)
        return self.given.setdefault(key, f"4406042026{len(self.given) + 518:07}")

    def fingerprint(self, application: Application, decision: Decision) -> str:
        return f"sent {application.visit}"

    async def found(self, key: str) -> str:
        if not self.answers.is_set():
            raise DepartmentFailure("down")
        return self.given.get(key, "")

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        return number in self.given.values() and (not key or self.given.get(key) == number)

    async def listed(self, since: datetime) -> Sequence[Held] | None:
        if not self.answers.is_set():
            raise DepartmentFailure("down")
        return [Held(number, key, f"sent {key.partition(':')[0]}") for key, number in self.given.items()]

    async def state(self, number: str) -> State:
        return self.states.get(number, State("pending"))

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        self.ended.append((key, outcome))

    async def close(self) -> None:
        return None


@dataclass
class OwnerTarget:
    """A department that is asked about its own record; `says` is what it answers, the same to every request."""

    department: str
    says: CorrectionAnswer = field(default_factory=lambda: CorrectionAnswer("pending"))
    given: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[Correction, tuple[Attached, ...]]] = field(default_factory=list)
    poll_s: float = 2.0

    async def request(self, key: str, correction: Correction, evidence: Sequence[Attached]) -> str:
        self.asked.append((correction, tuple(evidence)))
        return self.given.setdefault(key, f"JH2026{len(self.given) + 31:05}")

    async def answer(self, key: str, number: str, item: str) -> CorrectionAnswer:
        if self.given.get(key) != number:
            raise NotThere
        return self.says

    async def close(self) -> None:
        return None


TYPED = {
    "hong_kong": "HK-G-12-2",
    "macau": "MO-G-12-1",
    "public_servant": "no",
    "soldier": "no",
    "mobile": "13802845678",
    "employer": "佛山市某某有限公司",
    "occupation": "职员",
    "photo": PORTRAIT.digest,
    "signature": SIGNED.digest,
    "register_traffic": "yes",
}


def filled_in(
    visit: str,
    identity: Identity,
    lookup: Lookup | None,
    at: datetime,
    left: frozenset[str] = frozenset(),
    matter: str = "hk-macau-permit",
    **said: str,
) -> Application:
    """What this citizen submits who reads every page of a matter and changes nothing."""
    flow = STAGE_MATTERS[matter]
    begin = start(flow, identity, lookup, working_day(at))
    values = {**TYPED, **{name: answer.value for name, answer in begin.answers.items()}, **said}
    pictures = {one.digest: one for one in (PORTRAIT, SIGNED)}
    given = {}
    for page in flow.pages:
        here = {f.name: values[f.name] for f in page.fields if f.name in values and f.name not in left}
        given[page.name] = Given(here, left, {value: pictures[value] for value in here.values() if value in pictures})
    state = fold(flow, begin, given)
    known = state.known
    return Application(
        visit,
        flow.code,
        flow.version,
        flow.policy_version,
        identity,
        known.answers,
        at,
        to_counter=state.page is not None,
        attached=known.attached,
    )
