"""USB readers as libusb would show them to pyusb, strict about endpoints and lengths: the module behind is the simulator's."""

from __future__ import annotations

import errno
from array import array
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import usb.backend.libusb1
from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from devices.drivers.sam_v_frames import HEADER_BYTES, Parser
from devices.simulators.sam_v_module import SimulatedModule

VENDOR, PRODUCT = 0x0400, 0xC35A
PACKET = 64
ENGLISH = bytes((4, 3, 9, 4))


class UsbSamV(SimulatedModule):
    """One reader on the bus. Anything that a real one would not understand fails the test."""

    def __init__(self, serial: str = "") -> None:
        super().__init__()
        self.serial = serial
        self.endpoints: tuple[int, ...] = (0x02, 0x06, 0x81, 0x85)
        self.claimed = False
        self.plugged_in = True
        self.fails_with: dict[int, int] = {}  # endpoint → errno, once
        self.halted: set[int] = set()
        self.waits_ms: list[int] = []
        self.going_out: dict[int, bytes] = {0x81: b"", 0x85: b""}
        self._header = b""

    def take(self, endpoint: int, sent: bytes) -> int:
        if endpoint == 0x02:
            assert len(sent) == HEADER_BYTES
            self._header = sent
        else:
            assert endpoint == 0x06
            assert len(sent) == int.from_bytes(self._header[5:7], "big")
            (body,) = Parser(shortest=3).feed(self._header + sent)
            self._answered(self.respond(body))
        return len(sent)

    def give(self, endpoint: int, at_most: int) -> bytes:
        assert at_most % PACKET == 0, "the host controller would report an overflow"
        given, self.going_out[endpoint] = self.going_out[endpoint][:at_most], self.going_out[endpoint][at_most:]
        return given

    def _answered(self, answer: bytes) -> None:
        self.going_out[0x81] += answer[:HEADER_BYTES]
        self.going_out[0x85] += answer[HEADER_BYTES:]


class Bus(IBackend):  # type: ignore[misc]
    """What libusb is asked, in the words of pyusb."""

    def __init__(self, *readers: UsbSamV) -> None:
        self.readers = list(readers)

    def enumerate_devices(self) -> Iterator[UsbSamV]:
        return (reader for reader in self.readers if reader.plugged_in)

    def get_device_descriptor(self, reader: UsbSamV) -> object:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0110, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=8, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0x0100, iManufacturer=0, iProduct=0,
            iSerialNumber=1 if reader.serial else 0, bNumConfigurations=1, address=1, bus=1, port_number=1,
            port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, reader: UsbSamV, configuration: int) -> object:
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=46, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0x80, bMaxPower=50, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, reader: UsbSamV, interface: int, alternate: int, configuration: int) -> object:
        if (interface, alternate) != (0, 0):
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=len(reader.endpoints),
            bInterfaceClass=0xFF, bInterfaceSubClass=0, bInterfaceProtocol=0, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, reader: UsbSamV, endpoint: int, *place: int) -> object:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=reader.endpoints[endpoint], bmAttributes=2, wMaxPacketSize=PACKET,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, reader: UsbSamV) -> UsbSamV:
        return reader

    def close_device(self, reader: UsbSamV) -> None:
        pass

    def get_configuration(self, reader: UsbSamV) -> int:
        return 1

    def claim_interface(self, reader: UsbSamV, interface: int) -> None:
        assert interface == 0
        if reader.claimed:
            raise USBError("Resource busy", None, errno.EBUSY)
        reader.claimed = True

    def release_interface(self, reader: UsbSamV, interface: int) -> None:
        reader.claimed = False

    def clear_halt(self, reader: UsbSamV, endpoint: int) -> None:
        reader.halted.discard(endpoint)

    def ctrl_transfer(
        self, reader: UsbSamV, kind: int, request: int, value: int, index: int, buffer: array[int], timeout: int
    ) -> int:
        """The two strings that a serial number takes: which languages there are, and the number in the first of them."""
        assert (kind, request, value >> 8) == (0x80, 6, 3)
        written = reader.serial.encode("utf-16-le")
        text = ENGLISH if value & 0xFF == 0 else bytes((len(written) + 2, 3)) + written
        buffer[: len(text)] = array("B", text)
        return len(text)

    def bulk_write(self, reader: UsbSamV, endpoint: int, interface: int, sent: array[int], timeout: int) -> int:
        self._ready(reader, endpoint, timeout)
        return reader.take(endpoint, sent.tobytes())

    def bulk_read(self, reader: UsbSamV, endpoint: int, interface: int, buffer: array[int], timeout: int) -> int:
        self._ready(reader, endpoint, timeout)
        given = reader.give(endpoint, len(buffer))
        if not given:
            reader.waits_ms.append(timeout)
            raise USBTimeoutError("Operation timed out", None, errno.ETIMEDOUT)
        buffer[: len(given)] = array("B", given)
        return len(given)

    def _ready(self, reader: UsbSamV, endpoint: int, timeout: int) -> None:
        assert timeout > 0, "libusb would wait for ever"
        assert reader.claimed
        if not reader.plugged_in:
            raise USBError("No such device", None, errno.ENODEV)
        if reason := reader.fails_with.pop(endpoint, 0):
            reader.halted |= {endpoint} if reason == errno.EPIPE else set()
            raise USBError("Transfer failed", None, reason)
        if endpoint in reader.halted:
            raise USBError("Pipe error", None, errno.EPIPE)


def on_the_bus(monkeypatch: pytest.MonkeyPatch, *readers: UsbSamV) -> Bus:
    """From here on pyusb finds these readers and no others."""
    bus = Bus(*readers)
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda *given, **named: bus)
    return bus
