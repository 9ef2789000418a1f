"""How a line to a device fails, whatever it is: a serial port, a TCP connection, or USB endpoints."""

from __future__ import annotations


class LineGone(Exception):
    """Nothing is connected there, or not any more; the text says how that was seen."""


class LineTaken(LineGone):
    """Another program uses the line."""

    def __init__(self) -> None:
        super().__init__("another program uses the line")


class LineSilent(Exception):
    """What should come did not in time, or what was sent was not taken."""
