"""Where a SAM_V is connected: what the settings may say, serial ports that go away, and the rate of one."""

import os
import pty
import termios

import pytest

from devices.device import DeviceStatus
from devices.drivers import SettingsWrong, make_reader
from devices.drivers.sam_v_frames import Command
from devices.drivers.sam_v_port import Port, SerialPort, TcpPort, UsbPort, port_of
from devices.drivers.sam_v_serial import RATES
from devices.line import LineGone, LineTaken
from devices.serial_line import SerialLine
from devices.simulators.sam_v import SamVSimulator
from tests.devices.plate_on_a_pty import LYU, QUICK, plate, tell

BY_PATH = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0"


@pytest.mark.parametrize(
    ("settings", "port"),
    [
        ({"port": "/dev/ttyS0"}, SerialPort("/dev/ttyS0", 115200)),
        ({"port": BY_PATH, "baud": "9600"}, SerialPort(BY_PATH, 9600)),
        ({"port": "tcp:reader.hall:4001"}, TcpPort("reader.hall", 4001)),
        ({"port": "tcp:[fe80::1]:4001"}, TcpPort("fe80::1", 4001)),
        ({"port": "usb:0400:C35A"}, UsbPort(0x0400, 0xC35A)),
        ({"port": "usb:0400:c35a:A:7"}, UsbPort(0x0400, 0xC35A, "A:7")),
    ],
)
def test_settings_say_where_the_reader_is(settings: dict[str, str], port: Port) -> None:
    assert port_of(settings["port"], settings.get("baud", "")) == port
    assert port_of(str(port), settings.get("baud", "")) == port
    assert make_reader("sam_v", settings).capabilities()["port"] == str(port)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"port": "tcp:reader"}, "port tcp:reader is neither"),
        ({"port": "tcp:reader:0"}, "0 is no TCP port"),
        ({"port": "tcp:reader:70000"}, "70000 is no TCP port"),
        ({"port": "usb:0400"}, "port usb:0400 is neither"),
        ({"port": "usb:0400:wxyz"}, "is neither"),
        ({"port": "/dev/ttyS0", "baud": "1200"}, "baud is one of 115200, 57600, 38400, 19200, 9600"),
        ({"port": "/dev/ttyS0", "baud": "fast"}, "baud is one of"),
        ({"port": "usb:0400:c35a", "baud": "9600"}, "baud is for a serial port only"),
        ({"port": "tcp:reader:4001", "baud": "9600"}, "baud is for a serial port only"),
    ],
)
def test_settings_that_make_no_sense_are_worded(settings: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsWrong, match=words):
        make_reader("sam_v", settings)


def test_a_serial_port_whose_adapter_went_away_is_gone_whatever_is_asked_of_it() -> None:
    master, slave = pty.openpty()
    line = SerialLine(os.ttyname(slave), 115200)
    os.close(master)
    os.close(slave)
    with pytest.raises(LineGone, match="flush failed") as flushed:
        line.forget()
    assert isinstance(flushed.value.__cause__, termios.error)  # which is no OSError
    for act in (lambda: line.talk_at(9600), lambda: line.write(b"x", 2.0), lambda: line.read(2.0)):
        with pytest.raises(LineGone):
            act()
    line.close()
    line.close()


def test_a_serial_port_is_nobody_elses_meanwhile() -> None:
    master, slave = pty.openpty()
    line = SerialLine(os.ttyname(slave), 115200)
    with pytest.raises(LineTaken):
        SerialLine(os.ttyname(slave), 115200)
    for fd in (master, slave):
        os.close(fd)
    line.close()


@pytest.mark.parametrize("left_at", RATES)
def test_a_module_that_was_left_at_another_rate_is_found_and_set_to_the_usual_one(left_at: int) -> None:
    async def story() -> None:
        simulator = SamVSimulator(talks_at=left_at)
        async with plate(simulator, patience=QUICK) as on:
            assert on.reader.status().device is DeviceStatus.ONLINE
            simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)
            assert simulator.talks_at == 115200
            assert (Command.BAUD_115200 in simulator.heard) is (left_at != 115200)

    tell(story)


@pytest.mark.parametrize("wanted", RATES)
def test_a_line_that_is_wanted_slower_is_made_slower(wanted: int) -> None:
    async def story() -> None:
        simulator = SamVSimulator(talks_at=115200)
        async with plate(simulator, baud=str(wanted), patience=QUICK) as on:
            assert on.reader.status().device is DeviceStatus.ONLINE
            simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)
            assert simulator.talks_at == wanted

    tell(story)


def test_a_module_that_keeps_its_rate_is_talked_to_at_that() -> None:
    async def story() -> None:
        simulator = SamVSimulator(talks_at=9600)
        simulator.fault, simulator.faulty = "21", Command.BAUD_115200
        async with plate(simulator, patience=QUICK) as on:
            simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)
            assert simulator.talks_at == 9600

    tell(story)


def test_a_module_that_was_switched_off_at_the_opening_is_found_when_it_answers() -> None:
    async def story() -> None:
        simulator = SamVSimulator(talks_at=38400)
        simulator.fault = "silent"
        async with plate(simulator, patience=QUICK) as on:
            await on.status(DeviceStatus.HARDWARE_ERROR)
            simulator.fault = ""
            await on.status(DeviceStatus.ONLINE)
            assert simulator.talks_at == 115200

    tell(story)
