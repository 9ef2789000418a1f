"""What is fuzzed: a way to feed one part of the devices with any bytes, and what may come out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.device import DeviceError

LONGEST_WORDS = 160


@dataclass(frozen=True)
class Target:
    """`feed` raises AssertionError where a promise is broken. `worded` are the errors that this part documents beside
    DeviceError. `longest` bounds an input, in bytes."""

    name: str
    feed: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    worded: tuple[type[Exception], ...] = ()
    longest: int = 4096

    def run(self, entry: bytes) -> None:
        """Whatever else comes out is a finding."""
        expected: tuple[type[Exception], ...] = (DeviceError, *self.worded)
        try:
            self.feed(entry)
        except expected as error:
            words = str(error)
            assert len(words) <= LONGEST_WORDS, "an error that is too long to be words"
            assert words.isascii(), "an error that is no words"
            assert words.isprintable(), "an error that is no words"
