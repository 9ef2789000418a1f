"""Filling in at the counter in a real browser: by keyboard alone, and everything that goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from flows.application import Status
from hall.demo.behaviour import Mode
from hall.visits import AtWindow
from scripts.console_steps import call_next, confirm, tick
from tests.hall.accessible import violations
from tests.hall.complaints import uncomplaining
from tests.hall.console_stage import Stage, running_hall, services_of
from tests.hall.demo_desk import TOO_LONG, DemoDesk
from tests.hall.hands import press_shortcut, width_of
from tests.hall.seats import seated
from tests.hall.stage_matters import picture

LYU, STRANGER = "440602199202299863", "11010519491231002X"
NUMBERS = iter(range(0x1000, 0xFFFF))
SHOT: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture("#224466").content}
BAD_SHOT: FilePayload = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": picture("#fff", size=(20, 20)).content}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    with uncomplaining(context):
        yield context.new_page()


def begun(stage: Stage, page: Page, number: str = LYU, matter: str = "hk-macau-permit") -> str:
    """Logged in at window 3, the sheet open; returns the visit."""
    seated(stage, page, "张敏", "3")
    return begin(page, number, matter)


def begin(page: Page, number: str = LYU, matter: str = "hk-macau-permit") -> str:
    at_the_start(page, number, matter)
    page.locator("#go").click()
    expect(page.locator("#sections")).to_be_visible()
    page.wait_for_load_state("load")
    return page.url.rpartition("/")[2]


def at_the_start(page: Page, number: str, matter: str = "hk-macau-permit") -> None:
    page.locator("#counter").click()
    expect(page.locator("#go")).to_be_visible()
    page.wait_for_load_state("load")
    tick(page.locator(f"#matter-{matter}"))
    page.locator("#number").fill(number)


def answer_all(page: Page) -> None:
    page.locator("#f-ethnic_group").fill("汉族")
    for name, key in (("hong_kong", "1"), ("macau", "3"), ("public_servant", "2"), ("soldier", "2")):
        page.locator(f"#f-{name}").focus()
        page.keyboard.press(key)
        expect(page.locator(f"#f-{name}")).not_to_be_focused()
    expect(page.locator(".complete")).to_be_visible()


def saved(stage: Stage, visit: str, field: str, value: str) -> None:
    """The hall has it, whatever the page shows."""
    filling = stage.do(stage.services.counter.filling(visit, AtWindow("3", "张敏")))
    assert filling.sheet.known[field] == value


def test_from_the_free_window_to_the_departments_number(stage: Stage, page: Page) -> None:
    visit = begun(stage, page)
    assert LYU not in page.url
    expect(page.locator(".caseHead")).to_contain_text("号码为手工输入，请核验身份证原件")
    expect(page.locator("#page-who .read")).to_contain_text("吕晓岚公安户籍")
    answer_all(page)
    expect(page.locator(".beside .fee tfoot")).to_contain_text("15 元")
    page.locator("#f-photo").set_input_files(SHOT)
    expect(page.locator("#ask-photo img")).to_be_visible()
    page.locator("#f-signature").set_input_files({**SHOT, "name": "signed.jpg"})
    expect(page.locator("#ask-signature img")).to_be_visible()
    page.locator("#here").click()
    expect(page.locator("table.compare")).to_be_visible()
    assert page.url.endswith(f"/cases/{visit}")
    expect(page.locator(".caseNumber")).to_have_text("A001")
    confirm(page)
    page.goto(f"{stage.console}counter/{visit}")
    expect(page.locator("table.compare")).to_be_visible()  # the sheet's address leads to what became of it


def test_by_keyboard_alone(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    page.wait_for_load_state("load")
    keys = page.keyboard
    press_shortcut(page, "Alt+w")
    expect(page.locator("#matter-hk-macau-permit")).to_be_focused()
    page.wait_for_load_state("load")
    keys.press("1")
    expect(page.locator("#number")).to_be_focused()
    keys.type(LYU)
    keys.press("Enter")
    keys.press("Enter")
    expect(page.locator("#go")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#f-ethnic_group")).to_be_focused()
    page.wait_for_load_state("load")
    keys.type("汉族")
    for field in ("station_code", "employer", "occupation", "mobile", "hong_kong"):
        keys.press("Enter")
        expect(page.locator(f"#f-{field}")).to_be_focused()
    keys.press("2")
    expect(page.locator("#f-macau")).to_be_focused()
    keys.press("3")
    expect(page.locator("#f-public_servant")).to_be_focused()
    keys.press("2")
    expect(page.locator("#f-soldier")).to_be_focused()
    keys.press("2")
    expect(page.locator("#f-photo")).to_be_focused()
    press_shortcut(page, "Alt+s")
    expect(page.locator("table.compare")).to_be_visible()
    expect(page.locator("tr.blank th")).to_have_text(["证件照", "申请人签名"])


def test_axe_finds_nothing(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    page.locator("#counter").click()
    expect(page.locator("#go")).to_be_visible()
    assert violations(page) == []
    page.locator("#go").click()
    expect(page.locator(".ask.wrong").first).to_be_visible()
    assert violations(page) == []
    page.goto(stage.console)
    begin(page)
    page.locator("#here").click()
    expect(page.locator("#notice-1")).to_be_visible()
    page.locator("#f-photo").set_input_files(BAD_SHOT)
    expect(page.locator("#m-photo")).to_contain_text("没有找到面部")
    assert violations(page) == []
    page.locator("[name='drop.photo']").click()
    expect(page.locator("#m-photo")).to_be_hidden()
    answer_all(page)
    page.locator("#line").click()
    expect(page.locator("#number")).to_have_text("A001")
    assert violations(page) == []


def test_whoever_fetches_something_gets_a_number_and_waits(stage: Stage, page: Page) -> None:
    begun(stage, page)
    answer_all(page)
    page.locator("#line").click()
    expect(page.locator("#number")).to_have_text("A001")
    assert width_of(page.locator(".slip .code")) > 0
    page.get_by_role("link", name="回到排队").click()
    assert call_next(page) == "A001"


def test_what_is_wrong_stands_beside_its_question_and_nothing_is_lost(stage: Stage, page: Page) -> None:
    begun(stage, page)
    page.locator("#f-mobile").fill("123")
    page.locator("#f-occupation").fill("会计")
    page.locator("#here").click()
    expect(page.locator("#notice-1")).to_contain_text("还没有提交")
    expect(page.locator("#m-mobile")).to_contain_text("手机号码是 11 位数字")
    expect(page.locator("#m-hong_kong")).to_have_text("请选择一项")
    expect(page.locator("#f-mobile")).to_have_value("123")
    expect(page.locator("#f-occupation")).to_have_value("会计")
    expect(page.locator("#f-ethnic_group")).to_be_focused()


def test_a_wrong_number_is_said_beside_it_and_stays_out_of_the_address(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    at_the_start(page, "440602199202299864")
    page.locator("#go").click()
    expect(page.locator(".ask.wrong .mistake")).to_contain_text("请检查")
    expect(page.locator("#number")).to_have_value("440602199202299864")
    assert page.url == f"{stage.console}counter"
    page.locator("#number").fill(LYU)
    page.locator("#go").click()
    expect(page.locator("#sections")).to_be_visible()


def test_somebody_without_records_says_everything(stage: Stage, page: Page) -> None:
    begun(stage, page, STRANGER)
    expect(page.locator(".heard .no_record")).to_have_count(3)
    page.locator("#f-name").fill("王建国")
    page.locator("#f-mobile").fill("13900139000")
    answer_all(page)
    page.locator("#here").click()
    expect(page.locator(".subject .name")).to_have_text("王建国")


def test_two_clicks_are_one_ticket(stage: Stage, page: Page) -> None:
    begun(stage, page)
    answer_all(page)
    page.locator("#here").dblclick()
    expect(page.locator(".caseNumber")).to_have_text("A001")
    assert [line.status for line in stage.do(stage.services.queue.lines())] == [Status.CALLED]


def test_two_clicks_at_the_start_are_one_visit(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    at_the_start(page, LYU)
    page.locator("#go").dblclick()
    expect(page.locator("#sections")).to_be_visible()
    expect(page.locator("#notice-1")).to_have_count(0)


def test_back_after_submitting_leads_to_the_case_and_begins_nothing(stage: Stage, page: Page) -> None:
    begun(stage, page)
    answer_all(page)
    page.locator("#here").click()
    expect(page.locator("table.compare")).to_be_visible()
    page.go_back()
    expect(page.locator("table.compare")).to_be_visible()
    assert len(stage.do(stage.services.queue.lines())) == 1


def test_back_to_the_start_page_goes_on_with_what_is_open(stage: Stage, page: Page) -> None:
    visit = begun(stage, page)
    page.locator("#f-occupation").fill("会计")
    page.locator("#f-occupation").press("Enter")
    expect(page.locator("#f-mobile")).to_be_focused()
    page.go_back()
    page.wait_for_url(f"**/counter/{visit}")
    expect(page.locator("#f-occupation")).to_have_value("会计")


def test_a_stale_tab_overwrites_nothing_by_itself(stage: Stage, page: Page, context: BrowserContext) -> None:
    page.route("**/events", lambda route: route.abort())  # it hears nothing of the other
    visit = begun(stage, page)
    other = context.new_page()
    other.goto(page.url)
    other.locator("#f-occupation").fill("医生")
    other.locator("#f-occupation").press("Enter")
    expect(other.locator("#version")).to_have_value("2")
    page.locator("#f-occupation").fill("会计")
    page.locator("#f-occupation").press("Enter")
    expect(page.locator("#trouble")).to_contain_text("这一件刚在另一个页面保存过")
    saved(stage, visit, "occupation", "医生")
    page.locator("#check").click()
    expect(page.locator("#notice-1")).to_contain_text("这一件刚在另一个页面保存过")
    expect(page.locator("#f-occupation")).to_have_value("会计")
    page.locator("#check").click()
    expect(page.locator("#notice-1")).to_have_count(0)
    saved(stage, visit, "occupation", "会计")


def test_a_tab_in_which_nothing_was_typed_shows_what_was_saved_in_another(
    stage: Stage, page: Page, context: BrowserContext
) -> None:
    begun(stage, page)
    other = context.new_page()
    other.goto(page.url)
    other.locator("#f-occupation").fill("医生")
    other.locator("#f-occupation").press("Enter")
    expect(page.locator("#f-occupation")).to_have_value("医生")


def test_a_session_that_ends_in_the_middle_loses_nothing_that_was_typed(
    stage: Stage, page: Page, context: BrowserContext
) -> None:
    page.route("**/events", lambda route: route.abort())  # else the page would leave by itself, see the next
    visit = begun(stage, page)
    stage.clock.later(minutes=16)
    page.locator("#f-occupation").fill("会计")
    page.locator("#f-occupation").press("Enter")
    expect(page.locator("#trouble")).to_contain_text("登录已经过期")
    other = context.new_page()
    seated(stage, other, "张敏", "3")
    page.locator("#resume").click()
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("#f-occupation")).to_have_value("会计")
    saved(stage, visit, "occupation", "会计")


def test_a_page_left_alone_shows_nobody_once_the_session_has_ended_and_is_there_again_after_it(stage: Stage, page: Page) -> None:
    begun(stage, page)
    page.locator("#f-occupation").fill("会计")
    page.locator("#f-occupation").press("Enter")
    expect(page.locator("#version")).to_have_value("2")
    stage.clock.later(minutes=16)
    stage.submit("rare", next(NUMBERS))  # something happens, and every page looks
    expect(page.get_by_label("密码")).to_be_visible()
    assert "吕晓岚" not in page.content()
    seated(stage, page, "张敏", "3")
    page.locator("#counter").click()
    expect(page.locator("#f-occupation")).to_have_value("会计")


def test_a_browser_closed_in_the_middle_goes_on_in_another(stage: Stage, page: Page, browser: Browser) -> None:
    begun(stage, page)
    choose_first = page.locator("#f-hong_kong")
    choose_first.focus()
    page.keyboard.press("1")
    expect(page.locator("#f-macau")).to_be_focused()
    page.close()
    with browser.new_context() as fresh:
        again = fresh.new_page()
        seated(stage, again, "张敏", "3")
        again.locator("#counter").click()
        expect(again.locator("[name='f.hong_kong']:checked")).to_have_value("HK-G-12-1")


def test_a_broken_line_loses_nothing_and_is_saved_when_it_is_back(stage: Stage, page: Page, context: BrowserContext) -> None:
    visit = begun(stage, page)
    context.set_offline(True)
    page.locator("#f-occupation").fill("会计")
    page.locator("#here").click()
    expect(page.locator("#trouble")).to_contain_text("连接不上大厅")
    expect(page.locator("#f-occupation")).to_have_value("会计")
    context.set_offline(False)
    expect(page.locator("#trouble")).to_be_hidden()
    saved(stage, visit, "occupation", "会计")


def test_what_is_typed_while_an_answer_is_on_its_way_is_not_undone(stage: Stage, page: Page) -> None:
    begun(stage, page)
    held: list[Route] = []
    open_again: list[bool] = []
    page.route("**/keep", lambda route: route.continue_() if open_again else held.append(route))
    page.locator("#f-hong_kong").focus()
    page.keyboard.press("1")
    page.locator("#f-mobile").fill("13900139000")
    expect(page.locator("[name='f.hong_kong']:checked")).to_have_count(1)
    open_again.append(True)
    for route in held:
        route.continue_()
    page.locator("#check").click()
    expect(page.locator("#f-mobile")).to_have_value("13900139000")


def test_two_clerks_for_the_same_person(stage: Stage, page: Page, browser: Browser) -> None:
    begun(stage, page)
    with browser.new_context() as another:
        other = another.new_page()
        seated(stage, other, "陈志远", "4")
        at_the_start(other, LYU)
        other.locator("#go").click()
        expect(other.locator("#others")).to_contain_text("3 号窗口（张敏）09:25 起正在为同一人填报同一事项")
        other.get_by_role("button", name="仍在本窗口填报").click()
        expect(other.locator("#sections")).to_be_visible()
        other.wait_for_load_state("load")
        answer_all(other)
        other.locator("#here").click()
        expect(other.locator(".caseNumber")).to_have_text("A001")
        answer_all(page)
        page.locator("#here").click()
        expect(page.locator("#notice-1")).to_contain_text("同一人的同一事项（A001）正在 4 号窗口办理")
        assert len(stage.do(stage.services.queue.lines())) == 1


def test_a_window_that_called_somebody_meanwhile_keeps_one_ticket(stage: Stage, page: Page, context: BrowserContext) -> None:
    begun(stage, page)
    answer_all(page)
    stage.submit("rare", next(NUMBERS))
    other = context.new_page()
    other.goto(stage.console)
    call_next(other)
    page.locator("#here").click()
    expect(page.locator("#notice-1")).to_contain_text("本窗口正在办理另一件")
    page.locator("#line").click()
    expect(page.locator("#number")).to_have_text("A002")


def test_leaving_forgets_everything(stage: Stage, page: Page) -> None:
    visit = begun(stage, page)
    press_shortcut(page, "Alt+x")
    page.locator("#leave").click()
    expect(page.locator("#counter")).to_be_visible()
    assert stage.do(stage.services.store.visit(visit)) is None
    page.goto(f"{stage.console}counter/{visit}")
    expect(page.locator("main .notice")).to_contain_text("已经不在填报中")
    assert "吕晓岚" not in page.content()


def test_a_photo_that_the_checks_do_not_like_is_taken_only_when_its_clerk_says_so(stage: Stage, page: Page) -> None:
    begun(stage, page)
    answer_all(page)
    page.locator("#f-photo").set_input_files(BAD_SHOT)
    expect(page.locator("#m-photo")).to_contain_text("没有找到面部")
    page.locator("#here").click()
    expect(page.locator("#notice-1")).to_contain_text("有 1 处")
    page.locator("[name='forced.photo']").click()
    expect(page.locator("#m-photo")).to_be_hidden()
    page.locator("#f-signature").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    expect(page.locator("#m-signature")).to_contain_text("不是可用的 JPEG 或 PNG 图像")
    page.locator("#here").click()
    expect(page.locator("#field-photo img")).to_be_visible()


def test_a_certificate_at_once_after_the_original_card_was_seen(stage: Stage, page: Page) -> None:
    begun(stage, page, matter="letter-at-once")
    page.locator("#f-ethnic_group").fill("汉族")
    page.locator("#f-ethnic_group").press("Enter")
    expect(page.locator(".complete")).to_be_visible()
    page.locator("#issue").click()
    expect(page.locator("#number")).to_have_text("Z001")
    paper = page.request.get(stage.console.rstrip("/") + str(page.locator("#paper").get_attribute("href")))
    assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")


def test_without_a_script_the_sheet_works_by_its_forms(stage: Stage, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        seated(stage, page, "张敏", "3")
        page.goto(f"{stage.console}counter")
        tick(page.locator("#matter-moving"))
        page.locator("#number").fill(LYU)
        page.locator("#go").click()
        page.locator("#f-ethnic_group").fill("汉族")
        page.locator("#f-ethnic_group").press("Enter")  # only saves and checks
        expect(page.locator("#m-register_traffic")).to_have_text("请选择一项")
        expect(page.locator("#f-ethnic_group")).to_have_value("汉族")
        tick(page.locator("#f-register_traffic"))
        page.locator("#here").click()
        expect(page.locator(".caseNumber")).to_have_text("A001")


def test_a_department_that_answers_after_nine_seconds_is_not_waited_for(demo_desk: DemoDesk, tmp_path: Path, page: Page) -> None:
    assert TOO_LONG > 9
    with running_hall(tmp_path, services_of(demo_desk)) as stage, demo_desk.told("social-security", Mode.SLOW, 9):
        visit = begun(stage, page)
        expect(page.locator(".heard .no_answer")).to_contain_text("未答复（超时）")
        page.locator("#f-employer").fill("佛山市某某有限公司")
        page.locator("#f-occupation").fill("会计")
        for name, key in (("hong_kong", "1"), ("macau", "3"), ("public_servant", "2"), ("soldier", "2")):
            page.locator(f"#f-{name}").focus()
            page.keyboard.press(key)
            expect(page.locator(f"#f-{name}")).not_to_be_focused()
        page.locator("#line").click()
        expect(page.locator("#number")).to_have_text("A001")
        kept = stage.do(stage.services.store.case(visit))
        assert {source.department: source.reason for source in kept.lookup.sources}["social_security"] == "late"
