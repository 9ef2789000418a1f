"""Paints one face from shaded shapes: a height map for the light, then eyes, brows, nose, mouth and hair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from devices.simulators.canvas import Canvas, Plane, bump, shaded

MOST_TURN = 0.42
"""How far the tip of the nose moves when the head turns or nods by 1."""
CLOTH = ((38, 44, 62), (58, 42, 50), (36, 54, 52), (46, 46, 52))


@dataclass(frozen=True)
class Looks:
    """How somebody looks. `seed` tells apart two people of the same sex and age."""

    seed: int = 1
    woman: bool = True
    age: int = 34


@dataclass(frozen=True)
class Bearing:
    """How somebody holds the head: turned and nodding from -1 to 1, the eyes 1 open, 0 closed."""

    turn: float = 0.0
    nod: float = 0.0
    eyes: float = 1.0


class Face:
    def __init__(self, canvas: Canvas, looks: Looks, bearing: Bearing) -> None:
        self.canvas, self.looks, self.bearing = canvas, looks, bearing
        rng = np.random.default_rng(looks.seed)
        broad, tone, eyes, brow, mouth, grey, long, waves = rng.random(8)
        young = float(np.clip((15 - looks.age) / 6, 0, 1))
        self.chin = 1.80 - 0.14 * young
        self.broad = 1.11 + 0.07 * broad + 0.04 * (not looks.woman) + 0.04 * young
        self.skin = np.array([228 - 18 * tone, 187 - 20 * tone, 162 - 22 * tone], np.float32) + (3 if looks.woman else -5)
        self.worn = float(np.clip((looks.age - 42) / 36, 0, 1))
        white = float(np.clip((looks.age - 50) / 24, 0, 1)) * (0.75 + 0.25 * grey)
        self.hair = (1 - white) * np.array([36, 30, 28], np.float32) + white * np.array([150, 148, 147], np.float32)
        self.eye_size = 0.92 + 0.16 * eyes + 0.14 * young
        self.brow = (0.042 if looks.woman else 0.060) * (0.9 + 0.3 * brow) * (1 - 0.4 * young)
        self.mouth = 0.36 + 0.06 * mouth
        self.long = looks.woman and long < 0.6 and looks.age < 60
        self.waves = waves * 6
        self.cloth = CLOTH[int(rng.integers(len(CLOTH)))]

    def paint(self) -> None:
        self._hair_behind()
        self._body()
        self._collar()
        self._head()
        for side in (-1, 1):
            self._eye(side)
            self._brow(side)
        self._nose()
        self._mouth()
        self._hair_before()

    def _moved(self, canvas: Canvas, depth: float) -> tuple[Plane, Plane]:
        """Coordinates of a part of the face: what stands out most moves most when the head turns."""
        return canvas.x - MOST_TURN * self.bearing.turn * depth, canvas.y - MOST_TURN * self.bearing.nod * depth

    def _half_width(self, y: Plane, broad: float) -> Plane:
        """Of the head at a height: the skull above, the jaw below."""
        skull = np.clip(1 - np.abs((y - 0.05) / 1.86) ** 2.7, 0, 1) ** 0.52
        jaw = np.clip(1 - np.abs((y - 0.05) / self.chin) ** 2.5, 0, 1) ** 0.62
        return np.asarray(broad * np.where(y < 0.05, skull, jaw) - 0.03, np.float32)  # nowhere 0: no seam in the middle

    def _strands(self, c: Canvas, fineness: float) -> Plane:
        angle = np.arctan2(c.x, c.y + 2.6) * fineness
        waves = [np.sin(angle * f + self.waves * f + c.y * s) for f, s in ((1, 0.6), (2.3, -0.9), (4.1, 1.3))]
        return np.asarray(sum(waves) / 3, np.float32)

    def _hair_colour(self, c: Canvas) -> Plane:
        gleam = np.exp(-(((c.y + 1.42 + 0.16 * c.x**2) / 0.26) ** 2))
        return shaded(self.hair, 1 + 0.14 * self._strands(c, 60)) + shaded(
            (26, 24, 23), gleam * (0.6 + 0.3 * self._strands(c, 25))
        )

    def _hair_behind(self) -> None:
        c = self.canvas.part((0, 0.3), (1.6, 2.6))
        wide = self.broad + (0.20 if self.long else 0.03)
        low = 2.3 - 0.2 * np.cos(c.x * 2) if self.long else 0.35 + 0 * c.x
        round_top = np.hypot(c.x / wide, np.minimum(c.y + 0.35, 0) / 1.68) - 1
        sides = np.abs(c.x) / (wide - 0.10 * np.clip(c.y - 1.2, 0, 1)) - 1
        c.lay(self._hair_colour(c) * 0.8, c.inside(np.maximum(np.maximum(round_top, sides), c.y - low), 0.04))

    def _body(self) -> None:
        c = self.canvas
        neck = 0.62 if self.looks.woman else 0.74
        flare = 0.4 * np.clip(c.y - 1.9, 0, 0.8) ** 2
        shade = np.clip(0.58 + 0.5 * (c.y - 1.5), 0.58, 0.90) * (1 - 0.2 * np.clip(c.x / neck, -1, 1) ** 2)
        c.lay(shaded(self.skin, shade), c.inside(np.maximum(np.abs(c.x) - neck - flare, 1.0 - c.y)))
        wide = np.abs(c.x)
        slope = 2.34 + 0.40 * np.clip(wide - 0.6, 0, None) ** 0.95
        slope = slope + 0.45 * np.clip(wide - 2.0, 0, None) ** 2 + 9 * np.clip(wide - 3.2, 0, None)
        opening = 2.95 - 1.15 * np.clip(wide / 0.66, 0, 1)
        coat = np.where(wide < 0.66, opening, np.minimum(slope, 1.80 + 4 * (wide - 0.66))) - c.y
        folds = 1 + 0.10 * np.sin(c.x * 3.1) * np.exp(-wide) - 0.07 * wide
        c.lay(shaded(self.cloth, folds), c.inside(coat, 0.02))
        seam = np.maximum(wide - 0.012, 2.95 - c.y)
        c.lay(np.array(self.cloth, np.float32) * 0.6, c.inside(seam, 0.03))

    def _collar(self) -> None:
        """Two leaves that fold down from the neck."""
        c = self.canvas.part((0, 2.6), (1.1, 1.0))
        wide = np.abs(c.x)
        inner = 2.98 - 1.72 * wide - c.y
        outer = c.y - 3.28 + 0.55 * (wide - 0.05)
        side = wide - 0.78 + 0.10 * np.clip(c.y - 1.9, 0, None)
        leaf = np.maximum(np.maximum(inner, outer - 0.0), np.maximum(side, 1.86 + 0.1 * wide - c.y))
        c.lay(np.array(self.cloth, np.float32) * 0.55, 0.6 * c.inside(leaf - 0.05, 0.14) * (wide < 0.62))
        c.lay(shaded(self.cloth, 1.42 - 0.12 * wide), c.inside(leaf, 0.02))

    def _head(self) -> None:
        c = self.canvas.part((0, 0), (1.6, 2.1))
        width = self._half_width(c.y, self.broad)
        for side in (-1, 1):
            hidden = 0.16 * side * self.bearing.turn
            ear = np.hypot((c.x - side * (self.broad + 0.02 - hidden)) / 0.14, (c.y - 0.28) / 0.36) - 1
            c.lay(shaded(self.skin, 0.88 - 0.2 * bump(c.x, c.y, (side * self.broad, 0.24), (0.06, 0.2))), c.inside(ear * 0.14))
        ratio = np.clip(c.x / np.maximum(width, 0.05), -1, 1)
        round_head = 0.95 * np.sqrt(1 - ratio**2 * 0.93) * np.sqrt(np.clip(1 - ((c.y - 0.1) / 2.0) ** 2, 0, 1))
        down, across = np.gradient((round_head + self._relief(c)) * c.scale)
        light = 0.50 + 0.52 * np.clip((0.16 * across + 0.30 * down + 0.93) / np.sqrt(across**2 + down**2 + 1), 0, 1.1)
        flush = bump(c.x, c.y, (-0.62, 0.62), (0.32, 0.26)) + bump(c.x, c.y, (0.62, 0.62), (0.32, 0.26))
        c.lay(shaded(self.skin, light) + shaded((5, -7, -6), flush), c.inside(np.abs(c.x) - width))

    def _relief(self, c: Canvas) -> Plane:
        x, y = self._moved(c, 1.0)
        z = 0.17 * np.exp(-((x / 0.13) ** 2)) * np.clip((y + 0.15) / 0.8, 0, 1) * np.clip((0.74 - y) / 0.12, 0, 1)
        z += 0.13 * bump(x, y, (0, 0.64), (0.17, 0.15))
        x2, y2 = self._moved(c, 0.8)
        for side in (-1, 1):
            z += 0.05 * bump(x, y, (side * 0.2, 0.7), (0.1, 0.1))
            z -= 0.10 * bump(x2, y2, (side * 0.47, 0.0), (0.30, 0.19))
            z += 0.05 * bump(x2, y2, (side * 0.45, -0.36), (0.40, 0.13)) + 0.06 * bump(x2, y2, (side * 0.66, 0.52), (0.33, 0.26))
        z += 0.07 * bump(x2, y2, (0, 1.14), (0.38, 0.17)) - 0.03 * bump(x2, y2, (0, 1.40), (0.3, 0.08))
        return np.asarray(z + 0.08 * bump(x2, y2, (0, 1.66), (0.30, 0.20)), np.float32)

    def _eye(self, side: int) -> None:
        c = self.canvas.part((side * 0.5, 0.0), (0.75, 0.65))
        x, y = self._moved(c, 0.75)
        x, y = (x - side * 0.5) * side / self.eye_size, y / self.eye_size
        y = y + 0.06 * x  # the outer corner stands higher
        arch = np.clip(1 - np.abs(x / 0.245) ** 2.1, 0, 1)
        lower = 0.02 + 0.062 * arch
        upper = np.minimum(lower, 0.02 + (0.055 - 0.180 * self.bearing.eyes) * arch)
        c.lay(self.skin * 0.80, 0.5 * c.inside(np.hypot(x / 0.31, (y + 0.01) / 0.19) - 1, 0.5))
        self._eyeball(c, x - side * MOST_TURN * self.bearing.turn * 0.1, y, (upper, lower), np.abs(x) - 0.245)
        span = c.inside(np.abs(x) - 0.26, 0.04)
        c.lay((36, 25, 22), 0.92 * span * c.inside(np.abs(y - upper) - 0.019 - 0.008 * self.looks.woman, 0.02))
        c.lay(self.skin * 0.62, 0.55 * span * c.inside(np.abs(y - upper + 0.065 + 0.02 * self.bearing.eyes) - 0.010, 0.025))
        c.lay(self.skin * 0.60, 0.45 * span * c.inside(np.abs(y - lower) - 0.008, 0.02))
        c.lay(self.skin * 0.70, 0.5 * self.worn * c.inside(np.abs(y - 0.17 - 0.08 * arch) - 0.012, 0.05) * span)

    def _eyeball(self, c: Canvas, x: Plane, y: Plane, lids: tuple[Plane, Plane], past_the_corners: Plane) -> None:
        upper, lower = lids
        between = c.inside(np.maximum(np.maximum(upper - y, y - lower), past_the_corners)) * (lower - upper > 0.01)
        c.lay(shaded((232, 228, 224), 1 - 0.22 * np.exp(-(((y - upper) / 0.05) ** 2))), between)
        from_middle = np.hypot(x, y + 0.012)
        c.lay(shaded((62, 40, 28), 0.75 + 0.5 * np.clip(from_middle / 0.1, 0, 1)), between * c.inside(from_middle - 0.105))
        c.lay((14, 11, 10), between * c.inside(from_middle - 0.045))
        c.lay((246, 246, 246), between * c.inside(np.hypot(x + 0.03, y + 0.05) - 0.02))

    def _brow(self, side: int) -> None:
        c = self.canvas.part((side * 0.5, -0.33), (0.7, 0.55))
        x, y = self._moved(c, 0.8)
        x = (x - side * 0.5) * side
        line = -0.31 - 0.055 * np.cos((x - 0.06) * 4.4)
        thick = self.brow * np.clip(1.1 - 0.9 * (x + 0.2), 0.35, 1.05) * np.clip((x + 0.36) / 0.10, 0.2, 1)
        hairs = 0.88 + 0.12 * np.sin(x * 150 - y * 110)
        where = c.inside(np.abs(y - line) - thick, 0.06) * c.inside(np.abs(x - 0.01) - 0.32, 0.10)
        c.lay(self.hair * 0.85 + 14, 0.80 * where * hairs)

    def _nose(self) -> None:
        c = self.canvas.part((0, 0.7), (0.9, 0.6))
        x, y = self._moved(c, 1.0)
        for side in (-1, 1):
            nostril = np.hypot((x - side * 0.105) / 0.075, (y - 0.755) / 0.032) - 1
            c.lay(self.skin * 0.38, 0.8 * c.inside(nostril, 0.5))
            wing = np.abs(np.hypot((x - side * 0.19) / 0.11, (y - 0.68) / 0.12) - 1)
            c.lay(self.skin * 0.66, 0.5 * c.inside(wing - 0.1, 0.25) * (x * side > 0.2) * (y > 0.6))
        c.lay(self.skin * 0.72, 0.45 * bump(x, y, (0, 0.81), (0.24, 0.05)))

    def _mouth(self) -> None:
        c = self.canvas.part((0, 1.15), (1.0, 0.95))
        x, y = self._moved(c, 0.85)
        y = y - 1.15
        arch = np.clip(1 - np.abs(x / self.mouth) ** 1.8, 0, 1)
        bow = -0.092 * arch + 0.022 * np.exp(-((x / 0.07) ** 2))
        lips = c.inside(np.maximum(np.maximum(bow - y, y - 0.125 * arch**0.9), np.abs(x) - self.mouth), 0.03)
        red = (184, 104, 98) if self.looks.woman else (172, 110, 100)
        c.lay(shaded(red, np.where(y < 0, 0.86, 1.04 + 0.10 * bump(x, y, (0, 0.06), (0.16, 0.03)))), 0.85 * lips)
        closed = c.inside(np.abs(y - 0.008 * np.cos(x * 9)) - 0.009, 0.02) * c.inside(np.abs(x) - self.mouth, 0.05)
        c.lay((92, 40, 42), 0.85 * closed)
        c.lay(self.skin * 0.74, 0.5 * bump(x, y, (0, 0.20), (0.2, 0.05)))
        for side in (-1, 1):
            fold = np.abs(x - side * (0.27 + 0.28 * np.clip(y + 0.45, 0, 1))) - 0.012
            near = np.clip(1 - ((y + 0.15) / 0.27) ** 2, 0, 1)
            c.lay(self.skin * 0.72, (0.12 + 0.40 * self.worn) * c.inside(fold, 0.06) * near)

    def _hair_before(self) -> None:
        c = self.canvas.part((0, -0.9), (1.5, 1.3))
        skull = np.maximum(np.abs(c.x) - self._half_width(c.y + 0.10, self.broad + 0.08), np.abs(c.y + 0.9) - 1.08)
        part = 0.35 if self.looks.woman else -0.55
        hairline = -1.10 + 0.16 * c.x**2 - 0.14 * np.exp(-(((c.x - part) / 0.3) ** 2))
        if not self.looks.woman:
            hairline = hairline - 0.18 * self.worn
        # Past the temples it comes down before the ears.
        temples = hairline + 6.0 * np.clip(np.abs(c.x) - 0.72, 0, None) ** 1.5
        ends = c.y - 0.1 - 0.9 * (np.abs(c.x) - 1.0)
        falling = np.maximum(c.y - temples, ends)
        c.lay(self._hair_colour(c), c.inside(np.maximum(skull, falling) + 0.012 * self._strands(c, 90), 0.06))
