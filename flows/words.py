"""The words of matters and terminal. A Chinese message is its own id; another language is a folder of gettext catalogues."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "words"


def languages(folder: Path = FOLDER) -> dict[str, Mapping[str, str]]:
    """Every language but Chinese, with its catalogue."""
    return {each.name: read_catalogue(each) for each in sorted(folder.iterdir()) if each.is_dir()}


@cache
def read_catalogue(folder: Path) -> Mapping[str, str]:
    """Message id to translation, from every file of a language, read once; fuzzy and empty ones are not used.

    Raises ValueError where two files disagree about a message.
    """
    words: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        for said in catalogue:
            message, translation = str(said.id), str(said.string)
            usable = message and translation and not said.fuzzy
            if usable and words.setdefault(message, translation) != translation:
                raise ValueError(f"{path.name}: another file translates {message!r} otherwise")
    return words


def numbers_out(message: str) -> str:
    """A message with {0}, {1} … in place of its numbers: policy writes its numbers into messages."""
    count = itertools.count()
    return re.sub(r"\d+", lambda _: f"{{{next(count)}}}", message)


class Words:
    """Says a message in one language, markup as markup. A message without translation is said in Chinese."""

    def __init__(self, language: Language, catalogue: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._catalogue = catalogue or {}

    def __call__(self, message: str, **values: object) -> str:
        text = type(message)(self._catalogue.get(message) or self._numbered(message))
        return text.format(**values) if values else text

    def _numbered(self, message: str) -> str:
        """Policy writes its numbers into a message (7 天): the catalogue has it once, with {0} for the number."""
        found = self._catalogue.get(numbers_out(message))
        return found.format(*re.findall(r"\d+", message)) if found else message
