"""Fictional people of the tests: their cards, and what the departments have of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from devices.document import DocumentKind, IdentityDocument, Verified
from flows.application import Lookup, Outcome, SourceAnswer
from flows.matters import MATTERS
from tests.registers import NOW, lookup_of

__all__ = ["NOW"]

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
HOLDER = replace(
    LYU,
    number="44060419880907102X",
    name="何知夏",
    birth=date(1988, 9, 7),
    address="广东省佛山市禅城区祖庙街道普君北路41号1502房",
    valid_from=date(2019, 2, 18),
    valid_to=date(2039, 2, 18),
)
MO = replace(LYU, number="440604198506150037", name="莫志恒", sex="1", birth=date(1985, 6, 15))

PERMIT_ITEMS = MATTERS["hk-macau-permit"].items
ALL_ANSWERED = lookup_of(LYU.number, PERMIT_ITEMS)
TITLES = {source.department: source.title for source in ALL_ANSWERED.sources}
RECORDS = {source.department: {r.item: r.value for r in source.records} for source in ALL_ANSWERED.sources}
AUTHORITY = tuple(TITLES)


def lookup(
    *,
    silent: Mapping[str, str] | None = None,
    changed: Mapping[str, str] | None = None,
    doubt: str = "",
    collected: Collection[str] = (),
    of: IdentityDocument = LYU,
) -> Lookup:
    """What the departments say for the permit. `silent`: department to reason; `doubt`: an item in doubt; `collected`:
    departments that are silent, and the base library stands in."""
    said = lookup_of(of.number, PERMIT_ITEMS)
    sources = (_changed(source, silent or {}, changed or {}, doubt) for source in said.sources)
    return replace(said, sources=tuple(_aged(source) if source.department in collected else source for source in sources))


def _aged(source: SourceAnswer) -> SourceAnswer:
    return replace(source, reason="down", collected_at=NOW - timedelta(days=4))


def _changed(source: SourceAnswer, silent: Mapping[str, str], changed: Mapping[str, str], doubt: str) -> SourceAnswer:
    if source.department in silent:
        return replace(source, outcome=Outcome.NO_ANSWER, records=(), reason=silent[source.department])
    values = [(record, changed.get(record.item, record.value)) for record in source.records]
    records = tuple(replace(r, value=v, doubt="in_inquiry" if r.item == doubt else r.doubt) for r, v in values if v)
    return replace(source, records=records)
