"""Logging in, locking and the accounts in a real browser, by keyboard where a clerk would use it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from flows.application import Status
from hall.roles import Role
from hall.second_factor import code_at
from hall.staff import Staff
from scripts.console_steps import call_next, log_in, open_case, tick
from tests.hall.complaints import uncomplaining
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.hands import press_shortcut, width_of

NUMBERS = iter(range(0x1000, 0xFFFF))
MINUTE_MS = 60_000


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN") as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A complaint of the browser, e.g. about the policy, fails the test."""
    with uncomplaining(context):
        yield context.new_page()


def at_the_desk(stage: Stage, page: Page) -> str:
    """张敏 at window 3 with 吕晓岚's case open and half a sentence typed; gives the visit."""
    visit = stage.submit("lyu", next(NUMBERS)).visit
    log_in(page, "张敏", PASSWORD, "3", stage.console)
    call_next(page)
    open_case(page)
    page.locator("summary", has_text="退回补正").click()
    page.locator('.judge[open] input[name="tick.CARD_TO_RENEW"]').check()
    page.locator("#note-return").fill("请带户口簿")
    return visit


def shows_nobody(page: Page) -> None:
    """Neither on the screen nor to a screen reader."""
    expect(page.locator("#lock")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator("header.top")).to_be_hidden()
    assert "吕晓岚" not in page.locator("body").inner_text()
    assert "吕晓岚" not in page.locator("body").aria_snapshot()
    assert page.title() == "已锁定"


def test_a_clerk_leaves_and_comes_back_to_half_a_sentence(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    press_shortcut(page, "Alt+l")
    shows_nobody(page)
    expect(page.locator("#unlockProof")).to_be_focused()
    page.keyboard.type("guessed it")
    page.keyboard.press("Enter")
    expect(page.locator("#lockNotice")).to_contain_text("密码或验证码不对")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#note-return")).to_have_value("请带户口簿")
    expect(page.locator("#note-return")).to_be_focused()
    page.get_by_role("button", name="退回补正").click()
    expect(page.locator(".caseHead .status")).to_have_text("已退回补正")
    assert stage.do(stage.services.store.standing(visit)).status is Status.RETURNED


def test_under_the_sheet_no_shortcut_presses_what_nobody_sees(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    press_shortcut(page, "Alt+l")
    shows_nobody(page)
    for keys in ("Alt+s", "Alt+t", "Escape", "Alt+l", "Alt+q"):
        page.keyboard.press(keys)
    shows_nobody(page)
    page.locator("#unlockProof").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#note-return")).to_have_value("请带户口簿")
    assert stage.do(stage.services.store.standing(visit)).status is Status.CALLED


def test_a_page_is_live_again_after_the_lock(stage: Stage, page: Page) -> None:
    log_in(page, "张敏", PASSWORD, "3", stage.console)
    press_shortcut(page, "Alt+l")
    shows_nobody(page)
    number = stage.submit("lyu", next(NUMBERS)).number
    page.locator("#unlockProof").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#lines .number")).to_have_text([number])
    later = stage.submit("rare", next(NUMBERS)).number
    expect(page.locator("#lines .number")).to_have_text([number, later])


def test_a_counter_left_alone_is_covered_by_itself(stage: Stage, page: Page) -> None:
    page.clock.install()
    at_the_desk(stage, page)
    page.clock.run_for(4 * MINUTE_MS)
    expect(page.locator("main")).to_be_visible()
    page.mouse.move(300, 300)
    page.clock.run_for(4 * MINUTE_MS)
    expect(page.locator("main")).to_be_visible()
    with page.expect_response("**/lock"):
        page.clock.run_for(2 * MINUTE_MS)
    shows_nobody(page)
    page.reload()
    expect(page.get_by_role("heading", name="3 号窗口已锁定")).to_be_visible()


def test_every_tab_of_the_browser_is_covered_and_opened_together(stage: Stage, page: Page, context: BrowserContext) -> None:
    at_the_desk(stage, page)
    other = context.new_page()
    other.goto(stage.console)
    expect(other.locator("#lines")).to_be_visible()
    page.bring_to_front()
    press_shortcut(page, "Alt+l")
    shows_nobody(page)
    expect(other.locator("main")).to_be_hidden()
    page.locator("#unlockProof").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#note-return")).to_have_value("请带户口簿")
    expect(other.locator("main")).to_be_visible()


def test_nothing_is_uncovered_before_the_hall_knows_of_the_lock(
    stage: Stage, page: Page, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or whoever touches the page would be shown it: to the hall its session is still open."""
    at_the_desk(stage, page)
    other = context.new_page()
    other.goto(stage.console)
    expect(other.locator("#lines")).to_be_visible()
    arrived, lock = asyncio.Event(), stage.services.staff.lock

    async def late(token: str, key: str = "") -> None:
        await arrived.wait()
        await lock(token, key)

    monkeypatch.setattr(stage.services.staff, "lock", late)
    press_shortcut(page, "Alt+l")
    expect(other.locator("main")).to_be_hidden()
    for tab in (page, other):
        tab.evaluate("window.dispatchEvent(new Event('focus'))")
        assert tab.evaluate("fetch('/session').then((answer) => answer.json())")["state"] == "open"
        expect(tab.locator("main")).to_be_hidden()
    with page.expect_response("**/session") as said:
        stage.loop.call_soon_threadsafe(arrived.set)
    assert said.value.json()["state"] == "locked"
    shows_nobody(page)
    events = [event.name for event in stage.do(stage.services.store.events_after(0)) if "lock" in event.name]
    assert events == ["window_locked"]


def test_a_lock_that_did_not_arrive_is_told_again_before_the_page_opens(stage: Stage, context: BrowserContext) -> None:
    page = context.new_page()
    at_the_desk(stage, page)
    page.route("**/lock", lambda route: route.fulfill(status=502, body=""), times=1)
    with page.expect_response("**/lock") as refused:
        press_shortcut(page, "Alt+l")
    assert refused.value.status == 502
    page.locator("#unlockProof").fill("guessed it")
    page.keyboard.press("Enter")
    expect(page.locator("#lockNotice")).to_contain_text("密码或验证码不对")
    page.locator("#unlockProof").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#note-return")).to_have_value("请带户口簿")


def test_the_hall_locked_what_the_page_did_not_know_of(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    stage.clock.later(minutes=6)
    stage.submit("rare", next(NUMBERS))
    shows_nobody(page)
    page.locator("#unlockProof").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#note-return")).to_have_value("请带户口簿")


def test_a_long_lunch_ends_the_session_and_loses_nothing(stage: Stage, page: Page, context: BrowserContext) -> None:
    at_the_desk(stage, page)
    press_shortcut(page, "Alt+l")
    shows_nobody(page)
    stage.clock.later(minutes=40)
    page.locator("#unlockProof").fill(PASSWORD)
    page.keyboard.press("Enter")
    with context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    again = opened.value
    log_in(again, "张敏", PASSWORD, "3", stage.console)
    again.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#note-return")).to_have_value("请带户口簿")


def test_somebody_else_who_logs_in_gets_nothing_of_the_covered_page(stage: Stage, page: Page, context: BrowserContext) -> None:
    at_the_desk(stage, page)
    with page.expect_response("**/lock"):
        press_shortcut(page, "Alt+l")
    shows_nobody(page)
    again = context.new_page()
    again.goto(stage.console)
    again.get_by_role("button", name="换人").click()
    log_in(again, "李红", PASSWORD, "3", stage.console)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".clerk")).to_have_text("李红")
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible()


def test_the_back_button_after_logging_out_shows_nothing(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("密码")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("密码")).to_be_visible()
    assert "吕晓岚" not in page.content()


def test_a_session_that_ends_mid_decision_gives_the_form_back_by_keyboard(stage: Stage, page: Page) -> None:
    visit = at_the_desk(stage, page)
    page.route("**/events*", lambda route: route.abort())  # the network is cut for a while: the page hears of nothing
    stage.clock.later(minutes=16)
    page.get_by_role("button", name="退回补正").click()
    expect(page.get_by_role("status")).to_contain_text("已替您保存")
    keys = page.keyboard
    page.wait_for_load_state("load")
    expect(page.get_by_label("密码")).to_be_focused()
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="刚才的「退回补正」没有执行")).to_be_visible()
    expect(page.locator(".kept")).to_contain_text("请带户口簿")
    expect(page.locator("#resume")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(".caseHead .status")).to_have_text("已退回补正")
    assert stage.do(stage.services.store.standing(visit)).status is Status.RETURNED


def test_what_is_being_sent_is_answered_though_the_session_ends_meanwhile(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    sent = list[Route]()
    page.route("**/return", lambda route: sent.append(route))
    page.get_by_role("button", name="退回补正").click(no_wait_after=True)
    stage.clock.later(minutes=16)
    with page.expect_response("**/session"):  # the live page has heard that it is over
        stage.submit("rare", next(NUMBERS))
    sent[0].continue_()
    expect(page.get_by_role("status")).to_contain_text("已替您保存")


def with_second_factor(stage: Stage) -> None:
    """From now on a telephone is asked for; the demonstration's clerks have none yet."""
    strict = Staff(
        stage.services.store,
        stage.clock,
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        second_factor=True,
        hall="禅城区行政服务中心",
    )
    stage.services.staff.entrance = strict.entrance


def test_a_first_log_in_by_keyboard_alone(stage: Stage, page: Page) -> None:
    with_second_factor(stage)
    stage.do(stage.services.staff.accounts.add("wang", "handed over 1234", frozenset({Role.CLERK})))
    log_in_waits(page, stage, "wang", "handed over 1234")
    keys = page.keyboard
    expect(page.locator("#password")).to_be_focused()
    keys.type("a sentence of my own")
    keys.press("Tab")
    keys.type("a sentence of my 0wn")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("两次输入的新密码不一样")
    expect(page.locator("#password")).to_be_focused()
    keys.type("a sentence of my own")
    keys.press("Tab")
    keys.type("a sentence of my own")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="绑定手机验证器")).to_be_visible()
    assert width_of(page.locator(".telephone")) > 100
    expect(page.locator("#code")).to_be_focused()
    secret = "".join(page.locator(".secret span").all_inner_texts())
    keys.type(code_at(secret, stage.clock()))
    keys.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    expect(page.get_by_role("link", name="已保存，进入工作台")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    stage.clock.later(minutes=1)
    log_in_waits(page, stage, "wang", "a sentence of my own")
    expect(page.locator("#code")).to_be_focused()
    keys.type(code_at(secret, stage.clock()))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible()


def log_in_waits(page: Page, stage: Stage, name: str, password: str) -> None:
    page.goto(stage.console)
    page.get_by_label("姓名或工号").fill(name)
    page.get_by_label("密码").fill(password)
    tick(page.get_by_role("radio", name="3", exact=True))
    page.get_by_role("button", name="登录").click()


def test_security_keeps_the_accounts(stage: Stage, page: Page) -> None:
    stage.do(stage.services.staff.add("何安", PASSWORD, frozenset({Role.SECURITY})))
    enter(page, stage, "何安")
    page.get_by_role("navigation", name="可以去的页面").get_by_role("link", name="账号").click()
    page.get_by_label("姓名或工号").fill("周晓")
    page.locator(".adding").get_by_label("窗口人员").check()
    page.locator(".adding").get_by_label("安全管理员").check()
    page.get_by_role("button", name="新增并发密码").click()
    expect(page.get_by_role("alert")).to_contain_text("窗口人员和安全管理员不能由同一个人担任")
    expect(page.get_by_label("姓名或工号")).to_have_value("周晓")
    page.locator(".adding").get_by_label("安全管理员").uncheck()
    page.get_by_role("button", name="新增并发密码").click()
    first = page.locator(".first").inner_text()
    row = page.locator("[data-account='周晓']")
    expect(row).to_contain_text("待改密码")
    assert len(first) == 19
    row.locator("summary").click()
    row.get_by_role("button", name="停用").click()
    expect(page.locator("[data-account='周晓']")).to_contain_text("已停用")
    assert first not in page.content()
    expect(page.locator("[data-account='何安']")).to_contain_text("本人")


def enter(page: Page, stage: Stage, name: str) -> None:
    """Without a window."""
    page.goto(stage.console)
    page.get_by_label("姓名或工号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    tick(page.get_by_role("radio", name="不在窗口"))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name=f"{name}，您好")).to_be_visible()
