"""Handing in: to the hall, or sealed into the outbox while it is away; and the slip for the citizen."""

from __future__ import annotations

import logging
from dataclasses import replace

from devices.device import DeviceError
from flows.application import Application
from flows.recheck import Problem
from flows.wire import Submitted
from kiosk.hall_client import HallAway, Refused
from kiosk.present_ticket import OnPaper, Receipt
from kiosk.slip import Slip
from kiosk.terminal import Terminal

log = logging.getLogger(__name__)

TRIES = 2
"""The answer of the first may have been lost on the way; the visit's number makes a second one harmless."""


NOT_TAKEN = "not_taken"


async def hand_in(terminal: Terminal, application: Application, *, hall_knows: bool) -> Receipt:
    """Raises Refused when the hall does not take the answers. `hall_knows`: the visit was opened there."""
    if hall_knows and (submitted := await _submitted(terminal, application)):
        return Receipt(application, submitted.ticket, certificate=submitted.certificate)
    try:
        terminal.post.keep(application)
    except OSError as error:
        log.error("sealed_visit_not_kept", extra={"visit": application.visit, "errno": error.errno})
        return Receipt(application, None)
    if sent := await terminal.post.send(application.visit):
        return Receipt(application, sent.ticket, certificate=sent.certificate)
    return Receipt(application, None, kept=application.visit in terminal.post.waiting())


async def _submitted(terminal: Terminal, application: Application) -> Submitted | None:
    """None when this way is closed: the hall is away, or knows the visit or the terminal no more."""
    for _ in range(TRIES):
        try:
            return await terminal.hall.submit(application)
        except HallAway:
            log.info("hall_away_at_submission", extra={"visit": application.visit})
        except Refused as refused:
            if refused.code == NOT_TAKEN:
                raise
            log.warning("submission_refused", extra={"visit": application.visit, "code": refused.code})
            return None
    return None


def for_the_counter(application: Application, problems: tuple[Problem, ...]) -> Application:
    """The same case for a clerk, without the answers that the hall does not take from a terminal."""
    wrong = {problem.field for problem in problems}
    answers = {name: answer for name, answer in application.answers.items() if name not in wrong}
    values = {answer.value for answer in answers.values()}
    attached = {digest: picture for digest, picture in application.attached.items() if digest in values}
    disputes = {name: dispute for name, dispute in application.disputes.items() if name not in wrong}
    return replace(application, answers=answers, attached=attached, disputes=disputes, to_counter=True)


async def put_on_paper(terminal: Terminal, receipt: Receipt, slip: Slip) -> OnPaper:
    """What came out: a certificate the hall issued, else the slip. Without both the number on the screen is enough."""
    visit = receipt.application.visit
    if receipt.certificate and await _print_certificate(terminal, visit):
        return OnPaper.CERTIFICATE
    try:
        await terminal.paper.print(slip, job_id=visit)
    except DeviceError as error:
        log.warning("slip_not_printed", extra={"code": str(error.code)})
        return OnPaper.NOTHING
    return OnPaper.SLIP


async def _print_certificate(terminal: Terminal, visit: str) -> bool:
    """It goes from the hall to the printer and is kept nowhere on the way."""
    if terminal.page_printer is None or "page_printer" in terminal.lacking:
        return False
    try:
        await terminal.page_printer.print(await terminal.hall.certificate(visit), job_id=visit)
    except HallAway:
        log.warning("certificate_not_fetched", extra={"visit": visit, "code": HallAway.code})
    except Refused as refused:
        log.warning("certificate_not_fetched", extra={"visit": visit, "code": refused.code})
    except DeviceError as error:
        log.warning("certificate_not_printed", extra={"visit": visit, "code": str(error.code)})
    else:
        return True
    return False
