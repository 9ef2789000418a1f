"""The only place of colours, sizes and fonts: a 1080 × 1920 portrait design on a grid of 8."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.view import Tone

Colour = tuple[float, float, float, float]

WIDTH, HEIGHT = 1080, 1920
LARGE = 1.35
"""How much larger icons become in large-text mode; the sizes of text are in ROLES."""


def colour(hexadecimal: str) -> Colour:
    """'#0B5563' as Kivy wants it."""
    red, green, blue = (int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, 1.0


PAPER = colour("#FAF7F2")  # warm white, behind everything
CARD = colour("#FFFFFF")
HAIRLINE = colour("#DCD6CB")
EDGE = colour("#6F8389")  # the outline of what can be touched: 3:1 against card and paper
INK = colour("#16282E")
QUIET_INK = colour("#43545B")
PRIMARY = colour("#0B5563")
PRESSED = colour("#073B45")
TINT = colour("#E1EEF0")
TINT_PRESSED = colour("#C6DFE3")
ON_PRIMARY = colour("#FFFFFF")
ON_PRIMARY_QUIET = colour("#CFE5E8")
ACCENT = colour("#E8952B")
ABSENT = colour("#F0ECE4")  # something that is not on offer
ABSENT_INK = colour("#5E625F")
CLEAR: Colour = (0, 0, 0, 0)


@dataclass(frozen=True)
class Mood:
    """How a tone looks: strong ink, on its own pale ground, with an icon."""

    ink: Colour
    ground: Colour
    icon: str


MOODS: dict[Tone, Mood] = {
    Tone.PLAIN: Mood(colour("#0B4A56"), colour("#E1EEF0"), "note"),
    Tone.GOOD: Mood(colour("#14532D"), colour("#E1F1E6"), "check"),
    Tone.CARE: Mood(colour("#6E4200"), colour("#FCEFD6"), "care"),
    Tone.WRONG: Mood(colour("#8C1D18"), colour("#FBE6E3"), "wrong"),
}


@dataclass(frozen=True)
class Role:
    """A kind of text: its size in normal and in large-text mode, weight, ink and line height."""

    size: int
    large: int
    bold: bool = False
    ink: Colour = INK
    leading: float = 1.02


ROLES: dict[str, Role] = {
    "title": Role(68, 74, bold=True),
    "heading": Role(46, 60, bold=True),
    "lead": Role(40, 54, ink=QUIET_INK),
    "body": Role(40, 54),
    "strong": Role(40, 54, bold=True),
    "value": Role(46, 60),
    "label": Role(36, 48, ink=QUIET_INK),
    "note": Role(36, 48, ink=QUIET_INK),
    "tag": Role(36, 48, bold=True),
    "button": Role(46, 60, bold=True, ink=ON_PRIMARY),
    "quiet": Role(42, 54, bold=True, ink=PRIMARY),
    "corner": Role(36, 44, bold=True, ink=PRIMARY),
    "key": Role(60, 72, bold=True, ink=PRIMARY),
    "entry": Role(72, 80, bold=True),
    "answer": Role(40, 54),
    "message": Role(52, 64, ink=QUIET_INK),
    "number": Role(330, 260, bold=True, ink=PRIMARY),
    "hall": Role(36, 36, bold=True, ink=ON_PRIMARY),
    "clock": Role(36, 36, ink=ON_PRIMARY_QUIET),
}
"""Whatever a citizen must read grows to 48 px or more; titles are large already and grow less, so
that more of the rest fits. Hall and clock are furniture."""

BALANCED = frozenset({"title", "heading", "lead", "body", "strong", "label", "note", "message", "button", "quiet", "hall"})
"""Words of ours: broken so that none is left with a single character. Values fill their lines."""
NEVER_BROKEN = frozenset({"number"})
NEARLY = 0.97
"""How much of its room a text that is never broken takes: at another size each letter is rounded another way."""
SMALLEST_SHARE = 0.75
"""How far a single long word may be made smaller to stay whole."""

MARGIN = 72
LABEL_WIDTH = 256  # seven Chinese characters of a label
GAP = 24
RADIUS = 24
TOUCH = 112  # 28 mm on a 21.5 inch portrait panel; nothing that can be touched is lower
MAIN_BUTTON = 152
TOP = 112
FONT = "Han"
