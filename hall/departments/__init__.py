"""The departments a hall is connected to: one TOML file each. To add a kind, copy a file here and list it below."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from flows.items import ITEMS
from hall.departments import file_drop, rest, soap, sql
from hall.departments.connection import Connection
from hall.departments.hand_over import wrong_hand_over
from hall.departments.setting import Kind, Setting, SettingsWrong

KINDS: Mapping[str, Kind] = {
    "rest": rest.KIND,
    "sql": sql.KIND,
    "soap": soap.KIND,
    "file_drop": file_drop.KIND,
}

TEXTS = frozenset({"kind", "code", "title", "address", "key", "rows", "as_of", "origin", "known_at"})
OTHERS = frozenset(
    {"deadline_s", "poll_s", "at_once", "hedge", "options", "request", "collect", "hand_over", "items", "doubts", "codes"}
)
OTHER_CODES = frozenset({"doubt", "gone", "purpose", "progress"})
"""Tables of codes that translate no item."""


def connect(settings: Iterable[Setting]) -> tuple[Connection, ...]:
    """A connection for each department."""
    return tuple(KINDS[setting.kind].connect(setting) for setting in settings)


def read_settings(folder: Path, state: Path) -> tuple[Setting, ...]:
    """What each *.toml in the folder says; `${state}` in an address or option stands for the state directory. Raises
    SettingsWrong naming everything wrong in all of them."""
    problems: list[str] = []
    settings = []
    for path in sorted(folder.glob("*.toml")):
        reading = _Reading(path.name, state, problems.append)
        settings.append(reading.setting(_toml(path, problems.append)))
    if not settings:
        problems.append(f"there is no department in {folder}")
    codes = [setting.code for setting in settings if setting.code]
    problems += [f"the department {code} is there twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    if problems:
        raise SettingsWrong(problems)
    return tuple(settings)


def _toml(path: Path, wrong: Callable[[str], None]) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        wrong(f"{path.name}: cannot be read as TOML ({type(error).__name__})")
        return {}


class _Reading:
    """Takes one department's settings out of its table and tells everything wrong with them."""

    def __init__(self, name: str, state: Path, wrong: Callable[[str], None]) -> None:
        self._name, self._state, self._tell = name, state, wrong

    def setting(self, table: Mapping[str, object]) -> Setting:
        for name in sorted(set(table) - TEXTS - OTHERS):
            self._wrong(f"there is no setting {name}")
        setting = Setting(
            kind=self._needed(table, "kind"),
            code=self._needed(table, "code"),
            title=self._needed(table, "title"),
            address=self._placed(self._needed(table, "address")),
            key=self._needed(table, "key"),
            items=self._texts(table, "items"),
            deadline_s=self._seconds(table, "deadline_s", 2.0, 60),
            poll_s=self._seconds(table, "poll_s", 30.0, 86_400),
            at_once=self._count(table, "at_once", 16, 256),
            hedge=self._truth(table, "hedge", usual=True),
            rows=self._text(table, "rows"),
            as_of=self._text(table, "as_of"),
            origin=self._text(table, "origin"),
            known_at=self._text(table, "known_at"),
            doubts=self._texts(table, "doubts"),
            codes={item: self._texts(codes, item) for codes in [self._table(table, "codes")] for item in codes},
            options={name: self._placed(value) for name, value in self._texts(table, "options").items()},
            request=self._table(table, "request"),
            collect=self._texts(table, "collect"),
            hand_over=self._texts(table, "hand_over"),
        )
        self._judge_items(setting)
        self._judge_kind(setting)
        return setting

    def _wrong(self, problem: str) -> None:
        self._tell(f"{self._name}: {problem}")

    def _judge_items(self, setting: Setting) -> None:
        for item in (*setting.items, *(set(setting.codes) - OTHER_CODES)):
            if item not in ITEMS:
                self._wrong(f"{item} is no item of shared data")
        for item in setting.doubts:
            if item not in setting.items:
                self._wrong(f"[doubts] {item} has no path in [items]")
        if setting.key and setting.key not in setting.items:
            self._wrong(f"the key {setting.key} has no path in [items]: an answer must say whom it is about")

    def _judge_kind(self, setting: Setting) -> None:
        kind = KINDS.get(setting.kind)
        if kind is None:
            self._wrong(f"kind must be one of {', '.join(KINDS)}")
            return
        given = {name for name, value in setting.options.items() if value} | ({"rows"} if setting.rows else set())
        for name in sorted(kind.needs - given):
            self._wrong(f"a {setting.kind} department needs {name}")
        for name in sorted(given - kind.needs - kind.may):
            self._wrong(f"a {setting.kind} department has no {name}")
        for path in setting.paths:
            if problem := kind.wrong_path(path, setting.options):
                self._wrong(f"{path!r} {problem}")
        has = {"request": kind.requests, "collect": kind.collects, "origin": kind.passes_on, "known_at": kind.passes_on}
        for name in (name for name, may in has.items() if getattr(setting, name) and not may):
            self._wrong(f"a {setting.kind} department has no {name if name in TEXTS else f'[{name}]'}")
        for problem in (*kind.judge(setting), *wrong_hand_over(setting.hand_over)):
            self._wrong(problem)

    def _placed(self, text: str) -> str:
        return text.replace("${state}", str(self._state))

    def _needed(self, table: Mapping[str, object], name: str) -> str:
        text = self._text(table, name)
        if not text and not (name in table and not isinstance(table[name], str)):
            self._wrong(f"{name} is missing")
        return text

    def _text(self, table: Mapping[str, object], name: str) -> str:
        value = table.get(name, "")
        if isinstance(value, str):
            return value
        self._wrong(f"{name} must be text in quotes")
        return ""

    def _table(self, table: Mapping[str, object], name: str) -> dict[str, object]:
        value = table.get(name, {})
        if isinstance(value, dict):
            return value
        self._wrong(f"{name} must be a table")
        return {}

    def _texts(self, table: Mapping[str, object], name: str) -> dict[str, str]:
        found = self._table(table, name)
        return {key: self._text(found, key) for key in found}

    def _count(self, table: Mapping[str, object], name: str, usual: int, most: int) -> int:
        value = table.get(name, usual)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
            return value
        self._wrong(f"{name} must be a whole number from 1 to {most}")
        return usual

    def _truth(self, table: Mapping[str, object], name: str, *, usual: bool) -> bool:
        value = table.get(name, usual)
        if isinstance(value, bool):
            return value
        self._wrong(f"{name} must be true or false")
        return usual

    def _seconds(self, table: Mapping[str, object], name: str, usual: float, most: int) -> float:
        value = table.get(name, usual)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most:
            return float(value)
        self._wrong(f"{name} must be a number of seconds between 0 and {most}")
        return usual
