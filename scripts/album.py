"""Numbered pictures of a tour, and the hand that lays and takes the card."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripts.desk import python


@dataclass(frozen=True)
class Picture:
    """One screen of the visit and when it stood, in seconds since the start."""

    number: int
    file: Path
    title: str
    at_s: float


@dataclass
class Album:
    """Numbered pictures of a visit, in the order they were taken."""

    folder: Path
    began: float = field(default_factory=time.monotonic)
    pictures: list[Picture] = field(default_factory=list)

    def next(self, name: str, title: str) -> Picture:
        number = len(self.pictures) + 1
        picture = Picture(number, self.folder / f"{number:02}-{name}.png", title, time.monotonic() - self.began)
        self.pictures.append(picture)
        return picture


def lay(person: str, state: Path) -> None:
    """Lays a specimen card on the virtual reader, as anybody can from a shell."""
    subprocess.run(python("devices", "insert", person, "--state", str(state)), check=True, capture_output=True)


def take(state: Path) -> None:
    subprocess.run(python("devices", "pull", "--state", str(state)), check=True, capture_output=True)
