"""Shots by a camera and what the exit-entry sheet says of them, for the tests of the photo checks."""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache

from PIL import Image

from devices.simulators.face import Looks
from devices.simulators.portraits import Shot, jpeg, portrait
from flows.photo.checks import Judged, judge

TODAY = date(2026, 11, 23)
SOMEBODY = Looks(seed=1, woman=True, age=34)


@lru_cache(maxsize=64)
def shot(how: Shot | None = None, looks: Looks = SOMEBODY) -> bytes:
    return jpeg(portrait(looks, how or Shot()))


def judged(how: Shot | None = None, looks: Looks = SOMEBODY, sheet: str = "exit_entry") -> Judged:
    return judge(shot(how, looks), sheet, TODAY)


def codes(result: Judged) -> list[str]:
    return [fault.code for fault in result.faults]


def picture_of(result: Judged) -> Image.Image:
    return Image.open(io.BytesIO(result.picture))
