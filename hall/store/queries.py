"""Reads statements/*.sql: every statement of the store by its name.

The lines under a name say what it does and why. `:hall` is bound by the transaction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path


def read_queries(text: str) -> dict[str, str]:
    """The statements by name; raises ValueError for one without a description or named twice."""
    queries: dict[str, str] = {}
    for block in re.split(r"^-- name: ", text, flags=re.MULTILINE)[1:]:
        name, *lines = block.splitlines()
        statement = "\n".join(line for line in lines if not line.startswith("--")).strip()
        if not statement or not any(line.startswith("-- ") for line in lines) or name in queries:
            raise ValueError(f"queries: {name} needs one statement, a description and a name of its own")
        queries[name] = statement
    return queries


def _every() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(Path(__file__).with_name("statements").glob("*.sql")))


QUERIES: Mapping[str, str] = read_queries(_every())
