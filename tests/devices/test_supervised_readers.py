"""Real readers under their supervisors: a card that hangs, adapters that come and go, programs that end with a card connected."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from devices.device import Completion, Device, DeviceError, DeviceStatus
from devices.drivers.pcsc import PcscReader
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_port import port_of
from devices.simulators.pcscd import SOCKET_VARIABLE, PrivatePcscd
from devices.simulators.sam_v import Fault, SamVSimulator
from devices.simulators.vpcd import CardProgram, FaultAt, Hang, VirtualCard, pulled
from devices.supervisor import Patience, Standing, Supervision, Supervisor
from tests.devices.laying import Slot, card_of, heard, lying, opened, refused, tell
from tests.devices.plate_on_a_pty import CALM, LYU, QUICK
from tests.patience import SOON_S

SOON = Patience(probe_s=0.1, back_off_s=(0.02,))
READS = """
import asyncio, sys
from devices.drivers.pcsc import PcscReader

async def read():
    reader = PcscReader("left", reader=sys.argv[1])
    await reader.open()
    async for event in reader.events():
        if event.name == "mediaInserted":
            reading = asyncio.create_task(reader.read_identity())
            await asyncio.to_thread(sys.stdin.readline)
            return  # without closing anything

asyncio.run(read())
"""


@asynccontextmanager
async def supervised(*devices: Device) -> AsyncIterator[Supervision]:
    supervision = Supervision(devices, SOON)
    running = asyncio.create_task(supervision.run())
    try:
        yield supervision
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.gather(*(device.close() for device in devices))


async def stands(one: Supervisor, standing: Standing, also: Callable[[], bool] = lambda: True) -> None:
    while not (one.standing is standing and also()):  # noqa: ASYNC110 - a standing tells nobody
        await asyncio.sleep(0.02)


def test_a_card_that_hangs_takes_one_reader_out_of_service_and_no_other(slots: tuple[Slot, Slot]) -> None:
    """Fault 13."""

    async def story() -> None:
        hang = Hang()
        left, right = (PcscReader(slot.reader, reader=slot.reader, hung_s=0.1) for slot in slots)
        async with supervised(left, right) as supervision:
            one, other = supervision.of(left), supervision.of(right)
            await stands(one, Standing.IN_SERVICE)
            try:
                with VirtualCard(FaultAt(card_of("lyu"), 3, hang), slots[0].port), VirtualCard(card_of("elder"), slots[1].port):
                    await heard(left.events(), "mediaInserted")
                    reading = asyncio.create_task(refused(left, deadline_s=1.5))
                    await asyncio.to_thread(hang.begun.wait)
                    assert (await reading).code is Completion.TIME_OUT
                    await stands(one, Standing.OUT_OF_SERVICE, lambda: left.status().device is DeviceStatus.HARDWARE_ERROR)
                    await heard(right.events(), "mediaInserted")
                    assert (await right.read_identity()).name == "霍锦棠"
                    hang.release()
                    await stands(one, Standing.IN_SERVICE)
                    assert (await left.read_identity()).name == "吕晓岚"
            finally:
                hang.release()
            assert (one.counters().failures, one.counters().reopens) == ({Completion.TIME_OUT: 1}, 1)
            assert (other.counters().done, other.counters().failures, other.standing) == (1, {}, Standing.IN_SERVICE)

    tell(story())


def test_a_pcscd_that_is_killed_and_started_again_is_counted_once(pcscd: PrivatePcscd, slot: Slot) -> None:
    async def story() -> None:
        reader = PcscReader("left", reader=slot.reader)
        async with supervised(reader) as supervision:
            one = supervision.of(reader)
            await stands(one, Standing.IN_SERVICE)
            pcscd.kill()
            await stands(one, Standing.OUT_OF_SERVICE)
            pcscd.start()
            await stands(one, Standing.IN_SERVICE)
            assert (one.counters().reopens, one.counters().resets) == (1, 0)

    tell(story())


def test_a_watcher_that_stumbles_begins_anew(slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 23 in the worst place: were the watcher to end without a word, the reader would be well for ever."""
    from smartcard import scard

    def stumble(*_: object) -> object:
        monkeypatch.undo()
        raise ValueError

    async def story() -> None:
        reader = PcscReader("left", reader=slot.reader)
        async with supervised(reader) as supervision:
            one = supervision.of(reader)
            await stands(one, Standing.IN_SERVICE)
            monkeypatch.setattr(scard, "SCardGetStatusChange", stumble)
            with VirtualCard(card_of("lyu"), slot.port):  # what the watcher stumbles over
                events = reader.events()
                for name in ("mediaInserted", "mediaRemoved", "mediaInserted"):
                    await heard(events, name)
                assert (await reader.read_identity()).name == "吕晓岚"
                await stands(one, Standing.IN_SERVICE)

    tell(story())


def test_a_serial_adapter_that_is_plugged_in_again_is_back_in_service(tmp_path: Path) -> None:
    """Fault 15 under a supervisor: found by its lasting name, as udev gives one."""

    async def story() -> None:
        line, simulator = tmp_path / "samv", SamVSimulator()
        line.symlink_to(simulator.path)
        reader = SamVReader("plate", port_of(str(line)), CALM)
        async with supervised(reader) as supervision:
            one = supervision.of(reader)
            await stands(one, Standing.IN_SERVICE)
            simulator.unplug()
            line.unlink()
            await stands(one, Standing.OUT_OF_SERVICE)
            simulator = SamVSimulator()
            simulator.lay(LYU)
            line.symlink_to(simulator.path)
            await heard(reader.events(), "mediaInserted")
            assert (await reader.read_identity()).name == "吕晓岚"
            await stands(one, Standing.IN_SERVICE)
            assert (one.counters().done, one.counters().reopens) == (1, 1)
        simulator.unplug()

    tell(story())


def test_a_module_that_falls_silent_is_reset_until_it_answers() -> None:
    async def story() -> None:
        simulator = SamVSimulator()
        reader = SamVReader("plate", port_of(simulator.path), replace(QUICK, read_s=2.0))
        async with supervised(reader) as supervision:
            one = supervision.of(reader)
            await stands(one, Standing.IN_SERVICE)
            simulator.fault = Fault.SILENT
            await stands(one, Standing.OUT_OF_SERVICE, lambda: one.counters().resets > 0)
            simulator.fault = ""
            await stands(one, Standing.IN_SERVICE)
        simulator.unplug()

    tell(story())


@pytest.mark.parametrize(("program", "how"), [(FaultAt(card_of("lyu"), 3, pulled), "LEAVE"), (card_of("ssc3"), "RESET")])
def test_only_a_card_that_answers_is_reset(slot: Slot, monkeypatch: pytest.MonkeyPatch, program: CardProgram, how: str) -> None:
    """A reset of a card that is gone makes pcscd 1.9.9 blind for the next one: 25 times of 25 where that came within 0.1 s."""
    from smartcard import scard

    heard_of: list[int] = []
    disconnect = scard.SCardDisconnect

    def listen(card: object, disposition: int) -> object:
        heard_of.append(disposition)
        return disconnect(card, disposition)

    async def story() -> None:
        async with lying(slot, program) as (reader, _):
            monkeypatch.setattr(scard, "SCardDisconnect", listen)
            await refused(reader)

    tell(story())
    assert heard_of == [getattr(scard, f"SCARD_{how}_CARD")]


def returns(program: subprocess.Popen[str]) -> None:
    assert program.stdin
    program.stdin.close()


def is_killed(program: subprocess.Popen[str]) -> None:
    program.kill()


@pytest.mark.parametrize(("how", "code"), [(returns, 0), (is_killed, -signal.SIGKILL)])
def test_a_program_that_ends_while_a_card_is_connected_ends_at_once_and_leaves_the_card_to_the_next(
    how: Callable[[subprocess.Popen[str]], None], code: int, pcscd: PrivatePcscd, slot: Slot
) -> None:
    """Fault 24."""

    async def next_read() -> str:
        async with opened(slot) as reader:
            await heard(reader.events(), "mediaInserted")
            while True:  # pcscd lets go of a program's card a moment after its end
                try:
                    return (await reader.read_identity()).name
                except DeviceError as error:
                    if error.code is not Completion.DEVICE_NOT_READY:
                        raise

    hang, environment = Hang(), {**os.environ, SOCKET_VARIABLE: str(pcscd.socket)}
    command = [sys.executable, "-c", READS, slot.reader]
    with VirtualCard(FaultAt(card_of("lyu"), 5, hang), slot.port):
        with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, env=environment) as program:
            try:
                assert hang.begun.wait(SOON_S)
                how(program)
                assert program.wait(SOON_S) == code
            finally:
                hang.release()
                program.kill()
        assert tell(next_read()) == "吕晓岚"
