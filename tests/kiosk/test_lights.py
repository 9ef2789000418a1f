"""The reader is lit while a card is waited for, and a printer from the order until its paper was taken."""

from __future__ import annotations

import asyncio

import pytest

from devices.device import Completion, DeviceError, FlashRate, Light
from kiosk import lights
from kiosk.lights import COMING, WAITING, LitPages, LitPaper, LitPlate, Slot, lit
from kiosk.slip import Slip
from kiosk.visit import Ended, serve_one
from tests.kiosk.fake_devices import FakePagePrinter, FakePlate, FakePrinter
from tests.kiosk.fakes import Stage
from tests.patience import SOON_S
from tests.visits.playing import Script, ScriptedDisplay
from tests.visits.stories import AROUND

OFF = FlashRate.OFF
SLIP = Slip("大厅", "A023", "", "", (), (), "")


class Board:
    """Keeps how every light was."""

    def __init__(self) -> None:
        self.was: list[tuple[Light, FlashRate]] = []
        self._turn = asyncio.Event()

    def light(self, light: Light, rate: FlashRate) -> None:
        self.was.append((light, rate))
        self._turn.set()

    async def next(self) -> None:
        self._turn.clear()
        await self._turn.wait()


def test_the_reader_is_lit_until_a_card_lies_there() -> None:
    async def told() -> None:
        board, plate = Board(), FakePlate()
        lit = LitPlate(plate, board)
        waiting = asyncio.create_task(lit.card_laid())
        await board.next()
        assert board.was == [(Light.CARD_READER, WAITING)]
        plate.lay()
        presence = await waiting
        assert board.was[1:] == [(Light.CARD_READER, OFF)]
        assert (await lit.read(presence)).media_id == presence.media_id
        plate.pull()
        await lit.card_gone(presence)
        assert (lit.ready(), lit.serves(presence)) == (True, True)

    asyncio.run(told())


def test_the_light_is_out_when_nobody_waits_for_a_card_any_more() -> None:
    async def told() -> None:
        board = Board()
        waiting = asyncio.create_task(LitPlate(FakePlate(), board).card_laid())
        await board.next()
        waiting.cancel()
        await asyncio.wait({waiting})
        assert board.was == [(Light.CARD_READER, WAITING), (Light.CARD_READER, OFF)]

    asyncio.run(told())


def test_a_printer_is_lit_until_the_paper_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lights, "TAKE_S", 0.05)

    async def told() -> None:
        board, printer = Board(), FakePagePrinter()
        await LitPages(printer, Slot(Light.DOCUMENT_PRINTER, board)).print(b"%PDF-", job_id="one")
        assert (board.was, list(printer.jobs)) == ([(Light.DOCUMENT_PRINTER, COMING)], ["one"])
        async with asyncio.timeout(SOON_S):
            await board.next()
        assert board.was[1:] == [(Light.DOCUMENT_PRINTER, OFF)]

    asyncio.run(told())


def test_the_next_slip_keeps_the_light_on() -> None:
    async def told() -> None:
        board = Board()
        paper = LitPaper(FakePrinter(), Slot(Light.RECEIPT_PRINTER, board))
        for job_id in ("one", "two"):
            await paper.print(SLIP, job_id=job_id)
        assert board.was == [(Light.RECEIPT_PRINTER, COMING)] * 2

    asyncio.run(told())


def test_a_printer_that_printed_nothing_is_not_lit() -> None:
    async def told() -> None:
        board, printer = Board(), FakePrinter()
        printer.fault = Completion.PAPER_OUT
        with pytest.raises(DeviceError):
            await LitPaper(printer, Slot(Light.RECEIPT_PRINTER, board)).print(SLIP, job_id="one")
        async with asyncio.timeout(SOON_S):
            await board.next()
        assert board.was == [(Light.RECEIPT_PRINTER, COMING), (Light.RECEIPT_PRINTER, OFF)]

    asyncio.run(told())


def test_a_whole_visit_is_lit_from_the_card_to_the_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lights, "TAKE_S", 0.0)
    board, stage = Board(), Stage()
    (story, *_) = AROUND
    terminal = lit(stage.terminal(ScriptedDisplay(Script(story, stage))), board)
    assert asyncio.run(serve_one(terminal)) is Ended.TICKET
    by_light = {light: [rate for lit_one, rate in board.was if lit_one is light] for light in Light}
    assert by_light[Light.CARD_READER][:4] == [WAITING, OFF, WAITING, OFF]  # at the invitation, and for the card
    assert by_light[Light.RECEIPT_PRINTER] == [COMING, OFF]
    assert by_light[Light.DOCUMENT_PRINTER] == []
