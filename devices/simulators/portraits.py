"""Portraits of people who do not exist, drawn well enough that a face detector finds them, well shot or badly."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np
from PIL import Image, ImageFilter

from devices.simulators.canvas import Canvas, Plane, bump, canvas_on
from devices.simulators.face import Bearing, Face, Looks
from devices.simulators.specimens import Specimen

SIZE = (600, 800)
"""Of a camera that is mounted upright."""
EYES_PX = 105.0
"""Between the eyes of somebody who sits where he should."""
EYE_LINE = 0.455
DRAWN_ON = date(2026, 11, 23)
"""The day whose age a specimen has in the picture: the same picture on every day."""


STRAIGHT = Bearing()


@dataclass(frozen=True)
class Shot:
    """How a picture is taken; by default well. Lengths are shares of the picture's width, `tilt` is in degrees."""

    bearing: Bearing = STRAIGHT
    tilt: float = 0.0
    nearness: float = 1.0
    aside: float = 0.0
    light: float = 1.0
    ground: tuple[int, int, int] = (244, 244, 243)
    shadow: float = 0.0
    blur: float = 0.0
    glare: bool = False
    company: bool = False


def looks_of(person: Specimen) -> Looks:
    age = DRAWN_ON.year - person.birth.year - ((DRAWN_ON.month, DRAWN_ON.day) < (person.birth.month, person.birth.day))
    return Looks(crc32(person.key.encode()), person.sex == "2", age)


WELL_SHOT = Shot()


def portrait(looks: Looks, shot: Shot = WELL_SHOT) -> Image.Image:
    width, height = SIZE
    pixels = np.empty((height, width, 3), np.float32)
    pixels[:] = shot.ground
    if shot.company:
        other = Looks(looks.seed + 1, not looks.woman, looks.age)
        Face(canvas_on(pixels, (width * 0.18, height * 0.42), EYES_PX * 0.55, 0), other, Bearing()).paint()
    middle = (width * (0.5 + shot.aside), height * EYE_LINE)
    canvas = canvas_on(pixels, middle, EYES_PX * shot.nearness, shot.tilt)
    _fall_shadow(canvas, shot.shadow)
    Face(canvas, looks, shot.bearing).paint()
    if shot.glare:
        _glare(canvas)
    # A camera's sensor is never still: without it a picture has no texture at all.
    noise = np.random.default_rng(looks.seed).normal(0, 1.6, pixels.shape)
    image = Image.fromarray(np.clip(pixels * shot.light + noise, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(shot.blur)) if shot.blur else image


def _fall_shadow(canvas: Canvas, depth: float) -> None:
    """The shadow of somebody who stands too near to the wall."""
    fallen: Plane = bump(canvas.x, canvas.y, (1.7, 0.2), (0.8, 1.6))
    canvas.pixels[:] -= depth * fallen[..., None]


def _glare(canvas: Canvas) -> None:
    """A lamp that shines back from forehead and cheek."""
    for at in ((-0.3, -0.7), (0.6, 0.55)):
        canvas.lay((255, 255, 255), np.clip(1.8 * bump(canvas.x, canvas.y, at, (0.26, 0.2)), 0, 1))


def jpeg(image: Image.Image) -> bytes:
    """As a camera hands it over."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92)
    return file.getvalue()
