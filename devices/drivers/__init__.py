"""The drivers a terminal can name in its configuration: one file each, one line each in one of the tables.

Drivers are imported when one is made: a terminal without PC/SC needs no PC/SC library.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from devices.device import Camera, Device, IdentityReader, IoBoard, PagePrinter, PowerSupply, ReceiptPrinter, Scanner

T = TypeVar("T", covariant=True)
Settings = Mapping[str, str]


class SettingsWrong(ValueError):
    """A driver cannot be made from these settings; the text says why."""


@dataclass(frozen=True)
class Driver(Generic[T]):
    """`settings` are the names it takes, `needs` those it cannot do without; every driver takes `id`."""

    make: Callable[[str, Settings], T]
    settings: frozenset[str]
    needs: frozenset[str] = frozenset()


def _pcsc(device_id: str, settings: Settings) -> IdentityReader:
    from devices.cards.icao_9303.trust import read_trust
    from devices.drivers.pcsc import PcscReader, use_socket

    if "socket" in settings:
        use_socket(settings["socket"])
    try:
        trust = read_trust(Path(settings["trust"])) if "trust" in settings else ()
    except OSError as error:
        raise SettingsWrong(f"trust of the card reader is no folder: {settings['trust']}") from error
    return PcscReader(device_id, reader=settings.get("reader", ""), trust=trust)


def _sam_v(device_id: str, settings: Settings) -> IdentityReader:
    from devices.drivers.sam_v import SamVReader
    from devices.drivers.sam_v_photo import PhotoDecoder
    from devices.drivers.sam_v_port import port_of

    try:
        port = port_of(settings["port"], settings.get("baud", ""))
    except ValueError as error:
        raise SettingsWrong(str(error)) from error
    decoder = settings.get("photo_decoder", "")
    if decoder and not Path(decoder).is_file():
        raise SettingsWrong(f"photo_decoder {decoder} is no file")
    return SamVReader(device_id, port, decoder=PhotoDecoder(Path(decoder).resolve()) if decoder else None)


def _escpos(device_id: str, settings: Settings) -> ReceiptPrinter:
    from devices.drivers.escpos import EscposPrinter

    return EscposPrinter(device_id, settings["target"])


def _network_camera(device_id: str, settings: Settings) -> Camera:
    from devices.drivers.network_camera import NetworkCamera

    if not settings["url"].startswith("http://"):
        raise SettingsWrong("url of the camera must begin with http://")
    return NetworkCamera(device_id, settings["url"])


def _v4l2(device_id: str, settings: Settings) -> Camera:
    _need_opencv("v4l2")
    from devices.drivers.v4l2 import V4l2Camera
    from devices.drivers.v4l2_capture import Wanted

    size = re.fullmatch(r"(\d{2,5})x(\d{2,5})", settings.get("size", ""))
    if "size" in settings and not size:
        raise SettingsWrong(f"{settings['size']} is no size of a picture, as 1280x720 is")
    return V4l2Camera(device_id, settings["device"], Wanted(int(size[1]), int(size[2])) if size else None)


def _file_camera(device_id: str, settings: Settings) -> Camera:
    from devices.drivers.file_camera import FileCamera

    if Path(settings["path"]).is_file():
        _need_opencv("file_camera with a video")
    return FileCamera(device_id, settings["path"])


def _need_opencv(what: str) -> None:
    if importlib.util.find_spec("cv2") is None:
        raise SettingsWrong(f"the driver {what} needs OpenCV: pip install opencv-python-headless")


def _app_socket(device_id: str, settings: Settings) -> PagePrinter:
    from devices.drivers.app_socket import AppSocketPrinter

    return AppSocketPrinter(device_id, settings["host"], _tcp_port(settings, "9100"))


def _cups(device_id: str, settings: Settings) -> PagePrinter:
    from devices.drivers.cups import CupsPrinter

    if not re.fullmatch(r"[\w.-]+", settings["queue"]):
        raise SettingsWrong(f"{settings['queue']} is no name of a queue")
    return CupsPrinter(device_id, settings["queue"], settings.get("server", "/run/cups/cups.sock"))


def _mrz_scanner(device_id: str, settings: Settings) -> Scanner:
    from devices.drivers.mrz_scanner import MrzScanner

    return MrzScanner(device_id, settings["port"], _baud(settings))


def _io_board(device_id: str, settings: Settings) -> IoBoard:
    from devices.drivers.io_board import SerialIoBoard

    return SerialIoBoard(device_id, settings["port"], _baud(settings))


def _nut(device_id: str, settings: Settings) -> PowerSupply:
    from devices.drivers.nut import NutPowerSupply

    if not re.fullmatch(r"[\w.-]+", settings["ups"]):
        raise SettingsWrong(f"{settings['ups']} is no name of a UPS")
    return NutPowerSupply(device_id, settings["ups"], settings.get("host", "127.0.0.1"), _tcp_port(settings, "3493"))


def _tcp_port(settings: Settings, usual: str) -> int:
    port = settings.get("port", usual)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingsWrong(f"{port} is no TCP port")
    return int(port)


def _baud(settings: Settings) -> int:
    from devices.serial_line import SPEEDS

    baud = settings.get("baud", "115200")
    if not baud.isdecimal() or int(baud) not in SPEEDS:
        raise SettingsWrong(f"{baud} is no speed of a serial line; there are {', '.join(map(str, SPEEDS))}")
    return int(baud)


READERS: Mapping[str, Driver[IdentityReader]] = {
    "pcsc": Driver(_pcsc, frozenset({"reader", "socket", "trust"})),
    "sam_v": Driver(_sam_v, frozenset({"port", "baud", "photo_decoder"}), needs=frozenset({"port"})),
}
PRINTERS: Mapping[str, Driver[ReceiptPrinter]] = {
    "escpos": Driver(_escpos, frozenset({"target"}), needs=frozenset({"target"})),
}
CAMERAS: Mapping[str, Driver[Camera]] = {
    "network_camera": Driver(_network_camera, frozenset({"url"}), needs=frozenset({"url"})),
    "v4l2": Driver(_v4l2, frozenset({"device", "size"}), needs=frozenset({"device"})),
    "file_camera": Driver(_file_camera, frozenset({"path"}), needs=frozenset({"path"})),
}
PAGE_PRINTERS: Mapping[str, Driver[PagePrinter]] = {
    "app_socket": Driver(_app_socket, frozenset({"host", "port"}), needs=frozenset({"host"})),
    "cups": Driver(_cups, frozenset({"queue", "server"}), needs=frozenset({"queue"})),
}
SCANNERS: Mapping[str, Driver[Scanner]] = {
    "mrz_scanner": Driver(_mrz_scanner, frozenset({"port", "baud"}), needs=frozenset({"port"})),
}
IO_BOARDS: Mapping[str, Driver[IoBoard]] = {
    "io_board": Driver(_io_board, frozenset({"port", "baud"}), needs=frozenset({"port"})),
}
POWER_SUPPLIES: Mapping[str, Driver[PowerSupply]] = {
    "nut": Driver(_nut, frozenset({"ups", "host", "port"}), needs=frozenset({"ups"})),
}
EVERY: Mapping[str, Driver[Device]] = {
    **READERS,
    **PRINTERS,
    **CAMERAS,
    **PAGE_PRINTERS,
    **SCANNERS,
    **IO_BOARDS,
    **POWER_SUPPLIES,
}
DRIVERS = frozenset(EVERY)


def make_reader(driver: str, settings: Settings) -> IdentityReader:
    """A reader, not yet opened. Raises SettingsWrong."""
    return _make(READERS, driver, settings)


def make_printer(driver: str, settings: Settings) -> ReceiptPrinter:
    """A printer, not yet opened. Raises SettingsWrong."""
    return _make(PRINTERS, driver, settings)


def make_camera(driver: str, settings: Settings) -> Camera:
    """A camera, not yet opened. Raises SettingsWrong."""
    return _make(CAMERAS, driver, settings)


def make_page_printer(driver: str, settings: Settings) -> PagePrinter:
    """A printer of pages, not yet opened. Raises SettingsWrong."""
    return _make(PAGE_PRINTERS, driver, settings)


def make_scanner(driver: str, settings: Settings) -> Scanner:
    """A scanner, not yet opened. Raises SettingsWrong."""
    return _make(SCANNERS, driver, settings)


def make_io_board(driver: str, settings: Settings) -> IoBoard:
    """Lights, a presence sensor and a keypad, not yet opened. Raises SettingsWrong."""
    return _make(IO_BOARDS, driver, settings)


def make_power_supply(driver: str, settings: Settings) -> PowerSupply:
    """A power supply with a battery, not yet opened. Raises SettingsWrong."""
    return _make(POWER_SUPPLIES, driver, settings)


def make_device(driver: str, settings: Settings) -> Device:
    """Whatever that driver makes, not yet opened. Raises SettingsWrong."""
    return _make(EVERY, driver, settings)


def _make(drivers: Mapping[str, Driver[T]], name: str, settings: Settings) -> T:
    driver = drivers.get(name)
    if driver is None:
        raise SettingsWrong(f"{name or 'nothing'} is no such driver; there are {', '.join(drivers)}")
    if unknown := settings.keys() - driver.settings - {"id"}:
        raise SettingsWrong(f"the driver {name} does not take {', '.join(sorted(unknown))}")
    if missing := driver.needs - settings.keys():
        raise SettingsWrong(f"the driver {name} needs {', '.join(sorted(missing))}")
    return driver.make(settings.get("id", name), settings)
