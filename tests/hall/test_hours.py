"""When the hall is open, in its own time; and whose line one stands in who comes when it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hall.config import ConfigWrong, read
from hall.hours import ALWAYS, Hours, Moment, Opening, read_hours
from hall.windows import SKILL, Scope, Windows
from hall.working_day import SHANGHAI
from tests.hall.test_config import GOOD, written

DAY = Hours((Opening(8 * 60, 12 * 60), Opening(14 * 60, 17 * 60 + 30)), weekly={5: (Opening(9 * 60, 12 * 60),)})


def there(text: str) -> datetime:
    """An instant by the hall's wall clock, in UTC as everywhere."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "moment", "line"),
    [
        ("2026-11-23 00:00:00", Moment.BEFORE, "2026-11-23"),
        ("2026-11-23 07:59:59", Moment.BEFORE, "2026-11-23"),
        ("2026-11-23 08:00:00", Moment.OPEN, "2026-11-23"),
        ("2026-11-23 11:59:59", Moment.OPEN, "2026-11-23"),
        ("2026-11-23 12:00:00", Moment.BREAK, "2026-11-23"),
        ("2026-11-23 17:29:59", Moment.OPEN, "2026-11-23"),
        ("2026-11-23 17:30:00", Moment.CLOSED, "2026-11-24"),
        ("2026-11-23 23:59:59", Moment.CLOSED, "2026-11-24"),
        ("2026-11-24 00:00:00", Moment.BEFORE, "2026-11-24"),
        ("2026-11-28 12:30:00", Moment.CLOSED, "2026-11-30"),  # Saturday afternoon: Monday
        ("2026-11-29 10:00:00", Moment.CLOSED, "2026-11-30"),  # Sunday
        ("2026-09-30 18:00:00", Moment.CLOSED, "2026-10-08"),  # before National Day's week
        ("2026-10-03 10:00:00", Moment.CLOSED, "2026-10-08"),  # a Saturday within it, whatever Saturdays are like
        ("2026-10-10 16:00:00", Moment.OPEN, "2026-10-10"),  # a Saturday that is worked instead
        ("2030-03-05 09:00:00", Moment.OPEN, "2030-03-05"),  # holidays not published: a plain week
    ],
)
def test_the_door_and_the_line(at: str, moment: Moment, line: str) -> None:
    assert DAY.moment(there(at)) is moment
    assert DAY.line_day(there(at)) == date.fromisoformat(line)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23 06:00:00", "2026-11-23 08:00:00"),
        ("2026-11-23 12:30:00", "2026-11-23 14:00:00"),
        ("2026-11-23 18:00:00", "2026-11-24 08:00:00"),
        ("2026-09-30 18:00:00", "2026-10-08 08:00:00"),
    ],
)
def test_when_the_door_opens_next(at: str, opens: str) -> None:
    assert DAY.next_opening(there(at)) == there(opens)


def test_a_hall_without_hours_never_closes() -> None:
    assert ALWAYS.is_open(there("2026-10-01 03:00:00"))
    assert ALWAYS.line_day(there("2026-10-01 23:59:59")) == date(2026, 10, 1)
    assert ALWAYS.next_opening(there("2026-10-01 03:00:00")) is None


def test_the_halls_own_closed_days() -> None:
    hours, problems = read_hours({"open": ["08:00-12:00"], "closed": [date(2026, 11, 24)], "overnight": "keep"})
    assert problems == ()
    assert hours.keep
    assert hours.line_day(there("2026-11-23 13:00:00")) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("overnight = 'keep'", "hours.open must be a list"),
        ("open = ['09:00-08:00']", "hours.open must be spans in order"),
        ("open = ['09:00-12:00', '11:00-17:00']", "do not overlap"),
        ("open = ['9-12']", "hours.open must be spans"),
        ("open = ['09:00-12:00']\nsaturday = ['x']", "hours.saturday must be spans"),
        ("open = ['09:00-12:00']\nclosed = ['2026-12-31']", "hours.closed must be a list of days"),
        ("open = ['09:00-12:00']\novernight = 'maybe'", 'hours.overnight must be "keep" or "end"'),
        ("open = ['09:00-12:00']\nnoon = 1", "hours.noon is not a setting"),
    ],
)
def test_wrong_hours_are_named(tmp_path: Path, section: str, said: str) -> None:
    with pytest.raises(ConfigWrong) as wrong:
        read(written(tmp_path, f"{GOOD}\n[hours]\n{section}\n"))
    assert any(said in problem for problem in wrong.value.problems)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("[windows.7]\nmatters = ['passport']", "[windows.7] must name a window of hall.windows"),
        ("[windows.2]\nmatters = ['pass port']", "windows.2.matters must be a list of codes of matters"),
        ("[windows.2]\nmatters = []", "windows.2.matters must be"),
        ("[windows.2]\nskills = ['English!']", "windows.2.skills must be"),
        ("[windows.2]\nopen = 1", "may hold matters and skills only"),
        ("[windows.1]\nmatters = ['passport']\n[windows.2]\nmatters = ['passport']", "no window does"),
    ],
)
def test_wrong_windows_are_named_also_a_matter_that_no_window_does(tmp_path: Path, section: str, said: str) -> None:
    with pytest.raises(ConfigWrong) as wrong:
        read(written(tmp_path, f"{GOOD}\n{section}\n"))
    assert any(said in problem for problem in wrong.value.problems)


def test_hours_and_windows_are_read(tmp_path: Path) -> None:
    config = read(written(tmp_path, f"{GOOD}\n[hours]\nopen = ['08:30-12:00']\n[windows.2]\nmatters = ['passport']\n"))
    assert config.hours.usual == (Opening(510, 720),)
    assert config.counters.scope("1").comprehensive
    assert config.counters.scope("2") == Scope(("passport",))


def test_who_may_do_what() -> None:
    windows = Windows(("1", "2", "3"), {"2": Scope(("a",), ("english",)), "3": Scope(("b",))})
    assert windows.serving("", "a") == ("1", "2")
    assert windows.serving(SKILL + "english", "a") == ("2",)
    assert windows.targets("b", "1") == ("3",)
    assert windows.targets("a", "1") == ("2", SKILL + "english")
