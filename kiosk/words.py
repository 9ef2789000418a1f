"""The words of the terminal. A Chinese message is its own id; other languages are gettext catalogues."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]

FOLDER = Path(__file__).parent.parent / "assets" / "words"


class Words:
    """Says a message in one language. A message without translation is said in Chinese."""

    def __init__(self, language: Language, catalogue: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._catalogue = catalogue or {}

    def __call__(self, message: str, **values: object) -> str:
        text = self._catalogue.get(message) or self._numbered(message)
        return text.format(**values) if values else text

    def _numbered(self, message: str) -> str:
        """Policy writes its numbers into a message (7 天): the catalogue has it once, with {0} for the number."""
        found = self._catalogue.get(numbers_out(message))
        return found.format(*re.findall(r"\d+", message)) if found else message


def numbers_out(message: str) -> str:
    """A message with {0}, {1} … in place of its numbers."""
    count = itertools.count()
    return re.sub(r"\d+", lambda _: f"{{{next(count)}}}", message)


def read_catalogue(path: Path) -> dict[str, str]:
    """Message id to translation; fuzzy and empty ones are not used."""
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}


def all_words(folder: Path = FOLDER) -> dict[Language, Words]:
    """Every language of the terminal, Chinese first."""
    return {"zh": Words("zh"), "en": Words("en", read_catalogue(folder / "en.po"))}
