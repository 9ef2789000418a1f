"""A note in a simulator's folder, by which it is told something."""

from __future__ import annotations

from pathlib import Path


def read(note: Path) -> str:
    """What it says, "" while there is none."""
    try:
        return note.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def taken(note: Path) -> str:
    """What it says, once; then it is taken away. Not while it is empty: whoever writes one opens it first."""
    said = read(note)
    if said:
        note.unlink(missing_ok=True)
    return said
