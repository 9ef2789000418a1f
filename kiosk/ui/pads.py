"""On-screen keys: a large pad of digits, and one of Latin capitals. No system keyboard, no clipboard, no text field."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.entry import Entry
from kiosk.ui.layout import Row
from kiosk.ui.widgets import Press
from kiosk.view import Line, LineKind

LONGEST = 60
WORDS = {
    "zh": {"done": "填好了", "cancel": "不填了，返回", "clear": "清空", "delete": "删除", "space": "空格"},
    "en": {"done": "Done", "cancel": "Go back", "clear": "Clear", "delete": "Delete", "space": "Space"},
}
KEYS: dict[LineKind, tuple[tuple[str, ...], ...]] = {
    "digits": (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("clear", "0", "delete")),
    "latin": (
        tuple("1234567890"),
        tuple("QWERTYUIOP"),
        tuple("ASDFGHJKL"),
        tuple("ZXCVBNM-."),
        ("clear", "space", "delete"),
    ),
}
HEIGHTS: dict[LineKind, int] = {"digits": 148, "latin": 128}


class Key(Press):
    """One key; `name` is what it types, or what it does."""

    words = StringProperty()
    role = StringProperty("key")


class Sheet(BoxLayout):
    """One line being answered over the whole screen; nothing under it is touched."""

    def put_away(self) -> None:
        """The screen asks something else now: what was given so far is kept."""
        raise NotImplementedError

    def close(self) -> None:
        self.parent.remove_widget(self)

    def on_touch_down(self, touch: object) -> bool:
        super().on_touch_down(touch)
        return True


class PadSheet(Sheet):
    """One line being typed, over the whole screen: the question, the value, the keys, and two ways out."""

    entry_line = ObjectProperty(Line("", ""), rebind=True)
    typed = StringProperty()
    done_words = StringProperty()
    cancel_words = StringProperty()

    def __init__(self, line: Line, entry: Entry, language: str) -> None:
        self._entry = entry
        self._words = WORDS[language]
        super().__init__(orientation="vertical", entry_line=line, typed=entry.value(line))
        self.done_words, self.cancel_words = self._words["done"], self._words["cancel"]
        rows = KEYS[line.kind]
        for names in rows:
            row = KeyRow(size_hint_x=len(names) / max(len(row) for row in rows[:-1]) if names is not rows[-1] else 1)
            row.fill_with(self._key(name, HEIGHTS[line.kind]) for name in names)
            self.ids.pad.add_widget(row)

    def _key(self, name: str, height: int) -> Key:
        words = self._words.get(name, name)
        key = Key(name=f"key:{name}", words=words, role="quiet" if name in self._words else "key", size_hint_x=1, low=height)
        key.fbind("on_release", self.type)
        return key

    def type(self, key: Key) -> None:
        match key.name.removeprefix("key:"):
            case "clear":
                self.typed = ""
            case "delete":
                self.typed = self.typed[:-1]
            case "space":
                self.typed = (self.typed + " ")[:LONGEST]
            case sign:
                self.typed = (self.typed + sign)[:LONGEST]

    def done(self) -> None:
        self._entry.give(self.entry_line, self.typed.strip())
        self.close()

    def put_away(self) -> None:
        self.done()


class KeyRow(Row):
    pass


class SheetButton(Press):
    """One of the two ways out of a sheet."""

    words = StringProperty()
    role = StringProperty("quiet")
