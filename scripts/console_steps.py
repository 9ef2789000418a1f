"""What a clerk does in the console, step by step in a browser (Playwright's synchronous API)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

WAIT_MS = 15_000


def photograph(page: Page, file: Path) -> None:
    """The whole page as one picture, the bar at its end and not across its middle."""
    usual = page.viewport_size
    assert usual is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": usual["width"], "height": max(usual["height"], int(height))})
    page.screenshot(path=file)
    page.set_viewport_size(usual)


def tick(target: Locator) -> None:
    """A box or one of a group, by the label around it, as a hand would once it stays where it is."""
    expect(target).to_be_attached()
    label = target.locator("xpath=ancestor::label[1]")
    (label if label.count() else target).click()
    expect(target).to_be_checked()


def log_in(page: Page, name: str, password: str, window: str, console: str = "http://127.0.0.1:8000/") -> None:
    page.goto(console)
    page.get_by_label("姓名或工号").fill(name)
    page.get_by_label("密码").fill(password)
    tick(page.get_by_role("radio", name=window, exact=True))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_load_state("load")  # with its keys


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


TOLD = {"emergency_name": "吕建国", "birth_place": "广东"}
"""What the citizen says when the clerk asks."""


def fill_blanks(page: Page) -> int:
    """Writes everything that was left for the counter; gives how many."""
    filled = 0
    while (row := page.locator("tr.blank").first).count():
        name = str(row.get_attribute("id")).removeprefix("field-")
        row.locator("details.amend summary").click()
        value = row.locator(f"#value-{name}")
        if value.evaluate("element => element.tagName") == "SELECT":
            value.select_option(index=1)
        else:
            value.fill(TOLD.get(name, "无"))
        row.get_by_role("button", name="保存更正").click()
        expect(page.locator(f"#field-{name}.blank")).to_have_count(0, timeout=WAIT_MS)
        filled += 1
    return filled


def confirm(page: Page) -> None:
    page.locator("#confirm").click()
    expect(page.locator(".caseHead .status.accepted")).to_be_visible(timeout=WAIT_MS)


def wait_for_numbers(page: Page, departments: int) -> tuple[str, ...]:
    """The departments' own numbers, once they are read back there; the page shows them by itself."""
    numbers = page.locator(".receiptNumber[data-complete=yes]")
    if departments:
        expect(numbers).to_have_count(departments, timeout=2 * WAIT_MS)
    return tuple(text.strip() for text in numbers.all_inner_texts())


def wait_until_approved(page: Page) -> None:
    """Every department agrees; the page says so by itself, and shows the whole case anew when it is opened again."""
    expect(page.locator("#approvals.good")).to_be_visible(timeout=2 * WAIT_MS)
    page.reload()
    expect(page.locator(".caseHead .status.approved")).to_be_visible(timeout=WAIT_MS)
