"""The queue page in a real browser: hold, pass on, take along, priority, appointments; by keyboard, and while it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.application import Action, Status
from hall.amendments import Said
from hall.bootstrap import Services
from hall.config import HallConfig
from hall.windows import Scope
from scripts.console_steps import call_next
from tests.hall.complaints import uncomplaining
from tests.hall.console_fakes import PEOPLE, Clock, OutcomeTarget, SpecimenExchange
from tests.hall.console_stage import Stage, running_hall, stage_services
from tests.hall.hands import press_shortcut
from tests.hall.seats import seated

NUMBERS = iter(range(0x3000, 0xFFFF))
SPECIMEN = PEOPLE["lyu"]


def skilled(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
    """Window 5 does the letter only and speaks English."""
    return stage_services(replace(config, scopes={"5": Scope(("moving",), ("english",))}), clock)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context, uncomplaining(context):
        yield context.new_page()


def submitted(stage: Stage, person: str = "lyu", **how: str) -> str:
    return stage.submit(person, next(NUMBERS), **how).number  # type: ignore[arg-type]


def status_of(stage: Stage, number: str) -> Status:
    return next(line.status for line in stage.do(stage.services.queue.lines()) if line.ticket.number == number)


def test_a_hall_of_many_windows_shows_ones_own_first_and_counts_the_rest(tmp_path: Path, browser: Browser) -> None:
    def many(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
        return stage_services(replace(config, windows=tuple(map(str, range(1, 16)))), clock)

    with running_hall(tmp_path, many) as stage, browser.new_context() as context:
        numbers = [submitted(stage, who, matter="moving") for who in list(PEOPLE)[:15]]
        for window in range(1, 16):
            stage.do(stage.services.queue.call_next(str(window), "陈志远", f"call-{window}"))
        page = context.new_page()
        seated(stage, page, "张敏", "15")
        expect(page.locator(".lines .number")).to_have_text(numbers[:2:-1])
        expect(page.locator("#elsewhere")).to_have_text("另有 3 个号码在其他窗口办理")
        expect(page.locator(".tallies .called")).to_have_text("15审核中")


def test_a_morning_by_keyboard_alone_hold_the_next_and_resume(stage: Stage, page: Page) -> None:
    first, second = submitted(stage), submitted(stage, "rare")
    seated(stage, page, "张敏", "3")
    expect(page.locator("#next")).to_be_focused()
    press_shortcut(page, "Alt+n")
    expect(page.locator(".held .bigNumber")).to_have_text(first)
    press_shortcut(page, "Alt+h")
    expect(page.locator("#paused .number")).to_have_text(first)
    press_shortcut(page, "Alt+n")
    expect(page.locator(".held .bigNumber")).to_have_text(second)
    expect(page.locator("#paused .acts button").first).to_be_disabled()
    press_shortcut(page, "Alt+h")
    expect(page.locator("#paused .number")).to_have_text([first, second])
    press_shortcut(page, "Alt+g")
    expect(page.locator(".caseNumber")).to_have_text(first)
    assert status_of(stage, first) is Status.CALLED


def test_passing_on_by_keyboard_and_the_other_window_reads_who_and_why(stage: Stage, page: Page) -> None:
    number = submitted(stage)
    seated(stage, page, "张敏", "3")
    call_next(page)
    press_shortcut(page, "Alt+p")
    expect(page.locator("#to")).to_be_focused()
    page.locator("#to").select_option("4")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#lines tr", has_text=number)).to_contain_text("3 号窗口 张敏 转来，请 4 号窗口办：经办人需要回避")
    log_in_other(stage, page, "陈志远", "4")
    call_next(page)
    expect(page.locator(".held .bigNumber")).to_have_text(number)
    expect(page.locator(".held .note")).to_contain_text("3 号窗口 张敏 转来：经办人需要回避")


def log_in_other(stage: Stage, page: Page, clerk: str, window: str) -> None:
    page.get_by_role("button", name="退出").click()
    seated(stage, page, clerk, window)


def test_the_same_persons_other_matter_is_taken_with_one_click(stage: Stage, page: Page) -> None:
    first, between, second = submitted(stage), submitted(stage, "rare"), submitted(stage, matter="moving")
    assert between
    seated(stage, page, "张敏", "3")
    call_next(page)
    expect(page.locator("#also")).to_contain_text("同一申请人还有 1 件")
    visit = str(page.locator("#open").get_attribute("href")).rpartition("/")[2]
    desk = stage.services.desk
    stage.do(desk.decide(visit, Action.REJECT, window="3", clerk="张敏", key=visit, said=Said("NOT_ELIGIBLE")))
    expect(page.locator("#take")).to_contain_text(second)
    press_shortcut(page, "Alt+j")
    expect(page.locator(".caseNumber")).to_have_text(second)
    assert status_of(stage, first) is Status.NOT_ACCEPTED
    assert status_of(stage, between) is Status.SUBMITTED


def test_somebody_is_put_forward_by_a_ground_and_no_reason_is_kept(stage: Stage, page: Page) -> None:
    first, second = submitted(stage), submitted(stage, "rare")
    seated(stage, page, "张敏", "3")
    row = page.locator("#lines tr", has_text=second)
    row.locator("summary").click()
    row.get_by_role("button", name="依法优先照顾").click()
    expect(page.locator("#lines .number")).to_have_text([second, first])
    expect(page.locator("#lines tr", has_text=second).locator(".note")).to_have_text("优先")


def test_only_what_a_window_may_still_look_at_leads_to_its_case(stage: Stage, page: Page) -> None:
    first, second = submitted(stage), submitted(stage, "rare")
    seated(stage, page, "张敏", "3")
    for number in (first, second):
        call_next(page)
        expect(page.locator("#lines tr", has_text=number).get_by_role("link", name="打开办件")).to_be_visible()
        visit = str(page.locator("#open").get_attribute("href")).rpartition("/")[2]
        desk = stage.services.desk
        stage.do(desk.decide(visit, Action.REJECT, window="3", clerk="张敏", key=visit, said=Said("NOT_ELIGIBLE")))
        expect(page.locator(".held")).to_have_count(0)
    expect(page.locator("#lines tr", has_text=first).get_by_role("link")).to_have_count(0)
    page.locator("#lines tr", has_text=second).get_by_role("link", name="查看").click()
    expect(page.locator(".caseNumber")).to_have_text(second)


def test_an_open_panel_stays_open_while_tickets_arrive_and_is_up_to_date_once_closed(stage: Stage, page: Page) -> None:
    first = submitted(stage)
    seated(stage, page, "张敏", "3")
    page.locator("#lines tr", has_text=first).locator("summary").click()
    second = submitted(stage, "rare")
    expect(page.locator(".bigNumber")).to_contain_text("2")
    expect(page.locator("#lines details[open]")).to_have_count(1)
    expect(page.locator("#lines .number")).to_have_text([first])
    page.keyboard.press("Escape")
    expect(page.locator("#lines .number")).to_have_text([first, second])


def test_what_arrives_does_not_take_the_focus(stage: Stage, page: Page) -> None:
    number = submitted(stage)
    seated(stage, page, "张敏", "3")
    button = page.locator("#lines tr", has_text=number).locator("summary")
    button.focus()
    submitted(stage, "rare")
    expect(page.locator("#lines .number")).to_have_count(2)
    expect(button).to_be_focused()


def test_calling_again_from_a_stale_page_says_what_changed(stage: Stage, page: Page) -> None:
    number = submitted(stage)
    seated(stage, page, "张敏", "3")
    call_next(page)
    page.evaluate("document.querySelector('[sse-connect]').remove = null; window.stop()")
    visit = str(page.locator("#open").get_attribute("href")).rpartition("/")[2]
    page.context.set_offline(True)
    stage.do(stage.services.queue.hold(visit, "3", "张敏", "elsewhere"))
    page.context.set_offline(False)
    page.evaluate("document.querySelector('#recall') ? document.querySelector('#recall').form.submit() : null")
    expect(page.locator("#notice")).to_contain_text(f"刚才的操作没有执行：{number} 现在是「挂起」")


def test_the_back_button_after_a_call_calls_nobody_again(stage: Stage, page: Page) -> None:
    first, second = submitted(stage), submitted(stage, "rare")
    seated(stage, page, "张敏", "3")
    call_next(page)
    page.go_back()
    page.go_forward()
    page.reload()
    expect(page.locator(".held .bigNumber")).to_have_text(first)
    assert status_of(stage, second) is Status.SUBMITTED


def test_two_hundred_waiting_tickets_are_a_short_page_with_counts(stage: Stage, page: Page) -> None:
    numbers = [stage_line(stage, count) for count in range(45)]
    seated(stage, page, "张敏", "3")
    expect(page.locator("#lines tbody .number")).to_have_count(12)
    expect(page.locator(".pages")).to_contain_text("等候 45 人，第 1 / 4 页")
    page.locator("#further").click()
    expect(page.locator("#lines .number").first).to_have_text(numbers[12])


def stage_line(stage: Stage, count: int) -> str:
    """Somebody without a face: a submission straight into the store."""
    from datetime import timedelta

    from flows.application import Lookup
    from hall.store.request import Request
    from hall.store.standing import Place
    from hall.working_day import working_day
    from tests.hall.console_fakes import filled_in, person

    at = stage.clock() + timedelta(seconds=count)
    visit = f"019ab000-0000-7000-9000-{count:012x}"
    who = replace(person("lyu"), number=f"4406021992022{count:05}")
    form = filled_in(visit, who, None, at, frozenset())
    store = stage.services.store
    return stage.do(store.submit(form, Place(working_day(at), at), Request(visit, "terminal:K07", at), Lookup(at))).number


def test_an_appointment_is_made_shown_masked_and_cancelled(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    press_shortcut(page, "Alt+a")
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type(SPECIMEN["number"][:-1] + "0")
    page.locator("#name").fill(SPECIMEN["name"])
    page.locator("#day").fill("2026-11-25")
    page.locator("#time").fill("10:00")
    page.get_by_role("button", name="登记预约").click()
    expect(page.locator("#problem")).to_contain_text("公民身份号码不对")
    expect(page.locator("#name")).to_have_value(SPECIMEN["name"])
    assert SPECIMEN["number"] not in page.url
    page.locator("#number").fill(SPECIMEN["number"])
    page.get_by_role("button", name="登记预约").click()
    row = page.locator("tbody tr")
    expect(row).to_contain_text(f"{SPECIMEN['name'][0]}**（尾号 {SPECIMEN['number'][-4:]}）")
    row.get_by_role("button", name="取消预约").click()
    expect(page.locator("tbody tr")).to_contain_text("已取消")
