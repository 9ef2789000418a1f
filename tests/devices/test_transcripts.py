"""Recorded talks, played to the real drivers: over a pseudo-terminal, through pcscd, or to what reads a chip."""

from __future__ import annotations

import os
import select
from datetime import date
from pathlib import Path

import pytest

from devices.apdu import Channel
from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control
from devices.cards.icao_9303.data_groups import additional_details, mrz_text
from devices.cards.icao_9303.elementary_files import File, Files
from devices.cards.icao_9303.secure_messaging import ProtectedChannel
from devices.cards.travel_document import find_travel_document
from devices.device import DeviceStatus, MediaStatus
from devices.document import DocumentKind
from devices.drivers.escpos import EscposPrinter
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_port import port_of
from devices.simulators.social_security_card import SocialSecurityCard
from devices.simulators.travel_document_specimens import find_document, zone_on_the_chip
from devices.simulators.vpcd import Scripted, contactless
from tests.devices.icao_9303_examples import d_random
from tests.devices.laying import Slot, heard, lying, tell
from tests.devices.plate_on_a_pty import CALM
from tests.devices.played import TRANSCRIPTS, OutOfTurn, Played, PlayedLine, Recorder, exchanges, on_a_line
from tests.devices.record import TALKS


def test_a_resident_card_is_read_from_a_recorded_line() -> None:
    async def story(path: str) -> None:
        reader = SamVReader("plate", port_of(path, ""), CALM)
        events = reader.events()
        await reader.open()
        laid = await heard(events, "mediaInserted")
        document = await reader.read_identity()
        await reader.close()
        assert (document.kind, document.name, document.media_id) == (DocumentKind.RESIDENT_CARD, "吕晓岚", laid.media_id)
        assert (document.number, document.valid_to) == ("440602199202299863", date(2038, 3, 12))
        assert len(document.photo) == 1024
        assert reader.capabilities()["module"] == "05.01-20240105-0004095471-3382700086"

    with on_a_line(Played.recorded("resident_card.txt")) as path:
        tell(story(path))


@pytest.mark.parametrize(
    ("name", "answer_to_reset"),
    [("ssc_2_00.txt", SocialSecurityCard({}).atr), ("ssc_2_00_contactless.txt", contactless())],
    ids=["T=0", "T=1"],
)
def test_a_social_security_card_is_read_from_a_recorded_talk_through_pcscd(slot: Slot, name: str, answer_to_reset: bytes) -> None:
    async def story() -> None:
        played = Played.recorded(name)
        async with lying(slot, Scripted(played.transmit, atr=answer_to_reset)) as (reader, _):
            document = await reader.read_identity()
        assert (document.name, document.number) == ("吕晓岚", "440602199202299863")
        assert not played.left

    tell(story())


def test_a_passport_is_opened_and_read_from_a_recorded_talk() -> None:
    played, specimen = Played.recorded("passport_bac.txt"), find_document("lyu-passport")
    assert find_travel_document(played)
    keys = basic_access_control(Channel(played), mrz_secret(specimen.access_key), random=d_random())
    files = Files(ProtectedChannel(Channel(played), keys), extended=False)
    assert mrz_text(files.read(File.DG1)) == zone_on_the_chip(specimen)
    assert additional_details(files.read(File.DG11)).full_name == "吕晓岚"
    assert not played.left


def test_a_printer_tells_of_its_paper_as_it_was_recorded() -> None:
    async def story(path: str) -> None:
        printer = EscposPrinter("slips", path)
        events = printer.events()
        await printer.open()
        await heard(events, "statusChanged")
        assert (printer.status().device, printer.status().detail) == (DeviceStatus.ONLINE, "paper_near_end")
        status = await printer.check_health()
        assert (status.media, status.detail) == (MediaStatus.NOT_PRESENT, "paper_out")
        await printer.close()

    with on_a_line(Played.recorded("printer_paper_ends.txt")) as path:
        tell(story(path))


def test_a_driver_that_says_something_else_than_was_recorded_is_found_out() -> None:
    played = Played("> 00A4\n< 9000\n>* 00B0\n< 01 9000\n> 00B1\n< 9000")
    with pytest.raises(OutOfTurn, match="00b0 was sent, 00A4 was to come"):
        played.transmit(b"\x00\xb0")
    assert [played.transmit(bytes.fromhex(sent)).hex() for sent in ("00A4", "00B0", "00B0", "00B1")] == [
        "9000",
        "019000",
        "019000",
        "9000",
    ]
    for sent in ("00B0", "00", "00A4"):
        with pytest.raises(OutOfTurn, match="nothing was to come"):
            played.transmit(bytes.fromhex(sent))


def test_a_line_takes_messages_in_pieces_and_ends_at_what_was_not_recorded() -> None:
    line = PlayedLine(Played("> 1004 01\n< 12\n> 1004 02\n< 1A"))
    driver = os.open(line.path, os.O_RDWR | os.O_NOCTTY)
    for sent, answer in ((b"\x10", b""), (b"\x04\x01", b"\x12"), (b"\x10\x04\x04", b"")):
        os.write(driver, sent)
        if answer:
            assert select.select([driver], [], [], 10)[0]
            assert os.read(driver, 8) == answer
    os.close(driver)
    with pytest.raises(OutOfTurn, match="100404 was sent, 100402 was to come"):
        line.close()


def test_a_talk_that_is_noted_is_the_talk_that_is_played() -> None:
    recorder = Recorder()
    for sent, answer in ((b"\x01", b"\x02" * 100), (b"\x03", b"\x04"), (b"\x03", b"\x04"), (b"\x05", b"")):
        recorder.note(sent, answer)
    recorder.note(b"\x07", b"\x08", again=True)
    recorder.note(b"\x07", b"\x08", again=True)
    assert exchanges(recorder.talk("nobody's")) == recorder.noted
    assert [exchange.again for exchange in recorder.noted] == [False, True, False, True]


def test_every_transcript_can_be_played_and_the_recorded_ones_are_what_the_simulators_say() -> None:
    names = {file.name for file in TRANSCRIPTS.glob("*.txt")}
    assert all(exchanges(text(name)) for name in names)
    assert set(TALKS) < names
    for name in ("resident_card.txt", "ssc_2_00_contactless.txt", "printer_paper_ends.txt"):  # a passport's talk is by chance
        record, remark = TALKS[name]
        assert record().talk(remark) == text(name), "run `python -m tests.devices.record`"


def text(name: str) -> str:
    return Path(TRANSCRIPTS / name).read_text(encoding="utf-8")
