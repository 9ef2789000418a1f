"""The ticket on paper (排队单): black dots on white, 576 wide for a roll of 80 mm at 8 dots a millimetre."""

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
LONGEST = 6000
INK = 185  # darker than this becomes a dot: thin strokes of regular type must not break
QR_DOTS = 208
LABELS_AT_MOST = 220
BLACK, WHITE = 0, 255
REGULAR, BOLD = "HanSC-Regular.otf", "HanSC-Bold.otf"
FALLBACK = ("HanaMinA.ttf", "HanaMinB.ttf")
NOT_A_CHARACTER = "\uffff"


@dataclass(frozen=True)
class Slip:
    """What stands on the paper, already worded and masked. `number` is empty while there is no
    ticket: then the reference is the big line. The last sentence of `footer` is set off: that this
    paper is no acceptance. `qr` is an opaque id and nothing else."""

    hall_name: str
    number: str
    title: str
    reference: str
    lines: tuple[tuple[str, str], ...]
    footer: tuple[str, ...]
    qr: str


def draw_slip(slip: Slip, fonts: Path) -> Image.Image:
    """A picture of mode "1", as high as its words need."""
    paper = _Paper(fonts)
    paper.down(10)
    paper.centred(slip.hall_name, HALL)
    paper.rule(4, above=16)
    paper.down(16)
    paper.centred(slip.title, TITLE)
    paper.big(slip.number or slip.reference)
    paper.rule(4, above=30)
    paper.down(20)
    paper.rows(slip.lines)
    *sentences, last = slip.footer or ("",)
    if sentences:
        paper.rule(2, above=6)
        paper.down(14)
    for sentence in sentences:
        paper.sentence(sentence)
    paper.rule(2, above=6)
    paper.down(18)
    paper.code(slip.qr, slip.reference, last)
    return paper.finished()


@dataclass(frozen=True)
class _Type:
    """One size of the type scale, in dots, by its cap height and the distance of its lines."""

    size: int
    bold: bool = False

    @property
    def leading(self) -> int:
        return round(self.size * 1.4)

    @property
    def ascent(self) -> int:
        return round(self.size * 0.88)


HALL = _Type(36, bold=True)
TITLE = _Type(32)
BIG = tuple(_Type(size, bold=True) for size in (184, 144, 112, 88, 64, 48))
LABEL = _Type(28)
VALUE = _Type(34, bold=True)
SENTENCE = _Type(30)
CARE = _Type(32, bold=True)
REFERENCE = _Type(26)


class _Paper:
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

    def centred(self, text: str, type_: _Type) -> None:
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

    def _column(self, x: float, y: int, width: float, text: str, type_: _Type) -> int:
        """Where the text ends below."""
        for line in self._wrapped(text, type_, width):
            self._text(x, y, line, type_)
            y += type_.leading
        return y

    def _wrapped(self, text: str, type_: _Type, width: float) -> tuple[str, ...]:
        return wrap(text, lambda part: self._width(part, type_), width)

    def _width(self, text: str, type_: _Type) -> float:
        return sum(face.getlength(run) for run, face in self._runs(text, type_))

    def _text(self, x: float, y: int, text: str, type_: _Type) -> None:
        for run, face in self._runs(text, type_):
            self._draw.text((x, y + type_.ascent), run, font=face, fill=BLACK, anchor="ls")
            x += face.getlength(run)

    def _runs(self, text: str, type_: _Type) -> list[tuple[str, ImageFont.FreeTypeFont]]:
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
