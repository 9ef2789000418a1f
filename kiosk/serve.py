"""One citizen after the other, for ever; a visit that breaks ends alone."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from kiosk.power import PowerCut
from kiosk.present import Message, message_view
from kiosk.screens import Ended, Patience, Screens, VisitOver, stopped
from kiosk.terminal import Terminal
from kiosk.visit import Progress, serve_one

log = logging.getLogger(__name__)


async def serve(terminal: Terminal, cut: PowerCut | None = None) -> None:
    """Ends only by being cancelled."""
    while True:
        try:
            if cut is not None and cut.lasts:
                await _closed(terminal, cut)
            if ended := await (serve_one(terminal) if cut is None else _unless_cut(terminal, cut)):
                log.info("visit_ended", extra={"how": str(ended)})
        except Exception as error:
            # The text of an error may hold what a citizen entered: its kind and place are enough to find it.
            log.error("visit_broke", extra={"error": type(error).__name__, "where": _where(error)})
            await _out_of_service(terminal)


async def _unless_cut(terminal: Terminal, cut: PowerCut) -> Ended | None:
    """One visit. A power cut ends the invitation (None), but no visit that somebody began."""
    progress = Progress()
    visit, coming = asyncio.create_task(serve_one(terminal, progress)), asyncio.create_task(cut.comes())
    over = asyncio.create_task(progress.over.wait())
    try:
        await asyncio.wait({visit, coming}, return_when=asyncio.FIRST_COMPLETED)
        if not visit.done() and not progress.begun.is_set():
            return None
        await asyncio.wait({visit, over}, return_when=asyncio.FIRST_COMPLETED)
        if cut.lasts:
            # A card may still lie there, and the battery does not wait for it.
            await cut.no_visit_is_left()
        return await visit
    finally:
        await stopped(visit, coming, over)


async def _closed(terminal: Terminal, cut: PowerCut) -> None:
    """Sends everybody elsewhere until the power is back."""
    await cut.no_visit_is_left()
    while cut.lasts:
        await Screens(terminal).during(
            lambda look, entered: message_view(look, Message.OUT_OF_SERVICE), cut.over(), patience=Patience.FOR_EVER
        )


async def _out_of_service(terminal: Terminal) -> None:
    """Sends the citizen to a person, and gives whatever broke a moment."""
    try:
        await Screens(terminal).for_a_while(lambda look, entered: message_view(look, Message.OUT_OF_SERVICE))
    except VisitOver:
        return
    except Exception as error:
        log.error("display_broke", extra={"error": type(error).__name__, "where": _where(error)})
        await terminal.wait(terminal.idle.done_s)
    finally:
        terminal.display.forget()


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
