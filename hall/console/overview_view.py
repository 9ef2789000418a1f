"""The hall overview as its page draws it: what stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.flow import Matters
from flows.heartbeat import Counted, Heartbeat, PartKind
from hall.breaker import Spared
from hall.console import overview_words, queue_words
from hall.console.clock import at_time
from hall.console.language import listed, say
from hall.heartbeats import Mood, TerminalStanding
from hall.line_policy import CLASSES, words_of
from hall.overview import MOST_WAITING, Now, WindowNow, WindowState
from hall.windows import ANY, Windows


@dataclass(frozen=True)
class MatterRow:
    """Who waits with one matter; `counts` in the order of the classes that the table shows."""

    matter: str
    waiting: int
    counts: tuple[int, ...]
    longest: str
    wait: str


@dataclass(frozen=True)
class WindowCell:
    window: str
    state: WindowState
    word: str
    number: str
    matter: str
    since: str
    skills: str


@dataclass(frozen=True)
class TerminalRow:
    """`troubles` in words; `heard` how long ago, `last` the same in a sentence. `reads`, `failed` and `slips` since it started:
    None from a terminal that does not count. `unread` is the share of cards that could not be read, `counted` the whole, by
    device."""

    terminal: str
    mood: Mood
    word: str
    heard: str
    last: str
    software: str
    troubles: tuple[str, ...]
    outbox: int
    reads: int | None
    failed: int | None
    slips: int | None
    unread: str
    counted: str


@dataclass(frozen=True)
class DepartmentRow:
    title: str
    tone: str
    word: str
    calls: int
    failures: int
    p50: str
    p95: str
    under_way: int
    troubled: int
    dead: int


@dataclass(frozen=True)
class NowView:
    """`since`: "" when the departments' hour is whole, else from when on it was counted."""

    waiting: str
    longest: str
    wait: str
    door: str
    undone: tuple[str, ...]
    classes: tuple[str, ...]
    rows: tuple[MatterRow, ...]
    told_by_matter: bool
    windows: tuple[WindowCell, ...]
    terminals: tuple[TerminalRow, ...]
    departments: tuple[DepartmentRow, ...]
    since: str

    def windows_in(self, *states: str) -> int:
        return sum(cell.state in states for cell in self.windows)

    def terminals_in(self, mood: str) -> int:
        return sum(row.mood == mood for row in self.terminals)

    @property
    def sending(self) -> tuple[int, int, int]:
        """On their way, of these in trouble, given up."""
        rows = self.departments
        return sum(r.under_way for r in rows), sum(r.troubled for r in rows), sum(r.dead for r in rows)

    @property
    def spared(self) -> int:
        return sum(row.tone != "well" for row in self.departments)


def now_view(now: Now, titles: Mapping[str, str], matters: Matters, windows: Windows) -> NowView:
    present = {group.line_class for group in now.groups}
    classes = tuple(code for code in CLASSES if code in present)
    longest = now.longest_since
    whole_hour = (now.at - now.departments_since).total_seconds() >= 3600
    return NowView(
        waiting=f"{MOST_WAITING}+" if now.waiting >= MOST_WAITING else str(now.waiting),
        longest=overview_words.ago(longest, now.at) if longest else "",
        wait=queue_words.wait(now.wait),
        door=queue_words.shut(now.moment, now.opens_at),
        undone=tuple(_undone(who, matter, matters) for who, matter in now.undone),
        classes=tuple(say(words_of(code)) for code in classes),
        rows=_rows(now, classes, matters),
        told_by_matter=bool(now.waits),
        windows=tuple(_cell(one, now.at, matters, windows) for one in now.windows),
        terminals=tuple(sorted((_terminal(one, now.at) for one in now.terminals), key=_worst_first)),
        departments=_departments(now, titles),
        since="" if whole_hour else at_time(now.departments_since)[:5],
    )


def _rows(now: Now, classes: Sequence[str], matters: Matters) -> tuple[MatterRow, ...]:
    rows = []
    for matter in {group.matter for group in now.groups}:
        groups = [group for group in now.groups if group.matter == matter]
        counts = {group.line_class: group.waiting for group in groups}
        rows.append(
            MatterRow(
                matter=title(matter, matters),
                waiting=sum(counts.values()),
                counts=tuple(counts.get(code, 0) for code in classes),
                longest=overview_words.ago(min(group.since for group in groups), now.at),
                wait=queue_words.wait(now.waits.get(matter)),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.waiting, row.matter)))


def _cell(one: WindowNow, now: datetime, matters: Matters, windows: Windows) -> WindowCell:
    scope = windows.scope(one.window)
    does = [] if scope is ANY or scope.matters is None else [title(code, matters) for code in scope.matters]
    return WindowCell(
        window=one.window,
        state=one.state,
        word=say(overview_words.WINDOW[one.state]),
        number=one.number,
        matter=title(one.matter, matters) if one.matter else "",
        since=overview_words.ago(one.since, now) if one.since else "",
        skills=listed([*does, *scope.skills]),
    )


def _terminal(one: TerminalStanding, now: datetime) -> TerminalRow:
    troubles = [overview_words.part(part) for part in one.broken]
    troubles += [say("时钟不准")] if one.clock_off else []
    readers, printers = _counted(one.heard.said, "reader"), _counted(one.heard.said, "ticket_printer")
    reads = sum(reader.done for reader in readers) if readers else None
    failed = sum(sum(reader.failures.values()) for reader in readers) if readers else None
    return TerminalRow(
        terminal=one.terminal,
        mood=one.mood,
        word=say(overview_words.MOOD[one.mood]),
        heard=overview_words.ago(one.heard.at, now),
        last=overview_words.before(one.heard.at, now),
        software=one.heard.said.software,
        troubles=tuple(troubles),
        outbox=one.heard.said.outbox,
        reads=reads,
        failed=failed,
        slips=sum(printer.done for printer in printers) if printers else None,
        unread=overview_words.share(failed or 0, (reads or 0) + (failed or 0)),
        counted=listed((overview_words.counted(part) for part in one.heard.said.parts if part.counted), "；"),
    )


def _counted(said: Heartbeat, kind: PartKind) -> tuple[Counted, ...]:
    return tuple(part.counted for part in said.parts if part.kind == kind and part.counted)


def _worst_first(row: TerminalRow) -> tuple[int, str]:
    return [Mood.SILENT, Mood.TROUBLE, Mood.WELL].index(row.mood), row.terminal


def _departments(now: Now, titles: Mapping[str, str]) -> tuple[DepartmentRow, ...]:
    asked = {one.department: one for one in now.departments}
    rows = []
    for code in (*asked, *(code for code in now.deliveries if code not in asked)):
        one, counts = asked.get(code), now.deliveries.get(code)
        spared, hour = (one.spared, one.hour) if one else (Spared.NOT, None)
        rows.append(
            DepartmentRow(
                title=say(titles.get(code, code)),
                tone="well" if spared is Spared.NOT else "too_old",
                word=say(overview_words.SPARED[spared]),
                calls=hour.calls if hour else 0,
                failures=hour.failures if hour else 0,
                p50=_ms(hour.p50_ms if hour else None),
                p95=_ms(hour.p95_ms if hour else None),
                under_way=counts.under_way if counts else 0,
                troubled=counts.troubled if counts else 0,
                dead=counts.dead if counts else 0,
            )
        )
    return tuple(rows)


def _ms(value: int | None) -> str:
    return "—" if value is None else f"{value} ms" if value < 10_000 else f"{value / 1000:.0f} s"


def _undone(who: str, matter: str, matters: Matters) -> str:
    if who:
        return say("有号在等 {whom}，没有能办的窗口开着", whom=queue_words.meant_for(who))
    return say("有「{matter}」在等，没有能办的窗口开着", matter=title(matter, matters))


def title(matter: str, matters: Matters) -> str:
    """A matter that is served no more keeps its code."""
    return say(matters[matter].title) if matter in matters else matter
