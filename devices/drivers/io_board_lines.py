"""The lines that a serial I/O board speaks (docs/io-board.md), and what of its reports can be believed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from devices.device import FlashRate, Key, Light, Proximity

LONGEST = 78
VERSION = "1"
HELLO = "HELLO"

CHATTER_S = 0.05
"""A contact that bounces reports its key again within that time; no finger does."""
HELD_PRESSES, HELD_S = 10, 1.0
"""So many presses of one key in that time are a key that hangs."""
FLAPS, FLAPS_S = 10, 10.0
"""So many changes in that time are a sensor that sees ghosts."""
STUCK_S = 2 * 3600.0
"""So long nobody stands before a terminal."""

SEEN = {"somebody": Proximity.PRESENT, "nobody": Proximity.NOT_PRESENT}


@dataclass(frozen=True)
class Board:
    """What a board has."""

    lights: frozenset[Light]
    keys: frozenset[Key]
    presence: bool


@dataclass(frozen=True)
class Lit:
    """A light as it is now."""

    light: Light
    rate: FlashRate


Said = Board | Lit | Proximity | Key
"""A line of the board, understood."""


class Nonsense(ValueError):
    """A line that no board says."""


def understood(line: str) -> Said:
    """Raises Nonsense, which quotes nothing: it may hold what somebody typed."""
    try:
        match line.split(" "):
            case ["BOARD", version, *parts] if version == VERSION:
                return _board(parts)
            case ["LIGHT", light, rate]:
                return Lit(Light(light), FlashRate(rate))
            case ["PRESENCE", seen]:
                return SEEN[seen]
            case ["KEY", key]:
                return Key(key)
            case _:
                raise Nonsense
    except (ValueError, KeyError):
        raise Nonsense("no line of a board") from None


def _board(parts: list[str]) -> Board:
    lights = frozenset(Light(part) for part in parts if part in set(Light))
    return Board(lights, frozenset(Key) if "keypad" in parts else frozenset(), "presence" in parts)


class Lines:
    """Whole lines out of what comes in pieces; holds at most one. None stands for a line that was too long or no text."""

    def __init__(self) -> None:
        self._held = b""
        self._too_long = False

    def feed(self, received: bytes) -> list[str | None]:
        *ended, rest = (self._held + received).split(b"\n")
        lines = [self._text(line) for line in ended]
        self._too_long = self._too_long or len(rest) > LONGEST
        self._held = b"" if self._too_long else rest
        return lines

    def _text(self, line: bytes) -> str | None:
        too_long, self._too_long = self._too_long or len(line) > LONGEST, False
        return line.removesuffix(b"\r").decode("ascii") if line.isascii() and not too_long else None


class Presses:
    """Which reports of keys are presses of a finger. `at` is any clock in seconds."""

    def __init__(self) -> None:
        self._reports: dict[Key, deque[float]] = {}
        self.hanging: Key | None = None

    def pressed(self, key: Key, at: float) -> bool:
        reports = self._reports.setdefault(key, deque(maxlen=HELD_PRESSES))
        chatters = bool(reports) and at - reports[-1] < CHATTER_S
        reports.append(at)
        if len(reports) == HELD_PRESSES and at - reports[0] < HELD_S:
            self.hanging = key
        return not chatters and self.hanging is not key

    def let_go(self, at: float) -> None:
        """A key that hung is well when it was quiet for a while."""
        if self.hanging and at - self._reports[self.hanging][-1] > HELD_S:
            self._reports.pop(self.hanging)
            self.hanging = None


class Watch:
    """Whether somebody stands there, as far as the sensor can be believed. `at` is any clock in seconds."""

    def __init__(self) -> None:
        self._seen = Proximity.UNKNOWN
        self._since = 0.0
        self._changes: deque[float] = deque(maxlen=FLAPS)

    def sees(self, seen: Proximity, at: float) -> None:
        if seen is not self._seen:
            self._seen, self._since = seen, at
            self._changes.append(at)

    def fault(self, at: float) -> str:
        """Empty when the sensor is well."""
        if len(self._changes) == FLAPS and at - self._changes[-1] < FLAPS_S and self._changes[-1] - self._changes[0] < FLAPS_S:
            return "presence_unsteady"
        return "presence_stuck" if self._seen is Proximity.PRESENT and at - self._since > STUCK_S else ""

    def believed(self, at: float) -> Proximity:
        return Proximity.UNKNOWN if self.fault(at) else self._seen
