"""Filling in at the counter in English: a meaning is read back as its code, and what the citizen takes away is Chinese."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from hall.console.language import COOKIE
from tests.hall.console_stage import running_hall
from tests.hall.test_console_counter import BAD_SHOT, answer_all, begun, saved

OFFERED = "all => all.map(one => one.value)"


def test_a_sheet_in_english_is_the_same_application(browser: Browser, tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage, browser.new_context() as context:
        page = context.new_page()
        visit = begun(stage, page)
        context.add_cookies([{"name": COOKIE, "value": "en", "url": stage.console}])
        page.reload()
        page.wait_for_load_state("load")
        assert "Han" in page.locator("#d-ethnic_group option").evaluate_all(OFFERED)
        answer_all(page)
        page.locator("#f-ethnic_group").fill("Zhuang")
        page.locator("#check").click()
        expect(page).to_have_url(f"{stage.console}counter/{visit}/submit")
        page.wait_for_load_state("load")
        expect(page.locator("#f-ethnic_group")).to_have_value("Zhuang")
        saved(stage, visit, "ethnic_group", "08")
        page.locator("#f-photo").set_input_files(BAD_SHOT)
        expect(page.locator("#m-photo")).to_contain_text("The photo did not pass the checks: ")
        page.locator("[name='drop.photo']").click()
        expect(page.locator("#m-photo")).to_be_hidden()
        page.locator("#line").click()
        seen, taken_away = page.locator(".slip.unprinted"), page.locator(".slip.printed")
        expect(seen).to_contain_text("Next to be called.")
        expect(taken_away).to_be_hidden()
        page.emulate_media(media="print")
        expect(seen).to_be_hidden()
        expect(taken_away).to_be_visible()
        expect(taken_away).to_contain_text("下一个就叫到您。")


def test_what_the_page_says_of_a_broken_line_is_in_its_language(browser: Browser, tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage, browser.new_context() as context:
        page = context.new_page()
        begun(stage, page)
        context.add_cookies([{"name": COOKIE, "value": "en", "url": stage.console}])
        page.reload()
        page.wait_for_load_state("load")
        context.set_offline(True)
        page.locator("#f-mobile").fill("13902841234")
        expect(page.locator("#trouble")).to_contain_text("No connection to the hall")
        context.set_offline(False)
        expect(page.locator("#trouble")).to_be_hidden()
