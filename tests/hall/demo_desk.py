"""The four demonstration departments as real processes on free ports, for tests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from flows.application import Assurance, Identity
from hall import catalogue, departments
from hall.demo.behaviour import Behaviour, Mode, Place
from hall.departments.connection import Access, Purpose
from hall.departments.setting import Setting
from hall.exchange import Exchange
from tests.hall.servers import ended
from tests.patience import SOON_S

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "hall" / "demo"
NAMES = ("household", "exit-entry", "social-security", "market-regulation", "population", "traffic", "medical-insurance")
LYU = Identity("440602199202299863", "吕晓岚", "2", date(1992, 2, 29), "resident_card", Assurance.SAM, "01")
PURPOSE = Purpose("01999999-0000-7000-8000-000000000000", "hk-macau-permit", "terminal:K07")
TOO_LONG = 30.0
"""Seconds that a slow department waits in these tests: longer than every deadline of a hall."""
LATE_S = 0.5
"""How long one is waited for that will not answer."""


@dataclass
class DemoDesk:
    """The running departments: where their state and settings are, and how to tell them to misbehave."""

    state: Path
    settings: Path
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Starts departments side by side and waits until each has said READY."""
        for name in names:
            command = [sys.executable, "-m", "hall.demo", name, "--state", str(self.state), "--port", "0"]
            self.processes[name] = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in names:
            output = self.processes[name].stdout
            assert output is not None
            ready, said, address = output.readline().split(maxsplit=2)
            assert (ready, said) == ("READY", name)
            self._write_settings(name.replace("-", "_"), address.strip())

    def stop(self, name: str) -> int:
        """The exit code of the department after SIGTERM."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        return ended(process)

    @contextmanager
    def told(self, name: str, mode: Mode, seconds: float = 0.0) -> Iterator[None]:
        """A department that misbehaves within the block and is well after it."""
        place = Place(self.state, name.replace("-", "_"))
        place.tell(Behaviour(mode, seconds))
        try:
            yield
        finally:
            place.tell(Behaviour())

    def close(self) -> None:
        ended = {name: self.stop(name) for name in list(self.processes)}
        assert set(ended.values()) <= {0}, ended

    def read(self) -> tuple[Setting, ...]:
        """What the hall's files say of the running departments."""
        return departments.read_settings(self.settings, self.state)

    def exchange(self, late: str = "") -> Exchange:
        """A hall's exchange with connections of its own to the running departments; only `late` is not waited for."""
        settings = (replace(setting, deadline_s=LATE_S if setting.code == late else SOON_S) for setting in self.read())
        connections = departments.connect(tuple(settings))
        return Exchange(connections, catalogue.load(DEMO / "catalogue.toml", connections), _unlogged, budget_s=SOON_S)

    def _write_settings(self, code: str, address: str) -> None:
        text = (DEMO / "departments" / f"{code}.toml").read_text("utf-8")
        port = re.search(r":(\d+)$", address)
        if port:
            text = re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{port[1]}", text)
        self.settings.mkdir(exist_ok=True)
        (self.settings / f"{code}.toml").write_text(text, "utf-8")


@contextmanager
def running_desk(folder: Path) -> Iterator[DemoDesk]:
    desk = DemoDesk(folder / "state", folder / "departments")
    try:
        desk.start(*NAMES)
        yield desk
    finally:
        desk.close()
        assert not _alive(desk.state)


async def _unlogged(access: Access) -> None:
    """What is read here is no citizen's."""


def _alive(state: Path) -> list[str]:
    """Processes that still hold our state: nothing of the departments may outlive them."""
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    return [line.decode(errors="replace") for line in lines if str(state).encode() in line and b"hall.demo" in line]
