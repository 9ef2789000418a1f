"""The two drawings of the terminal: the way from card to counter, and a card laid on the reader."""

from __future__ import annotations

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
    card(pen, 28, 118, 200)
    arrow(pen, 268, 180, 76, 0)
    terminal(pen, 382, 44)
    arrow(pen, 562, 180, 76, 0)
    counter(pen, 672, 44)


def card_on_reader(pen: Pen) -> None:
    """A card above the lit plate of a reader, an arrow pointing down."""
    pen.paint = SOFT
    pen.block((180, 356), (520, 150), 36)
    pen.paint = LINE
    pen.block((200, 372), (480, 118), 26)
    pen.paint = CARD
    pen.block((230, 396), (420, 70), 18)
    pen.paint, pen.width = LINE, 6
    for radius in (20, 40, 60):
        pen.curve((440, 462), (radius, radius), 225, 315)
    card(pen, 290, 30, 300)
    arrow(pen, 440, 250, 0, 76)


SCENES = {"way": (the_way, (880, 352)), "lay": (card_on_reader, (880, 536))}


@lru_cache(maxsize=4)
def scene(name: str) -> Texture:
    draw, (width, height) = SCENES[name]
    picture = Image.new("RGB", (width * SHARPER, height * SHARPER), PAPER)
    draw(Pen(ImageDraw.Draw(picture), SHARPER, LINE))
    return texture(picture.resize((width, height), Image.Resampling.LANCZOS))


class Art(Widget):
    """One drawing, on its tinted plate; in large-text mode smaller, to leave room for the words."""

    scene = OptionProperty("way", options=list(SCENES))
    large = BooleanProperty(False)
    share_if_large = NumericProperty(1)
    crowded = BooleanProperty(False)
    share_if_crowded = NumericProperty(0)
    margin = NumericProperty(8)
    picture = AliasProperty(lambda self: scene(self.scene), bind=("scene",))
    ground = AliasProperty(lambda self: plate(round(dp(32)), (True,) * 4))
    drawn = ListProperty([0, 0])

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        for name in ("scene", "large", "share_if_large", "crowded", "share_if_crowded", "margin"):
            self.fbind(name, self._sized)
        self._sized()

    def _sized(self, *_: object) -> None:
        share = self.share_if_crowded if self.crowded else self.share_if_large if self.large else 1
        width, height = SCENES[self.scene][1]
        self.drawn = [round(dp(width) * share), round(dp(height) * share)]
        self.height = self.drawn[1] + dp(self.margin) if share else 0
        self.opacity = 1 if share else 0
