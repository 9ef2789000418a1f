"""The readiness report of a terminal: real drivers on simulators, some of them well."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops

import devices.drivers
from devices.counters import Tally
from devices.device import Completion, Counters, DeviceStatus, MediaStatus, Status
from devices.device_record import FILE, keep, recorded
from devices.drivers import EVERY, Driver
from devices.drivers.sam_v_frames import Command
from devices.readiness import ADVICE, DeviceReadiness, Recorded, Report, Verdict
from devices.readiness_page import HEIGHT, MARGIN, WIDTH, PageRefused, pages, save
from devices.readiness_words import as_text
from devices.self_test import ConfigUnreadable, Named, fitted, report_of
from devices.simulators.receipt_printer import PrinterSimulator, Roll
from devices.simulators.sam_v import Fault, SamVSimulator
from devices.simulators.vpcd import VirtualCard
from devices.supervisor import Supervisor
from tests.devices.keyboard import Keyboard
from tests.devices.laying import Noted, Slot, card_of
from tests.devices.plate_on_a_pty import LYU
from tests.devices.test_supervisor import Gadget

FONTS = Path("assets/fonts")
AT = datetime(2026, 11, 29, 1, 30, tzinfo=UTC)
ONLINE = Status(DeviceStatus.ONLINE, MediaStatus.PRESENT)


class Fitting:
    """A terminal's devices on simulators, and its configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sam_v, self.printer = SamVSimulator(), PrinterSimulator()
        self.config = folder / "kiosk.toml"
        self.write(printer={"driver": "escpos", "id": "slips", "target": self.printer.path})

    def write(self, **more: Mapping[str, str]) -> None:
        lines = ['[place]\nterminal = "K07"\nhall_name = "禅城区行政服务中心"\n[screen]\nwidth = 1080']
        lines += [f'[[readers]]\ndriver = "sam_v"\nid = "plate"\nport = "{self.sam_v.path}"']
        for section, settings in more.items():
            lines += [f"[{section}]", *(f'{name} = "{value}"' for name, value in settings.items())]
        self.config.write_text("\n".join(lines), encoding="utf-8")

    def report(self) -> Report:
        return asyncio.run(report_of(fitted(self.config, self.folder), recorded(self.folder)))


@contextmanager
def fitting(folder: Path) -> Iterator[Fitting]:
    made = Fitting(folder)
    try:
        yield made
    finally:
        made.sam_v.unplug()
        made.printer.unplug()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Fitting]:
    with fitting(tmp_path) as made:
        yield made


def test_a_terminal_whose_devices_are_well_is_ready(terminal: Fitting) -> None:
    report = terminal.report()
    assert (report.terminal, report.hall, report.is_ready) == ("K07", "禅城区行政服务中心", True)
    assert [(one.section, one.id, one.driver, one.verdict) for one in report.devices] == [
        ("readers", "plate", "sam_v", Verdict.READY),
        ("printer", "slips", "escpos", Verdict.READY),
    ]
    plate, slips = report.devices
    assert plate.capabilities["module"] == "05.01-20240105-0004095471-3382700086"
    assert slips.capabilities["width_dots"] == "576"
    assert (plate.address, plate.advice) == (f"port {terminal.sam_v.path}", None)


def test_a_card_that_lies_there_is_seen_and_not_read(terminal: Fitting) -> None:
    terminal.sam_v.lay(LYU)
    report = terminal.report()
    assert report.devices[0].status.media is MediaStatus.PRESENT
    assert Command.FIND in terminal.sam_v.heard
    assert not {Command.SELECT, Command.READ} & set(terminal.sam_v.heard)
    assert "a card lies there, not read" in as_text(report)


def test_a_chip_card_that_lies_there_is_asked_nothing(slot: Slot, tmp_path: Path) -> None:
    config, card = tmp_path / "kiosk.toml", Noted(card_of("lyu"))
    config.write_text(f'[[readers]]\ndriver = "pcsc"\nreader = "{slot.reader}"\n')
    with VirtualCard(card, slot.port):
        (reader,) = asyncio.run(report_of(fitted(config, tmp_path), {})).devices
    assert reader.verdict is Verdict.READY
    assert "social_security_card" in reader.capabilities["cards"]
    assert card.asked == []


def test_each_device_that_is_not_well_has_its_advice_and_the_others_their_verdict(terminal: Fitting) -> None:
    terminal.sam_v.fault = "66"
    terminal.printer.roll = Roll.OUT
    terminal.write(
        printer={"driver": "escpos", "target": terminal.printer.path},
        camera={"driver": "network_camera", "url": "http://127.0.0.1:9/portrait"},
        document_camera={"driver": "network_camera"},
        telescope={"driver": "hubble"},
    )
    plate, slips, camera, papers, telescope = terminal.report().devices
    assert (plate.verdict, plate.advice) == (Verdict.BROKEN, ADVICE[DeviceStatus.HARDWARE_ERROR])
    assert (slips.verdict, slips.advice) == (Verdict.BROKEN, ADVICE["paper_out"])
    assert (camera.verdict, camera.advice) == (Verdict.BROKEN, ADVICE[DeviceStatus.NO_DEVICE])
    assert papers.wrong == "the driver network_camera needs url"
    assert "hubble is no such driver" in telescope.wrong
    assert not terminal.report().is_ready


def test_paper_that_nears_its_end_is_no_reason_to_close(terminal: Fitting) -> None:
    terminal.printer.roll = Roll.NEAR_END
    report = terminal.report()
    assert (report.devices[1].verdict, report.is_ready) == (Verdict.SOON, True)


def test_a_silent_module_costs_only_its_own_line(terminal: Fitting) -> None:
    terminal.sam_v.fault = Fault.SILENT
    plate, slips = terminal.report().devices
    assert (plate.verdict, slips.verdict) == (Verdict.BROKEN, Verdict.READY)


@pytest.mark.parametrize("media", MediaStatus)
@pytest.mark.parametrize("device", DeviceStatus)
@pytest.mark.parametrize("kind", ["pcsc", "identityReader", "receiptPrinter", "camera", "unheard of"])
def test_whatever_is_wrong_has_advice(kind: str, device: DeviceStatus, media: MediaStatus) -> None:
    one = DeviceReadiness("x", "x", "x", "", Status(device, media, "something"), kind)
    assert (one.advice is None) is (one.verdict is Verdict.READY)
    assert (one.verdict is Verdict.READY) <= (device is DeviceStatus.ONLINE)


def test_an_address_is_shown_without_its_secrets() -> None:
    settings = {
        "id": "c",
        "url": "http://guest:hunter2@camera/still",
        "password": "hunter2",
        "api_key": "hunter2",
        "side": "left",
    }
    assert Named("camera", "network_camera", settings).address == "url http://camera/still, side left"


@pytest.mark.parametrize(("text", "words"), [(None, "cannot be read"), ("[[[", "is not TOML"), ("x = '\xff'", "is not TOML")])
def test_a_configuration_that_cannot_be_read_is_worded(tmp_path: Path, text: str | None, words: str) -> None:
    file = tmp_path / "kiosk.toml"
    if text is not None:
        file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigUnreadable, match=words):
        fitted(file, tmp_path)


def test_a_section_of_any_name_is_a_device_when_it_has_a_driver(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('matters = ["passport"]\n[lights]\ndriver = "board"\nport = "${state}/board"\n[hall]\naddress = "x"\n')
    assert fitted(file, tmp_path).devices == (Named("lights", "board", {"port": f"{tmp_path}/board"}),)


def test_every_table_of_drivers_can_be_tested() -> None:
    tables = [value for value in vars(devices.drivers).values() if isinstance(value, dict)]
    drivers = {name for table in tables for name, driver in table.items() if isinstance(driver, Driver)}
    assert drivers == set(EVERY)


def test_the_command_says_it_in_words_or_as_json_and_keeps_the_page(terminal: Fitting, keyboard: Keyboard) -> None:
    page = terminal.folder / "ready.png"
    said = keyboard("self-test", "--config", str(terminal.config), "--page", str(page))
    assert "READY      plate" in said
    assert "All of 2 devices can be used" in said
    assert size_of(page) == (WIDTH, HEIGHT)
    terminal.printer.roll = Roll.OUT
    told = json.loads(keyboard.refused("self-test", "--config", str(terminal.config), "--json"))
    assert (told["terminal"], told["ready"]) == ("K07", False)
    assert [(one["id"], one["verdict"]) for one in told["devices"]] == [("plate", "ready"), ("slips", "broken")]
    assert told["devices"][1]["advice"]["en"] == "No paper: lay some in."


def test_the_command_words_what_cannot_be(terminal: Fitting, keyboard: Keyboard) -> None:
    config = ("self-test", "--config", str(terminal.config))
    assert "cannot be read" in keyboard.refused("self-test", "--config", "/nowhere")
    assert "HanSC" in keyboard.refused(*config, "--page", str(terminal.folder / "a.png"), "--fonts", "/nowhere")
    assert "/nowhere/a.pdf" in keyboard.refused(*config, "--page", "/nowhere/a.pdf")
    assert "not.xyz" in keyboard.refused(*config, "--page", str(terminal.folder / "not.xyz"))


def size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size


LONG = DeviceReadiness(
    "readers",
    "a reader with a very long name that somebody gave it in a long configuration",
    "network_camera",
    "url http://camera.example.cn/" + "a" * 300,
    replace(ONLINE, detail="detail " * 20),
    "identityReader",
    1234,
    {"module": "05.01-20240105-0004095471-3382700086"},
    Recorded(AT, Counters(10**9, dict.fromkeys(Completion, 10**9), 0, 10**9, 10**9, 10**9, 1e9)),
)


def report(*devices: DeviceReadiness) -> Report:
    return Report(AT, "K07", "禅城区行政服务中心" * 3, "0.1.0", devices)


def test_nothing_on_the_page_is_cut_and_no_device_is_broken_over_two_pages() -> None:
    broken = replace(LONG, status=Status(DeviceStatus.NO_DEVICE))
    sheets = pages(report(*[LONG, broken] * 2), FONTS)
    assert len(sheets) > 1
    for sheet in sheets:
        ink = ImageChops.invert(sheet.convert("L")).getbbox()
        assert ink
        assert MARGIN - 5 <= ink[0] < ink[2] <= WIDTH - MARGIN + 5
        assert ink[3] < HEIGHT - MARGIN / 3
        free = sheet.crop((0, HEIGHT - 325, WIDTH, HEIGHT - 292)).convert("L")
        assert free.getextrema() == (255, 255)  # the last device ends above the foot


def test_a_hall_with_a_long_name_pushes_down_what_follows() -> None:
    def first_rule(hall: str) -> int:
        (sheet,) = pages(replace(report(LONG), hall=hall), FONTS)
        line = (0xBB, 0xBB, 0xBB)
        return next(
            y for y in range(HEIGHT) if sheet.getpixel((MARGIN + 1, y)) == sheet.getpixel((WIDTH - MARGIN - 1, y)) == line
        )

    assert first_rule("禅城区行政服务中心" * 4) > first_rule("禅城区行政服务中心")


def test_verdicts_are_told_apart_without_colour() -> None:
    def mark(status: Status) -> Image.Image:
        (sheet,) = pages(report(replace(LONG, kind="receiptPrinter", status=status)), FONTS)
        black = sheet.convert("L").point(lambda grey: 255 * (grey > 150))
        return black.crop((MARGIN - 5, 400, MARGIN + 60, 900))

    states = (ONLINE, replace(ONLINE, detail="paper_near_end"), Status(DeviceStatus.DEVICE_BUSY), Status(DeviceStatus.OFFLINE))
    assert len({mark(status).tobytes() for status in states}) == len(states)


def test_a_report_of_several_pages_is_one_pdf_or_several_pictures(tmp_path: Path) -> None:
    long = report(*[LONG] * 3)
    assert save(long, tmp_path / "ready.pdf", FONTS) == [tmp_path / "ready.pdf"]
    assert (tmp_path / "ready.pdf").read_bytes().startswith(b"%PDF-")
    pictures = save(long, tmp_path / "ready.png", FONTS)
    assert pictures[:2] == [tmp_path / "ready.png", tmp_path / "ready-2.png"]
    assert {size_of(picture) for picture in pictures} == {(WIDTH, HEIGHT)}
    with pytest.raises(PageRefused):
        save(long, tmp_path / "ready.png", tmp_path)


def test_what_the_running_terminal_counted_is_in_the_report(terminal: Fitting) -> None:
    tally = Tally()
    tally.succeeded()
    tally.failed(Completion.TIME_OUT)
    gadget = Gadget("plate")
    gadget.counters = tally.counters  # type: ignore[method-assign]
    keep(terminal.folder, AT, [Supervisor(gadget)])
    plate, slips = terminal.report().devices
    assert plate.recorded == Recorded(AT, Counters(1, {Completion.TIME_OUT: 1}, 1))
    assert slips.recorded is None
    assert "since 2026-11-29 09:30, online 0.0 h, done 1, timeOut 1" in as_text(terminal.report())


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"since": "soon", "devices": {}}', '{"since": "2026-11-29", "devices": {"plate": []}}']
)
def test_a_record_that_makes_no_sense_is_no_record(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert recorded(tmp_path) == {}


def test_a_record_that_cannot_be_kept_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    keep(tmp_path / "nowhere", AT, [Supervisor(Gadget())])
    assert [record.message for record in caplog.records] == ["device_record_not_kept"]
