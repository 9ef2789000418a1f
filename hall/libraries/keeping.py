"""What is kept no longer than it is useful: shelves that are collected no more or grew too old, keys that went."""

from __future__ import annotations

from datetime import timedelta

from hall.libraries.setting import LibrarySettings
from hall.store.libraries import LibraryStore, ShelfState
from hall.store.request import Request
from hall.working_day import Clock

TELL_GONE = timedelta(days=30)
"""So long another hall can learn that a key went; whoever asks later collects everything anew."""


async def tidy(settings: LibrarySettings, store: LibraryStore, clock: Clock) -> None:
    """Strikes off, a little at a time, what the settings let be kept no longer."""
    now = clock()
    await store.forget_gone(now - TELL_GONE)
    collected = {source.shelf for source in settings.sources}
    for state in await store.shelves():
        shelf, passed_on = state.shelf, settings.passed_on(state.shelf.library)
        ended = shelf not in collected
        if ended or _too_old(settings, state, clock):
            await store.clear_shelf(shelf, Request("", "hall", now))
        while ended and await store.settle(shelf, now, passed_on=passed_on):
            pass
        if ended:
            await store.remove_shelf(shelf)


def _too_old(settings: LibrarySettings, state: ShelfState, clock: Clock) -> bool:
    """Also what a round began to build and never ended."""
    library = settings.library(state.shelf.library)
    since = state.known_at or state.began_at
    if library is None or since is None or not (state.entries or state.built):
        return False
    return clock() - since > timedelta(days=library.keep_days)
