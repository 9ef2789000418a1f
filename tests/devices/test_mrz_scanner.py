"""A scanner on a serial line that can be pulled out: the lines of a document, for whoever waits for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from devices.device import Completion, DeviceError, DeviceStatus
from devices.drivers import SettingsWrong, make_scanner, mrz_scanner
from devices.drivers.mrz_scanner import MrzScanner
from devices.simulators.mrz_scanner import MrzScannerSimulator
from tests.devices.test_mrz_lines import CARD, PASSPORT, PERMIT, VISA
from tests.patience import SOON_S

Story = Callable[[MrzScanner], Coroutine[None, None, None]]


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[MrzScannerSimulator]:
    simulator = MrzScannerSimulator(tmp_path / "scanner")
    yield simulator
    simulator.line.unplug()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mrz_scanner, "REOPEN_S", (0.02,))
    monkeypatch.setattr(mrz_scanner, "LOOK_S", 0.02)


def tell(story: Story, port: Path) -> None:
    async def told() -> None:
        scanner = MrzScanner("scanner", str(port), 115200)
        await scanner.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(scanner)
        finally:
            await scanner.close()

    asyncio.run(told())


async def shown(scanner: MrzScanner, show: Callable[[], None]) -> tuple[str, ...]:
    """Shows a document again and again, as people do, until the scan has an answer."""
    scanning = asyncio.create_task(scanner.scan(deadline_s=SOON_S))
    while not scanning.done():
        show()
        await asyncio.wait({scanning}, timeout=1.0)
    return scanning.result()


async def refusal(scanner: MrzScanner, show: Callable[[], None]) -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        await shown(scanner, show)
    return refused.value


async def until(scanner: MrzScanner, status: DeviceStatus) -> None:
    changes = scanner.events()
    while scanner.status().device is not status:
        await anext(changes)


@pytest.mark.parametrize("zone", [PERMIT, PASSPORT, VISA, CARD])
def test_the_lines_of_a_document_come_as_they_stand_on_it(
    simulator: MrzScannerSimulator, zone: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(scanner: MrzScanner) -> None:
        assert scanner.status().device is DeviceStatus.ONLINE
        assert await shown(scanner, lambda: simulator.scan(zone)) == zone

    tell(story, simulator.line.path)
    assert not any(line in str(vars(record)) for record in caplog.records for line in zone)


def test_what_was_shown_before_anybody_scanned_is_nobodys(simulator: MrzScannerSimulator) -> None:
    async def story(scanner: MrzScanner) -> None:
        simulator.scan(PASSPORT)
        refused = await _scan_of_nothing(scanner)
        assert (refused.code, refused.retry) == (Completion.TIME_OUT, True)
        assert await shown(scanner, lambda: simulator.scan(VISA)) == VISA

    async def _scan_of_nothing(scanner: MrzScanner) -> DeviceError:
        with pytest.raises(DeviceError) as refused:
            await scanner.scan(deadline_s=0.5)
        return refused.value

    tell(story, simulator.line.path)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (PASSPORT[0].encode() + b"\r", "1 of the lines came"),
        (PASSPORT[0].encode()[:17], "a line of a length that no zone has"),
        (bytes(range(128, 256)), "a character that no zone has"),
        (b"\x00" * 200, "a character that no zone has"),
    ],
)
def test_torn_lines_and_garbage_are_refused_and_the_next_scan_is_clean(
    simulator: MrzScannerSimulator, sent: bytes, why: str
) -> None:
    async def story(scanner: MrzScanner) -> None:
        refused = await refusal(scanner, lambda: simulator.send(sent))
        assert (refused.code, refused.technical, refused.retry) == (Completion.INVALID_DATA, why, True)
        assert await shown(scanner, lambda: simulator.scan(PASSPORT)) == PASSPORT

    tell(story, simulator.line.path)


def test_a_scanner_pulled_out_is_told_at_once_and_found_again_by_itself(simulator: MrzScannerSimulator) -> None:
    async def story(scanner: MrzScanner) -> None:
        refused = await refusal(scanner, simulator.line.unplug)
        assert refused.code is Completion.DEVICE_NOT_READY
        await until(scanner, DeviceStatus.NO_DEVICE)
        simulator.line.plug()
        await until(scanner, DeviceStatus.ONLINE)
        assert await shown(scanner, lambda: simulator.scan(CARD)) == CARD

    tell(story, simulator.line.path)


def test_a_scanner_that_is_not_there_at_the_start_is_a_status_until_it_comes(simulator: MrzScannerSimulator) -> None:
    simulator.line.unplug()

    async def story(scanner: MrzScanner) -> None:
        assert (scanner.status().device, scanner.status().detail) == (DeviceStatus.NO_DEVICE, "cannot be opened")
        simulator.line.plug()
        await until(scanner, DeviceStatus.ONLINE)

    tell(story, simulator.line.path)


def test_a_line_that_another_program_has_is_busy(simulator: MrzScannerSimulator) -> None:
    async def story(scanner: MrzScanner) -> None:
        other = MrzScanner("other", str(simulator.line.path), 9600)
        await other.open()
        assert other.status().device is DeviceStatus.DEVICE_BUSY
        await other.close()

    tell(story, simulator.line.path)


def test_a_scanner_that_never_stops_sending_is_broken_until_it_does(
    simulator: MrzScannerSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mrz_scanner, "ENDLESS_S", 0.2)

    async def story(scanner: MrzScanner) -> None:
        scanning = asyncio.create_task(scanner.scan(deadline_s=SOON_S))
        while not scanning.done():
            simulator.send(b"U" * 64)
            await asyncio.wait({scanning}, timeout=0.01)
        with pytest.raises(DeviceError, match=mrz_scanner.ENDLESS):
            scanning.result()
        await until(scanner, DeviceStatus.ONLINE)
        assert await shown(scanner, lambda: simulator.scan(PASSPORT)) == PASSPORT

    tell(story, simulator.line.path)


def test_a_scan_that_nobody_waits_for_any_more_ends(simulator: MrzScannerSimulator) -> None:
    async def story(scanner: MrzScanner) -> None:
        scanning = asyncio.create_task(scanner.scan(deadline_s=SOON_S))
        await asyncio.sleep(0)
        scanning.cancel()
        await asyncio.wait({scanning})
        assert await shown(scanner, lambda: simulator.scan(PERMIT)) == PERMIT

    tell(story, simulator.line.path)


def test_a_scanner_is_made_from_its_settings() -> None:
    scanner = make_scanner("mrz_scanner", {"port": "/dev/scanner", "baud": "9600"})
    assert (scanner.kind, scanner.capabilities()) == ("scanner", {"port": "/dev/scanner", "baud": 9600})
    with pytest.raises(SettingsWrong, match="42 is no speed"):
        make_scanner("mrz_scanner", {"port": "/dev/scanner", "baud": "42"})
