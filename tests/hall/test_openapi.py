"""The hall's listeners describe themselves rightly: a stranger with the description alone finds no 500 and no surprise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openapi_spec_validator import validate

from tests.hall.console_stage import Stage, running_hall
from tests.hall.wild_requests import Caller, anybody_of, terminal_of

CALLS = 200  # `make fuzz` makes 10,000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture(scope="module")
def terminal(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with terminal_of(stage, tmp_path_factory.mktemp("k07")) as caller:
        yield caller


@pytest.fixture(scope="module")
def anybody(stage: Stage) -> Iterator[Caller]:
    with anybody_of(stage) as caller:
        yield caller


def test_the_descriptions_are_valid(terminal: Caller, anybody: Caller) -> None:
    validate(terminal.described())
    validate(anybody.described())


def test_a_terminal_meets_no_fault_and_no_answer_that_is_not_described(terminal: Caller) -> None:
    terminal.call(CALLS)
    assert terminal.met.total() >= CALLS
    assert {status for _, status in terminal.met} >= {200, 204, 400, 403, 404}


def test_anybody_meets_no_fault_and_no_answer_that_is_not_described(anybody: Caller) -> None:
    anybody.call(CALLS)
    assert anybody.met.total() >= CALLS
    assert {status for _, status in anybody.met} >= {200, 404}
