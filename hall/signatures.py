"""A signature written with a finger at the counter: judged, and drawn anew so that nothing but the ink is kept."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from flows.application import Attached
from flows.pictures import MOST_BYTES
from flows.recheck import Problem
from hall.errors import NotTaken

LARGEST_UPLOAD = 400 * 1024
MOST_PIXELS = 8_000_000
BOX = (1200, 480)
INK_BELOW = 128
LEAST_INK = 150
"""Pixels of ink in the box: fewer is a finger that slipped, not a name."""
LEAST_SPREAD = 40
MOST_INK = 0.5
"""A share of the box: more is no writing."""
MARGIN = 20


def signature_of(upload: bytes) -> Attached:
    """As a small PNG, black on white, cut to the ink; NotTaken when nobody wrote anything in it."""
    ink = _opened(upload).point(lambda grey: 255 if grey < INK_BELOW else 0)
    box = ink.getbbox()
    if box is None or ink.histogram()[255] < LEAST_INK or max(box[2] - box[0], box[3] - box[1]) < LEAST_SPREAD:
        raise _not_taken("empty", "没有看到签名，请重新签名")
    cut = ink.crop((box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN))
    if cut.histogram()[255] > MOST_INK * cut.width * cut.height:
        raise _not_taken("mistaken", "签名看不清，请重新签名")
    drawn = io.BytesIO()
    cut.point(lambda grey: 255 - grey).save(drawn, "PNG", optimize=True)
    if drawn.tell() > MOST_BYTES:
        raise _not_taken("mistaken", "签名图像太大，请重新签名")
    return Attached("image/png", drawn.getvalue())


def _opened(upload: bytes) -> Image.Image:
    """Grey on white, no larger than BOX."""
    if len(upload) > LARGEST_UPLOAD:
        raise _not_taken("mistaken", "签名图像太大，请重新签名")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload), formats=("PNG",)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _not_taken("mistaken", "签名图像太大，请重新签名")
                drawn = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _not_taken("mistaken", "签名没有送到，请重新签名") from None
    white = Image.new("RGBA", drawn.size, "white")
    white.alpha_composite(drawn)
    grey = white.convert("L")
    grey.thumbnail(BOX)
    return grey


def _not_taken(code: str, words: str) -> NotTaken:
    return NotTaken((Problem("", code, words),))
