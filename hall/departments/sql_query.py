"""A SELECT written for one department that gives the hall no view: what may stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import TextClause, text

TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`)
    |(?P<comment>--|/\*|\#)
    |(?P<bind>(?<![:\w]):\w+)
    |(?P<word>\w[\w$\#]*)
    |(?P<sign>::|\S)""",
    re.VERBOSE,
)
REFUSED_SIGNS = {
    ";": "holds a semicolon: it is one statement",
    "$": "quotes with $, which databases read differently",
    "[": 'quotes with [ ]: names are quoted with "',
    "'": "has a quotation mark that is not closed",
    '"': "has a quotation mark that is not closed",
    "`": "has a quotation mark that is not closed",
}
WRITING = """INSERT UPDATE DELETE MERGE UPSERT TRUNCATE CREATE ALTER DROP GRANT REVOKE SET CALL EXEC EXECUTE DO COPY INTO
LOCK UNLOCK ATTACH DETACH PRAGMA VACUUM HANDLER LOAD NEXTVAL SETVAL SET_CONFIG GET_LOCK SLEEP BENCHMARK LOAD_FILE"""
"""Words of statements that write, lock or wait; a column of such a name is quoted."""
WRITING_FAMILIES = ("LO_", "DBLINK", "PG_", "XP_", "SP_", "DBMS_", "UTL_")


def problem(query: str, *, keyed: bool) -> str:
    """Why it is not one harmless SELECT, with `:key` or without; "" when nothing can be seen.

    What cannot be seen from outside, such as a function that writes, the database refuses: it is only ever asked within
    a transaction that may not write, and as a part of another SELECT.
    """
    tokens = [(str(found.lastgroup), found.group()) for found in TOKEN.finditer(query)]
    words = [token.upper() for kind, token in tokens if kind == "word"]
    binds = {token for kind, token in tokens if kind == "bind"}
    if not words or tokens[0][0] != "word" or words[0] not in ("SELECT", "WITH"):
        return "is no SELECT"
    if binds != ({":key"} if keyed else set()):
        return "asks for :key and nothing else" if keyed else "asks for nobody: it has no :key"
    return "holds a backslash, which databases read differently" if "\\" in query else next(_refusals(tokens, words), "")


def clause(query: str) -> TextClause:
    """The query for SQLAlchemy, to which a colon within quotation marks would be a parameter."""
    return text(TOKEN.sub(lambda found: found[0].replace(":", r"\:") if found.lastgroup == "quoted" else found[0], query))


def _refusals(tokens: list[tuple[str, str]], words: list[str]) -> Iterator[str]:
    for kind, token in tokens:
        if kind == "comment":
            yield f"holds a comment ({token}), within which some databases run statements"
        if kind == "sign" and token in REFUSED_SIGNS:
            yield REFUSED_SIGNS[token]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word in WRITING.split() or word.startswith(WRITING_FAMILIES):
            yield f"would write, lock or wait ({word})"
        if word == "FOR" and following in ("SHARE", "KEY", "NO"):
            yield f"would lock (FOR {following})"
