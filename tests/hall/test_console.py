"""The console in a real browser: a clerk's morning, by mouse and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.application import Action, Status
from hall.amendments import Said
from scripts.console_steps import call_next, confirm, open_case, wait_for_numbers
from tests.hall.complaints import uncomplaining
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.hands import press_shortcut
from tests.hall.seats import seated

NUMBERS = iter(range(0x1000, 0xFFFF))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    """A clerk's browser at the log-in page; a complaint of the browser, e.g. about the policy, fails the test."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context, uncomplaining(context):
        yield context.new_page()


def at_the_desk(stage: Stage, page: Page, person: str = "lyu", **how: object) -> None:
    """Logged in at window 3, with this person's case open."""
    stage.submit(person, next(NUMBERS), **how)  # type: ignore[arg-type]
    seated(stage, page, "张敏", "3")
    call_next(page)
    open_case(page)


def test_a_case_from_the_call_to_the_departments_number(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    mobile = page.locator("#field-mobile")
    expect(mobile.locator(".kind")).to_have_text("旧值")
    expect(mobile.locator(".record .value").last).to_have_text("137 0284 0011")
    expect(page.locator("#field-card\\.address .kind")).to_have_text("旧值")
    expect(page.locator("[data-difference]")).to_have_count(2)
    expect(page.locator(".fee tfoot")).to_contain_text("45.00 元")
    expect(page.locator(".from")).to_have_text("依据：收费标准 2019-07-01")
    confirm(page)
    expect(page.locator(".delivery .trouble")).to_contain_text("送交部门")
    expect(page.locator(".receipt")).to_contain_text("等待部门返回")
    stage.department_answers()
    assert wait_for_numbers(page, 1)[0] == stage.target.given.popitem()[1]
    expect(page.locator("#confirm")).to_have_count(0)


def test_by_keyboard_alone(stage: Stage, page: Page) -> None:
    stage.submit("lyu", next(NUMBERS))
    page.goto(stage.console)
    keys = page.keyboard
    expect(page.get_by_label("姓名或工号")).to_be_focused()
    keys.type("张敏")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Tab")
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(page.locator("#next")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#open")).to_be_focused()
    keys.press("Enter")
    page.locator("#field-mobile .amend summary").focus()
    page.wait_for_load_state("load")  # quicker than a hand, the browser could still be reading the script
    keys.press("Enter")
    expect(page.locator("#value-mobile")).to_be_focused()
    keys.press("Control+a")
    keys.type("139 0013 9000")
    keys.press("Tab")
    expect(page.get_by_role("button", name="采用出入境管理登记")).to_be_focused()
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#field-mobile .given")).to_contain_text("139 0013 9000窗口更正")
    expect(page.locator(".history ins")).to_have_text("139 0013 9000")
    press_shortcut(page, "Alt+s")
    expect(page.locator(".caseHead .status")).to_have_text("已受理")


def test_the_four_outcomes_are_four_words(stage: Stage, page: Page) -> None:
    stage.exchange.silent.add("household")
    at_the_desk(stage, page, "elder")
    words = page.locator("thead .outcome")
    expect(words).to_have_text(["未答复", "查无记录", "已返回", "未查询"])
    expect(page.locator(".cautions")).to_contain_text("公安户籍没有答复（超时），相关各项没有比对")


def test_the_queue_is_live_without_a_reload(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    expect(page.locator("#next")).to_be_disabled()
    page.evaluate("window.unreloaded = true")
    number = stage.submit("lyu", next(NUMBERS)).number
    expect(page.locator("#lines .number")).to_have_text([number])
    expect(page.locator("#next")).to_be_enabled()
    expect(page.locator(".bigNumber")).to_contain_text("1")
    assert page.evaluate("window.unreloaded") is True
    assert "吕晓岚" not in page.content()


def test_a_ticket_that_arrives_while_the_button_is_held_down_does_not_swallow_the_click(stage: Stage, page: Page) -> None:
    first = stage.submit("lyu", next(NUMBERS)).number
    seated(stage, page, "张敏", "3")
    page.locator("#next:enabled").hover()
    page.mouse.down()
    stage.submit("rare", next(NUMBERS))
    expect(page.locator("#lines .number")).to_have_count(2)
    page.mouse.up()
    expect(page.locator(".held .bigNumber")).to_have_text(first)


def test_a_fragment_that_waited_for_the_hand_is_drawn_when_it_lets_go(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    page.locator(".next .bigNumber").hover()
    page.mouse.down()
    stage.submit("rare", next(NUMBERS))
    expect(page.locator("#lines .number")).to_have_count(1)
    expect(page.locator("#next")).to_be_disabled()
    page.mouse.up()
    expect(page.locator("#next")).to_be_enabled()


def test_what_is_being_typed_outlives_what_arrives(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    page.locator("#field-mobile .amend summary").click()
    page.locator("#value-mobile").fill("1390013")
    decided_elsewhere(stage, page)
    expect(page.locator("[role=alert]")).to_contain_text("本件已变为「已退回补正」")
    expect(page.locator("#value-mobile")).to_have_value("1390013")
    expect(page.locator("#value-mobile")).to_be_focused()


def test_a_stale_page_is_told_what_became_of_the_case(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    decided_elsewhere(stage, page)
    page.locator("#confirm").click()
    expect(page.locator("#notice")).to_contain_text("刚才的「确认受理」没有执行")
    expect(page.locator("#notice")).to_contain_text("本件现在是「已退回补正」：张敏在 3 号窗口于 09:25:00「退回补正」")
    expect(page.locator("#confirm")).to_have_count(0)


def test_two_clicks_on_confirm_are_one(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    page.locator("#confirm").dblclick()
    expect(page.locator(".caseHead .status")).to_have_text("已受理")
    expect(page.locator(".history li")).to_have_count(3)


def test_a_rejection_names_its_reason_and_the_way_out(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    page.locator("summary", has_text="不予受理").click()
    panel = page.locator(".judge[open]")
    panel.locator("input[type=radio]").first.check()
    panel.get_by_label("补充说明").fill("已当面说明")
    panel.get_by_role("button", name="不予受理").click()
    told = page.locator(".outcomeTold")
    expect(told).to_contain_text("不属于本机关职权范围")
    expect(told).to_contain_text("请向告知书上写明的机关申请")
    expect(told).to_contain_text("已当面说明")


def test_what_was_left_for_the_clerk_is_filled_in_before_it_can_be_accepted(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "elder", left=frozenset({"employer", "occupation"}))
    expect(page.locator("#confirm")).to_be_disabled()
    for name, value in (("employer", "无"), ("occupation", "退休")):
        row = page.locator(f"#field-{name}")
        row.locator(".amend summary").click()
        row.get_by_role("textbox").fill(value)
        row.locator("select").select_option("LEFT_BLANK")
        row.get_by_role("button", name="保存更正").click()
        expect(row.locator(".given .value")).to_have_text(value)
    confirm(page)


def test_what_is_to_be_filled_in_is_one_touch_away_with_its_reason(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "elder", left=frozenset({"employer", "occupation"}))
    page.locator(".cautions").get_by_role("link", name="职业").click()
    expect(page.locator("#value-occupation")).to_be_focused()
    expect(page.locator("#reason-occupation")).to_have_value("LEFT_BLANK")


def test_a_clerk_chooses_an_endorsement_that_the_terminal_does_not_offer(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    row = page.locator("#field-hong_kong")
    row.locator(".amend summary").click()
    page.locator("#value-hong_kong").select_option(label="探亲")
    page.locator("#reason-hong_kong").select_option("CITIZEN_CORRECTED")
    row.get_by_role("button", name="保存更正").click()
    expect(row.locator(".given")).to_contain_text("探亲窗口更正")
    expect(page.locator(".fee tbody")).to_contain_text("香港 探亲按批准的次数核定")
    expect(page.locator(".fee tfoot")).to_contain_text("已核定合计15.00 元")


def test_a_no_show_may_be_passed_over_after_two_calls_and_comes_back_into_line(stage: Stage, page: Page) -> None:
    stage.submit("lyu", next(NUMBERS))
    seated(stage, page, "张敏", "3")
    number = call_next(page)
    expect(page.locator("#miss")).to_be_disabled()
    stage.clock.later(minutes=3)
    page.locator("#recall").click()
    page.locator("#miss:enabled").click()
    row = page.locator("#lines tr", has_text=number)
    expect(row.locator(".status")).to_have_text("过号")
    row.get_by_role("button", name="重新排队").click()
    expect(row.locator(".status")).to_have_text("等候")


def test_a_page_left_alone_shows_nobody_once_the_session_has_ended(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    stage.clock.later(minutes=16)
    stage.submit("rare", next(NUMBERS))
    expect(page.get_by_label("密码")).to_be_visible()
    assert "吕晓岚" not in page.content()


def test_a_cut_name_is_marked_with_a_word_and_a_sign_and_not_by_colour_alone(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page, "uyghur")
    kind = page.locator("#field-name .kind").first
    expect(kind).to_have_text("被截断")
    assert kind.evaluate("element => getComputedStyle(element, '::before').content") == '"…"'


def decided_elsewhere(stage: Stage, page: Page) -> None:
    """The same clerk in another tab returns the case that this page shows."""
    visit = page.url.rpartition("/")[2]
    desk = stage.services.desk
    status = stage.do(desk.decide(visit, Action.RETURN, window="3", clerk="张敏", key=visit, said=Said("CARD_TO_RENEW")))
    assert status is Status.RETURNED
