"""The demonstration's people in other departments' systems: an old PostgreSQL, a SQLite file, lines of fixed width."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hall.demo import household, registers
from hall.demo.market_regulation import companies
from hall.demo.people import everybody
from tests.hall.demo_desk import DEMO
from tests.hall.servers import Postgres

PASSWORD = "open sesame"
DATED = "20261120T180000"
WIDTHS = (18, 60, 10, 1)
RESIDENCE = {
    "residence.number": "zjhm",
    "residence.address": "dz",
    "residence.city": "cs",
    "residence.issued": "qfrq",
    "residence.expiry": "yxqz",
    "residence.basis": "sy",
}
CARD = {
    "resident_card.issued": "qfrq",
    "resident_card.expiry": "yxqz",
    "resident_card.state": "zt",
    "resident_card.fingerprints": "zw",
}
POPULATION = """
kind = "sql"
code = "population"
title = "公安人口"
address = "sqlite:///{place}"
key = "person.number"
as_of = "gxsj"

[request]
query = '''
SELECT r.sfzh, r.gxsj, {columns}
FROM ryxx AS r LEFT JOIN jzz ON jzz.sfzh = r.sfzh LEFT JOIN sfz ON sfz.sfzh = r.sfzh
WHERE r.sfzh = :key'''

[items]
"person.number" = "sfzh"
{items}

[codes."resident_card.fingerprints"]
"1" = "yes"
"0" = "no"
"""
COMPANIES = """
kind = "file_drop"
code = "market_regulation"
title = "市场监督管理"
address = "{place}"
key = "employment.credit_code"
as_of = "文件日期"

[options]
format = "fixed"
encoding = "gb18030"

[items]
"employment.credit_code" = "1-18"
"company.name" = "19-78"
"company.status" = "79-88"
"company.credit" = "89-89"

[codes."company.credit"]
"1" = "good"
"2" = "abnormal"
"3" = "serious"
"""


def household_in_postgres(server: Postgres, folder: Path) -> str:
    """The department's TOML: what the demonstration says of its MariaDB, at another address."""
    server.run("CREATE DATABASE household ENCODING 'EUC_CN' TEMPLATE template0")
    names = household.COLUMNS.split(", ")
    columns = ", ".join(f'"{name}"' for name in names)
    server.run('CREATE TABLE "T_CZRK" (' + ", ".join(f'"{name}" VARCHAR(200)' for name in names) + ")", "household")
    with server.owner("household") as owner, owner.cursor() as cursor:
        rows = [household.values(person) for person in everybody() if person.household]
        lossy = [[value.encode("gb2312", "replace").decode("gb2312") for value in row] for row in rows]
        cursor.executemany(f'INSERT INTO "T_CZRK" ({columns}) VALUES ({", ".join(["%s"] * len(names))})', lossy)
    for statement in (
        'ALTER TABLE "T_CZRK" ALTER "GMSFHM" TYPE CHAR(18)',
        'CREATE INDEX ON "T_CZRK" ("GMSFHM")',
        f'CREATE VIEW "V_CZRK_YM" AS SELECT {columns} FROM "T_CZRK"',
        f"CREATE ROLE hall_of_the_town LOGIN PASSWORD '{PASSWORD}'",
        'GRANT SELECT ON "V_CZRK_YM" TO hall_of_the_town',
    ):
        server.run(statement, "household")
    (folder / "household.password").write_text(PASSWORD, "ascii")
    toml = (DEMO / "departments" / "household.toml").read_text("utf-8")
    toml = toml.replace("mysql+pymysql://127.0.0.1:8103/register?charset=gbk", server.address("household"))
    toml = toml.replace('user = "hall"', 'user = "hall_of_the_town"')
    return toml.replace("${state}/demo/household.password", f"{folder}/household.password")


def population_in_sqlite(place: Path) -> str:
    """The department's TOML: three tables and no view, read by a SELECT."""
    base = sqlite3.connect(place)
    with base:
        base.execute("CREATE TABLE ryxx (sfzh TEXT PRIMARY KEY, gxsj TEXT)")
        for table, parts in (("jzz", RESIDENCE), ("sfz", CARD)):
            base.execute(f"CREATE TABLE {table} (sfzh TEXT PRIMARY KEY, {', '.join(parts.values())})")
        for told in filter(None, map(registers.population, everybody())):
            base.execute("INSERT INTO ryxx VALUES (?, ?)", (told["sfzh"], told["gxsj"]))
            for table, parts in (("jzz", RESIDENCE), ("sfz", CARD)):
                if table in told:
                    marks = ", ".join("?" * (len(parts) + 1))
                    row = [told["sfzh"], *(told[table][part] for part in parts.values())]
                    base.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    base.close()
    named = {item: f"{table}_{part}" for table, parts in (("jzz", RESIDENCE), ("sfz", CARD)) for item, part in parts.items()}
    columns = ", ".join(f"{name.replace('_', '.')} AS {name}" for name in named.values())
    items = "\n".join(f'"{item}" = "{name}"' for item, name in named.items())
    return POPULATION.format(place=place, columns=columns, items=items)


def companies_in_fixed_width(folder: Path) -> str:
    """The department's TOML, and the newest drop."""
    lines = []
    for company in companies():
        cells = (company.credit_code, company.name, company.status, company.credit)
        lines.append(b"".join(cell.encode("gb18030").ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)))
    folder.mkdir()
    (folder / f"GSDJ_{DATED}.txt").write_bytes(b"\r\n".join([*lines, f"END{len(lines):06}".encode(), b""]))
    return COMPANIES.format(place=folder)
