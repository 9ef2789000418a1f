"""Decisions drawn from the bytes of one input, so that a fuzzer that changes bytes changes decisions."""

from __future__ import annotations


class Choices:
    """When the bytes are used up, every choice is 0 and every text of bytes is empty: what a target does then is its usual
    thing."""

    def __init__(self, entry: bytes) -> None:
        self._entry = entry
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._entry) - self._at

    def below(self, limit: int) -> int:
        """From 0 on; of two bytes where one is not enough."""
        return int.from_bytes(self.taken(1 if limit <= 0x100 else 2), "big") % limit

    def taken(self, count: int) -> bytes:
        """At most so many bytes."""
        found = self._entry[self._at : self._at + count]
        self._at += len(found)
        return found

    def rest(self) -> bytes:
        return self.taken(self.left)

    def pieces(self) -> list[bytes]:
        """The rest, cut at random: each piece begins after a byte that says how long it is."""
        pieces = []
        while self.left:
            pieces.append(self.taken(1 + self.below(0x40)))
        return pieces
