"""What goes wrong in a hall on an ordinary day, as its clerks and terminals are told of it over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import httpx
import pytest

from flows.application import Outcome, Status
from flows.delivery import Delivery, DeliveryStep
from flows.wire import OpenVisit, Refusal, Submitted, VisitOpened, from_json, to_json
from hall.console.pages import drawn
from hall.delivery import MOST_TRIES
from hall.demo.behaviour import Mode
from tests.hall.console_fakes import Clock, filled_in, person
from tests.hall.console_stage import MATTER, Stage, running_hall, services_of
from tests.hall.demo_desk import TOO_LONG, DemoDesk
from tests.hall.test_app import NUMBERS, at_the_window, called, decide, kept, logged_in
from tests.hall.test_terminals import client, enrolled
from tests.patience import SOON_S

ME = person("lyu")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path / "hall") as stage:
        yield stage


@pytest.fixture
def linked(tmp_path: Path, demo_desk: DemoDesk) -> Iterator[Stage]:
    """A hall with the four real departments of the demonstration."""
    with running_hall(tmp_path / "hall", services_of(demo_desk)) as stage:
        stage.clock.now = Clock().now
        yield stage


@pytest.fixture
def k07(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx.Client]:
    stage = request.getfixturevalue("linked" if "linked" in request.fixturenames else "stage")
    with client(stage, enrolled(stage, "K07", tmp_path / "k07")) as terminal:
        yield terminal


def opened(terminal: httpx.Client, visit: str) -> VisitOpened:
    answer = terminal.put(f"/api/visits/{visit}", content=to_json(OpenVisit(MATTER, "1", ME)))
    assert answer.status_code == 200, answer.text
    return from_json(VisitOpened, answer.content)


def submitted(stage: Stage, terminal: httpx.Client, visit: str, left: frozenset[str] = frozenset()) -> VisitOpened:
    known = opened(terminal, visit)
    body = to_json(filled_in(visit, ME, known.lookup, stage.clock(), left))
    answer = terminal.put(f"/api/visits/{visit}/application", content=body)
    assert answer.status_code == 200, answer.text
    return known


def test_departments_late_down_and_talking_nonsense_stop_no_form_and_are_named_to_the_clerk(
    linked: Stage, demo_desk: DemoDesk, k07: httpx.Client
) -> None:
    visit = "019ab000-0000-7000-8000-00000000f001"
    with ExitStack() as ill, logged_in(linked, "张敏", "3") as clerk:
        ill.enter_context(demo_desk.told("household", Mode.SLOW, TOO_LONG))
        ill.enter_context(demo_desk.told("social-security", Mode.DOWN))
        ill.enter_context(demo_desk.told("exit-entry", Mode.NONSENSE))
        left = frozenset({"birth_place", "surname", "given_names", "address", "police_station", "employer", "occupation"})
        left |= {"permit_number", "permit_issued", "permit_expiry"}
        known = submitted(linked, k07, visit, left)
        assert {source.department: source.reason for source in known.lookup.sources} == {
            "household": "late",
            "social_security": "down",
            "exit_entry": "garbled",
            "market_regulation": "no_key",
        }
        clerk.post("/queue/next", data={"key": str(uuid4())})
        answer = clerk.get(f"/cases/{visit}")
    assert answer.status_code == 200
    for told in ("公安户籍没有答复（超时）", "人力资源和社会保障没有答复（连接不上）", "出入境管理没有答复（返回内容无法识别）"):
        assert f"{told}，相关各项没有比对" in answer.text
    assert "没有可用来查询的号码" in answer.text
    assert "确认受理" in answer.text


def test_a_department_that_tells_of_somebody_else_is_named_and_nothing_of_it_is_shown(
    linked: Stage, demo_desk: DemoDesk, k07: httpx.Client
) -> None:
    visit = "019ab000-0000-7000-8000-00000000f002"
    submitted(linked, k07, visit)
    with demo_desk.told("exit-entry", Mode.WRONG), logged_in(linked, "张敏", "3") as clerk:
        clerk.post("/queue/next", data={"key": str(uuid4())})
        page = clerk.get(f"/cases/{visit}").text
    assert "出入境管理没有答复（返回的不是本人）" in page
    column = re.search(r'<th scope="col" class="department">出入境管理.*?</th>', page, re.DOTALL)
    assert column
    assert Outcome.NO_ANSWER.value in column.group()


def test_a_department_that_is_down_at_delivery_is_told_of_with_its_tries(
    linked: Stage, demo_desk: DemoDesk, k07: httpx.Client
) -> None:
    visit = "019ab000-0000-7000-8000-00000000f003"
    submitted(linked, k07, visit)
    with demo_desk.told("exit-entry", Mode.DOWN), logged_in(linked, "张敏", "3") as clerk:
        clerk.post("/queue/next", data={"key": str(uuid4())})
        assert decide(clerk, visit, "confirm").status_code == 303
        with clerk.stream("GET", f"/cases/{visit}/events") as page:
            assert any("第 1 次未成功（连接不上），会自动再送" in line for line in page.iter_lines())
        text = clerk.get(f"/cases/{visit}").text
    assert "等前一步完成" in text
    assert "已受理" in text


def test_two_clerks_at_once_get_two_tickets_and_a_third_is_told_that_nobody_waits(stage: Stage) -> None:
    visits = {stage.submit("lyu", next(NUMBERS)).visit, stage.submit("rare", next(NUMBERS)).visit}
    start = Barrier(3)

    def click(clerk: httpx.Client) -> httpx.Response:
        start.wait(SOON_S)
        return clerk.post("/queue/next", data={"key": str(uuid4())}, follow_redirects=True)

    with (
        logged_in(stage, "张敏", "3") as zhang,
        logged_in(stage, "陈志远", "4") as chen,
        logged_in(stage, "李红", "5") as li,
        ThreadPoolExecutor(3) as threads,
    ):
        clerks = (zhang, chen, li)
        answers = list(threads.map(click, clerks))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert sorted(at_the_window(clerk) for clerk in clerks) == ["", *sorted(visits)]
    assert sum("现在没有人等候。" in answer.text for answer in answers) == 1


def test_of_two_clerks_who_put_one_person_back_into_line_the_second_is_told_that_it_was_done(stage: Stage) -> None:
    with logged_in(stage, "张敏", "3") as zhang, logged_in(stage, "陈志远", "4") as chen:
        visit = called(stage, zhang)
        decide(zhang, visit, "return", reason="CARD_TO_RENEW")
        answers = [clerk.post(f"/queue/{visit}/requeue", data={"key": str(uuid4())}) for clerk in (zhang, chen)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "刚才的操作没有执行" in answers[1].text
    assert kept(stage, visit).standing.status is Status.SUBMITTED


def test_a_submission_sent_twice_is_one_ticket_and_with_other_contents_refused(stage: Stage, k07: httpx.Client) -> None:
    visit = "019ab000-0000-7000-8000-00000000f004"
    known = opened(k07, visit)
    body = to_json(filled_in(visit, ME, known.lookup, stage.clock()))
    place = f"/api/visits/{visit}/application"
    tickets = [from_json(Submitted, k07.put(place, content=body).content).ticket for _ in range(2)]
    assert tickets[0] == tickets[1]
    other = k07.put(place, content=body.replace(b"HK-G-12-2", b"HK-G-12-1"))
    assert other.status_code == 409
    assert from_json(Refusal, other.content) == Refusal("another_application")


def test_a_submission_sent_again_after_its_first_answer_was_forgotten_is_refused_and_not_broken(
    stage: Stage, k07: httpx.Client
) -> None:
    visit = "019ab000-0000-7000-8000-00000000f005"
    known = opened(k07, visit)
    body = to_json(filled_in(visit, ME, known.lookup, stage.clock()))
    place = f"/api/visits/{visit}/application"
    assert k07.put(place, content=body).status_code == 200
    now = stage.clock()
    stage.clock.later(days=8)
    stage.do(stage.services.store.forget(now.date(), stage.clock()))
    assert from_json(Refusal, k07.put(place, content=body).content) == Refusal("another_application")


def test_after_five_wrong_passwords_the_clerk_is_told_until_when_log_ins_rest(stage: Stage) -> None:
    with httpx.Client(base_url=stage.console, headers={"Origin": stage.console.rstrip("/")}, timeout=SOON_S) as client:
        wrong = {"name": "张敏", "password": "guessed", "window": "3"}
        answers = [client.post("/login", data=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "密码连续输错，为安全起见暂停登录，09:26:00 以后再试" in answers[-1].text
    assert "guessed" not in answers[-1].text


def test_a_delivery_that_was_given_up_says_so_and_calls_for_the_administrator() -> None:
    for tries, told in ((MOST_TRIES - 1, "会自动再送"), (MOST_TRIES, "已停止自动再送，请告诉审批主管")):
        steps = (DeliveryStep("accept", tries, problem="no_target"), DeliveryStep("read_back"))
        text = drawn(
            "case_deliveries.html", deliveries=(Delivery("v", "exit_entry", steps),), titles={}, status_now=Status.ACCEPTED
        )
        assert f"第 {tries} 次未成功（没有配置送达地址），{told}" in text
