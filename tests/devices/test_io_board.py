"""An I/O board on a serial line: lights are as they should be, people and keys are seen, and every way it fails is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from devices.device import DeviceEvent, DeviceStatus, FlashRate, Key, Light, Proximity
from devices.drivers import io_board, io_board_lines, make_io_board
from devices.drivers.io_board import SerialIoBoard
from devices.simulators.io_board import NOBODY, SOMEBODY, IoBoardSimulator
from tests.patience import SOON_S

Story = Callable[[SerialIoBoard], Coroutine[None, None, None]]


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[IoBoardSimulator]:
    simulator = IoBoardSimulator(tmp_path / "board")
    yield simulator
    simulator.gone()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io_board, "REOPEN_S", (0.02,))
    monkeypatch.setattr(io_board, "LOOK_S", 0.02)
    monkeypatch.setattr(io_board, "QUIET_S", 0.2)


def tell(story: Story, simulator: IoBoardSimulator) -> None:
    async def told() -> None:
        board = SerialIoBoard("board", str(simulator.line.path), 115200)
        await board.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(board)
        finally:
            await board.close()

    asyncio.run(told())


async def until(board: SerialIoBoard, is_so: Callable[[], bool]) -> None:
    changes = board.events()
    while not is_so():
        await anext(changes)


async def well(board: SerialIoBoard) -> None:
    await until(board, lambda: board.status().device is DeviceStatus.ONLINE)


async def named(events: AsyncIterator[DeviceEvent], name: str) -> DeviceEvent:
    while (event := await anext(events)).name != name:
        pass
    return event


def lights_as_told(simulator: IoBoardSimulator, light: Light, rate: FlashRate) -> asyncio.Event:
    """Set when the board shows it so."""
    loop, shown = asyncio.get_running_loop(), asyncio.Event()

    def look() -> None:
        if simulator.lights[light] is rate:
            loop.call_soon_threadsafe(shown.set)

    simulator.changed = look
    look()
    return shown


def test_a_light_is_as_it_should_be_also_after_the_board_lost_its_power(simulator: IoBoardSimulator) -> None:
    async def story(board: SerialIoBoard) -> None:
        board.light(Light.CARD_READER, FlashRate.SLOW)
        await lights_as_told(simulator, Light.CARD_READER, FlashRate.SLOW).wait()
        assert simulator.lights[Light.RECEIPT_PRINTER] is FlashRate.OFF
        simulator.power_cycle()
        await lights_as_told(simulator, Light.CARD_READER, FlashRate.SLOW).wait()
        board.light(Light.CARD_READER, FlashRate.OFF)
        await lights_as_told(simulator, Light.CARD_READER, FlashRate.OFF).wait()

    tell(story, simulator)


@pytest.mark.parametrize("rate", FlashRate)
def test_every_flash_rate_arrives(simulator: IoBoardSimulator, rate: FlashRate) -> None:
    async def story(board: SerialIoBoard) -> None:
        board.light(Light.RECEIPT_PRINTER, rate)
        await lights_as_told(simulator, Light.RECEIPT_PRINTER, rate).wait()

    tell(story, simulator)


def test_somebody_comes_and_goes(simulator: IoBoardSimulator) -> None:
    async def story(board: SerialIoBoard) -> None:
        await until(board, lambda: board.proximity() is Proximity.NOT_PRESENT)
        events = board.events()
        simulator.sees(SOMEBODY)
        await named(events, "somebody")
        assert board.proximity() is Proximity.PRESENT
        simulator.sees(NOBODY)
        await named(events, "nobody")
        assert board.proximity() is Proximity.NOT_PRESENT

    tell(story, simulator)


def test_keys_come_in_order_and_are_shown_nowhere(simulator: IoBoardSimulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pressed = [Key.FOUR, Key.SEVEN, Key.ENTER]

    async def story(board: SerialIoBoard) -> None:
        await well(board)
        events = board.events()
        told = []
        for key in pressed:
            simulator.press(key)
            told.append(await named(events, "keyPressed"))
        assert [event.key for event in told] == pressed
        assert not any(key in repr(event) for key, event in zip(pressed, told, strict=True))

    tell(story, simulator)
    assert not any(key in str(vars(record).values()) for record in caplog.records for key in ("seven", "enter"))


def test_a_board_pulled_out_is_no_device_and_is_found_again_by_itself(simulator: IoBoardSimulator) -> None:
    async def story(board: SerialIoBoard) -> None:
        await until(board, lambda: board.proximity() is Proximity.NOT_PRESENT)
        simulator.line.unplug()
        await until(board, lambda: board.status().device is DeviceStatus.NO_DEVICE)
        assert board.proximity() is Proximity.UNKNOWN
        simulator.line.plug()
        await well(board)
        assert board.capabilities()["lights"] == sorted(Light)

    tell(story, simulator)


def test_a_board_that_falls_silent_is_broken_until_it_answers(
    simulator: IoBoardSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(io_board, "ANSWER_S", 0.3)

    async def story(board: SerialIoBoard) -> None:
        await well(board)
        simulator.silent = True
        await until(board, lambda: board.status().device is DeviceStatus.HARDWARE_ERROR)
        assert board.status().detail == "does not answer"
        simulator.silent = False
        await well(board)

    tell(story, simulator)


@pytest.mark.parametrize("garbage", [b"\xff" * 50 + b"\n", b"\x00" * 500 + b"\n", b"KEY 5\n", b"\n"])
def test_whatever_talks_garbage_is_no_board(simulator: IoBoardSimulator, garbage: bytes) -> None:
    async def story(board: SerialIoBoard) -> None:
        await well(board)
        breaking = asyncio.create_task(until(board, lambda: board.status().device is DeviceStatus.HARDWARE_ERROR))
        while not breaking.done():
            simulator.line.send(garbage * 5)
            await asyncio.wait({breaking}, timeout=0.005)
        assert board.status().detail in ("talks nonsense", "does not answer")
        await well(board)

    tell(story, simulator)


def test_one_torn_line_does_no_harm(simulator: IoBoardSimulator) -> None:
    async def story(board: SerialIoBoard) -> None:
        await well(board)
        events = board.events()
        simulator.line.send(b"KEY fi\nKEY seven\n")
        assert (await named(events, "keyPressed")).key is Key.SEVEN
        assert board.status().device is DeviceStatus.ONLINE

    tell(story, simulator)


def test_a_key_that_hangs_is_told_and_heard_again_when_it_was_quiet(simulator: IoBoardSimulator) -> None:
    async def story(board: SerialIoBoard) -> None:
        await well(board)
        for _ in range(100):
            simulator.press(Key.FIVE)
        await until(board, lambda: board.status().detail == "key_hangs")
        await until(board, lambda: board.status().detail == "")
        events = board.events()
        simulator.press(Key.FIVE)
        assert (await named(events, "keyPressed")).key is Key.FIVE

    tell(story, simulator)


def test_a_sensor_that_always_sees_somebody_is_not_believed(simulator: IoBoardSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io_board_lines, "STUCK_S", 0.2)

    async def story(board: SerialIoBoard) -> None:
        await well(board)
        simulator.sees(SOMEBODY)
        await until(board, lambda: board.status().detail == "presence_stuck")
        await until(board, lambda: board.proximity() is Proximity.UNKNOWN)
        simulator.sees(NOBODY)
        await until(board, lambda: board.status().detail == "")
        assert board.proximity() is Proximity.NOT_PRESENT

    tell(story, simulator)


def test_a_sensor_that_flaps_is_not_believed(simulator: IoBoardSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io_board_lines, "FLAPS_S", 1.0)

    async def story(board: SerialIoBoard) -> None:
        await well(board)
        for _ in range(io_board_lines.FLAPS):
            simulator.sees(SOMEBODY)
            simulator.sees(NOBODY)
        await until(board, lambda: board.status().detail == "presence_unsteady")
        await until(board, lambda: board.proximity() is Proximity.NOT_PRESENT)

    tell(story, simulator)


def test_a_board_is_made_from_its_settings() -> None:
    board = make_io_board("io_board", {"port": "/dev/board", "id": "lights"})
    assert (board.id, board.kind, board.proximity(), board.keys()) == ("lights", "ioBoard", Proximity.UNKNOWN, frozenset())
