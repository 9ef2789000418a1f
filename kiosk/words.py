"""The words of the terminal. A Chinese message is its own id; see flows/words.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from flows.words import FOLDER, numbers_out, read_catalogue

Language = Literal["zh", "en"]


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


def all_words(folder: Path = FOLDER) -> dict[Language, Words]:
    """Every language of the terminal, Chinese first."""
    return {"zh": Words("zh"), "en": Words("en", read_catalogue(folder / "en"))}
