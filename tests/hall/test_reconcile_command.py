"""python -m hall reconcile, beside real departments; and what hall.toml may say of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from hall.config import ConfigWrong, Plan, read
from hall.demo.behaviour import Mode
from tests.hall.command_line import commanded
from tests.hall.demo_desk import DEMO, DemoDesk, running_desk


def written(folder: Path, departments: Path, more: str = "") -> Path:
    text = (DEMO / "hall.toml").read_text("utf-8")
    text = text.replace('departments = "departments"', f'departments = "{departments}"')
    text = text.replace('file = "', f'file = "{DEMO}/')
    text = text.replace('[delivery]\nreconcile_at = "02:30"\n', "")
    (folder / "hall.toml").write_text(text + more, "utf-8")
    return folder / "hall.toml"


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[DemoDesk]:
    """Departments to which nobody has applied yet."""
    with running_desk(tmp_path / "demo") as desk:
        yield desk


def test_it_says_of_every_department_what_is_the_same_and_which_did_not_answer(
    new_desk: DemoDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = ["--config", str(written(tmp_path, new_desk.settings)), "--state", str(new_desk.state)]
    done = commanded(capsys, "reconcile", "traffic", *usual)
    well = "ok    traffic: 0 the same, 0 missing there, 0 different, 0 unknown here"
    assert (done.returncode, done.stdout) == (0, f"{well}\n")
    with new_desk.told("population", Mode.DOWN):
        done = commanded(capsys, "reconcile", *usual)
    said = done.stdout.splitlines()
    assert done.returncode == 1
    assert "WRONG population: down" in said
    assert [line for line in said if "traffic" in line] == [well]
    done = commanded(capsys, "reconcile", "tax", *usual)
    assert done.returncode == 2
    assert "no department tax takes applications, only exit_entry, " in done.stderr


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
