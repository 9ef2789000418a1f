"""`python -m devices` as somebody at a keyboard uses it."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import subprocess
import sys

import pytest

from devices.device import DeviceEvent
from devices.simulators.foreign_cards import bank_card
from devices.simulators.pcscd import missing, recorded_ports
from devices.simulators.sam_v import served
from devices.simulators.vpcd import VirtualCard
from tests.devices.keyboard import Keyboard, running, until_it_listens
from tests.devices.plate_on_a_pty import plate


def test_a_specimen_is_laid_read_swapped_and_pulled(with_readers: Keyboard) -> None:
    devices = with_readers
    assert "吕晓岚" in devices("insert", "吕晓岚")
    assert "Yimen Virtual Reader 00 00       online, a card lies there" in devices("list")
    said = devices("read")
    assert "A tool for specimens" in said
    assert "440602199202299863" in said
    devices("insert", "ssc3")
    assert "only to a security module" in devices.refused("read")
    devices("pull")
    assert "00 00       online, empty" in devices("list")
    assert "No simulated card lies" in devices.refused("pull")
    assert "online" in devices("self-test")


def test_only_one_card_lies_on_the_desk_whichever_reader_it_is_for(with_readers: Keyboard) -> None:
    devices = with_readers
    with running("devices.simulators.sam_v", "--state", str(devices.state)):
        until_it_listens(devices.state / "sam_v.control")
        devices("insert", "lyu")
        devices("insert", "elder", "--card", "resident")
        listed = devices("list")
        assert "00 00       online, empty" in listed
        assert "resident card reader             online, a card lies there" in listed
        devices("insert", "lyu")
        listed = devices("list")
        assert "00 00       online, a card lies there" in listed
        assert "resident card reader             online, empty" in listed


def test_a_card_that_cannot_be_laid_leaves_the_other_where_it_is(with_readers: Keyboard) -> None:
    with_readers("insert", "lyu")
    assert "make run" in with_readers.refused("insert", "elder", "--card", "resident")
    assert "吕晓岚" in with_readers("read")


def test_a_card_that_is_no_document_is_called_by_its_name(with_readers: Keyboard) -> None:
    with VirtualCard(bank_card(), recorded_ports(with_readers.state / "pcscd")[0]):
        assert with_readers.refused("read").startswith("This is a bank card. [")
        assert with_readers.refused("read", "--access-number", "123456").startswith("This is a bank card. [")


def test_without_simulators_every_command_says_what_to_start(keyboard: Keyboard) -> None:
    listed = keyboard("list")
    assert "make run" in listed
    assert "440602199202299863  吕晓岚" in listed
    assert "pcscd does not run" in keyboard.refused("read")
    assert "make run" in keyboard.refused("read", "--card", "resident")
    assert "make run" in keyboard.refused("self-test")
    assert "make run" in keyboard.refused("fault", "silent")
    assert "make run" in keyboard.refused("insert", "lyu")
    assert "make run" in keyboard.refused("insert", "lyu", "--card", "resident")
    assert "No simulated card lies" in keyboard.refused("pull")


def test_an_unknown_specimen_is_answered_with_those_there_are(keyboard: Keyboard) -> None:
    assert "lyu 吕晓岚" in keyboard.refused("insert", "nobody")


def test_a_resident_card_is_laid_on_the_sam_v_simulator(keyboard: Keyboard) -> None:
    with running("devices.simulators.sam_v", "--state", str(keyboard.state)):
        until_it_listens(keyboard.state / "sam_v.control")
        keyboard("insert", "elder", "--card", "resident")
        said = keyboard("read", "--card", "resident")
        assert "霍锦棠" in said
        assert "长期" in said
        assert "taken away" in keyboard("pull")
        assert "No simulated card lies" in keyboard.refused("pull")
        keyboard("fault", "66")
        assert "hardwareError" in keyboard.refused("self-test")
        keyboard("fault", "none")
        assert "fault is one of" in keyboard.refused("fault", "ill")


def test_a_terminal_on_the_line_is_not_disturbed(keyboard: Keyboard) -> None:
    async def story() -> None:
        async with served(keyboard.state), plate(path=str(keyboard.state / "sam_v.tty")) as terminal:
            await asyncio.to_thread(keyboard, "insert", "lyu", "--card", "resident")
            await terminal.media(("mediaInserted", 1))
            in_use = "online (another program uses the line)"
            assert f"{in_use}, a card lies there" in await asyncio.to_thread(keyboard, "list")
            assert "IN USE     resident card reader" in await asyncio.to_thread(keyboard, "self-test")
            assert "another program uses the line" in await asyncio.to_thread(keyboard.refused, "read", "--card", "resident")
            assert (await terminal.reader.read_identity()).name == "吕晓岚"
            assert terminal.of_media() == [DeviceEvent("mediaInserted", "plate", 1)]

    asyncio.run(story())


def test_a_line_whose_simulator_was_killed_is_not_touched(keyboard: Keyboard) -> None:
    ours, theirs = pty.openpty()
    (keyboard.state / "sam_v.tty").symlink_to(os.ttyname(theirs))
    assert "resident card reader" not in keyboard("list")
    assert "make run" in keyboard.refused("read", "--card", "resident")
    assert select.select([ours], [], [], 0)[0] == []
    for line in (ours, theirs):
        os.close(line)


def test_the_paper_of_the_printer_is_taken_out_and_laid_in(keyboard: Keyboard) -> None:
    assert "no paper" in keyboard("paper", "out")
    assert (keyboard.state / "paper" / "paper_out").exists()
    keyboard("paper", "in")
    assert "has paper" in keyboard("paper", "in")
    assert not (keyboard.state / "paper" / "paper_out").exists()


def test_a_state_that_is_no_folder_is_worded(keyboard: Keyboard) -> None:
    file = Keyboard(keyboard.state / "file")
    file.state.touch()
    for words in (["list"], ["pull"], ["insert", "lyu"], ["paper", "out"]):
        assert str(file.state) in file.refused(*words)


def test_the_private_pcscd_runs_as_a_command_and_leaves_nothing_running(keyboard: Keyboard) -> None:
    if packages := missing():
        pytest.skip(f"Debian packages not installed: {packages}")
    folder = keyboard.state / "pcscd"
    with running("devices.simulators.pcscd", "--folder", str(folder)) as process:
        assert process.stdout
        assert process.stdout.readline() == f"PCSCLITE_CSOCK_NAME={folder.resolve()}/pcscd.comm\n"
        pid = int((folder / "pcscd.pid").read_text().strip("\0\n"))
        again = subprocess.run(process.args, capture_output=True, text=True, check=False)
        assert (again.returncode, again.stderr) == (1, f"a pcscd already runs in {folder.resolve()}\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not (folder / "pcscd.comm").exists()


def test_a_folder_too_deep_for_a_socket_is_worded(keyboard: Keyboard) -> None:
    command = [sys.executable, "-m", "devices.simulators.pcscd", "--folder", str(keyboard.state / ("x" * 100))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "too long for a socket" in done.stderr) == (1, True)
