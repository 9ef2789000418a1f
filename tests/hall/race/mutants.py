"""What the race must notice: the same hall with one rule taken out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from flows.application import Ticket
from hall.store import queries
from hall.store.group_commit import GroupCommit
from hall.store.postgresql_writer import PostgresqlWriter
from hall.store.queries import for_postgresql

DEAD_TIME_S = 0.2
"""How long an answer runs ahead of its commit."""


def _statement(name: str, statement: str) -> None:
    queries.QUERIES[name] = statement  # type: ignore[index]
    queries.POSTGRESQL[name] = for_postgresql(statement)  # type: ignore[index]


def claim_without_its_guard() -> None:
    """Takes the first of the line whether or not somebody has it."""
    guarded = queries.QUERIES["claim"]
    bare = guarded.replace("status = 'submitted'", "status IN ('submitted', 'called')", 1)
    assert bare != guarded
    _statement("claim", bare)


def hall_without_its_lock() -> None:
    """PostgreSQL: commands of several processes at once."""
    locked = queries.POSTGRESQL["lock_hall"]
    queries.POSTGRESQL["lock_hall"] = locked.replace("FOR UPDATE", "")  # type: ignore[index]
    assert queries.POSTGRESQL["lock_hall"] != locked


def answer_before_the_commit() -> None:
    """Tells a terminal of a ticket that is not on the disk yet."""
    on_file, on_server, settled = GroupCommit._attempt, PostgresqlWriter._attempt, GroupCommit._settled
    slow = queries.POSTGRESQL["ring"].replace("SELECT ", f"SELECT pg_sleep({DEAD_TIME_S}), ")
    queries.POSTGRESQL["ring"] = slow  # type: ignore[index]
    groups: list[GroupCommit] = []

    def told_first(self: GroupCommit, command: Any, answer: Any) -> Any:
        made: list[Any] = []

        def noted() -> Any:
            made.append(command())
            return made[0]

        settle = on_file(self, noted, answer)
        if made and isinstance(made[0], Ticket):
            settle(None)
            if self not in groups:
                groups.append(self)
                self._thread.submit(time.sleep, DEAD_TIME_S)  # and the commit after it
        return settle

    def told_again(self: GroupCommit, settles: Any, error: Any) -> None:
        groups.clear()
        settled(self, settles, error)

    def told_at_once(self: PostgresqlWriter, group: Any, one: Any) -> None:
        on_server(self, group, one)
        if isinstance(one.result, Ticket):
            one.answer.get_loop().call_soon_threadsafe(one.settle)

    GroupCommit._attempt = told_first  # type: ignore[method-assign]
    GroupCommit._settled = told_again  # type: ignore[method-assign]
    PostgresqlWriter._attempt = told_at_once  # type: ignore[method-assign]


MUTANTS: Mapping[str, Callable[[], None]] = {
    one.__name__: one for one in (claim_without_its_guard, hall_without_its_lock, answer_before_the_commit)
}
