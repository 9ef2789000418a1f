"""A company of processes: started in order, each awaited until it is ready, all stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

READY_S = 60.0
STOP_S = 8.0
_DIE_WITH_PARENT = 1  # prctl PR_SET_PDEATHSIG


class CouldNotStart(Exception):
    """A part did not come up; the text says which and what it said last."""


@dataclass(frozen=True)
class Part:
    """One process. `ready` is asked again and again until it is true; a part without it prints a
    line that begins with READY. `again`: started anew when it ends by itself."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    again: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


class Company:
    """The running parts. Use as a context manager: leaving it stops everything it started."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.running: list[tuple[Part, subprocess.Popen[bytes]]] = []
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Company:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, part: Part) -> None:
        """Starts a part and returns when it is ready; raises CouldNotStart in words."""
        process = self._spawn(part)
        self.running.append((part, process))
        deadline = time.monotonic() + READY_S
        while not self._is_ready(part):
            if process.poll() is not None:
                raise CouldNotStart(f"{part.name} did not start. {self._last_words(part)}")
            if time.monotonic() > deadline:
                raise CouldNotStart(f"{part.name} is not ready after {READY_S:.0f} s. {self._last_words(part)}")
            time.sleep(0.05)

    def watch(self) -> str:
        """Waits until a part that may not end has ended; gives its name. Starts the others again."""
        while True:
            time.sleep(0.5)
            for place, (part, process) in enumerate(self.running):
                if process.poll() is None:
                    continue
                if not part.again:
                    return part.name
                print(f"{part.name} ended and is started again.", flush=True)
                self.running[place] = (part, self._spawn(part))

    def stop(self) -> None:
        """Asks every part to end, the last started first; ends those that do not listen."""
        listened = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave parts behind
        for part, process in reversed(self.running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    print(f"{part.name} did not stop by itself.", file=sys.stderr)
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self.running.clear()
        signal.signal(signal.SIGINT, listened)

    def log(self, part: Part) -> Path:
        return self._logs / f"{part.name.replace(' ', '-')}.log"

    def _spawn(self, part: Part) -> subprocess.Popen[bytes]:
        with self.log(part).open("wb") as log:
            return subprocess.Popen(
                list(part.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **part.environment},
                start_new_session=True,  # Ctrl-C reaches us alone; we end the others in order
                preexec_fn=_end_with_parent,
            )

    def _is_ready(self, part: Part) -> bool:
        if part.ready is not None:
            return part.ready()
        said = self.log(part).read_text(encoding="utf-8", errors="replace")
        return any(line.startswith("READY") for line in said.splitlines())

    def _last_words(self, part: Part) -> str:
        said = self.log(part).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return said[-1] if said else f"It said nothing; see {self.log(part)}."


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
