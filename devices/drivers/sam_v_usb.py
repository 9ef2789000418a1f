"""USB bulk endpoints as the line to a SAM_V: the classic "SDT USB" reader, through libusb."""

from __future__ import annotations

import errno
import math
from contextlib import suppress

import usb.core
import usb.util

from devices.drivers.sam_v_frames import HEADER_BYTES, LONGEST, PREAMBLE
from devices.line import LineGone, LineSilent, LineTaken

INTERFACE = 0
HEADER_OUT, REST_OUT, HEADER_IN, REST_IN = 0x02, 0x06, 0x81, 0x85
PACKET = 64
MOST_FORGOTTEN = 64  # packets


class UsbLine:
    """A Line. Of each frame the header goes through one endpoint and the rest through another, in both directions."""

    def __init__(self, vendor: int, product: int, serial: str = "") -> None:
        self._rest_due = 0
        self._answered = False
        self._device = _find(vendor, product, serial)
        try:
            usb.util.claim_interface(self._device, INTERFACE)
            endpoints = {endpoint.bEndpointAddress for one in self._device.get_active_configuration() for endpoint in one}
        except usb.core.USBError as error:
            self.close()
            raise LineTaken if error.errno == errno.EBUSY else LineGone("cannot be opened") from error
        if not endpoints >= {HEADER_OUT, REST_OUT, HEADER_IN, REST_IN}:
            self.close()
            raise LineGone("has other endpoints than a SAM_V reader")

    def close(self) -> None:
        with suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)

    def forget(self) -> None:
        """Only after an answer that did not come whole: each look at an empty endpoint costs a millisecond."""
        self._rest_due = 0
        if self._answered:
            return
        for endpoint in (HEADER_IN, REST_IN):
            for _ in range(MOST_FORGOTTEN):
                if not self._take(endpoint, PACKET, 0.0):
                    break

    def read(self, within_s: float) -> bytes:
        if self._rest_due:
            rest = self._take(REST_IN, math.ceil(self._rest_due / PACKET) * PACKET, within_s)
            self._rest_due = max(0, self._rest_due - len(rest))
            self._answered = not self._rest_due
            return rest
        header = self._take(HEADER_IN, PACKET, within_s)
        length = int.from_bytes(header[len(PREAMBLE) : HEADER_BYTES], "big")
        if header.startswith(PREAMBLE) and length <= LONGEST:
            self._rest_due = length
        return header

    def write(self, frame: bytes, within_s: float) -> None:
        self._answered = False
        for endpoint, part in ((HEADER_OUT, frame[:HEADER_BYTES]), (REST_OUT, frame[HEADER_BYTES:])):
            try:
                written = self._device.write(endpoint, part, _milliseconds(within_s))
            except usb.core.USBTimeoutError as error:
                raise LineSilent("line does not take a command") from error
            except usb.core.USBError as error:
                raise self._failed(endpoint, error) from error
            if written != len(part):
                raise LineSilent("line does not take a command")

    def _take(self, endpoint: int, at_most: int, within_s: float) -> bytes:
        """`at_most` is a multiple of a packet: half a packet is an overflow."""
        try:
            return bytes(self._device.read(endpoint, at_most, _milliseconds(within_s)))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise self._failed(endpoint, error) from error

    def _failed(self, endpoint: int, error: usb.core.USBError) -> LineGone | LineSilent:
        match error.errno:
            case errno.EPIPE:
                with suppress(usb.core.USBError):
                    self._device.clear_halt(endpoint)
                return LineSilent("endpoint stalled")
            case errno.EOVERFLOW:
                return LineSilent("more than was asked for")
            case _:
                return LineGone("read or write failed")


def _find(vendor: int, product: int, serial: str) -> usb.core.Device:
    def is_wanted(device: usb.core.Device) -> bool:
        return not serial or _serial(device) == serial

    try:
        found = usb.core.find(idVendor=vendor, idProduct=product, custom_match=is_wanted)
    except usb.core.NoBackendError as error:
        raise LineGone("libusb is not installed") from error
    except usb.core.USBError as error:
        raise LineGone("the bus cannot be looked at") from error
    if found is None:
        raise LineGone("no such USB device")
    return found


def _serial(device: usb.core.Device) -> str:
    """Empty when it has none, or when this account may not ask it."""
    try:
        return device.serial_number or ""
    except (ValueError, usb.core.USBError):
        return ""


def _milliseconds(within_s: float) -> int:
    """At least one: libusb takes none for "for ever"."""
    return max(1, math.ceil(within_s * 1000))
