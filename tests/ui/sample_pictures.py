"""Drawn pictures: a face before a camera, a page on the plate, a signature. Nobody in particular."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SIGNATURE = (
    "120,180 180,120 240,200;160,90 170,300;300,120 420,110 330,260 450,250;520,100 500,280;520,160 640,150 600,290 560,300"
)


def jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


def face(width: int = 1280, height: int = 720, ground: str = "#C8D4DC", turned: int = 0) -> bytes:
    """Head and shoulders in the middle; `turned` moves them sideways."""
    picture = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(picture)
    x, y, unit = width / 2 + turned, height * 0.47, height / 100
    pen.ellipse([x - 24 * unit, y - 32 * unit, x + 24 * unit, y + 20 * unit], "#2B2320")
    pen.rounded_rectangle([x - 44 * unit, y + 30 * unit, x + 44 * unit, y + 90 * unit], 20 * unit, "#2F4858")
    pen.rectangle([x - 8 * unit, y + 15 * unit, x + 8 * unit, y + 36 * unit], "#D9A98B")
    pen.ellipse([x - 20 * unit, y - 25 * unit, x + 20 * unit, y + 27 * unit], "#E8BFA2")
    for side in (-8, 8):
        pen.ellipse([x + (side - 2.5) * unit, y - 4 * unit, x + (side + 2.5) * unit, y], "#2B2320")
    pen.arc([x - 7 * unit, y + 8 * unit, x + 7 * unit, y + 16 * unit], 20, 160, "#A2543F", round(unit))
    return jpeg(picture)


def page(width: int = 1280, height: int = 960) -> bytes:
    """A page of text, seen from above."""
    picture = Image.new("RGB", (width, height), "#3C4A50")
    pen = ImageDraw.Draw(picture)
    pen.rectangle([width * 0.08, height * 0.08, width * 0.92, height * 0.92], "#F6F3EC")
    for row in range(12):
        top = height * (0.16 + row * 0.06)
        pen.rectangle([width * 0.14, top, width * (0.84 if row % 4 else 0.5), top + height * 0.02], "#9AA3A6")
    return jpeg(picture)


def signature() -> bytes:
    """Strokes on white, wider than high."""
    picture = Image.new("RGB", (900, 360), "white")
    pen = ImageDraw.Draw(picture)
    for stroke in SIGNATURE.split(";"):
        points = [tuple(map(float, point.split(","))) for point in stroke.split()]
        pen.line([(x * 1.2, y) for x, y in points], "#16282E", 12, joint="curve")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
