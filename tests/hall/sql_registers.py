"""The same old register in three databases: people of whom one is gone, a slow view, and a function that writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hall import departments
from hall.departments.connection import Connection
from hall.departments.setting import Setting
from tests.hall.servers import MariaDb, Postgres

LYU, CHEN, GONE = "440602199202299863", "440602194901010012", "440605198507123526"
PASSWORD = "open sesame"
FILE = "register ?#%.db"
TABLE = """CREATE TABLE "T_CZRK" ("GMSFHM" CHAR(18) NOT NULL, "XM" VARCHAR(50), "HKDZ" VARCHAR(200), "CSRQ" DATE,
  "HH" NUMERIC(12), "ZXBZ" CHAR(1) NOT NULL DEFAULT '0', "GXSJ" TIMESTAMP NULL, "ZP" {bytes})"""
PEOPLE = (
    (LYU, "吕晓岚", "佛山市禅城区祖庙街道莲花路36号", "1992-02-29", 4406040001, "0", "2026-09-01 09:00:00"),
    (CHEN, "梁?彤", "佛山市禅城区石湾镇街道", "1949-01-01", 4406040002, "0", "2026-09-02 00:00:00"),
    (GONE, "何文静", "佛山市南海区桂城街道", "1985-07-12", 4406050003, "1", "2026-09-03 10:00:00"),
)
INSERT = 'INSERT INTO "T_CZRK" ("GMSFHM", "XM", "HKDZ", "CSRQ", "HH", "ZXBZ", "GXSJ") VALUES '
INSERT += ", ".join(f"({', '.join(repr(value) for value in row)})" for row in PEOPLE)
VIEW = 'CREATE VIEW "V_CZRK" AS SELECT "GMSFHM", "XM", "HKDZ", "CSRQ", "HH", "ZXBZ", "GXSJ" FROM "T_CZRK"'
SETTING = """
kind = "sql"
code = "household"
title = "公安户籍"
address = "{address}"
key = "person.number"
deadline_s = {deadline_s}
{rows}
as_of = "GXSJ"
[options]
{options}
[items]
"person.number" = "GMSFHM"
"person.name" = "XM"
"person.birth" = "CSRQ"
"household.address" = "HKDZ"
"household.number" = "HH"
{more}
"""


@dataclass(frozen=True)
class Register:
    """One of the three; `may_write` is a user who may do everything, "" where there are no users."""

    address: str
    user: str
    may_write: str
    folder: Path

    def toml(self, **changes: Any) -> str:
        user = changes.pop("user", self.user)
        options = f'user = "{user}"\npassword_file = "{self.folder}/password"\n' if user else ""
        options += f'check_key = "{changes.pop("check_key")}"' if "check_key" in changes else ""
        given = {"address": self.address, "deadline_s": 2.0, "options": options, "rows": "V_CZRK", "more": "", **changes}
        given["rows"] = f'rows = "{given["rows"]}"' if given["rows"] else ""
        return SETTING.format(**given)

    def setting(self, **changes: Any) -> Setting:
        """As the hall reads it from a file."""
        folder = self.folder / "departments"
        folder.mkdir(exist_ok=True)
        (folder / "household.toml").write_text(self.toml(**changes), "utf-8")
        return departments.read_settings(folder, self.folder)[0]

    def connect(self, **changes: Any) -> Connection:
        return departments.KINDS["sql"].connect(self.setting(**changes))


def in_postgres(server: Postgres, folder: Path, database: str, encoding: str) -> Register:
    server.run(f"CREATE DATABASE {database} ENCODING '{encoding}' TEMPLATE template0")
    for statement in (
        TABLE.format(bytes="BYTEA"),
        INSERT.replace("'0', '2026", "'0', TIMESTAMP '2026").replace("'1', '2026", "'1', TIMESTAMP '2026"),
        VIEW,
        'CREATE VIEW "V_SLOW" AS SELECT v.* FROM "V_CZRK" v, pg_sleep(20)',
        'CREATE FUNCTION written(k text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM "T_CZRK"; RETURN k; END $$',
        f"DO $$ BEGIN CREATE ROLE hall LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE careless LOGIN PASSWORD '{PASSWORD}';"
        " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        'GRANT SELECT ON "V_CZRK", "V_SLOW" TO hall',
        'GRANT ALL ON "T_CZRK", "V_CZRK" TO careless',
    ):
        server.run(statement, database)
    return Register(server.address(database), "hall", "careless", _with_password(folder))


def in_mariadb(server: MariaDb, folder: Path) -> Register:
    server.run(
        "CREATE DATABASE register CHARACTER SET gbk",
        "USE register",
        "SET SESSION sql_mode = 'ANSI_QUOTES'",
        TABLE.format(bytes="BLOB"),
        INSERT,
        VIEW,
        'CREATE VIEW "V_SLOW" AS SELECT v.* FROM "V_CZRK" v WHERE SLEEP(20) = 0',
        'CREATE FUNCTION written(k VARCHAR(18)) RETURNS VARCHAR(18) MODIFIES SQL DATA BEGIN DELETE FROM "T_CZRK"; RETURN k; END',
    )
    return Register(server.address("register", "?charset=gbk"), "anybody", "anybody", _with_password(folder))


def in_sqlite(folder: Path) -> Register:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with sqlite3.connect(folder / FILE) as base:
        base.execute(TABLE.format(bytes="BLOB"))
        base.execute(INSERT)
        base.execute(VIEW)
        base.execute(f'CREATE VIEW "V_SLOW" AS SELECT v.* FROM "V_CZRK" v WHERE v."XM" <> ({endless})')
    base.close()
    return Register("sqlite:///${state}/register%20%3F%23%25.db", "", "", folder)


@contextmanager
def rows_of(register: Register) -> Iterator[Any]:
    """The department's own way to its SQLite file."""
    with sqlite3.connect(register.folder / FILE) as base:
        yield base
    base.close()


def _with_password(folder: Path) -> Path:
    (folder / "password").write_text(PASSWORD + "\n", "ascii")
    return folder
