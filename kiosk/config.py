"""The terminal's one TOML file: read here alone, and everything wrong with it named at once."""

from __future__ import annotations

import logging
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from flows.items import ITEMS
from flows.matters import MATTERS
from kiosk.privacy import IdleTimes

log = logging.getLogger(__name__)

STATE = "${state}"

SECTIONS: Mapping[str, frozenset[str]] = {
    "place": frozenset({"terminal", "hall_name", "phone", "region"}),
    "hall": frozenset({"address", "credentials", "deadline_s"}),
    "screen": frozenset({"width", "height", "fonts"}),
    "idle": frozenset(f.name for f in fields(IdleTimes)),
    "printer": frozenset(),
    "camera": frozenset(),
    "document_camera": frozenset(),
    "page_printer": frozenset(),
    "io_board": frozenset(),
    "power": frozenset(),
}
TABLES = frozenset({"matters", "departments", "readers"})


class ConfigWrong(Exception):
    """The configuration cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Department:
    """A department as the notice names it, and what it is asked for."""

    code: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class DeviceSettings:
    """One device: its driver's name, and the settings that this driver takes."""

    driver: str
    settings: Mapping[str, str]


class Where(StrEnum):
    """Where a card reader is, for somebody who stands before the terminal."""

    SOMEWHERE = ""
    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class ReaderSettings(DeviceSettings):
    where: Where = Where.SOMEWHERE


@dataclass(frozen=True)
class KioskConfig:
    """One terminal. `credentials` is the folder that enrolment wrote; `state` holds the outbox. `region` is the hall's
    code of GB/T 2260. Without a camera or a page printer (None), the counter does what they are for. `shut_down` is the
    command that ends the machine in a power cut; empty: it goes on until the battery does not."""

    terminal: str
    hall_name: str
    phone: str
    region: str
    address: str
    credentials: Path
    deadline_s: float
    size: tuple[int, int]
    fonts: Path
    idle: IdleTimes
    matters: tuple[str, ...]
    departments: tuple[Department, ...]
    readers: tuple[ReaderSettings, ...]
    printer: DeviceSettings
    camera: DeviceSettings | None
    document_camera: DeviceSettings | None
    page_printer: DeviceSettings | None
    io_board: DeviceSettings | None
    power: DeviceSettings | None
    shut_down: tuple[str, ...]
    outbox: Path


def read(path: Path, state: Path) -> KioskConfig:
    """Raises ConfigWrong with everything wrong at once. ${state} in a value stands for the state folder."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigWrong((f"{path} cannot be read: {error.strerror}",)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigWrong((f"{path} is not TOML: {error}",)) from None
    reading = _Reading(written, str(state))
    power, shut_down = reading.power()
    config = KioskConfig(
        terminal=reading.text("place", "terminal"),
        hall_name=reading.text("place", "hall_name"),
        phone=reading.text("place", "phone", usual=""),
        region=reading.region("place", "region"),
        address=reading.address("hall", "address"),
        credentials=Path(reading.text("hall", "credentials")),
        deadline_s=reading.number("hall", "deadline_s", usual=12),
        size=(int(reading.number("screen", "width", usual=1080)), int(reading.number("screen", "height", usual=1920))),
        fonts=Path(reading.text("screen", "fonts", usual="assets/fonts")),
        idle=reading.idle(),
        matters=reading.matters(),
        departments=tuple(d for table in reading.tables("departments") if (d := reading.department(table))),
        readers=tuple(reading.reader(table) for table in reading.tables("readers")),
        printer=reading.device(reading.section("printer"), "printer"),
        camera=reading.optional_device("camera"),
        document_camera=reading.optional_device("document_camera"),
        page_printer=reading.optional_device("page_printer"),
        io_board=reading.optional_device("io_board"),
        power=power,
        shut_down=shut_down,
        outbox=state / "outbox",
    )
    if reading.problems:
        raise ConfigWrong(tuple(reading.problems))
    return config


class _Reading:
    """Takes settings out of a parsed file and gathers what is wrong with them."""

    def __init__(self, written: Mapping[str, object], state: str) -> None:
        self.problems: list[str] = []
        self._written = written
        self._state = state
        for name, settings in written.items():
            if name in TABLES:
                continue
            if name not in SECTIONS or not isinstance(settings, dict):
                self.problems.append(f"[{name}] is not a section of the terminal's configuration")
                continue
            known = SECTIONS[name] or settings.keys()
            self.problems += [f"{name}.{key} is not a setting of the terminal" for key in settings if key not in known]

    def section(self, name: str) -> Mapping[str, object]:
        found = self._written.get(name, {})
        return found if isinstance(found, dict) else {}

    def text(self, section: str, key: str, *, usual: str | None = None) -> str:
        value = self.section(section).get(key, usual)
        if not isinstance(value, str) or not (value or usual == ""):
            self.problems.append(f"{section}.{key} must be a text that is not empty")
            return ""
        return value.replace(STATE, self._state)

    def number(self, section: str, key: str, *, usual: float) -> float:
        value = self.section(section).get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            self.problems.append(f"{section}.{key} must be a number above 0")
            return usual
        return value

    def address(self, section: str, key: str) -> str:
        value = self.text(section, key)
        if value and not value.startswith("https://"):
            self.problems.append(f"{section}.{key} must begin with https://: a terminal talks to its hall by mutual TLS only")
        return value

    def region(self, section: str, key: str) -> str:
        value = self.text(section, key)
        if value and not (len(value) == 6 and value.isdecimal()):
            self.problems.append(f"{section}.{key} must be six digits: the hall's code of GB/T 2260")
        return value

    def idle(self) -> IdleTimes:
        usual = IdleTimes()
        seconds = {f.name: self.number("idle", f.name, usual=getattr(usual, f.name)) for f in fields(IdleTimes)}
        if seconds["countdown_s"] < 20:
            self.problems.append("idle.countdown_s must be 20 or more: people need that long to react (WCAG 2.2.1)")
        return IdleTimes(**seconds)

    def matters(self) -> tuple[str, ...]:
        """One unknown matter does not close the terminal; none left does."""
        listed = self._written.get("matters")
        if not isinstance(listed, list):
            self.problems.append('matters must be a list of matters, e.g. ["hk-macau-permit"]')
            return ()
        known = tuple(code for code in listed if code in MATTERS)
        for code in listed:
            if code not in MATTERS:
                log.warning("matter_unknown", extra={"matter": code})
        if not known:
            self.problems.append("matters names no matter that this version knows")
        return known

    def tables(self, name: str) -> list[Mapping[str, object]]:
        found = self._written.get(name, [])
        if isinstance(found, list) and found and all(isinstance(table, dict) for table in found):
            return found
        self.problems.append(f"[[{name}]] must be there at least once")
        return []

    def department(self, table: Mapping[str, object]) -> Department | None:
        match table:
            case {"code": str(code), "title": str(title), "items": [*items]} if len(table) == 3:
                wrong = [item for item in items if item not in ITEMS]
                self.problems += [f"departments: {code} lists {item}, which is no item of shared data" for item in wrong]
                return Department(code, title, tuple(str(item) for item in items))
            case _:
                self.problems.append("[[departments]] needs code, title and a list of items, and nothing else")
                return None

    def device(self, table: Mapping[str, object], where: str) -> DeviceSettings:
        """What a driver makes of its settings is for the driver to say."""
        texts = {key: str(value).replace(STATE, self._state) for key, value in table.items()}
        if not texts.get("driver"):
            self.problems.append(f"{where}: every device needs a driver")
        return DeviceSettings(texts.pop("driver", ""), texts)

    def reader(self, table: Mapping[str, object]) -> ReaderSettings:
        where = table.get("where", "")
        if where not in list(Where):
            self.problems.append(f"readers: where must be one of {', '.join(filter(None, Where))}")
            where = Where.SOMEWHERE
        device = self.device({key: value for key, value in table.items() if key != "where"}, "readers")
        return ReaderSettings(device.driver, device.settings, Where(str(where)))

    def optional_device(self, name: str) -> DeviceSettings | None:
        return self.device(self.section(name), name) if name in self._written else None

    def power(self) -> tuple[DeviceSettings | None, tuple[str, ...]]:
        """The supply, and the command that shuts the machine down when its battery alone is left."""
        supply = self.optional_device("power")
        if supply is None:
            return None, ()
        settings = dict(supply.settings)
        try:
            command = tuple(shlex.split(settings.pop("shut_down", "")))
        except ValueError:
            self.problems.append("power.shut_down is no command: a quotation mark is left open")
            command = ()
        return DeviceSettings(supply.driver, settings), command
