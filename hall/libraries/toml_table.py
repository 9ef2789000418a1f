"""One table of a TOML file: takes settings out of it and tells everything that is wrong, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping


class Table:
    """`place` is what problems begin with, e.g. `libraries.toml: library population`."""

    def __init__(self, written: Mapping[str, object], place: str, tell: Callable[[str], None]) -> None:
        self._written, self._place, self._tell = written, place, tell

    def wrong(self, problem: str) -> None:
        self._tell(f"{self._place}: {problem}")

    def has(self, name: str) -> bool:
        return name in self._written

    def only(self, *names: str) -> None:
        for name in sorted(set(self._written) - set(names)):
            self.wrong(f"there is no setting {name}")

    def text(self, name: str) -> str:
        value = self._written.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong(f"{name} is missing" if value is None else f"{name} must be a text that is not empty")
        return ""

    def code(self, name: str, form: re.Pattern[str]) -> str:
        value = self.text(name)
        if value and not form.fullmatch(value):
            self.wrong(f"{name} {value!r} must match {form.pattern}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._written.get(name)
        good = isinstance(value, list) and value and all(isinstance(entry, str) and entry for entry in value)
        if not good or not isinstance(value, list) or len(set(value)) != len(value):
            self.wrong(f"{name} must be a list of different texts")
            return ()
        return tuple(value)

    def count(self, name: str, most: int) -> int:
        value = self._written.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
            return value
        self.wrong(f"{name} must be a whole number from 1 to {most}")
        return 1

    def table(self, name: str) -> Table:
        value = self._written.get(name)
        if not isinstance(value, dict):
            self.wrong(f"{name} must be a table")
            value = {}
        return Table(value, f"{self._place}: {name}", self._tell)

    def tables(self, name: str, what: str) -> list[Table]:
        """A list of tables, each named in problems by its code, department or library."""
        value = self._written.get(name, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.wrong(f"[[{name}]] must be tables, one for {what}")
            return []
        return [
            Table(entry, f"{self._place}: {what} {_name(entry) or number}", self._tell) for number, entry in enumerate(value, 1)
        ]


def _name(entry: Mapping[str, object]) -> str:
    found = (entry.get(name) for name in ("code", "department", "library"))
    return next((value for value in found if isinstance(value, str)), "")
