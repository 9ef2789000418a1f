"""A hall's day in stories, each told twice: by a hand with a mouse, and by one with nothing but the keyboard.

Every story ends with what the hall holds, not only with what its page shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.application import Action, Status
from flows.correction import CorrectionState
from hall.roles import Role
from hall.store.appointments import AppointmentState
from hall.store.promises import PaperState
from hall.store.request import Request
from hall.store.screens import Asking, Reply
from hall.working_day import working_day
from tests.hall.complaints import uncomplaining
from tests.hall.console_fakes import PEOPLE
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.fakes import change
from tests.hall.hands import Hand, Keyboard, Mouse
from tests.hall.letters_stage import give_up
from tests.hall.story_stage import NUMBERS, Clerk, Clerks, audited, case, clear, done, status, visit_of
from tests.hall.test_replay_http import delivered
from tests.hall.test_scans import image

SPECIMEN, HALL = PEOPLE["lyu"], {"width": 1366, "height": 768}
CHECKED, WEDNESDAY = "checked-permit", date(2026, 11, 25)


@pytest.fixture(scope="module")
def open_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One hall for the whole day. Its department answers, and three more people work in it."""
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        stage.loop.call_soon_threadsafe(stage.target.answers.set)
        stage.do(stage.services.staff.add("周主管", PASSWORD, frozenset({Role.SUPERVISOR})))
        stage.do(stage.services.staff.add("何安", PASSWORD, frozenset({Role.SECURITY})))
        stage.do(stage.services.staff.add("秦审", PASSWORD, frozenset({Role.AUDITOR})))
        yield stage


@pytest.fixture
def stage(open_hall: Stage) -> Iterator[Stage]:
    yield open_hall
    clear(open_hall)


@pytest.fixture(params=[pytest.param(Mouse, marks=pytest.mark.long), Keyboard], ids=["mouse", "keyboard"])
def clerks(request: pytest.FixtureRequest, stage: Stage, browser: Browser) -> Iterator[Clerks]:
    """Gives somebody with a browser of their own, as often as a story asks. What a browser complains of fails the story."""
    with ExitStack() as browsers:

        def somebody() -> Clerk:
            context = browsers.enter_context(browser.new_context(viewport=HALL))  # type: ignore[arg-type]
            browsers.enter_context(uncomplaining(context))
            return Clerk(stage, request.param(context.new_page()))

        yield somebody


@pytest.fixture
def zhang(clerks: Clerks) -> Clerk:
    return clerks()


@pytest.fixture
def other(clerks: Clerks) -> Clerk:
    return clerks()


def test_a_wrong_password_is_said_and_the_right_one_opens_the_window(stage: Stage, zhang: Clerk) -> None:
    zhang.page.goto(stage.console)
    zhang.try_to_log_in("张敏", "3", "guessed it")
    expect(zhang.page.get_by_role("alert")).to_be_visible()
    assert stage.do(stage.services.store.session_at("3")) is None
    zhang.hand.write(zhang.page.locator("#password"), PASSWORD)
    zhang.button("登录")
    expect(zhang.page.get_by_role("heading", name="今日排队")).to_be_visible()
    assert stage.do(stage.services.store.session_at("3")) is not None
    zhang.button("退出")
    expect(zhang.page.get_by_label("密码")).to_be_visible()
    assert stage.do(stage.services.store.session_at("3")) is None


def test_somebody_is_called_looked_at_and_accepted_and_the_department_gives_its_number(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.on("#confirm")
    zhang.status("已受理")
    number = zhang.page.locator(".receiptNumber[data-complete=yes]")
    expect(number).to_be_visible()
    assert number.inner_text().strip() == stage.target.given[f"{visit}:exit_entry"]
    assert status(stage, visit) is Status.ACCEPTED
    delivered(stage, visit)


def test_a_value_is_amended_with_its_reason(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk()
    row = zhang.page.locator("#field-mobile")
    zhang.hand.press(row.locator(".amend summary"))
    zhang.hand.write(row.locator("#value-mobile"), "13900139000")
    zhang.hand.choose(row.locator("#reason-mobile"), "CITIZEN_CORRECTED")
    zhang.button("保存更正", "#field-mobile")
    expect(row.locator(".given")).to_contain_text("139 0013 9000窗口更正")
    assert case(stage, visit).application.answers["mobile"].value == "13900139000"
    assert [one.field for one in done(stage, visit, Action.AMEND).changes] == ["mobile"]


def test_a_return_names_everything_at_once(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.panel("退回补正")
    panel = zhang.page.locator(".judge[open]")
    zhang.hand.tick(panel.locator("[name='bring.1']"))
    zhang.hand.tick(panel.locator("[name='tick.GUARDIAN_NEEDED']"))
    zhang.hand.write(panel.locator("[name='lines.GUARDIAN_NEEDED']"), "父亲或母亲，带户口簿")
    zhang.button("退回补正", ".judge[open] .ends")
    zhang.status("已退回补正")
    grounds = done(stage, visit, Action.RETURN).grounds
    assert [ground.lines for ground in grounds] == [("往来港澳通行证",), ("父亲或母亲，带户口簿",)]


def test_a_refusal_has_one_reason_and_the_way_out(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.panel("不予受理")
    zhang.hand.tick(zhang.page.locator(".judge[open] [value='NOT_ELIGIBLE']"))
    zhang.hand.write(zhang.page.locator("#note-reject"), "已当面说明")
    zhang.button("不予受理", ".judge[open] .ends")
    zhang.status("不予受理")
    expect(zhang.page.locator(".outcomeTold .appeal")).to_be_visible()
    decision = done(stage, visit, Action.REJECT)
    assert (decision.reason, decision.note) == ("NOT_ELIGIBLE", "已当面说明")


def test_a_paper_is_promised_and_brought_to_another_window(stage: Stage, zhang: Clerk, other: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.panel("容缺受理")
    zhang.hand.tick(zhang.page.locator("[name='lacking.OLD_PERMIT']"))
    zhang.hand.write(zhang.page.locator("#until"), "2026-11-27")
    zhang.button("容缺受理", ".judge[open] .ends")
    zhang.status("已受理")
    assert [paper.state for paper in case(stage, visit).promised] == [PaperState.OPEN]
    other.log_in("陈志远", "4")
    other.hand.press(other.page.get_by_role("link", name="补齐"))
    other.on(f"#promise-{visit}")
    other.hand.tick(other.page.locator("[name='brought.OLD_PERMIT']"))
    other.on("#bring")
    expect(other.page.locator(".owedList li.brought")).to_contain_text("已补齐（4 号窗口）")
    (paper,) = case(stage, visit).promised
    assert (paper.state, paper.window) == (PaperState.BROUGHT, "4")


def test_a_supervisor_without_a_window_writes_down_what_was_done_about_a_broken_promise(
    stage: Stage, zhang: Clerk, other: Clerk
) -> None:
    visit = zhang.at_the_desk()
    zhang.panel("容缺受理")
    zhang.hand.tick(zhang.page.locator("[name='lacking.OLD_PERMIT']"))
    zhang.button("容缺受理", ".judge[open] .ends")
    zhang.status("已受理")
    change(stage.file, f"UPDATE promised SET until = '2026-11-20' WHERE visit = '{visit}'")
    other.log_in("周主管")
    other.hand.press(other.page.locator("header nav").get_by_role("link", name="补齐"))
    other.on(f"#promise-{visit}")
    other.hand.tick(other.page.locator("[name=reason][value=CITIZEN_NOTIFIED]"))
    other.button("记下处理")
    expect(other.page.locator(".history")).to_contain_text("已通知申请人尽快补齐")
    decision = done(stage, visit, Action.FOLLOW_UP)
    assert (decision.by, decision.window, decision.reason) == ("周主管", "", "CITIZEN_NOTIFIED")


def test_a_second_person_agrees(stage: Stage, zhang: Clerk, other: Clerk) -> None:
    visit = zhang.at_the_desk(matter=CHECKED)
    zhang.on("#confirm")
    zhang.status("待复核")
    assert (status(stage, visit), case(stage, visit).deliveries) == (Status.TO_APPROVE, ())
    other.log_in("周主管")
    other.hand.press(other.page.locator("header nav").get_by_role("link", name="复核"))
    other.on(f"#review-{visit}")
    expect(other.page.locator("#second")).to_contain_text("张敏在 3 号窗口")
    other.on("#confirm")
    expect(other.page.get_by_role("heading", name="待复核")).to_be_visible()
    assert status(stage, visit) is Status.ACCEPTED
    assert done(stage, visit, Action.APPROVE).by == "周主管"


def test_what_a_second_person_sends_back_is_taken_up_again(stage: Stage, zhang: Clerk, other: Clerk) -> None:
    visit = zhang.at_the_desk(matter=CHECKED)
    zhang.on("#confirm")
    zhang.status("待复核")
    other.log_in("陈志远", "4")
    other.hand.press(other.page.get_by_role("link", name="复核"))
    other.on(f"#review-{visit}")
    other.panel("复核退回")
    other.hand.tick(other.page.locator("[name='tick.REVIEW_IDENTITY']"))
    other.button("复核退回", ".judge[open] .ends")
    expect(other.page.locator(f"#take-{visit}")).to_be_visible()
    zhang.hand.press(zhang.page.get_by_role("link", name="复核"))
    zhang.on(f"#take-{visit}")
    zhang.status("审核中")
    assert (status(stage, visit), case(stage, visit).standing.window) == (Status.CALLED, "3")
    assert [ground.code for ground in done(stage, visit, Action.SEND_BACK).grounds] == ["REVIEW_IDENTITY"]


def test_a_no_show_is_called_twice_passed_over_and_put_back(stage: Stage, zhang: Clerk) -> None:
    visit = stage.submit("lyu", next(NUMBERS)).visit
    zhang.log_in("张敏", "3")
    zhang.call()
    expect(zhang.page.locator("#miss")).to_be_disabled()
    stage.clock.later(minutes=3)
    zhang.on("#recall")
    zhang.on("#miss")
    expect(zhang.page.locator(f"#requeue-{visit}")).to_be_visible()
    assert (status(stage, visit), case(stage, visit).standing.calls) == (Status.NO_SHOW, 2)
    zhang.on(f"#requeue-{visit}")
    expect(zhang.page.locator("#next")).to_be_enabled()
    assert status(stage, visit) is Status.SUBMITTED


def test_who_fetches_something_is_held_while_the_next_is_served(stage: Stage, zhang: Clerk) -> None:
    first, second = (stage.submit(who, next(NUMBERS)) for who in ("lyu", "rare"))
    zhang.log_in("张敏", "3")
    assert zhang.call() == first.number
    zhang.on("#hold")
    expect(zhang.page.locator("#paused .number")).to_have_text(first.number)
    assert status(stage, first.visit) is Status.HELD
    assert zhang.call() == second.number
    zhang.on("#hold")
    expect(zhang.page.locator("#paused .number")).to_have_text([first.number, second.number])
    zhang.on(f"#resume-{first.visit}")
    expect(zhang.page.locator(".caseNumber")).to_have_text(first.number)
    assert (status(stage, first.visit), status(stage, second.visit)) == (Status.CALLED, Status.HELD)


def test_a_ticket_is_passed_on_and_the_other_window_reads_why(stage: Stage, zhang: Clerk, other: Clerk) -> None:
    ticket = stage.submit("lyu", next(NUMBERS))
    zhang.log_in("张敏", "3")
    zhang.call()
    zhang.on("#pass")
    zhang.hand.choose(zhang.page.locator("#to"), "4")
    zhang.hand.tick(zhang.page.locator(".pass [name=why]").nth(1))
    zhang.button("转过去")
    expect(zhang.page.locator("#lines")).to_contain_text("请 4 号窗口办")
    assert case(stage, ticket.visit).standing.meant_for == "4"
    other.log_in("陈志远", "4")
    assert other.call() == ticket.number
    expect(other.page.locator(".held .note")).to_contain_text("3 号窗口 张敏 转来")
    assert case(stage, ticket.visit).standing.window == "4"


def test_two_matters_of_one_person_are_taken_one_after_the_other(stage: Stage, zhang: Clerk) -> None:
    first, between, second = (stage.submit(who, next(NUMBERS), matter=m) for who, m in BOTH)
    zhang.log_in("张敏", "3")
    assert zhang.call() == first.number
    zhang.open()
    zhang.on("#confirm")
    zhang.status("已受理")
    zhang.on(".caseHead .back")
    zhang.on("#take")
    expect(zhang.page.locator(".caseNumber")).to_have_text(second.number)
    now = [status(stage, ticket.visit) for ticket in (first, between, second)]
    assert now == [Status.ACCEPTED, Status.SUBMITTED, Status.CALLED]


BOTH = (("lyu", "hk-macau-permit"), ("rare", "hk-macau-permit"), ("lyu", "moving"))


def test_somebody_is_put_forward_by_a_ground(stage: Stage, zhang: Clerk) -> None:
    first, second = (stage.submit(who, next(NUMBERS)) for who in ("lyu", "rare"))
    zhang.log_in("张敏", "3")
    zhang.on(f"#forward-{second.visit}")
    zhang.hand.press(zhang.page.locator(".forward[open] button").first)
    expect(zhang.page.locator("#lines tr.submitted .number")).to_have_text([second.number, first.number])
    assert case(stage, second.visit).standing.ground
    assert zhang.call() == second.number


def test_an_appointment_is_made_and_cancelled(stage: Stage, zhang: Clerk) -> None:
    zhang.log_in("张敏", "3")
    zhang.on("#booked")
    for field, text in (("number", SPECIMEN["number"]), ("name", SPECIMEN["name"])):
        zhang.hand.write(zhang.page.locator(f".booking #{field}"), text)
    zhang.hand.choose(zhang.page.locator("#matter"), "moving")
    zhang.hand.write(zhang.page.locator("#day"), WEDNESDAY.isoformat())
    zhang.hand.write(zhang.page.locator("#time"), "10:00")
    zhang.button("登记预约")
    expect(zhang.page.locator("#notice")).to_be_visible()
    assert AppointmentState.BOOKED in appointments(stage)
    zhang.hand.press(zhang.page.get_by_role("button", name="取消预约"))
    expect(zhang.page.get_by_role("button", name="取消预约")).to_have_count(0)
    assert set(appointments(stage)) == {AppointmentState.CANCELLED}


def appointments(stage: Stage) -> list[AppointmentState]:
    asked = Request(f"look {next(NUMBERS)}", "test", stage.clock())
    return [one.state for one in stage.do(stage.services.store.appointments(WEDNESDAY, asked))]


def test_a_case_is_begun_at_the_counter_for_whoever_used_no_terminal(stage: Stage, zhang: Clerk) -> None:
    zhang.log_in("张敏", "3")
    zhang.on("#counter")
    zhang.hand.tick(zhang.page.locator("#matter-moving"))
    zhang.hand.write(zhang.page.locator("#number"), SPECIMEN["number"])
    zhang.on("#go")
    expect(zhang.page.locator("#sections")).to_be_visible()
    zhang.hand.write(zhang.page.locator("#f-ethnic_group"), "汉族")
    zhang.hand.tick(zhang.page.locator("#f-register_traffic"))
    expect(zhang.page.locator(".complete")).to_be_visible()
    zhang.on("#here")
    expect(zhang.page.locator("table.compare")).to_be_visible()
    kept = case(stage, zhang.page.url.rpartition("/")[2])
    assert (kept.standing.status, kept.standing.window, kept.application.matter) == (Status.CALLED, "3", "moving")
    assert kept.application.answers["ethnic_group"].value == "01"  # 汉族


def test_a_disputed_record_is_settled_after_a_look_at_it(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk(disputes={"address": ""})
    zhang.hand.press(zhang.page.locator("tr.dispute summary", has_text="当场了结"))
    zhang.hand.tick(zhang.page.locator("tr.dispute [name=reason]").first)
    zhang.button("了结", "tr.dispute details[open] .ends")
    expect(zhang.page.locator("tr.dispute")).to_have_count(0)
    (correction,) = case(stage, visit).corrections
    assert correction.state is CorrectionState.SETTLED


def test_a_disputed_record_is_sent_to_its_department(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk(disputes={"address": ""})
    zhang.button("送部门校核", "tr.dispute")
    expect(zhang.page.locator(".correction .receiptNumber")).to_be_visible()
    (correction,) = case(stage, visit).corrections
    assert (correction.state, correction.dispute.item) == (CorrectionState.SENT, "household.address")
    assert stage.owner.asked[-1][0].id == correction.id


def test_a_paper_is_scanned_and_its_original_was_seen(stage: Stage, zhang: Clerk, tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(image())
    visit = zhang.at_the_desk()
    zhang.panel("扫描或上传材料")
    zhang.hand.choose(zhang.page.locator("#document-kind"), "household_register")
    zhang.hand.attach(zhang.page.locator("#document-files"), tmp_path / "page.jpg")
    zhang.button("保存", "#documents")
    expect(zhang.page.locator("#documents .tile")).to_contain_text("只用于本件")
    zhang.button("原件已核", "#documents")
    expect(zhang.page.locator("#documents .original")).to_contain_text("已核原件")
    (kept,) = stage.do(stage.services.store.documents_in(visit))
    assert kept.document.kind == "household_register"
    assert "document_original_seen" in audited(stage, visit)


def test_what_a_department_did_not_take_is_sent_again_by_a_supervisor(stage: Stage, zhang: Clerk, other: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.on("#confirm")
    expect(zhang.page.locator(".delivery.done")).to_be_visible()
    give_up(stage, visit)
    assert not all(one.done for one in case(stage, visit).deliveries)
    other.log_in("周主管")
    other.hand.press(other.page.locator("header nav").get_by_role("link", name="送达"))
    letter = other.page.locator(f'tr[data-letter="{visit}:exit_entry"]')
    other.hand.tick(letter.get_by_role("checkbox"))
    other.button("再送所选 Alt+S")
    expect(letter).to_have_count(0)
    delivered(stage, visit)
    assert list(stage.target.given).count(f"{visit}:exit_entry") == 1


def test_a_window_is_locked_and_half_a_sentence_is_still_there(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.panel("退回补正")
    zhang.hand.write(zhang.page.locator("#note-return"), "请带户口簿")
    with zhang.page.expect_response("**/lock"):
        zhang.on("#lockForm button")
    expect(zhang.page.locator("main")).to_be_hidden()
    assert stage.do(stage.services.staff.locked("3"))
    zhang.hand.write(zhang.page.locator("#unlockProof"), PASSWORD)
    zhang.button("解锁")
    expect(zhang.page.locator("#note-return")).to_be_visible()
    expect(zhang.page.locator("#note-return")).to_have_value("请带户口簿")
    assert not stage.do(stage.services.staff.locked("3"))
    assert status(stage, visit) is Status.CALLED


def test_a_citizen_looks_the_application_over_and_rates(stage: Stage, zhang: Clerk) -> None:
    visit = zhang.at_the_desk()
    day = working_day(stage.clock())
    rated = stage.do(stage.services.ratings.figures(day)).rated
    with zhang.page.expect_popup() as opened:
        zhang.on("header [aria-keyshortcuts='Alt+V']")
    screen: Hand = type(zhang.hand)(opened.value)
    shows(screen.page, "called")
    zhang.on("#ask-look")
    shows(screen.page, "look")
    screen.press(screen.page.get_by_role("button", name="内容无误"))
    expect(zhang.page.locator("#screen .reply.right")).to_contain_text("内容无误")
    turn = stage.do(stage.services.store.turn_at("3"))
    assert turn
    asked = [(one.kind, one.reply) for one in stage.do(stage.services.store.asked_of(turn))]
    assert (turn.visit, asked) == (visit, [(Asking.LOOK, Reply.RIGHT)])
    zhang.on("#confirm")
    shows(screen.page, "rate")
    screen.press(screen.page.get_by_role("button", name="非常满意"))
    shows(screen.page, "thanks")
    assert stage.do(stage.services.ratings.figures(day)).rated == rated + 1


def shows(screen: Page, kind: str) -> None:
    expect(screen.locator("#shown > [data-kind]")).to_have_attribute("data-kind", kind)


def test_an_account_is_added_and_its_first_password_is_shown_once(stage: Stage, zhang: Clerk) -> None:
    name = f"周晓{next(NUMBERS)}"
    zhang.log_in("何安")
    zhang.hand.press(zhang.page.locator("header nav").get_by_role("link", name="账号"))
    zhang.hand.write(zhang.page.locator(".adding #name"), name)
    zhang.hand.tick(zhang.page.locator(".adding [name=role_clerk]"))
    zhang.button("新增并发密码")
    expect(zhang.page.locator("#handed")).to_contain_text(name)
    account = stage.do(stage.services.store.account(name))
    assert account
    assert (account.roles, account.must_change) == (frozenset({Role.CLERK}), True)


def test_the_audit_names_who_looked_and_nothing_of_what_was_seen(stage: Stage, zhang: Clerk, other: Clerk) -> None:
    visit = zhang.at_the_desk()
    zhang.hand.press(zhang.page.get_by_role("link", name="审计记录"))
    expect(zhang.page.locator(".chain")).to_have_text("链条完整")
    codes = zhang.page.locator(".audit .code").all_inner_texts()
    assert codes == audited(stage, visit)
    other.log_in("秦审")
    other.hand.press(other.page.locator("header nav").get_by_role("link", name="审计"))
    expect(other.page.locator(".chain")).to_have_text("链条完整")
    expect(other.page.locator(".audit.whole")).to_contain_text(visit)
    assert all(word not in each.page.content() for each in (zhang, other) for word in (SPECIMEN["number"], SPECIMEN["name"]))


def test_a_call_reaches_the_board_and_the_ticket_in_a_pocket(stage: Stage, zhang: Clerk, browser: Browser) -> None:
    ticket = stage.submit("lyu", next(NUMBERS))
    zhang.log_in("张敏", "3")
    with browser.new_context(viewport={"width": 360, "height": 640}) as phone, browser.new_context() as wall:
        pocket, board = phone.new_page(), wall.new_page()
        pocket.clock.install()
        pocket.goto(f"{stage.public}/t/{stage.services.ticket_codes.code(ticket.visit)}")
        expect(pocket.locator("h1")).to_contain_text("正在等候")
        board.goto(f"{stage.public}/board")
        zhang.call()
        expect(board.locator(".now .number")).to_have_text(ticket.number)
        expect(board.locator(".now .window")).to_have_text("3")
        pocket.clock.fast_forward(11_000)
        expect(pocket.locator("h1")).to_contain_text("请到 3 号窗口")
    assert status(stage, visit_of(stage, ticket.number)) is Status.CALLED
