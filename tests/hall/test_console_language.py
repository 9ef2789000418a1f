"""A clerk chooses the language of the pages; it stays in that browser, and papers and stored words remain Chinese."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from scripts.console_steps import tick
from tests.hall.console_stage import PASSWORD, running_hall


def test_a_browser_keeps_the_language_that_was_chosen_in_it(browser: Browser, tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage, browser.new_context() as context, browser.new_context() as other:
        page = context.new_page()
        page.goto(stage.console)
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        page.get_by_role("button", name="English").click()
        expect(page).to_have_url(f"{stage.console.rstrip('/')}/login")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("h1")).to_have_text("Log in at a window")
        page.locator("#name").fill("张敏")
        page.locator("#password").fill(PASSWORD)
        tick(page.locator("input[name=window][value='3']"))
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#today")).to_have_text("Today's queue")
        page.goto(f"{stage.console.rstrip('/')}/nowhere")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        another = other.new_page()
        another.goto(stage.console)
        expect(another.locator("html")).to_have_attribute("lang", "zh-CN")


def test_it_leads_nowhere_else(browser: Browser, tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage, browser.new_context() as context:
        console = stage.console.rstrip("/")
        for place in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/a?b=c", "elsewhere", ""):
            form: dict[str, str | float | bool] = {"language": "en", "place": place}
            answer = context.request.post(f"{console}/language", form=form, headers={"Origin": console}, max_redirects=0)
            assert (answer.status, answer.headers.get("location")) == (400, None), place
        form = {"language": "pt", "place": "/"}
        assert context.request.post(f"{console}/language", form=form, headers={"Origin": console}, max_redirects=0).status == 400
