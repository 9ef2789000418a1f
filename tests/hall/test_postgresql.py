"""A hall on a real PostgreSQL: alike on both engines, and never a success that is not on the disk."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hall.store.database import DatabaseUnfit
from hall.store.hall_store import HallStore
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.queries import POSTGRESQL, QUERIES, for_postgresql
from hall.store.staff import Account
from tests.hall import engines
from tests.hall.engines import EMPTY, OnPostgresql
from tests.hall.postgresql_stage import password, repeated, staff, told
from tests.hall.servers import HOST
from tests.patience import SOON_S


def test_every_statement_is_understood_by_both_engines(halls: OnPostgresql, tmp_path: Path) -> None:
    (tmp_path / "hall.db").write_bytes(EMPTY)
    with closing(sqlite3.connect(tmp_path / "hall.db")) as file:
        for statement in QUERIES.values():
            names = dict.fromkeys(re.findall(r"(?<!:):([a-z_][a-z_0-9]*)", statement))
            file.execute(f"EXPLAIN {statement}", names)
    with halls.server.owner(halls.database(tmp_path / "hall.db")) as server:
        for number, statement in enumerate(POSTGRESQL.values()):
            gaps = list(dict.fromkeys(re.findall(r"%\(([a-z_0-9]+)\)s", statement)))
            places = statement.replace("%%", "%")
            for place, name in enumerate(gaps, start=1):
                places = places.replace(f"%({name})s", f"${place}")
            server.execute(f"PREPARE statement_{number} AS {places}")


def test_a_statement_keeps_its_strings_and_casts() -> None:
    written = "SELECT 'a:b window 5%', window, t.window, windows, x::text FROM t WHERE window = :window AND y LIKE :y || '%'"
    meant = (
        'SELECT \'a:b window 5%%\', "window", t."window", windows, x::text FROM t '
        "WHERE \"window\" = %(window)s AND y LIKE %(y)s || '%%'"
    )
    assert for_postgresql(written) == meant


def test_both_engines_have_the_same_tables_columns_and_indices(halls: OnPostgresql, tmp_path: Path) -> None:
    (tmp_path / "hall.db").write_bytes(EMPTY)
    kinds = {"INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea"}
    with closing(sqlite3.connect(tmp_path / "hall.db")) as file:
        made = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%yoyo%' AND name NOT LIKE 'sqlite_%'"
        tables = [name for (name,) in file.execute(made).fetchall()]
        columns = {(t, c[1], kinds[c[2]]) for t in tables for c in file.execute(f"PRAGMA table_info({t})")}
        named = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE '%yoyo%'"
        indices = {name for (name,) in file.execute(named)}
    with halls.server.owner(halls.database(tmp_path / "hall.db")) as server:
        theirs = "table_schema = 'public' AND table_name NOT LIKE '%yoyo%' AND table_name <> 'field_key'"
        found = server.execute(f"SELECT table_name, column_name, data_type FROM information_schema.columns WHERE {theirs}")
        assert set(found.fetchall()) == columns
        found = server.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname !~ '_(pkey|key)$'")
        assert {name for (name,) in found.fetchall() if "yoyo" not in name} == indices


STARTS = """
import asyncio, sys
from pathlib import Path
from hall.store.hall_store import HallStore
from hall.store.postgresql_address import PostgresqlAddress

async def story():
    store = HallStore.open(PostgresqlAddress.read(sys.argv[1]), hall="H1", key_file=Path(sys.argv[2]))
    print(await store.last_event())
    await store.close()

asyncio.run(story())
"""


def test_processes_that_start_at_once_on_an_empty_database_all_come_up(halls: OnPostgresql, tmp_path: Path) -> None:
    halls.server.run("CREATE DATABASE fresh TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    given = [f"postgresql:{halls.address('fresh').conninfo}", str(tmp_path / "field.key")]
    starting = [
        subprocess.Popen([sys.executable, "-c", STARTS, *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [one.communicate(timeout=SOON_S) for one in starting] == [("0\n", "")] * 3
    halls.server.run("DROP DATABASE fresh")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_a_process_killed_while_it_changed_the_tables_keeps_nobody_out(engine: str, tmp_path: Path) -> None:
    stale = "INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, '2026-11-23', 1)"

    async def story() -> None:
        await engines.store(tmp_path / "hall.db").close()
        engines.change(tmp_path / "hall.db", stale)
        await engines.store(tmp_path / "hall.db").close()

    told(story)


def test_another_field_key_than_that_of_the_other_processes_is_refused(halls: OnPostgresql, tmp_path: Path) -> None:
    address = halls.place(tmp_path / "hall.db")
    told(HallStore.open(address, hall="H1", key_file=tmp_path / "field.key").close)
    with pytest.raises(DatabaseUnfit, match=r"give every process the same field\.key"):
        HallStore.open(address, hall="H1", key_file=tmp_path / "other.key")
    told(HallStore.open(address, hall="H2", key_file=tmp_path / "other.key").close)


def test_a_database_that_sorts_otherwise_is_refused_with_what_to_do(halls: OnPostgresql, tmp_path: Path) -> None:
    halls.server.run("CREATE DATABASE odd TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(DatabaseUnfit, match=r"createdb --template=template0 --encoding=UTF8 --locale=C"):
        HallStore.open(halls.address("odd"), hall="H1", key_file=tmp_path / "field.key")
    halls.server.run("DROP DATABASE odd")


def test_a_database_that_is_not_there_is_one_sentence(halls: OnPostgresql, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnfit, match=r"^the hall's database cannot be used: .*database \"nowhere\" does not exist$"):
        HallStore.open(halls.address("nowhere"), hall="H1", key_file=tmp_path / "field.key")


def test_the_password_comes_from_a_file_and_a_new_one_needs_no_restart(halls: OnPostgresql, tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    database = halls.database(path)
    halls.server.run("CREATE ROLE hall LOGIN PASSWORD 'first' SUPERUSER")
    (tmp_path / "password").write_text("first\n", encoding="utf-8")
    address = PostgresqlAddress.read(f"postgresql://hall@{HOST}:{halls.server.port}/{database}", tmp_path / "password")

    async def story() -> None:
        store = HallStore.open(address, hall="H1", key_file=tmp_path / "field.key")
        await store.add_staff(Account("zhang", "hash"), staff("zhang"))
        halls.server.run("ALTER ROLE hall PASSWORD 'second'")
        (tmp_path / "password").write_text("second\n", encoding="utf-8")
        halls.server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hall'")
        await repeated(lambda: store.add_staff(Account("wang", "hash"), staff("wang")))
        assert await password(store, "wang") == "hash"
        await store.close()

    told(story)
    halls.server.run("DROP ROLE hall")
