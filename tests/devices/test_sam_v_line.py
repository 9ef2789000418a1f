"""Everything that goes wrong with the line to a SAM_V, on a real pseudo-terminal."""

import asyncio
import itertools
import os
import re
from pathlib import Path

import pytest

from devices.device import Completion, DeviceStatus, Status
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_frames import Command
from devices.drivers.sam_v_port import port_of
from devices.simulators.sam_v import Fault, SamVSimulator
from tests.devices.plate_on_a_pty import LYU, QUICK, plate, tell
from tests.patience import SOON_S


@pytest.mark.parametrize("fault", [Fault.NOISE, Fault.STUCK, Fault.FF])
def test_bytes_that_do_not_belong_there_do_not_harm_a_read(fault: Fault) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.fault = fault
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)


@pytest.mark.parametrize("command", [Command.SELECT, Command.READ])
@pytest.mark.parametrize("fault", [Fault.TORN, Fault.XOR, Fault.LEN, Fault.SILENT, Fault.LATE, Fault.STREAM])
def test_an_answer_lost_once_is_asked_for_again(fault: Fault, command: Command) -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = fault, command
            on.simulator.before[Command.STATUS] = lambda: setattr(on.simulator, "fault", "")
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)


@pytest.mark.parametrize("fault", [Fault.TORN, Fault.XOR, Fault.LEN, Fault.SILENT, Fault.STREAM])
def test_an_answer_that_never_comes_ends_at_the_deadline_and_the_next_read_is_clean(fault: Fault) -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = fault, Command.READ
            error = await on.refusal()
            assert error.code is Completion.TIME_OUT
            assert int(re.findall(r"([0-9]+) bytes held", error.technical)[0]) <= 4096
            on.simulator.fault = ""
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)


def test_a_line_that_streams_without_end_holds_up_no_other_reader() -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as streaming, plate() as on:
            streaming.simulator.fault = Fault.STREAM
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            refusal = asyncio.ensure_future(streaming.refusal())
            reads = 0
            while streaming.reader.status().device is not DeviceStatus.HARDWARE_ERROR:
                assert await on.read_name() == ("吕晓岚", 1)
                reads += 1
            assert reads
            assert (await refusal).retry
            assert on.reader.status().device is DeviceStatus.ONLINE

    tell(story)


@pytest.mark.parametrize("status", ["60", "66"])
def test_a_module_that_is_not_fit_is_out_of_service_until_it_is_fit_again(status: str) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault = status
            await on.status(DeviceStatus.HARDWARE_ERROR)
            assert (await on.refusal()).code is Completion.HARDWARE_ERROR
            on.simulator.fault = ""
            await on.status(DeviceStatus.ONLINE)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))

    tell(story)


def test_a_module_that_only_says_so_when_it_is_asked_is_out_of_service_all_the_same() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.fault, on.simulator.faulty = "66", Command.STATUS
            status = await on.reader.check_health()
            assert (status.device, status.detail) == (DeviceStatus.HARDWARE_ERROR, "SW 0000 66")
            asked = on.simulator.heard.count(Command.STATUS)
            await on.reader.check_health()
            assert on.reader.status().device is DeviceStatus.HARDWARE_ERROR
            assert on.simulator.heard.count(Command.STATUS) > asked
            on.simulator.fault = ""
            await on.status(DeviceStatus.ONLINE)

    tell(story)


def test_a_module_that_speaks_and_never_tells_what_lies_there_is_a_hardware_error() -> None:
    async def story() -> None:
        simulator = SamVSimulator()
        simulator.fault, simulator.faulty = Fault.SILENT, Command.FIND
        async with plate(simulator, patience=QUICK) as on:
            await on.status(DeviceStatus.HARDWARE_ERROR)
            simulator.fault = ""
            await on.status(DeviceStatus.ONLINE)

    tell(story)


def test_a_module_that_does_not_know_its_number_reads_cards_all_the_same() -> None:
    async def story() -> None:
        simulator = SamVSimulator()
        simulator.fault, simulator.faulty = "24", Command.SAM_ID
        async with plate(simulator) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)
            assert on.reader.capabilities()["module"] == ""
            assert on.simulator.heard.count(Command.SAM_ID) == 1

    tell(story)


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.STREAM, "10", "11"])
def test_a_line_that_keeps_failing_is_a_hardware_error_and_its_card_is_not_believed(fault: str) -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault = fault
            await on.status(DeviceStatus.HARDWARE_ERROR)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            on.simulator.fault = ""
            await on.status(DeviceStatus.ONLINE)

    tell(story)


def test_a_command_garbled_on_its_way_is_sent_once_more() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = "10", Command.SELECT
            selects = itertools.count(1)

            def clear_at_the_second() -> None:
                if next(selects) == 2:
                    on.simulator.fault = ""

            on.simulator.before[Command.SELECT] = clear_at_the_second
            assert await on.read_name() == ("吕晓岚", 1)
            assert on.simulator.heard.count(Command.SELECT) == 2

    tell(story)


def test_an_adapter_that_is_not_there_is_a_status_and_comes_by_itself(tmp_path: Path) -> None:
    async def story() -> None:
        simulator = SamVSimulator()
        async with plate(simulator, str(tmp_path / "tty")) as on:
            assert on.reader.status().device is DeviceStatus.NO_DEVICE
            assert (await on.refusal()).code is Completion.DEVICE_NOT_READY
            (tmp_path / "tty").symlink_to(simulator.path)
            await on.status(DeviceStatus.ONLINE)

    tell(story)


def test_something_that_is_no_serial_line_is_no_device(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "file").write_bytes(b"")
        async with plate(path=str(tmp_path / "file")) as on:
            assert on.reader.status().device is DeviceStatus.NO_DEVICE

    tell(story)


def test_an_adapter_unplugged_ends_the_presence_and_works_again_when_plugged_in(tmp_path: Path) -> None:
    async def story() -> None:
        port = tmp_path / "tty"
        first, second = SamVSimulator(), SamVSimulator()
        port.symlink_to(first.path)
        async with plate(second, str(port)) as on:
            first.lay(LYU)
            await on.media(("mediaInserted", 1))
            first.unplug()
            await on.status(DeviceStatus.NO_DEVICE)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            second.lay(LYU)
            port.unlink()
            port.symlink_to(second.path)
            await on.status(DeviceStatus.ONLINE)
            await on.until(lambda: len(on.of_media()) == 3)
            assert await on.read_name() == ("吕晓岚", 2)

    tell(story)


@pytest.mark.parametrize("step", [Command.FIND, Command.SELECT, Command.READ])
def test_an_adapter_unplugged_in_the_middle_of_a_read_gives_no_document(step: Command) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.before[step] = on.simulator.unplug
            assert (await on.refusal()).code is Completion.DEVICE_NOT_READY
            await on.status(DeviceStatus.NO_DEVICE)

    tell(story)


def test_a_reader_that_was_closed_reads_nothing_and_opens_again() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.reader.close()
            assert on.reader.status().device is DeviceStatus.OFFLINE
            assert (await on.refusal()).code is Completion.DEVICE_NOT_READY
            await on.reader.open()
            await on.reader.open()
            assert (await on.read_name())[0] == "吕晓岚"

    tell(story)


def test_a_line_that_another_program_uses_is_left_alone_until_it_is_free() -> None:
    async def story() -> None:
        async with plate() as on:
            second = SamVReader("second", port_of(on.simulator.path), QUICK)
            events = second.events()
            await second.open()
            assert second.status() == Status(DeviceStatus.DEVICE_BUSY, detail="another program uses the line")
            assert on.reader.status().device is DeviceStatus.ONLINE
            await on.reader.close()
            async with asyncio.timeout(SOON_S):
                while second.status().device is not DeviceStatus.ONLINE:
                    await anext(events)
            await second.close()

    tell(story)


def test_no_descriptor_is_left_open_after_many_openings(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "file").write_bytes(b"")
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            reader = SamVReader("plate", port_of(str(tmp_path / "file")), QUICK)
            await reader.open()
            await reader.close()
        assert len(os.listdir("/proc/self/fd")) <= before

    tell(story)
