"""A SAM_V behind a serial server: everything that can happen to a TCP connection, on a real one."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from devices.device import Completion, DeviceStatus, MediaStatus
from devices.drivers.sam_v_frames import Command
from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_tcp import TcpLine
from devices.line import LineGone, LineSilent
from devices.simulators.sam_v import Fault, SamVSimulator
from devices.simulators.sam_v_serial_server import SerialServer, serial_server
from tests.devices.plate_on_a_pty import CALM, LYU, QUICK, Plate, plate, tell


@asynccontextmanager
async def behind_a_server(*, patience: Patience = CALM) -> AsyncIterator[tuple[Plate[SamVSimulator], SerialServer]]:
    simulator = SamVSimulator()
    async with (
        serial_server(simulator.path) as server,
        plate(simulator, f"tcp:127.0.0.1:{server.number}", patience=patience) as on,
    ):
        yield on, server


async def laid(on: Plate[SamVSimulator]) -> None:
    on.simulator.lay(LYU)
    await on.media(("mediaInserted", 1))


def test_a_card_is_read_through_a_serial_server() -> None:
    async def story() -> None:
        async with behind_a_server() as (on, server):
            assert on.reader.capabilities()["port"] == f"tcp:127.0.0.1:{server.number}"
            await laid(on)
            assert await on.read_name() == ("吕晓岚", 1)
            on.simulator.pull()
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            assert server.connections == 1

    tell(story)


@pytest.mark.parametrize("fault", [Fault.NOISE, Fault.STUCK, Fault.FF])
def test_bytes_that_do_not_belong_there_do_not_harm_a_read(fault: Fault) -> None:
    async def story() -> None:
        async with behind_a_server() as (on, _):
            on.simulator.fault = fault
            await laid(on)
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)


@pytest.mark.parametrize("breaks", [SerialServer.reset, SerialServer.half_close], ids=["reset", "half-closed"])
@pytest.mark.parametrize("step", [Command.FIND, Command.SELECT, Command.READ, Command.READ_ADDRESS])
def test_a_connection_broken_in_the_middle_of_a_read_gives_no_document_and_comes_back(
    step: Command, breaks: Callable[[SerialServer], None]
) -> None:
    async def story() -> None:
        async with behind_a_server() as (on, server):
            await laid(on)
            loop = asyncio.get_running_loop()

            def broken() -> None:
                on.simulator.before.clear()
                loop.call_soon_threadsafe(breaks, server)

            on.simulator.fault, on.simulator.faulty = Fault.SILENT, step
            on.simulator.before[step] = broken
            assert (await on.refusal()).code is Completion.DEVICE_NOT_READY
            on.simulator.fault = ""
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))
            assert await on.read_name() == ("吕晓岚", 2)
            assert server.connections == 2

    tell(story)


def test_a_server_that_is_switched_off_is_a_status_and_comes_back_by_itself() -> None:
    async def story() -> None:
        async with behind_a_server() as (on, server):
            await laid(on)
            server.switch_off()
            await on.status(DeviceStatus.NO_DEVICE)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            assert (await on.refusal()).code is Completion.DEVICE_NOT_READY
            await server.switch_on()
            await on.status(DeviceStatus.ONLINE)

    tell(story)


def test_a_connection_that_carries_nothing_is_made_anew_until_it_does() -> None:
    async def story() -> None:
        async with behind_a_server(patience=QUICK) as (on, server):
            await laid(on)
            server.stalls = True
            await on.status(DeviceStatus.HARDWARE_ERROR)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            assert on.reader.status().media is MediaStatus.UNKNOWN
            server.stalls = False
            await on.status(DeviceStatus.ONLINE)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))
            assert server.connections >= 2

    tell(story)


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid", "." * 300])
def test_where_nothing_listens_there_is_no_line(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    with pytest.raises(LineGone, match="cannot be connected"):
        TcpLine(host, number, 2.0)


def test_what_came_is_forgotten_even_when_it_never_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = TcpLine("127.0.0.1", listener.getsockname()[1], 2.0)
        far, _ = listener.accept()
        far.setblocking(False)
        while True:  # both ends hold all that they can
            try:
                far.send(b"\xaa" * 65536)
            except BlockingIOError:
                break
        line.forget()
        assert line.read(2.0)
        far.close()
        with pytest.raises(LineGone):
            forget_again_and_again(line)
        line.close()


def forget_again_and_again(line: TcpLine) -> None:
    while True:
        line.forget()


def test_a_far_end_that_takes_nothing_is_silent_after_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = TcpLine("127.0.0.1", listener.getsockname()[1], 2.0)
        far, _ = listener.accept()
        with pytest.raises(LineSilent):
            line.write(bytes(64 << 20), 0.05)
        far.close()
        line.close()
