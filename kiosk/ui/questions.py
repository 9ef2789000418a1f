"""What a line of a form is made of: its question, what can be chosen or typed, and what is wrong with it."""

from __future__ import annotations

from kivy.properties import ColorProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.buttons import screen_of
from kiosk.ui.layout import Column, Row
from kiosk.ui.parts import PickCard
from kiosk.ui.widgets import Press
from kiosk.view import Line

WORDS = {
    "zh": {"type": "点这里填写", "left": "已留给窗口工作人员填写"},
    "en": {"type": "Touch here to fill in", "left": "Left for the counter to fill in"},
}


class Badge(Row):
    """An icon on a round ground."""

    side = NumericProperty(44)
    inset = NumericProperty(16)
    icon = StringProperty()
    ink = ColorProperty(theme.PRIMARY)


class Mistake(Row):
    """What is wrong, in words beside the field; never by colour alone."""

    words = StringProperty()

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.on_words()

    def on_words(self, *_: object) -> None:
        self.gone = not self.words


class Question(Column):
    """The label of a line, with its tags and its mistake. A button beside the label leaves no room for the tags there."""

    keep = True
    gap = 40
    entry_line = ObjectProperty(Line("", ""), rebind=True)
    beside = ListProperty()
    under = ListProperty()

    def on_entry_line(self, _: object, line: Line) -> None:
        self.beside, self.under = ([], list(line.tags)) if line.dispute else (list(line.tags), [])

    @property
    def wanted(self) -> bool:
        return bool(self.entry_line.mistake)


class Following(Widget):
    """Something that changes with what was entered on its line."""

    entry_line = ObjectProperty(Line("", ""), rebind=True)
    entry = ObjectProperty(None, allownone=True)
    language = StringProperty("zh")

    def on_entry(self, *_: object) -> None:
        self.entry.bind(changes=self.follow)
        self.follow()

    def follow(self, *_: object) -> None:
        raise NotImplementedError


class Field(Press, Following):
    """The field of a line that is typed: touching it opens the pad."""

    keep = True
    gap = 14
    words = StringProperty()
    icon = StringProperty("edit")
    ink = ColorProperty(theme.INK)

    def follow(self, *_: object) -> None:
        typed = self.entry.typed(self.entry_line)
        value = self.entry_line.value if typed is None else typed
        left = self.entry.is_left(self.entry_line)
        self.dead = left or self.entry_line.kind == "text"
        self.icon = "" if self.dead else "edit"
        self.words = WORDS[self.language]["left"] if left else value or WORDS[self.language]["type"]
        self.ink = theme.INK if value and not left else theme.QUIET_INK
        wrong = bool(self.entry_line.mistake) and typed is None
        self.line = theme.MOODS["wrong"].ink if wrong else theme.EDGE
        self.line_width = 5 if wrong else 3
        self.idle_fill = theme.ABSENT if self.dead else theme.CARD

    def on_release(self) -> None:
        if screen := screen_of(self):
            screen.open_sheet(self.entry_line)


class Picks(Row, Following):
    """A row of one or two cards of a choice."""

    keep = True
    gap = 14
    picks = ListProperty()
    places = 1

    def follow(self, *_: object) -> None:
        if not self.children:
            self.fill_with(PickCard(pick=pick, line_name=self.entry_line.name) for pick in self.picks)
            for card in self.children:
                card.fbind("on_release", self.choose)
        left = self.entry.is_left(self.entry_line)
        for card in self.children:
            card.chosen = not left and card.pick.key == self.entry.value(self.entry_line)

    def choose(self, card: PickCard) -> None:
        self.entry.give(self.entry_line, card.pick.key)


class Leave(Press, Following):
    """Lets the counter fill this in; a second touch takes it back."""

    keep = True
    gap = 14
    icon = StringProperty("box_off")

    def follow(self, *_: object) -> None:
        self.name = f"leave:{self.entry_line.name}"
        left = self.entry.is_left(self.entry_line)
        self.icon = "box_on" if left else "box_off"
        self.idle_fill = theme.TINT if left else theme.CLEAR
        self.line = theme.PRIMARY if left else theme.EDGE

    def on_release(self) -> None:
        self.entry.leave(self.entry_line)
