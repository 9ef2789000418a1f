"""Pictures of the citizen: decoded into one texture that the next picture writes over, never kept in a cache."""

from __future__ import annotations

import io

from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import AliasProperty, BooleanProperty, ListProperty, NumericProperty, ObjectProperty
from kivy.uix.widget import Widget
from PIL import Image

LARGEST = 1280  # pixels; a camera's picture is not larger, a photo that was brought along may be


def decoded(content: bytes, largest: tuple[int, int]) -> Image.Image | None:
    """The picture, reduced while decoding to at most `largest`; None when it is torn, as a camera's may be."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width > largest[0] or opened.height > largest[1]:
                opened.thumbnail(largest, reducing_gap=1.0)
            return opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError):  # Pillow's three ways to say so
        return None


class Picture(Widget):
    """A JPEG or PNG as large as its room allows. `frame` is where it stands: x, y, width, height.

    `widest` is how wide it may be to its height: of a wider picture only the middle is shown.
    """

    content = ObjectProperty(b"")
    mirrored = BooleanProperty(False)
    widest = NumericProperty(100)
    texture = ObjectProperty(None, allownone=True)
    seen = NumericProperty(0)
    ratio = NumericProperty(4 / 3)  # of width to height; this one until the first picture
    shape = AliasProperty(lambda self: min(self.ratio, self.widest), bind=("ratio", "widest"))
    frame = ListProperty([0, 0, 1, 1])

    def __init__(self, **more: object) -> None:
        # Pictures that come faster than the panel is drawn are skipped: only the newest is decoded.
        self._load_soon = Clock.create_trigger(self._load, -1)
        super().__init__(**more)
        for name in ("content", "mirrored", "widest"):
            self.fbind(name, self._load_soon)
        for name in ("pos", "size", "shape"):
            self.fbind(name, self._fit)
        self._fit()
        self._load_soon()

    def on_mirrored(self, *_: object) -> None:
        self.texture = None

    def _load(self, *_: object) -> None:
        if not self.content:
            self.texture, self.seen = None, 0
            return
        picture = decoded(self.content, (LARGEST, LARGEST))
        if picture is not None:
            self.ratio = picture.width / picture.height
            self._show(picture)

    def _show(self, whole: Image.Image) -> None:
        beside = round((whole.width - whole.height * self.shape) / 2)
        picture = whole.crop((beside, 0, whole.width - beside, whole.height)) if beside > 0 else whole
        kind = picture.mode.lower()
        if self.texture is None or self.texture.size != picture.size or self.texture.colorfmt != kind:
            made = Texture.create(size=picture.size, colorfmt=kind)
            made.flip_vertical()
            if self.mirrored:
                made.flip_horizontal()
            self.texture = made
        self.texture.blit_buffer(picture.tobytes(), colorfmt=kind, bufferfmt="ubyte")
        self.seen = 1
        self.canvas.ask_update()

    def _fit(self, *_: object) -> None:
        """Kivy's own `top` and `center_x` are remembered, and still the old ones while `pos` is told."""
        width = min(self.width, self.height * self.shape)
        height = width / self.shape
        x, y = self.x + (self.width - width) / 2, self.y + self.height - height
        self.frame = [round(x), round(y), round(width), round(height)]


class Thumbnail(Widget):
    """A picture as the value of a line, small; without a picture it takes no room."""

    content = ObjectProperty(b"")
    most_high = NumericProperty(dp(240))
    most_wide = NumericProperty(dp(420))

    def __init__(self, **more: object) -> None:
        super().__init__(size_hint=(None, None), size=(0, 0), **more)
        self._picture = Picture()
        for name in ("content", "most_high", "most_wide"):
            self.fbind(name, self._sized)
        self._picture.fbind("ratio", self._sized)
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        self._sized()

    def _sized(self, *_: object) -> None:
        self._picture.content = self.content
        if not self.content:
            self.size = 0, 0
            self.clear_widgets()
            return
        if not self.children:
            self.add_widget(self._picture)
        ratio = self._picture.ratio
        width = min(self.most_wide, self.most_high * ratio)
        self.size = round(width), round(width / ratio)

    def _place(self, *_: object) -> None:
        self._picture.pos, self._picture.size = self.pos, self.size
