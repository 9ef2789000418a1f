"""Going on to a department's own system: a real hall, the real department behind its door, a real browser between them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from playwright.sync_api import Browser, Page, expect

from hall.audit import EVENTS
from hall.bootstrap import Services
from hall.config import HallConfig
from hall.demo.arrivals import ArrivalRefused, verify
from hall.demo.behaviour import Place
from hall.demo.own_system import trust
from hall.departments.hand_over import wrong_hand_over
from hall.errors import HallError, NotAllowed, NotKnown
from hall.hand_over import HandedOver, Keys, addresses_of
from hall.targets import targets_of
from scripts.console_steps import call_next, open_case
from tests.hall.console_fakes import Clock, OutcomeTarget, SpecimenExchange
from tests.hall.console_stage import Stage, running_hall, stage_services
from tests.hall.demo_desk import DemoDesk
from tests.hall.hands import press_shortcut
from tests.hall.seats import seated
from tests.patience import SOON_S

NUMBERS = iter(range(0x1000, 0xFFFF))
HALL = "https://hall.example.cn"


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """出入境管理 as a process of its own, with the page behind it."""
    folder = tmp_path_factory.mktemp("own-system")
    desk = DemoDesk(folder / "state", folder / "departments")
    try:
        desk.start("exit-entry")
        yield desk
    finally:
        desk.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, department: DemoDesk) -> Iterator[Stage]:
    """A hall whose clock shows the department's time."""

    def make(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
        clock.now = datetime.now(UTC)
        services, exchange, target = stage_services(config, clock)
        return replace(services, own_systems=addresses_of(department.read())), exchange, target

    with running_hall(tmp_path_factory.mktemp("hall"), make) as stage:
        trust(Place(department.state, "exit_entry"), HALL, f"{stage.public}/.well-known/jwks.json")
        yield stage


def called(stage: Stage) -> str:
    """The case at window 3."""
    if stage.do(stage.services.store.last_at("3")) is None:
        stage.submit("lyu", next(NUMBERS))
    visit = stage.do(stage.services.queue.call_next("3", "张敏", str(uuid4())))
    assert visit
    return visit


def made(stage: Stage, visit: str, key: str | None = None) -> HandedOver:
    asked = stage.services.hand_over.make(visit, "exit_entry", window="3", clerk="张敏", key=key or str(uuid4()))
    return stage.do(asked)


def arrive(going: HandedOver, token: str | None = None) -> httpx.Response:
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=SOON_S) as browser:
        return browser.post(going.address, data={"token": going.token if token is None else token})


def signed(stage: Stage, **claims: object) -> str:
    """A token by the hall's own key that the hall would not make."""
    now = int(stage.clock().timestamp())
    usual: dict[str, Any] = {
        "iss": HALL,
        "aud": "exit_entry",
        "sub": "clerk:张敏",
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid4()),
    }
    usual |= {"hall": "H1", "window": "3", "visit": "v", "matter": "m", "case": ""}
    key = Keys(stage.services.config.secrets).signing
    return jwt.encode({"alg": "ES256", "kid": key.kid}, usual | claims, key, algorithms=["ES256"])


def at_the_desk(stage: Stage, page: Page, person: str, window: str) -> str:
    visit = stage.submit(person, next(NUMBERS)).visit
    seated(stage, page, "张敏", window)
    call_next(page)
    open_case(page)
    return visit


def test_a_clerk_goes_on_to_the_department_at_the_very_case(stage: Stage, department: DemoDesk, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        visit = at_the_desk(stage, page, "rare", "4")
        with page.expect_popup() as opened:
            page.locator("#hand-over-exit_entry").click()
        system = opened.value
        expect(system.locator("h1")).to_have_text("本部门还没有收到这一件")
        assert system.url == f"{addresses_of(department.read())['exit_entry']}/now"
        system.reload()
        expect(system.locator("header")).to_contain_text("4 号窗口 · 张敏")
    events = [line.event for line in stage.do(stage.services.store.audit_of(visit))]
    assert events[-1] == "hand_over_made"


def test_the_shortcut_does_it_too_and_a_second_click_later_is_a_second_token(stage: Stage, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        at_the_desk(stage, page, "elder", "5")
        form = page.locator("form:has(#hand-over-exit_entry)")
        for _ in range(2):
            expect(form).not_to_have_attribute("data-sent", "yes")
            page.bring_to_front()
            with page.expect_popup() as opened:
                press_shortcut(page, "Alt+b")
            # Not 这次跳转已经用过: the second click was a token of its own.
            expect(opened.value.locator("h1")).to_have_text("本部门还没有收到这一件")
            opened.value.close()


def test_after_acceptance_the_department_shows_its_own_number(stage: Stage, department: DemoDesk) -> None:
    (target,) = targets_of(department.read())
    visit = called(stage)
    kept = stage.do(stage.services.store.case(visit))
    number = stage.do(target.accept(f"{visit}/exit_entry", kept.application, kept.decisions[-1]))
    stage.do(target.close())
    answer = arrive(made(stage, visit))
    assert answer.status_code == 200
    assert number in answer.text


def test_the_link_counts_once(stage: Stage) -> None:
    going = made(stage, called(stage))
    assert arrive(going).status_code == 200
    again = arrive(going)
    assert (again.status_code, "这次跳转已经用过" in again.text) == (403, True)


def test_a_repeated_click_is_the_same_link(stage: Stage) -> None:
    visit, key = called(stage), str(uuid4())
    before = sum(line.event == "hand_over_made" for line in stage.do(stage.services.store.audit_of(visit)))
    first, second = made(stage, visit, key), made(stage, visit, key)
    assert arrive(first).status_code == 200
    assert "这次跳转已经用过" in arrive(second).text
    made_lines = [line for line in stage.do(stage.services.store.audit_of(visit)) if line.event == "hand_over_made"]
    assert [line.outcome for line in made_lines] == ["exit_entry"] * (before + 1)
    assert "hand_over_made" in EVENTS


def test_an_altered_link_lets_nobody_in_and_uses_nothing_up(stage: Stage) -> None:
    going = made(stage, called(stage))
    head, body, signature = going.token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | {"window": "4"}
    altered = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    refused = arrive(going, f"{head}.{altered}.{signature}")
    assert (refused.status_code, "跳转凭证不可信" in refused.text) == (403, True)
    assert arrive(going).status_code == 200


def test_a_link_without_a_signature_or_by_another_key_is_refused(stage: Stage) -> None:
    going = made(stage, called(stage))
    _, body, _ = going.token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assert "跳转凭证不可信" in arrive(going, f"{none}.{body}.").text
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    forged = jwt.encode({"alg": "ES256", "kid": stranger.kid}, {"aud": "exit_entry"}, stranger, algorithms=["ES256"])
    assert "不认识签名用的密钥" in arrive(going, forged).text


def test_a_late_link_is_refused(stage: Stage) -> None:
    visit = called(stage)
    stage.clock.later(seconds=-70)
    late = made(stage, visit)
    stage.clock.later(seconds=70)
    assert "跳转已经过期" in arrive(late).text


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"aud": "household"}, "这不是给本部门的跳转"),
        ({"iss": "https://another.example.cn"}, "这不是给本部门的跳转"),
        ({"jti": ""}, "没有看懂这次跳转"),
        ({"window": 3}, "没有看懂这次跳转"),
        ({"exp": 4102444800}, "没有看懂这次跳转"),
        ({"iat": 4102444800, "exp": 4102444860}, "跳转已经过期"),
    ],
)
def test_a_link_that_is_not_for_here_and_now_is_refused(stage: Stage, claims: dict[str, object], said: str) -> None:
    going = made(stage, called(stage))
    refused = arrive(going, signed(stage, **claims))
    assert (refused.status_code, said in refused.text) == (403, True)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5000])
def test_what_is_no_link_is_told_in_words(stage: Stage, token: str) -> None:
    refused = arrive(made(stage, called(stage)), token)
    assert refused.status_code == 403
    assert "请" in refused.text


def test_nobody_comes_in_without_a_link(stage: Stage) -> None:
    going = made(stage, called(stage))
    with httpx.Client(trust_env=False, timeout=SOON_S) as browser:
        assert "请从大厅进入" in browser.get(f"{going.address}/now").text
        assert browser.post(going.address.replace("/case", "/persons/query"), json={}).status_code == 401


def test_a_new_key_of_the_hall_is_fetched(stage: Stage) -> None:
    visit = called(stage)
    assert arrive(made(stage, visit)).status_code == 200
    (stage.services.config.secrets / "hand_over.key").rename(stage.services.config.secrets / "hand_over.former.key")
    stage.services.hand_over._keys = Keys(stage.services.config.secrets)
    assert len(stage.services.hand_over.published()["keys"]) == 2  # type: ignore[arg-type]
    assert arrive(made(stage, visit)).status_code == 200


def test_only_the_window_that_has_the_case_goes_on_and_only_to_a_department_it_concerns(stage: Stage) -> None:
    visit = called(stage)
    refused: list[type[HallError]] = []
    for window, code in (("4", "exit_entry"), ("3", "household")):
        try:
            stage.do(stage.services.hand_over.make(visit, code, window=window, clerk="张敏", key=str(uuid4())))
        except HallError as error:
            refused.append(type(error))
    assert refused == [NotAllowed, NotKnown]


def test_no_key_that_signs_is_published(stage: Stage) -> None:
    published = httpx.get(f"{stage.public}/.well-known/jwks.json", trust_env=False, timeout=SOON_S).json()
    assert {tuple(sorted(key)) for key in published["keys"]} == {("alg", "crv", "kid", "kty", "use", "x", "y")}


def test_the_page_that_posts_may_post_to_that_department_only(stage: Stage, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        at_the_desk(stage, page, "uyghur", "6")
        with context.expect_event("response", lambda answer: "/hand-over/" in answer.url) as answered, page.expect_popup():
            page.locator("#hand-over-exit_entry").click()
        headers = answered.value.headers
    policy = headers["content-security-policy"]
    assert "form-action http://127.0.0.1:" in policy
    assert "script-src 'self'" in policy
    assert headers["cache-control"] == "no-store"


def test_the_verifier_remembers_nothing_that_did_not_pass(tmp_path: Path) -> None:
    key = Keys(tmp_path).signing
    now, remembered = datetime.now(UTC), []
    late = {"iss": HALL, "aud": "exit_entry", "iat": 1, "exp": 61, "jti": "one"}
    token = jwt.encode({"alg": "ES256", "kid": key.kid}, late, key, algorithms=["ES256"])

    def first_time(jti: str, until: datetime) -> bool:
        remembered.append(jti)
        return True

    with pytest.raises(ArrivalRefused) as refused:
        verify(token, KeySet([key]), audience="exit_entry", issuer=HALL, now=now, first_time=first_time)
    assert (refused.value.code, remembered) == ("late", [])


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({}, []),
        ({"address": "https://crj.example.cn/case"}, []),
        ({"address": "http://127.0.0.1:8101/case"}, []),
        ({"address": "http://crj.example.cn/case"}, ["must begin with https://"]),
        ({"address": "crj.example.cn"}, ["must be an address"]),
        ({"address": "https://crj.example.cn/case?a=1"}, ["may hold a host, a port and a path only"]),
        ({"adress": "https://crj.example.cn"}, ["has no adress", "must be an address"]),
    ],
)
def test_a_departments_file_says_where_to(table: dict[str, str], wrong: list[str]) -> None:
    said = list(wrong_hand_over(table))
    assert len(said) == len(wrong)
    assert all(word in sentence for word, sentence in zip(wrong, said, strict=True))
