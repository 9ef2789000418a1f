"""The registry of drivers: nothing unlisted, nothing made from settings that make no sense."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import devices.drivers
from devices.drivers import DRIVERS, SettingsWrong, make_printer, make_reader

FOLDER = Path(devices.drivers.__file__).parent


def test_every_driver_file_is_listed() -> None:
    """A file whose name begins with a driver's name and a line is a part of that driver."""
    files = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    unlisted = {stem for stem in files if stem not in DRIVERS and not any(stem.startswith(f"{name}_") for name in DRIVERS)}
    assert not unlisted
    assert files >= DRIVERS


@pytest.mark.parametrize(
    ("driver", "settings", "kind"),
    [("pcsc", {}, "pcsc"), ("pcsc", {"reader": "ACS"}, "pcsc"), ("sam_v", {"port": "/dev/ttyS0"}, "identityReader")],
)
def test_a_reader_is_made_from_its_settings(driver: str, settings: dict[str, str], kind: str) -> None:
    reader = make_reader(driver, {**settings, "id": "left"})
    assert (reader.id, reader.kind) == ("left", kind)


def test_a_printer_is_made_from_its_settings() -> None:
    assert make_printer("escpos", {"target": "tcp:printer:9100"}).id == "escpos"


@pytest.mark.parametrize(
    ("driver", "settings", "words"),
    [
        ("", {}, "nothing is no such driver; there are pcsc, sam_v"),
        ("escpos", {"target": "/dev/usb/lp0"}, "escpos is no such driver; there are pcsc, sam_v"),
        ("pcsc", {"port": "x"}, "the driver pcsc does not take port"),
        ("sam_v", {}, "the driver sam_v needs port"),
    ],
)
def test_wrong_settings_are_worded(driver: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsWrong, match=f"^{words}$"):
        make_reader(driver, settings)


def test_a_terminal_without_pcsc_loads_no_pcsc_library() -> None:
    program = (
        "import sys; from devices.drivers import make_reader; make_reader('sam_v', {'port': '/dev/ttyS0'}); "
        "sys.exit('smartcard' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
