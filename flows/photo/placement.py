"""Where on a shot the photo lies: turned upright, the head as large and as high as the sheet wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from PIL import Image

from flows.photo.faces import EYES, Box, Numbers
from flows.photo.sheet import Measure, Sheet

Point: TypeAlias = tuple[float, float]
Turn: TypeAlias = tuple[float, Point]
"""Degrees, and around which point."""

FOREHEAD, CHIN, RIGHT_EAR, LEFT_EAR = 10, 152, 234, 454
TURNED_FROM = 1.0
"""Degrees; the face mesh itself is no surer, and every turn costs sharpness."""
LEAST_HAIR, HAIR, MOST_HAIR = 0.05, 0.28, 0.8  # above the forehead, in heights of the face
UNLIKE_GROUND = 40


@dataclass(frozen=True)
class Placement:
    """`window` is the photo's rectangle on the shot after turning it by `turned` degrees around `pivot`."""

    turned: float
    pivot: Point
    window: Box
    size: tuple[int, int]
    tight: bool  # the shot does not reach as far as the photo should

    @property
    def scale(self) -> float:
        """Pixels of the photo for one of the shot."""
        return self.size[0] / self.window[2]

    def photo(self, shot: Image.Image) -> Image.Image:
        x, y, width, height = self.window
        if self.turned:
            shot = shot.rotate(self.turned, Image.Resampling.BICUBIC, center=self.pivot)
        # Fractions of a pixel may have been rounded past the edge.
        box = (max(x, 0.0), max(y, 0.0), min(x + width, shot.width), min(y + height, shot.height))
        return shot.resize(self.size, Image.Resampling.LANCZOS, box=box)

    def on_photo(self, points: Numbers) -> Numbers:
        """Points of the shot as points of the photo; a third column, the depth, is only scaled."""
        placed = points * self.scale
        placed[:, :2] = (upright(points[:, :2], self.turned, self.pivot) - self.window[:2]) * self.scale
        return np.asarray(placed)

    def on_shot(self, box: Box) -> Box:
        """The rectangle of the shot around a rectangle of the photo."""
        x, y, width, height = box
        corners = np.array([(x, y), (x + width, y), (x, y + height), (x + width, y + height)]) / self.scale
        found = upright(corners + self.window[:2], -self.turned, self.pivot)
        (left, top), (right, bottom) = found.min(axis=0), found.max(axis=0)
        return float(left), float(top), float(right - left), float(bottom - top)


def upright(points: Numbers, degrees: float, pivot: Point) -> Numbers:
    """Where points lie after their picture was turned."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.asarray((points - pivot) @ np.array([[cos, -sin], [sin, cos]]) + np.asarray(pivot))


def eye_middles(points: Numbers) -> tuple[Numbers, Numbers]:
    right, left = ((points[eye.corners[0]] + points[eye.corners[1]]) / 2 for eye in EYES)
    return right, left


def roll_of(points: Numbers) -> float:
    """Degrees by which the head leans to its left."""
    right, left = eye_middles(points)
    return float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))


def centre(shot: Image.Image, sheet: Sheet) -> Placement:
    """The middle of a shot: where nobody was found."""
    scale = max(sheet.width / shot.width, sheet.height / shot.height)
    return _window((shot.width / 2, shot.height / 2 - sheet.height / scale / 2), scale, shot, sheet, (0.0, (0.0, 0.0)))


def place(shot: Image.Image, points: Numbers, sheet: Sheet, *, child: bool) -> Placement:
    """As the sheet wants it; as near to that as the shot allows."""
    right, left = eye_middles(points)
    pivot = (float((right[0] + left[0]) / 2), float((right[1] + left[1]) / 2))
    roll = roll_of(points)
    if abs(roll) >= TURNED_FROM and sheet.span("roll").side(abs(roll)) == 0:
        turned = _placed(shot, points, sheet, (roll, pivot), child)
        if _within(turned, shot):
            return turned
    return _placed(shot, points, sheet, (0.0, pivot), child)


def _placed(shot: Image.Image, points: Numbers, sheet: Sheet, turn: Turn, child: bool) -> Placement:
    points = upright(points[:, :2], *turn)
    crown = crown_of(shot.rotate(turn[0], center=turn[1]) if turn[0] else shot, points)
    least, most = _scales(points, crown, sheet, child)
    scale = min(max((least + most) / 2, sheet.width / shot.width, sheet.height / shot.height), most)
    top = sum(_tops(points, crown, sheet, child, sheet.height / scale)) / 2
    return _window((float(points[[RIGHT_EAR, LEFT_EAR], 0].mean()), top), scale, shot, sheet, turn)


def _scales(points: Numbers, crown: float, sheet: Sheet, child: bool) -> tuple[float, float]:
    """The least and the most pixels of the photo for one of the shot that meet every limit of size."""
    right, left = eye_middles(points)
    wanted: tuple[tuple[Measure, float, int], ...] = (
        ("eyes_apart", float(np.hypot(*(left - right))), sheet.width),
        ("head_length", float(points[CHIN, 1]) - crown, sheet.height),
        ("head_width", float(points[LEFT_EAR, 0] - points[RIGHT_EAR, 0]), sheet.width),
    )
    spans = [(sheet.span(measure, child=child), length / whole) for measure, length, whole in wanted]
    return _agreed([(span.least / share, span.most / share) for span, share in spans if span.least and span.most and share > 0])


def _tops(points: Numbers, crown: float, sheet: Sheet, child: bool, height: float) -> tuple[float, float]:
    """Between which rows of the shot the photo's upper edge may lie."""
    eyes = float(sum(middle[1] for middle in eye_middles(points))) / 2
    above, line = sheet.span("above_head", child=child), sheet.span("eye_line", child=child)
    # The middle of a span is aimed at: so much of it is kept clear at its ends.
    clear = 0.01 * height
    tops = [(crown - (above.most or 0) * height + clear, crown - (above.least or 0) * height - clear)]
    tops.append((eyes - (line.most or 1) * height + clear, eyes - (line.least or 0) * height - clear))
    return _agreed(tops)


def _agreed(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """What all allow; where two disagree, the one named first counts."""
    least, most = spans[0]
    for low, high in spans[1:]:
        least, most = min(max(least, low), most), max(min(most, high), least)
    return least, most


def _window(top: Point, scale: float, shot: Image.Image, sheet: Sheet, turn: Turn) -> Placement:
    """A window whose upper edge has its middle at `top`, moved and made smaller until it lies in the shot: nothing
    is painted on."""
    fitting = max(scale, sheet.width / shot.width, sheet.height / shot.height)
    width, height = sheet.width / fitting, sheet.height / fitting
    x = min(max(top[0] - width / 2, 0), shot.width - width)
    y = min(max(top[1], 0), shot.height - height)
    return Placement(turn[0], turn[1], (x, y, width, height), (sheet.width, sheet.height), tight=fitting > scale)


def _within(placement: Placement, shot: Image.Image) -> bool:
    """Whether a turned window shows nothing that the camera has not seen."""
    x, y, width, height = placement.on_shot((0, 0, *placement.size))
    return x >= 0 and y >= 0 and x + width <= shot.width and y + height <= shot.height


def crown_of(shot: Image.Image, points: Numbers) -> float:
    """The top of the hair: the first row from above that does not look like the ground; else as most people have it."""
    forehead, face = float(points[FOREHEAD, 1]), float(points[CHIN, 1] - points[FOREHEAD, 1])
    middle, half = float(points[FOREHEAD, 0]), 0.2 * float(points[LEFT_EAR, 0] - points[RIGHT_EAR, 0])
    pixels = np.asarray(shot, np.int16)
    rows, columns = pixels.shape[0] // 12, pixels.shape[1] // 12
    corners = np.concatenate([pixels[:rows, :columns].reshape(-1, 3), pixels[:rows, -columns:].reshape(-1, 3)])
    band = pixels[: max(int(forehead), 0), max(int(middle - half), 0) : max(int(middle + half), 1)]
    unlike = (np.abs(band - np.median(corners, axis=0)).max(axis=2) > UNLIKE_GROUND).mean(axis=1) > 0.5
    crown = float(np.argmax(unlike)) if unlike.any() else -1.0
    return crown if crown > 0 and LEAST_HAIR * face <= forehead - crown <= MOST_HAIR * face else forehead - HAIR * face
