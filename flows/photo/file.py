"""The photo as the file that is sent: a JPEG of the size that the sheet allows, and nothing in it but the picture."""

from __future__ import annotations

import io

from PIL import Image

from flows.photo.sheet import Sheet

FULL_COLOUR, HALF_COLOUR = 0, 2  # chroma subsampling 4:4:4 and 4:2:0


def jpeg_for(photo: Image.Image, sheet: Sheet) -> tuple[bytes, int]:
    """The file and its quality: the best that is small enough, better than best where that is too small."""
    qualities, sizes = sheet.span("quality"), sheet.span("bytes")
    best, worst = int(qualities.most or 95), int(qualities.least or 70)
    for quality in range(best, worst - 1, -1):
        file = _encoded(photo, sheet, quality, HALF_COLOUR)
        if sizes.side(len(file)) <= 0:
            break
    if sizes.side(len(file)) == 0:
        return file, quality
    for more in range(best + 1, 101) if sizes.side(len(file)) < 0 else ():
        larger = _encoded(photo, sheet, more, FULL_COLOUR)
        if sizes.side(len(larger)) == 0:
            return larger, more
    return file, quality


def _encoded(photo: Image.Image, sheet: Sheet, quality: int, colour: int) -> bytes:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality, subsampling=colour, dpi=(sheet.dpi, sheet.dpi))
    return file.getvalue()
