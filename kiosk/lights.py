"""Lights that guide a hand: the card reader's while a card is waited for, a printer's while paper comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from devices.device import FlashRate, Light
from devices.document import IdentityDocument
from devices.plate import Presence
from kiosk.extract import Extract
from kiosk.slip import Slip
from kiosk.terminal import CardPlate, PagePrinter, Paper, Terminal

WAITING, COMING = FlashRate.SLOW, FlashRate.MEDIUM
TAKE_S = 15.0
"""So long a printer's light goes on after its job is out of our hands: the paper still comes, and is to be taken."""


class Lights(Protocol):
    """How a light should be; never waits."""

    def light(self, light: Light, rate: FlashRate) -> None: ...


def lit(terminal: Terminal, lights: Lights) -> Terminal:
    """The same terminal, whose reader and printers are lit when a hand is wanted there."""
    pages = terminal.page_printer
    return replace(
        terminal,
        plate=LitPlate(terminal.plate, lights),
        paper=LitPaper(terminal.paper, Slot(Light.RECEIPT_PRINTER, lights)),
        page_printer=LitPages(pages, Slot(Light.DOCUMENT_PRINTER, lights)) if pages else None,
    )


class LitPlate:
    """A plate whose reader is lit while it waits for a card."""

    def __init__(self, plate: CardPlate, lights: Lights) -> None:
        self._plate = plate
        self._lights = lights

    def ready(self) -> bool:
        return self._plate.ready()

    def serves(self, presence: Presence) -> bool:
        return self._plate.serves(presence)

    async def changed(self) -> None:
        await self._plate.changed()

    async def card_laid(self, *, besides: Collection[Presence] = ()) -> Presence:
        self._lights.light(Light.CARD_READER, WAITING)
        try:
            return await self._plate.card_laid(besides=besides)
        finally:
            self._lights.light(Light.CARD_READER, FlashRate.OFF)

    async def read(self, presence: Presence) -> IdentityDocument:
        return await self._plate.read(presence)

    async def card_gone(self, presence: Presence) -> None:
        await self._plate.card_gone(presence)


class Slot:
    """Where paper comes out, and its light."""

    def __init__(self, light: Light, lights: Lights) -> None:
        self._light = light
        self._lights = lights
        self._out: asyncio.TimerHandle | None = None

    @contextmanager
    def lit(self) -> Iterator[None]:
        """Out at once when nothing came."""
        if self._out:
            self._out.cancel()
        self._lights.light(self._light, COMING)
        taking_s = 0.0
        try:
            yield
            taking_s = TAKE_S
        finally:
            self._out = asyncio.get_running_loop().call_later(taking_s, self._lights.light, self._light, FlashRate.OFF)


class LitPaper:
    """Slips and extracts from a lit slot."""

    def __init__(self, paper: Paper, slot: Slot) -> None:
        self._paper = paper
        self._slot = slot

    async def print(self, paper: Slip | Extract, *, job_id: str) -> None:
        with self._slot.lit():
            await self._paper.print(paper, job_id=job_id)


class LitPages:
    """Pages from a lit slot."""

    def __init__(self, printer: PagePrinter, slot: Slot) -> None:
        self._printer = printer
        self._slot = slot

    async def print(self, pdf: bytes, *, job_id: str) -> None:
        with self._slot.lit():
            await self._printer.print(pdf, job_id=job_id)
