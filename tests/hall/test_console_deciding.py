"""The console in a real browser while records change under the clerk's hands, and what each cell says of its department."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.application import Action
from scripts.console_steps import call_next, confirm, open_case
from tests.hall.console_stage import Stage, running_hall
from tests.hall.hands import press_shortcut
from tests.hall.seats import seated

NUMBERS = iter(range(0x1000, 0xFFFF))
HELD = "还没有受理"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


@pytest.fixture
def visit(stage: Stage, page: Page) -> str:
    """The case of the main person, open at window 3."""
    visit = stage.submit("lyu", next(NUMBERS)).visit
    seated(stage, page, "张敏", "3")
    call_next(page)
    open_case(page)
    return visit


def confirmations(stage: Stage, visit: str) -> int:
    return [one.action for one in stage.do(stage.services.store.case(visit)).decisions].count(Action.CONFIRM)


def test_a_department_changes_its_record_between_opening_and_accepting(stage: Stage, page: Page, visit: str) -> None:
    stage.exchange.changed = {"social_security": {"contact.mobile": "13900001111"}}
    page.locator("#confirm").click()
    expect(page.locator("#notice")).to_contain_text(f"{HELD}：有 1 处刚刚变化")
    expect(page.locator(".caseHead .status")).to_have_text("审核中")
    expect(page.locator(".cautions li.new")).to_have_count(1)
    expect(page.locator(".cautions li").first).to_contain_text("联系电话：填报「138 0284 5678」")
    expect(page.locator("table.compare b.new")).to_have_count(1)
    marked = page.locator("#field-mobile .line:has(b.new)")
    expect(marked).to_contain_text("139 0000 1111")
    expect(marked).to_contain_text("填报时为 138 0284 5678")
    expect(page.locator("#confirm")).to_contain_text("看过变化，确认受理")
    press_shortcut(page, "Alt+s")
    expect(page.locator(".caseHead .status")).to_have_text("已受理")
    stage.exchange.changed = {"social_security": {"contact.mobile": "13900002222"}}
    page.reload()
    expect(page.locator("#field-mobile")).to_contain_text("139 0000 1111")
    expect(page.locator(".history .upon")).to_contain_text("受理前再次核对：公安户籍 已返回")
    assert confirmations(stage, visit) == 1


def test_a_conclusion_of_the_rules_that_changed_is_shown_before_anything_is_accepted(
    stage: Stage, page: Page, visit: str
) -> None:
    stage.exchange.changed = {"exit_entry": {"permit.route": "counter"}}
    page.locator("#confirm").click()
    expect(page.locator(".cautions li.new")).to_have_count(1)
    expect(page.locator(".cautions li").first).to_contain_text("转人工")
    confirm(page)


def test_a_department_that_falls_silent_blocks_nothing_and_is_named(stage: Stage, page: Page, visit: str) -> None:
    stage.exchange.silent = {"exit_entry"}
    confirm(page)
    expect(page.locator(".outcomeTold")).to_contain_text("受理前核对时，出入境管理没有答复（超时）")
    expect(page.locator(".history .upon .no_answer")).to_have_text("未答复")


def test_a_page_from_before_an_amendment_comes_back_and_accepts_nothing(stage: Stage, page: Page, visit: str) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#field-occupation details.amend summary").click()
    other.locator("#value-occupation").fill("教师")
    other.locator("#reason-occupation").select_option("CITIZEN_CORRECTED")
    other.locator("#field-occupation").get_by_role("button", name="保存更正").click()
    expect(other.locator("#field-occupation .given")).to_contain_text("教师窗口更正")
    page.locator("#confirm").click()
    expect(page.locator("#notice")).to_contain_text(f"{HELD}：有 1 处刚刚变化，填报内容刚刚更正过")
    expect(page.locator("#field-occupation .given")).to_contain_text("教师")
    assert confirmations(stage, visit) == 0
    confirm(page)


def test_a_double_click_accepts_once(stage: Stage, page: Page, visit: str) -> None:
    page.locator("#confirm").dblclick()
    expect(page.locator(".caseHead .status")).to_have_text("已受理")
    assert confirmations(stage, visit) == 1


def test_the_hand_is_told_that_the_departments_are_asked_again(stage: Stage, page: Page, visit: str) -> None:
    page.route("**/confirm", lambda route: route.fulfill(status=204))  # the page stays, as while the hall takes its time
    page.locator("#confirm").click()
    expect(page.locator("#confirm")).to_have_text("正在再次核对…")


def test_each_cell_says_what_came_of_asking_its_department(stage: Stage, page: Page) -> None:
    stage.exchange.changed = {"social_security": {"employment.occupation": "", "contact.mobile": ""}}
    stage.exchange.withheld = {"household": {"household.police_station": "not_shared"}}
    stage.submit("lyu", next(NUMBERS), left=frozenset({"police_station"}))
    stage.exchange.silent = {"exit_entry"}
    seated(stage, page, "张敏", "3")
    call_next(page)
    open_case(page)
    cells = {
        "told": page.locator("#field-address .record").nth(0),
        "none": page.locator("#field-employer .record").nth(0),
        "no record": page.locator("#field-mobile .record").nth(1),
        "no answer": page.locator("#field-mobile .record").nth(2),
        "withheld": page.locator("#field-police_station .record").nth(0),
    }
    said = {name: cell.locator("span").first.inner_text() for name, cell in cells.items()}
    assert said == {
        "told": "广东省佛山市禅城区祖庙街道莲花路36号802房",
        "none": "–",
        "no record": "没有登记",
        "no answer": "没有答复",
        "withheld": "不予共享",
    }
    colours = {name: cell.locator("span").first.evaluate("e => getComputedStyle(e).color") for name, cell in cells.items()}
    assert len(set(colours.values())) == len(cells)
