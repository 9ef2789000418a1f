"""What a clerk does in the console, step by step in a browser (Playwright's synchronous API)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

WAIT_MS = 15_000


def photograph(page: Page, file: Path) -> None:
    """The whole page as one picture, the bar at its end and not across its middle."""
    usual = page.viewport_size
    assert usual is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": usual["width"], "height": max(usual["height"], int(height))})
    page.screenshot(path=file)
    page.set_viewport_size(usual)


def log_in(page: Page, name: str, password: str, window: str, console: str = "http://127.0.0.1:8000/") -> None:
    page.goto(console)
    page.get_by_label("姓名或工号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("radio", name=window, exact=True).check(force=True)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible(timeout=WAIT_MS)


def call_next(page: Page) -> str:
    """Waits until somebody is waiting; returns the ticket's number."""
    page.locator("#next:enabled").click(timeout=WAIT_MS)
    number = page.locator(".held .bigNumber")
    expect(number).to_be_visible(timeout=WAIT_MS)
    return number.inner_text().strip()


def open_case(page: Page) -> None:
    page.locator("#open").click()
    expect(page.locator("table.compare")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_load_state("load")  # with its style and its script


def confirm(page: Page) -> None:
    page.locator("#confirm").click()
    expect(page.locator(".caseHead .status.accepted")).to_be_visible(timeout=WAIT_MS)


def wait_for_number(page: Page) -> str:
    """The department's own number, once it is read back there; the page shows it by itself."""
    number = page.locator(".receiptNumber[data-complete=yes]").first
    expect(number).to_be_visible(timeout=2 * WAIT_MS)
    return number.inner_text().strip()
