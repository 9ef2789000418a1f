"""The paper of the terminal's own printer: black dots on white, 576 wide for a roll of 80 mm at 8 dots a millimetre."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from kiosk.typeset import wrap

WIDTH = 576
MARGIN = 20
TEXT_WIDTH = WIDTH - 2 * MARGIN
LONGEST = 8000
INK = 185  # darker than this becomes a dot: thin strokes of regular type must not break
QR_DOTS = 208
LABELS_AT_MOST = 220
TIMES = 96  # a time of day and the gap after it
BLACK, WHITE = 0, 255
REGULAR, BOLD = "HanSC-Regular.otf", "HanSC-Bold.otf"
FALLBACK = ("HanaMinA.ttf", "HanaMinB.ttf")
NOT_A_CHARACTER = "\uffff"


@dataclass(frozen=True)
class Type:
    """One size of the type scale, in dots, by its cap height and the distance of its lines."""

    size: int
    bold: bool = False

    @property
    def leading(self) -> int:
        return round(self.size * 1.4)

    @property
    def ascent(self) -> int:
        return round(self.size * 0.88)


HALL = Type(36, bold=True)
TITLE = Type(32)
BIG = tuple(Type(size, bold=True) for size in (184, 144, 112, 88, 64, 48))
LABEL = Type(28)
VALUE = Type(34, bold=True)
SENTENCE = Type(30)
CARE = Type(32, bold=True)
REFERENCE = Type(26)


class Roll:
    """A roll that is drawn on from top to bottom."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._image = Image.new("L", (WIDTH, LONGEST), WHITE)
        self._draw = ImageDraw.Draw(self._image)
        self._y = 0

    def down(self, dots: int) -> None:
        self._y += dots

    def rule(self, thickness: int, *, above: int) -> None:
        self._y += above
        self._draw.rectangle((MARGIN, self._y, WIDTH - MARGIN - 1, self._y + thickness - 1), fill=BLACK)
        self._y += thickness

    def centred(self, text: str, type_: Type) -> None:
        for line in self._wrapped(text, type_, TEXT_WIDTH):
            self._text((WIDTH - self._width(line, type_)) / 2, self._y, line, type_)
            self._y += type_.leading

    def big(self, text: str) -> None:
        """One line as large as it fits: what is called out and looked for on the board."""
        type_ = next((t for t in BIG if self._width(text, t) <= TEXT_WIDTH), BIG[-1])
        cap_height = round(type_.size * 0.74)
        self._y += 18
        self._text((WIDTH - self._width(text, type_)) / 2, self._y + cap_height - type_.ascent, text, type_)
        self._y += cap_height

    def rows(self, lines: tuple[tuple[str, str], ...]) -> None:
        labels = min(LABELS_AT_MOST, max((self._width(label, LABEL) for label, _ in lines), default=0))
        left = MARGIN + labels + 24
        for label, value in lines:
            below_label = self._column(MARGIN, self._y + VALUE.ascent - LABEL.ascent, labels, label, LABEL)
            below_value = self._column(left, self._y, WIDTH - MARGIN - left, value, VALUE)
            self._y = max(below_label, below_value) + 8

    def sentence(self, text: str) -> None:
        self._y = self._column(MARGIN, self._y, TEXT_WIDTH, text, SENTENCE) + 8

    def heading(self, text: str) -> None:
        self._y = self._column(MARGIN, self._y + 18, TEXT_WIDTH, text, CARE) + 6

    def entry(self, time: str, text: str) -> None:
        """A sentence beside its time of day."""
        self._text(MARGIN, self._y, time, SENTENCE)
        self._y = self._column(MARGIN + TIMES, self._y, TEXT_WIDTH - TIMES, text, SENTENCE) + 8

    def height_of(self, heading: str, text: str) -> int:
        """What a heading, "" for none, and an entry under it take."""
        lines = len(self._wrapped(text, SENTENCE, TEXT_WIDTH - TIMES))
        headings = len(self._wrapped(heading, CARE, TEXT_WIDTH)) if heading else 0
        return lines * SENTENCE.leading + 8 + (headings * CARE.leading + 24 if heading else 0)

    @property
    def used(self) -> int:
        """How long the paper is so far, in dots."""
        return self._y

    def code(self, content: str, reference: str, care: str) -> None:
        """The code with the reference in clear below it, and beside both the sentence to be read."""
        code = _qr(content)
        top, left = self._y, MARGIN + code.width + 22
        self._image.paste(code, (MARGIN, top))
        middle = MARGIN + (code.width - self._width(reference, REFERENCE)) / 2
        self._text(max(MARGIN, middle), top + code.height + 8, reference, REFERENCE)
        bottom = top + code.height + 8 + REFERENCE.leading
        inside = WIDTH - MARGIN - left - 36
        height = len(self._wrapped(care, CARE, inside)) * CARE.leading
        box_bottom = max(top + code.height, top + height + 32)
        self._draw.rounded_rectangle((left, top, WIDTH - MARGIN - 1, box_bottom - 1), radius=14, outline=BLACK, width=3)
        self._column(left + 18, top + (box_bottom - top - height) // 2, inside, care, CARE)
        self._y = max(bottom, box_bottom)

    def finished(self) -> Image.Image:
        height = min(self._y + 14, LONGEST)
        dots = self._image.crop((0, 0, WIDTH, height)).point(lambda grey: WHITE if grey >= INK else BLACK)
        return dots.convert("1", dither=Image.Dither.NONE)

    def _column(self, x: float, y: int, width: float, text: str, type_: Type) -> int:
        """Where the text ends below."""
        for line in self._wrapped(text, type_, width):
            self._text(x, y, line, type_)
            y += type_.leading
        return y

    def _wrapped(self, text: str, type_: Type, width: float) -> tuple[str, ...]:
        return wrap(text, lambda part: self._width(part, type_), width)

    def _width(self, text: str, type_: Type) -> float:
        return sum(face.getlength(run) for run, face in self._runs(text, type_))

    def _text(self, x: float, y: int, text: str, type_: Type) -> None:
        for run, face in self._runs(text, type_):
            self._draw.text((x, y + type_.ascent), run, font=face, fill=BLACK, anchor="ls")
            x += face.getlength(run)

    def _runs(self, text: str, type_: Type) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Stretches of one face each: the main face lacks rare name characters."""
        named = [(character, _font_for(self._fonts, type_.bold, character)) for character in text]
        return [
            ("".join(character for character, _ in run), _face(self._fonts / name, type_.size))
            for name, run in groupby(named, key=lambda pair: pair[1])
        ]


@lru_cache(maxsize=4096)
def _font_for(fonts: Path, bold: bool, character: str) -> str:
    """The first font that has the character; the main one draws its box when none has."""
    main = BOLD if bold else REGULAR
    for name in (main, *FALLBACK):
        face = _face(fonts / name, 32)
        if _drawn(face, character) != _drawn(face, NOT_A_CHARACTER):
            return name
    return main


def _drawn(face: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(character)
    return mask.size, bytes(mask)


@lru_cache(maxsize=64)
def _face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _qr(content: str) -> Image.Image:
    """Level Q, because paper is folded; whole dots per module, because scanners hate halves."""
    modules = [bytes(row) for row in segno.make(content, error="q", micro=False).matrix]
    # Four modules of quiet are asked for; margin and gap of the paper are two of them.
    side = len(modules) + 4
    scale = max(1, QR_DOTS // side)
    code = Image.new("L", (side, side), WHITE)
    for y, row in enumerate(modules, start=2):
        for x, dark in enumerate(row, start=2):
            if dark:
                code.putpixel((x, y), BLACK)
    return code.resize((side * scale, side * scale), Image.Resampling.NEAREST)
