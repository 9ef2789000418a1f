"""A recorded card: the same commands in the same order, or the test fails."""

from __future__ import annotations


class Played:
    """`talk` is a line a command, a line its answer, in turn; blanks inside a line do not count."""

    def __init__(self, talk: str) -> None:
        lines = ["".join(line.split()).upper() for line in talk.split("\n") if line.strip()]
        self.left = list(zip(lines[::2], lines[1::2], strict=True))

    def transmit(self, command: bytes) -> bytes:
        wanted, answer = self.left.pop(0)
        assert command.hex().upper() == wanted
        return bytes.fromhex(answer)
