"""Reads queries.sql: every statement of the store by its name."""

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
            raise ValueError(f"queries.sql: {name} needs one statement, a description and a name of its own")
        queries[name] = statement
    return queries


QUERIES: Mapping[str, str] = read_queries(Path(__file__).with_name("queries.sql").read_text(encoding="utf-8"))
