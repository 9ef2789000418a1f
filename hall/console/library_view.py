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
from hall.console.language import listed, say
from hall.libraries.measure import LibraryMeasure, Measure, Standing
from hall.libraries.setting import Daily, Every, Library, LibrarySettings, PeerSetting
from hall.store.libraries import ShelfState


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
        title=say(library.title),
        facts=_facts(library),
        shelves=tuple(_shelf(shelf, titles, now) for shelf in one.shelves),
        items=tuple(row for shelf in one.shelves for row in _items(shelf, titles, contradictions)),
        given=tuple(row for peer in settings.peers for row in _given(peer, library)),
    )


def _facts(library: Library) -> str:
    return say(
        "按{key}查找 · 超过 {hours} 小时未核实不再使用 · 超过 {days} 天删除",
        key=say(ITEMS[library.key].title),
        hours=library.serve_hours,
        days=library.keep_days,
    )


def _shelf(shelf: Measure, titles: Mapping[str, str], now: datetime) -> ShelfRow:
    state, department = shelf.state, shelf.source.shelf.department
    return ShelfRow(
        department=say(titles.get(department, department)),
        standing=shelf.standing,
        standing_word=say(words.STANDING[shelf.standing]),
        entries=f"{state.entries:,}",
        age="" if shelf.lag is None else _span(shelf.lag),
        collected=day_and_time(state.succeeded_at) if state.succeeded_at else "",
        last=_last(state) if state.succeeded_at else "",
        when=_when(shelf),
        next_try=say("马上") if shelf.next_try <= now else at_time(shelf.next_try)[:5],
        problem=_problem(state) if state.failures else "",
    )


def _last(state: ShelfState) -> str:
    return say(
        "变动 {changed}，注销 {gone}，用时 {took}",
        changed=f"{state.changed:,}",
        gone=f"{state.gone:,}",
        took=_took(state.took_ms),
    )


def _problem(state: ShelfState) -> str:
    why = words.COLLECTION_PROBLEM.get(state.problem, state.problem)
    return say("{why}，连续 {times} 次", why=say(why), times=state.failures)


def _items(shelf: Measure, titles: Mapping[str, str], contradictions: Mapping[str, int]) -> list[ItemRow]:
    entries, department = shelf.state.entries, shelf.source.shelf.department
    return [
        ItemRow(
            item=say(ITEMS[item].title),
            department=say(titles.get(department, department)),
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
            say(peer.title),
            listed(say(ITEMS[item].title) for item in grant.items),
            listed(say(PURPOSES.get(purpose) or _matter(purpose)) for purpose in grant.purposes),
        )
        for grant in peer.grants
        if grant.library == library.code
    ]


def _matter(code: str) -> str:
    return MATTERS[code].title if code in MATTERS else code


def _when(shelf: Measure) -> str:
    match shelf.source.when:
        case Every(minutes):
            whole = minutes >= 60 and not minutes % 60
            plan = say("每 {hours} 小时", hours=minutes // 60) if whole else say("每 {minutes} 分钟", minutes=minutes)
        case Daily(at):
            plan = say("每天 {time}", time=f"{at:%H:%M}")
        case never:
            assert_never(never)
    return say("{plan}，有变动即时", plan=plan) if shelf.source.on_change else plan


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return say("刚刚")
    if minutes < 120:
        return say("{minutes} 分钟前", minutes=minutes)
    if minutes < 72 * 60:
        return say("{hours} 小时前", hours=minutes // 60)
    return say("{days} 天前", days=minutes // 1440)


def _took(took_ms: int) -> str:
    return say("{ms} 毫秒", ms=took_ms) if took_ms < 1000 else say("{seconds} 秒", seconds=f"{took_ms / 1000:.1f}")
