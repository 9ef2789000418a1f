"""The folder into which a department drops its files: which of them count, and how one is opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from hall.departments.connection import DepartmentFailure, Reason
from hall.departments.records import instant
from hall.working_day import SHANGHAI

LARGEST_FILE = 64 * 1024 * 1024
STAMP = "{stamp}"
STAMPED = r"(\d{8}(?:[T_-]?\d{6})?|\d{4}-\d{2}-\d{2})"
MOST_NAMES = 10


class DropWrong(DepartmentFailure):
    """A drop cannot be used; `step` is where a check would find that out."""

    def __init__(self, step: str, words: str, reason: Reason = "garbled") -> None:
        super().__init__(reason, words)
        self.step = step


@dataclass(frozen=True, order=True)
class Found:
    """A file that counts, in the order of its time: from its name, or else when it was last written."""

    at: datetime
    name: str
    size: int
    changed_ns: int
    inode: int

    @property
    def stamp(self) -> str:
        return self.at.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")


@dataclass(frozen=True)
class Folder:
    """Files named like `name`, in which `*` stands for anything and {stamp} for YYYYMMDD[HHMMSS]. With a `marker` a file
    counts once NAME.marker or NAME.csv.marker lies beside it, written after it. Links are never followed."""

    path: Path
    name: str
    marker: str = ""
    but: str = ""
    """Names that look like `name` and are not meant."""

    def found(self) -> list[Found]:
        """Everything that counts, the newest last."""
        pattern, others = _pattern(self.name), _pattern(self.but)
        entries = [entry for entry in self._entries() if not others.fullmatch(entry.name)]
        named = [(entry, match) for entry in entries if (match := pattern.fullmatch(entry.name))]
        dated = [found for entry, match in named if (found := self._dated(entry, match))]
        return sorted(found for found in dated if not self.marker or self._is_marked(found))

    def newest(self) -> Found:
        found = self.found()
        if found:
            return found[-1]
        there = sorted(entry.name for entry in self._entries())
        listed = ", ".join(there[:MOST_NAMES]) + (" …" if len(there) > MOST_NAMES else "")
        with_marker = f" with its {self.marker}" if self.marker else ""
        raise DropWrong("file", f"there is no file {self.name}{with_marker} in {self.path}, only {listed or 'nothing'}", "down")

    @contextmanager
    def opened(self, found: Found) -> Iterator[BinaryIO]:
        """The file as it was found; raises DropWrong when it is another one or changes while it is read."""
        try:
            # NONBLOCK: a pipe of that name would be waited for. It means nothing to a file.
            line = os.open(self.path / found.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise DropWrong("file", f"{found.name} cannot be opened ({error.strerror})", "down") from error
        with os.fdopen(line, "rb") as file:
            self._judge_same(found, file)
            yield file
            self._judge_same(found, file)

    def _judge_same(self, found: Found, file: BinaryIO) -> None:
        facts = os.fstat(file.fileno())
        if (facts.st_ino, facts.st_size, facts.st_mtime_ns) != (found.inode, found.size, found.changed_ns):
            raise DropWrong("file", f"{found.name} changes while it is read: it must be renamed when it is complete")

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.path) as entries:
                return list(entries)
        except OSError as error:
            raise DropWrong("folder", f"{self.path} cannot be looked into ({error.strerror})", "down") from error

    def _dated(self, entry: os.DirEntry[str], match: re.Match[str]) -> Found | None:
        """None for what is no file, has no date, or went away."""
        try:
            facts = entry.stat(follow_symlinks=False)
            at = instant(re.sub(r"\D", "", match[1])) if match.re.groups else datetime.fromtimestamp(facts.st_mtime, SHANGHAI)
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(facts.st_mode):
            return None
        return Found(at, entry.name, facts.st_size, facts.st_mtime_ns, facts.st_ino)

    def _is_marked(self, found: Found) -> bool:
        for beside in {found.name + self.marker, Path(found.name).stem + self.marker}:
            try:
                facts = (self.path / beside).lstat()
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode) and facts.st_mtime_ns >= found.changed_ns:
                return True
        return False


def wrong_name(name: str) -> str:
    """Why this cannot name files; "" when it can."""
    if "/" in name or name.count(STAMP) > 1 or "{" in name.replace(STAMP, ""):
        return "must be a file's name, with * for anything and {stamp} for its date"
    return ""


def _pattern(name: str) -> re.Pattern[str]:
    parts = re.split(r"(\*|\{stamp\})", name)
    return re.compile("".join({"*": ".*", STAMP: STAMPED}.get(part, re.escape(part)) for part in parts), re.DOTALL)
