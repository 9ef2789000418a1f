"""Keeps open pages up to date by server-sent events: whole fragments, so a reconnect misses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from hall.open_pages import OpenPages
from hall.store.store import EventStore

log = logging.getLogger(__name__)

BEAT_S = 15.0
"""Also how often waiting times are drawn anew, and how soon an ended session is noticed."""


@dataclass(frozen=True)
class Fragment:
    """A part of a page: `shows` is what it depends on, drawn only when that changed, because each
    drawing puts fresh keys into its forms and could take the focus away."""

    shows: object
    draw: Callable[[], str]


Fragments = Callable[[], Awaitable[Mapping[str, Fragment] | None]]
"""What a page shows now, by event name; None when it may not be shown any more."""


async def live(
    store: EventStore, fragments: Fragments, closing: asyncio.Event, pages: OpenPages, beat_s: float = BEAT_S
) -> AsyncIterator[bytes]:
    """Every fragment that changed, as often as the store changes. An `over` event ends the page."""
    sent: dict[str, object] = {}
    loop = asyncio.get_running_loop()
    with pages.one_more():
        while not closing.is_set():
            looked, changed = loop.time(), store.changed  # taken before reading: a commit in between is not missed
            number = await store.last_event()
            now = await _shown(fragments)
            if now is None:
                yield _message("over", "", number)
                return
            for name, fragment in now.items():
                if name not in sent or sent[name] != fragment.shows:
                    sent[name] = fragment.shows
                    yield _message(name, fragment.draw(), number)
            yield b": beat\n\n"
            await _first(changed, closing, beat_s=beat_s)
            await _first(closing, beat_s=max(0.0, looked + pages.look_s - loop.time()))


async def _shown(fragments: Fragments) -> Mapping[str, Fragment] | None:
    """A page that cannot be drawn any more ends like one that may not be shown."""
    try:
        return await fragments()
    except Exception as error:  # its text may quote a record, so only its type is logged
        log.error("live_page_broke", extra={"error": type(error).__name__})
        return None


def _message(name: str, text: str, number: int) -> bytes:
    lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
    return f"id: {number}\nevent: {name}\n{lines}\n".encode()


async def _first(*events: asyncio.Event, beat_s: float) -> None:
    """Until one of the events is set, or a beat has passed."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=beat_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
