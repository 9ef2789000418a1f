"""What the tests of dead letters over HTTP share: a case that was accepted and could not be delivered."""

from __future__ import annotations

from tests.hall.console_stage import Stage
from tests.hall.fakes import change

END = "9999-12-31T00:00:00.000000+00:00"


def give_up(stage: Stage, visit: str, department: str = "exit_entry", problem: str = "down") -> None:
    """As after the tenth try."""
    now = stage.clock().isoformat(timespec="microseconds")
    where = f"subject = '{visit}' AND department = '{department}'"  # an id of the test's own
    change(stage.file, f"UPDATE delivery SET done = 0, dead_at = '{now}', next_try = '{END}', by_hand = '' WHERE {where}")
    undone = f"done_at = NULL, number = '', tries = 10, failing_since = '{now}', problem = '{problem}'"
    change(stage.file, f"UPDATE delivery_step SET {undone} WHERE {where} AND name IN ('accept', 'read_back')")
    change(stage.file, f"UPDATE delivery_step SET tries = 0, problem = '' WHERE {where} AND name = 'read_back'")
