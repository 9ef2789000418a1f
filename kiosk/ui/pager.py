"""A column that never scrolls by dragging: what does not fit stands on the next page, behind a large button."""

from __future__ import annotations

from typing import Literal

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.layout import Row, share_out
from kiosk.ui.widgets import Press

WORDS = {
    "zh": {"up": "上一页", "down": "往下看", "at": "第 {page}/{pages} 页"},
    "en": {"up": "Back up", "down": "See more", "at": "{page} of {pages}"},
}


class PageButton(Press):
    """One page up or down."""

    words = StringProperty()
    icon = StringProperty()
    step = NumericProperty(1)
    calls = BooleanProperty(False)  # there is more to see: this must be noticed
    ink = ColorProperty(theme.PRIMARY)

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        for name in ("dead", "calls"):
            self.fbind(name, self._look)

    def _look(self, *_: object) -> None:
        waiting = self.calls and not self.dead
        self.idle_fill = theme.ABSENT if self.dead else theme.ACCENT if waiting else theme.CARD
        self.line = theme.HAIRLINE if self.dead else theme.CLEAR if waiting else theme.EDGE
        self.ink = theme.ABSENT_INK if self.dead else theme.INK if waiting else theme.PRIMARY

    def on_release(self) -> None:
        self.parent.pager.turn(self.step)


class PageBar(Row):
    """Where the citizen is among the pages, and the way on."""

    words = StringProperty()
    up = StringProperty()
    down = StringProperty()
    first = BooleanProperty(False)
    final = BooleanProperty(False)
    pager = ObjectProperty(None, allownone=True)

    def at(self, page: int, pages: int, language: str) -> None:
        said = WORDS[language]
        self.words = said["at"].format(page=page + 1, pages=pages)
        self.up, self.down = said["up"], said["down"]
        self.first, self.final = page == 0, page == pages - 1


class Pager(Widget):
    """Holds units (widgets that know their own height) and shows one page of them.

    A unit may say: `keep`, it stands on the page of the next one; `joined`, it shares one plate with
    neighbours of the same word; `wanted`, the pager opens on its page; `gap`, the space above it.
    """

    spacing = NumericProperty(theme.GAP)
    language = StringProperty("zh")
    page = NumericProperty(0)
    needed = NumericProperty(0)  # the height at which there is one page
    crowded = BooleanProperty(False)  # something is higher than a page: whatever stands around must give way
    squeezed = NumericProperty(0)  # there is more than one page: first what stands around, then the units get shorter

    def __init__(self, **more: object) -> None:
        self.units: list[Widget] = []
        self._pages: list[list[int]] = []
        self._turned = False
        self._too_high = self._too_much = False
        self._crowd_soon = Clock.create_trigger(self._crowd)
        self._place_soon = Clock.create_trigger(self._place, -1)
        super().__init__(**more)
        self.bar = PageBar(pager=self)
        for name in ("pos", "size", "page", "language"):
            self.fbind(name, self._place_soon)
        self.bar.fbind("height", self._place_soon)

    @property
    def pages(self) -> int:
        return len(self._pages)

    def show_units(self, units: list[Widget]) -> None:
        for unit in self.units:
            unit.funbind("height", self._place_soon)
        self.units = units
        for unit in units:
            unit.size_hint = (None, None)
            unit.fbind("height", self._place_soon)
        self._place_soon()

    def turn(self, step: Literal[-1, 1]) -> None:
        self._turned = True
        self.page = min(max(0, self.page + step), max(0, self.pages - 1))

    def to_first_page(self) -> None:
        self._turned = True
        self.page = 0

    def page_of(self, unit: Widget) -> int:
        at = self.units.index(unit)
        return next(number for number, page in enumerate(self._pages) if at in page)

    def _place(self, *_: object) -> None:
        for unit in self.units:
            unit.width = self.width
        self.bar.width = self.width
        self._share()
        if self.page >= self.pages:
            self.page = max(0, self.pages - 1)
        shown = [self.units[at] for at in self._pages[self.page]] if self._pages else []
        self._joints(shown)
        y = self.top
        for unit in shown:
            y -= (self._gap_above(unit) if unit is not shown[0] else 0) + unit.height
            unit.pos = round(self.x), round(y)
        many = self.pages > 1
        self.bar.pos = self.pos
        self.bar.at(self.page, self.pages, self.language)
        wanted = [*shown, *([self.bar] if many else [])]
        if wanted != list(reversed(self.children)):
            self.clear_widgets()
            for widget in wanted:
                self.add_widget(widget)

    def _share(self) -> None:
        """Blocks of units that must stand together, shared out over pages."""
        blocks: list[list[int]] = []
        for at in range(len(self.units)):
            if blocks and getattr(self.units[at - 1], "keep", False):
                blocks[-1].append(at)
            else:
                blocks.append([at])
        heights = [self._height_of(block) for block in blocks]
        whole = share_out(heights, self.height, lambda i: self._gap_above(self.units[blocks[i][0]]))
        room = self.height - (self.bar.height + dp(self.spacing) if len(whole) > 1 else 0)
        self.needed = sum(heights) + sum(self._gap_above(self.units[block[0]]) for block in blocks[1:])
        self._too_high, self._too_much = max(heights, default=0) > room, len(whole) > 1
        if self._too_high or self._too_much:
            self._crowd_soon()
        if len(whole) > 1:
            whole = share_out(heights, room, lambda i: self._gap_above(self.units[blocks[i][0]]))
        self._pages = [[at for block in page for at in blocks[block]] for page in whole]
        if not self._turned:
            self.page = next((n for n, page in enumerate(self._pages) if any(self._wanted(at) for at in page)), 0)

    def _crowd(self, *_: object) -> None:
        """Only when it is so in the next frame too: until texts know their width they are higher than they will be."""
        if self.height > dp(200):
            self.crowded = self.crowded or self._too_high
            self.squeezed = min(2, self.squeezed + int(self._too_much))

    def _wanted(self, at: int) -> bool:
        return bool(getattr(self.units[at], "wanted", False))

    def _height_of(self, block: list[int]) -> float:
        return sum(self.units[at].height for at in block) + sum(self._gap_above(self.units[at]) for at in block[1:])

    def _gap_above(self, unit: Widget) -> float:
        if not unit.height:
            return 0.0
        before = self.units[self.units.index(unit) - 1]
        if _joined(before, unit):
            return 0.0
        return float(dp(getattr(unit, "gap", self.spacing)))

    @staticmethod
    def _joints(shown: list[Widget]) -> None:
        """Rounds the first and the last of every run of joined units on this page."""
        for before, unit, after in zip([None, *shown], shown, [*shown[1:], None], strict=False):
            if getattr(unit, "joined", False):
                top, end = not _joined(before, unit), not _joined(unit, after)
                unit.corners = [top, top, end, end]
                unit.last = end


def _joined(above: Widget | None, below: Widget | None) -> bool:
    word = getattr(below, "joined", "")
    return bool(word) and word == getattr(above, "joined", "")
