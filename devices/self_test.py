"""Asks every device of a terminal how it is, all at once. A card that lies there is not read."""

from __future__ import annotations

import asyncio
import re
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from devices.device import Device, DeviceStatus, Status
from devices.drivers import SettingsWrong, make_device
from devices.readiness import DeviceReadiness, Recorded, Report

TEST_S = 40.0
"""Longer than any driver takes to look at its device."""
STATE = "${state}"
OF_THE_TERMINAL = frozenset({"where", "shut_down"})
"""What a section says to the terminal, beside what its driver takes."""
SECRET = re.compile(r"password|secret|token|(^|_)(key|pin)$", re.IGNORECASE)
LOGIN = re.compile(r"//[^/@\s]*@")
ADDRESSES = frozenset({"address", "path", "target", "url"})
"""What capabilities say of a place; the report has it from the settings, without secrets."""
PROJECT = Path(__file__).parent.parent / "pyproject.toml"


class ConfigUnreadable(Exception):
    """The configuration cannot be read; the text says why."""


@dataclass(frozen=True)
class Named:
    """A device as somebody named it: in a section of kiosk.toml, or found."""

    section: str
    driver: str
    settings: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.settings.get("id", self.driver)

    @property
    def address(self) -> str:
        """Every setting that says where it is; no secret, and no name and password within an address."""
        said = [f"{name} {value}" for name, value in self.settings.items() if name != "id" and not SECRET.search(name)]
        return LOGIN.sub("//", ", ".join(said))


@dataclass(frozen=True)
class Fitted:
    """What a configuration says of a terminal, as far as its devices are concerned."""

    terminal: str
    hall: str
    devices: tuple[Named, ...]


def fitted(config: Path, state: Path) -> Fitted:
    """Every section with a driver is a device, whatever its name: new kinds of devices come along. Raises ConfigUnreadable."""
    try:
        written = tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigUnreadable(f"{config} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigUnreadable(f"{config} is not TOML: {error}") from None
    place = written.get("place")
    place = place if isinstance(place, dict) else {}
    devices = tuple(named for section, value in written.items() for named in _named(section, value, str(state)))
    return Fitted(str(place.get("terminal", "")), str(place.get("hall_name", "")), devices)


def _named(section: str, value: object, state: str) -> Iterator[Named]:
    for table in value if isinstance(value, list) else [value]:
        if isinstance(table, dict) and "driver" in table:
            texts = {name: str(setting).replace(STATE, state) for name, setting in table.items() if name not in OF_THE_TERMINAL}
            yield Named(section, texts.pop("driver"), texts)


async def report_of(of: Fitted, records: Mapping[str, Recorded]) -> Report:
    devices = await asyncio.gather(*(_tested(named, records.get(named.id)) for named in of.devices))
    return Report(datetime.now(UTC), of.terminal, of.hall, _software(), tuple(devices))


async def _tested(named: Named, record: Recorded | None) -> DeviceReadiness:
    nothing = Status(DeviceStatus.NO_DEVICE)
    try:
        device = make_device(named.driver, named.settings)
    except SettingsWrong as error:
        return DeviceReadiness(named.section, named.id, named.driver, named.address, nothing, wrong=str(error), recorded=record)
    began = time.monotonic()
    status, capabilities = await _asked(device, named)
    return DeviceReadiness(
        section=named.section,
        id=named.id,
        driver=named.driver,
        address=named.address,
        status=status,
        kind=device.kind,
        took_ms=round((time.monotonic() - began) * 1000),
        capabilities=capabilities,
        recorded=record,
    )


async def _asked(device: Device, named: Named) -> tuple[Status, Mapping[str, str]]:
    try:
        async with asyncio.timeout(TEST_S):
            await device.open()
            try:
                return await device.check_health(), _shown(device, named)
            finally:
                await device.close()
    except TimeoutError:
        return Status(DeviceStatus.HARDWARE_ERROR, detail="no answer in time"), {}
    except Exception as error:  # one driver's mistake must not cost the report of the others
        return Status(DeviceStatus.HARDWARE_ERROR, detail=f"the driver failed: {type(error).__name__}"), {}


def _shown(device: Device, named: Named) -> Mapping[str, str]:
    """What the device says of itself that its settings do not say."""
    texts = {name: _text(value) for name, value in device.capabilities().items() if name not in ADDRESSES}
    return {name: text for name, text in texts.items() if text and text not in named.settings.values()}


def _text(value: object) -> str:
    if isinstance(value, Sequence | frozenset | set) and not isinstance(value, str | bytes):
        return ", ".join(sorted(map(str, value)))
    return str(value)


def _software() -> str:
    try:
        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return ""
