"""One citizen after the other: a visit that breaks ends alone, and its words stay out of the log."""

from __future__ import annotations

import asyncio
import logging

import pytest

from kiosk.serve import serve
from kiosk.view import Touch, View
from tests.kiosk.fakes import Stage
from tests.kiosk.people import LYU


class BreakingDisplay:
    """Breaks on the first notice, with the citizen's number in the error; then everybody gives up at the notice."""

    touches = 0

    def __init__(self) -> None:
        self.shown: list[View] = []
        self.forgotten = 0

    async def show(self, view: View) -> Touch:
        self.shown.append(view)
        kinds = [shown.kind for shown in self.shown]
        if kinds.count("attract") == 3:
            raise asyncio.CancelledError
        if view.kind == "notice" and kinds.count("notice") == 1:
            raise RuntimeError(f"cannot draw {LYU.number}")
        match view.kind:
            case "attract":
                return Touch("hk-macau-permit")
            case "message":
                return Touch("done")
            case _:
                return Touch("quit")

    def update(self, view: View) -> None:
        self.shown.append(view)

    def forget(self) -> None:
        self.forgotten += 1


def test_a_visit_that_breaks_sends_the_citizen_to_a_person_and_the_next_one_is_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = Stage()
    display = BreakingDisplay()
    with caplog.at_level(logging.INFO), pytest.raises(asyncio.CancelledError):
        asyncio.run(serve(stage.terminal(display)))
    assert [view.kind for view in display.shown] == ["attract", "notice", "message", "attract", "notice", "attract"]
    assert display.shown[2].title == "本终端暂停服务"
    assert display.forgotten >= 2
    assert [record.message for record in caplog.records] == ["visit_broke", "visit_ended"]
    assert not [record for record in caplog.records if LYU.number in str(record.__dict__)]
