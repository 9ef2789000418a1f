"""Where a hall's PostgreSQL is, as its configuration says: never with a password in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

SCHEME = "postgresql:"


@dataclass(frozen=True)
class PostgresqlAddress:
    """`conninfo` in libpq's words, so that several hosts, TLS, services and password files of libpq all work."""

    conninfo: str
    password_file: Path | None = None

    @classmethod
    def read(cls, written: str, password_file: Path | None = None) -> Self:
        """`postgresql://user@host/name` or `postgresql:service=hall`; ValueError in words, without the text itself."""
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        if not written.startswith(SCHEME):
            raise ValueError("must begin with postgresql:")
        conninfo = written if written.startswith(f"{SCHEME}//") else written.removeprefix(SCHEME).strip()
        try:
            parts = conninfo_to_dict(conninfo)
        except (ProgrammingError, UnicodeDecodeError):
            raise ValueError(
                "is not an address such as postgresql://hall@db1,db2/yimen?target_session_attrs=read-write"
            ) from None
        if "password" in parts:
            raise ValueError("may hold no password: name a password_file, or use a service or password file of libpq")
        if not parts.keys() & {"dbname", "service"}:
            raise ValueError("must name a database or a service")
        return cls(conninfo, password_file)

    def password(self) -> str | None:
        """Read at each connection, so that a changed one needs no restart. None: libpq finds it, or none is asked for."""
        if self.password_file is None:
            return None
        return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
