"""A picture that a clerk puts in place of another: opened, judged like the citizen's own, made small."""

from __future__ import annotations

import asyncio
import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from PIL import Image, ImageOps

from flows.application import Attached
from flows.pictures import MOST_BYTES, Photo, Picture
from flows.recheck import Problem
from hall.errors import NotTaken

LONGEST_UPLOAD = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_EDGE = 1600
QUALITIES = (88, 75, 60, 45)


class Fault(Protocol):
    @property
    def words(self) -> str: ...


class Judged(Protocol):
    """`picture` is the portrait as the department wants it."""

    @property
    def faults(self) -> Sequence[Fault]: ...

    @property
    def picture(self) -> bytes: ...


Judge = Callable[[bytes, str, date], Judged]
"""The photo checks of the terminal: a shot, the name of its sheet, the day."""


def judge(shot: bytes, sheet: str, day: date) -> Judged:
    from flows.photo.checks import judge as judged  # loads a face detector: only where a photo is replaced

    return judged(shot, sheet, day)


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be kept; `faults` are the checks' advice in words, nothing more."""

    attached: Attached
    faults: tuple[str, ...] = ()


async def prepare(upload: bytes, kind: Picture, day: date, judge: Judge = judge) -> Prepared:
    """Raises NotTaken when it is no picture at all."""
    return await asyncio.to_thread(_prepare, upload, kind, day, judge)


def _prepare(upload: bytes, kind: Picture, day: date, judge: Judge) -> Prepared:
    shot = small(upload)
    if not isinstance(kind, Photo):
        return Prepared(shot)
    judged = judge(upload, kind.sheet, day)
    faults = tuple(fault.words for fault in judged.faults)
    kept = judged.picture or shot.content
    return Prepared(Attached("image/jpeg", kept, faults), faults)


def small(upload: bytes) -> Attached:
    """Drawn anew, so that nothing but the picture is kept: no place, no camera, nothing hidden behind it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload), formats=("JPEG", "PNG")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _no_picture()
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _no_picture() from None
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    for quality in QUALITIES:
        drawn = io.BytesIO()
        picture.save(drawn, "JPEG", quality=quality)
        if drawn.tell() <= MOST_BYTES:
            return Attached("image/jpeg", drawn.getvalue())
    raise _no_picture()


def _no_picture() -> NotTaken:
    return NotTaken((Problem("", "mistaken", "这个文件不是可用的 JPEG 或 PNG 图像"),))
