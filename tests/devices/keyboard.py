"""Somebody at a keyboard who runs `python -m devices`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devices.simulators.control import ask
from devices.simulators.pcscd import SOCKET_VARIABLE
from tests.patience import SOON_S, eventually


class Keyboard:
    """Runs commands against one state folder. None may ever end in a traceback."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def __call__(self, *words: str) -> str:
        """What a command prints that succeeds."""
        code, said = self._run(*words)
        assert code == 0, said
        return said

    def refused(self, *words: str) -> str:
        """What a command prints that does not."""
        code, said = self._run(*words)
        assert code == 1, said
        return said

    def _run(self, *words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "devices", *words, "--state", str(self.state)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SOON_S, check=False, env=without_card_service())
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr


def without_card_service() -> dict[str, str]:
    """A shell's environment: a driver that was tested in this process before may have named its card service."""
    return {name: value for name, value in os.environ.items() if name != SOCKET_VARIABLE}


@contextmanager
def running(module: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-u", "-m", module, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def until_it_listens(control: Path) -> None:
    eventually(lambda: bool(ask(control, {"pull": True})))
