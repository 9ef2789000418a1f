"""What can be counted on a photo that is cut to size: the ground, the light, the sharpness, the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from flows.photo.faces import Box, Numbers
from flows.photo.placement import CHIN, FOREHEAD, LEFT_EAR, RIGHT_EAR, eye_middles
from flows.photo.sheet import Measure

LUMINANCE = (0.299, 0.587, 0.114)
BLOWN_OUT = 250
GOOD_LIGHT = 145
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The outline of the face in the mesh."""
GROUND_WIDTH, GROUND_HEIGHT, GROUND_CELLS = 0.08, 0.5, 6
"""The ground is judged in a strip on either side, above the shoulders."""


@dataclass(frozen=True)
class Ground:
    """The strips beside the head, and the place that differs most from the rest."""

    luminance: float
    colour: float
    spread: float
    odd: Box


def of_head(points: Numbers, crown: float, size: tuple[int, int]) -> dict[Measure, float]:
    """From the mesh in pixels of the photo. `yaw` grows as the head turns to its left, `pitch` as it bows."""
    width, height = size
    right, left = eye_middles(points)
    ears, face = points[LEFT_EAR] - points[RIGHT_EAR], points[CHIN] - points[FOREHEAD]
    return {
        "eyes_apart": float(np.hypot(*(left - right)[:2])) / width,
        "head_width": float(ears[0]) / width,
        "head_length": float(points[CHIN, 1] - crown) / height,
        "above_head": crown / height,
        "eye_line": float(right[1] + left[1]) / 2 / height,
        "aside": abs(float(points[[RIGHT_EAR, LEFT_EAR], 0].mean()) / width - 0.5),
        "yaw": abs(float(np.degrees(np.arctan2(ears[2], ears[0])))),
        "pitch": float(np.degrees(np.arctan2(face[2], face[1]))),
    }


def of_ground(photo: Image.Image) -> Ground:
    pixels = np.asarray(photo, np.float32)
    height, width = pixels.shape[:2]
    strip, cell = int(width * GROUND_WIDTH), int(height * GROUND_HEIGHT / GROUND_CELLS)
    boxes = [(x, row * cell, strip, cell) for x in (0, width - strip) for row in range(GROUND_CELLS)]
    cells = [pixels[y : y + h, x : x + w].reshape(-1, 3) for x, y, w, h in boxes]
    whole = np.concatenate(cells)
    light = whole @ np.array(LUMINANCE, np.float32)
    mean = np.median(whole, axis=0)
    odd = int(np.argmax([float(np.abs(part.mean(axis=0) - mean).max() + part.std()) for part in cells]))
    return Ground(float(light.mean()), float(mean.max() - mean.min()), float(light.std()), boxes[odd])


def of_light(photo: Image.Image, points: Numbers) -> tuple[dict[Measure, float], Box]:
    """Of the face alone, and where it shines."""
    pixels = np.asarray(photo, np.float32)
    face = _face(photo.size, points)
    light = pixels @ np.array(LUMINANCE, np.float32)
    blown = (pixels.min(axis=2) >= BLOWN_OUT) & face
    laplacian = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:] - 4 * light[1:-1, 1:-1]
    inner = face[1:-1, 1:-1]
    area = max(int(face.sum()), 1)
    exposure = max(float(light[face].mean()), 1.0) if face.any() else 1.0
    found: dict[Measure, float] = {
        # As in good light: a dark face has less contrast, not less sharpness.
        "sharpness": float(laplacian[inner].var()) * (GOOD_LIGHT / exposure) ** 2 if inner.any() else 0.0,
        "exposure": exposure,
        "glare": float(blown.sum()) / area,
    }
    return found, _around(np.argwhere(blown)[:, ::-1])


def face_box(points: Numbers) -> Box:
    return _around(points[list(OVAL), :2])


def _face(size: tuple[int, int], points: Numbers) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    mask = Image.new("1", size)
    ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in points[list(OVAL), :2]], fill=1)
    return np.array(mask)


def _around(points: Numbers | np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Box:
    if not len(points):
        return 0.0, 0.0, 0.0, 0.0
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right - left), float(bottom - top)
