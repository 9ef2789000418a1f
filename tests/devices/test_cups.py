"""A page printer behind a real cupsd of our own: once per job, and every word that CUPS has for a printer in trouble."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
from pyipp.enums import IppOperation

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus
from devices.drivers import SettingsWrong, cups, cups_queue, make_page_printer
from devices.drivers.cups import CupsPrinter
from devices.drivers.cups_queue import CupsQueue
from devices.simulators.cupsd import BREAKS, QUEUE, PrivateCupsd, missing
from devices.simulators.page_printer import PagePrinterSimulator
from tests.devices.losing_line import Loses, LosingLine
from tests.patience import SOON_S, eventually

PDF = b"%PDF-1.7\n%%EOF\n"
Story = Callable[[CupsPrinter], Coroutine[None, None, None]]


@pytest.fixture
def folder(short_folder: Path) -> Path:
    return short_folder


@pytest.fixture
def paper(folder: Path) -> Iterator[PagePrinterSimulator]:
    paper = PagePrinterSimulator(folder / "jobs")
    yield paper
    paper.gone()


@pytest.fixture
def cupsd(folder: Path, paper: PagePrinterSimulator) -> Iterator[PrivateCupsd]:
    if packages := missing():
        pytest.skip(f"Debian packages not installed: {packages}")
    with PrivateCupsd(folder / "cups", paper.port) as cupsd:
        yield cupsd


@pytest.fixture
def line(folder: Path, cupsd: PrivateCupsd) -> Iterator[LosingLine]:
    line = LosingLine(folder / "line", cupsd.socket)
    yield line
    line.gone()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cups, "REOPEN_S", (0.05,))
    monkeypatch.setattr(cups, "POLL_S", 0.02)
    monkeypatch.setattr(cups, "TROUBLE_S", 0.5)
    monkeypatch.setattr(cups, "CONNECTING_S", 0.6)


def tell(story: Story, server: Path, queue: str = QUEUE) -> None:
    async def told() -> None:
        printer = CupsPrinter("pages", queue, str(server))
        await printer.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(printer)
        finally:
            await printer.close()

    asyncio.run(told())


async def refusal(printer: CupsPrinter, sent: bytes = PDF, job_id: str = "job") -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        await printer.print(sent, job_id=job_id)
    return refused.value


async def stopped(printer: CupsPrinter) -> None:
    while (await printer.check_health()).detail != "stopped":
        pass


def test_a_pdf_goes_through_cups_to_the_paper(cupsd: PrivateCupsd, paper: PagePrinterSimulator) -> None:
    async def story(printer: CupsPrinter) -> None:
        assert (printer.status().device, printer.status().media) == (DeviceStatus.ONLINE, MediaStatus.PRESENT)
        await printer.print(PDF, job_id="certificate-1")

    tell(story, cupsd.socket)
    assert [job.read_bytes() for job in paper.jobs()] == [PDF]


def test_the_same_job_twice_is_printed_once(cupsd: PrivateCupsd, paper: PagePrinterSimulator) -> None:
    async def story(printer: CupsPrinter) -> None:
        await printer.print(PDF, job_id="one")
        await printer.print(PDF, job_id="one")
        await printer.print(PDF, job_id="two")

    tell(story, cupsd.socket)
    assert len(paper.jobs()) == 2


def test_a_job_that_an_earlier_run_sent_is_not_sent_again(cupsd: PrivateCupsd, paper: PagePrinterSimulator) -> None:
    async def story(printer: CupsPrinter) -> None:
        await printer.print(PDF, job_id="one")

    CupsQueue(str(cupsd.socket), QUEUE).submit(PDF, "one")
    tell(story, cupsd.socket)
    assert len(paper.jobs()) == 1


def test_a_job_is_found_by_its_title_when_cups_has_long_put_it_out_of_memory(cupsd: PrivateCupsd) -> None:
    queue = CupsQueue(str(cupsd.socket), QUEUE)
    number = queue.submit(PDF, "one")
    # A second after its end; its number still stands in the list, its title does not.
    asked = {"which-jobs": "all", "requested-attributes": cups_queue.JOB_STATE}
    eventually(lambda: not any("job-name" in told for told in queue._ask(IppOperation.GET_JOBS, asked)["jobs"]))
    found = queue.find("one")
    assert (found and found.number, queue.find("two")) == (number, None)


def test_cups_keeps_nothing_of_a_page_that_was_printed_or_withdrawn(cupsd: PrivateCupsd) -> None:
    async def story(printer: CupsPrinter) -> None:
        await printer.print(PDF, job_id="one")
        cupsd.say(["media-empty-error"])
        assert (await refusal(printer)).code is Completion.PAPER_OUT

    tell(story, cupsd.socket)
    assert PDF not in cupsd.kept()
    CupsQueue(str(cupsd.socket), QUEUE).submit(PDF, "kept until it is purged")
    assert PDF in cupsd.kept()


def test_a_job_whose_answer_was_lost_is_found_by_its_title_and_not_sent_again(
    line: LosingLine, paper: PagePrinterSimulator
) -> None:
    async def story(printer: CupsPrinter) -> None:
        line.loses = Loses.ANSWER
        await printer.print(PDF, job_id="one")
        await printer.print(PDF, job_id="one")

    tell(story, line.socket)
    assert len(paper.jobs()) == 1


def test_a_submission_that_was_lost_has_not_been_printed_and_may_be_sent_again(
    line: LosingLine, paper: PagePrinterSimulator
) -> None:
    async def story(printer: CupsPrinter) -> None:
        line.loses = Loses.SUBMISSION
        refused = await refusal(printer)
        assert (refused.code, refused.retry) == (Completion.HARDWARE_ERROR, True)
        line.loses = Loses.NOTHING
        await printer.print(PDF, job_id="job")

    tell(story, line.socket)
    assert len(paper.jobs()) == 1


@pytest.mark.parametrize(
    ("reason", "code", "detail", "device", "media"),
    [
        ("media-empty-error", Completion.PAPER_OUT, "paper_out", DeviceStatus.ONLINE, MediaStatus.NOT_PRESENT),
        ("media-needed", Completion.PAPER_OUT, "paper_out", DeviceStatus.ONLINE, MediaStatus.NOT_PRESENT),
        ("media-jam-error", Completion.HARDWARE_ERROR, "paper_jam", DeviceStatus.HARDWARE_ERROR, MediaStatus.JAMMED),
        ("cover-open", Completion.DEVICE_NOT_READY, "cover_open", DeviceStatus.OFFLINE, MediaStatus.UNKNOWN),
        ("door-open-error", Completion.DEVICE_NOT_READY, "cover_open", DeviceStatus.OFFLINE, MediaStatus.UNKNOWN),
        ("toner-empty-error", Completion.HARDWARE_ERROR, "toner_empty", DeviceStatus.HARDWARE_ERROR, MediaStatus.UNKNOWN),
        ("shutdown", Completion.DEVICE_NOT_READY, "offline", DeviceStatus.OFFLINE, MediaStatus.UNKNOWN),
    ],
)
def test_a_job_that_meets_trouble_is_withdrawn_and_the_trouble_is_told(
    cupsd: PrivateCupsd,
    paper: PagePrinterSimulator,
    reason: str,
    code: Completion,
    detail: str,
    device: DeviceStatus,
    media: MediaStatus,
) -> None:
    """Nothing of it comes out for the next citizen, and the same job may be printed later."""

    async def story(printer: CupsPrinter) -> None:
        cupsd.say([reason])
        refused = await refusal(printer)
        assert (refused.code, refused.technical) == (code, detail)
        assert (printer.status().device, printer.status().media, printer.status().detail) == (device, media, detail)
        cupsd.say([])
        await printer.print(PDF, job_id="another")
        assert len(paper.jobs()) == 1
        await printer.print(PDF, job_id="job")
        assert len(paper.jobs()) == 2

    tell(story, cupsd.socket)


def test_a_printer_that_cups_does_not_reach_is_not_waited_for_for_ever(cupsd: PrivateCupsd, paper: PagePrinterSimulator) -> None:
    async def story(printer: CupsPrinter) -> None:
        cupsd.say(["connecting-to-device"])
        refused = await refusal(printer)
        assert (refused.code, refused.technical) == (Completion.DEVICE_NOT_READY, "not_reached")
        cupsd.say([])
        await printer.print(PDF, job_id="another")

    tell(story, cupsd.socket)
    assert len(paper.jobs()) == 1


@pytest.mark.parametrize(("reason", "detail"), [("media-low-warning", "paper_near_end"), ("toner-low-report", "toner_low")])
def test_a_printer_that_soon_lacks_something_prints_and_says_so(
    cupsd: PrivateCupsd, paper: PagePrinterSimulator, reason: str, detail: str
) -> None:
    async def story(printer: CupsPrinter) -> None:
        cupsd.say([reason])
        await printer.print(PDF, job_id="job")
        assert (await printer.check_health()).detail == detail

    tell(story, cupsd.socket)
    assert len(paper.jobs()) == 1


def test_a_queue_that_cups_stopped_takes_nothing(cupsd: PrivateCupsd, paper: PagePrinterSimulator) -> None:
    async def story(printer: CupsPrinter) -> None:
        cupsd.say([BREAKS])
        assert (await refusal(printer, job_id="first")).code in (Completion.DEVICE_NOT_READY, Completion.HARDWARE_ERROR)
        cupsd.say([])
        await stopped(printer)
        refused = await refusal(printer)
        assert (refused.code, refused.technical) == (Completion.DEVICE_NOT_READY, "stopped")
        assert printer.status().device is DeviceStatus.OFFLINE

    tell(story, cupsd.socket)
    assert paper.jobs() == ()


def test_a_job_that_takes_too_long_is_withdrawn(
    cupsd: PrivateCupsd, paper: PagePrinterSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cups, "PRINTED_S", 0.3)

    async def story(printer: CupsPrinter) -> None:
        cupsd.say(["other"])
        assert (await refusal(printer)).code is Completion.TIME_OUT
        cupsd.say([])
        await printer.print(PDF, job_id="another")

    tell(story, cupsd.socket)
    assert len(paper.jobs()) == 1


def test_cups_killed_is_no_device_and_is_found_again_by_itself(cupsd: PrivateCupsd, paper: PagePrinterSimulator) -> None:
    async def story(printer: CupsPrinter) -> None:
        changes = printer.events()
        cupsd.kill()
        refused = await refusal(printer)
        assert (refused.code, refused.technical) == (Completion.DEVICE_NOT_READY, "no CUPS there")
        assert printer.status().device is DeviceStatus.NO_DEVICE
        cupsd.start()
        while printer.status().device is not DeviceStatus.ONLINE:
            await anext(changes)
        await printer.print(PDF, job_id="job")

    tell(story, cupsd.socket)
    assert len(paper.jobs()) == 1


def test_cups_that_does_not_answer_is_given_up_in_time(cupsd: PrivateCupsd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cups_queue, "ANSWER_S", 0.3)

    async def story(printer: CupsPrinter) -> None:
        cupsd.pause()
        try:
            refused = await refusal(printer)
        finally:
            cupsd.go_on()
        assert (refused.code, refused.technical) == (Completion.HARDWARE_ERROR, "CUPS does not answer")

    tell(story, cupsd.socket)


def test_a_queue_that_is_not_there_is_a_status(cupsd: PrivateCupsd) -> None:
    async def story(printer: CupsPrinter) -> None:
        assert (printer.status().device, printer.status().detail) == (DeviceStatus.NO_DEVICE, "no such queue or job")
        assert (await refusal(printer)).code is Completion.DEVICE_NOT_READY

    tell(story, cupsd.socket, queue="none")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x02\x00\x00\x00\x00\x00\x00\x01\x03",
        b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n\x02\x00\x00\x00\x00\x00\x00\x01\x01\x44\x7f\xff",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x02\x00\x05\x00\x00\x00\x00\x01\x03",
    ],
)
def test_whatever_stands_in_for_cups_and_talks_nonsense_is_a_worded_refusal(folder: Path, answer: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as impostor:
        impostor.bind(str(folder / "cups"))
        impostor.listen()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\x03")
            writer.write(answer)
            writer.close()

        async def told() -> None:
            printer = CupsPrinter("pages", QUEUE, str(folder / "cups"))
            async with asyncio.timeout(SOON_S), await asyncio.start_unix_server(serve, sock=impostor):
                await printer.open()
                refused = await refusal(printer)
                assert refused.code is Completion.HARDWARE_ERROR
                assert re.match("CUPS (hangs up|answers)", refused.technical)
                await printer.close()

        asyncio.run(told())


@pytest.mark.parametrize(("sent", "job_id"), [(b"<html>", "job"), (PDF, "../job"), (PDF, "")])
def test_what_is_no_pdf_or_no_job_is_refused_before_anything_is_sent(
    cupsd: PrivateCupsd, paper: PagePrinterSimulator, sent: bytes, job_id: str
) -> None:
    async def story(printer: CupsPrinter) -> None:
        assert (await refusal(printer, sent, job_id)).code is Completion.INVALID_DATA

    tell(story, cupsd.socket)
    assert paper.jobs() == ()


def test_a_printer_behind_cups_is_made_from_its_settings() -> None:
    printer = make_page_printer("cups", {"queue": "pages"})
    assert printer.capabilities() == {"queue": "pages", "server": "/run/cups/cups.sock"}
    with pytest.raises(SettingsWrong, match="needs queue"):
        make_page_printer("cups", {})
    with pytest.raises(SettingsWrong, match="no name of a queue"):
        make_page_printer("cups", {"queue": "../admin"})
