"""送达 in a supervisor's browser: what was given up is resent, taken out, carried; the night's report; what departments say."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from flows.delivery import Progress
from hall.store.feeds import Message
from hall.store.request import Request
from scripts.console_steps import confirm
from tests.hall.console_stage import Stage
from tests.hall.hands import press_shortcut
from tests.hall.letters_stage import give_up
from tests.hall.test_console import at_the_desk, page, stage

__all__ = ["page", "stage"]


def given_up(stage: Stage, page: Page, person: str = "lyu", problem: str = "down") -> str:
    """An accepted case whose department could not be reached ten times; the page of deliveries is open."""
    at_the_desk(stage, page, person)
    visit = page.url.rpartition("/")[2]
    confirm(page)
    expect(page.locator(".delivery .trouble")).to_be_visible()
    give_up(stage, visit, problem=problem)
    page.goto(f"{stage.console}deliveries")
    return visit


def row(page: Page, visit: str) -> str:
    return f'tr[data-letter="{visit}:exit_entry"]'


def test_one_is_resent_by_keyboard_alone_and_leaves_the_list_when_the_department_has_it(stage: Stage, page: Page) -> None:
    visit = given_up(stage, page)
    letter = page.locator(row(page, visit))
    expect(letter).to_contain_text("连接不上")
    expect(letter).to_contain_text("停送")
    page.keyboard.press("Tab")
    while not letter.get_by_role("checkbox").evaluate("box => box === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(letter.get_by_role("checkbox")).to_be_checked()
    press_shortcut(page, "Alt+S")
    expect(page.get_by_role("status").first).to_contain_text("已交再送")
    expect(letter).to_contain_text("还可试 9 次")
    stage.department_answers()
    expect(letter).to_have_count(0)
    expect(page.locator('tr[data-department="exit_entry"]')).to_contain_text("1")
    assert list(stage.target.given) == [f"{visit}:exit_entry"]


def test_what_is_ticked_stays_ticked_when_something_else_changes(stage: Stage, page: Page) -> None:
    visit = given_up(stage, page)
    letter = page.locator(row(page, visit))
    letter.get_by_role("checkbox").check()
    stage.do(stage.services.store.feed_failed("exit_entry", "down", stage.clock()))
    stage.do(stage.services.store.wake_feed("exit_entry", stage.clock()))
    expect(page.locator('tr[data-department="exit_entry"] .feed')).to_contain_text("尚未读取")
    expect(letter.get_by_role("checkbox")).to_be_checked()


def test_all_of_a_department_are_resent_with_one_click(stage: Stage, page: Page) -> None:
    visit = given_up(stage, page)
    page.get_by_role("button", name="全部再送（1 件）").click()
    expect(page.locator(row(page, visit))).to_contain_text("还可试 9 次")
    expect(page.get_by_role("button", name="全部再送")).to_have_count(0)


def test_it_is_taken_out_under_a_name_that_says_nothing_and_carried_by_hand(stage: Stage, page: Page) -> None:
    visit = given_up(stage, page, problem="differs")
    page.locator(row(page, visit)).get_by_role("link", name="处理").click()
    expect(page.locator("main .notice.grave")).to_contain_text("部门收到的内容与送出的不一致")
    for name, file in (("送件单", "delivery.pdf"), ("数据文件", "delivery.json")):
        with page.expect_download() as taken:
            page.get_by_role("link", name=name).click()
        assert taken.value.suggested_filename == file
    assert json.loads(Path(taken.value.path()).read_text("utf-8"))["key"] == f"{visit}:exit_entry"
    stage.target.given[f"{visit}:exit_entry"] = "CRJ-7"
    stage.loop.call_soon_threadsafe(stage.target.answers.set)
    page.get_by_label("部门的受理编号").fill("CRJ-8")
    page.get_by_role("button", name="登记人工送达").click()
    expect(page.get_by_role("alert")).to_contain_text("部门已经收到过这一件，编号是 CRJ-7")
    expect(page.get_by_label("部门的受理编号")).to_have_value("CRJ-8")
    page.get_by_label("部门的受理编号").fill("CRJ-7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已登记人工送达")
    expect(page.locator(row(page, visit))).to_have_count(0)
    page.goto(f"{stage.console}deliveries/letters/{visit}/exit_entry")
    expect(page.locator("main")).to_contain_text("这一件不需要处理")
    page.goto(f"{stage.console}cases/{visit}")
    expect(page.locator(".delivery.done")).to_contain_text("张敏人工送达")
    expect(page.locator(".receiptNumber")).to_have_text("CRJ-7")


def test_the_nights_report_finds_what_the_department_lost_and_sends_it_again(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    visit = page.url.rpartition("/")[2]
    stage.department_answers()
    confirm(page)
    expect(page.locator(".delivery.done")).to_be_visible()
    stage.target.given.clear()
    stage.target.given["somebody:exit_entry"] = "=1+1"
    page.goto(f"{stage.console}deliveries")
    page.get_by_role("link", name="夜间核对").click()
    expect(page.locator("#report")).to_contain_text("这一天没有核对")
    page.get_by_role("button", name="现在核对一次").click()
    found = page.locator(".letters tbody tr")
    expect(found).to_have_count(2)
    expect(found.first).to_contain_text("部门没有")
    expect(found.last).to_contain_text("大厅没有这一件")
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 CSV").click()
    assert taken.value.suggested_filename == "reconciliation-2026-11-23.csv"
    lines = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("部门,结果,排队号")
    assert lines[2].endswith(",'=1+1")
    found.first.get_by_role("checkbox").check()
    press_shortcut(page, "Alt+S")
    expect(page.get_by_role("status").first).to_contain_text("已交从头再送")

    async def sent_again() -> None:
        while f"{visit}:exit_entry" not in stage.target.given:
            await stage.services.store.changed.wait()

    stage.do(sent_again())
    page.get_by_role("button", name="现在核对一次").click()
    expect(found).to_have_count(1)
    expect(found).to_contain_text("部门多出")


def test_a_department_that_is_down_at_night_has_its_line(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    page.goto(f"{stage.console}deliveries/reconciliation")
    page.get_by_role("button", name="现在核对一次").click()
    expect(page.locator("#report tr", has_text="出入境管理")).to_contain_text("没有核对完（连接不上）")


def test_how_far_the_department_is_arrives_on_the_cases_page_by_itself(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    stage.department_answers()
    confirm(page)
    expect(page.locator(".delivery.done")).to_be_visible()
    (number,) = stage.target.given.values()
    for name, progress, words in (("1", Progress.MAKING, "制证中"), ("2", Progress.READY, "待领取")):
        said = [Message(name, number, progress)]
        stage.do(stage.services.store.hear("exit_entry", said, None, Request("", "hall", stage.clock())))
        expect(page.locator(".delivery")).to_contain_text(words)
