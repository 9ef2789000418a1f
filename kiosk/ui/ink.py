"""What a finger wrote: strokes of points in thousandths of the sheet's width, drawn as a ribbon that thins with speed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from kivy.clock import Clock
from kivy.graphics import Color, Mesh
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import ListProperty, NumericProperty
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.ui import theme
from kiosk.ui.icons import texture

Point = tuple[float, float]
Stroke = Sequence[Point]
Placing = Callable[[Point], Point]

WHOLE = 1000
PIECE = 48  # points drawn as one mesh: a long stroke is not computed anew with every point
STEPS = 4  # of the curve between two points
FAST = 45.0  # thousandths between two points at which the ribbon is thinnest
THINNEST = 0.45
DOT = 3.0


def as_text(strokes: Sequence[Stroke]) -> str:
    """The strokes as a Touch carries them, see kiosk.view.Line."""
    return ";".join(" ".join(f"{round(x)},{round(y)}" for x, y in stroke) for stroke in strokes)


def from_text(text: str) -> list[Stroke]:
    return [[_point(point) for point in stroke.split()] for stroke in text.split(";") if stroke.strip()]


def _point(text: str) -> Point:
    x, y = text.split(",")
    return float(x), float(y)


def length(strokes: Sequence[Stroke]) -> float:
    """How much was written, in thousandths of the sheet's width."""
    return sum(math.dist(a, b) for stroke in strokes for a, b in itertools.pairwise(stroke))


def pieces(stroke: Stroke) -> Iterator[Stroke]:
    """Overlapping by one point, so that no gap is seen."""
    for start in range(0, max(1, len(stroke) - 1), PIECE):
        yield stroke[start : start + PIECE + 1]


def smooth(points: Stroke) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    if len(points) == 1:
        (x, y), half = points[0], DOT / 2
        return [(x - half, y), (x + half, y)]
    before = (2 * points[0][0] - points[1][0], 2 * points[0][1] - points[1][1])
    after = (2 * points[-1][0] - points[-2][0], 2 * points[-1][1] - points[-2][1])
    whole = [before, *points, after]
    curve: list[Point] = []
    for at in range(len(points) - 1):
        curve += [_between(whole[at : at + 4], step / STEPS) for step in range(STEPS)]
    return [*curve, points[-1]]


def _between(four: Sequence[Point], t: float) -> Point:
    x, y = (
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(*four, strict=True)
    )
    return x, y


def ribbon(piece: Stroke, pen: float, place: Placing) -> list[float]:
    """The vertices of a triangle strip: x, y and the place across the ribbon, as Kivy's Mesh takes them."""
    curve = smooth(piece)
    speeds = [math.dist(a, b) * STEPS for a, b in itertools.pairwise(curve)]
    widths = [pen * max(THINNEST, 1 - speed / FAST * (1 - THINNEST)) for speed in [speeds[0], *speeds]]
    vertices: list[float] = []
    for at, point in enumerate(curve):
        (x0, y0), (x1, y1) = place(curve[max(0, at - 1)]), place(curve[min(at + 1, len(curve) - 1)])
        x, y = place(point)
        along = math.hypot(x1 - x0, y1 - y0) or 1.0
        near = widths[max(0, at - 3) : at + 4]
        half = sum(near) / len(near) / 2
        across, up = (y0 - y1) / along * half, (x1 - x0) / along * half
        vertices += [x + across, y + up, 0.0, 0.0, x - across, y - up, 0.0, 1.0]
    return vertices


@lru_cache(maxsize=1)
def edge() -> Texture:
    """Across a ribbon: nothing, ink, nothing. The panel draws without anti-aliasing, so the edge brings its own."""
    shades = [0, 160, 255, 255, 255, 255, 160, 0]
    picture = Image.new("RGBA", (1, len(shades)))
    picture.putdata([(255, 255, 255, shade) for shade in shades])
    return texture(picture)


class Ink(Widget):
    """Strokes as they were written, from the sheet's top left; the sheet is as wide as this."""

    strokes = ListProperty()
    pen = NumericProperty(18)

    def __init__(self, **more: object) -> None:
        self.draw_soon = Clock.create_trigger(self.draw, -1)
        super().__init__(**more)
        for name in ("pos", "size", "strokes"):
            self.fbind(name, self.draw_soon)

    def draw(self, *_: object) -> None:
        self.canvas.clear()
        self.canvas.add(Color(*theme.INK))
        for stroke in self.strokes:
            for piece in pieces(stroke):
                self.lay(self.new_mesh(), piece)

    def new_mesh(self) -> Mesh:
        mesh = Mesh(mode="triangle_strip", texture=edge())
        self.canvas.add(mesh)
        return mesh

    def lay(self, mesh: Mesh, piece: Stroke) -> None:
        mesh.vertices = vertices = ribbon(piece, dp(self.pen), self.placing())
        mesh.indices = list(range(len(vertices) // 4))

    def placing(self) -> Placing:
        """From a point of the sheet to one of the window."""
        left, top, scale = self.x, self.top, self.width / WHOLE
        return lambda point: (left + point[0] * scale, top - point[1] * scale)


class SmallInk(Ink):
    """The same, only as large as its room and in its middle. Without strokes it takes no room."""

    room = ListProperty([420, 200])

    def __init__(self, **more: object) -> None:
        super().__init__(**{"size_hint": (None, None), "size": (0, 0), "pen": 9, **more})

    def on_strokes(self, *_: object) -> None:
        self.size = [round(dp(side)) for side in self.room] if self.strokes else (0, 0)

    def placing(self) -> Placing:
        across, down = zip(*[point for stroke in self.strokes for point in stroke], strict=True)
        wide, high = max(across) - min(across) + 2 * DOT, max(down) - min(down) + 2 * DOT
        scale = min(self.width / wide, self.height / high, dp(theme.WIDTH) / WHOLE)
        middle, level = (max(across) + min(across)) / 2, (max(down) + min(down)) / 2
        return lambda point: (self.center_x + (point[0] - middle) * scale, self.center_y - (point[1] - level) * scale)
