"""开放数据: a hall's figures for everybody, so counted that no small number can be read off or worked out.

Nothing is left out of a sum: whatever counts fewer than `least` is put together with its neighbours until the group is
large enough. So every published number of cases is at least that, and the difference of any two sets that contain each
other is one of those groups again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles

from flows.policy import Dated, declare, on, read
from hall.store.figures import CaseFigure, FigureStore
from hall.working_day import Clock, working_day


@dataclass(frozen=True, kw_only=True)
class Rule(Dated):
    """`months`: how many whole months back are published."""

    least: int
    months: int
    licence: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    rule: tuple[Rule, ...]


RULES = read(Rules, "open_data").rule
declare("open data", RULES)

Cases = Mapping[str, Sequence[CaseFigure]]


@dataclass(frozen=True)
class Waits:
    """Whole minutes until the ticket was first called: of half of the people, and of nine in ten."""

    median_min: int
    p90_min: int


@dataclass(frozen=True)
class Group:
    """Cases put together. `of` are matters, or the first and last day. `on_the_spot` and `waits` are None where they
    would speak of too few."""

    of: tuple[str, ...]
    cases: int
    on_the_spot: int | None
    waits: Waits | None


@dataclass(frozen=True)
class Month:
    """`month` is YYYY-MM. `cases` is None, and there is no group, when the whole month has too few."""

    month: str
    cases: int | None
    by_matter: tuple[Group, ...]
    by_day: tuple[Group, ...]


class Figures:
    """Counts each day once: whole months stay as they are, the running one is counted anew every day."""

    def __init__(self, store: FigureStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._counted: dict[str, tuple[date, Month]] = {}
        self._counting = asyncio.Lock()

    async def months(self) -> tuple[Month, ...]:
        """The newest first; the running day is not in it."""
        today = working_day(self._clock())
        rule, first = on(today, RULES, "open data"), await self._store.first_day()
        if first is None:
            return ()
        async with self._counting:
            found = [await self._month(day, today, rule) for day in _firsts(first, today, rule.months)]
        return tuple(found)

    async def _month(self, first: date, today: date, rule: Rule) -> Month:
        end = min(_next_month(first), today)
        known = self._counted.get(f"{first:%Y-%m}")
        if known is None or known[0] != end:
            cases = {day.isoformat(): await self._store.figures_of(day) for day in _days(first, end)}
            known = self._counted[f"{first:%Y-%m}"] = (end, month_of(f"{first:%Y-%m}", cases, rule.least))
        return known[1]


def month_of(month: str, cases: Cases, least: int) -> Month:
    """A month's cases by day, counted; days in order."""
    every = [case for of_day in cases.values() for case in of_day]
    if len(every) < least:
        return Month(month, None, (), ())
    by_matter: dict[str, list[CaseFigure]] = {}
    for case in every:
        by_matter.setdefault(case.matter, []).append(case)
    # The largest matters stand alone; the small ones come last and find each other.
    in_order = sorted(by_matter.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    matters = tuple(_group(names, group, least) for names, group in _together(in_order, least))
    days = tuple(_group((names[0], names[-1]), group, least) for names, group in _together(cases.items(), least))
    return Month(month, len(every), matters, days)


def _together(parts: Iterable[tuple[str, Sequence[CaseFigure]]], least: int) -> list[tuple[tuple[str, ...], list[CaseFigure]]]:
    """Neighbours joined until each group counts `least`; what is left at the end goes to the last group."""
    groups: list[tuple[tuple[str, ...], list[CaseFigure]]] = []
    names: tuple[str, ...] = ()
    held: list[CaseFigure] = []
    for name, cases in parts:
        names, held = (*names, name), [*held, *cases]
        if len(held) >= least:
            groups.append((names, held))
            names, held = (), []
    if names and groups:
        last_names, last = groups.pop()
        groups.append(((*last_names, *names), [*last, *held]))
    return groups


def _group(of: tuple[str, ...], cases: Sequence[CaseFigure], least: int) -> Group:
    spot = sum(case.on_the_spot for case in cases)
    told = spot in (0, len(cases)) or (spot >= least and len(cases) - spot >= least)
    waited = [case.waited_s for case in cases if case.waited_s is not None]
    return Group(of, len(cases), spot if told else None, _waits(waited) if len(waited) >= least else None)


def _waits(waited_s: Sequence[int]) -> Waits:
    tenths = quantiles(waited_s, n=10, method="inclusive")
    return Waits(round(tenths[4] / 60), round(tenths[8] / 60))


def _firsts(first: date, today: date, most: int) -> Iterator[date]:
    """The first days of the running month and of those before it, back to the first ticket."""
    day = today.replace(day=1)
    for _ in range(most + 1):
        yield day
        if day <= first:
            return
        day = (day - timedelta(days=1)).replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _days(first: date, end: date) -> Iterator[date]:
    yield from (first + timedelta(days=number) for number in range((end - first).days))
