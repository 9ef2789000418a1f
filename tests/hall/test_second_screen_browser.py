"""Two screens in a real browser: the clerk's page and the citizen's screen of the same window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from hall.roles import Role
from hall.working_day import working_day
from scripts.console_steps import call_next, confirm, open_case
from tests.hall.accessible import violations
from tests.hall.complaints import uncomplaining
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.hands import press_shortcut, width_of
from tests.hall.screen_stage import NAME
from tests.hall.seats import seated
from tests.patience import SOON_S

NUMBERS = iter(range(0x1000, 0xFFFF))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def clerk(stage: Stage, browser: Browser) -> Iterator[Page]:
    """The first screen. A complaint of the browser about either page, e.g. about the policy, fails the test."""
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context, uncomplaining(context):
        yield context.new_page()


def second_screen(clerk: Page) -> Page:
    """What the button 副屏 opens."""
    with clerk.expect_popup() as opened:
        clerk.get_by_role("button", name="副屏").click()
    screen = opened.value
    expect(screen.locator("[data-kind]").first).to_be_visible()
    screen.wait_for_load_state("load")
    return screen


def shows(screen: Page, kind: str) -> None:
    expect(screen.locator("#shown > [data-kind]")).to_have_attribute("data-kind", kind)


def at_the_desk(stage: Stage, clerk: Page, person: str = "lyu", **how: object) -> Page:
    """Logged in at window 3 with this person's case open, and the second screen beside it."""
    stage.submit(person, next(NUMBERS), **how)  # type: ignore[arg-type]
    seated(stage, clerk, "张敏", "3")
    screen = second_screen(clerk)
    shows(screen, "idle")
    call_next(clerk)
    shows(screen, "called")
    open_case(clerk)
    return screen


def test_the_screen_follows_the_case_without_a_reload(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    screen.evaluate("window.unreloaded = true")
    expect(screen.locator(".number")).to_have_text("A001")
    assert "吕晓岚" not in screen.content()
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    expect(screen.locator(".line", has_text="联系电话")).to_contain_text("138 0284 5678")
    screen.get_by_role("button", name="内容无误").click()
    expect(clerk.locator("#screen .reply.right")).to_contain_text("内容无误")
    shows(screen, "called")
    assert "吕晓岚" not in screen.content()
    confirm(clerk)
    shows(screen, "rate")
    screen.get_by_role("button", name="非常满意").click()
    expect(screen.get_by_role("heading", name="感谢您的评价")).to_be_visible()
    shows(screen, "idle")
    assert screen.evaluate("window.unreloaded") is True


def write(screen: Page) -> None:
    """A name, by hand."""
    shows(screen, "sign")
    box = screen.locator("#paper").bounding_box()
    assert box
    screen.mouse.move(box["x"] + 100, box["y"] + 60)
    screen.mouse.down()
    for step in range(12):
        screen.mouse.move(box["x"] + 100 + 20 * step, box["y"] + 60 + 40 * (step % 3))
    screen.mouse.up()


def test_a_signature_is_written_there_and_taken_here(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk, left=frozenset({"signature"}))
    expect(clerk.locator("#confirm")).to_be_disabled()
    clerk.locator("#ask-sign-signature").click()
    write(screen)
    screen.locator("#done").click()
    shows(screen, "called")
    expect(clerk.locator("#screen .signature img")).to_have_js_property("complete", True)
    assert width_of(clerk.locator("#screen .signature img")) > 100
    clerk.get_by_role("button", name="采用这个签名").click()
    expect(clerk.locator("#field-signature .tag")).to_have_text("窗口更正")
    expect(clerk.locator("#screen .reply.taken")).to_contain_text("签名已采用")
    kept = stage.do(stage.services.store.case(clerk.url.rpartition("/")[2].partition("#")[0])).application
    assert kept.attached[kept.answers["signature"].value].media_type == "image/png"
    confirm(clerk)


def test_an_empty_sheet_cannot_be_sent_and_a_slip_of_the_finger_is_said(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-sign-signature").click()
    shows(screen, "sign")
    expect(screen.locator("#done")).to_be_disabled()
    box = screen.locator("#paper").bounding_box()
    assert box
    screen.mouse.move(box["x"] + 100, box["y"] + 60)
    screen.mouse.down()
    screen.mouse.move(box["x"] + 102, box["y"] + 60)
    screen.mouse.up()
    screen.locator("#done").click()
    expect(screen.get_by_role("alert")).to_have_text("没有看到签名，请重新签名")
    expect(screen.locator("#done")).to_be_disabled()
    write(screen)
    screen.locator("#clear").click()
    expect(screen.locator("#done")).to_be_disabled()
    write(screen)
    screen.locator("#done").click()
    shows(screen, "called")


def test_the_next_one_is_called_while_a_citizen_signs(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    stage.submit("rare", next(NUMBERS))
    clerk.locator("#ask-sign-signature").click()
    write(screen)
    form = {name: screen.locator(f"#signing [name={name}]").input_value() for name in ("id", "key")}
    picture: FilePayload = {"name": "s.png", "mimeType": "image/png", "buffer": NAME}
    confirm(clerk)
    shows(screen, "rate")
    clerk.locator("#next").click()
    shows(screen, "called")
    expect(screen.locator(".number")).to_have_text("A002")
    late = screen.request.post(f"{stage.console}screen/sign", multipart={**form, "picture": picture}, headers=origin(stage))
    assert late.status == 409, late.text()
    open_case(clerk)
    expect(clerk.locator("#screen .signature")).to_have_count(0)
    expect(screen.locator("canvas")).to_have_count(0)


def origin(stage: Stage) -> dict[str, str]:
    return {"Origin": stage.console.rstrip("/")}


def test_closed_and_opened_again_it_shows_what_is_so_now(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    clerk.evaluate("window.second = window.open('', 'yimen-screen')")  # the one that is open
    screen.close()
    clerk.wait_for_function("window.second.closed")
    clerk.bring_to_front()
    with clerk.expect_popup() as opened:
        press_shortcut(clerk, "Alt+v")
    again = opened.value
    shows(again, "look")
    again.get_by_role("button", name="内容无误").click()
    expect(clerk.locator("#screen .reply.right")).to_be_visible()


def test_a_double_tap_is_one_rating_and_the_clerk_never_sees_it(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    confirm(clerk)
    shows(screen, "rate")
    screen.get_by_role("button", name="满意", exact=True).dblclick()
    shows(screen, "thanks")
    figures = stage.do(stage.services.ratings.figures(working_day(stage.clock())))
    assert (figures.rated, figures.grades) == (1, {4: 1})
    clerk.reload()
    assert "满意" not in clerk.locator("main").inner_text()
    clerk.goto(f"{stage.console}audit/{clerk.url.rpartition('/')[2]}")
    expect(clerk.locator("main")).to_contain_text("申请人作了评价")
    assert "满意" not in clerk.locator("main").inner_text()


def test_a_low_grade_may_say_why_and_ask_for_a_call(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    confirm(clerk)
    shows(screen, "rate")
    screen.get_by_role("button", name="非常不满意").click()
    screen.get_by_text("等候时间太长").click()
    screen.get_by_role("button", name="返回").click()
    screen.get_by_role("button", name="不满意", exact=True).click()
    expect(screen.get_by_label("等候时间太长")).to_be_checked()
    screen.get_by_text("请回访我").click()
    screen.get_by_role("button", name="提交评价").click()
    shows(screen, "thanks")
    (one,) = stage.do(stage.services.ratings.call_backs())
    assert (one.grade, one.tags, one.wanted) == (2, ("WAIT",), True)


def test_a_supervisor_follows_a_low_grade_up(stage: Stage, clerk: Page, browser: Browser) -> None:
    screen = at_the_desk(stage, clerk)
    confirm(clerk)
    shows(screen, "rate")
    screen.get_by_role("button", name="非常不满意").click()
    screen.get_by_text("等候时间太长").click()
    screen.get_by_text("请回访我").click()
    screen.get_by_role("button", name="提交评价").click()
    shows(screen, "thanks")
    stage.do(stage.services.staff.add("周主管", PASSWORD, frozenset({Role.SUPERVISOR})))
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        form: dict[str, str | float | bool] = {"name": "周主管", "password": PASSWORD, "window": ""}
        page.request.post(f"{stage.console}login", form=form, headers=origin(stage))
        page.goto(f"{stage.console}ratings")
        expect(page.locator(".sum")).to_contain_text("办结 1 人次，评价 1 次")
        expect(page.locator(".grades .few").first).to_have_text("评价太少，不单独列出")
        row = page.locator("section", has_text="差评回访").locator("tbody tr")
        expect(row).to_contain_text("等候时间太长")
        assert "吕晓岚" not in page.content()
        assert violations(page, "main") == []
        row.get_by_role("button", name="打开").click()
        expect(page.locator("dl")).to_contain_text("吕晓岚 13802845678")
        assert violations(page, "main") == []
        page.get_by_label("已联系本人并说明").check()
        page.get_by_role("button", name="办结").click()
        expect(row).to_contain_text("已联系本人并说明")
        expect(row.get_by_role("button")).to_have_count(0)
        assert page.request.get(f"{stage.console}ratings?day=2099-01-01").status == 400


def test_who_does_not_want_to_rate_is_left_alone(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    confirm(clerk)
    shows(screen, "rate")
    screen.get_by_role("button", name="不评价").click()
    shows(screen, "idle")
    assert stage.do(stage.services.ratings.figures(working_day(stage.clock()))).rated == 0


def test_the_invitation_goes_by_itself(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    confirm(clerk)
    shows(screen, "rate")
    stage.clock.later(seconds=61)
    shows(screen, "idle")


def test_the_screen_blanks_by_its_own_clock_too(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    screen.clock.install()
    screen.reload()
    confirm(clerk)
    shows(screen, "rate")
    screen.evaluate("() => { clearTimeout(silence); window.heard = () => {}; }")  # the hall is heard all the while
    screen.clock.fast_forward(61_000)
    shows(screen, "idle")


def test_a_clerk_who_logs_out_leaves_nobody_on_the_screen(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    clerk.get_by_role("button", name="退出").click()
    shows(screen, "away")
    assert "吕晓岚" not in screen.content()
    seated(stage, clerk, "张敏", "3")
    shows(screen, "away")
    screen.get_by_role("link", name="连接副屏").click()
    screen.get_by_role("button", name="显示 3 号窗口的副屏").click()
    shows(screen, "look")


def test_a_locked_window_leaves_nobody_on_the_screen_until_its_clerk_is_back(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    press_shortcut(clerk, "Alt+l")
    shows(screen, "away")
    assert "吕晓岚" not in screen.content()
    clerk.locator("#unlockProof").fill(PASSWORD)
    clerk.keyboard.press("Enter")
    shows(screen, "look")


def test_a_session_that_ends_leaves_nobody_on_the_screen(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    stage.clock.later(minutes=16)
    shows(screen, "away")
    assert "吕晓岚" not in screen.content()


def test_a_hall_that_is_away_leaves_nobody_on_the_screen(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    screen.clock.install()
    screen.reload()
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    clerk.context.set_offline(True)
    screen.clock.fast_forward(11_000)
    shows(screen, "cut")
    assert "吕晓岚" not in screen.content()
    clerk.context.set_offline(False)
    screen.clock.fast_forward(5_000)
    shows(screen, "look")


def test_what_cannot_be_sent_is_said_and_may_be_pressed_again(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    screen.route("**/screen/answer", lambda route: route.abort())
    screen.get_by_role("button", name="内容无误").click()
    expect(screen.get_by_role("alert")).to_have_text("没有送出，请再按一次")
    screen.unroute("**/screen/answer")
    screen.get_by_role("button", name="内容无误").click()
    shows(screen, "called")
    expect(screen.locator("#trouble")).to_be_hidden()


def test_the_citizens_token_opens_nothing_of_the_clerks(stage: Stage, clerk: Page) -> None:
    at_the_desk(stage, clerk)
    visit = clerk.url.rpartition("/")[2]
    (cookie,) = [one for one in clerk.context.cookies() if one["name"] == "yimen_screen"]
    assert (cookie["path"], cookie["httpOnly"], cookie["sameSite"]) == ("/screen", True, "Strict")
    with httpx.Client(
        base_url=stage.console, cookies={"yimen_screen": cookie["value"]}, trust_env=False, timeout=SOON_S
    ) as citizen:
        for place in ("/", f"cases/{visit}", "corrections", f"audit/{visit}"):
            assert citizen.get(place).headers["location"] == "/login"
        for place in (f"cases/{visit}/confirm", "queue/next", "screen/open", f"cases/{visit}/hand-over/exit_entry"):
            assert citizen.post(place, data={"key": str(uuid4())}, headers=origin(stage)).headers["location"] == "/login"
        assert citizen.get("screen").status_code == 200
        assert citizen.post("screen/answer", data={"right": "yes"}).status_code == 403  # from no page of this console


def test_language_and_size_are_a_touch_away(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    clerk.locator("#ask-look").click()
    shows(screen, "look")
    screen.locator("#language").click()
    expect(screen.get_by_role("heading", name="Please check your application")).to_be_visible()
    expect(screen.locator(".line", has_text="Sex")).to_contain_text("Female")
    before = screen.locator(".line b").first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")
    screen.locator("#size").click()
    expect(screen.locator(".screen.large")).to_be_visible()
    after = screen.locator(".line b").first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")
    assert before >= 25
    assert after >= 1.25 * before
    screen.get_by_role("button", name="All correct").click()
    expect(screen.get_by_role("heading", name="Thank you for checking")).to_be_visible()


def test_lines_that_are_not_right_are_pointed_at(stage: Stage, clerk: Page) -> None:
    screen = at_the_desk(stage, clerk)
    press_shortcut(clerk, "Alt+h")
    shows(screen, "look")
    screen.get_by_role("button", name="下面还有").click()
    screen.locator(".line", has_text="联系电话").click()
    expect(screen.get_by_role("button", name="内容无误")).to_be_hidden()
    screen.get_by_role("button", name="有问题").click()
    expect(screen.get_by_role("heading", name="已告诉工作人员")).to_be_visible()
    told = clerk.locator("#screen .reply.wrong").first
    expect(told).to_contain_text("申请人指出：联系电话")
    told.get_by_role("link", name="联系电话").click()
    assert clerk.url.endswith("#field-mobile")


@pytest.mark.long
def test_axe_finds_no_violation_on_either_screen_in_english(stage: Stage, clerk: Page) -> None:
    """In Chinese, test_accessibility.py looks at it."""
    screen = at_the_desk(stage, clerk)
    assert violations(clerk, "#screen") == []
    screen.locator("#language").click()
    expect(screen.locator("[data-language=en]")).to_be_visible()
    for ask, kind in ((None, "called"), ("#ask-look", "look"), ("#ask-sign-signature", "sign"), ("#confirm", "rate")):
        if ask:
            clerk.locator(ask).click()
        shows(screen, kind)
        assert violations(screen) == []
    screen.locator("[data-low]").first.click()
    assert violations(screen) == []
    screen.get_by_role("button", name="Send rating").click()
    shows(screen, "thanks")
    assert violations(screen) == []
    shows(screen, "idle")
    assert violations(screen) == []


@pytest.mark.parametrize("language", [pytest.param("zh", marks=pytest.mark.long), "en"])
def test_every_button_is_on_the_screen_and_large_enough_for_a_finger(stage: Stage, clerk: Page, language: str) -> None:
    screen = at_the_desk(stage, clerk, "uyghur")
    if language == "en":
        screen.locator("#language").click()
        expect(screen.locator("[data-language=en]")).to_be_visible()
    screen.locator("#size").click()
    expect(screen.locator(".screen.large")).to_be_visible()
    for ask, kind in (("#ask-look", "look"), ("#ask-sign-signature", "sign"), ("#confirm", "rate")):
        clerk.locator(ask).click()
        shows(screen, kind)
        for width, height in ((1366, 768), (1920, 1080)):
            screen.set_viewport_size({"width": width, "height": height})
            within(screen, width, height)


def within(screen: Page, width: int, height: int) -> None:
    """Every button whole on a screen of that size, and as large as a fingertip."""
    for button in screen.locator("#shown button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, button.inner_text()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width, button.inner_text()
        assert box["y"] + box["height"] <= height, button.inner_text()
        assert button.evaluate("button => button.scrollWidth <= button.clientWidth"), button.inner_text()
