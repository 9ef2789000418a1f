"""Records tests/transcripts from the simulators, of people who do not exist: python -m tests.devices.record."""

from __future__ import annotations

import asyncio
import threading

from devices.apdu import Channel
from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control
from devices.cards.icao_9303.elementary_files import File, Files
from devices.cards.icao_9303.secure_messaging import ProtectedChannel
from devices.cards.social_security_card import find_social_security, read_social_security_card
from devices.cards.travel_document import find_travel_document
from devices.drivers.escpos import EscposPrinter
from devices.drivers.sam_v_frames import Command, frame
from devices.simulators.receipt_printer import PrinterSimulator, Roll
from devices.simulators.resident_card_specimens import resident_card_fields
from devices.simulators.sam_v import SamVSimulator
from devices.simulators.sam_v_card import card_of
from devices.simulators.social_security_card import card_of as social_security_card_of
from devices.simulators.specimens import Specimen, find_specimen
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.travel_document_files import chip_of
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import find_document
from devices.simulators.vpcd import CardProgram
from tests.devices.icao_9303_examples import d_random
from tests.devices.plate_on_a_pty import plate
from tests.devices.played import TRANSCRIPTS, Recorder


def lyu() -> Specimen:
    person = find_specimen("lyu")
    assert person
    return person


class RecordedModule(SamVSimulator):
    def __init__(self) -> None:
        self.recorder, self.looked_after_the_read = Recorder(), threading.Event()
        super().__init__()

    def respond(self, body: bytes) -> bytes:
        answer = self.recorder.note(frame(body), super().respond(body))
        if self.heard[-3:] == [Command.READ_ADDRESS, Command.FIND, Command.FIND]:
            self.looked_after_the_read.set()
        return answer


class RecordedPrinter(PrinterSimulator):
    def __init__(self) -> None:
        self.recorder = Recorder()
        super().__init__()

    def _answer(self, question: int) -> None:
        self.recorder.note(bytes((0x10, 0x04, question)), bytes([self._status(question)]), again=True)
        super()._answer(question)


class RecordedCard:
    def __init__(self, program: CardProgram) -> None:
        self.recorder = Recorder()
        self._program = program

    def transmit(self, command: bytes) -> bytes:
        return self.recorder.note(command, self._program.answer(command))


def resident_card() -> Recorder:
    """From the line's opening to the look after the read."""
    module = RecordedModule()
    module.lay(card_of(resident_card_fields(lyu())))

    async def read() -> None:
        async with plate(module) as on:
            await on.media(("mediaInserted", 1))
            await on.reader.read_identity()
            await asyncio.to_thread(module.looked_after_the_read.wait)

    asyncio.run(read())
    return module.recorder


def social_security_card() -> Recorder:
    """The one that stays: a card of version 2.00 without contacts, which speaks T=1."""
    card = RecordedCard(social_security_card_of(lyu(), contactless=True))
    assert find_social_security(card)
    read_social_security_card(card, media_id=1, device_id="recorded")
    return card.recorder


def passport() -> Recorder:
    """Opened with the random numbers of the standard's own example, so that it can be played."""
    card = RecordedCard(TravelDocumentCard(chip_of(find_document("lyu-passport"), Issuer())))
    channel = Channel(card)
    assert find_travel_document(card)
    keys = basic_access_control(channel, mrz_secret(find_document("lyu-passport").access_key), random=d_random())
    files = Files(ProtectedChannel(channel, keys), extended=False)
    for file in (File.DG1, File.DG11):
        files.read(file)
    return card.recorder


def printer() -> Recorder:
    """Paper that is near its end, and then is out."""
    simulator = RecordedPrinter()
    simulator.roll = Roll.NEAR_END

    async def ask() -> None:
        device = EscposPrinter("recorded", simulator.path)
        await device.open()
        await device.check_health()
        simulator.roll = Roll.OUT
        await device.check_health()
        await device.close()

    asyncio.run(ask())
    simulator.unplug()
    return simulator.recorder


TALKS = {
    "resident_card.txt": (resident_card, "A resident card lies there when the line is opened, is read, and stays."),
    "ssc_2_00_contactless.txt": (social_security_card, "A card of version 2.00 without contacts (T=1)."),
    "passport_bac.txt": (passport, "A passport opened by BAC; DG1 and DG11 in secure messaging."),
    "printer_paper_ends.txt": (printer, "A receipt printer whose paper is near its end, and then is out."),
}


def main() -> None:
    for name, (record, remark) in TALKS.items():
        (TRANSCRIPTS / name).write_text(record().talk(remark), encoding="utf-8")
        print(TRANSCRIPTS / name)


if __name__ == "__main__":
    main()
