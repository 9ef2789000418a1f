"""A signature: the strokes of a finger, drawn as a picture that goes with the application."""

from __future__ import annotations

import io
import math
import re
from itertools import pairwise

from PIL import Image, ImageDraw

from flows.application import Attached

Point = tuple[float, float]

WIDTH, HEIGHT = 800, 400
PEN = 7
MARGIN = 24
PAPER, INK = 255, 0
LEAST = 0.05
"""A tap is no signature: so much of the sheet's width has to be written."""
THOUSAND = 1000
POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")


def drawn(strokes: str) -> Attached | None:
    """The strokes of a Touch (kiosk.view.Line) in black on white; None when nothing was written."""
    written = [stroke for text in strokes.split(";") if (stroke := _points(text))]
    if sum(map(_length, written)) < LEAST * THOUSAND:
        return None
    sheet = Image.new("1", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(sheet)
    for stroke in _fitted(written):
        pen.line(stroke if len(stroke) > 1 else stroke * 2, fill=INK, width=PEN, joint="curve")
        for x, y in (stroke[0], stroke[-1]):
            pen.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=INK)
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return Attached("image/png", file.getvalue())


def _points(text: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in POINT.findall(text)]


def _length(stroke: list[Point]) -> float:
    return sum(math.dist(one, other) for one, other in pairwise(stroke))


def _fitted(strokes: list[list[Point]]) -> list[list[Point]]:
    """As large as the picture takes it, in its own proportions, in the middle."""
    every = [point for stroke in strokes for point in stroke]
    left, top = min(x for x, _ in every), min(y for _, y in every)
    width, height = max(x for x, _ in every) - left, max(y for _, y in every) - top
    scale = min((WIDTH - 2 * MARGIN) / max(width, 1), (HEIGHT - 2 * MARGIN) / max(height, 1))
    right, down = (WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2
    return [[((x - left) * scale + right, (y - top) * scale + down) for x, y in stroke] for stroke in strokes]
