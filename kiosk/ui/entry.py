"""What a citizen has entered on one screen so far. It dies with the screen."""

from __future__ import annotations

from kivy.event import EventDispatcher
from kivy.properties import NumericProperty

from kiosk.view import Line, Touch, View


class Entry(EventDispatcher):
    """Values by line name, and the lines left for the counter. `changes` counts, so that widgets can follow."""

    changes = NumericProperty(0)

    def __init__(self, view: View) -> None:
        super().__init__()
        self._typed: dict[str, str] = {}
        self._left: dict[str, bool] = {}
        self._view = view

    def follow(self, view: View) -> None:
        """The screen was redrawn; what was entered stays."""
        self._view = view

    def typed(self, line: Line) -> str | None:
        """What the citizen gave on this screen, None while nothing was changed."""
        return self._typed.get(line.name)

    def value(self, line: Line) -> str:
        return self._typed.get(line.name, line.raw)

    def is_left(self, line: Line) -> bool:
        return self._left.get(line.name, line.left)

    def give(self, line: Line, text: str) -> None:
        self._typed[line.name] = text
        self._left[line.name] = False
        self.changes += 1

    def leave(self, line: Line) -> None:
        """Leaves a line for the counter, or takes it back."""
        self._left[line.name] = not self.is_left(line)
        self.changes += 1

    def touch(self, button: str, value: str = "") -> Touch:
        asked = [line for line in self._view.lines if line.kind != "shown"]
        values = {line.name: self.value(line) for line in asked}
        if value:
            values["value"] = value
        return Touch(button, values, frozenset(line.name for line in asked if self.is_left(line)))
