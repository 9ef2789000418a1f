"""A page printer on a TCP port: a PDF once per job, and a printer that is not there or hangs up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
from PIL import Image

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus
from devices.drivers import SettingsWrong, make_page_printer
from devices.drivers.app_socket import AppSocketPrinter
from devices.simulators.page_printer import NotPrintable, PagePrinterSimulator, pages_of
from tests.patience import SOON_S


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[PagePrinterSimulator]:
    simulator = PagePrinterSimulator(tmp_path)
    yield simulator
    simulator.gone()


def pdf(pages: int = 1) -> bytes:
    import fpdf

    document = fpdf.FPDF(format="A4")
    for _ in range(pages):
        document.add_page()
        document.rect(20, 20, 100, 100, style="F")
    return bytes(document.output())


def tell(story: Callable[[AppSocketPrinter], Coroutine[None, None, None]], port: int) -> None:
    async def told() -> None:
        printer = AppSocketPrinter("pages", "127.0.0.1", port)
        await printer.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(printer)
        finally:
            await printer.close()

    asyncio.run(told())


async def refusal(printer: AppSocketPrinter, sent: bytes = b"%PDF-1.7", job_id: str = "job") -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        await printer.print(sent, job_id=job_id)
    return refused.value


def test_a_pdf_arrives_whole_and_becomes_pages(simulator: PagePrinterSimulator) -> None:
    sent = pdf(2)

    async def story(printer: AppSocketPrinter) -> None:
        assert printer.status().device is DeviceStatus.ONLINE
        assert printer.status().media is MediaStatus.UNKNOWN
        await printer.print(sent, job_id="certificate-1")

    tell(story, simulator.port)
    (job,) = simulator.jobs()
    assert job.read_bytes() == sent
    pages = pages_of(job)
    assert len(pages) == 2
    with Image.open(pages[0]) as page:
        assert page.convert("L").getextrema() == (0, 255)


def test_the_same_job_twice_is_printed_once(simulator: PagePrinterSimulator) -> None:
    async def story(printer: AppSocketPrinter) -> None:
        await printer.print(pdf(), job_id="one")
        await printer.print(pdf(), job_id="one")
        await printer.print(pdf(), job_id="two")

    tell(story, simulator.port)
    assert len(simulator.jobs()) == 2


def test_looking_whether_the_printer_is_there_prints_nothing(simulator: PagePrinterSimulator) -> None:
    async def story(printer: AppSocketPrinter) -> None:
        assert (await printer.check_health()).device is DeviceStatus.ONLINE
        await printer.print(pdf(), job_id="one")

    tell(story, simulator.port)
    assert len(simulator.jobs()) == 1


def test_a_printer_that_cannot_be_reached_is_a_status_and_a_worded_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def story(printer: AppSocketPrinter) -> None:
        assert printer.status().device is DeviceStatus.NO_DEVICE
        refused = await refusal(printer)
        assert (refused.code, refused.technical, refused.retry) == (Completion.DEVICE_NOT_READY, "Connection refused", True)

    tell(story, port)


def test_a_printer_that_hangs_up_in_the_middle_has_not_printed(simulator: PagePrinterSimulator) -> None:
    async def story(printer: AppSocketPrinter) -> None:
        simulator.breaks = True
        refused = await refusal(printer, b"%PDF-" + b"x" * 20_000_000)
        assert (refused.code, refused.retry) == (Completion.HARDWARE_ERROR, True)
        simulator.breaks = False
        await printer.print(pdf(), job_id="job")

    tell(story, simulator.port)
    assert len(simulator.jobs()) == 1


@pytest.mark.parametrize(("sent", "job_id"), [(b"<html>", "job"), (b"%PDF-1.7", "../job"), (b"%PDF-1.7", "")])
def test_what_is_no_pdf_or_no_job_is_refused_before_anything_is_sent(
    simulator: PagePrinterSimulator, sent: bytes, job_id: str
) -> None:
    async def story(printer: AppSocketPrinter) -> None:
        assert (await refusal(printer, sent, job_id)).code is Completion.INVALID_DATA

    tell(story, simulator.port)
    assert simulator.jobs() == ()


@pytest.mark.parametrize("job", [b"", b"%PDF-1.7 half", b"%PDF-1.7 nonsense %%EOF"])
def test_half_a_pdf_becomes_no_page(tmp_path: Path, job: bytes) -> None:
    (tmp_path / "0001.pdf").write_bytes(job)
    with pytest.raises(NotPrintable):
        pages_of(tmp_path / "0001.pdf")


def test_a_page_printer_is_made_from_its_settings() -> None:
    assert make_page_printer("app_socket", {"host": "printer"}).capabilities() == {"address": "printer:9100"}
    with pytest.raises(SettingsWrong, match="0 is no TCP port"):
        make_page_printer("app_socket", {"host": "printer", "port": "0"})
    with pytest.raises(SettingsWrong, match="needs host"):
        make_page_printer("app_socket", {})
