"""`python -m kiosk`: one terminal, built from its configuration, serving one citizen after the other."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from devices.device import Camera, Device, IdentityReader, IoBoard, PagePrinter, PowerSupply, ReceiptPrinter
from devices.device_record import keep
from devices.drivers import (
    SettingsWrong,
    make_camera,
    make_io_board,
    make_page_printer,
    make_power_supply,
    make_printer,
    make_reader,
)
from devices.plate import Plate
from devices.supervisor import Supervision
from flows.heartbeat import PartKind
from flows.matters import MATTERS
from flows.photo.checks import judge
from kiosk.config import ConfigWrong, DeviceSettings, KioskConfig, read
from kiosk.hall_client import HallClient, connect
from kiosk.heartbeat import Heart
from kiosk.lights import lit
from kiosk.outbox import Outbox
from kiosk.paper import SlipPrinter
from kiosk.power import PowerCut, run_command
from kiosk.serve import serve
from kiosk.terminal import Terminal, place_of
from kiosk.ui.display import KivyDisplay, Surface, run
from kiosk.view import Display
from kiosk.words import all_words

T = TypeVar("T")

PICTURE_EVERY_S = 1.0
RECORD_EVERY_S = 60.0
SOFTWARE = "1"
"""The version that the hall's overview shows."""
ON_A_DESK = (540, 960)
"""Half the panel: fits the screens of desks, and the layout scales by itself."""


@dataclass(frozen=True)
class Equipment:
    """What the configuration names: devices not yet opened, and the way to the hall."""

    readers: tuple[IdentityReader, ...]
    printer: ReceiptPrinter
    hall: HallClient
    outbox: Outbox
    camera: Camera | None
    document_camera: Camera | None
    page_printer: PagePrinter | None
    io_board: IoBoard | None
    power: PowerSupply | None

    @property
    def others(self) -> tuple[tuple[PartKind, Device], ...]:
        """Everything to be opened and closed but the readers, which the plate has."""
        parts: list[tuple[PartKind, Device | None]] = [
            ("ticket_printer", self.printer),
            ("camera", self.camera),
            ("document_camera", self.document_camera),
            ("page_printer", self.page_printer),
            ("io_board", self.io_board),
            ("power_supply", self.power),
        ]
        return tuple((kind, device) for kind, device in parts if device is not None)

    @property
    def parts(self) -> tuple[tuple[PartKind, Device], ...]:
        return (*(("reader", reader) for reader in self.readers), *self.others)

    @cached_property
    def supervision(self) -> Supervision:
        return Supervision(device for _, device in self.parts)

    def out(self) -> frozenset[PartKind]:
        """What is fitted and not to be counted on now. Readers are the plate's matter: one of several may do."""
        return frozenset(kind for kind, device in self.others if self.supervision.of(device).is_out)


def main() -> int:
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("httpcore", "httpx", "kivy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        config = read(arguments.config, arguments.state)
        equipment = equipment_of(config)
    except ConfigWrong as wrong:
        print("The terminal cannot start:", *wrong.problems, sep="\n  ", file=sys.stderr)
        return 2
    run(
        lambda display: _serve(display, config, equipment, arguments.picture),
        size=ON_A_DESK if arguments.window else config.size,
        surface=_surface(arguments),
        fonts=config.fonts,
    )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kiosk", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("kiosk/demo.toml"))
    parser.add_argument("--state", type=Path, default=Path("var"), help="where the outbox lies and ${state} points")
    surface = parser.add_mutually_exclusive_group()
    surface.add_argument("--window", action="store_true", help="draw in a small window, not on the whole panel")
    surface.add_argument("--off-screen", action="store_true", help="draw without a window")
    parser.add_argument("--picture", type=Path, help="keep a picture of the present screen in this file")
    return parser.parse_args()


def _surface(arguments: argparse.Namespace) -> Surface:
    if arguments.window:
        return Surface.WINDOW
    return Surface.OFF_SCREEN if arguments.off_screen else Surface.PANEL


def equipment_of(config: KioskConfig) -> Equipment:
    """Raises ConfigWrong in words when the terminal is not enrolled or a device cannot be made."""
    problems: list[str] = []
    try:
        hall = connect(config.address, config.credentials, deadline_s=config.deadline_s)
        outbox = Outbox(config.outbox, (config.credentials / "sealing.pub").read_bytes(), hall)
    except OSError:
        problems.append(
            f"{config.credentials} does not hold what enrolment writes: python -m hall terminals enrol {config.terminal}"
        )
    try:
        readers = tuple(make_reader(device.driver, device.settings) for device in config.readers)
        printer = make_printer(config.printer.driver, config.printer.settings)
        camera, document_camera = _made(make_camera, config.camera), _made(make_camera, config.document_camera)
        page_printer = _made(make_page_printer, config.page_printer)
        io_board, power = _made(make_io_board, config.io_board), _made(make_power_supply, config.power)
    except SettingsWrong as wrong:
        problems.append(str(wrong))
    if problems:
        raise ConfigWrong(tuple(problems))
    return Equipment(readers, printer, hall, outbox, camera, document_camera, page_printer, io_board, power)


def _made(make: Callable[[str, Mapping[str, str]], T], device: DeviceSettings | None) -> T | None:
    return make(device.driver, device.settings) if device else None


@contextlib.asynccontextmanager
async def terminal_of(config: KioskConfig, equipment: Equipment, display: Display) -> AsyncIterator[Terminal]:
    """A terminal with its devices open; leaving closes them."""
    plate = Plate(equipment.readers)
    try:
        await asyncio.gather(plate.open(), *(device.open() for _, device in equipment.others))
        terminal = Terminal(
            display=display,
            plate=plate,
            hall=equipment.hall,
            post=equipment.outbox,
            paper=SlipPrinter(equipment.printer, config.fonts),
            matters={code: MATTERS[code] for code in config.matters},
            words=all_words(),
            place=place_of(config, equipment.readers),
            idle=config.idle,
            clock=lambda: datetime.now(UTC),
            wait=asyncio.sleep,
            judge=judge,
            camera=equipment.camera,
            document_camera=equipment.document_camera,
            page_printer=equipment.page_printer,
            out=equipment.out,
        )
        yield lit(terminal, equipment.io_board) if equipment.io_board else terminal
    finally:
        await plate.close()
        await asyncio.gather(*(device.close() for _, device in equipment.others))
        await equipment.hall.close()


async def _serve(display: KivyDisplay, config: KioskConfig, equipment: Equipment, picture: Path | None) -> None:
    async with terminal_of(config, equipment, display) as terminal, asyncio.TaskGroup() as together:
        print(f"READY terminal {config.terminal}", flush=True)
        together.create_task(equipment.outbox.run(asyncio.sleep))
        together.create_task(equipment.supervision.run())
        together.create_task(_record(equipment, config.outbox.parent))
        cut = PowerCut(equipment.power, partial(run_command, config.shut_down)) if equipment.power else None
        together.create_task(serve(terminal, cut))
        if cut is not None:
            together.create_task(cut.run(asyncio.sleep))
        together.create_task(heart_of(equipment).run(asyncio.sleep))
        if picture is not None:
            together.create_task(_keep_picture(display, picture))


async def _record(equipment: Equipment, state: Path) -> None:
    """For a self-test beside the running terminal, which cannot ask devices that are in use."""
    since = datetime.now(UTC)
    while True:
        keep(state, since, [equipment.supervision.of(device) for _, device in equipment.parts])
        await asyncio.sleep(RECORD_EVERY_S)


def heart_of(equipment: Equipment) -> Heart:
    parts = tuple((kind, equipment.supervision.of(device)) for kind, device in equipment.parts)
    waiting = equipment.outbox.waiting
    return Heart(equipment.hall, parts, lambda: len(waiting()), lambda: datetime.now(UTC), SOFTWARE)


async def _keep_picture(display: KivyDisplay, picture: Path) -> None:
    """For whoever has no display: the present screen as a file, replaced as a whole."""
    from kiosk.ui.pilot import Pilot  # only now: the window settles how Kivy is imported

    pilot, beside = Pilot(display), picture.with_suffix(f".new{picture.suffix}")
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                await pilot.picture(beside)
                beside.replace(picture)
            await asyncio.sleep(PICTURE_EVERY_S)
    finally:
        for file in (picture, beside):  # it may show a citizen
            file.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
