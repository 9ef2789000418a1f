"""Freshness and completeness: how old each shelf is, and how many of its entries have which item, in doubt or told twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hall.libraries.schedule import next_try
from hall.libraries.setting import Library, LibrarySettings, Source
from hall.store.libraries import Figures, LibraryStore, Share, ShelfState

NONE = Share(0, 0)


class Standing(StrEnum):
    """How a shelf stands."""

    NEVER = "never"  # never collected whole
    TOO_OLD = "too_old"  # not served any more
    FAILING = "failing"
    COLLECTING = "collecting"
    WELL = "well"


@dataclass(frozen=True)
class Measure:
    """One shelf in numbers. `lag`: how old its news is; None when there is none."""

    source: Source
    state: ShelfState
    standing: Standing
    lag: timedelta | None
    next_try: datetime
    shares: tuple[tuple[str, Share], ...]


@dataclass(frozen=True)
class LibraryMeasure:
    """One library in numbers; contradictions by item, only where there are any."""

    library: Library
    shelves: tuple[Measure, ...]
    contradictions: tuple[tuple[str, int], ...]


async def measured(settings: LibrarySettings, store: LibraryStore, now: datetime) -> tuple[LibraryMeasure, ...]:
    return tuple([await _library(library, store, now) for library in settings.libraries])


async def _library(library: Library, store: LibraryStore, now: datetime) -> LibraryMeasure:
    figures = await store.figures(library.code)
    states = [await store.shelf(source.shelf) for source in library.sources]
    shelves = tuple(_shelf(library, *pair, figures, now) for pair in zip(library.sources, states, strict=True))
    return LibraryMeasure(library, shelves, tuple(sorted(figures.contradictions.items())))


def _shelf(library: Library, source: Source, state: ShelfState, figures: Figures, now: datetime) -> Measure:
    lag = None if state.known_at is None else max(now - state.known_at, timedelta())
    shares = tuple((item, figures.shares.get((source.shelf.department, item), NONE)) for item in source.items)
    return Measure(source, state, _standing(library, state, lag), lag, next_try(state, source.when, now), shares)


def _standing(library: Library, state: ShelfState, lag: timedelta | None) -> Standing:
    if lag is not None and lag > timedelta(hours=library.serve_hours):
        return Standing.TOO_OLD
    if state.failures:
        return Standing.FAILING
    if state.began_at is not None:
        return Standing.COLLECTING
    return Standing.NEVER if lag is None else Standing.WELL
