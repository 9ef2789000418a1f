"""The receipt printer: picture to bytes to paper, on a pseudo-terminal that answers like a printer."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus
from devices.drivers import escpos_line
from devices.drivers.escpos import EscposPrinter, encode
from devices.simulators.paper import NotEscpos, Paper, picture
from devices.simulators.receipt_printer import QUESTION, PrinterSimulator, Roll
from tests.patience import SOON_S


def slip(height: int = 700) -> Image.Image:
    image = Image.new("1", (576, height), 1)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 0, 300, height), outline=0, width=5)
    draw.line((0, 0, 575, height - 1), fill=0, width=3)
    return image


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.logical_xor(one, other).getbbox() is None


@asynccontextmanager
async def printing(simulator: PrinterSimulator) -> AsyncIterator[EscposPrinter]:
    printer = EscposPrinter("receipts", simulator.path)
    await printer.open()
    try:
        yield printer
    finally:
        await printer.close()
        simulator.unplug()


def tell(
    story: Callable[[PrinterSimulator, EscposPrinter], Coroutine[None, None, None]], simulator: PrinterSimulator | None = None
) -> None:
    async def told() -> None:
        on = simulator or PrinterSimulator()
        async with asyncio.timeout(SOON_S), printing(on) as printer:
            await story(on, printer)

    asyncio.run(told())


async def refusal(printer: EscposPrinter, job_id: str = "job") -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        await printer.print_image(slip(), job_id=job_id)
    return refused.value


@pytest.mark.parametrize("height", [1, 255, 256, 257, 700, 1400])
def test_what_comes_out_is_the_picture_that_was_printed(height: int) -> None:
    assert same(picture(encode(slip(height))), slip(height))


def test_a_picture_is_sent_in_bands_of_at_most_256_lines() -> None:
    sent = encode(slip(700))
    assert [sent[at + 6] + 256 * sent[at + 7] for at in range(len(sent)) if sent.startswith(b"\x1dv0", at)] == [256, 256, 188]


def test_grey_is_printed_without_dither_and_nothing_is_said_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = picture(encode(Image.new("L", (576, 8), 200)))
    assert sheet.getextrema() == (255, 255)
    assert capsys.readouterr().out == ""


def test_bytes_may_arrive_one_by_one() -> None:
    paper = Paper()
    for byte in encode(slip(40)):
        paper.feed(bytes([byte]))
    assert same(paper.sheets[0], slip(40))


@pytest.mark.parametrize("job", [b"", b"hello world", b"\x1b@", b"\x1dv0\x00\x48\x00\x09\x00"])
def test_bytes_that_are_no_slip_are_refused(job: bytes) -> None:
    with pytest.raises(NotEscpos):
        picture(job)


def test_a_slip_is_printed() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        assert printer.status().device is DeviceStatus.ONLINE
        assert printer.status().media is MediaStatus.PRESENT
        await printer.print_image(slip(), job_id="job")
        assert same(on.paper.sheets[0], slip())

    tell(story)


def test_the_same_job_twice_is_printed_once() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        await printer.print_image(slip(), job_id="job")
        await printer.print_image(slip(), job_id="job")
        await printer.print_image(slip(300), job_id="another")
        assert [sheet.height for sheet in on.paper.sheets] == [700, 300]

    tell(story)


def test_paper_that_is_out_is_known_before_anything_is_printed() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        on.roll = Roll.OUT
        assert (await refusal(printer)).code is Completion.PAPER_OUT
        assert on.paper.sheets == []
        assert (printer.status().media, printer.status().detail) == (MediaStatus.NOT_PRESENT, "paper_out")
        on.roll = Roll.ENOUGH
        await printer.print_image(slip(), job_id="job")
        assert len(on.paper.sheets) == 1

    tell(story)


def test_paper_that_is_out_at_the_start_is_in_the_first_status() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        assert printer.status().media is MediaStatus.NOT_PRESENT

    simulator = PrinterSimulator()
    simulator.roll = Roll.OUT
    tell(story, simulator)


def test_a_roll_near_its_end_prints_and_says_so() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        on.roll = Roll.NEAR_END
        await printer.print_image(slip(), job_id="job")
        assert (await printer.check_health()).detail == "paper_near_end"
        assert len(on.paper.sheets) == 1

    tell(story)


def test_answers_to_what_only_looks_like_a_question_are_taken_for_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer answers DLE EOT wherever it sees it; the late answer to "4" would say "offline" as one to "1"."""
    monkeypatch.setattr(escpos_line, "SETTLE_S", 0.4)
    dots = bytes.fromhex("ef fb fb") + bytes(69)
    questioning = Image.frombytes("1", (576, 3), dots * 3)
    assert len(QUESTION.findall(encode(questioning))) == 3

    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        on.roll = Roll.NEAR_END
        for job_id in ("one", "two"):
            await printer.print_image(questioning, job_id=job_id)
            assert (printer.status().device, printer.status().detail) == (DeviceStatus.ONLINE, "paper_near_end")
        assert len(on.paper.sheets) == 2

    tell(story)


def test_paper_that_ends_within_a_job_is_reported_and_the_job_is_not_sent_again() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        on.empties = True
        assert (await refusal(printer)).code is Completion.PAPER_OUT
        on.empties, on.roll = False, Roll.ENOUGH
        await printer.print_image(slip(), job_id="job")
        assert len(on.paper.sheets) == 1

    tell(story)


@pytest.mark.parametrize(
    ("question", "bits", "code", "detail"),
    [
        (1, 0x08, Completion.DEVICE_NOT_READY, "offline"),
        (2, 0x04, Completion.DEVICE_NOT_READY, "cover_open"),
        (2, 0x20, Completion.PAPER_OUT, "paper_out"),
        (3, 0x04, Completion.HARDWARE_ERROR, "printer_error"),
        (3, 0x08, Completion.HARDWARE_ERROR, "cutter_error"),
        (3, 0x20, Completion.HARDWARE_ERROR, "printer_error"),
        (3, 0x40, Completion.DEVICE_NOT_READY, "overheated"),
    ],
)
def test_a_printer_that_cannot_print_says_why(question: int, bits: int, code: Completion, detail: str) -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        on.broken = {question: bits}
        assert (await refusal(printer)).code is code
        assert printer.status().detail == detail
        assert on.paper.sheets == []

    tell(story)


def test_a_printer_that_does_not_answer_prints_nothing_and_recovers() -> None:
    async def story(on: PrinterSimulator, printer: EscposPrinter) -> None:
        on.silent = True
        assert (await refusal(printer)).code is Completion.HARDWARE_ERROR
        on.silent = False
        await printer.print_image(slip(), job_id="job")
        assert len(on.paper.sheets) == 1

    tell(story)


def test_a_printer_unplugged_is_no_device_and_another_one_is_taken_when_it_comes(tmp_path: Path) -> None:
    async def story() -> None:
        first, second = PrinterSimulator(), PrinterSimulator()
        port = tmp_path / "printer"
        port.symlink_to(first.path)
        printer = EscposPrinter("receipts", str(port))
        events = printer.events()
        await printer.open()
        first.unplug()
        assert (await refusal(printer)).code is Completion.DEVICE_NOT_READY
        assert printer.status().device is DeviceStatus.NO_DEVICE
        port.unlink()
        port.symlink_to(second.path)
        await printer.print_image(slip(), job_id="job")
        assert same(second.paper.sheets[0], slip())
        await printer.close()
        second.unplug()
        assert {event.name async for event in events} == {"statusChanged"}

    asyncio.run(story())


def test_a_printer_that_is_not_there_is_a_status(tmp_path: Path) -> None:
    async def story() -> None:
        printer = EscposPrinter("receipts", str(tmp_path / "none"))
        await printer.open()
        assert printer.status().device is DeviceStatus.NO_DEVICE
        assert (await printer.check_health()).device is DeviceStatus.NO_DEVICE
        await printer.close()

    asyncio.run(story())


@pytest.mark.parametrize("target", ["tcp:127.0.0.1:9", "tcp:127.0.0.1:none", "tcp:"])
def test_an_address_where_no_printer_listens_is_no_device(target: str) -> None:
    async def story() -> None:
        printer = EscposPrinter("receipts", target)
        await printer.open()
        assert printer.status().device is DeviceStatus.NO_DEVICE
        await printer.close()

    asyncio.run(story())


def test_without_a_printer_every_slip_is_a_file_that_a_restart_does_not_print_again(tmp_path: Path) -> None:
    async def story() -> None:
        for height in (700, 300):
            printer = EscposPrinter("receipts", f"folder:{tmp_path}/paper")
            await printer.open()
            await printer.print_image(slip(height), job_id="0197-a1")
            await printer.close()
        (file,) = (tmp_path / "paper").iterdir()
        assert file.name == "0197-a1.escpos"
        assert same(picture(file.read_bytes()), slip(700))

    asyncio.run(story())


def test_a_folder_without_paper_prints_when_some_is_laid_in(tmp_path: Path) -> None:
    async def story() -> None:
        printer = EscposPrinter("receipts", f"folder:{tmp_path}")
        (tmp_path / "paper_out").touch()
        await printer.open()
        assert printer.status().media is MediaStatus.NOT_PRESENT
        assert (await refusal(printer)).code is Completion.PAPER_OUT
        (tmp_path / "paper_out").unlink()
        await printer.print_image(slip(), job_id="job")
        await printer.close()

    asyncio.run(story())
    assert [file.name for file in tmp_path.iterdir()] == ["job.escpos"]


@pytest.mark.parametrize("job_id", ["", "../etc/passwd", "吕晓岚", "a b", "-"])
def test_a_job_id_that_is_no_plain_word_names_no_file(tmp_path: Path, job_id: str) -> None:
    async def story() -> None:
        printer = EscposPrinter("receipts", f"folder:{tmp_path}/paper")
        await printer.open()
        assert (await refusal(printer, job_id)).code is Completion.INVALID_DATA
        await printer.close()

    asyncio.run(story())


def test_paper_is_turned_into_a_picture_by_a_command(tmp_path: Path) -> None:
    (tmp_path / "a.escpos").write_bytes(encode(slip()))
    command = [sys.executable, "-m", "devices.simulators.paper", str(tmp_path / "a.escpos"), str(tmp_path / "a.png")]
    subprocess.run(command, check=True)
    with Image.open(tmp_path / "a.png") as printed:
        assert same(printed, slip())
    failed = subprocess.run([*command[:3], str(tmp_path / "none"), "b.png"], check=False, capture_output=True)
    assert failed.returncode == 1
