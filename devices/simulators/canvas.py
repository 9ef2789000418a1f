"""What a portrait is painted on: pixels, and the coordinates of a face on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Plane: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Canvas:
    """`x` and `y` count from between the eyes in distances of the eyes: they lie at -0.5 and 0.5."""

    pixels: Plane
    x: Plane
    y: Plane
    scale: float

    def part(self, middle: tuple[float, float], size: tuple[float, float]) -> Canvas:
        """The rectangle of the canvas that holds a place of the face: painting there is cheap."""
        near = (np.abs(self.x - middle[0]) < size[0]) & (np.abs(self.y - middle[1]) < size[1])
        rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
        if not rows.size:
            return Canvas(self.pixels[:0], self.x[:0], self.y[:0], self.scale)
        place = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        return Canvas(self.pixels[place], self.x[place], self.y[place], self.scale)

    def inside(self, distance: Plane, soft: float = 0.0) -> Plane:
        """1 where the distance is negative, with a soft edge; by default as soft as a pixel."""
        return np.asarray(np.clip(0.5 - distance * (1 / soft if soft else self.scale / 1.2), 0, 1))

    def lay(self, colour: ArrayLike, where: Plane) -> None:
        self.pixels[:] += (np.asarray(colour, np.float32) - self.pixels) * where[..., None]


def canvas_on(ground: Plane, middle: tuple[float, float], scale: float, tilt: float) -> Canvas:
    """A canvas over a picture, for a face of that middle and scale in pixels, tilted by degrees."""
    height, width = ground.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = (columns - middle[0]) / scale, (rows - middle[1]) / scale
    cos, sin = float(np.cos(np.radians(tilt))), float(np.sin(np.radians(tilt)))
    return Canvas(ground, across * cos + down * sin, down * cos - across * sin, scale)


def bump(x: Plane, y: Plane, at: tuple[float, float], size: tuple[float, float]) -> Plane:
    """A soft hill of height 1."""
    return np.exp(-(((x - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2).astype(np.float32)


def shaded(colour: ArrayLike, shade: Plane) -> Plane:
    """One colour, lighter and darker from place to place."""
    return np.asarray(colour, np.float32) * shade[..., None]
