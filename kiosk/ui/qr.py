"""A QR code on the screen: what a phone may take along."""

from __future__ import annotations

import segno
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import AliasProperty, NumericProperty, StringProperty
from PIL import Image

from kiosk.ui.icons import texture
from kiosk.ui.layout import Surface

QUIET = 4  # modules of white around it: ISO/IEC 18004 clause 6.3.8
DOTS = 8  # of the picture to a module: drawn smaller or larger it stays sharp


class QrCode(Surface):
    """Without content it takes no room."""

    content = StringProperty()
    side = NumericProperty(0)

    def _picture(self) -> Texture | None:
        return texture(_drawn(self.content)) if self.content else None

    picture = AliasProperty(_picture, bind=("content",), cache=True)

    def on_content(self, *_: object) -> None:
        self.size_hint_x = None
        self.size = (dp(self.side), dp(self.side)) if self.content else (0, 0)

    def on_side(self, *_: object) -> None:
        self.on_content()


def _drawn(content: str) -> Image.Image:
    modules = [bytes(row) for row in segno.make(content, error="m", micro=False).matrix]
    side = len(modules) + 2 * QUIET
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    return picture.resize((side * DOTS, side * DOTS), Image.Resampling.NEAREST)
