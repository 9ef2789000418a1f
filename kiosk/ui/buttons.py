"""What ends the wait for a view: the buttons at the foot, in the corner and beside a group."""

from __future__ import annotations

from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.hanfont import longest_word, tokens
from kiosk.ui.layout import Column, Row
from kiosk.ui.widgets import Press, font_size, measure_for
from kiosk.view import Button, Line

CORNER_ICONS = {"language": "language", "large": "large", "help": "bell"}


def screen_of(widget: Widget | None) -> Widget | None:
    """The screen a widget stands on; None when it was taken away under the finger."""
    while widget is not None and not hasattr(widget, "answer"):
        widget = widget.parent
    return widget


class Answering(Press):
    """A touch that ends the wait for this view."""

    value = StringProperty()

    def on_release(self) -> None:
        if screen := screen_of(self):
            screen.answer(self.name, self.value)


class ButtonOfView(Answering):
    """One button of a view."""

    button = ObjectProperty(Button("", ""), rebind=True)

    def on_button(self, _: object, button: Button) -> None:
        self.name, self.value = button.name, button.value


class FootButton(ButtonOfView):
    """A button at the foot of the screen; the main one is filled, quiet ones are outlined."""

    role = StringProperty("quiet")
    ink = ColorProperty(theme.PRIMARY)
    line = ColorProperty(theme.PRIMARY)

    def on_button(self, _: object, button: Button) -> None:
        super().on_button(self, button)
        if button.main:
            self.role, self.ink, self.line = "button", theme.ON_PRIMARY, theme.CLEAR
            self.idle_fill, self.pressed_fill = theme.PRIMARY, theme.PRESSED


class CornerButton(ButtonOfView):
    """Language, large text, help: the same place on every screen."""

    icon = StringProperty()

    def on_button(self, _: object, button: Button) -> None:
        super().on_button(self, button)
        self.icon = CORNER_ICONS.get(button.name, "")


class EditButton(ButtonOfView):
    """The small button in the head of a group, or in the row of a single answer."""


class DisputeButton(Answering):
    """The small button beside a value that somebody may find wrong; without words it is not there."""

    entry_line = ObjectProperty(Line("", ""), rebind=True)
    words = StringProperty()
    blank = NumericProperty(0)  # the empty half of a Chinese question mark, which would push the words off the middle

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.on_entry_line(self, self.entry_line)

    def on_entry_line(self, _: object, line: Line) -> None:
        self.words, self.value, self.gone = line.dispute, line.name, not line.dispute
        self.name = f"dispute:{line.name}" if line.dispute else ""
        self.blank = font_size("corner") / 2 if line.dispute.endswith("？") else 0
        self.width = 0 if self.gone else self.width

    def on_release(self) -> None:
        if screen := screen_of(self):
            screen.answer("dispute", self.value)


class Corner(Row):
    buttons = ListProperty()

    def on_buttons(self, *_: object) -> None:
        self.fill_with(CornerButton(button=button) for button in self.buttons)


class Footer(Column):
    """The main button always in the same place; quiet ones left of it, or above when they find no room there."""

    buttons = ListProperty()
    slim = BooleanProperty(False)  # without a main button: quiet ones give way to what is above

    def on_buttons(self, *_: object) -> None:
        main = [button for button in self.buttons if button.main]
        quiet = [button for button in self.buttons if not button.main]
        beside: list[Button] = []
        if main and sum(map(_share, quiet)) <= QUIET_AT_MOST:
            beside, quiet = quiet, []
        rows = []
        if quiet:
            rows.append(FootRow())
            low = dp(theme.TOUCH if self.slim and not main else theme.MAIN_BUTTON)
            rows[0].fill_with(FootButton(button=button, low=low) for button in quiet)
        if main:
            rows.append(FootRow())
            left = 1 - sum(map(_share, beside))
            rows[-1].fill_with(FootButton(button=b, size_hint_x=left if b.main else _share(b)) for b in [*beside, *main])
        self.fill_with(rows)


QUIET_AT_MOST = 0.6


def dispute_width(line: Line) -> float:
    """How much of a row its button takes, with the space before it."""
    return float(measure_for("corner")(line.dispute) + dp(2 * 24 + 24)) if line.dispute else 0.0


def _share(quiet: Button) -> float:
    """What a quiet button takes of the width: about a quarter, or what its longest word needs."""
    measure = measure_for("quiet")
    longest = longest_word(quiet.label, measure)
    whole = min(sum(measure(word) for word in tokens(quiet.label)), dp(260))
    return float(max(0.24, (max(longest, whole) + dp(88)) / dp(theme.WIDTH - 2 * theme.MARGIN)))


class FootRow(Row):
    pass
