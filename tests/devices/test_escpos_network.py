"""A receipt printer on the network, disturbed while it runs: what it says of itself, and what is printed of a job."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
from PIL import Image

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus
from devices.drivers import escpos, escpos_line
from devices.drivers.escpos import EscposPrinter
from devices.simulators.receipt_printer import NetworkPrinterSimulator, PrinterFault
from tests.devices.test_escpos import refusal, same, slip
from tests.patience import SOON_S

Story = Callable[[EscposPrinter], Coroutine[None, None, None]]
ONLINE, OFFLINE, BROKEN = DeviceStatus.ONLINE, DeviceStatus.OFFLINE, DeviceStatus.HARDWARE_ERROR


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[NetworkPrinterSimulator]:
    simulator = NetworkPrinterSimulator(tmp_path)
    yield simulator
    simulator.gone()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos, "REOPEN_S", (0.05,))
    monkeypatch.setattr(escpos, "WATCH_S", 0.05)


def tell(story: Story, target: str) -> None:
    async def told() -> None:
        printer = EscposPrinter("receipts", target)
        await printer.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(printer)
        finally:
            await printer.close()

    asyncio.run(told())


async def until(printer: EscposPrinter, detail: str) -> None:
    changes = printer.events()
    while printer.status().detail != detail:
        await anext(changes)


def test_a_slip_comes_out_once_for_its_job(simulator: NetworkPrinterSimulator) -> None:
    async def story(printer: EscposPrinter) -> None:
        await printer.print_image(slip(), job_id="one")
        await printer.print_image(slip(), job_id="one")
        await printer.print_image(slip(300), job_id="two")

    tell(story, simulator.target)
    one, two = simulator.sheets()
    with Image.open(one) as first, Image.open(two) as second:
        assert same(first, slip())
        assert same(second, slip(300))


@pytest.mark.parametrize(
    ("fault", "code", "device", "media", "detail"),
    [
        (PrinterFault.PAPER_OUT, Completion.PAPER_OUT, ONLINE, MediaStatus.NOT_PRESENT, "paper_out"),
        (PrinterFault.COVER_OPEN, Completion.DEVICE_NOT_READY, OFFLINE, MediaStatus.PRESENT, "cover_open"),
        (PrinterFault.OFFLINE, Completion.DEVICE_NOT_READY, OFFLINE, MediaStatus.PRESENT, "offline"),
        (PrinterFault.CUTTER, Completion.HARDWARE_ERROR, BROKEN, MediaStatus.JAMMED, "cutter_error"),
        (PrinterFault.UNRECOVERABLE, Completion.HARDWARE_ERROR, BROKEN, MediaStatus.JAMMED, "printer_error"),
        (PrinterFault.OVERHEATED, Completion.DEVICE_NOT_READY, OFFLINE, MediaStatus.PRESENT, "overheated"),
        (PrinterFault.SILENT, Completion.HARDWARE_ERROR, BROKEN, MediaStatus.UNKNOWN, "status is not answered"),
    ],
)
def test_trouble_is_seen_by_itself_and_nothing_is_printed_until_it_is_over(
    simulator: NetworkPrinterSimulator,
    fault: PrinterFault,
    code: Completion,
    device: DeviceStatus,
    media: MediaStatus,
    detail: str,
) -> None:
    async def story(printer: EscposPrinter) -> None:
        simulator.disturb(fault)
        await until(printer, detail)
        assert (printer.status().device, printer.status().media) == (device, media)
        assert (await refusal(printer)).code is code
        assert simulator.sheets() == ()
        simulator.disturb(None)
        await until(printer, "")
        await printer.print_image(slip(), job_id="job")

    tell(story, simulator.target)
    assert len(simulator.sheets()) == 1


def test_a_roll_near_its_end_is_told_while_everything_goes_on(simulator: NetworkPrinterSimulator) -> None:
    async def story(printer: EscposPrinter) -> None:
        simulator.disturb(PrinterFault.PAPER_NEAR_END)
        await until(printer, "paper_near_end")
        await printer.print_image(slip(), job_id="job")
        assert printer.status().device is ONLINE

    tell(story, simulator.target)
    assert len(simulator.sheets()) == 1


def test_a_roll_that_ends_before_the_job_is_taken_is_no_broken_printer(
    simulator: NetworkPrinterSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escpos_line, "STALL_S", 0.3)

    async def story(printer: EscposPrinter) -> None:
        simulator.disturb(PrinterFault.RUNS_OUT)
        with pytest.raises(DeviceError) as refused:
            await printer.print_image(Image.effect_noise((576, 4000), 200), job_id="long")
        assert refused.value.code is Completion.PAPER_OUT
        simulator.disturb(None)
        await until(printer, "")
        await printer.print_image(slip(), job_id="job")

    tell(story, simulator.target)
    assert len(simulator.sheets()) == 1


def test_the_simulator_is_a_command_that_ends_when_it_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "devices.simulators.receipt_printer", "--folder", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        target = started.stdout.readline().partition(";")[0]

        async def story(printer: EscposPrinter) -> None:
            await printer.print_image(slip(), job_id="job")

        tell(story, target)
        os.kill(started.pid, signal.SIGTERM)
        assert started.wait(SOON_S) == 0
    assert [sheet.name for sheet in tmp_path.glob("*.png")] == ["0001.png"]
