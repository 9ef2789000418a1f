"""The console in a real browser, for what a case may hold besides text: a photo, a paper, several departments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hall.targets import State
from scripts.console_steps import call_next, confirm, open_case
from tests.hall.console_stage import Stage, running_hall
from tests.hall.hands import width_of
from tests.hall.seats import seated
from tests.hall.stage_matters import picture

NUMBERS = iter(range(0x1000, 0xFFFF))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


def at_the_desk(stage: Stage, page: Page, matter: str) -> None:
    stage.submit("lyu", next(NUMBERS), matter=matter)
    seated(stage, page, "张敏", "3")
    call_next(page)
    open_case(page)


def decides(stage: Stage, department: str, state: State) -> None:
    target = stage.approving(department)
    target.states.update(dict.fromkeys(target.given.values(), state))
    stage.department_answers()


def test_the_state_of_each_department_is_live_until_all_have_agreed(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "moving")
    confirm(page)
    page.evaluate("window.unreloaded = true")
    stage.department_answers()
    expect(page.locator(".steps .done")).to_have_count(6)
    expect(page.locator("#approvals")).to_contain_text("0 / 3 个部门已同意")
    decides(stage, "traffic", State("agreed"))
    expect(page.locator("[data-department=traffic] .verdict")).to_contain_text("同意")
    expect(page.locator("[data-department=traffic]")).to_contain_text("等其他部门决定")
    decides(stage, "population", State("agreed"))
    decides(stage, "social_security", State("agreed"))
    expect(page.locator("#approvals")).to_contain_text("3 个部门都已同意，本件准予")
    expect(page.locator(".delivery.done")).to_have_count(3)
    assert page.evaluate("window.unreloaded") is True


def test_a_refusal_names_its_reason_and_the_way_out(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "moving")
    confirm(page)
    stage.department_answers()
    expect(page.locator(".steps .done")).to_have_count(6)
    decides(stage, "traffic", State("refused", "not_eligible"))
    expect(page.locator("[sse-swap=moved]")).to_contain_text("本件已变为「不予许可」")
    page.get_by_role("link", name="请看最新情况").click()
    expect(page.locator(".verdict.refused")).to_contain_text("不同意")
    expect(page.locator(".outcomeTold")).to_contain_text("六十日内依法申请行政复议")
    expect(page.locator("[data-department=population]")).to_contain_text("不再需要审批")


def test_a_photo_is_seen_and_replaced(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "hk-macau-permit")
    row = page.locator("#field-photo")
    assert width_of(row.locator("img")) == 354
    row.locator(".amend summary").click()
    page.locator("#value-photo").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture("#224466", size=(300, 400)).content}
    )
    page.locator("#reason-photo").select_option("CITIZEN_CORRECTED")
    row.get_by_role("button", name="保存").click()
    expect(row.locator(".tag")).to_have_text("窗口更正")
    assert width_of(row.locator("img")) == 300
    expect(page.locator(".history ins")).to_have_text("已附图像")


def test_what_was_issued_at_the_terminal_is_taken_into_line_and_printed_at_the_window(stage: Stage, page: Page) -> None:
    visit = stage.submit("lyu", next(NUMBERS), matter="letter-at-once").visit
    seated(stage, page, "张敏", "3")
    expect(page.locator("#lines .issued .status")).to_have_text("当场办结")
    page.locator(f"#requeue-{visit}").click()
    assert call_next(page) == "Z001"
    open_case(page)
    paper = page.request.get(stage.console.rstrip("/") + str(page.locator("#paper").get_attribute("href")))
    assert (paper.status, paper.headers["content-type"], paper.body()[:5]) == (200, "application/pdf", b"%PDF-")


def test_the_day_by_which_it_is_done_is_said_before_and_after_acceptance(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "hk-macau-permit")
    promise = "应于 2026-12-02 前办结（7 个工作日，自受理次日起）"
    expect(page.locator(".due")).to_have_text(f"今天受理的，{promise}")
    confirm(page)
    expect(page.locator(".outcomeTold")).to_contain_text(promise)
    expect(page.locator(".outcomeTold")).to_contain_text("费用 45.00 元，依据：收费标准 2019-07-01")
