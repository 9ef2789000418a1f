"""What a window can do. By rule every window does every matter; hall.toml may say otherwise of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

SKILL = "skill:"
"""How a line that is meant for those with a skill is named, beside lines named by a window's number."""


@dataclass(frozen=True)
class Scope:
    """`matters` None: every one. `skills` are names that tickets can be passed on to."""

    matters: tuple[str, ...] | None = None
    skills: tuple[str, ...] = ()

    def does(self, matter: str) -> bool:
        return self.matters is None or matter in self.matters

    @property
    def comprehensive(self) -> bool:
        return self.matters is None and not self.skills


ANY = Scope()


@dataclass(frozen=True)
class Windows:
    """The hall's windows in order, and the scopes of those that are not comprehensive."""

    numbers: tuple[str, ...] = ()
    scopes: Mapping[str, Scope] | None = None

    def scope(self, window: str) -> Scope:
        return (self.scopes or {}).get(window, ANY)

    def serving(self, line: str, matter: str) -> tuple[str, ...]:
        """The windows that may call a ticket of this line ("" anybody's) and matter."""
        if line.startswith(SKILL):
            return tuple(
                n for n in self.numbers if line.removeprefix(SKILL) in self.scope(n).skills and self.scope(n).does(matter)
            )
        if line:
            return (line,)
        return tuple(number for number in self.numbers if self.scope(number).does(matter))

    def targets(self, matter: str, without: str) -> tuple[str, ...]:
        """Where a ticket may be passed on to: other windows that do the matter, then skills of such windows."""
        others = [number for number in self.numbers if number != without and self.scope(number).does(matter)]
        skills = sorted({skill for number in others for skill in self.scope(number).skills})
        return (*others, *(SKILL + skill for skill in skills))

    def undone(self, matters: Collection[str]) -> tuple[str, ...]:
        """Matters that no window does, open or not."""
        return tuple(matter for matter in matters if self.numbers and not self.serving("", matter))


def read_scopes(written: Mapping[str, object], numbers: Collection[str]) -> tuple[Mapping[str, Scope], tuple[str, ...]]:
    """The sections [windows.N] of hall.toml, and what is wrong with them."""
    from flows.matters import MATTERS

    scopes: dict[str, Scope] = {}
    problems: list[str] = []
    for number, settings in written.items():
        if number not in numbers or not isinstance(settings, dict) or set(settings) - {"matters", "skills"}:
            problems.append(f"[windows.{number}] must name a window of hall.windows and may hold matters and skills only")
            continue
        matters, skills = settings.get("matters"), settings.get("skills", [])
        if matters is not None and (not _texts(matters) or not matters or set(matters) - set(MATTERS)):
            problems.append(f"windows.{number}.matters must be a list of codes of matters, e.g. {sorted(MATTERS)[0]}")
        elif not _texts(skills) or not all(re.fullmatch(r"[a-z0-9-]{1,24}", one) for one in skills):
            problems.append(f"windows.{number}.skills must be a list of short names in small latin letters")
        else:
            scopes[number] = Scope(None if matters is None else tuple(matters), tuple(skills))
    undone = Windows(tuple(numbers), scopes).undone(tuple(MATTERS))
    if undone and not problems:
        problems.append(f"no window does {', '.join(undone)}: leave one window without matters, or name them")
    return scopes, tuple(problems)


def _texts(written: object) -> bool:
    return isinstance(written, list) and all(isinstance(one, str) for one in written)
