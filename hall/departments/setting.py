"""One department as its TOML file says it, and what a kind of connection makes of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hall.departments.connection import Batch, Connection, DepartmentFailure

NOBODY: Mapping[str, str] = {"person.number": "000000190001010009", "employment.credit_code": "000000000000000000"}
"""Keys in the right form that no register has."""


class SettingsWrong(ValueError):
    """The settings of departments or catalogue are wrong; one sentence per problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One department as its TOML file says it. Paths are in the language of the kind:
    jmespath, XPath or column names. `doubts` holds, by item, the path of the department's own mark that the
    value is in doubt; `origin` and `known_at` are paths in rows that are passed on: from which department, and when
    that one last had it so. `poll_s`: how often it is asked whether it has decided. `options`, `request` and `collect`
    are what only this kind knows: single texts, how the question is put, how everything new is fetched. `hand_over` says where a
    clerk goes on in the department's own system (hall.departments.hand_over)."""

    kind: str
    code: str
    title: str
    address: str
    key: str
    items: Mapping[str, str]
    deadline_s: float = 2.0
    poll_s: float = 30.0
    at_once: int = 16
    hedge: bool = True
    rows: str = ""
    as_of: str = ""
    origin: str = ""
    known_at: str = ""
    doubts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, object] = field(default_factory=dict)
    collect: Mapping[str, str] = field(default_factory=dict)
    hand_over: Mapping[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is followed in an answer to a look-up."""
        passed_on = (self.origin, self.known_at)
        return tuple(filter(None, (self.rows, *self.items.values(), self.as_of, *passed_on, *self.doubts.values())))

    @property
    def check_key(self) -> str:
        """Whom a check asks for: somebody the department has for tests, or nobody."""
        return self.options.get("check_key") or NOBODY.get(self.key, "0")

    def password(self) -> str:
        return self.secret("password_file")

    def secret(self, option: str) -> str:
        """What the file of this option holds. Read at each use, so that a changed secret needs no restart."""
        path = Path(self.options[option])
        try:
            return path.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            wrong = f"{option} {path} cannot be read" if path.exists() else f"there is no {option} {path}"
            raise DepartmentFailure("down", wrong) from error

    def words(self, failure: DepartmentFailure) -> str:
        """What a check says of this failure."""
        return f"{self.title}: {self.address} does not answer as agreed ({failure.reason}): {failure.detail}".rstrip(": ")


class Described:
    """What every kind says of its department, out of the settings, and what a kind without a collection answers."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.code, self.title, self.key = setting.code, setting.title, setting.key
        self.items = tuple(setting.items)
        self.deadline_s, self.at_once, self.hedged = setting.deadline_s, setting.at_once, setting.hedge
        self.collects = bool(setting.collect)

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        raise DepartmentFailure("garbled", "a department of this kind cannot be collected")


@dataclass(frozen=True)
class Kind:
    """A kind of connection: how it connects, which options it needs, and its language of paths. `judge` says what else
    is wrong with a department's settings, one sentence each; a kind without `requests` or `collects` has no such table,
    and only one that `passes_on` has `origin` and `known_at`."""

    connect: Callable[[Setting], Connection]
    needs: frozenset[str]
    may: frozenset[str]
    wrong_path: Callable[[str, Mapping[str, str]], str]
    """What is wrong with a path, given the options; "" when nothing is."""
    judge: Callable[[Setting], Sequence[str]] = lambda setting: ()
    requests: bool = False
    collects: bool = False
    passes_on: bool = False
