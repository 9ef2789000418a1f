"""How a demonstration department behaves just now: told while it runs, read at every request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Mode(StrEnum):
    """Well, or one of the ways in which departments fail."""

    WELL = "well"
    SLOW = "slow"
    WRONG = "wrong"
    NONSENSE = "nonsense"
    DOWN = "down"


@dataclass(frozen=True)
class Behaviour:
    """`seconds` is how long a slow department waits before it answers."""

    mode: Mode = Mode.WELL
    seconds: float = 0.0


class CannotStart(Exception):
    """The department cannot be started; the message says why in words."""


@dataclass(frozen=True)
class Place:
    """Where one department keeps its things below the state directory."""

    state: Path
    code: str

    @property
    def folder(self) -> Path:
        return self.state / "demo" / self.code

    def behaviour(self) -> Behaviour:
        try:
            mode, _, seconds = self._told.read_text("ascii").partition(" ")
            return Behaviour(Mode(mode), float(seconds or 0))
        except (OSError, ValueError):
            return Behaviour()

    def tell(self, behaviour: Behaviour) -> None:
        self._told.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._told.with_suffix(".new")
        fresh.write_text(f"{behaviour.mode} {behaviour.seconds:g}", "ascii")
        fresh.replace(self._told)

    def password(self) -> str:
        """What the hall must say to be let in: made at the first start, readable by the owner only."""
        path = self.state / "demo" / f"{self.code}.password"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(os.urandom(16).hex(), "ascii")
            fresh.replace(path)
        return path.read_text("ascii")

    @property
    def _told(self) -> Path:
        return self.state / "demo" / f"{self.code}.mode"
