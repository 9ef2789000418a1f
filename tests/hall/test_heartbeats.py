"""What terminals say of themselves over mutual TLS, and what the hall makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from flows.heartbeat import Counted, Heartbeat, Part
from flows.wire import to_json
from hall.heartbeats import Mood, TerminalStanding
from tests.hall.console_stage import Stage, running_hall
from tests.hall.test_terminals import client, enrolled, refusal

READER = Part("reader", "plate", "online", "notPresent")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def k07(stage: Stage, tmp_path: Path) -> Iterator[httpx.Client]:
    with client(stage, enrolled(stage, "K07", tmp_path / "k07")) as terminal:
        yield terminal


def beat(stage: Stage, *parts: Part, outbox: int = 0) -> Heartbeat:
    return Heartbeat("1", stage.clock() - timedelta(hours=2), stage.clock(), parts or (READER,), outbox)


def say(terminal: httpx.Client, said: Heartbeat) -> None:
    assert terminal.put("/api/terminal", content=to_json(said)).status_code == 204


def standing(stage: Stage) -> TerminalStanding:
    (only,) = stage.do(stage.services.heartbeats.standings())
    return only


def test_a_terminal_that_is_well_stands_well_under_the_name_of_its_certificate(stage: Stage, k07: httpx.Client) -> None:
    say(k07, beat(stage))
    assert (standing(stage).terminal, standing(stage).mood) == ("K07", Mood.WELL)


@pytest.mark.parametrize(
    "part",
    [
        replace(READER, state="noDevice"),
        replace(READER, state="hardwareError"),
        replace(READER, out=True),
        Part("ticket_printer", "t", "online", "jammed"),
        Part("ticket_printer", "t", "online", "present", paper_low=True),
    ],
)
def test_a_part_that_is_not_well_is_named(stage: Stage, k07: httpx.Client, part: Part) -> None:
    say(k07, beat(stage, READER, part))
    assert (standing(stage).mood, standing(stage).broken) == (Mood.TROUBLE, (part,))


def test_a_terminal_that_keeps_applications_back_is_in_trouble(stage: Stage, k07: httpx.Client) -> None:
    say(k07, beat(stage, outbox=2))
    assert standing(stage).mood is Mood.TROUBLE


def test_a_terminal_falls_silent_after_two_beats_and_is_heard_again(stage: Stage, k07: httpx.Client) -> None:
    say(k07, beat(stage))
    stage.clock.later(minutes=9)
    assert standing(stage).mood is Mood.WELL
    stage.clock.later(minutes=2)
    assert standing(stage).mood is Mood.SILENT
    say(k07, beat(stage))
    assert standing(stage).mood is Mood.WELL


def test_a_clock_that_is_wrong_is_noticed_and_the_halls_own_counts(stage: Stage, k07: httpx.Client) -> None:
    say(k07, replace(beat(stage), said_at=stage.clock() + timedelta(hours=8)))
    assert standing(stage).clock_off
    assert standing(stage).heard.at == stage.clock()


def test_only_changes_are_kept_and_not_for_ever(stage: Stage, k07: httpx.Client) -> None:
    start = stage.clock()
    first = beat(stage)
    for parts in ((READER,), (READER,), (replace(READER, state="noDevice"),)):
        say(k07, replace(first, parts=parts, said_at=stage.clock()))
        stage.clock.later(minutes=5)
    changes = stage.do(stage.services.store.changes_of("K07", start))
    assert [change.said.parts[0].state for change in changes] == ["noDevice", "online"]
    stage.clock.later(minutes=8 * 24 * 60)
    say(k07, beat(stage))
    assert len(stage.do(stage.services.store.changes_of("K07", start))) == 1


def test_what_a_terminal_counted_is_kept_with_its_newest_word_and_is_no_change(stage: Stage, k07: httpx.Client) -> None:
    start = stage.clock()
    said = beat(stage)
    for done in (1, 2, 300):
        counted = Counted(done, {"timeOut": done, "mediaRemoved": 4}, faults=0, resets=1, reopens=2, online_s=3600)
        say(k07, replace(said, parts=(replace(READER, counted=counted),)))
        stage.clock.later(minutes=5)
    assert standing(stage).heard.said.parts[0].counted == counted
    assert len(stage.do(stage.services.store.changes_of("K07", start))) == 1


def test_a_terminal_of_before_that_counts_nothing_is_understood(stage: Stage, k07: httpx.Client) -> None:
    part = {"kind": "reader", "id": "plate", "state": "online", "media": "notPresent"}
    at = stage.clock().isoformat()
    said = {"software": "1", "started_at": at, "said_at": at, "parts": [part], "outbox": 0, "version": 1}
    assert k07.put("/api/terminal", json=said).status_code == 204
    assert standing(stage).heard.said.parts == (READER,)


@pytest.mark.parametrize(
    "counted",
    [
        {"done": -1},
        {"done": 2**53 + 1},
        {"done": 1.5},
        {"done": "9"},
        {"failures": {"timeOut": -1}},
        {"failures": {"<script>": 1}},
        {"failures": {"": 1}},
        {"failures": {"x" * 41: 1}},
        {"failures": {"a" * n: 1 for n in range(1, 32)}},
        {"failures": ["timeOut"]},
        {"online_s": 1e300},
    ],
)
def test_counters_that_make_no_sense_are_refused_and_change_nothing(
    stage: Stage, k07: httpx.Client, counted: dict[str, object]
) -> None:
    say(k07, beat(stage))
    said = json.loads(to_json(beat(stage, replace(READER, state="noDevice"))))
    said["parts"][0]["counted"] = counted
    assert refusal(k07.put("/api/terminal", json=said), 400).code == "not_understood"
    assert standing(stage).mood is Mood.WELL


def test_nonsense_and_strangers_are_refused(stage: Stage, k07: httpx.Client) -> None:
    text = to_json(beat(stage)).decode()
    for wrong in ("{}", text.replace("+00:00", "").replace("Z", ""), text.replace('"outbox":0', '"outbox":-1')):
        assert wrong != text
        assert refusal(k07.put("/api/terminal", content=wrong), 400).code == "not_understood"
    stage.services.terminals.revoke("K07")
    assert refusal(k07.put("/api/terminal", content=text), 403).code == "not_allowed"
