"""A clerk at a window without the log-in's form: half the time, for tests that are about what comes after it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from hall.console.security import COOKIE
from hall.entrance import Inside
from tests.hall.console_stage import PASSWORD, Stage


def seated(stage: Stage, page: Page, clerk: str, window: str) -> None:
    """Logged in there, in this page's browser, with the queue before them."""
    inside = stage.do(stage.services.staff.entrance.log_in(clerk, PASSWORD, window, "test"))
    assert isinstance(inside, Inside)
    page.context.add_cookies([{"name": COOKIE, "value": inside.token, "url": stage.console}])
    page.goto(stage.console)
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible()
