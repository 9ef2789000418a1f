"""Sessions in the console: one a window and a person, locked when its clerk leaves, and nothing typed is lost or done twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import httpx
import pytest

from flows.application import Status
from hall.console.security import COOKIE, session_cookie
from hall.store.staff import Ended
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.patience import SOON_S

NUMBERS = iter(range(0x100, 0xFFF))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@contextmanager
def browser(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.console, timeout=SOON_S, headers={"Origin": stage.console.rstrip("/")}) as client:
        yield client


def log_in(client: httpx.Client, name: str = "张敏", window: str = "3") -> httpx.Response:
    return client.post("/login", data={"name": name, "password": PASSWORD, "window": window})


@pytest.fixture
def zhang(stage: Stage) -> Iterator[httpx.Client]:
    with browser(stage) as client:
        log_in(client)
        yield client


def called(stage: Stage, clerk: httpx.Client) -> str:
    """A case of a citizen's in the clerk's hands; what stood in line before is sent back."""
    visit = stage.submit("lyu", next(NUMBERS)).visit
    while (held := re.search(r'id="open" href="/cases/([0-9a-f-]{36})"', clerk.get("/").text)) is None or held[1] != visit:
        if held:
            clerk.post(f"/cases/{held[1]}/return", data=returning())
        clerk.post("/queue/next", data={"key": str(uuid4())})
    return visit


def returning(note: str = "") -> dict[str, str]:
    return {"key": str(uuid4()), "reason": "CARD_TO_RENEW", "note": note}


def status(stage: Stage, visit: str) -> Status:
    return stage.do(stage.services.store.standing(visit)).status


def decisions(stage: Stage, visit: str) -> int:
    return len(stage.do(stage.services.store.case(visit)).decisions)


def resumed(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of the page that goes on would be sent, with its fields."""
    form = re.search(
        r'<form method="post" action="(/[^"]+)">\s*((?:<input type="hidden"[^>]+>)+)\s*<button[^>]+id="resume"', page
    )
    assert form, page
    return form[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))


def test_a_decision_that_met_an_ended_session_is_carried_out_after_logging_in_again_and_once(
    stage: Stage, zhang: httpx.Client
) -> None:
    visit, sent = called(stage, zhang), returning("请带户口簿原件")
    before = decisions(stage, visit)
    stage.clock.later(minutes=16)
    answer = zhang.post(f"/cases/{visit}/return", data=sent)
    assert answer.headers["location"] == "/login"
    page = zhang.get("/login").text
    assert "15 分钟没有操作，已自动退出" in page
    assert "已替您保存" in page
    assert "户口簿" not in page
    assert status(stage, visit) is Status.CALLED
    assert log_in(zhang).headers["location"] == "/resume"
    page = zhang.get("/resume").text
    assert "请带户口簿原件" in page
    path, fields = resumed(page)
    assert (path, fields) == (f"/cases/{visit}/return", sent)
    for _ in range(2):
        assert zhang.post(path, data=fields).headers["location"] == f"/cases/{visit}"
    assert status(stage, visit) is Status.RETURNED
    assert decisions(stage, visit) == before + 1
    assert zhang.get("/resume").headers["location"] == "/"


def test_what_one_clerk_typed_is_never_shown_to_another(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    stage.clock.later(minutes=16)
    zhang.post(f"/cases/{visit}/return", data=returning("只有张敏知道"))
    assert log_in(zhang, "李红").headers["location"] == "/"
    assert zhang.get("/resume").headers["location"] == "/"
    with browser(stage) as elsewhere:
        log_in(elsewhere, "张敏", "4")
        assert "只有张敏知道" in elsewhere.get("/resume").text
        elsewhere.post("/resume/drop", data={"key": str(uuid4()), "back": f"/cases/{visit}"})
        assert elsewhere.get("/resume").headers["location"] == "/"


def test_what_is_kept_is_sealed(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    zhang.post("/lock", data={"key": str(uuid4())})
    zhang.post(f"/cases/{visit}/return", data=returning("sealed words"))
    files = [file for file in stage.services.config.secrets.iterdir() if file.name.startswith("hall.sqlite")]
    assert not [file for file in files if b"sealed words" in file.read_bytes()]


def test_a_locked_session_does_and_shows_nothing_in_any_tab_until_its_clerk_is_back(stage: Stage, zhang: httpx.Client) -> None:
    visit, sent = called(stage, zhang), returning("请补照片")
    zhang.post("/lock", data={"key": str(uuid4())})
    for path in ("/", f"/cases/{visit}", "/corrections"):
        assert zhang.get(path).headers["location"] == "/locked"
    assert re.fullmatch(r"id: \d+\nevent: over\ndata: \n\n", zhang.get(f"/cases/{visit}/events").text)
    assert zhang.post(f"/cases/{visit}/return", data=sent).headers["location"] == "/locked"
    assert status(stage, visit) is Status.CALLED
    assert stage.do(stage.services.staff.locked("3"))
    page = zhang.get("/locked").text
    assert "3 号窗口已锁定" in page
    assert visit not in page
    assert zhang.post("/unlock", data={"key": str(uuid4()), "proof": "guessed"}).status_code == 401
    assert zhang.post("/unlock", data={"key": str(uuid4()), "proof": PASSWORD}).headers["location"] == "/resume"
    assert not stage.do(stage.services.staff.locked("3"))
    path, fields = resumed(zhang.get("/resume").text)
    zhang.post(path, data=fields)
    assert status(stage, visit) is Status.RETURNED


def test_a_window_left_alone_locks_itself_before_the_session_ends(stage: Stage, zhang: httpx.Client) -> None:
    stage.clock.later(minutes=4)
    assert zhang.get("/").status_code == 200
    stage.clock.later(minutes=5)
    assert stage.do(stage.services.staff.locked("3"))
    assert zhang.get("/session").json()["state"] == "locked"
    assert zhang.get("/").headers["location"] == "/locked"
    assert zhang.post("/unlock", data={"key": str(uuid4()), "proof": PASSWORD}).headers["location"] == "/"
    assert zhang.get("/session").json() == {"state": "open", "clerk": "张敏", "window": "3"}
    events = [line.event for line in stage.do(stage.services.store.audit_of("clerk:张敏"))]
    assert events[-2:] == ["staff_locked", "staff_unlocked"]


def test_typing_without_sending_keeps_the_window_open(stage: Stage, zhang: httpx.Client) -> None:
    for _ in range(5):
        stage.clock.later(minutes=4)
        assert zhang.post("/session/here", data={"key": str(uuid4())}).status_code == 204
    assert zhang.get("/").status_code == 200


def test_the_same_click_locks_once(stage: Stage, zhang: httpx.Client) -> None:
    click = {"key": str(uuid4())}
    zhang.post("/lock", data=click)
    zhang.post("/unlock", data={"key": str(uuid4()), "proof": PASSWORD})
    zhang.post("/lock", data=click)
    assert zhang.get("/").status_code == 200


def test_guessing_at_a_lock_rests_like_guessing_at_the_door(stage: Stage) -> None:
    with browser(stage) as client:
        log_in(client, "陈志远", "6")
        client.post("/lock", data={"key": str(uuid4())})
        said = [client.post("/unlock", data={"key": str(uuid4()), "proof": str(n)}).status_code for n in range(6)]
        assert said == [401] * 5 + [429]
        assert "以后再试" in client.post("/unlock", data={"key": str(uuid4()), "proof": PASSWORD}).text
        stage.clock.later(minutes=2)
        assert client.post("/unlock", data={"key": str(uuid4()), "proof": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("name", "window", "words"),
    [("张敏", "4", "您的账号刚在别处登录"), ("李红", "3", "另一位工作人员刚在这个窗口登录")],
)
def test_a_log_in_elsewhere_or_by_another_ends_the_first_and_tells_its_page(
    stage: Stage, zhang: httpx.Client, name: str, window: str, words: str
) -> None:
    with browser(stage) as second, zhang.stream("GET", "/events") as page:
        lines = page.iter_lines()
        assert any(line == "event: desk" for line in lines)
        log_in(second, name, window)
        assert any(line == "event: over" for line in lines)
        assert second.get("/").status_code == 200
    assert zhang.get("/").headers["location"] == "/login"
    assert words in zhang.get("/login").text


def test_two_clerks_who_log_in_at_one_window_at_once_are_one_in_the_end(stage: Stage) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(browser(stage)) for _ in range(3)]
        for client, name in zip(clients, ("张敏", "陈志远", "李红"), strict=True):
            log_in(client, name, "5")
        assert [client.get("/").status_code for client in clients] == [303, 303, 200]


def test_the_cookie_of_a_session_that_is_over_is_nobodys(stage: Stage, zhang: httpx.Client) -> None:
    token = zhang.cookies[COOKIE]
    zhang.post("/logout", data={"key": str(uuid4())})
    with browser(stage) as thief:
        thief.cookies.set(COOKIE, token)
        assert thief.get("/").headers["location"] == "/login"
        assert thief.post("/queue/next", data={"key": str(uuid4())}).headers["location"] == "/login"
        assert thief.post("/unlock", data={"key": str(uuid4()), "proof": PASSWORD}).headers["location"] == "/login"


def test_a_token_that_was_there_before_the_log_in_is_not_the_sessions(stage: Stage) -> None:
    with browser(stage) as client:
        client.cookies.set(COOKIE, "fixed by somebody else", domain="127.0.0.1")
        log_in(client)
        (token,) = {cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE} - {"fixed by somebody else"}
    with browser(stage) as attacker:
        attacker.cookies.set(COOKIE, "fixed by somebody else")
        assert attacker.get("/").headers["location"] == "/login"
        attacker.cookies.clear()
        attacker.cookies.set(COOKIE, token or "")
        assert attacker.get("/").status_code == 200


def test_a_form_from_another_site_does_nothing_and_is_not_kept(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    foreign = {"Origin": "https://elsewhere.example.cn"}
    assert zhang.post(f"/cases/{visit}/return", data=returning(), headers=foreign).status_code == 403
    stage.clock.later(minutes=16)
    assert zhang.post(f"/cases/{visit}/return", data=returning("planted"), headers=foreign).status_code == 403
    log_in(zhang)
    assert "planted" not in zhang.get("/resume", follow_redirects=True).text
    assert status(stage, visit) is Status.CALLED


def test_an_account_that_is_shut_is_out_with_its_next_request(stage: Stage) -> None:
    stage.do(stage.services.staff.add("离职", PASSWORD))
    with browser(stage) as client:
        log_in(client, "离职", "6")
        assert client.get("/").status_code == 200
        stage.do(stage.services.staff.accounts.set_disabled("离职", True))
        assert client.get("/").headers["location"] == "/login"
        assert "由安全管理员修改" in client.get("/login").text
        assert log_in(client, "离职", "6").status_code == 401


def test_why_a_session_ended_is_written_down(stage: Stage, zhang: httpx.Client) -> None:
    stage.do(stage.services.staff.accounts.end_sessions("张敏"))
    line = stage.do(stage.services.store.audit_of("clerk:张敏"))[-1]
    assert (line.event, line.items, line.outcome) == ("staff_session_ended", (Ended.BY_SECURITY,), "3")
    assert zhang.get("/").headers["location"] == "/login"


def test_over_tls_the_cookie_never_goes_without() -> None:
    assert "Secure" in session_cookie("token", secure=True).to_header()
    header = session_cookie("token").to_header()
    assert "Secure" not in header
    assert "HttpOnly" in header
    assert "SameSite=strict" in header
