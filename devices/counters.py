"""Counts what a device did: how often it did what, and nothing of whom."""

from __future__ import annotations

from collections import Counter

from devices.device import Completion, Counters

OF_THE_DEVICE = frozenset({Completion.HARDWARE_ERROR, Completion.TIME_OUT})
"""How commands end at a device that is not well, whatever it says of itself."""


class Tally:
    """Counts the commands of one device. Lives on the event loop."""

    def __init__(self) -> None:
        self._done = 0
        self._faults = 0
        self._in_a_row = 0
        self._failures: Counter[Completion] = Counter()

    def succeeded(self) -> None:
        self._done += 1
        self._in_a_row = 0

    def failed(self, code: Completion) -> None:
        self._failures[code] += 1
        self._in_a_row = self._in_a_row + 1 if code in OF_THE_DEVICE else 0

    def driver_failed(self) -> None:
        self._faults += 1

    def counters(self) -> Counters:
        return Counters(self._done, dict(self._failures), self._in_a_row, self._faults)
