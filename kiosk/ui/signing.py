"""Signing with a finger: the field on the page, and the sheet that it opens over the whole screen."""

from __future__ import annotations

import math
from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import ColorProperty, ListProperty, ObjectProperty, StringProperty

from kiosk.ui import theme
from kiosk.ui.buttons import screen_of
from kiosk.ui.entry import Entry
from kiosk.ui.ink import PIECE, WHOLE, Ink, Point, as_text, from_text, length
from kiosk.ui.pads import Sheet
from kiosk.ui.questions import Following
from kiosk.ui.widgets import Press
from kiosk.view import Line

LEAST_INK = 200.0  # thousandths of the width: a tap or a short dash is no signature
LEAST_STEP = 3.0
LEAST_HIGH = 480
WORDS = {
    "zh": {
        "sign": "点这里签名",
        "again": "已签名，点这里可以重签",
        "left": "已留给窗口工作人员办理",
        "how": "请用手指在框内写上姓名",
        "little": "笔画太少，请把姓名写完整",
        "done": "签好了",
        "cancel": "返回",
        "clear": "擦掉重写",
    },
    "en": {
        "sign": "Touch here to sign",
        "again": "Signed. Touch here to sign again",
        "left": "Left for the counter",
        "how": "Write your name in the frame with a finger",
        "little": "Too little was written. Please write your whole name",
        "done": "Done",
        "cancel": "Go back",
        "clear": "Clear",
    },
}


class WritingPad(Ink):
    """Paper for one finger. Beyond the edge nothing is written; coming back begins a new stroke."""

    def __init__(self, **more: object) -> None:
        self._finger: object = None
        self._now: list[Point] = []
        self._drawn = 0  # points of this stroke that lie in finished meshes
        self._mesh: Any = None
        self._draw_now_soon = Clock.create_trigger(self._draw_now, -1)
        super().__init__(**more)

    def on_touch_down(self, touch: object) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        if self._finger is None:  # a palm beside the finger writes nothing
            self._finger = touch
            touch.grab(self)
            self._write(touch)
        return True

    def on_touch_move(self, touch: object) -> bool:
        if touch.grab_current is not self:
            return False
        if self.collide_point(*touch.pos):
            self._write(touch)
        else:
            self.lift()
        return True

    def on_touch_up(self, touch: object) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._finger = None
        self.lift()
        return True

    def lift(self) -> None:
        """The stroke so far is one of the strokes."""
        if self._now:
            self.strokes = [*self.strokes, tuple(self._now)]
            self._begin()

    def clear(self) -> None:
        self._begin()
        self.strokes = []
        self.draw_soon()

    def _begin(self) -> None:
        self._now, self._drawn, self._mesh = [], 0, None

    def _write(self, touch: object) -> None:
        scale = WHOLE / self.width
        point = ((touch.x - self.x) * scale, (self.top - touch.y) * scale)
        if not self._now or math.dist(point, self._now[-1]) >= LEAST_STEP:
            self._now.append(point)
            self._draw_now_soon()

    def _draw_now(self, *_: object) -> None:
        """The end of a stroke that is being written; what is older stands already."""
        while self._now:
            self._mesh = self._mesh or self.new_mesh()
            self.lay(self._mesh, self._now[self._drawn : self._drawn + PIECE + 1])
            if len(self._now) - self._drawn <= PIECE:
                return
            self._drawn += PIECE
            self._mesh = None


class SignSheet(Sheet):
    """What is declared, the paper to sign it on, and three ways on."""

    entry_line = ObjectProperty(Line("", ""), rebind=True)
    statement = StringProperty()
    mistake = StringProperty()
    how_words = StringProperty()
    done_words = StringProperty()
    cancel_words = StringProperty()
    clear_words = StringProperty()

    def __init__(self, line: Line, entry: Entry, language: str, statement: str) -> None:
        self._entry = entry
        self._words = said = WORDS[language]
        super().__init__(orientation="vertical", entry_line=line, statement=statement, how_words=said["how"])
        self.done_words, self.cancel_words, self.clear_words = said["done"], said["cancel"], said["clear"]
        self.pad.strokes = from_text(entry.typed(line) or "")
        self.pad.fbind("strokes", self._forgive)
        self._squeeze_soon = Clock.create_trigger(self._squeeze)
        self.pad.fbind("height", self._squeeze_soon)

    @property
    def pad(self) -> WritingPad:
        return self.ids.pad

    def done(self) -> None:
        if self._is_enough():
            self._entry.give(self.entry_line, as_text(self.pad.strokes))
            self.close()
        else:
            self.mistake = self._words["little"]

    def clear(self) -> None:
        self.pad.clear()
        self.mistake = ""

    def put_away(self) -> None:
        if self._is_enough():
            self._entry.give(self.entry_line, as_text(self.pad.strokes))
        self.close()

    def _forgive(self, *_: object) -> None:
        self.mistake = ""

    def _squeeze(self, *_: object) -> None:
        """A long statement was read on the page before; here there must be room to write."""
        if self.pad.height < dp(LEAST_HIGH):
            self.statement = ""

    def _is_enough(self) -> bool:
        self.pad.lift()
        return length(self.pad.strokes) >= LEAST_INK


class SignField(Press, Following):
    """The field of a signature: what was signed, or the words to touch."""

    keep = True
    gap = 14
    words = StringProperty()
    icon = StringProperty("edit")
    ink = ColorProperty(theme.PRIMARY)
    strokes = ListProperty()
    picture = ObjectProperty(b"")

    def follow(self, *_: object) -> None:
        typed, left = self.entry.typed(self.entry_line), self.entry.is_left(self.entry_line)
        said = WORDS[self.language]
        self.strokes = from_text(typed) if typed and not left else []
        self.picture = b"" if self.strokes or left else self.entry_line.picture
        signed = bool(self.strokes or self.picture)
        self.dead = left
        self.icon = "" if left else "edit"
        self.words = said["left"] if left else said["again"] if signed else said["sign"]
        self.ink = theme.QUIET_INK if left else theme.PRIMARY
        wrong = bool(self.entry_line.mistake) and typed is None
        self.line = theme.MOODS["wrong"].ink if wrong else theme.EDGE
        self.line_width = 5 if wrong else 3
        self.idle_fill = theme.ABSENT if left else theme.CARD

    def on_release(self) -> None:
        if screen := screen_of(self):
            screen.open_sheet(self.entry_line)
