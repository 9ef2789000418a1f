"""What a database's refusal means: its codes as reasons and words, never its own text, which may quote a row."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from hall.departments.connection import DepartmentFailure, Reason

NO_ENTRY = "the user or the password is not accepted"
NO_TABLE = "there is no such table or view"
NO_COLUMN = "there is no such column"
NO_RIGHT = "the user may not read this"
TOO_LONG = "the statement took too long"
WOULD_WRITE = "it would write, which is refused"

CODES: Mapping[str, tuple[Reason, str]] = {
    # PostgreSQL, appendix A of its manual
    "28000": ("refused", NO_ENTRY),
    "28P01": ("refused", NO_ENTRY),
    "42501": ("refused", NO_RIGHT),
    "42P01": ("garbled", NO_TABLE),
    "42703": ("garbled", NO_COLUMN),
    "57014": ("late", TOO_LONG),
    "25006": ("garbled", WOULD_WRITE),
    # MySQL and MariaDB, the reference of server errors
    "1044": ("refused", NO_ENTRY),
    "1045": ("refused", NO_ENTRY),
    "1698": ("refused", NO_ENTRY),
    "1142": ("refused", NO_RIGHT),
    "1143": ("refused", NO_RIGHT),
    "1370": ("refused", NO_RIGHT),
    "1049": ("down", "there is no such database"),
    "1146": ("garbled", NO_TABLE),
    "1054": ("garbled", NO_COLUMN),
    "1792": ("garbled", WOULD_WRITE),
    "1969": ("late", TOO_LONG),
    "3024": ("late", TOO_LONG),
    # SQLite, its result codes
    "SQLITE_CANTOPEN": ("down", "the file is not there or cannot be opened"),
    "SQLITE_BUSY": ("late", "the department is writing and holds the file"),
    "SQLITE_LOCKED": ("late", "the department is writing and holds the file"),
    "SQLITE_INTERRUPT": ("late", TOO_LONG),
    "SQLITE_NOTADB": ("garbled", "the file is no SQLite database"),
    "SQLITE_READONLY": ("garbled", WOULD_WRITE),
}
ENTRY_REFUSED = re.compile("password|authentication|pg_hba|role |认证|口令|角色")
"""PostgreSQL gives no code when it lets nobody in, only a sentence in the server's language."""


def failure_of(error: Exception) -> DepartmentFailure:
    """Whatever a driver raised, without its words: broken bytes make drivers raise nearly anything."""
    told = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code = _code(told)
    if code in CODES:
        return DepartmentFailure(*CODES[code])
    chain = list(_chain(told))
    if any(isinstance(one, ssl.SSLCertVerificationError) or "certificate verify failed" in str(one) for one in chain):
        return DepartmentFailure("untrusted", "its certificate is not to be trusted")
    if any(isinstance(one, TimeoutError) or type(one).__name__ == "ConnectionTimeout" for one in chain):
        return DepartmentFailure("late", "it does not answer in time")
    if not _is_about_the_line(error, code) or "decode" in str(told):
        return DepartmentFailure("garbled", f"what it says cannot be used ({code or type(told).__name__})")
    if not code and ENTRY_REFUSED.search(str(told)):
        return DepartmentFailure("refused", NO_ENTRY)
    return DepartmentFailure("down", f"it cannot be reached ({code or type(told).__name__})")


def _is_about_the_line(error: Exception, code: str) -> bool:
    return isinstance(error, OperationalError | InterfaceError | OSError) and not code.startswith("SQLITE")


def _code(told: BaseException) -> str:
    """MySQL's number, PostgreSQL's SQLSTATE or SQLite's name; "" when the driver has none."""
    first = told.args[0] if told.args else None
    if isinstance(first, int) and not isinstance(told, OSError):
        return str(first)
    named = getattr(told, "sqlstate", None) or getattr(told, "sqlite_errorname", None)
    return named if isinstance(named, str) else ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
