"""Reads statements/*.sql: every statement of the store by its name, on either engine.

The lines under a name say what it does and why. `:hall` is bound by the transaction. The statements are written in what
SQLite and PostgreSQL have in common; statements/postgresql/*.sql has the few that PostgreSQL must be told otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

STATEMENTS = Path(__file__).with_name("statements")
_PARTS = re.compile(r"'[^']*'|::|:(?P<name>[a-z_][a-z_0-9]*)|(?P<percent>%)|(?<![\w\"])(?P<reserved>window)(?![\w\"])")


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


def for_postgresql(statement: str) -> str:
    """The same statement with psycopg's names; `window`, a word of PostgreSQL's own, in quotes."""

    def part(found: re.Match[str]) -> str:
        if found["name"]:
            return f"%({found['name']})s"
        if found["reserved"]:
            return '"window"'
        return found[0].replace("%", "%%")

    return _PARTS.sub(part, statement)


def _every(folder: Path) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.sql")))


QUERIES: Mapping[str, str] = read_queries(_every(STATEMENTS))
POSTGRESQL: Mapping[str, str] = {
    name: for_postgresql(statement) for name, statement in {**QUERIES, **read_queries(_every(STATEMENTS / "postgresql"))}.items()
}
