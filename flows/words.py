"""The words of matters and terminal. A Chinese message is its own id; another language is a folder of gettext catalogues."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "words"


def languages(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Every language but Chinese, with its catalogue."""
    return {each.name: read_catalogue(each) for each in sorted(folder.iterdir()) if each.is_dir()}


def read_catalogue(folder: Path) -> dict[str, str]:
    """Message id to translation, from every file of a language; fuzzy and empty ones are not used.

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
