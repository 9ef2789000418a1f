"""The lines of a machine-readable zone, put together from the characters of a scanner: a serial one, or one that types
like a keyboard. What they say is read elsewhere."""

from __future__ import annotations

import string
from dataclasses import dataclass

GAP_S = 0.3
"""So long a scanner pauses at most within one document."""
ALPHABET = frozenset(string.ascii_uppercase + string.digits + "<")
ENDS = frozenset("\r\n")
FRAMING = frozenset("\x02\x03")
"""STX and ETX, which some scanners put around what they read."""
LENGTHS = frozenset((30, 36, 44))
LONGEST = max(LENGTHS)
MOST_LINES = 3

Zone = tuple[str, ...]
"""1 or 3 lines of 30 characters (ICAO 9303-5, and the Hong Kong/Macau permit), 2 of 36 (9303-6), 2 of 44 (9303-4)."""


@dataclass(frozen=True)
class Torn:
    """What came is no zone. `why` quotes nothing of it."""

    why: str


class MrzLines:
    """`at` is any clock in seconds that never goes back. Whoever feeds it also asks it when nothing comes: only silence
    tells one line of 30 from the first of three. Holds less than one zone and one line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._wrong = ""
        self._heard_at: float | None = None

    def feed(self, characters: str, at: float) -> list[Zone | Torn]:
        ended = self.silence(at)
        for character in characters:
            if character in ENDS:
                ended += self._line_ends()
            elif character not in FRAMING:
                self._add(character.upper())
        if characters:
            self._heard_at = at if self._lines or self._line or self._wrong else None
        return ended

    def silence(self, at: float) -> list[Zone | Torn]:
        """What has ended because nothing came for so long."""
        if self._heard_at is None or at - self._heard_at <= GAP_S:
            return []
        whole = self._line_ends()
        if whole:
            return whole
        lines, wrong = tuple(self._lines), self._wrong
        self._forget()
        if wrong:
            return [Torn(wrong)]
        if [len(line) for line in lines] == [30]:
            return [lines]
        return [Torn(f"{len(lines)} of the lines came")] if lines else []

    def _add(self, character: str) -> None:
        """A scanner with its caps lock the wrong way round types small letters; no zone has any."""
        if character not in ALPHABET:
            self._wrong = "a character that no zone has"
        elif len(self._line) == LONGEST:
            self._wrong = "a line that is too long"
        else:
            self._line += character

    def _line_ends(self) -> list[Zone | Torn]:
        line, self._line = self._line, ""
        if not line or self._wrong:
            return []
        if len(line) not in LENGTHS or len(self._lines) == MOST_LINES:
            self._wrong = "a line of a length that no zone has"
        elif self._lines and len(line) != len(self._lines[0]):
            self._wrong = "lines of different lengths"
        else:
            self._lines.append(line)
        return self._whole()

    def _whole(self) -> list[Zone | Torn]:
        if self._wrong or len(self._lines) != (3 if len(self._lines[0]) == 30 else 2):
            return []
        zone = tuple(self._lines)
        self._forget()
        return [zone]

    def _forget(self) -> None:
        self._lines, self._line, self._wrong, self._heard_at = [], "", "", None
