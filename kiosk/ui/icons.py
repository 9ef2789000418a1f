"""Icons drawn by ourselves, stroke by stroke on a grid of 48, and the rounded plates of every surface."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

GRID = 48
SHARPER = 4  # drawn this much larger, then reduced: Pillow itself draws without anti-aliasing
STROKE = 3.6

Point = tuple[float, float]
Paint = int | tuple[int, int, int]


class Pen:
    """Round strokes and fills in grid units on a Pillow picture; y goes down."""

    def __init__(self, canvas: ImageDraw.ImageDraw, scale: float, paint: Paint, width: float = STROKE) -> None:
        self._canvas, self._scale, self.paint, self.width = canvas, scale, paint, width

    def line(self, *points: Point) -> None:
        for start, end in itertools.pairwise(points):
            self._canvas.line([self._at(start), self._at(end)], self.paint, round(self.width * self._scale))
        for point in points:
            self.dot(point, self.width / 2)

    def dot(self, centre: Point, radius: float) -> None:
        (x, y), r = self._at(centre), radius * self._scale
        self._canvas.ellipse([x - r, y - r, x + r, y + r], self.paint)

    def curve(self, centre: Point, radius: Point, start: float = 0, end: float = 360) -> None:
        """A part of an ellipse, from `start` to `end` degrees, clockwise from the right."""
        steps = max(12, round((end - start) / 4))
        angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
        self.line(*[(centre[0] + radius[0] * math.cos(a), centre[1] + radius[1] * math.sin(a)) for a in angles])

    def circle(self, centre: Point, radius: float) -> None:
        self.curve(centre, (radius, radius))

    def frame(self, corner: Point, size: Point, radius: float = 4) -> None:
        (x, y), (w, h), r = corner, size, radius
        self.line((x + r, y), (x + w - r, y))
        self.line((x + r, y + h), (x + w - r, y + h))
        self.line((x, y + r), (x, y + h - r))
        self.line((x + w, y + r), (x + w, y + h - r))
        for cx, cy, start in ((x + r, y + r, 180), (x + w - r, y + r, 270), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90)):
            self.curve((cx, cy), (r, r), start, start + 90)

    def block(self, corner: Point, size: Point, radius: float = 4) -> None:
        x, y = self._at(corner)
        w, h = size[0] * self._scale, size[1] * self._scale
        self._canvas.rounded_rectangle([x, y, x + w, y + h], radius * self._scale, self.paint)

    def shape(self, *points: Point) -> None:
        self._canvas.polygon([self._at(point) for point in points], self.paint)

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale, point[1] * self._scale


def _language(pen: Pen) -> None:
    pen.circle((24, 24), 18)
    pen.curve((24, 24), (8, 18))
    pen.line((6, 24), (42, 24))


def _large(pen: Pen) -> None:
    pen.line((4, 40), (17, 8), (30, 40))
    pen.line((9, 29), (25, 29))
    pen.line((39, 14), (39, 28))
    pen.line((32, 21), (46, 21))


def _bell(pen: Pen) -> None:
    pen.line((10, 34), (38, 34))
    pen.curve((24, 22), (12, 14), 180, 360)
    pen.line((12, 22), (10, 34))
    pen.line((36, 22), (38, 34))
    pen.curve((24, 37), (5, 5), 20, 160)


def _check(pen: Pen) -> None:
    pen.line((10, 25), (20, 35), (39, 14))


def _note(pen: Pen) -> None:
    pen.circle((24, 24), 19)
    pen.dot((24, 14.5), 2.6)
    pen.line((24, 22), (24, 34))


def _care(pen: Pen) -> None:
    pen.line((24, 6), (44, 41), (4, 41), (24, 6))
    pen.line((24, 19), (24, 28))
    pen.dot((24, 34.5), 2.4)


def _wrong(pen: Pen) -> None:
    pen.circle((24, 24), 19)
    pen.line((24, 13), (24, 26))
    pen.dot((24, 34), 2.6)


def _waiting(pen: Pen) -> None:
    for x in (10, 24, 38):
        pen.dot((x, 24), 3.6)


def _right(pen: Pen) -> None:
    pen.line((18, 10), (32, 24), (18, 38))


def _up(pen: Pen) -> None:
    pen.line((10, 30), (24, 16), (38, 30))


def _down(pen: Pen) -> None:
    pen.line((10, 18), (24, 32), (38, 18))


def _edit(pen: Pen) -> None:
    pen.line((9, 39), (11, 30), (32, 9), (39, 16), (18, 37), (9, 39))
    pen.line((27, 14), (34, 21))


def _door(pen: Pen) -> None:
    pen.line((8, 43), (8, 6), (40, 6), (40, 43))
    pen.line((8, 6), (25, 13), (25, 43))
    pen.dot((19.5, 27), 2.2)
    pen.line((3, 43), (45, 43))


def _radio_off(pen: Pen) -> None:
    pen.circle((24, 24), 19)


def _radio_on(pen: Pen) -> None:
    pen.circle((24, 24), 19)
    pen.dot((24, 24), 10)


def _box_off(pen: Pen) -> None:
    pen.frame((6, 6), (36, 36), 7)


def _box_on(pen: Pen) -> None:
    pen.frame((6, 6), (36, 36), 7)
    pen.line((14, 25), (21, 32), (34, 17))


def _dot(pen: Pen) -> None:
    pen.dot((24, 24), 8)


def _nothing(pen: Pen) -> None:
    pass


ICONS: dict[str, Callable[[Pen], None]] = {
    "": _nothing,
    "dot": _dot,
    "language": _language,
    "large": _large,
    "bell": _bell,
    "check": _check,
    "note": _note,
    "care": _care,
    "wrong": _wrong,
    "waiting": _waiting,
    "right": _right,
    "up": _up,
    "down": _down,
    "edit": _edit,
    "door": _door,
    "radio_off": _radio_off,
    "radio_on": _radio_on,
    "box_off": _box_off,
    "box_on": _box_on,
}


@lru_cache(maxsize=128)
def icon(name: str, pixels: int) -> Texture:
    """The icon in white, to be tinted where it is drawn."""
    mask = Image.new("L", (pixels * SHARPER, pixels * SHARPER))
    ICONS[name](Pen(ImageDraw.Draw(mask), pixels * SHARPER / GRID, 255))
    return texture(_white(mask.resize((pixels, pixels), Image.Resampling.LANCZOS)))


Corners = tuple[bool, bool, bool, bool]


@lru_cache(maxsize=128)
def plate(radius: int, corners: Corners, line: int = 0) -> Texture:
    """A rounded square in white whose middle stretches; with `line`, only its outline of that width."""
    side = (2 * radius + 8) * SHARPER
    mask = Image.new("L", (side, side))
    box = [0, 0, side - 1, side - 1]
    if line:
        ImageDraw.Draw(mask).rounded_rectangle(box, radius * SHARPER, None, 255, line * SHARPER, corners=corners)
    else:
        ImageDraw.Draw(mask).rounded_rectangle(box, radius * SHARPER, 255, corners=corners)
    return texture(_white(mask.resize((side // SHARPER, side // SHARPER), Image.Resampling.LANCZOS)))


def _white(mask: Image.Image) -> Image.Image:
    full = Image.new("L", mask.size, 255)
    return Image.merge("RGBA", (full, full, full, mask))


def texture(picture: Image.Image) -> Texture:
    """A Pillow picture on the graphics card, the right way up."""
    made = Texture.create(size=picture.size, colorfmt="rgba")
    made.blit_buffer(picture.convert("RGBA").tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    made.flip_vertical()
    return made


def rgb(colour: Sequence[float]) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in colour[:3])
    return red, green, blue
