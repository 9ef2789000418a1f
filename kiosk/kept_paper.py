"""A paper that was photographed, made small enough to travel with an application."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from flows.application import Attached
from flows.pictures import MOST_BYTES

LONGEST_SIDE = 2000
"""About 170 dots an inch of an A4 page: what is printed small stays readable."""
QUALITIES = (85, 75, 65)
SMALLER = 0.8


class NoPicture(ValueError):
    """The camera gave something that is no picture."""


def small_enough(shot: bytes) -> Attached:
    """The shot upright, without what a camera writes about itself, in at most MOST_BYTES. Raises NoPicture."""
    try:
        page = ImageOps.exif_transpose(Image.open(io.BytesIO(shot))).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise NoPicture from None
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    while True:
        for quality in QUALITIES:
            file = io.BytesIO()
            page.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= MOST_BYTES:
                return Attached("image/jpeg", file.getvalue())
        page = page.resize((round(page.width * SMALLER), round(page.height * SMALLER)))
