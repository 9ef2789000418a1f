"""Promises, second persons and mishaps at the case page, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from flows.application import Action, Status
from hall.amendments import Said
from scripts.console_steps import call_next, confirm, open_case
from tests.hall.console_stage import Stage, running_hall
from tests.hall.hands import press_shortcut
from tests.hall.seats import seated
from tests.hall.stage_matters import picture

NUMBERS = iter(range(0x1000, 0xFFFF))
CHECKED = "checked-permit"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


@pytest.fixture
def other(stage: Stage, browser: Browser) -> Iterator[Page]:
    """Another clerk's browser, at window 4."""
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        seated(stage, page, "陈志远", "4")
        yield page


def at_the_desk(stage: Stage, page: Page, **how: str) -> str:
    """Logged in at window 3, with a case open."""
    visit = stage.submit("lyu", next(NUMBERS), **how).visit  # type: ignore[arg-type]
    seated(stage, page, "张敏", "3")
    call_next(page)
    open_case(page)
    return visit


def count(stage: Stage, visit: str, action: Action) -> int:
    return [one.action for one in stage.do(stage.services.store.case(visit)).decisions].count(action)


def status(page: Page, words: str) -> None:
    expect(page.locator(".caseHead .status")).to_have_text(words)


def test_a_case_is_accepted_with_a_paper_missing_by_keyboard_alone(stage: Stage, page: Page) -> None:
    visit, keys = at_the_desk(stage, page), page.keyboard
    press_shortcut(page, "Alt+c")
    expect(page.locator("[name='lacking.OLD_PERMIT']")).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Tab")
    expect(page.locator("#until")).to_be_focused()
    keys.type("11272026")
    expect(page.locator("#until")).to_have_value("2026-11-27")
    page.locator("#promised_by").focus()
    keys.press("Enter")
    status(page, "已受理")
    expect(page.locator(".outcomeTold b").first).to_have_text("已容缺受理")
    expect(page.locator(".promised")).to_contain_text("吕晓岚承诺 2026-11-27 前补齐")
    expect(page.locator("#paper-promise")).to_be_visible()
    assert count(stage, visit, Action.ACCEPT_LACKING) == 1


def test_a_day_too_far_off_is_refused_and_nothing_typed_is_lost(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    press_shortcut(page, "Alt+c")
    page.locator("[name='lacking.LICENCE_COPY']").check()
    page.locator("#until").fill("2027-01-15")
    page.locator("#promised_by").fill("吕建国")
    page.locator(".judge[open] button[type=submit]").click()
    expect(page.locator(".judge[open] .mistake")).to_contain_text("2026-11-30 以前")
    expect(page.locator("[name='lacking.LICENCE_COPY']")).to_be_checked()
    expect(page.locator("#until")).to_have_value("2027-01-15")
    expect(page.locator("#promised_by")).to_have_value("吕建国")
    assert count(stage, visit, Action.ACCEPT_LACKING) == 0


def promised(stage: Stage, page: Page) -> str:
    visit = at_the_desk(stage, page)
    press_shortcut(page, "Alt+c")
    page.locator("[name='lacking.OLD_PERMIT']").check()
    page.locator(".judge[open] button[type=submit]").click()
    status(page, "已受理")
    return visit


def test_another_window_takes_what_was_promised_and_the_case_says_so(stage: Stage, page: Page, other: Page) -> None:
    visit = promised(stage, page)
    other.get_by_role("link", name="补齐").click()
    other.get_by_role("link", name="打开").click()
    other.locator("[name='brought.OLD_PERMIT']").check()
    other.locator("[name='picture.OLD_PERMIT']").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture("#446688").content}
    )
    press_shortcut(other, "Alt+s")
    expect(other.locator(".owedList li.brought")).to_contain_text("已补齐（4 号窗口）")
    expect(page.locator(".history")).to_contain_text("补齐材料　陈志远（4 号窗口）")  # without a reload
    page.reload()
    expect(page.locator(".promised li.brought")).to_contain_text("已补齐（4 号窗口）")
    assert count(stage, visit, Action.BRING) == 1


def test_a_promise_brought_at_two_windows_is_brought_once(stage: Stage, page: Page, other: Page) -> None:
    visit = promised(stage, page)
    for clerk in (page, other):
        clerk.goto(f"{stage.console}promises/{visit}")
        clerk.locator("[name='brought.OLD_PERMIT']").check()
    page.locator("#bring").click()
    expect(page.locator(".owedList li.brought")).to_be_visible()
    other.locator("#bring").click()
    expect(other.locator("#notice")).to_contain_text("已经在别的窗口补齐")
    expect(other.locator(".owedList li.brought")).to_contain_text("（3 号窗口）")
    assert count(stage, visit, Action.BRING) == 1


def test_an_overdue_promise_stands_out_and_is_followed_up_without_a_refusal(stage: Stage, page: Page) -> None:
    visit = promised(stage, page)
    page.goto("about:blank")  # closed in the evening: an open page would go to the log-in by itself
    stage.clock.later(days=9)
    seated(stage, page, "张敏", "3")
    page.goto(f"{stage.console}promises")
    expect(page.locator("tr.overdue .late")).to_have_text("已逾期")
    page.get_by_role("link", name="打开").click()
    page.get_by_label("已通知申请人尽快补齐").check()
    page.get_by_role("button", name="记下处理").click()
    expect(page.locator(".history")).to_contain_text("已通知申请人尽快补齐")
    assert stage.do(stage.services.store.standing(visit)).status is Status.ACCEPTED


def test_several_things_that_are_missing_are_one_list_by_keyboard(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    keys = page.keyboard
    press_shortcut(page, "Alt+t")
    expect(page.locator("[name='bring.0']")).to_be_focused()
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.type("结婚证原件")
    keys.press("Enter")
    keys.type("港澳亲属证件复印件")
    page.locator(".judge[open] button[type=submit]").focus()
    keys.press("Enter")
    status(page, "已退回补正")
    page.wait_for_load_state("load")
    expect(page.locator(".grounds ul li")).to_have_text(["往来港澳通行证", "结婚证原件", "港澳亲属证件复印件"])
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/papers/missing")) as answered:
        press_shortcut(page, "Alt+p")
    assert answered.value.headers["content-type"] == "application/pdf"


def test_a_list_without_particulars_comes_back_with_everything_typed(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    press_shortcut(page, "Alt+t")
    panel = page.locator(".judge[open]")
    panel.locator("[name='tick.MATERIAL_MISSING']").check()
    panel.locator("[name='tick.GUARDIAN_NEEDED']").check()
    panel.locator("[name='lines.GUARDIAN_NEEDED']").fill("父亲或母亲")
    panel.get_by_role("button", name="退回补正").click()
    expect(panel.locator(".mistake")).to_contain_text("要写明是哪些")
    expect(panel.locator("[name='tick.MATERIAL_MISSING']")).to_be_checked()
    expect(panel.locator("[name='lines.GUARDIAN_NEEDED']")).to_have_value("父亲或母亲")
    status(page, "审核中")


def test_a_second_person_sends_back_and_then_agrees_and_only_then_is_it_accepted(stage: Stage, page: Page, other: Page) -> None:
    visit = at_the_desk(stage, page, matter=CHECKED)
    expect(page.locator("#second")).to_contain_text("本件须复核")
    press_shortcut(page, "Alt+s")
    status(page, "待复核")
    expect(page.locator(".delivery")).to_have_count(0)
    page.goto(f"{stage.console}reviews")
    expect(page.locator("tbody")).to_contain_text("您经手过，由另一个人复核")
    page.goto(f"{stage.console}reviews/{visit}")
    expect(page.locator("h1")).to_have_text("复核要由另一个人来做")
    other.goto(f"{stage.console}reviews")
    other.get_by_role("link", name="打开复核").click()
    expect(other.locator("#second")).to_contain_text("张敏在 3 号窗口")
    expect(other.locator("details.amend")).to_have_count(0)
    press_shortcut(other, "Alt+t")
    other.locator("[name='tick.REVIEW_IDENTITY']").check()
    other.get_by_role("button", name="复核退回", exact=True).click()
    expect(other.locator("tbody")).to_contain_text("身份或监护关系没有核实清楚")
    page.goto(f"{stage.console}cases/{visit}")
    status(page, "复核退回")
    press_shortcut(page, "Alt+g")
    status(page, "审核中")
    press_shortcut(page, "Alt+s")
    status(page, "待复核")
    other.goto(f"{stage.console}reviews/{visit}")
    other.wait_for_load_state("load")
    other.locator("#confirm").dblclick()
    expect(other.locator("h1").first).to_have_text("待复核")
    expect(page.locator("#moved")).to_contain_text("本件已变为「已受理」")  # without a reload
    assert count(stage, visit, Action.APPROVE) == 1


def test_a_second_person_with_an_old_page_is_told_that_another_was_quicker(
    stage: Stage, page: Page, other: Page, browser: Browser
) -> None:
    visit = at_the_desk(stage, page, matter=CHECKED)
    press_shortcut(page, "Alt+s")
    status(page, "待复核")
    with browser.new_context() as context:
        third = context.new_page()
        seated(stage, third, "李红", "5")
        for clerk in (third, other):
            clerk.goto(f"{stage.console}reviews/{visit}")
            clerk.wait_for_load_state("load")
        third.route("**/events?*", lambda route: route.abort())
        other.locator("#confirm").click()
        expect(other.locator("h1").first).to_have_text("待复核")
        third.goto(f"{stage.console}reviews/{visit}")
        expect(third.locator("#notice")).to_contain_text("那一件现在是「已受理」")
    assert count(stage, visit, Action.APPROVE) == 1


def test_what_is_amended_at_another_page_shows_without_a_reload(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    desk = stage.services.desk
    said = Said("CITIZEN_CORRECTED", amended={"occupation": "教师"})
    stage.do(desk.decide(visit, Action.AMEND, window="3", clerk="张敏", key="amend", said=said))
    expect(page.locator("#moved")).to_contain_text("填报内容刚刚在另一个页面更正过")
    expect(page.locator("#value-of-occupation")).to_have_text("教师")
    expect(page.locator(".history ins")).to_have_text("教师")
    page.locator("#confirm").click()
    expect(page.locator("#notice")).to_contain_text("填报内容刚刚更正过")
    confirm(page)


def pressed_while_cut(page: Page, button: Locator) -> None:
    """The line comes back, and it is still said that nothing was sent."""
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    button.click()
    expect(page.locator("#unsent")).to_contain_text("填写的内容都还在")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#unsent")).to_contain_text("连接已恢复。刚才的操作没有提交，请再按一次。")


def test_a_cut_line_is_said_keeps_what_is_typed_and_comes_back_by_itself(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    press_shortcut(page, "Alt+j")
    panel = page.locator(".judge[open]")
    panel.locator("input[type=radio]").first.check()
    panel.locator("textarea").fill("已当面说明")
    rejecting = panel.get_by_role("button", name="不予受理")
    pressed_while_cut(page, rejecting)
    expect(panel.locator("textarea")).to_have_value("已当面说明")
    page.locator("#unsent").get_by_role("button", name="知道了").click()
    expect(page.locator("#unsent")).to_have_count(0)
    pressed_while_cut(page, rejecting)
    rejecting.click()
    status(page, "不予受理")
    assert count(stage, visit, Action.REJECT) == 1


def test_a_browser_that_was_closed_finds_the_case_as_it_was_saved(stage: Stage, page: Page, browser: Browser) -> None:
    visit = at_the_desk(stage, page)
    page.locator("#field-occupation details.amend summary").click()
    page.locator("#value-occupation").fill("教师")
    page.locator("#reason-occupation").select_option("CITIZEN_CORRECTED")
    page.locator("#field-occupation").get_by_role("button", name="保存更正").click()
    expect(page.locator("#value-of-occupation")).to_have_text("教师")
    page.context.close()
    with browser.new_context() as context:
        again = context.new_page()
        seated(stage, again, "张敏", "3")
        open_case(again)
        status(again, "审核中")
        expect(again.locator("#value-of-occupation")).to_have_text("教师")
        confirm(again)
    assert count(stage, visit, Action.CONFIRM) == 1


def test_the_back_button_after_a_promise_offers_nothing_that_could_be_done_twice(stage: Stage, page: Page) -> None:
    visit = promised(stage, page)
    page.go_back()
    status(page, "已受理")
    expect(page.locator("#confirm")).to_have_count(0)
    assert count(stage, visit, Action.ACCEPT_LACKING) == 1


def test_two_clicks_on_a_promise_are_one(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    press_shortcut(page, "Alt+c")
    page.locator("[name='lacking.OLD_PERMIT']").check()
    page.locator(".judge[open] button[type=submit]").dblclick()
    status(page, "已受理")
    assert count(stage, visit, Action.ACCEPT_LACKING) == 1


def test_a_stale_tab_is_told_what_became_of_the_case_when_it_promises(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    page.route("**/events?*", lambda route: route.abort())
    page.reload()
    press_shortcut(page, "Alt+c")
    page.locator("[name='lacking.OLD_PERMIT']").check()
    desk, said = stage.services.desk, Said(ticked={"CARD_TO_RENEW": ()})
    stage.do(desk.decide(visit, Action.RETURN, window="3", clerk="张敏", key="elsewhere", said=said))
    page.evaluate("document.getElementById('offline').hidden = true")  # only the live stream is cut, not the line
    page.locator(".judge[open] button[type=submit]").click()
    expect(page.locator("#notice")).to_contain_text("刚才的「容缺受理」没有执行")
    expect(page.locator("#notice")).to_contain_text("张敏在 3 号窗口")
    assert count(stage, visit, Action.ACCEPT_LACKING) == 0


def test_the_keys_are_listed_under_a_question_mark(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    page.keyboard.press("?")
    keys = page.locator(".keys[open]")
    expect(keys).to_contain_text("Alt+S确认受理")
    expect(keys).to_contain_text("Alt+C容缺受理")
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    press_shortcut(page, "Alt+j")
    page.locator(".judge[open] textarea").fill("为什么?")
    page.keyboard.press("?")
    expect(page.locator(".judge[open] textarea")).to_have_value("为什么??")
