"""One citizen after the other, for ever; a visit that breaks ends alone."""

from __future__ import annotations

import logging
from pathlib import Path

from kiosk.present import Message, message_view
from kiosk.screens import Screens, VisitOver
from kiosk.terminal import Terminal
from kiosk.visit import serve_one

log = logging.getLogger(__name__)


async def serve(terminal: Terminal) -> None:
    """Ends only by being cancelled."""
    while True:
        try:
            ended = await serve_one(terminal)
            log.info("visit_ended", extra={"how": str(ended)})
        except Exception as error:
            # The text of an error may hold what a citizen entered: its kind and place are enough to find it.
            log.error("visit_broke", extra={"error": type(error).__name__, "where": _where(error)})
            await _out_of_service(terminal)


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
