"""The drawings of the terminal: the way from card to counter, and what happens with the card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import AliasProperty, BooleanProperty, ListProperty, NumericProperty, OptionProperty
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from kiosk.ui import theme
from kiosk.ui.icons import Pen, plate, rgb, texture

SHARPER = 3
PAPER, CARD, LINE = rgb(theme.TINT), rgb(theme.CARD), rgb(theme.PRIMARY)
WARM, SOFT = rgb(theme.ACCENT), rgb(theme.TINT_PRESSED)


def card(pen: Pen, x: float, y: float, w: float) -> None:
    """An identity card: a face, three lines."""
    h = w * 0.63
    pen.paint = LINE
    pen.block((x - 3, y - 3), (w + 6, h + 6), 15)
    pen.paint = CARD
    pen.block((x, y), (w, h), 12)
    pen.paint = SOFT
    pen.block((x + w * 0.64, y + h * 0.18), (w * 0.26, h * 0.58), 8)
    pen.paint = LINE
    pen.dot((x + w * 0.77, y + h * 0.36), w * 0.055)
    pen.block((x + w * 0.69, y + h * 0.53), (w * 0.16, h * 0.23), w * 0.06)
    for row, length in enumerate((0.34, 0.44, 0.44)):
        pen.paint = LINE if row == 0 else SOFT
        pen.block((x + w * 0.1, y + h * (0.2 + row * 0.22)), (w * length, h * 0.09), 4)


def terminal(pen: Pen, x: float, y: float) -> None:
    """A terminal: a tall screen on a foot, with a reader shelf."""
    pen.paint = LINE
    pen.block((x + 48, y + 196), (44, 70), 6)
    pen.block((x + 8, y + 256), (124, 16), 8)
    pen.block((x, y), (140, 204), 18)
    pen.paint = CARD
    pen.block((x + 12, y + 12), (116, 148), 10)
    pen.paint = LINE
    pen.block((x + 28, y + 32), (64, 12), 6)
    pen.paint = SOFT
    pen.block((x + 28, y + 56), (84, 10), 5)
    pen.block((x + 28, y + 76), (84, 10), 5)
    pen.paint = WARM
    pen.block((x + 28, y + 112), (84, 30), 10)
    pen.paint = SOFT
    pen.block((x + 36, y + 176), (68, 10), 5)


def counter(pen: Pen, x: float, y: float) -> None:
    """A clerk behind a counter with a number above."""
    pen.paint = LINE
    pen.dot((x + 95, y + 100), 32)
    pen.block((x + 43, y + 140), (104, 90), 44)
    pen.paint = PAPER
    pen.block((x + 30, y + 196), (130, 40), 0)
    pen.paint = LINE
    pen.block((x, y + 188), (190, 20), 10)
    pen.block((x + 14, y + 204), (162, 68), 8)
    pen.paint = SOFT
    pen.block((x + 34, y + 224), (122, 10), 5)
    pen.paint = WARM
    pen.block((x + 50, y), (90, 48), 12)
    pen.paint = CARD
    pen.block((x + 66, y + 20), (58, 9), 4)


def arrow(pen: Pen, x: float, y: float, dx: float, dy: float) -> None:
    """From a point, along one axis."""
    pen.paint, pen.width = WARM, 10
    end = (x + dx, y + dy)
    ux, uy = (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)
    side = (uy * 20, ux * 20)
    pen.line((x, y), end)
    pen.line(
        (end[0] - ux * 20 + side[0], end[1] - uy * 20 + side[1]), end, (end[0] - ux * 20 - side[0], end[1] - uy * 20 - side[1])
    )


def the_way(pen: Pen) -> None:
    """Card, terminal, counter."""
    card(pen, 16, 116, 150)
    arrow(pen, 190, 164, 54, 0)
    terminal(pen, 272, 40)
    arrow(pen, 436, 164, 54, 0)
    counter(pen, 508, 40)


def reader(pen: Pen, y: float) -> None:
    """The lit plate on which a card is laid, with waves rising from it."""
    pen.paint = SOFT
    pen.block((40, y), (420, 136), 32)
    pen.paint = LINE
    pen.block((60, y + 16), (380, 104), 24)
    pen.paint = CARD
    pen.block((86, y + 36), (328, 64), 16)
    pen.paint, pen.width = LINE, 6
    for radius in (18, 36, 54):
        pen.curve((250, y + 96), (radius, radius), 225, 315)


def card_to_reader(pen: Pen) -> None:
    """A card above the reader, an arrow pointing down."""
    reader(pen, 300)
    card(pen, 125, 24, 250)
    arrow(pen, 250, 206, 0, 70)


def card_from_reader(pen: Pen) -> None:
    """The same with the arrow pointing up, away from the reader."""
    reader(pen, 300)
    card(pen, 125, 24, 250)
    arrow(pen, 250, 282, 0, -70)


def card_on_reader(pen: Pen) -> None:
    """The card lies on the reader: nothing is to be done."""
    reader(pen, 232)
    card(pen, 125, 160, 250)


@dataclass(frozen=True)
class Scene:
    """A drawing in units of which `scale` design pixels make one; its size in design pixels."""

    draw: Callable[[Pen], None]
    size: tuple[int, int]
    scale: float


SCENES = {
    "": Scene(lambda pen: None, (8, 8), 1),
    "way": Scene(the_way, (930, 460), 1.3),
    "lay": Scene(card_to_reader, (930, 850), 1.86),
    "take": Scene(card_from_reader, (930, 850), 1.86),
    "read": Scene(card_on_reader, (930, 850), 1.86),
}


@lru_cache(maxsize=8)
def scene(name: str) -> Texture:
    wanted = SCENES[name]
    width, height = wanted.size
    picture = Image.new("RGBA", (width * SHARPER, height * SHARPER), (*PAPER, 0))  # the plate's round corners show
    wanted.draw(Pen(ImageDraw.Draw(picture), SHARPER * wanted.scale, LINE))
    return texture(picture.resize((width, height), Image.Resampling.LANCZOS))


class Art(Widget):
    """One drawing, on its tinted plate; in large-text mode smaller, to leave room for the words."""

    scene = OptionProperty("way", options=list(SCENES))
    large = BooleanProperty(False)
    share = NumericProperty(1)
    share_if_large = NumericProperty(1)
    crowded = BooleanProperty(False)
    share_if_crowded = NumericProperty(0)
    margin = NumericProperty(8)
    picture = AliasProperty(lambda self: scene(self.scene), bind=("scene",))
    ground = AliasProperty(lambda self: plate(round(dp(32)), (True,) * 4))
    drawn = ListProperty([0, 0])

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        for name in ("scene", "large", "share", "share_if_large", "crowded", "share_if_crowded", "margin"):
            self.fbind(name, self._sized)
        self._sized()

    def _sized(self, *_: object) -> None:
        share = self.share_if_crowded if self.crowded else self.share_if_large if self.large else self.share
        share = share if self.scene else 0
        width, height = SCENES[self.scene].size
        self.drawn = [round(dp(width) * share), round(dp(height) * share)]
        self.height = self.drawn[1] + dp(self.margin) if share else 0
        self.opacity = 1 if share else 0
