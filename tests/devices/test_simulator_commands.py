"""The simulators as commands: each says where it is, can be disturbed through its folder, and ends when it is told."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.device import Device, DeviceStatus, Key, Proximity
from devices.drivers import make_io_board, make_page_printer, make_power_supply, make_scanner
from devices.simulators import cupsd, upsd
from devices.simulators.note import taken
from devices.simulators.page_printer import PagePrinterSimulator
from tests.devices.test_mrz_lines import PASSPORT
from tests.patience import SOON_S


@contextmanager
def running(simulator: str, *options: str) -> Iterator[str]:
    """The line that it says first; leaving ends it."""
    command = [sys.executable, "-m", f"devices.simulators.{simulator}", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        try:
            yield started.stdout.readline()
        finally:
            started.send_signal(signal.SIGTERM)
            assert started.wait(SOON_S) == 0


async def until(device: Device, is_so: Callable[[], bool]) -> None:
    changes = device.events()
    while not is_so():
        await anext(changes)


def test_an_io_board_is_worked_through_its_folder(tmp_path: Path) -> None:
    async def told() -> None:
        board = make_io_board("io_board", {"port": str(tmp_path / "tty")})
        events = board.events()
        await board.open()
        async with asyncio.timeout(SOON_S):
            await until(board, lambda: board.proximity() is Proximity.NOT_PRESENT)
            (tmp_path / "presence").write_text("somebody")
            await until(board, lambda: board.proximity() is Proximity.PRESENT)
            (tmp_path / "press").write_text("five")
            while (event := await anext(events)).name != "keyPressed":
                pass
        await board.close()
        assert event.key is Key.FIVE

    with running("io_board", "--folder", str(tmp_path)) as said:
        assert said.strip() == str(tmp_path / "tty")
        asyncio.run(told())


def test_a_note_is_taken_once_and_not_while_it_is_being_written(tmp_path: Path) -> None:
    note = tmp_path / "press"
    assert taken(note) == ""
    with note.open("w") as writing:
        assert taken(note) == ""
        writing.write("five")
    assert (taken(note), note.exists(), taken(note)) == ("five", False, "")


def test_a_document_is_shown_to_a_scanner_through_its_folder(tmp_path: Path) -> None:
    async def told() -> None:
        scanner = make_scanner("mrz_scanner", {"port": str(tmp_path / "tty")})
        await scanner.open()
        scanning = asyncio.create_task(scanner.scan(deadline_s=SOON_S))
        while not scanning.done():
            (tmp_path / "scan").write_text("\n".join(PASSPORT))
            await asyncio.wait({scanning}, timeout=1.0)
        await scanner.close()
        assert scanning.result() == PASSPORT

    with running("mrz_scanner", "--folder", str(tmp_path)) as said:
        assert said.strip() == str(tmp_path / "tty")
        asyncio.run(told())


@pytest.mark.skipif(bool(upsd.missing()), reason=f"Debian packages not installed: {upsd.missing()}")
def test_a_upsd_of_ones_own_says_what_its_file_says(tmp_path: Path) -> None:
    async def told(port: str) -> None:
        supply = make_power_supply("nut", {"ups": upsd.UPS, "port": port})
        await supply.open()
        assert supply.status().device is DeviceStatus.ONLINE
        await supply.close()

    with running("upsd", "--folder", str(tmp_path), "--port", "0") as said:
        asyncio.run(told(said.partition(",")[0].rpartition(":")[2]))


@pytest.mark.skipif(bool(cupsd.missing()), reason=f"Debian packages not installed: {cupsd.missing()}")
def test_a_cupsd_of_ones_own_prints(short_folder: Path) -> None:
    paper = PagePrinterSimulator(short_folder / "jobs")

    async def told(server: str) -> None:
        printer = make_page_printer("cups", {"queue": cupsd.QUEUE, "server": server})
        await printer.open()
        await printer.print(b"%PDF-1.7\n%%EOF\n", job_id="one")
        await printer.close()

    with running("cupsd", "--folder", str(short_folder / "cups"), "--printer-port", str(paper.port)) as said:
        asyncio.run(told(said.split()[-1]))
    paper.gone()
    assert len(paper.jobs()) == 1
