"""The store: nothing lost, nothing twice, nothing personal in the clear."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from flows.application import Action, Status
from flows.delivery import Delivery, DeliveryStep
from hall.errors import AuditUnavailable, NotPossible
from hall.store.field_key import FieldKey
from hall.store.hall_store import HallStore
from hall.store.queries import QUERIES, read_queries
from hall.store.request import Request
from hall.store.staff import Account
from hall.store.store import Event
from hall.working_day import working_day
from tests.hall import engines
from tests.hall.engines import allow, refuse
from tests.hall.fakes import GRANDMOTHER, ME, NOON, change, dump, open_hall, visit_id
from tests.patience import SOON_S

ONE = visit_id(1)


def test_a_person_is_found_by_number_without_opening_any_row(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2, GRANDMOTHER)
            await hall.submit(3, ME)
            change(hall.path, "UPDATE application SET sealed = x'00', lookup = x'00'")
            assert await hall.store.visits_of(ME.number) == (visit_id(1), visit_id(3))
            assert await hall.store.visits_of("440602199001010000") == ()

    asyncio.run(story())


def test_a_sealed_row_moved_to_another_visit_does_not_open(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2, GRANDMOTHER)
            other = f"SELECT sealed FROM application WHERE visit = '{visit_id(2)}'"
            change(hall.path, f"UPDATE application SET sealed = ({other}) WHERE visit = '{ONE}'")
            with pytest.raises(InvalidTag):
                await hall.store.case(ONE)

    asyncio.run(story())


@pytest.mark.on_file
def test_the_field_key_is_made_once_for_the_halls_account_alone(tmp_path: Path) -> None:
    first = FieldKey.open(tmp_path / "field.key")
    assert stat.S_IMODE((tmp_path / "field.key").stat().st_mode) == 0o600
    again = FieldKey.open(tmp_path / "field.key")
    assert again.unseal(first.seal("吕晓岚".encode(), "visit", ONE), "visit", ONE).decode() == "吕晓岚"
    assert again.index(b"440602199202299863") == first.index(b"440602199202299863")
    with pytest.raises(InvalidTag):
        FieldKey.open(tmp_path / "other.key").unseal(first.seal(b"x", "visit", ONE), "visit", ONE)
    with pytest.raises(InvalidTag):
        again.unseal(first.seal(b"x", "visit", ONE), "lookup", ONE)
    with pytest.raises(ValueError, match="32 bytes"):
        FieldKey(b"short")


@pytest.mark.on_file
def test_the_file_is_the_halls_alone_and_a_restart_finds_everything(tmp_path: Path) -> None:
    async def story() -> None:
        store = HallStore.open(tmp_path / "new state" / "hall %41.db", hall="H1")
        await store.add_staff(Account("zhang", "hash"), Request("k", "hall", NOON))
        await store.close()
        path = tmp_path / "new state" / "hall %41.db"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        before = dump(path)
        again = HallStore.open(path, hall="H1")
        assert await again.account("zhang") == Account("zhang", "hash")
        await again.close()
        assert dump(path) == before

    asyncio.run(story())


def test_two_halls_in_one_file_know_nothing_of_each_other(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            other = engines.store(hall.path, hall="H2")
            assert await other.lines(NOON.date()) == ()
            assert await other.visit(ONE) is None
            assert (await other.last_event(), await other.audit_of(ONE)) == (0, ())
            await other.close()

    asyncio.run(story())


def test_events_are_numbered_without_gaps_and_wake_whoever_took_the_bell_before(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            bell = hall.store.changed
            assert await hall.store.events_after(0) == ()
            await hall.called(1)
            async with asyncio.timeout(SOON_S):
                await bell.wait()
            await hall.submit(2)
            events = await hall.store.events_after(0)
            assert events == (
                Event(1, "ticket_issued", ONE, ""),
                Event(2, "ticket_called", ONE, "3"),
                Event(3, "ticket_issued", visit_id(2), ""),
            )
            assert await hall.store.events_after(1, limit=1) == events[1:2]
            assert await hall.store.last_event() == 3
            assert not hall.store.changed.is_set()

    asyncio.run(story())


def test_a_refused_command_leaves_no_gap_in_the_numbers(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            refuse(hall.path)
            with pytest.raises(AuditUnavailable):
                await hall.queue.call_next("3", "zhang", "a")
            allow(hall.path)
            await hall.queue.call_next("3", "zhang", "a")
            assert [event.number for event in await hall.store.events_after(0)] == [1, 2]

    asyncio.run(story())


def test_a_delivery_remembers_its_steps_and_is_closed_by_the_last(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.ACCEPTED)
            store, now = hall.store, hall.clock()
            assert await store.next_delivery_at() == now
            assert len(await store.due_deliveries(now)) == 2
            await store.step_done(ONE, "household", "accept", "H-9", now)
            await store.step_done(ONE, "household", "read_back", "", now)
            later = now + timedelta(minutes=5)
            await store.step_failed(ONE, "exit_entry", "accept", "late", later)
            assert await store.next_delivery_at() == later
            (entry,) = await store.due_deliveries(later)
            assert entry.delivery == Delivery(
                ONE, "exit_entry", (DeliveryStep("accept", 1, None, "", "late"), DeliveryStep("read_back"))
            )
            await store.step_done(ONE, "exit_entry", "accept", "E-1", later)
            await store.step_done(ONE, "exit_entry", "read_back", "", later)
            assert await store.next_delivery_at() is None
            deliveries = (await store.case(ONE)).deliveries
            assert [(d.department, d.done, d.number) for d in deliveries] == [
                ("exit_entry", True, "E-1"),
                ("household", True, "H-9"),
            ]
            assert [e.name for e in await store.events_after(0)].count("delivery_done") == 2

    asyncio.run(story())


def test_an_answer_leaves_only_after_its_commit(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            for number in range(1, 6):
                ticket = await hall.submit(number)
                assert any(ticket.visit in line and '"ticket"' in line for line in dump(hall.path))

    asyncio.run(story())


def test_answers_of_all_kinds_come_back_as_they_were(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            application = (await hall.store.case(ONE)).application
            assert (await hall.visits.submit(ONE, "K07", application)).ticket.number == "A001"

    asyncio.run(story())


@pytest.mark.on_file
def test_every_query_is_used_and_described() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(HallStore.open.__code__.co_filename).parent.glob("*.py"))
    assert [name for name in QUERIES if f'"{name}"' not in code] == []


@pytest.mark.on_file
@pytest.mark.parametrize(
    "text",
    ["-- name: a\nSELECT 1", "-- name: a\n-- Says what.\n", "-- name: a\n-- x\nSELECT 1\n-- name: a\n-- x\nSELECT 2"],
    ids=["no description", "no statement", "twice the same name"],
)
def test_a_carelessly_written_query_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"queries: a"):
        read_queries(text)


def test_old_events_and_first_answers_are_forgotten_and_event_numbers_go_on(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.ACCEPTED)
            before = [event.number for event in await hall.store.events_after(0)]
            day = working_day(hall.clock())
            await hall.store.forget(day, hall.clock())
            assert [event.number for event in await hall.store.events_after(0)] == before
            assert await hall.decide(Action.CONFIRM, "decide") is Status.ACCEPTED
            hall.clock.later(days=1)
            await hall.store.forget(working_day(hall.clock()), hall.clock())
            assert await hall.store.events_after(0) == ()
            with pytest.raises(NotPossible):
                await hall.decide(Action.CONFIRM, "decide")
            await hall.submit(2)
            assert [event.number for event in await hall.store.events_after(0)] == [max(before) + 1]
            assert (await hall.store.standing(ONE)).status is Status.ACCEPTED

    asyncio.run(story())


OPEN = "delivery_open|ticket_at_window|promised_open|session_window|ticket_in_review|asked_citizen_untaken"
"""Indices of what is not over yet, as many as windows or a day's work."""
PARTS = "those|today|CONSTANT|before|line|counted|anybodys|meant|heads"
"""Parts of a statement that were found by an index before."""
WHOLE = re.compile(rf"^(?!.*({OPEN}) |SEARCH hall ).*\(hall=\?\)$|^SCAN (?!\(|{PARTS})")
BY_THE_HALL = {
    "end_sessions",  # as many as windows
    "first_day",
    "first_number",  # the two ends of an index
    "last_audit",
    "last_event",
    "lines",  # what is called, as many as windows
    "next_delivery",
    "next_event",
    "raise_floor",
    "shelves",
    *("accounts", "other_security", "feeds", "terminal_states", "forget_log_ins", "forget_sessions", "old_drafts"),
    *("reconciliation_days", "call_backs"),
}
"""Read one row, or a table that stays small."""
WITHOUT_INDEX = {"delivered_since", "ends_of_day", "sent_of_day"}
"""Of the overview and the log: read at most once a minute, and still a whole table."""


@pytest.mark.on_file
def test_no_statement_reads_a_table_from_end_to_end(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    path.write_bytes(engines.EMPTY)
    wrong = {}
    with closing(sqlite3.connect(path)) as file:
        for name, statement in QUERIES.items():
            bound = dict.fromkeys(re.findall(r"(?<!:):([a-z_][a-z_0-9]*)", statement))
            steps = [step for *_, step in file.execute(f"EXPLAIN QUERY PLAN {statement}", bound)]
            if name not in BY_THE_HALL | WITHOUT_INDEX and (whole := [step for step in steps if WHOLE.search(step)]):
                wrong[name] = whole
    assert wrong == {}
