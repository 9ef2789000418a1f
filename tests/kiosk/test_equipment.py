"""What a terminal is put together from: every device under a supervisor of its own, told to the hall, missed when it is out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from devices.device import DeviceStatus
from devices.device_record import recorded
from devices.drivers.escpos import EscposPrinter
from devices.drivers.network_camera import NetworkCamera
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_port import port_of
from devices.supervisor import Standing
from flows.heartbeat import Heartbeat
from kiosk.__main__ import Equipment, _serve, heart_of
from kiosk.config import read
from kiosk.hall_client import HallClient
from kiosk.outbox import Outbox
from kiosk.ui.display import KivyDisplay
from kiosk.visit import Ended
from tests.kiosk.fakes import Stage
from tests.patience import SOON_S
from tests.visits.playing import Script, ScriptedDisplay, Story

NOBODY = "http://127.0.0.1:9/"


@dataclass
class Hall:
    heard: list[Heartbeat] = field(default_factory=list)

    async def beat(self, heartbeat: Heartbeat) -> None:
        self.heard.append(heartbeat)

    async def close(self) -> None:
        """There is no line."""


class NothingWaits:
    def waiting(self) -> tuple[str, ...]:
        return ()

    async def run(self, wait: object) -> None:
        await asyncio.Event().wait()


def equipment(folder: Path, hall: Hall) -> Equipment:
    """Two cameras that carry the same name, as somebody forgot to give them any, and neither is there."""
    return Equipment(
        readers=(SamVReader("plate", port_of(str(folder / "nothing"))),),
        printer=EscposPrinter("slips", f"folder:{folder}"),
        hall=cast("HallClient", hall),
        outbox=cast("Outbox", NothingWaits()),
        camera=NetworkCamera("network_camera", NOBODY),
        document_camera=NetworkCamera("network_camera", NOBODY),
        page_printer=None,
        io_board=None,
        power=None,
    )


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_S):
        while not holds():  # noqa: ASYNC110 - a standing tells nobody
            await asyncio.sleep(0.02)


def test_what_is_out_of_service_is_missed_and_told(tmp_path: Path) -> None:
    async def story() -> None:
        hall = Hall()
        made = equipment(tmp_path, hall)
        running = [
            asyncio.create_task(made.supervision.run()),
            asyncio.create_task(heart_of(made).run(lambda seconds: asyncio.sleep(seconds / 100))),
        ]
        await until(lambda: len(made.out()) == 2 and len(hall.heard) > 0 and sum(part.out for part in hall.heard[-1].parts) == 3)
        assert made.out() == {"camera", "document_camera"}  # of readers one may be enough: that is the plate's to say
        assert [(part.kind, part.state, part.out) for part in hall.heard[-1].parts] == [
            ("reader", "noDevice", True),
            ("ticket_printer", "online", False),
            ("camera", "noDevice", True),
            ("document_camera", "noDevice", True),
        ]
        assert made.supervision.of(made.printer).standing is Standing.IN_SERVICE
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(device.close() for _, device in made.parts))
        assert made.printer.status().device is DeviceStatus.OFFLINE

    asyncio.run(story())


def test_a_running_terminal_supervises_its_devices_and_leaves_its_word_for_a_self_test(tmp_path: Path) -> None:
    async def story() -> None:
        hall, demo = Hall(), read(Path("kiosk/demo.toml"), tmp_path)
        made, config = equipment(tmp_path, hall), replace(demo, outbox=tmp_path / "outbox", readers=demo.readers[:1])
        display = ScriptedDisplay(Script(Story("nobody comes", (), Ended.QUIT), Stage()))
        running = asyncio.create_task(_serve(cast("KivyDisplay", display), config, made, None))
        await until(lambda: made.supervision.of(made.printer).standing is Standing.IN_SERVICE and bool(hall.heard))
        await until(lambda: set(recorded(tmp_path)) == {"plate", "slips", "network_camera"})
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert {device.status().device for _, device in made.parts} == {DeviceStatus.OFFLINE}

    asyncio.run(story())
