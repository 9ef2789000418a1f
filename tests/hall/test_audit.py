"""The audit: a catalogue, a chain that finds the first broken line, and a hall that stops without it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from flows.application import Action, Status
from hall.audit import ACTION_EVENTS, EVENTS
from hall.errors import AuditUnavailable
from hall.store.request import Request
from hall.verify import main, verify
from tests.hall.engines import allow, place, refuse
from tests.hall.fakes import FLOW, ME, NOON, Hall, change, dump, filled_in, open_hall, visit_id

ONE = visit_id(1)


def written(folder: Path) -> Path:
    """A hall's file after one case was accepted, with its audit."""

    async def story() -> Path:
        async with open_hall(folder) as hall:
            await hall.in_status(Status.ACCEPTED)
            return hall.path

    return asyncio.run(story())


def named(path: Path) -> str:
    """A store as the command line names it."""
    at = place(path)
    return str(at) if isinstance(at, Path) else f"postgresql:{at.conninfo}"


@pytest.mark.on_file
def test_every_action_has_its_event_and_every_event_its_meaning() -> None:
    assert set(ACTION_EVENTS) == set(Action)
    assert set(ACTION_EVENTS.values()) <= set(EVENTS)
    assert all(re.fullmatch(r"[a-z_]+", code) and meaning for code, meaning in EVENTS.items())


def test_an_event_that_is_not_in_the_catalogue_is_never_written(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            with pytest.raises(KeyError):
                await hall.store.audit("something_else", Request("", "hall", NOON), ONE)
            assert verify(place(hall.path)) == {}

    asyncio.run(story())


def test_an_untouched_chain_is_intact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path)
    assert verify(place(path)) == {"H1": None}
    assert main([named(path)]) == 0
    assert re.fullmatch(r"H1: 6 lines, intact, newest hash [0-9a-f]{64}\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE audit SET actor = 'clerk:wang' WHERE number = 2", 2),
        ("UPDATE audit SET items = '[]' WHERE number = 1", 1),
        ("UPDATE audit SET at = '2026-11-23T04:00:00.000001+00:00' WHERE number = 4", 4),
        ("UPDATE audit SET items = 'no list' WHERE number = 2", 2),
        ("UPDATE audit SET items = '7' WHERE number = 2", 2),
        ("UPDATE audit SET at = 'never' WHERE number = 3", 3),
        ("DELETE FROM audit WHERE number = 3", 3),
        ("UPDATE audit SET number = 9 WHERE number = 6", 6),
        ("INSERT INTO audit SELECT hall, 7, at, event, actor, object, items, outcome, hash FROM audit WHERE number = 6", 7),
    ],
    ids=[
        "another actor",
        "other items",
        "another time",
        "no list",
        "no items",
        "no time",
        "a line gone",
        "a line renumbered",
        "a line added",
    ],
)
def test_the_first_broken_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str, first: int) -> None:
    path = written(tmp_path)
    change(path, statement)
    assert verify(place(path)) == {"H1": first}
    assert main([named(path)]) == 1
    assert f"broken at line {first}" in capsys.readouterr().out


def test_verifying_wants_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path / "none.db")]) == 2
    assert "FILE" in capsys.readouterr().err


Command = Callable[[Hall], Awaitable[object]]

COMMANDS: dict[str, Command] = {
    "open a visit": lambda hall: hall.open(visit_id(7), "K07", FLOW.code, ME),
    "submit": lambda hall: hall.visits.submit(visit_id(2), "K07", filled_in(visit_id(2), None, NOON)),
    "submit sealed": lambda hall: hall.visits.submit_sealed(visit_id(8), "K07", filled_in(visit_id(8), None, NOON)),
    "leave": lambda hall: hall.visits.leave(visit_id(2), "K07"),
    "call": lambda hall: hall.queue.call_next("4", "wang", "x"),
    "recall": lambda hall: hall.queue.recall(ONE, "3", "zhang", "x"),
    "see a case": lambda hall: hall.desk.case(ONE, "3", "zhang"),
    "confirm": lambda hall: hall.decide(Action.CONFIRM, "x"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_without_the_audit_nothing_is_done(tmp_path: Path, command: Command) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            hall.exchange.records = {}
            await hall.called(1)
            await hall.open(visit_id(2), "K07", FLOW.code, ME)
            await hall.submit(3)
            asked = len(hall.exchange.asked)
            refuse(hall.path)
            before = dump(hall.path)
            with pytest.raises(AuditUnavailable):
                await command(hall)
            assert dump(hall.path) == before
            assert len(hall.exchange.asked) == asked
            allow(hall.path)
            await command(hall)
            assert dump(hall.path) != before

    asyncio.run(story())


def test_items_are_names_and_no_value_of_a_person_is_in_the_audit(tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = "\n".join(line for line in dump(path) if '"audit"' in line)
    assert "person.number" in lines
    for value in (ME.number, ME.name, "13900139000", "同济路"):
        assert value not in lines
