"""Fictional people of the tests: their cards, and what the departments have of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from devices.document import DocumentKind, IdentityDocument, Verified
from flows.application import Lookup, Outcome, Record, SourceAnswer

NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)  # 09:12 in the hall

LYU = IdentityDocument(
    kind=DocumentKind.RESIDENT_CARD,
    number="440602199202299863",
    name="吕晓岚",
    sex="2",
    birth=date(1992, 2, 29),
    media_id=0,
    device_id="",
    verified=Verified.SAM,
    ethnic_group="01",
    address="广东省佛山市禅城区石湾镇街道雾岗路12号503房",
    issuer="佛山市公安局禅城分局",
    valid_from=date(2018, 3, 12),
    valid_to=date(2038, 3, 12),
)
EXPIRED = replace(LYU, valid_from=date(2006, 11, 20), valid_to=date(2026, 11, 22))
OF_HONG_KONG = replace(LYU, kind=DocumentKind.RESIDENCE_PERMIT_HMT, number="810000199001010019", ethnic_group="")
WRONG_NUMBER = replace(LYU, number="440602199202299864")
MO = replace(LYU, number="440604198506150037", name="莫志恒", sex="1", birth=date(1985, 6, 15))

TITLES = {
    "household": "公安户籍",
    "exit_entry": "出入境管理",
    "social_security": "人力资源和社会保障",
    "market_regulation": "市场监督管理",
}

RECORDS: dict[str, dict[str, str]] = {
    "household": {
        "person.number": "440602199202299863",
        "person.name": "吕晓岚",
        "person.sex": "2",
        "person.ethnic_group": "01",
        "person.birth": "1992-02-29",
        "person.birth_place": "广东",
        "household.address": "广东省佛山市禅城区祖庙街道莲花路36号802房",
        "household.police_station": "佛山市公安局禅城分局祖庙派出所",
    },
    "exit_entry": {
        "permit.number": "CB2345678",
        "permit.issued": "2021-03-15",
        "permit.expiry": "2031-03-14",
        "permit.surname": "LYU",
        "permit.given_names": "XIAOLAN",
        "permit.route": "terminal",
        "contact.mobile": "13702840011",
    },
    "social_security": {
        "contact.mobile": "13802845678",
        "employment.employer": "佛山市禅城区云岫软件有限公司",
        "employment.credit_code": "91440604MA9XK7P27D",
        "employment.occupation": "软件技术",
    },
    "market_regulation": {"company.name": "佛山市禅城区云岫软件有限公司", "company.status": "存续"},
}
AUTHORITY = ("household", "social_security", "exit_entry", "market_regulation")


def lookup(*, silent: dict[str, str] | None = None, changed: dict[str, str] | None = None, doubt: str = "") -> Lookup:
    """What the departments say of LYU. `silent`: department to reason; `doubt`: an item in doubt."""
    return Lookup(NOW, tuple(_answer(code, silent or {}, changed or {}, doubt) for code in AUTHORITY))


def _answer(code: str, silent: dict[str, str], changed: dict[str, str], doubt: str) -> SourceAnswer:
    if code in silent:
        return SourceAnswer(code, TITLES[code], Outcome.NO_ANSWER, reason=silent[code])
    values = {item: changed.get(item, value) for item, value in RECORDS[code].items()}
    records = tuple(Record(i, v, code, NOW, "in_inquiry" if i == doubt else "") for i, v in values.items() if v)
    return SourceAnswer(code, TITLES[code], Outcome.RECORD, records)
