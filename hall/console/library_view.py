"""The base libraries as the console draws them: how old each shelf is, how whole, and who else gets what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from flows.items import ITEMS
from flows.matters import MATTERS
from flows.usage import PURPOSES
from hall.console import words
from hall.console.clock import at_time, day_and_time
from hall.libraries.measure import LibraryMeasure, Measure, Standing
from hall.libraries.setting import Daily, Every, Library, LibrarySettings, PeerSetting


@dataclass(frozen=True)
class ShelfRow:
    """One department's part of a library."""

    department: str
    standing: Standing
    standing_word: str
    entries: str
    age: str
    collected: str
    last: str
    when: str
    next_try: str
    problem: str


@dataclass(frozen=True)
class ItemRow:
    """One item of one department: how many entries have it, and what is wrong with it. `share` is in whole percents."""

    item: str
    department: str
    share: int
    has: str
    doubtful: str
    contradictory: str


@dataclass(frozen=True)
class GivenRow:
    """What another hall may have of a library."""

    peer: str
    items: str
    purposes: str


@dataclass(frozen=True)
class LibraryView:
    """One library."""

    code: str
    title: str
    facts: str
    shelves: tuple[ShelfRow, ...]
    items: tuple[ItemRow, ...]
    given: tuple[GivenRow, ...]


def library_views(
    found: tuple[LibraryMeasure, ...], settings: LibrarySettings, titles: Mapping[str, str], now: datetime
) -> tuple[LibraryView, ...]:
    """`titles` are the departments' names by code."""
    return tuple(_library(one, settings, titles, now) for one in found)


def _library(one: LibraryMeasure, settings: LibrarySettings, titles: Mapping[str, str], now: datetime) -> LibraryView:
    library, contradictions = one.library, dict(one.contradictions)
    return LibraryView(
        code=library.code,
        title=library.title,
        facts=_facts(library),
        shelves=tuple(_shelf(shelf, titles, now) for shelf in one.shelves),
        items=tuple(row for shelf in one.shelves for row in _items(shelf, titles, contradictions)),
        given=tuple(row for peer in settings.peers for row in _given(peer, library)),
    )


def _facts(library: Library) -> str:
    key = ITEMS[library.key].title
    return f"按{key}查找 · 超过 {library.serve_hours} 小时未核实不再使用 · 超过 {library.keep_days} 天删除"


def _shelf(shelf: Measure, titles: Mapping[str, str], now: datetime) -> ShelfRow:
    state, department = shelf.state, shelf.source.shelf.department
    last = f"变动 {state.changed:,}，注销 {state.gone:,}，用时 {_took(state.took_ms)}" if state.succeeded_at else ""
    problem = f"{words.COLLECTION_PROBLEM.get(state.problem, state.problem)}，连续 {state.failures} 次" if state.failures else ""
    return ShelfRow(
        department=titles.get(department, department),
        standing=shelf.standing,
        standing_word=words.STANDING[shelf.standing],
        entries=f"{state.entries:,}",
        age="" if shelf.lag is None else _span(shelf.lag),
        collected=day_and_time(state.succeeded_at) if state.succeeded_at else "",
        last=last,
        when=_when(shelf),
        next_try="马上" if shelf.next_try <= now else at_time(shelf.next_try)[:5],
        problem=problem,
    )


def _items(shelf: Measure, titles: Mapping[str, str], contradictions: Mapping[str, int]) -> list[ItemRow]:
    entries, department = shelf.state.entries, shelf.source.shelf.department
    return [
        ItemRow(
            item=ITEMS[item].title,
            department=titles.get(department, department),
            share=share.has * 100 // entries if entries else 0,
            has=f"{share.has:,}",
            doubtful=f"{share.doubtful:,}" if share.doubtful else "",
            contradictory=f"{contradictions[item]:,}" if item in contradictions else "",
        )
        for item, share in shelf.shares
    ]


def _given(peer: PeerSetting, library: Library) -> list[GivenRow]:
    return [
        GivenRow(
            peer.title,
            "、".join(ITEMS[item].title for item in grant.items),
            "、".join(PURPOSES.get(purpose) or _matter(purpose) for purpose in grant.purposes),
        )
        for grant in peer.grants
        if grant.library == library.code
    ]


def _matter(code: str) -> str:
    return MATTERS[code].title if code in MATTERS else code


def _when(shelf: Measure) -> str:
    match shelf.source.when:
        case Every(minutes):
            plan = f"每 {minutes} 分钟" if minutes < 60 or minutes % 60 else f"每 {minutes // 60} 小时"
        case Daily(at):
            plan = f"每天 {at:%H:%M}"
        case never:
            assert_never(never)
    return f"{plan}，有变动即时" if shelf.source.on_change else plan


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "刚刚"
    if minutes < 120:
        return f"{minutes} 分钟前"
    return f"{minutes // 60} 小时前" if minutes < 72 * 60 else f"{minutes // 1440} 天前"


def _took(took_ms: int) -> str:
    return f"{took_ms} 毫秒" if took_ms < 1000 else f"{took_ms / 1000:.1f} 秒"
