"""What every screen is made of: text that knows Chinese, an icon, and what can be touched."""

from __future__ import annotations

from collections.abc import Iterator

from kivy.core.text import Label as CoreLabel
from kivy.metrics import Metrics, dp, sp
from kivy.properties import AliasProperty, BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.ui import icons, theme
from kiosk.ui.hanfont import CJK, Fonts, Measure, balanced, longest_word, wrap
from kiosk.ui.layout import Row

FONTS: list[Fonts] = []
"""The fonts that were registered, once per process: Kivy's own register of fonts is global too."""


def font_size(role: str) -> float:
    sizes = theme.ROLES[role]
    return float(dp(sizes.large if Metrics.fontscale > 1 else sizes.size))


def measure_for(role: str, size: float = 0) -> Measure:
    """How wide a piece of text of this role will be. Nothing is remembered: it may be a name."""
    size = size or font_size(role)
    ruler = CoreLabel(font_name=theme.FONT, font_size=size, bold=theme.ROLES[role].bold)

    def measure(text: str) -> float:
        if len(text) == 1 and ord(text) >= CJK:
            return size
        return float(ruler.get_extents(text)[0]) if text else 0.0

    return measure


class Text(Label):
    """Words in a role of the theme, broken into lines at `width`; no words, no height.

    With `hug` the width follows the words, up to `most`.
    """

    words = StringProperty()
    role = OptionProperty("body", options=list(theme.ROLES))
    ink = ColorProperty(None, allownone=True)
    hug = BooleanProperty(False)
    most = NumericProperty(10_000)

    def __init__(self, **more: object) -> None:
        super().__init__(**{"font_name": theme.FONT, "markup": True, "size_hint_y": None, "size": (0, 0), **more})
        for name in ("words", "role", "ink", "hug", "most", "halign"):
            self.fbind(name, self._compose)
        self.fbind("width", self._at_width)
        self._compose()

    def _at_width(self, *_: object) -> None:
        if not self.hug:
            self._compose()

    def _compose(self, *_: object) -> None:
        role = theme.ROLES[self.role]
        if self.hug:
            self.size_hint_x = None
        room = (self.most if self.hug else self.width) - 1
        if not self.words or room < 1:
            self.text, self.height = "", 0
            return
        self.font_size, self.bold, self.line_height = self._size(room), role.bold, role.leading
        self.color = self.ink or role.ink
        self.text_size = (None, None) if self.hug else (self.width, None)
        self.text = FONTS[0].safe_markup(self._lines(room))
        self.texture_update()
        self.height = self.texture_size[1]
        if self.hug:
            self.width = self.texture_size[0]

    def _size(self, room: float) -> float:
        """A word that is wider than its room is made smaller, to a point, rather than broken."""
        size, measure = font_size(self.role), measure_for(self.role)
        longest = measure(self.words) if self.role in theme.NEVER_BROKEN else longest_word(self.words, measure)
        if self.role in theme.NEVER_BROKEN:
            smallest, room = 0.0, room * theme.NEARLY
        else:
            smallest = size * theme.SMALLEST_SHARE
        return max(smallest, min(size, int(size * room / longest))) if longest else size

    def _lines(self, room: float) -> str:
        if self.role in theme.NEVER_BROKEN:
            return self.words
        broken = balanced if self.role in theme.BALANCED else wrap
        return broken(self.words, room, measure_for(self.role, self.font_size))


class Icon(Widget):
    """A drawn icon, tinted; `side` in design pixels, grown with the text."""

    name = StringProperty()
    ink = ColorProperty(theme.PRIMARY)
    side = NumericProperty(48)

    def __init__(self, **more: object) -> None:
        super().__init__(**{"size_hint": (None, None), **more})
        self.fbind("side", self._sized)
        self._sized()

    def _sized(self, *_: object) -> None:
        self.size = [round(sp(self.side))] * 2

    picture = AliasProperty(lambda self: icons.icon(self.name, round(sp(self.side))), bind=("name", "side"))


class Press(Row):
    """Something to touch: `name` says what for. It answers when the finger leaves it where it is."""

    name = StringProperty()
    pressed = BooleanProperty(False)
    idle_fill = ColorProperty(theme.CARD)
    pressed_fill = ColorProperty(theme.TINT_PRESSED)
    dead = BooleanProperty(False)
    __events__ = ("on_release",)

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        for name in ("pressed", "idle_fill", "pressed_fill"):
            self.fbind(name, self._paint)
        self._paint()

    def _paint(self, *_: object) -> None:
        self.fill = self.pressed_fill if self.pressed else self.idle_fill

    def on_touch_down(self, touch: object) -> bool:
        if self.dead or not self.height or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.pressed = True
        return True

    def on_touch_move(self, touch: object) -> bool:
        if touch.grab_current is not self:
            return False
        self.pressed = self._near(touch)
        return True

    def on_touch_up(self, touch: object) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        meant, self.pressed = self._near(touch), False
        if meant:
            self.dispatch("on_release")
        return True

    def _near(self, touch: object) -> bool:
        """An unsteady finger may slide a little beyond the edge."""
        slack = dp(theme.GAP)
        return bool(self.x - slack <= touch.x <= self.right + slack and self.y - slack <= touch.y <= self.top + slack)

    def on_release(self) -> None:
        pass


def walk(widget: Widget) -> Iterator[Widget]:
    """A widget and everything under it, in the order of drawing."""
    yield widget
    for child in reversed(widget.children):
        yield from walk(child)
