"""Who used my data (谁查过我的资料): one's own card, then every read of one's records, on the screen and on paper."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from devices.device import DeviceError
from flows.application import Assurance, Identity
from flows.usage import UsageShown
from flows.visit_number import new_visit
from kiosk.card import Lying, read_card, while_card_is_in
from kiosk.extract import Extract
from kiosk.hall_client import HallAway, Refused
from kiosk.present import Look, Message, message_view
from kiosk.present_card import CardState
from kiosk.present_usage import (
    AT_ONCE,
    Listing,
    Printed,
    about_view,
    asking_view,
    away_view,
    extract,
    has_older,
    nobody_view,
    not_mine_view,
    printing_view,
    usage_view,
)
from kiosk.screens import Ended, Make, Patience, Screens
from kiosk.take_back import any_kept, take_back
from kiosk.terminal import Terminal
from kiosk.view import Touch, View

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Looking:
    """Whose records, and the number of this look: the key of everything that is asked and printed for it."""

    identity: Identity
    look: str


async def my_data(terminal: Terminal, screens: Screens, lying: Lying) -> Ended:
    """Until the person is done, or takes the card: then nothing is left."""
    await screens.ask(lambda look, entered: about_view(look))
    card = await read_card(terminal, screens, lying, fault=_proves_nothing)
    looking = Looking(card.identity, new_visit(terminal.clock()))
    return await while_card_is_in(terminal.plate, card.presence, _look(terminal, screens, looking))


def _proves_nothing(identity: Identity) -> CardState | None:
    """The hall shows nothing for a card that was not really read."""
    return CardState.NOT_SUPPORTED if identity.assurance is Assurance.NONE else None


async def _look(terminal: Terminal, screens: Screens, looking: Looking) -> Ended:
    try:
        listing = await _told(terminal, screens, looking, None)
        if listing.uses or any_kept(listing.kept):
            await _read(terminal, screens, looking, listing)
        else:
            await screens.ask(lambda look, entered: nobody_view(look))
    except HallAway:
        await screens.for_a_while(lambda look, entered: away_view(look))
    except Refused as refused:
        log.warning("usage_refused", extra={"code": refused.code})
        await screens.for_a_while(lambda look, entered: message_view(look, Message.OUT_OF_SERVICE))
        return Ended.NOT_TAKEN
    return Ended.LOOKED


async def _read(terminal: Terminal, screens: Screens, looking: Looking, listing: Listing) -> None:
    """Part after part of the list; older ones are fetched as they are wanted."""
    first, printed = 0, Printed.NOT_ASKED
    while True:
        touch = await screens.ask(_shown(listing, first, printed))
        match touch.button:
            case "older" if has_older(listing, first):
                first, printed = first + AT_ONCE, Printed.NOT_ASKED
                if first >= len(listing.uses):
                    listing = await _told(terminal, screens, looking, listing)
            case "newer":
                first, printed = max(0, first - AT_ONCE), Printed.NOT_ASKED
            case "print":
                paper = extract(screens.look, looking.identity, listing, first)
                printed = await _on_paper(terminal, screens, paper, f"{looking.look}-{first}")
            case "withdraw":
                document, kept = touch.values.get("value", ""), listing.kept
                left = await take_back(terminal, screens, looking.look, looking.identity, kept, document)
                listing = replace(listing, kept=left)
            case "not_mine":
                await screens.ask(lambda look, entered: not_mine_view(look))
            case "done":
                return
            case _:
                continue  # a second touch of a screen that is gone


def _shown(listing: Listing, first: int, printed: Printed) -> Make:
    return lambda look, entered: usage_view(look, listing, first, printed)


async def _told(terminal: Terminal, screens: Screens, looking: Looking, known: Listing | None) -> Listing:
    """What is known and the page after it. Raises HallAway and Refused."""
    asking = _page(terminal, looking, known.older if known else 0)
    page = await _at_work(screens, asking, asking_view)
    return Listing((*(known.uses if known else ()), *page.uses), page.kept, page.older)


async def _page(terminal: Terminal, looking: Looking, before: int) -> UsageShown:
    try:
        return await terminal.hall.usage(looking.look, looking.identity, before)
    except HallAway:
        # The answer may have been lost on the way; the number of the look makes a second try harmless.
        return await terminal.hall.usage(looking.look, looking.identity, before)


async def _on_paper(terminal: Terminal, screens: Screens, paper: Extract, job_id: str) -> Printed:
    try:
        await _at_work(screens, terminal.paper.print(paper, job_id=job_id), printing_view)
    except DeviceError as error:
        log.warning("extract_not_printed", extra={"code": str(error.code)})
        return Printed.FAILED
    return Printed.DONE


async def _at_work(screens: Screens, work: Coroutine[Any, Any, T], view: Callable[[Look], View]) -> T:
    done = await screens.during(lambda look, entered: view(look), work, patience=Patience.FOR_EVER)
    assert not isinstance(done, Touch)  # a busy screen has no button of its own
    return done
