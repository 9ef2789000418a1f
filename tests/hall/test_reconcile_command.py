"""python -m hall reconcile, beside real departments; and what hall.toml may say of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from hall.__main__ import main
from hall.config import ConfigWrong, Plan, read
from hall.demo.behaviour import Mode
from tests.hall.demo_desk import DEMO, DemoDesk


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """A command sets how much the libraries say, for its own process; here it is everybody's."""
    loggers = [logging.getLogger(name) for name in ("", "httpx", "httpcore")]
    before = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def written(folder: Path, departments: Path, more: str = "") -> Path:
    text = (DEMO / "hall.toml").read_text("utf-8")
    text = text.replace('departments = "departments"', f'departments = "{departments}"')
    text = text.replace('file = "', f'file = "{DEMO}/')
    text = text.replace('[delivery]\nreconcile_at = "02:30"\n', "")
    (folder / "hall.toml").write_text(text + more, "utf-8")
    return folder / "hall.toml"


def test_it_says_of_every_department_what_is_the_same_and_which_did_not_answer(
    demo_desk: DemoDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = ["--config", str(written(tmp_path, demo_desk.settings)), "--state", str(demo_desk.state)]
    assert main(["reconcile", "traffic", *usual]) == 0
    assert capsys.readouterr().out == "ok    traffic: 0 the same, 0 missing there, 0 different, 0 unknown here\n"
    with demo_desk.told("population", Mode.DOWN):
        assert main(["reconcile", *usual]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "WRONG population: down" in said
    assert [line for line in said if "traffic" in line] == [
        "ok    traffic: 0 the same, 0 missing there, 0 different, 0 unknown here"
    ]
    assert main(["reconcile", "tax", *usual]) == 2
    assert "no department tax takes applications, only exit_entry, " in capsys.readouterr().err


def test_the_night_is_set_in_one_place_and_wrong_settings_are_named(demo_desk: DemoDesk, tmp_path: Path) -> None:
    assert read(written(tmp_path, demo_desk.settings)).reconcile == Plan(time(2, 30), 7)
    more = '\n[delivery]\nreconcile_at = "23:05"\nreconcile_days = 30\n'
    assert read(written(tmp_path, demo_desk.settings, more)).reconcile == Plan(time(23, 5), 30)
    for at, days in (('"2:30"', "0"), ('"24:00"', "61"), ("230", "true")):
        wrong = f"\n[delivery]\nreconcile_at = {at}\nreconcile_days = {days}\n"
        with pytest.raises(ConfigWrong) as told:
            read(written(tmp_path, demo_desk.settings, wrong))
        assert told.value.problems == (
            "delivery.reconcile_at must be a time of the day such as 02:30",
            "delivery.reconcile_days must be a whole number from 1 to 60",
        )
