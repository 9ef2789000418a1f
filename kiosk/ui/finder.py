"""What the camera sees: the picture, an outline of where face or paper belongs, and marks on what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import AliasProperty, ColorProperty, ListProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from kiosk.ui import theme
from kiosk.ui.icons import rgb, texture
from kiosk.ui.layout import Surface
from kiosk.ui.pictures import Picture
from kiosk.view import Mark

SHARPER = 2
SHADE = (*rgb(theme.INK), 110)
OVAL = (0.56, 0.76)  # the height of a face in its frame, and its width in heights: the crop needs air around it
OVAL_CENTRE = 0.47
BADGE = 52
PAGE = (0.92, 210 / 297)  # a page of A4 as high as the frame allows; it turns with the frame


def outline(guide: str, width: float, height: float) -> tuple[float, float, float, float]:
    """Where the guide stands in a frame: left, top, right, bottom."""
    if guide == "portrait":
        high = min(height * OVAL[0], width * 0.8 / OVAL[1])
        across, middle = high * OVAL[1], height * OVAL_CENTRE
    else:
        ratio = PAGE[1] if height > width else 1 / PAGE[1]
        high = min(height, width / ratio) * PAGE[0]
        across, middle = high * ratio, height / 2
    return (width - across) / 2, middle - high / 2, (width + across) / 2, middle + high / 2


@lru_cache(maxsize=8)
def guide_texture(guide: str, width: int, height: int) -> Texture:
    """The outline in white between dark edges, seen on any ground; what lies outside is shaded."""
    picture = Image.new("RGBA", (width * SHARPER, height * SHARPER), SHADE)
    pen = ImageDraw.Draw(picture)
    box = [edge * SHARPER for edge in outline(guide, width, height)]
    for line, paint in ((7, (*rgb(theme.INK), 255)), (5, (255, 255, 255, 255)), (0, (*rgb(theme.INK), 255)), (-2, (0, 0, 0, 0))):
        grown = round(dp(line)) * SHARPER
        around = [box[0] - grown, box[1] - grown, box[2] + grown, box[3] + grown]
        if guide == "portrait":
            pen.ellipse(around, paint)
        else:
            pen.rounded_rectangle(around, dp(16) * SHARPER, paint)
    return texture(picture.resize((width, height), Image.Resampling.LANCZOS))


class MarkFrame(Widget):
    """One mark: a frame in the colour of its tone, and the icon of the tone, so that it is not colour alone."""

    ink = ColorProperty()
    ground = ColorProperty()
    icon = StringProperty()
    badge_pos = ListProperty([0, 0])

    def look(self, mark: Mark) -> None:
        mood = theme.MOODS[mark.tone]
        self.ink, self.ground, self.icon = mood.ink, mood.ground, mood.icon

    def place(self, frame: Sequence[float], mark: Mark) -> None:
        """Never smaller than can be seen, never outside the picture."""
        left, bottom, across, high = frame
        least = min(dp(56), across, high)
        wide, tall = min(across, max(mark.width * across, least)), min(high, max(mark.height * high, least))
        x = left + (mark.x + mark.width / 2) * across - wide / 2
        y = bottom + (1 - mark.y - mark.height / 2) * high - tall / 2
        self.size = round(wide), round(tall)
        self.pos = _inside(x, left, left + across - wide), _inside(y, bottom, bottom + high - tall)
        badge = dp(BADGE)  # on the corner, so that it covers little of what is marked
        self.badge_pos = [
            _inside(self.right - badge / 2, left, left + across - badge),
            _inside(self.top - badge / 2, bottom, bottom + high - badge),
        ]


def _inside(at: float, least: float, most: float) -> int:
    return round(min(max(at, least), most))


class Finder(Picture):
    """The picture of a photo screen. A live portrait is shown as in a mirror: whoever moves left sees it move left.
    What a camera sees far beside the face is not shown: the face is larger without it."""

    guide = OptionProperty("", options=["", "portrait", "page"])
    marks = ListProperty()

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        for name in ("marks", "frame", "mirrored", "ratio"):
            self.fbind(name, self._mark)
        self._mark()

    def on_guide(self, *_: object) -> None:
        self.mirrored = self.guide == "portrait"
        self.widest = 1 if self.guide == "portrait" else 100

    def _overlay(self) -> Texture | None:
        return guide_texture(self.guide, *self.frame[2:]) if self.guide and min(self.frame[2:]) > 1 else None

    overlay = AliasProperty(_overlay, bind=("guide", "frame"))
    shade = AliasProperty(lambda self: 1.0 if self.overlay else 0.0, bind=("guide", "frame"))

    def _mark(self, *_: object) -> None:
        while len(self.children) > len(self.marks):
            self.remove_widget(self.children[0])
        while len(self.children) < len(self.marks):
            self.add_widget(MarkFrame())
        for drawn, mark in zip(reversed(self.children), self.marks, strict=True):
            drawn.look(mark)
            drawn.place(self.frame, self._shown(mark))

    def _shown(self, mark: Mark) -> Mark:
        """Where a mark of the whole picture lies in the part that is shown."""
        share = self.shape / self.ratio
        x, width = (mark.x - (1 - share) / 2) / share, mark.width / share
        return replace(mark, x=1 - x - width if self.mirrored else x, width=width)


class MarkLine(Surface):
    """The frame of a mark, drawn twice: light around the colour, for dark and bright pictures alike."""
