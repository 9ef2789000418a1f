"""Chinese text for Kivy: a chain of fonts for rare characters, and a line breaker that knows 避头尾."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

REGULAR, BOLD = "HanSC-Regular.otf", "HanSC-Bold.otf"
RARE = {"HanRareA": "HanaMinA.ttf", "HanRareB": "HanaMinB.ttf"}
"""Kivy's text provider has no fallback of its own: these are switched to character by character."""

NO_START = frozenset("，。、；：？！）》」』】〉”’…·%％!),.:;?]}～")
NO_END = frozenset("（《「『【〈“‘([{")
CJK = 0x2E80
_MISSING = "□"

Measure = Callable[[str], float]


@dataclass(frozen=True)
class Coverage:
    """Which characters a font has, as sorted bounds: start, end, start, end …"""

    bounds: tuple[int, ...]

    def __contains__(self, character: str) -> bool:
        return bisect_right(self.bounds, ord(character)) % 2 == 1

    @classmethod
    def of(cls, font: Path) -> Coverage:
        with TTFont(font, lazy=True) as opened:
            points = sorted(opened.getBestCmap())
        bounds: list[int] = []
        for point in points:
            if bounds and bounds[-1] == point:
                bounds[-1] = point + 1
            else:
                bounds += [point, point + 1]
        return cls(tuple(bounds))


class Fonts:
    """The fonts of one folder. Reading a coverage takes 50 ms, so each is read when first needed and kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._coverage: dict[str, Coverage] = {}

    def register(self, name: str) -> None:
        """Makes `name` the main face of Kivy and the rare ones known to markup."""
        from kivy.core.text import LabelBase

        LabelBase.register(name, fn_regular=str(self.folder / REGULAR), fn_bold=str(self.folder / BOLD))
        for rare, file in RARE.items():
            LabelBase.register(rare, fn_regular=str(self.folder / file))

    def has(self, file: str, character: str) -> bool:
        if file not in self._coverage:
            self._coverage[file] = Coverage.of(self.folder / file)
        return character in self._coverage[file]

    def face(self, character: str) -> str | None:
        """The rare face a character needs, "" when the main one has it, None when no font has it."""
        if self.has(REGULAR, character):
            return ""
        return next((name for name, file in RARE.items() if self.has(file, character)), None)

    def missing(self, text: str) -> set[str]:
        """The characters of a text that would be drawn as a box."""
        return {c for c in text if c != "\n" and self.face(c) is None}

    def safe_markup(self, text: str) -> str:
        """Kivy markup that changes the font only for what the main face lacks. A character that no
        font has is drawn as a box with its code point, never dropped: it may be part of a name."""
        pieces: list[str] = []
        for character in text:
            face = "" if character == "\n" else self.face(character)
            if face is None:
                pieces.append(f"{_MISSING}U+{ord(character):X}")
            elif face:
                pieces.append(f"[font={face}]{character}[/font]")
            else:
                pieces.append(_ESCAPED.get(character, character))
        return "".join(pieces)


_ESCAPED = {"&": "&amp;", "[": "&bl;", "]": "&br;"}


_CLAUSE = re.compile(r".+?(?:[，。；：？！、\n]+|[,.;:?!] |$)|\n+")
_ENDS_CLAUSE = re.compile(r"[，。；：？！、,.;:?!]$")


def tokens(text: str) -> Iterator[str]:
    """What may not be broken: a Chinese character, or a Latin word with the blank after it. Digits in groups,
    as of a telephone number, are one word."""
    word = ""
    for character, after in itertools.zip_longest(text, text[1:], fillvalue=""):
        if ord(character) >= CJK:
            if word:
                yield word
                word = ""
            yield character
        elif character == " " and not (word[-1:].isdigit() and after.isdigit()):
            yield word + " "
            word = ""
        else:
            word += character
    if word:
        yield word


def longest_word(text: str, measure: Measure) -> float:
    """How wide a line must be for no word to be broken."""
    return max((measure(token.rstrip()) for token in tokens(text)), default=0.0)


def wrap(text: str, width: float, measure: Measure) -> str:
    """The text broken by newlines into lines of at most `width`. Kivy's own breaking is quadratic
    and breaks wrongly after a change of font (kivy #6224)."""
    return "\n".join("\n".join(_lines(paragraph, width, measure)) for paragraph in text.split("\n"))


def balanced(text: str, width: float, measure: Measure) -> str:
    """As `wrap`, with no more lines than needed: broken between clauses if that is possible, else
    into lines as equal in length as they can be."""
    widest = wrap(text, width, measure)
    lines = widest.count("\n")
    if not lines:
        return widest
    by_clause = _by_clause(text, width, measure)
    if by_clause.count("\n") == lines and all(_ENDS_CLAUSE.search(line) for line in by_clause.split("\n")[:-1]):
        return by_clause
    narrow, wide = min(width, max(width / 2, longest_word(text, measure))), width
    while wide - narrow > width / 50:
        middle = (narrow + wide) / 2
        if wrap(text, middle, measure).count("\n") > lines:
            narrow = middle
        else:
            wide = middle
    return wrap(text, wide, measure)


def _by_clause(text: str, width: float, measure: Measure) -> str:
    """Broken only after a clause where a line allows it."""
    broken = ""
    for clause in _CLAUSE.findall(text):
        tried = broken + clause
        if broken and measure(tried.rpartition("\n")[2].rstrip()) > width:
            tried = broken + "\n" + clause
        broken = tried
    return wrap(broken, width, measure)


def _lines(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    line: list[str] = []
    used = 0.0
    for token in (piece for whole in tokens(paragraph) for piece in _fitting(whole, width, measure)):
        needed = measure(token.rstrip())
        if line and used + needed > width:
            carried = _carried(line, token)
            yield "".join(line).rstrip(" ·")  # the break itself parts what the dot did
            line, used = carried, sum(measure(piece) for piece in carried)
        line.append(token)
        used += measure(token)
    yield "".join(line).rstrip()


def _fitting(token: str, width: float, measure: Measure) -> Iterator[str]:
    """A word that is wider than a whole line, in pieces; anything else as it is."""
    if len(token) == 1 or measure(token.rstrip()) <= width:
        yield token
        return
    piece = ""
    for character in token:
        if piece and measure(piece + character) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def _carried(line: list[str], token: str) -> list[str]:
    """Takes from the end of a full line what must stand together with the token that comes next."""
    carried: list[str] = []
    first = token
    while len(line) > 1 and len(carried) < 3 and (first[0] in NO_START or line[-1][-1] in NO_END):
        first = line.pop()
        carried.insert(0, first)
    return carried
