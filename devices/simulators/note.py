"""A note in a simulator's folder, by which it is told something once."""

from __future__ import annotations

from pathlib import Path


def taken(note: Path) -> str:
    """What it says; then it is taken away. "" while there is none, and while it is empty: whoever writes one opens it first."""
    try:
        said = note.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    if said:
        note.unlink(missing_ok=True)
    return said
