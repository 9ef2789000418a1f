"""Where a SAM_V is connected, as the settings say it, and the line that leads there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_module import SamVModule
from devices.drivers.sam_v_serial import RATES, open_serial
from devices.drivers.sam_v_tcp import TcpLine

USUAL_BAUD = next(iter(RATES))


@dataclass(frozen=True)
class SerialPort:
    path: str
    baud: int = USUAL_BAUD

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class TcpPort:
    host: str
    number: int

    def __str__(self) -> str:
        return f"tcp:{self.host}:{self.number}"


@dataclass(frozen=True)
class UsbPort:
    """`serial` tells one of several readers of a kind; empty: the first that is found."""

    vendor: int
    product: int
    serial: str = ""

    def __str__(self) -> str:
        return f"usb:{self.vendor:04x}:{self.product:04x}" + (f":{self.serial}" if self.serial else "")


Port = SerialPort | TcpPort | UsbPort


def port_of(written: str, baud: str = "") -> Port:
    """`tcp:HOST:PORT`, `usb:VENDOR:PRODUCT[:SERIAL]` with four hexadecimal digits each, else the path of a serial port,
    which alone has a rate. Raises ValueError in words."""
    if baud and baud not in {str(rate) for rate in RATES}:
        raise ValueError(f"baud is one of {', '.join(map(str, RATES))}")
    if found := re.fullmatch(r"tcp:(.+):([0-9]{1,5})", written):
        number = int(found[2])
        if not 0 < number < 65536:
            raise ValueError(f"{number} is no TCP port")
        port: Port = TcpPort(found[1].strip("[]"), number)
    elif found := re.fullmatch(r"usb:([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.+))?", written):
        port = UsbPort(int(found[1], 16), int(found[2], 16), found[3] or "")
    elif written.startswith(("tcp:", "usb:")):
        raise ValueError(f"port {written} is neither tcp:HOST:PORT nor usb:VENDOR:PRODUCT[:SERIAL]")
    else:
        return SerialPort(written, int(baud) if baud else USUAL_BAUD)
    if baud:
        raise ValueError("baud is for a serial port only")
    return port


def open_port(port: Port, patience: Patience) -> SamVModule:
    """Raises LineGone and LineTaken."""
    match port:
        case SerialPort():
            return open_serial(port.path, port.baud, patience)
        case TcpPort():
            return SamVModule(TcpLine(port.host, port.number, patience.connect_s), patience)
        case UsbPort():
            from devices.drivers.sam_v_usb import UsbLine  # a terminal without a USB reader needs no libusb

            return SamVModule(UsbLine(port.vendor, port.product, port.serial), patience)
        case _:
            assert_never(port)
