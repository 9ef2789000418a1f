"""The console's HTTP without a browser: who gets in, what a form may do, what a replay changes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from flows.application import Action, Status
from hall.console.security import COOKIE, HEADERS
from hall.store.store import KeptCase
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.servers import ended
from tests.hall.test_config import DEMO
from tests.patience import SOON_S

NUMBERS = iter(range(0x100, 0xFFF))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture
def zhang(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "张敏", "3") as client:
        yield client


@contextmanager
def logged_in(stage: Stage, name: str, window: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.console, timeout=SOON_S, headers={"Origin": stage.console.rstrip("/")}) as client:
        answer = client.post("/login", data={"name": name, "password": PASSWORD, "window": window})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        yield client


def key(page: str, action: str) -> str:
    """The key that the page put into the form of this action."""
    form = re.search(rf'<form method="post" action="{re.escape(action)}(?:#[\w-]+)?">(.*?)</form>', page, re.DOTALL)
    assert form, f"no form for {action}"
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', form.group(1))
    assert found
    return found.group(1)


def called(stage: Stage, clerk: httpx.Client, person: str = "lyu") -> str:
    """A new ticket of this person at the clerk's window, whoever was in line before; returns the visit."""
    visit = stage.submit(person, next(NUMBERS)).visit
    while (held := at_the_window(clerk)) != visit:
        if held:
            decide(clerk, held, "return", reason="CARD_TO_RENEW")
        clerk.post("/queue/next", data={"key": str(uuid4())})
    return visit


def at_the_window(clerk: httpx.Client) -> str:
    found = re.search(r'id="open" href="/cases/([0-9a-f-]{36})"', clerk.get("/").text)
    return found.group(1) if found else ""


def kept(stage: Stage, visit: str) -> KeptCase:
    return stage.do(stage.services.store.case(visit))


def decide(clerk: httpx.Client, visit: str, action: str, **said: str) -> httpx.Response:
    """What a clerk clicks who has the case's page open and read it."""
    shown = {"seen": marks_on(clerk.get(f"/cases/{visit}").text)} if action in ("confirm", "accept_lacking", "propose") else {}
    return clerk.post(f"/cases/{visit}/{action}", data={"key": str(uuid4()), **shown, **said})


def marks_on(page: str) -> str:
    """The marks that the page put into the form of its confirmation; "" when it has none."""
    found = re.search(r'name="seen" value="([0-9a-z ]*)"', page)
    return found.group(1) if found else ""


def test_nobody_sees_anything_before_logging_in(stage: Stage) -> None:
    visit = stage.submit("lyu", next(NUMBERS)).visit
    with httpx.Client(base_url=stage.console, headers={"Origin": stage.console.rstrip("/")}, timeout=SOON_S) as nobody:
        for path in ("/", f"/cases/{visit}", f"/audit/{visit}"):
            answer = nobody.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        for path in ("/events", f"/cases/{visit}/events"):
            assert re.fullmatch(r"id: \d+\nevent: over\ndata: \n\n", nobody.get(path).text)
        for path in ("/queue/next", f"/cases/{visit}/confirm", f"/queue/{visit}/miss"):
            assert nobody.post(path, data={"key": str(uuid4())}).headers["location"] == "/login"
    assert kept(stage, visit).standing.status is Status.SUBMITTED


@pytest.mark.parametrize(
    ("name", "password", "window"), [("张敏", "wrong", "3"), ("nobody", PASSWORD, "3"), ("张敏", PASSWORD, "99")]
)
def test_a_wrong_name_password_or_window_is_one_and_the_same_answer(stage: Stage, name: str, password: str, window: str) -> None:
    with httpx.Client(base_url=stage.console, headers={"Origin": stage.console.rstrip("/")}, timeout=SOON_S) as client:
        answer = client.post("/login", data={"name": name, "password": password, "window": window})
    assert answer.status_code == 401
    assert "姓名、密码或窗口号不对" in answer.text
    assert password not in answer.text
    assert "set-cookie" not in answer.headers


def test_every_answer_carries_the_headers_even_a_refusal_and_a_static_file(stage: Stage, zhang: httpx.Client) -> None:
    for path in ("/", "/login", "/nowhere", "/static/console.css", "/static/nothing", f"/cases/{uuid4()}"):
        answer = zhang.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS), path


def test_the_cookie_is_for_this_site_and_no_script(stage: Stage, zhang: httpx.Client) -> None:
    answer = zhang.post("/login", data={"name": "张敏", "password": PASSWORD, "window": "3"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1"])
def test_a_form_from_another_site_changes_nothing(stage: Stage, zhang: httpx.Client, origin: str) -> None:
    visit = called(stage, zhang)
    answer = zhang.post(f"/cases/{visit}/confirm", data={"key": str(uuid4())}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert kept(stage, visit).standing.status is Status.CALLED


def test_no_get_changes_anything(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    before = kept(stage, visit)
    for path in ("/", f"/cases/{visit}", f"/audit/{visit}", "/login"):
        assert zhang.get(path).status_code == 200
    for path in ("/queue/next", f"/cases/{visit}/confirm", f"/queue/{visit}/recall", "/logout"):
        assert zhang.get(path).status_code == 405
    assert kept(stage, visit) == before


def test_a_double_click_on_confirm_accepts_once(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    page = zhang.get(f"/cases/{visit}").text
    form = {"key": key(page, f"/cases/{visit}/confirm"), "seen": marks_on(page)}
    answers = [zhang.post(f"/cases/{visit}/confirm", data=form) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert [decision.action for decision in kept(stage, visit).decisions].count(Action.CONFIRM) == 1


def test_a_double_click_on_next_calls_one_ticket(stage: Stage, zhang: httpx.Client) -> None:
    decide(zhang, called(stage, zhang), "confirm")
    first, second = stage.submit("lyu", next(NUMBERS)).visit, stage.submit("rare", next(NUMBERS)).visit
    once = key(zhang.get("/").text, "/queue/next")
    for _ in range(2):
        zhang.post("/queue/next", data={"key": once})
    assert [kept(stage, visit).standing.status for visit in (first, second)] == [Status.CALLED, Status.SUBMITTED]
    decide(zhang, first, "confirm")
    zhang.post("/queue/next", data={"key": once})
    assert kept(stage, second).standing.status is Status.SUBMITTED
    zhang.post("/queue/next", data={"key": str(uuid4())})
    decide(zhang, second, "confirm")


def test_a_key_used_for_something_else_is_refused(stage: Stage, zhang: httpx.Client) -> None:
    visit, used = called(stage, zhang), str(uuid4())
    assert decide(zhang, visit, "return", key=used, reason="CARD_TO_RENEW").status_code == 303
    assert zhang.post("/queue/next", data={"key": used}).status_code == 409


@pytest.mark.parametrize("form", [{}, {"key": "1"}, {"key": ""}])
def test_a_form_without_a_key_changes_nothing(stage: Stage, zhang: httpx.Client, form: dict[str, str]) -> None:
    visit = called(stage, zhang)
    assert zhang.post(f"/cases/{visit}/confirm", data=form).status_code == 400
    assert zhang.post(f"/cases/{visit}/eat", data={"key": str(uuid4())}).status_code == 400
    assert kept(stage, visit).standing.status is Status.CALLED


def test_a_stale_confirmation_is_answered_with_what_became_of_the_case(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    decide(zhang, visit, "reject", reason="NOT_ELIGIBLE")
    answer = decide(zhang, visit, "confirm")
    assert answer.status_code == 409
    assert "刚才的「确认受理」没有执行" in answer.text
    assert "本件现在是「不予受理」" in answer.text
    assert kept(stage, visit).standing.status is Status.NOT_ACCEPTED


def test_only_the_window_that_called_it_opens_a_case_and_its_audit(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    with logged_in(stage, "陈志远", "4") as other:
        for path in (f"/cases/{visit}", f"/audit/{visit}"):
            answer = other.get(path)
            assert answer.status_code == 403
            assert "本件不在您的窗口" in answer.text
        assert decide(other, visit, "confirm").status_code == 403
    assert "吕晓岚" not in answer.text


def test_opening_a_case_is_audited_with_items_and_without_values(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    zhang.get(f"/cases/{visit}")
    page = zhang.get(f"/audit/{visit}").text
    assert "打开办件，看到登记内容" in page
    assert "链条完整" in page
    assert "户口所在地址" in page
    assert not [value for value in ("吕晓岚", "440602199202299863", "莲花路") if value in page]


@pytest.mark.parametrize(
    ("language", "doubt"), [("zh", "登记存疑：住址迁移正在办理"), ("en", "In doubt: a change of address is under way")]
)
def test_a_doubted_record_says_why_in_the_clerks_words(stage: Stage, zhang: httpx.Client, language: str, doubt: str) -> None:
    visit = called(stage, zhang, "doubted")
    zhang.cookies.set("yimen_language", language)
    page = zhang.get(f"/cases/{visit}").text
    assert doubt in page
    assert "move_pending" not in page


def test_an_amendment_that_is_wrong_is_not_saved_and_not_lost(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    answer = decide(zhang, visit, "amend", field="mobile", value="12345", reason="TYPING_ERROR")
    assert answer.status_code == 422
    assert "手机号码是 11 位数字" in answer.text
    assert 'value="12345"' in answer.text
    assert not kept(stage, visit).decisions[1:]


@pytest.mark.parametrize("action", ["return", "reject", "amend"])
def test_a_decision_that_needs_a_reason_is_not_taken_without_one(stage: Stage, zhang: httpx.Client, action: str) -> None:
    visit = called(stage, zhang)
    answer = decide(zhang, visit, action, field="mobile", value="13900139000")
    assert answer.status_code == 422
    assert "请选择理由" in answer.text
    assert kept(stage, visit).standing.status is Status.CALLED


def test_what_a_person_writes_is_never_markup(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    decide(zhang, visit, "return", reason="CARD_TO_RENEW", note="<script>alert(1)</script>")
    page = zhang.get(f"/cases/{visit}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_form_too_large_or_with_a_file_is_refused(stage: Stage, zhang: httpx.Client) -> None:
    assert zhang.post("/queue/next", data={"key": "x" * 100_000}).status_code == 413
    assert zhang.post("/queue/next", files={"key": ("a.txt", b"a")}).status_code == 400


def test_pages_hold_no_inline_script_and_no_inline_style(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    for path in ("/", "/login", f"/cases/{visit}", f"/audit/{visit}"):
        page = zhang.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)|javascript:", page), path


def test_an_open_page_ends_when_its_session_ends(stage: Stage) -> None:
    with logged_in(stage, "陈志远", "5") as clerk, clerk.stream("GET", "/events") as page:
        lines = page.iter_lines()
        assert any(line == "event: desk" for line in lines)
        clerk.post("/logout", data={"key": str(uuid4())})
        stage.submit("lyu", next(NUMBERS))
        assert any(line == "event: over" for line in lines)


def test_it_stops_within_three_seconds_although_a_page_is_open(tmp_path: Path) -> None:
    common = ["--config", str(free_ports(tmp_path)), "--state", str(tmp_path / "var")]
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    hall = [sys.executable, "-m", "hall"]
    root = DEMO.parents[2]
    added = [*hall, "staff", "add", "zhang", "--own", "--password-file", str(tmp_path / "password"), *common]
    subprocess.run(added, check=True, capture_output=True, cwd=root, timeout=SOON_S)
    with subprocess.Popen([*hall, "serve", *common], stdout=subprocess.PIPE, text=True, cwd=root) as running:
        assert running.stdout
        ready = running.stdout.readline().split()
        assert ready[:2] == ["READY", "hall"]
        with httpx.Client(base_url=ready[2], headers={"Origin": ready[2].rstrip("/")}, timeout=SOON_S) as clerk:
            clerk.post("/login", data={"name": "zhang", "password": PASSWORD, "window": "1"})
            with clerk.stream("GET", "/events") as page:
                assert any(line == "event: desk" for line in page.iter_lines())
                running.send_signal(signal.SIGTERM)
                assert ended(running, 3) == 0


def free_ports(folder: Path) -> Path:
    """The demonstration's configuration on ports of the system's choice."""
    text = DEMO.read_text(encoding="utf-8").replace(":8000", ":0").replace(":8443", ":0")
    text = text.replace("[listen]", '[listen]\npublic = "127.0.0.1:0"') if "public =" not in text else text.replace(":8080", ":0")
    text = text.replace('"departments"', f'"{DEMO.parent}/departments"').replace('"catalogue', f'"{DEMO.parent}/catalogue')
    text = text.replace('"libraries', f'"{DEMO.parent}/libraries')
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return path
