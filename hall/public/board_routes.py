"""The calling board: a page for the screen on the wall, kept up to date, and its voice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException, ServiceUnavailableException
from litestar.params import FromPath
from litestar.response import Stream

from hall.bootstrap import Services
from hall.public.pages import drawn, page
from hall.voice import NoVoice

log = logging.getLogger(__name__)

Asked = Request[Any, Any, Any]
BEAT_S = 10.0
"""How often the board hears that the hall is there; a board that hears nothing for three beats says so."""


@get("/board", include_in_schema=False)
async def board_page(request: Asked) -> Response[str]:
    services = _services(request)
    return page("board.html", services.config, view=await services.board.view(), titles=services.titles)


@get("/board/events", media_type="text/event-stream", include_in_schema=False)
async def board_events(request: Asked) -> Stream:
    """`board` is what it shows; `call` is the number of an event to be spoken. A browser that comes back says with
    Last-Event-ID what it heard last."""
    services, heard = _services(request), request.headers.get("last-event-id", "")
    start = int(heard) if heard.isdecimal() and len(heard) < 19 else await services.store.last_event()
    return Stream(_events(services, start), media_type="text/event-stream")


@get("/board/calls/{event:int}", media_type="audio/wav", include_in_schema=False)
async def spoken(request: Asked, event: FromPath[int]) -> Response[bytes]:
    """A call that was made, aloud."""
    try:
        sound = await _services(request).board.spoken(event)
    except NoVoice as error:
        log.error("hall_has_no_voice", extra={"error": type(error.__cause__).__name__})
        raise ServiceUnavailableException from error
    if sound is None:
        raise NotFoundException
    return Response(sound, media_type="audio/wav")


async def _events(services: Services, heard: int) -> AsyncIterator[bytes]:
    shown = None
    while not services.closing.is_set():
        changed = services.store.changed  # taken before reading: a commit in between is not missed
        heard, calls = await services.board.calls_after(heard)
        view = await services.board.view()
        if view != shown:
            shown = view
            yield _message("board", drawn("board_body.html", view=view), heard)
        for call in calls:
            yield _message("call", str(call), heard)
        yield b"event: beat\ndata:\n\n"
        await _first(changed, services.closing)


def _message(name: str, text: str, number: int) -> bytes:
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"id: {number}\nevent: {name}\n{lines}\n".encode()


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


ROUTES = [board_page, board_events, spoken]
