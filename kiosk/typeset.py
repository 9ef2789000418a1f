"""Breaks Chinese text into lines by the rules of 避头尾: pure, for paper and screen alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

NO_START = frozenset("，。、；：？！）》」』】〕〗〉”’…—～·％‰℃々ー!),.:;?]}%")
NO_END = frozenset("（《「『【〔〖〈“‘￥＄([{¥$#№")

WidthOf = Callable[[str], float]


def wrap(text: str, width_of: WidthOf, width: float) -> tuple[str, ...]:
    """Lines no wider than `width`. No line begins with a closing or ends with an opening mark, a
    Latin word or a number stays whole; only what is wider than a line by itself is cut anywhere."""
    return tuple(line for paragraph in text.split("\n") for line in _lines(paragraph, width_of, width))


def _lines(paragraph: str, width_of: WidthOf, width: float) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _pieces(paragraph):
        wide, gap = width_of(piece.text), width_of(" ") if piece.after_space and line else 0.0
        if line and used + gap + wide > width:
            yield line
            line, used, gap = "", 0.0, 0.0
        if wide > width:
            *whole, last = _cut(piece.text, width_of, width)
            yield from whole
            line, used = last, width_of(last)
            continue
        line += (" " if gap else "") + piece.text
        used += gap + wide
    yield line


@dataclass(frozen=True)
class _Piece:
    """What no line break may divide."""

    text: str
    after_space: bool


def _pieces(paragraph: str) -> Iterator[_Piece]:
    text, after_space, space = "", False, False
    for character in paragraph:
        if character in " \t":
            space = True
            continue
        if text and (space or not _belong_together(text[-1], character)):
            yield _Piece(text, after_space)
            text, after_space = "", space
        elif not text:
            after_space = space
        text, space = text + character, False
    if text:
        yield _Piece(text, after_space)


def _belong_together(before: str, after: str) -> bool:
    if after in NO_START or before in NO_END or unicodedata.category(after).startswith("M"):
        return True
    return not _breaks_anywhere(before) and not _breaks_anywhere(after)


def _breaks_anywhere(character: str) -> bool:
    """Between Chinese characters a line may end anywhere; quotation marks and dashes count as Chinese."""
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’…—·"


def _cut(text: str, width_of: WidthOf, width: float) -> list[str]:
    """A piece wider than a line, by characters; each line holds one at least."""
    parts = [""]
    for character in text:
        if parts[-1] and width_of(parts[-1] + character) > width:
            parts.append("")
        parts[-1] += character
    return parts
