"""Who does something at the console."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class By:
    """Which clerk, at which window ("" for a supervisor without one), and the key of the click."""

    clerk: str
    window: str
    key: str = ""
