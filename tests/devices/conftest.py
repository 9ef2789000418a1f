"""A real pcscd of our own for the whole run, and its virtual readers in turn."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.simulators.pcscd import PrivatePcscd, missing
from tests.devices.keyboard import Keyboard
from tests.devices.laying import Slot, empty, tell


@pytest.fixture(scope="session")
def pcscd() -> Iterator[PrivatePcscd]:
    if packages := missing():
        pytest.skip(f"Debian packages not installed: {packages}")
    from devices.drivers.pcsc import use_socket

    # Not tmp_path: the path of a socket is short.
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder, PrivatePcscd(Path(folder)) as pcscd:
        use_socket(str(pcscd.socket))
        yield pcscd


@pytest.fixture
def slots(pcscd: PrivatePcscd) -> tuple[Slot, Slot]:
    """Both readers, for one story told twice at the same time."""
    left, right = map(Slot, pcscd.readers, pcscd.ports)
    for slot in (left, right):
        tell(empty(slot))
    return left, right


@pytest.fixture(scope="session")
def turns() -> Iterator[int]:
    return itertools.cycle((0, 1))


@pytest.fixture
def slot(pcscd: PrivatePcscd, turns: Iterator[int]) -> Slot:
    """The reader that the last test did not use, empty: pcscd needs up to 400 ms to see that a card left."""
    turn = next(turns)
    slot = Slot(pcscd.readers[turn], pcscd.ports[turn])
    tell(empty(slot))
    return slot
    return Slot(pcscd.readers[turn], pcscd.ports[turn])


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Instead of tmp_path, where a socket lies: its path is short."""
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:
        yield Path(folder)


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:  # short: sockets live there
        yield Keyboard(Path(folder))


@pytest.fixture
def with_readers(keyboard: Keyboard) -> Iterator[Keyboard]:
    if packages := missing():
        pytest.skip(f"Debian packages not installed: {packages}")
    with PrivatePcscd(keyboard.state / "pcscd"):
        yield keyboard
