"""Garbage without end on a serial line is eaten in the thread of its device: the event loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import os
import pty
import random
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from devices.device import Device
from devices.drivers import io_board, mrz_scanner
from devices.drivers.io_board import SerialIoBoard
from devices.drivers.mrz_scanner import MrzScanner
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_frames import LONGEST, PREAMBLE
from devices.drivers.sam_v_port import SerialPort
from tests.devices.plate_on_a_pty import QUICK
from tests.patience import SOON_S

EATEN = 128 * 1024
TURNS = 1000
BYTES_A_TURN = 16 * 1024
"""At most so many bytes may be eaten between two turns of the loop, on average: four times what a line holds."""
FALSE_HEADERS = (PREAMBLE + LONGEST.to_bytes(2, "big")) * 500
GARBAGE = {
    "random bytes": random.Random(6).randbytes(4096),
    "false headers": FALSE_HEADERS,
    "beginnings": PREAMBLE[:3] * 1000,
    "lines": b"KEY five\nLIGHT\n\r<<<\n" * 200,
    "one line": b"A" * 4096,
}
DRIVERS: dict[str, Callable[[str], Device]] = {
    "sam_v": lambda path: SamVReader("plate", SerialPort(path), QUICK),
    "mrz_scanner": lambda path: MrzScanner("scanner", path, 115200),
    "io_board": lambda path: SerialIoBoard("board", path, 115200),
}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for driver in (io_board, mrz_scanner):
        monkeypatch.setattr(driver, "REOPEN_S", (0.01,))


class Flood:
    """Writes garbage as fast as it is taken."""

    def __init__(self, master: int, garbage: bytes) -> None:
        self._master, self._garbage = master, garbage
        self.eaten = 0
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._flows, daemon=True)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self.over.set()
            self._thread.join(SOON_S)

    def _flows(self) -> None:
        while not self.over.is_set():
            readable, writable, _ = select.select([self._master], [self._master], [], 0.1)
            if readable:
                os.read(self._master, 4096)
            if writable:
                at = self.eaten % len(self._garbage)
                self.eaten += os.write(self._master, self._garbage[at:])


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("driver", DRIVERS)
def test_a_flood_of_garbage_leaves_the_loop_its_turns(driver: str, garbage: str) -> None:
    async def story(flood: Flood, device: Device) -> None:
        turns = 0
        await device.open()
        try:
            with flood.flowing():
                async with asyncio.timeout(SOON_S):
                    while flood.eaten < EATEN or turns < TURNS:
                        await asyncio.sleep(0)
                        turns += 1
        finally:
            await device.close()
        assert flood.eaten < turns * BYTES_A_TURN
        assert device.counters().faults == 0

    master, slave = pty.openpty()
    try:
        tty.setraw(slave)
        os.set_blocking(master, False)
        asyncio.run(story(Flood(master, GARBAGE[garbage]), DRIVERS[driver](os.ttyname(slave))))
    finally:
        os.close(slave)
        os.close(master)
