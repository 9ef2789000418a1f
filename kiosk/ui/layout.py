"""How things stand on a screen: plates, columns and rows that follow the height of their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import (
    AliasProperty,
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    OptionProperty,
    VariableListProperty,
)
from kivy.uix.widget import Widget

from kiosk.ui import icons, theme


class Surface(Widget):
    """A rounded plate with a fill and an outline. `corners`: top left, top right, bottom right, bottom left."""

    fill = ColorProperty(theme.CLEAR)
    line = ColorProperty(theme.CLEAR)
    line_width = NumericProperty(2)
    radius = NumericProperty(theme.RADIUS)
    corners = ListProperty([True, True, True, True])

    def __init__(self, **more: object) -> None:
        """Sets what was given only when the rules of the KV file stand: they must not overrule it."""
        kivys_own = {name: more.pop(name) for name in list(more) if name.startswith("__")}
        super().__init__(size_hint_y=None, size=(0, 0), **kivys_own)
        for name, value in more.items():
            setattr(self, name, value)

    def _plate(self) -> object:
        return icons.plate(round(dp(self.radius)), tuple(self.corners))

    def _outline(self) -> object:
        return icons.plate(round(dp(self.radius)), tuple(self.corners), round(dp(self.line_width)))

    plate = AliasProperty(_plate, bind=("radius", "corners"))
    outline = AliasProperty(_outline, bind=("radius", "corners", "line_width"))


class Box(Surface):
    """A surface that places its children itself. `gone`: not drawn and without height.

    Not Kivy's BoxLayout: children without height take no spacing, and placing is one pass.
    """

    padding = VariableListProperty([0, 0, 0, 0])
    spacing = NumericProperty(0)
    low = NumericProperty(0)  # never lower than this
    gone = BooleanProperty(False)
    natural = NumericProperty(0)  # the height its own children ask for
    stretched = NumericProperty(0)  # the height its row asks for

    def __init__(self, **more: object) -> None:
        self._place_soon = Clock.create_trigger(self._place_now, -1)
        super().__init__(**more)
        for name in ("pos", "size", "padding", "spacing", "children", "low", "gone", "stretched"):
            self.fbind(name, self._place_soon)
        self._place_soon()

    def add_widget(self, widget: Widget, *args: object, **more: object) -> None:
        for name in self._followed(widget):
            widget.fbind(name, self._place_soon)
        super().add_widget(widget, *args, **more)

    def remove_widget(self, widget: Widget, *args: object, **more: object) -> None:
        for name in self._followed(widget):
            widget.funbind(name, self._place_soon)
        super().remove_widget(widget, *args, **more)

    @staticmethod
    def _followed(widget: Widget) -> tuple[str, ...]:
        return ("height", "width", "natural") if isinstance(widget, Box) else ("height", "width")

    def fill_with(self, widgets: Iterable[Widget]) -> None:
        self.clear_widgets()
        for widget in widgets:
            self.add_widget(widget)

    def _place_now(self, *_: object) -> None:
        self.opacity = 0 if self.gone else 1
        if self.gone:
            self.natural = self.height = 0
        else:
            self._place()

    def _ask(self, height: float) -> None:
        self.natural = max(self.low, height)
        self.height = max(self.natural, self.stretched)

    def _place(self) -> None:
        raise NotImplementedError

    def _in_order(self) -> list[Widget]:
        return [child for child in reversed(self.children) if child.height]


class Column(Box):
    """Children one under the other, each as wide as the column unless `size_hint_x` is None."""

    align = OptionProperty("left", options=["left", "center", "right"])
    hugging = BooleanProperty(True)  # as high as its children; else it keeps its own height
    centred = BooleanProperty(False)  # the children in the middle of a column that is higher

    def _place(self) -> None:
        left, top, right, bottom = self.padding
        room = self.width - left - right
        for child in self.children:
            if child.size_hint_x:
                child.width = room * child.size_hint_x
        shown = self._in_order()
        used = sum(child.height for child in shown) + self.spacing * max(0, len(shown) - 1) + top + bottom
        if self.hugging:
            self._ask(used if shown else 0)
        spare = max(0, self.height - used)
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]
        y = self.top - top - (spare / 2 if self.centred else 0)
        for child in shown:
            y -= child.height
            child.pos = round(self.x + left + (room - child.width) * share), round(y)
            y -= self.spacing


class Row(Box):
    """Children side by side; those with `size_hint_x` share what the others leave, those without width take no gap."""

    upright = OptionProperty("center", options=["top", "center"])
    equal = BooleanProperty(False)  # every child as high as the highest
    hug = BooleanProperty(False)  # as wide as its children
    centred = BooleanProperty(False)  # the children in the middle of a row that is wider

    def on_hug(self, *_: object) -> None:
        self.size_hint_x = None

    def _place(self) -> None:
        left, top, right, bottom = self.padding
        shown = [child for child in reversed(self.children) if child.size_hint_x or child.width]
        gaps = self.spacing * max(0, len(shown) - 1)
        fixed = sum(child.width for child in shown if not child.size_hint_x)
        if self.hug:
            self.width = left + fixed + gaps + right
        room = self.width - left - right - gaps - fixed
        shares = sum(child.size_hint_x or 0 for child in shown)
        for child in shown:
            if child.size_hint_x:
                child.width = max(0, room * child.size_hint_x / shares)
        tallest = max((child.natural if isinstance(child, Box) else child.height for child in shown), default=0)
        self._ask(tallest + top + bottom)
        x = self.x + left + (room / 2 if self.centred and not shares else 0)
        for child in shown:
            if self.equal and isinstance(child, Box):
                child.stretched = tallest
            y = self.top - top - child.height
            if self.upright == "center":
                y -= (self.height - top - bottom - child.height) / 2
            child.pos = round(x), round(y)
            x += child.width + self.spacing


def share_out(heights: list[float], room: float, gap: Callable[[int], float]) -> list[list[int]]:
    """Which items stand on which page: as many as fit, never one cut. `gap(i)` is the space above item i."""
    pages: list[list[int]] = []
    used = room + 1
    for item, height in enumerate(heights):
        needed = height + (gap(item) if pages else 0)
        if not pages or used + needed > room:
            pages.append([])
            used, needed = 0.0, height
        pages[-1].append(item)
        used += needed
    return pages
