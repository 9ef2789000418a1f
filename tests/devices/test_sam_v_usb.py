"""A SAM_V on USB bulk endpoints: the real driver and the real pyusb against a bus that is strict about both."""

import asyncio
import errno

import pytest
import usb.backend.libusb0
import usb.backend.libusb1
import usb.backend.openusb

from devices.device import Completion, DeviceStatus
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_frames import Command, frame
from devices.drivers.sam_v_port import UsbPort
from devices.drivers.sam_v_usb import UsbLine
from devices.line import LineGone, LineSilent, LineTaken
from devices.simulators.sam_v import Fault
from tests.devices.plate_on_a_pty import CALM, LYU, OTHER, QUICK, Plate, tell
from tests.devices.usb_sam_v import PRODUCT, VENDOR, UsbSamV, on_the_bus
from tests.patience import SOON_S

PORT = UsbPort(VENDOR, PRODUCT)
STATUS = frame(Command.STATUS.value)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> UsbSamV:
    alone = UsbSamV()
    on_the_bus(monkeypatch, alone)
    return alone


def line() -> UsbLine:
    return UsbLine(VENDOR, PRODUCT)


def test_header_and_rest_go_through_their_own_endpoints(reader: UsbSamV) -> None:
    made = line()
    made.write(STATUS, 1.0)
    assert made.read(1.0) + made.read(1.0) == frame(b"\0\0\x90")
    made.forget()
    assert reader.waits_ms == []  # nothing was asked of an endpoint that has nothing more to say
    made.close()
    assert not reader.claimed


def test_nothing_came_is_no_error_and_every_wait_ends(reader: UsbSamV) -> None:
    made = line()
    assert made.read(0.0) == b""
    assert made.read(0.25) == b""
    assert reader.waits_ms == [1, 250]


def test_half_an_answer_and_a_late_one_are_forgotten(reader: UsbSamV) -> None:
    made = line()
    reader.fault = Fault.TORN
    made.write(frame(Command.SAM_ID.value), 1.0)
    made.read(1.0)
    assert len(made.read(1.0)) < 20
    reader.fault = ""
    reader.going_out[0x81] += frame(bytes(1291))[:7]
    reader.going_out[0x85] += frame(bytes(1291))[7:]
    made.forget()
    made.write(STATUS, 1.0)
    assert made.read(1.0) + made.read(1.0) == frame(b"\0\0\x90")


def test_an_answer_as_long_as_whole_packets_is_not_waited_for_longer(reader: UsbSamV) -> None:
    made = line()
    whole = frame(bytes(127))
    reader.going_out = {0x81: whole[:7], 0x85: whole[7:]}
    assert len(whole[7:]) == 128
    assert made.read(1.0) + made.read(1.0) == whole


def test_a_header_that_is_none_is_handed_on_and_no_rest_is_asked_for(reader: UsbSamV) -> None:
    made = line()
    reader.going_out[0x81] = bytes(7)
    assert made.read(1.0) == bytes(7)
    reader.going_out[0x81] = frame(b"\0\0\x90")[:5] + b"\xff\xff"
    made.read(1.0)
    reader.going_out[0x85] = b"rest"
    assert made.read(0.1) == b""
    assert reader.going_out[0x85] == b"rest"


@pytest.mark.parametrize("endpoint", [0x02, 0x06, 0x81, 0x85])
@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        (errno.EPIPE, LineSilent),
        (errno.EOVERFLOW, LineSilent),
        (errno.ENODEV, LineGone),
        (errno.EIO, LineGone),
    ],
)
def test_what_fails_at_an_endpoint_is_a_silence_or_the_end(
    reader: UsbSamV, endpoint: int, reason: int, wanted: type[Exception]
) -> None:
    made = line()
    reader.fails_with[endpoint] = reason
    with pytest.raises(wanted):
        exchanged(made)
    reader.going_out = {0x81: b"", 0x85: b""}
    made.forget()
    assert exchanged(made) == frame(b"\0\0\x90")  # a stall is cleared


def exchanged(made: UsbLine) -> bytes:
    made.write(STATUS, 1.0)
    return made.read(1.0) + made.read(1.0)


def test_of_two_readers_the_one_with_the_serial_number_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = UsbSamV("L-1"), UsbSamV("R-2")
    on_the_bus(monkeypatch, left, right)
    made = UsbLine(VENDOR, PRODUCT, "R-2")
    assert (left.claimed, right.claimed) == (False, True)
    made.close()


def test_a_reader_that_is_not_there_or_taken_or_without_a_libusb_is_no_line(
    reader: UsbSamV, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LineGone, match="no such USB device"):
        UsbLine(VENDOR, PRODUCT, "nobody's")
    made = line()
    with pytest.raises(LineTaken):
        line()
    made.close()
    for backend in (usb.backend.libusb0, usb.backend.libusb1, usb.backend.openusb):
        monkeypatch.setattr(backend, "get_backend", lambda *given, **named: None)
    with pytest.raises(LineGone, match="libusb is not installed"):
        line()


def test_another_device_with_the_same_numbers_is_no_reader_and_is_let_go(reader: UsbSamV) -> None:
    reader.endpoints = (0x01, 0x82)
    with pytest.raises(LineGone, match="has other endpoints"):
        line()
    assert not reader.claimed


@pytest.mark.parametrize("fault", ["", Fault.XOR, Fault.TORN, Fault.LEN, Fault.SILENT, Fault.LATE])
def test_a_card_is_read_over_usb_also_when_an_answer_is_lost_once(reader: UsbSamV, fault: str) -> None:
    async def story() -> None:
        on = Plate(reader, PORT, QUICK if fault else CALM)
        listening = asyncio.ensure_future(on.listen(on.reader.events()))
        await on.reader.open()
        reader.lay(LYU)
        await on.media(("mediaInserted", 1))
        reader.fault, reader.faulty = fault, Command.READ
        reader.before[Command.STATUS] = lambda: setattr(reader, "fault", "")
        assert await on.read_name() == ("吕晓岚", 1)
        await on.reader.close()
        await listening
        assert not reader.claimed

    tell(story)


def test_a_reader_unplugged_and_plugged_in_works_again_and_its_card_is_another_presence(reader: UsbSamV) -> None:
    async def story() -> None:
        on = Plate(reader, PORT, CALM)
        listening = asyncio.ensure_future(on.listen(on.reader.events()))
        await on.reader.open()
        reader.lay(LYU)
        await on.media(("mediaInserted", 1))
        reader.before[Command.SELECT] = lambda: setattr(reader, "plugged_in", False)
        assert (await on.refusal()).code is Completion.DEVICE_NOT_READY
        await on.status(DeviceStatus.NO_DEVICE)
        reader.before.clear()
        reader.lay(OTHER)
        reader.plugged_in = True
        await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))
        assert await on.read_name() == ("陈测试", 2)
        await on.reader.close()
        await listening

    tell(story)


def test_without_a_reader_the_driver_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        bus = on_the_bus(monkeypatch)
        waiting = SamVReader("usb", PORT, QUICK)
        events = waiting.events()
        await waiting.open()
        assert (waiting.status().device, waiting.status().detail) == (DeviceStatus.NO_DEVICE, "no such USB device")
        bus.readers.append(UsbSamV())
        async with asyncio.timeout(SOON_S):
            while waiting.status().device is not DeviceStatus.ONLINE:
                await anext(events)
        await waiting.close()

    tell(story)
