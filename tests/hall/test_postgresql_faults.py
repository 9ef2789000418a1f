"""What may go wrong between a hall and its PostgreSQL: never a success that is not on the disk, and it comes back by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from select import select
from threading import Event
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from hall.bootstrap import cupboard
from hall.config import ConfigWrong
from hall.errors import AuditUnavailable
from hall.store.postgresql import PostgresqlDatabase
from hall.store.postgresql_connection import SETTINGS, connect
from hall.store.queries import POSTGRESQL
from hall.store.request import Request
from hall.store.staff import Account
from hall.store.transaction import Transaction
from hall.verify import main, verify
from tests.hall.console_stage import stage_config
from tests.hall.engines import OnPostgresql, with_statement
from tests.hall.fakes import NOON, open_hall, visit_id
from tests.hall.postgresql_stage import NEW, other, password, repeated, staff, told
from tests.patience import SOON_S

TWICE = "INSERT INTO staff (hall, name, password) VALUES (:hall, 'li', '')"


def test_a_server_that_goes_away_is_said_and_one_that_comes_back_is_found(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            first = await hall.submit(1)
            with halls.server.down():
                with pytest.raises(AuditUnavailable):
                    await hall.store.add_staff(Account("zhang", "hash"), staff("zhang"))
                with pytest.raises(AuditUnavailable):
                    await hall.store.last_event()
            await repeated(lambda: hall.store.add_staff(Account("zhang", "hash"), staff("zhang")))
            assert (await hall.store.standing(visit_id(1))).ticket.number == first.number
            assert verify(halls.place(hall.path)) == {"H1": None}

    told(story)


def test_a_connection_lost_in_the_middle_of_a_group_is_nobodys_success(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            add = hall.store.add_staff

            def cut() -> None:
                halls.server.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' "
                    f"AND datname = '{halls.database(hall.path)}'"
                )

            answers = await asyncio.gather(
                add(Account("zhang", "hash"), staff("zhang")),
                hall.store.write(lambda tx: cut()),
                add(Account("li", "hash"), staff("li")),
                return_exceptions=True,
            )
            assert [type(answer) for answer in answers] == [AuditUnavailable] * 3
            assert await password(hall.store, "zhang") is None
            await add(Account("zhang", "hash"), staff("zhang"))
            assert await password(hall.store, "zhang") == "hash"

    told(story)


def test_a_commit_whose_wait_for_a_standby_was_cancelled_is_no_success(halls: OnPostgresql, tmp_path: Path) -> None:
    """The server says COMMIT and, in a warning, that it may be lost with this machine."""

    async def waiting_for_a_standby(database: str) -> int:
        named = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = %s"
        with halls.server.owner("postgres") as server:
            async with asyncio.timeout(SOON_S):
                while True:
                    if found := server.execute(named, (database,)).fetchall():
                        return int(found[0][0])
                    await asyncio.sleep(0.01)

    def standby(name: str) -> None:
        halls.server.run(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        halls.server.run("SELECT pg_reload_conf()")

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.store.last_event()
            standby("elsewhere")
            try:
                asked = asyncio.create_task(hall.store.add_staff(Account("zhang", "hash"), staff("zhang")))
                pid = await waiting_for_a_standby(halls.database(hall.path))
                halls.server.run(f"SELECT pg_cancel_backend({pid})")
                with pytest.raises(AuditUnavailable):
                    await asked
            finally:
                standby("")
            await hall.store.add_staff(Account("zhang", "hash"), staff("zhang"))
            assert [line.event for line in await hall.store.audit_of("clerk:zhang")] == ["staff_added"], "its key makes it one"

    told(story)


def test_a_caller_that_goes_away_cancels_nothing(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            asked = asyncio.create_task(hall.store.add_staff(Account("zhang", "hash"), staff("zhang")))
            await asyncio.sleep(0)
            asked.cancel()
            await hall.store.add_staff(Account("li", "hash"), staff("li"))
            assert asked.cancelled()
            assert await password(hall.store, "zhang") == "hash"

    told(story)


def test_commands_that_wait_together_share_one_commit_and_a_bad_one_fails_alone(
    halls: OnPostgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_statement(monkeypatch, "in_transaction", "SELECT txid_current() AS number")
    with_statement(monkeypatch, "twice", TWICE)

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            write = hall.store.write
            await write(lambda tx: tx.all("twice"))
            groups = [write(lambda tx: tx.all("in_transaction")[0]["number"]) for _ in range(20)]
            first, *answers = await asyncio.gather(
                *groups[:10], write(lambda tx: tx.all("twice")), *groups[10:], return_exceptions=True
            )
            (refused,) = (answer for answer in answers if not isinstance(answer, int))
            assert isinstance(refused, psycopg.errors.UniqueViolation)
            assert isinstance(first, int)
            assert len({answer for answer in answers if isinstance(answer, int)}) == 1, "all that waited for the first"

    told(story)


def test_a_refusal_that_arrives_before_the_rest_is_sent_is_told_as_it_is(
    halls: OnPostgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_statement(monkeypatch, "twice", TWICE)
    execute = Connection.execute

    def heard_at_once(connection: Connection[Any], statement: Any, *values: Any) -> Any:
        said = execute(connection, statement, *values)
        if statement == POSTGRESQL["twice"]:
            select([connection.fileno()], [], [], SOON_S)
        return said

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.store.write(lambda tx: tx.all("twice"))
            monkeypatch.setattr(Connection, "execute", heard_at_once)
            with pytest.raises(psycopg.errors.UniqueViolation):
                await hall.store.write(lambda tx: tx.all("twice"))
            await hall.store.add_staff(Account("zhang", "hash"), staff("zhang"))
            assert await password(hall.store, "zhang") == "hash"

    told(story)


def test_what_a_refused_command_wrote_is_undone_alone(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:

            def half_done(tx: Transaction) -> None:
                tx.all("add_staff", name="half", password="", **NEW)
                raise LookupError

            add = hall.store.add_staff
            answers = await asyncio.gather(
                add(Account("zhang", "1"), staff("zhang")),
                hall.store.write(half_done),
                add(Account("li", "2"), staff("li")),
                return_exceptions=True,
            )
            assert [type(answer) for answer in answers] == [type(None), LookupError, type(None)]
            assert [await password(hall.store, name) for name in ("zhang", "half", "li")] == ["1", None, "2"]

    told(story)


def test_a_commit_is_durable_whatever_the_database_is_set_to(
    halls: OnPostgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_statement(monkeypatch, "durable", "SELECT current_setting('synchronous_commit') AS kept")
    database = halls.database(tmp_path / "hall.db")
    halls.server.run(f"ALTER DATABASE {database} SET synchronous_commit = off")

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            assert await hall.store.write(lambda tx: tx.all("durable")[0]["kept"]) == "on"

    told(story)
    halls.server.run(f"ALTER DATABASE {database} RESET synchronous_commit")


def test_two_processes_write_one_chain_and_number_events_without_a_gap(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            second = other(halls, hall.path)
            for n in range(40):
                await hall.submit(n + 1)
            calls = [(hall.store, second)[n % 2] for n in range(40)]
            called = await asyncio.gather(
                *(store.call_next(NOON.date(), Request(f"c{n}", "clerk:li", NOON, str(n))) for n, store in enumerate(calls))
            )
            assert sorted(map(str, called)) == sorted(visit_id(n + 1) for n in range(40))
            assert [event.number for event in await second.events_after(0)] == list(range(1, 81))
            assert verify(halls.place(hall.path)) == {"H1": None}
            await second.close()

    told(story)


@pytest.mark.parametrize("deaf", [False, True], ids=["by the bell", "by looking"])
def test_a_page_of_one_process_hears_what_another_committed(
    halls: OnPostgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    if deaf:  # the bell is lost on the way
        with_statement(monkeypatch, "ring", "SELECT :channel")

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            second = other(halls, hall.path)
            async with asyncio.timeout(SOON_S):  # rung once as it begins to listen
                await second.changed.wait()
            bell = second.changed
            await hall.submit(1)
            async with asyncio.timeout(SOON_S):
                await bell.wait()
            assert await second.last_event() == 1
            await second.close()

    told(story)


def test_pages_go_on_hearing_after_the_server_was_away(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            second = other(halls, hall.path)
            async with asyncio.timeout(SOON_S):
                await second.changed.wait()
            bell = second.changed
            with halls.server.down():
                pass
            await repeated(lambda: hall.store.add_staff(Account("zhang", "hash"), staff("zhang")))
            async with asyncio.timeout(SOON_S):
                await bell.wait()
            await second.close()

    told(story)


def test_a_process_that_stands_still_in_a_transaction_loses_it_and_the_others_go_on(
    halls: OnPostgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = SETTINGS.replace("idle_in_transaction_session_timeout = '10s'", "idle_in_transaction_session_timeout = '200ms'")
    assert impatient != SETTINGS
    monkeypatch.setattr("hall.store.postgresql.connect", lambda address: connect(address, impatient))
    stopped, going_on = Event(), Event()

    def stands_still(tx: Transaction) -> None:
        tx.all("add_staff", name="half", password="", **NEW)
        stopped.set()
        assert going_on.wait(SOON_S)

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            second = other(halls, hall.path)
            still = asyncio.create_task(hall.store.write(stands_still))
            assert await asyncio.to_thread(stopped.wait, 60)
            await second.add_staff(Account("zhang", "hash"), staff("zhang"))
            going_on.set()
            with pytest.raises(AuditUnavailable):
                await still
            assert await password(second, "half") is None
            await hall.store.add_staff(Account("li", "hash"), staff("li"))
            await second.close()

    told(story)


@pytest.mark.parametrize("moment", ["between two questions", "in the middle of one"])
def test_a_reader_that_lost_its_connection_asks_again_by_itself(halls: OnPostgresql, tmp_path: Path, moment: str) -> None:
    def cut() -> None:
        named = f"datname = '{halls.database(tmp_path / 'hall.db')}' AND pid <> pg_backend_pid()"
        halls.server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {named}")

    cuts = [cut]

    def question(tx: Transaction) -> int:
        before = tx.all("last_event")[0]["event"]
        if cuts and moment == "in the middle of one":
            cuts.pop()()
        assert tx.all("last_event")[0]["event"] == before
        return int(before)

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            if moment == "between two questions":
                cut()
            assert await hall.store.read(question) == 1

    told(story)


def test_reading_never_writes(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                await hall.store.read(lambda tx: tx.all("add_staff", name="li", password="", **NEW))
            assert await hall.store.last_event() == 0, "and the next question is answered"

    told(story)


def test_all_statements_of_one_question_see_the_same_moment(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            loop = asyncio.get_running_loop()

            def twice(tx: Transaction) -> tuple[int, int]:
                first = tx.all("last_event")[0]["event"]
                asyncio.run_coroutine_threadsafe(hall.submit(1), loop).result(10)
                return first, tx.all("last_event")[0]["event"]

            assert await hall.store.read(twice) == (0, 0)
            assert await hall.store.last_event() == 1

    told(story)


def test_the_audit_is_verified_by_the_address_and_a_password_in_it_is_refused(
    halls: OnPostgresql, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["postgresql://hall:secret@db/yimen"]) == 2
    said = capsys.readouterr().err
    assert "may hold no password" in said
    assert "secret" not in said


def test_a_database_counts_as_closed_only_when_its_last_command_is_kept(halls: OnPostgresql, tmp_path: Path) -> None:
    async def story() -> None:
        database = PostgresqlDatabase.open(halls.place(tmp_path / "hall.db"), hall="H1", key_file=tmp_path / "field.key")
        last = asyncio.create_task(database.write(lambda tx: tx.all("add_staff", name="li", password="", **NEW)))
        await asyncio.sleep(0)
        await database.close()
        assert [row["name"] for row in await last] == ["li"]
        with pytest.raises(AuditUnavailable):
            await database.write(lambda tx: None)

    told(story)


def test_a_hall_whose_database_is_unfit_says_so_and_ends(halls: OnPostgresql, tmp_path: Path) -> None:

    config = replace(stage_config(tmp_path), database=halls.address("nowhere"))
    with pytest.raises(ConfigWrong, match="does not exist"):
        cupboard(config)


def test_a_refusal_before_any_statement_spoils_nothing_for_the_others(halls: OnPostgresql, tmp_path: Path) -> None:
    def refuse(tx: Transaction) -> None:
        raise LookupError

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            write, add = hall.store.write, hall.store.add_staff
            asked = (
                write(refuse),
                add(Account("zhang", "1"), staff("zhang")),
                write(refuse),
                write(refuse),
                add(Account("li", "2"), staff("li")),
            )
            answers = await asyncio.gather(*asked, return_exceptions=True)
            assert [type(one) for one in answers] == [LookupError, type(None), LookupError, LookupError, type(None)]
            assert verify(halls.place(hall.path)) == {"H1": None}

    told(story)
