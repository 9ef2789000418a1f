"""`make run`: which reader it takes, and what it says when it cannot start."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.company import Company, CouldNotStart, Part
from scripts.desk import PORTS, ports_are_free
from scripts.desk import has_reader_plugged_in as plugged_in


def interface(folder: Path, name: str, kind: str) -> None:
    (folder / name).mkdir()
    (folder / name / "bInterfaceClass").write_text(f"{kind}\n")


def test_a_card_reader_on_usb_is_taken_and_a_keyboard_is_not(tmp_path: Path) -> None:
    assert not plugged_in(tmp_path)
    interface(tmp_path, "1-1:1.0", "03")
    assert not plugged_in(tmp_path)
    interface(tmp_path, "1-2:1.0", "0b")
    assert plugged_in(tmp_path)


def test_a_taken_port_is_named_with_what_it_is_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CouldNotStart, match=rf"Port {port} \(the clerk's page\) is taken"):
            ports_are_free({port: PORTS[8000]})


def test_a_part_that_does_not_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    broken = Part("hall", (sys.executable, "-c", "print('first'); print('no key'); raise SystemExit(2)"))
    with Company(tmp_path) as company, pytest.raises(CouldNotStart, match=r"hall did not start\. no key"):
        company.start(broken)


def test_leaving_stops_every_part(tmp_path: Path) -> None:
    waiting = "import time; print('READY', flush=True); time.sleep(600)"
    with Company(tmp_path) as company:
        company.start(Part("one", (sys.executable, "-c", waiting)))
        company.start(Part("two", (sys.executable, "-c", waiting)))
        running = [process for _, process in company.running]
        assert [process.poll() for process in running] == [None, None]
    assert all(process.returncode is not None for process in running)


def test_the_whole_says_in_one_line_that_it_runs_already() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        except OSError:
            pass  # something else has the port, which is as good
        done = subprocess.run([sys.executable, "-m", "scripts.run"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Port 8000" in done.stderr
    assert "Traceback" not in done.stderr
