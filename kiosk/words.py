"""The words of the terminal in each of its languages; see flows/words.py."""

from __future__ import annotations

from pathlib import Path

from flows.words import FOLDER, Language, Words, read_catalogue


def all_words(folder: Path = FOLDER) -> dict[Language, Words]:
    """Every language of the terminal, Chinese first."""
    return {"zh": Words("zh"), "en": Words("en", read_catalogue(folder / "en"))}
