"""The hall overview in a supervisor's browser, and its plots and tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4
from xml.etree import ElementTree

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from flows.application import Action
from flows.heartbeat import Counted, Heartbeat, Part
from hall.amendments import Said
from hall.console.language import COOKIE as LANGUAGE_COOKIE
from hall.roles import Role
from hall.store.ratings import Given
from hall.store.request import Request
from hall.store.screens import Turn
from hall.store.staff import StaffSession
from hall.store.terminal_states import Heard
from hall.working_day import working_day
from scripts.console_steps import tick
from tests.hall.accessible import violations
from tests.hall.console_stage import PASSWORD, Stage
from tests.hall.fakes import dump
from tests.hall.hands import press_shortcut, width_of
from tests.hall.test_console import NUMBERS, at_the_desk, page, stage
from tests.kiosk.test_words import CHINESE
from tests.patience import SOON_S

__all__ = ["page", "stage"]

BOSS = "黎主任"
PLOTS = ("chain", "waiting", "arrivals", "windows")
TABLES = ("lines", "windows-now", "terminals", "departments", "chain", "matters", "windows", "quarters")


@pytest.fixture
def boss(stage: Stage) -> Iterator[httpx.Client]:
    """A supervisor without a browser."""
    with logged_in(stage, BOSS, Role.SUPERVISOR) as client:
        yield client


@contextmanager
def logged_in(stage: Stage, name: str, *roles: Role) -> Iterator[httpx.Client]:
    stage.do(stage.services.staff.add(name, PASSWORD, frozenset(roles)))
    with httpx.Client(base_url=stage.console, headers={"Origin": stage.console.rstrip("/")}, timeout=SOON_S) as client:
        assert client.post("/login", data={"name": name, "password": PASSWORD, "window": ""}).status_code == 303
        yield client


def supervisor(stage: Stage, page: Page) -> None:
    """Logged in by keyboard, at no window."""
    stage.do(stage.services.staff.add(BOSS, PASSWORD, frozenset({Role.SUPERVISOR})))
    page.goto(stage.console)
    page.get_by_label("姓名或工号").fill(BOSS)
    page.get_by_label("密码").fill(PASSWORD)
    tick(page.get_by_role("radio", name="不在窗口"))
    page.keyboard.press("Enter")
    page.get_by_role("navigation").get_by_role("link", name="总览").first.press("Enter")
    expect(page.get_by_role("heading", name="大厅总览")).to_be_visible()


def sits_down(stage: Stage, window: str) -> None:
    at = stage.clock()
    session = StaffSession("李红", window, at, at, frozenset({Role.CLERK}))
    stage.do(stage.services.store.start_session(f"token {window}", session, Request(str(uuid4()), "clerk:李红", at, window)))


def says(stage: Stage, terminal: str, *parts: Part, software: str = "0.1.0", ago: int = 0) -> None:
    at = stage.clock() - timedelta(minutes=ago)
    stage.do(stage.services.store.keep_beat(Heard(terminal, at, Heartbeat(software, at, at, parts, 0))))


def tile(page: Page, name: str) -> str:
    return page.locator(".tiles > div", has_text=name).inner_text()


def test_a_call_at_a_window_arrives_without_a_reload(stage: Stage, page: Page) -> None:
    supervisor(stage, page)
    window = page.locator(".cell", has_text="3 号")
    expect(window).to_contain_text("无人")
    number = stage.submit("lyu", next(NUMBERS)).number
    expect(page.locator("#lines tbody tr")).to_have_count(1)
    sits_down(stage, "3")
    stage.do(stage.services.queue.call_next("3", "李红", str(uuid4())))
    expect(window).to_contain_text("办理中")
    expect(window.locator(".ticket")).to_have_text(number)
    expect(page.locator("#lines")).to_contain_text("现在没有人等候")
    assert "李红" not in page.locator("main").inner_text()


def test_a_terminal_that_fell_silent_is_red_in_words(stage: Stage, page: Page) -> None:
    supervisor(stage, page)
    says(stage, "K07", Part("reader", "r", "online", "notPresent"))
    row = page.locator("#terminals tr", has_text="K07")
    expect(row).to_contain_text("正常")
    says(stage, "K07", Part("reader", "r", "noDevice"), ago=0)
    expect(row).to_contain_text("读卡器未连接")
    says(stage, "K07", Part("reader", "r", "online", "notPresent"), ago=11)
    expect(row.locator(".status.silent")).to_have_text("失联")
    expect(row).to_contain_text("11 分钟前")


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_everything_has_its_place_and_nothing_is_cut_off(
    stage: Stage, browser: Browser, size: tuple[int, int], language: str
) -> None:
    stage.submit("lyu", next(NUMBERS))
    for number in range(1, 13):
        counted = Counted(done=12345, failures={"timeOut": 321, "mediaRemoved": 4321}, reopens=3)
        reader = Part("reader", "r", "online", "notPresent", counted=counted)
        says(stage, f"K{number:02}", reader, Part("ticket_printer", "p", "offline", paper_low=True))
    with browser.new_context(viewport={"width": size[0], "height": size[1]}) as context:
        page = context.new_page()
        supervisor(stage, page)
        context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": stage.console}])
        page.reload()
        for plot in page.locator(".plot img").all():
            expect(plot).to_have_js_property("complete", True)
            assert width_of(plot) == 460
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        if size[1] == 1080:
            assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
        wide = "part => part.scrollWidth > part.clientWidth"
        assert [part.inner_text() for part in page.locator(".tiles > div, .scroll").all() if part.evaluate(wide)] == []
        assert violations(page) == []
        page.goto(f"{stage.console}overview/day")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert violations(page) == []


def test_a_past_day_is_picked_by_keyboard_alone(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    visit = page.url.rpartition("/")[2]
    stage.clock.later(minutes=5)
    stage.do(stage.services.desk.decide(visit, Action.REJECT, window="3", clerk="张敏", key=str(uuid4()), said=why()))
    page.goto("about:blank")
    stage.clock.later(days=1)
    supervisor(stage, page)
    expect(page.locator("#figures")).to_contain_text("今日取号\n0", use_inner_text=True)
    page.wait_for_load_state("load")  # quicker than a hand, the browser could still be reading the script
    page.get_by_label("按日查看").focus()
    page.keyboard.type("11232026")
    expect(page.get_by_label("按日查看")).to_have_value("2026-11-23")
    press_shortcut(page, "Alt+D")
    expect(page.get_by_role("heading", level=1)).to_have_text("2026-11-23")
    expect(page.locator("main")).to_contain_text("全天；取号 1 件，已有结果 1 件，当场办结 0%")
    whole = page.locator("tr.whole", has_text="全程")
    expect(whole).to_contain_text("5.0")
    expect(page.locator("tr", has_text="3 号")).to_contain_text("1")
    press_shortcut(page, "Alt+Q")
    expect(page.get_by_role("heading", name="大厅总览")).to_be_visible()


def why() -> Said:
    return Said("NOT_ELIGIBLE")


def test_what_arrives_takes_no_focus_away(stage: Stage, page: Page) -> None:
    supervisor(stage, page)
    link = page.get_by_role("link", name="CSV：排队")
    link.focus()
    stage.submit("lyu", next(NUMBERS))
    expect(page.locator("#lines tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="CSV：排队")).to_be_focused()


def test_the_page_ends_with_the_session(stage: Stage, page: Page) -> None:
    supervisor(stage, page)
    stage.clock.later(minutes=16)
    stage.submit("lyu", next(NUMBERS))
    expect(page.locator("#lines")).to_contain_text("现在没有人等候")
    page.reload()
    expect(page.get_by_role("button", name="登录")).to_be_visible()


@pytest.mark.parametrize("role", [Role.CLERK, Role.OPERATOR, Role.SECURITY, Role.AUDITOR])
def test_nobody_but_a_supervisor_comes_there(stage: Stage, role: Role) -> None:
    with logged_in(stage, f"only {role}", role) as client:
        for place in ("", "/day", "/events", "/plots/chain", "/tables/lines"):
            assert client.get(f"/overview{place}").status_code == 403
        assert "/overview" not in client.get("/").text


def test_a_terminals_word_is_no_formula_in_a_spreadsheet(stage: Stage, boss: httpx.Client) -> None:
    says(stage, "K07", Part("reader", "=1+1", "@SUM(A1)", ""), software='=HYPERLINK("http://x","y")')
    answer = boss.get("/overview/tables/terminals")
    assert answer.headers["content-disposition"] == 'attachment; filename="overview-terminals-2026-11-23.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][5] == '\'=HYPERLINK("http://x","y")'
    assert [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell] == []


def test_what_the_devices_of_a_terminal_did_is_in_the_table_in_words(stage: Stage, boss: httpx.Client) -> None:
    reader = Part("reader", "plate", "online", counted=Counted(412, {"timeOut": 2, "mediaRemoved": 9}, reopens=1))
    other = Part("reader", "chip", "online", counted=Counted(8, {"needsAuthority": 3}))
    says(
        stage,
        "K07",
        reader,
        other,
        Part("ticket_printer", "slips", "online", counted=Counted(400)),
        Part("camera", "c", "online"),
    )
    says(stage, "K08", Part("reader", "r", "online"))  # older than its hall
    text = boss.get("/overview/tables/terminals").content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["读卡"], row["读卡未成"], row["小票"]) for row in told] == [("420", "14", "400"), ("", "", "")]
    said = "读卡器 plate：成功 412，卡中途取走 9，超时 2，恢复 1；读卡器 chip：成功 8，卡需授权 3；小票打印机 slips：成功 400"
    assert told[0]["启动以来各设备"] == said


def test_every_table_is_there_and_names_nobody(stage: Stage, boss: httpx.Client) -> None:
    stage.submit("lyu", next(NUMBERS))
    sits_down(stage, "3")
    stage.do(stage.services.queue.call_next("3", "李红", str(uuid4())))
    for name in TABLES:
        answer = boss.get(f"/overview/tables/{name}")
        text = answer.content.decode("utf-8-sig")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert len(text.splitlines()) > (name not in ("lines", "terminals")), name
        assert [word for word in ("吕晓岚", "李红", "4406", "019ab000") if word in text] == [], name


def test_tables_and_plots_are_in_the_language_of_the_page(stage: Stage, boss: httpx.Client) -> None:
    reader = Part("reader", "plate", "noDevice", counted=Counted(412, {"timeOut": 2}))
    says(stage, "K07", reader, Part("ticket_printer", "slips", "online", "jammed"))
    boss.cookies.set(LANGUAGE_COOKIE, "en")
    for name in (*(f"tables/{name}" for name in TABLES), *(f"plots/{name}" for name in PLOTS)):
        assert not CHINESE.search(boss.get(f"/overview/{name}").content.decode("utf-8-sig")), name
    text = boss.get("/overview/tables/terminals").content.decode("utf-8-sig")
    assert "Card reader not connected; Slip printer paper jam" in text
    assert "Card reader plate: done 412, Timed out 2" in text


def test_every_plot_is_well_formed_and_carries_no_style_of_its_own(stage: Stage, boss: httpx.Client) -> None:
    for filled in (False, True):
        if filled:
            stage.submit("lyu", next(NUMBERS))
            stage.clock.later(minutes=2)
        for name in PLOTS:
            answer = boss.get(f"/overview/plots/{name}")
            assert answer.headers["content-type"].startswith("image/svg+xml")
            drawn = ElementTree.fromstring(answer.text)
            assert not [one for one in drawn.iter() if one.get("style") or one.tag.endswith(("style", "script"))]
            assert all(float(one.get("height", 0)) >= 0 and float(one.get("width", 0)) >= 0 for one in drawn.iter())


@pytest.mark.parametrize(
    "place",
    ["/day?day=yesterday", "/day?day=1900-01-01", "/day?day=9999-12-31", "/plots/names", "/tables/names", "/plots/chain?day=x"],
)
def test_a_day_that_the_hall_never_had_and_what_is_not_there_is_a_worded_page(boss: httpx.Client, place: str) -> None:
    answer = boss.get(f"/overview{place}")
    assert (answer.status_code, "找不到" in answer.text or "没有" in answer.text) == (404, True)


def test_what_people_gave_is_told_when_the_day_is_over(stage: Stage, boss: httpx.Client) -> None:
    at = stage.clock()
    day = working_day(at)
    for number, grade in enumerate((5, 4, 1)):
        turn, request = rated_turn(stage, str(number)), Request(f"rate {number}", "screen:3", at, "3")
        stage.do(stage.services.store.rate(Given(day, grade), turn, at - timedelta(minutes=5), request))
    text = boss.get("/overview/day").text
    assert "评价 3 次" in text
    assert "好评 67%" not in text
    stage.clock.later(days=1)
    with logged_in(stage, "明日主任", Role.SUPERVISOR) as tomorrow:
        text = tomorrow.get(f"/overview/day?day={day}").text
    assert "评价 3 次，好评 67%" in text
    assert f"/ratings?day={day}" in text


def rated_turn(stage: Stage, key: str) -> Turn:
    """Somebody was served at window 3 just now."""
    visit = stage.submit("lyu", next(NUMBERS)).visit
    stage.do(stage.services.queue.call_next("3", "李红", f"call {key}"))
    stage.do(stage.services.desk.decide(visit, Action.REJECT, window="3", clerk="李红", key=f"end {key}", said=why()))
    turn = stage.do(stage.services.store.turn_at("3"))
    assert turn is not None
    return turn


def test_looking_changes_nothing(stage: Stage, boss: httpx.Client) -> None:
    stage.submit("lyu", next(NUMBERS))
    boss.get("/overview")  # the first look of a session is noted as its last request
    before = dump(stage.file)
    pages = [
        "/overview",
        "/overview/day",
        *(f"/overview/plots/{one}" for one in PLOTS),
        *(f"/overview/tables/{one}" for one in TABLES),
    ]
    assert [boss.get(page).status_code for page in pages] == [200] * len(pages)
    with boss.stream("GET", "/overview/events") as events:
        assert next(events.iter_lines()).startswith("id: ")
    assert dump(stage.file) == before
