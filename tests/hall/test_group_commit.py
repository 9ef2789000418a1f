"""Group commit: one fsync for all who wait, and never a success that is not on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable
from contextlib import closing
from pathlib import Path

import pytest

from hall.errors import AuditUnavailable
from hall.store.group_commit import GroupCommit


class Writer:
    """Group commit over a table of its own, with a trace of what the file was told."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; CREATE TABLE parent (id INTEGER PRIMARY KEY);"
            "CREATE TABLE child (id INTEGER UNIQUE, of INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
        )
        self.trace: list[str] = []
        self.connection.set_trace_callback(self.trace.append)
        self.group = GroupCommit(self.connection, lambda: None)

    def add(self, number: int, of: int | None = None) -> Awaitable[int]:
        def insert() -> int:
            self.connection.execute("INSERT INTO child VALUES (?, ?)", (number, of))
            return number

        return self.group.run(insert)

    def kept(self) -> list[int]:
        return [row[0] for row in self.connection.execute("SELECT id FROM child ORDER BY id")]

    async def close(self) -> None:
        await self.group.close()
        self.connection.close()


def test_commands_that_wait_together_share_one_commit(tmp_path: Path) -> None:
    async def story() -> None:
        writer = Writer(tmp_path / "x.db")
        assert await asyncio.gather(*(writer.add(n) for n in range(100))) == list(range(100))
        assert writer.trace.count("COMMIT") == 1
        await writer.add(100)
        assert writer.trace.count("COMMIT") == 2
        await writer.close()

    asyncio.run(story())


def test_one_bad_command_fails_alone(tmp_path: Path) -> None:
    async def story() -> None:
        writer = Writer(tmp_path / "x.db")
        answers = await asyncio.gather(writer.add(1), writer.add(1), writer.add(2), return_exceptions=True)
        assert (answers[0], answers[2]) == (1, 2)
        assert isinstance(answers[1], sqlite3.IntegrityError)
        assert writer.kept() == [1, 2]
        await writer.close()

    asyncio.run(story())


def test_a_commit_that_fails_is_nobodys_success_and_the_next_one_works(tmp_path: Path) -> None:
    async def story() -> None:
        writer = Writer(tmp_path / "x.db")
        answers = await asyncio.gather(writer.add(1), writer.add(2, of=99), return_exceptions=True)
        assert [type(answer) for answer in answers] == [AuditUnavailable, AuditUnavailable]
        assert writer.kept() == []
        assert await writer.add(3) == 3
        assert writer.kept() == [3]
        await writer.close()

    asyncio.run(story())


def test_a_group_that_the_database_rolled_back_by_itself_is_nobodys_success(tmp_path: Path) -> None:
    """What SQLite does on a full disk: the whole transaction is gone in the middle of a group."""

    async def story() -> None:
        writer = Writer(tmp_path / "x.db")

        def disk_full() -> None:
            writer.connection.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")

        answers = await asyncio.gather(writer.add(1), writer.group.run(disk_full), writer.add(2), return_exceptions=True)
        assert [type(answer) for answer in answers] == [AuditUnavailable] * 3
        assert writer.kept() == []
        assert await writer.add(3) == 3
        await writer.close()

    asyncio.run(story())


def test_a_file_that_somebody_else_holds_refuses_and_recovers(tmp_path: Path) -> None:
    async def story() -> None:
        writer = Writer(tmp_path / "x.db")
        with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(AuditUnavailable):
                await writer.add(1)
            other.execute("ROLLBACK")
        assert await writer.add(2) == 2
        assert writer.kept() == [2]
        await writer.close()

    asyncio.run(story())


def test_a_closed_store_takes_nothing_more_but_finishes_what_it_took(tmp_path: Path) -> None:
    async def story() -> None:
        writer = Writer(tmp_path / "x.db")
        last = asyncio.create_task(_result(writer.add(1)))
        await asyncio.sleep(0)
        await writer.group.close()
        assert await last == 1
        with pytest.raises(AuditUnavailable):
            await writer.add(2)
        assert writer.kept() == [1]
        writer.connection.close()

    asyncio.run(story())


async def _result(answer: Awaitable[int]) -> int:
    return await answer
