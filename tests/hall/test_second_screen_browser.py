"""Two screens in a real browser: the clerk's page and the citizen's screen of the same window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from scripts.console_steps import call_next, confirm, log_in, open_case
from scripts.vendor import vendor
from tests.hall.console_stage import PASSWORD, Stage, chromium, running_hall

expect.set_options(timeout=10_000)

NUMBERS = iter(range(0x1000, 0xFFFF))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    vendor()
    with chromium() as browser:
        yield browser


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def clerk(stage: Stage, browser: Browser) -> Iterator[Page]:
    """The first screen. A complaint of the browser about either page, e.g. about the policy, fails the test."""
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        complaints: list[str] = []
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: complaints.extend(_complaint(message)))
        page = context.new_page()
        yield page
        for each in context.pages:
            each.goto("about:blank")
        assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    expected = ("the server responded with a status of 4", "net::ERR_", "Response Status Error Code 4")
    return [message.text] if message.type in ("error", "warning") and not any(one in message.text for one in expected) else []


def second_screen(clerk: Page) -> Page:
    """What the button 副屏 opens."""
    with clerk.expect_popup() as opened:
        clerk.get_by_role("button", name="副屏").click()
    screen = opened.value
    expect(screen.locator("[data-kind]").first).to_be_visible()
    screen.wait_for_load_state("load")
    return screen


def shows(screen: Page, kind: str) -> None:
    expect(screen.locator("#shown > [data-kind]")).to_have_attribute("data-kind", kind)


def at_the_desk(stage: Stage, clerk: Page, person: str = "lyu", **how: object) -> Page:
    """Logged in at window 3 with this person's case open, and the second screen beside it."""
    stage.submit(person, next(NUMBERS), **how)  # type: ignore[arg-type]
    log_in(clerk, "张敏", PASSWORD, "3", stage.console)
    screen = second_screen(clerk)
    shows(screen, "idle")
    call_next(clerk)
    shows(screen, "called")
    open_case(clerk)
    return screen


def test_the_screen_follows_the_case_without_a_reload(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    screen.evaluate("window.unreloaded = true")
    expect(screen.locator(".number")).to_have_text("A001")
    assert "吕晓岚" not in screen.content()
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    expect(screen.locator(".line", has_text="联系电话")).to_contain_text("138 0284 5678")
    screen.get_by_role("button", name="内容无误").click()
    expect(clerk.locator("#screen .reply.right")).to_contain_text("内容无误")
    shows(screen, "called")
    assert "吕晓岚" not in screen.content()
    confirm(clerk)
    shows(screen, "rate")
    screen.get_by_role("button", name="非常满意").click()
    expect(screen.get_by_role("heading", name="感谢您的评价")).to_be_visible()
    shows(screen, "idle")
    assert screen.evaluate("window.unreloaded") is True
